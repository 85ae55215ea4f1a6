// Enrolling people: one picture or many, each with an answer of its own.
#include <algorithm>

#include <vultus/engine/enrol.hpp>

#include <apps/server/api/answer_json.hpp>
#include <apps/server/api/operation.hpp>
#include <apps/server/api/pictures.hpp>
#include <apps/server/service.hpp>

namespace vultus::server {
namespace {

/// A picture of the request, and whose it is.
struct SentFace {
  std::string subject;
  std::optional<RectF> box;   ///< of the face that is meant
  Result<std::string> bytes;  ///< an error: they are not as they should be
};

std::optional<RectF> box_of(const Json& face) {
  const auto box = face.find("box");
  if (box == face.end()) return std::nullopt;
  const auto number = [&](std::size_t at) { return box->at(at).get<float>(); };
  return RectF{number(0), number(1), number(2), number(3)};
}

/// Leaves the face that is meant by a box alone, or none.
void keep_face_in(const RectF& box, engine::SeenPicture& seen) {
  constexpr float kLeastOverlap = 0.5F;
  const auto meant = std::ranges::max_element(
      seen.faces, {}, [&](const engine::SeenFace& face) { return intersection_over_union(face.face.box, box); });
  const bool found = meant != seen.faces.end() && intersection_over_union(meant->face.box, box) >= kLeastOverlap;
  std::vector<engine::SeenFace> kept;
  if (found) kept.push_back(std::move(*meant));
  seen.faces = std::move(kept);
}

std::vector<SentFace> sent_faces(const Call& call) {
  const std::size_t most = call.service.faces().limits().decode.max_bytes;
  std::vector<SentFace> sent;
  if (!call.form.empty()) {
    for (const FormPart& part : call.form)
      if (part.name == "image")
        sent.push_back({.subject = call.body.at("subject").get<std::string>(),
                        .box = std::nullopt,
                        .bytes = std::string(part.content)});
    return sent;
  }
  for (const Json& face : call.body.at("faces"))
    sent.push_back({.subject = face.at("subject").get<std::string>(),
                    .box = box_of(face),
                    .bytes = bytes_of_base64(face.at("image").get_ref<const std::string&>(), most)});
  return sent;
}

Json step_json(std::size_t image, const std::string& subject) {
  Json object;
  object["image"] = image;
  object["subject"] = subject;
  object["subject_id"] = nullptr;
  object["result"] = "skipped";
  object["face"] = nullptr;
  object["reason"] = nullptr;
  object["message"] = nullptr;
  return object;
}

Json skipped_json(std::size_t image, const std::string& subject, const std::string& reason,
                  const std::string& message) {
  Json object = step_json(image, subject);
  object["reason"] = reason;
  object["message"] = message;
  return object;
}

std::string image_name(std::size_t image) { return "image " + std::to_string(image); }

/// A message that names the picture as the caller knows it: without the request in front.
std::string told_message(std::size_t image, const Error& error) {
  const auto at = error.message.find(image_name(image) + ":");
  return at == std::string::npos ? error.message : error.message.substr(at);
}

Json told_json(std::size_t image, const engine::EnrolStep& step, const Gallery& gallery) {
  using Kind = engine::EnrolStep::Kind;
  if (step.kind == Kind::skipped) {
    const std::string reason =
        step.error && step.reason == name_of(step.error->code) ? picture_problem(*step.error).code : step.reason;
    return skipped_json(image, step.subject, reason, step.error ? told_message(image, *step.error) : std::string());
  }
  Json object = step_json(image, step.subject);
  object["result"] = step.kind == Kind::enrolled ? "enrolled" : "already_there";
  object["face"] = step.face.number();
  if (!step.reason.empty()) object["reason"] = step.reason;
  if (const auto subject = gallery.find_subject(step.subject); subject && *subject)
    object["subject_id"] = (*subject)->id.number();
  return object;
}

/// One picture through the workers and the gate. Others look at pictures meanwhile; only writing is one at a time.
Checked<Json> enrol_one(Call& call, Collection& collection, std::size_t image, const SentFace& sent,
                        const engine::EnrolOptions& options) {
  const std::string name = image_name(image);
  // What is kept as the source is of this face alone: a shared text would still be found after the person was
  // forgotten.
  const std::string source = "request " + call.request.id + ", " + name;
  if (!sent.bytes)
    return skipped_json(image, sent.subject, picture_problem(sent.bytes.error()).code,
                        name + ": " + sent.bytes.error().message);
  VULTUS_TRY(
      engine::SeenPicture seen,
      look_at_bytes(call, *sent.bytes, source,
                    {.depth = sent.box ? engine::Depth::embed_all : engine::Depth::embed_main, .for_enrolment = true}));
  if (seen.error && seen.error->code == ErrorCode::internal) return *seen.error;
  if (sent.box && !seen.error) {
    keep_face_in(*sent.box, seen);
    if (seen.faces.empty())
      return skipped_json(image, sent.subject, "no_face_in_box", name + ": no face was found where the box is");
  }
  std::vector<engine::SeenEnrolment> faces;
  faces.push_back({.seen = std::move(seen), .subject = sent.subject});
  Json told;
  const std::scoped_lock lock(collection.changing());
  VULTUS_TRY(
      const engine::EnrolReport report,
      engine::enrol_seen(call.service.faces().engine(), collection.gallery(), std::move(faces), options,
                         [&](const engine::EnrolStep& step) { told = told_json(image, step, collection.gallery()); }));
  static_cast<void>(report);
  return told;
}

Reply enrol(Call& call) {
  VULTUS_TRY(const CollectionLease collection, call.collection());
  VULTUS_CHECK(engine::require_model(call.service.faces().engine(), collection->gallery()));
  const std::vector<SentFace> sent = sent_faces(call);
  if (const std::size_t most = call.service.faces().limits().max_pictures; sent.size() > most)
    return problem("body_not_valid", std::to_string(sent.size()) + " pictures, at most " + std::to_string(most));
  engine::EnrolOptions options;
  options.force = call.flag("force");
  options.largest = call.flag("largest");
  Json list = Json::array();
  for (const SentFace& one : sent) {
    auto told = enrol_one(call, *collection, list.size() + 1, one, options);
    if (told) {
      list.push_back(*std::move(told));
      continue;
    }
    // What was enrolled stays enrolled and is told; the rest can be sent again.
    if (list.empty()) return told.error();
    list.push_back(skipped_json(list.size() + 1, one.subject, told.error().problem.code, told.error().problem.title));
  }
  const auto count = [&](const char* result) {
    return std::ranges::count_if(list, [&](const Json& one) { return one.at("result") == result; });
  };
  return answer({{"enrolled", count("enrolled")},
                 {"already_there", count("already_there")},
                 {"skipped", count("skipped")},
                 {"faces", std::move(list)}});
}

}  // namespace

std::vector<Operation> enrol_operations() {
  Route enrolling{
      .method = Method::post,
      .path = "/v1/collections/{collection}/faces",
      .operation = "enrolFaces",
      .tag = "faces",
      .summary = "Enrol pictures of known people",
      .description =
          "The main face of each picture, where it passes the gate: large, sharp and frontal enough, no copy, nobody "
          "else's. Every picture has a result of its own, with the `reason` of a refusal; the status is 200 also where "
          "all were refused. What is told as enrolled is on the disk. A subject is made with the first face. A form "
          "has "
          "one `subject` and any number of parts `image`.",
      .scope = Scope::enrol,
      .parameters = {collection_parameter(),
                     query_parameter("force", "Enrol whatever shows a face.",
                                     R"({"type": "boolean", "default": false})"),
                     query_parameter("largest", "Take the largest face of a picture of several people.",
                                     R"({"type": "boolean", "default": false})"),
                     idempotency_parameter(), purpose_parameter()},
      .request_type = kPictureBody,
      .request_schema = schema_ref("Enrolment"),
      .response_schema = schema_ref("EnrolmentReport"),
      .problems = {"collection_not_found", "collection_not_usable", "model_mismatch", "server_busy"},
      .examples = {{"two people",
                    std::string(R"({"faces": [{"subject": "Ada Lovelace", "image": ")") + kExampleAdaAgain +
                        R"("}, {"subject": "Grace Hopper", "image": ")" + kExampleGrace + R"("}]})",
                    R"({"enrolled": 1, "already_there": 0, "skipped": 1,
                        "faces": [{"image": 1, "subject": "Ada Lovelace", "subject_id": 1, "result": "enrolled", "face": 7,
                                   "reason": null, "message": null},
                                  {"image": 2, "subject": "Grace Hopper", "subject_id": null, "result": "skipped",
                                   "face": null, "reason": "blurred",
                                   "message": "image 2: the face is blurred: sharpness 1.020, at least 1.060 is wanted"}]})"}}};
  return {{std::move(enrolling), &enrol}};
}

}  // namespace vultus::server
