// Who is in a picture: against all subjects of a collection, or against one.
#include <vultus/engine/enrol.hpp>
#include <vultus/engine/identify.hpp>
#include <vultus/identity/verify.hpp>

#include <apps/server/api/answer_json.hpp>
#include <apps/server/api/liveness_policy.hpp>
#include <apps/server/api/operating_point.hpp>
#include <apps/server/api/operation.hpp>
#include <apps/server/api/pictures.hpp>
#include <apps/server/api/subject_access.hpp>
#include <apps/server/service.hpp>

namespace vultus::server {
namespace {

Reply identify(Call& call) {
  VULTUS_TRY(const CollectionLease collection, call.collection());
  const Gallery& gallery = collection->gallery();
  VULTUS_CHECK(engine::require_model(call.service.faces().engine(), gallery));
  VULTUS_TRY(const OperatingPoint at, operating_point_of(call, &gallery));
  std::optional<liveness::Policy> require_live;
  if (call.flag("require_live")) {
    VULTUS_TRY(require_live, liveness_policy_of(call, LivenessNeeds::passive));
  }
  VULTUS_TRY(engine::SeenPicture seen,
             look_at(call, "image", {.quality = call.flag("quality"), .liveness = require_live}));
  const std::optional<std::int64_t> top_k = call.integer("top_k");
  const engine::IdentifyOptions options{
      .at = at,
      .top_k = static_cast<std::size_t>(top_k.value_or(1)),
      .once = call.flag("once_per_picture") ? engine::OncePerPicture::yes : engine::OncePerPicture::no,
      .require_live = require_live};
  VULTUS_TRY(const auto picture, engine::identify_seen(std::move(seen), gallery, options));
  Json faces = Json::array();
  for (const engine::IdentifiedFace& face : picture.faces)
    faces.push_back(identified_face_json(face, static_cast<int>(faces.size()) + 1, top_k.has_value()));
  Json object{{"width", picture.width}, {"height", picture.height}, {"faces", std::move(faces)}};
  const GalleryInfo info = gallery.info();
  if (info.shards > 0) {
    object["partial"] = info.shards_answered < info.shards;
    object["shards_asked"] = info.shards;
    object["shards_answered"] = info.shards_answered;
  }
  if (info.search == SearchMethod::cells && info.cells) {
    object["search_method"] = std::string(name_of(info.search));
    object["search_recall"] = cli::number_json(info.cells->recall_at_1, 5);
  }
  return answer(object);
}

Reply verify_one(Call& call) {
  VULTUS_TRY(const CollectionLease collection, call.collection());
  const Gallery& gallery = collection->gallery();
  VULTUS_CHECK(engine::require_model(call.service.faces().engine(), gallery));
  VULTUS_TRY(const Subject subject, subject_of(call, gallery));
  VULTUS_TRY(const OperatingPoint at, operating_point_of(call, &gallery));
  VULTUS_TRY(const engine::SeenPicture seen, look_at(call, "image", {.depth = engine::Depth::embed_main}));
  if (seen.faces.empty()) return problem("no_face", "image: no face was found");
  VULTUS_TRY(const auto templates, gallery.templates(subject.id));
  if (templates.empty()) return problem("subject_without_faces", "");
  VULTUS_TRY(const auto faces, gallery.faces(subject.id));
  VULTUS_TRY(const auto found, identity::verify_subject(*seen.faces.front().embedding, templates, at));
  const identity::Verification& result = found.result;
  VULTUS_CHECK(gallery.note(
      {.what = "verification", .subjects = {subject.id}, .count = 1, .detail = result.match ? "match" : "no match"}));
  Json object;
  object["match"] = result.match;
  object["subject"] = subject.name;
  object["subject_id"] = subject.id.number();
  object["enrolled_face"] =
      found.template_index < faces.size() ? Json(faces[found.template_index].id.number()) : Json(nullptr);
  object["similarity"] = cli::score_json(result.similarity.value());
  object["threshold"] = cli::score_json(at.threshold.value());
  object["fmr"] = cli::fmr_json(at);
  cli::add_calibration(object, at, at.probability(result.similarity));
  Json face;
  cli::add_face(face, seen.faces.front().face);
  face["faces"] = seen.faces.size();
  object["image"] = std::move(face);
  return answer(object);
}

Reply tell_threshold(Call& call) {
  VULTUS_TRY(const CollectionLease collection, call.collection());
  VULTUS_TRY(const OperatingPoint at, operating_point_of(call, &collection->gallery()));
  Json object;
  add_operating_point(object, at);
  object["source"] = call.service.without_places(at.source);
  object["fpir"] = at.fpir ? cli::rate_json(*at.fpir) : Json(nullptr);
  return answer(object);
}

constexpr const char* kAdaIdentified =
    R"({"width": 640, "height": 480, "faces": [
        {"face": 1, "box": [100.0, 80.0, 120.0, 150.0], "detection": 0.9987, "face_flag": 0.98,
         "keypoints": [[130.0, 140.0], [190.0, 140.0], [160.0, 170.0], [140.0, 200.0], [180.0, 200.0]],
         "inter_eye_px": 60.0, "subject": "Ada Lovelace", "subject_id": 1, "similarity": 0.71, "threshold": 0.443,
         "fmr": 0.0001, "probability": 0.9998, "calibration": "preset"}]})";

