// Faces that were put to the wrong person.
#include <algorithm>

#include <apps/server/api/answer_json.hpp>
#include <apps/server/api/operation.hpp>
#include <apps/server/api/subject_access.hpp>
#include <apps/server/service.hpp>

namespace vultus::server {
namespace {

Reply split_subject(Call& call) {
  VULTUS_TRY(const CollectionLease collection, call.collection());
  Gallery& gallery = collection->gallery();
  const std::scoped_lock lock(collection->changing());
  VULTUS_TRY(const Subject subject, subject_of(call, gallery));
  VULTUS_TRY(const auto enrolled, gallery.faces(subject.id));
  std::vector<FaceId> faces;
  for (const Json& number : call.body.at("faces")) {
    const FaceId face(number.get<std::int64_t>());
    // A face of somebody else is answered like one that is not there.
    if (std::ranges::find(enrolled, face, &EnrolledFace::id) == enrolled.end())
      return problem("face_not_found", "no face " + std::to_string(face.number()) + " of this subject");
    faces.push_back(face);
  }
  const std::string name = call.body.at("subject").get<std::string>();
  VULTUS_TRY(const auto other, gallery.find_subject(name));
  if (other) return problem("name_taken", "subject " + std::to_string(other->id.number()));
  VULTUS_TRY(const SubjectId made,
             or_problem(gallery.split(faces, name), ErrorCode::invalid_argument, "not_to_be_split"));
  VULTUS_TRY(const Subject now, gallery.subject(made));
  return answer(subject_json(now));
}

Reply say_not_this_person(Call& call) {
  VULTUS_TRY(const CollectionLease collection, call.collection());
  Gallery& gallery = collection->gallery();
  const std::scoped_lock lock(collection->changing());
  const FaceId face(call.path_number("face"));
  const SubjectId subject(call.body.at("subject").get<std::int64_t>());
  const bool taken_back = call.body.value("taken_back", false);
  const Status said = gallery.not_this_person(face, subject, taken_back ? Say::no_longer : Say::yes);
  if (!said && said.error().code == ErrorCode::not_found) return problem("face_not_found", said.error().message);
  if (!said && said.error().code == ErrorCode::invalid_argument)
    return problem("not_to_be_split", said.error().message);
  VULTUS_CHECK(said);
  return answer({{"face", face.number()}, {"subject", subject.number()}, {"said", !taken_back}});
}

}  // namespace

std::vector<Operation> split_operations() {
  const std::vector<std::string> problems{"collection_not_found", "collection_not_usable", "face_not_found",
                                          "not_to_be_split"};
  Route splitting{
      .method = Method::post,
      .path = "/v1/collections/{collection}/subjects/{subject}/split",
      .operation = "splitSubject",
      .tag = "subjects",
      .summary = "Make a person of some faces of another one",
      .description =
          "For two people under one name. It is kept that the faces do not show the person they were taken "
          "from. At least one face stays.",
      .scope = Scope::enrol,
      .parameters = {collection_parameter(), subject_parameter(), idempotency_parameter(), purpose_parameter()},
      .request_type = kJsonBody,
      .request_schema = schema_ref("SplitRequest"),
      .response_schema = schema_ref("Subject"),
      .problems = problems,
      .examples = {{"one face", R"({"faces": [1], "subject": "Ada King"})",
                    R"({"subject": "Ada King", "id": 3, "faces": 1, "created": "2026-01-31T09:05:00Z",
                        "external_id": null, "tags": [], "consent": null, "use": null, "retain_until": null,
                        "notes": null})"}}};
  splitting.problems.insert(splitting.problems.end(), {"subject_not_found", "name_taken"});
  Route saying{
      .method = Method::post,
      .path = "/v1/collections/{collection}/faces/{face}/not-this-person",
      .operation = "sayNotThisPerson",
      .tag = "faces",
      .summary = "Say that a face does not show a person",
      .description =
          "Searches leave the person out for what is more similar to this face than to any of the "
          "person's, and the two are not merged. With `taken_back` it is said no more.",
      .scope = Scope::enrol,
      .parameters = {collection_parameter(), face_parameter(), idempotency_parameter(), purpose_parameter()},
      .request_type = kJsonBody,
      .request_schema = schema_ref("NotThisPerson"),
      .response_schema = schema_ref("SaidNotThisPerson"),
      .problems = problems,
      .examples = {{"face 1 is not Grace", R"({"subject": 2})", R"({"face": 1, "subject": 2, "said": true})"}}};
  return {{std::move(splitting), &split_subject}, {std::move(saying), &say_not_this_person}};
}

}  // namespace vultus::server
