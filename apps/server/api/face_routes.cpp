// Single enrolled faces.
#include <apps/server/api/answer_json.hpp>
#include <apps/server/api/operation.hpp>
#include <apps/server/service.hpp>

namespace vultus::server {
namespace {

FaceId face_of(const Call& call) { return FaceId(call.path_number("face")); }

Reply show_thumbnail(Call& call) {
  VULTUS_TRY(const CollectionLease collection, call.collection());
  VULTUS_TRY(const auto thumbnail, or_problem(collection->gallery().thumbnail(face_of(call)), ErrorCode::not_found,
                                              "face_not_found", "no face " + call.path_text("face")));
  if (!thumbnail || thumbnail->format != ThumbnailFormat::jpeg) return problem("thumbnail_not_found", "");
  Response response{.status = 200};
  response.headers.set("Content-Type", "image/jpeg");
  response.body.assign(reinterpret_cast<const char*>(thumbnail->bytes.data()), thumbnail->bytes.size());
  return response;
}

Reply remove_face(Call& call) {
  VULTUS_TRY(const CollectionLease collection, call.collection());
  const std::scoped_lock lock(collection->changing());
  VULTUS_TRY(const Removal removal, or_problem(collection->gallery().remove(face_of(call)), ErrorCode::not_found,
                                               "face_not_found", "no face " + call.path_text("face")));
  return answer({{"removed", face_of(call).number()}, {"bytes_gone", removal.bytes_gone}});
}

}  // namespace

std::vector<Operation> face_operations() {
  Route thumbnail{
      .method = Method::get,
      .path = "/v1/collections/{collection}/faces/{face}/thumbnail",
      .operation = "getThumbnail",
      .tag = "faces",
      .summary = "The small picture of an enrolled face",
      .description = "",
      .scope = Scope::read,
      .parameters = {collection_parameter(), face_parameter()},
      .response_type = "image/jpeg",
      .response_schema = R"({"type": "string", "contentMediaType": "image/jpeg"})",
      .problems = {"collection_not_found", "collection_not_usable", "face_not_found", "thumbnail_not_found"}};
  Route removing{.method = Method::del,
                 .path = "/v1/collections/{collection}/faces/{face}",
                 .operation = "deleteFace",
                 .tag = "faces",
                 .summary = "Remove one face",
                 .description = "Its bytes are overwritten. The subject stays, also without faces.",
                 .scope = Scope::enrol,
                 .parameters = {collection_parameter(), face_parameter(), idempotency_parameter(), purpose_parameter()},
                 .response_schema = schema_ref("FaceRemoval"),
                 .problems = {"collection_not_found", "collection_not_usable", "face_not_found"},
                 .examples = {{"removed", "", R"({"removed": 1, "bytes_gone": true})"}}};
  return {{std::move(thumbnail), &show_thumbnail}, {std::move(removing), &remove_face}};
}

}  // namespace vultus::server