constexpr const char* kAdaVerified =
    R"({"match": true, "subject": "Ada Lovelace", "subject_id": 1, "enrolled_face": 1, "similarity": 0.71,
        "threshold": 0.443, "fmr": 0.0001, "probability": 0.9998, "calibration": "preset",
        "image": {"box": [100.0, 80.0, 120.0, 150.0], "detection": 0.9987, "face_flag": 0.98,
                  "keypoints": [[130.0, 140.0], [190.0, 140.0], [160.0, 170.0], [140.0, 200.0], [180.0, 200.0]],
                  "inter_eye_px": 60.0, "faces": 1}})";

Route threshold_route() {
  return {.method = Method::get,
          .path = "/v1/collections/{collection}/threshold",
          .operation = "getThreshold",
          .tag = "calibration",
          .summary = "The threshold for a false match rate",
          .description = "What identify and verify use for the same `fmr` or `threshold`, and where it comes from.",
          .scope = Scope::read,
          .parameters = {collection_parameter(), fmr_parameter(), threshold_parameter()},
          .response_schema = schema_ref("Threshold"),
          .problems = {"collection_not_found", "collection_not_usable", "rate_not_measured"},
          .examples = {{"of the preset", "",
                        R"({"threshold": 0.443, "fmr": 0.0001, "calibration": "preset",
                                    "source": "LFW, vultus bench lfw", "fpir": null})"}}};
}

}  // namespace

std::vector<Operation> identity_operations() {
  const std::string request = std::string(R"({"image": ")") + kExampleAda + R"("})";
  const std::vector<std::string> problems{"collection_not_found",
                                          "collection_not_usable",
                                          "model_mismatch",
                                          "rate_not_measured",
                                          "picture_not_readable",
                                          "picture_too_large",
                                          "picture_type_not_supported",
                                          "server_busy"};
  Route identifying{.method = Method::post,
                    .path = "/v1/collections/{collection}/identify",
                    .operation = "identify",
                    .tag = "identity",
                    .summary = "Name the people in a picture",
                    .description =
                        "Each face gets the name of the most similar subject at or above the threshold, or none. "
                        "`similarity` and `probability` speak of that subject, or of the most similar one where none "
                        "reaches it.",
                    .scope = Scope::identify,
                    .parameters = {collection_parameter(), fmr_parameter(), threshold_parameter(),
                                   query_parameter("top_k", "Also tell so many candidates of each face, one a subject.",
                                                   R"({"type": "integer", "minimum": 1, "maximum": 100})"),
                                   query_parameter("once_per_picture", "Name nobody twice in one picture.",
                                                   R"({"type": "boolean", "default": false})"),
                                   query_parameter("require_live", "Name nobody whose face is not judged live.",
                                                   R"({"type": "boolean", "default": false})"),
                                   liveness_camera_parameter(), quality_parameter(), purpose_parameter()},
                    .request_type = kPictureBody,
                    .request_schema = schema_ref("Picture"),
                    .response_schema = schema_ref("Identification"),
                    .problems = problems,
                    .examples = {{"somebody known", request, kAdaIdentified}}};
  identifying.problems.emplace_back("liveness_not_available");
  Route verifying{.method = Method::post,
                  .path = "/v1/collections/{collection}/subjects/{subject}/verify",
                  .operation = "verifySubject",
                  .tag = "identity",
                  .summary = "Does a picture show this subject?",
                  .description = "The main face of the picture against all faces of the subject; the closest decides.",
                  .scope = Scope::identify,
                  .parameters = {collection_parameter(), subject_parameter(), fmr_parameter(), threshold_parameter(),
                                 purpose_parameter()},
                  .request_type = kPictureBody,
                  .request_schema = schema_ref("Picture"),
                  .response_schema = schema_ref("SubjectVerification"),
                  .problems = problems,
                  .examples = {{"it does", request, kAdaVerified}}};
  verifying.problems.insert(verifying.problems.end(), {"subject_not_found", "subject_without_faces", "no_face"});
  return {
      {std::move(identifying), &identify}, {std::move(verifying), &verify_one}, {threshold_route(), &tell_threshold}};
}

}  // namespace vultus::server
