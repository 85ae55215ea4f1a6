// /api/v1/recognition: who is in a picture, and is it the person of an example?
#include <vultus/engine/enrol.hpp>

#include <apps/server/compreface/example.hpp>
#include <apps/server/compreface/front.hpp>
#include <apps/server/compreface/picture.hpp>
#include <apps/server/compreface/similar.hpp>

namespace vultus::server::compreface {
namespace {

Reply recognize(Call& call) {
  VULTUS_TRY(const FaceQuery query, face_query(call));
  VULTUS_TRY(const CollectionLease collection, collection_of(call));
  const Gallery& gallery = collection->gallery();
  VULTUS_CHECK(engine::require_model(call.service.faces().engine(), gallery));
  VULTUS_TRY(const OperatingPoint at, operating_point_of(call, &gallery));
  const SimilarityScale scale = SimilarityScale::of(at);
  VULTUS_TRY(const engine::SeenPicture seen, look_at(call, "file", query, {}));
  std::vector<Embedding> probes;
  for (const engine::SeenFace& face : seen.faces) probes.push_back(*face.embedding);
  VULTUS_TRY(const auto similar, similar_examples(gallery, probes, query.predictions, at));
  Json result = Json::array();
  for (std::size_t i = 0; i < seen.faces.size(); ++i) {
    Json face = face_json(seen.faces[i], seen, query);
    face["subjects"] = similar_json(similar[i], scale);
    if (wants_more(call)) add_decision(face, similar[i], scale, at);
    result.push_back(std::move(face));
  }
  return pretty_answer({{"result", std::move(result)}, {"plugins_versions", plugins_versions(call, query)}});
}

Reply verify_example(Call& call) {
  VULTUS_TRY(const FaceQuery query, face_query(call));
  VULTUS_TRY(const CollectionLease collection, collection_of(call));
  const Gallery& gallery = collection->gallery();
  VULTUS_CHECK(engine::require_model(call.service.faces().engine(), gallery));
  VULTUS_TRY(const ChosenExample example, example_of(call, gallery));
  VULTUS_TRY(const OperatingPoint at, operating_point_of(call, &gallery));
  const SimilarityScale scale = SimilarityScale::of(at);
  VULTUS_TRY(const engine::SeenPicture seen, look_at(call, "file", query, {}));
  std::vector<Embedding> probes;
  for (const engine::SeenFace& face : seen.faces) probes.push_back(*face.embedding);
  VULTUS_TRY(const auto cosines, compared(gallery, example, probes, at));
  Json result = Json::array();
  for (std::size_t i = 0; i < seen.faces.size(); ++i) {
    Json face = face_json(seen.faces[i], seen, query);
    face["subject"] = example.subject;
    face["similarity"] = scale(cosines[i]);
    if (wants_more(call)) add_decision(face, cosines[i], scale, at);
    result.push_back(std::move(face));
  }
  return pretty_answer({{"result", std::move(result)}, {"plugins_versions", plugins_versions(call, query)}});
}

}  // namespace

std::vector<Row> recognition_rows() {
  constexpr auto kKind = ServiceKind::recognition;
  return {{Method::post, "/recognition/recognize", "comprefaceRecognize", kKind, Body::picture, &recognize},
          {Method::post, "/recognition/faces/{image_id}/verify", "comprefaceVerifyFace", kKind, Body::picture,
           &verify_example}};
}

}  // namespace vultus::server::compreface
