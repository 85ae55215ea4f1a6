// The people of a collection: changing, merging, removing, forgetting.
#include <apps/server/api/answer_json.hpp>
#include <apps/server/api/forgetting.hpp>
#include <apps/server/api/operation.hpp>
#include <apps/server/api/subject_access.hpp>
#include <apps/server/live/live.hpp>
#include <apps/server/service.hpp>

namespace vultus::server {
namespace {

std::string text_or_none(const Json& value) { return value.is_null() ? std::string() : value.get<std::string>(); }

/// Changes what the body names and leaves the rest. "2027-01-31" is the first moment of that day.
Checked<bool> change_details(const Json& body, SubjectDetails& details) {
  const SubjectDetails before = details;
  for (const auto& [name, text] :
       {std::pair("external_id", &details.external_id), std::pair("consent", &details.consent),
        std::pair("use", &details.purpose), std::pair("notes", &details.notes)})
    if (body.contains(name)) *text = text_or_none(body.at(name));
  if (body.contains("tags")) details.tags = body.at("tags").get<std::vector<std::string>>();
  if (body.contains("retain_until")) {
    const std::string text = text_or_none(body.at("retain_until"));
    details.retain_until = from_iso8601(text.size() == 10 ? text + "T00:00:00Z" : text);
    if (!text.empty() && !details.retain_until)
      return problem("body_not_valid", "/retain_until: is no date such as 2027-01-31 or 2027-01-31T12:00:00Z");
  }
  return !(details == before);
}

Checked<SubjectId> rename_subject(Gallery& gallery, const Json& body, const Subject& subject) {
  const std::string name = body.value("subject", subject.name);
  if (name == subject.name) return subject.id;
  const bool merge = body.value("if_taken", "refuse") == "merge";
  if (!merge) {
    VULTUS_TRY(const auto other, gallery.find_subject(name));
    if (other && other->id != subject.id) return problem("name_taken", "subject " + std::to_string(other->id.number()));
  }
  VULTUS_TRY(const SubjectId now, gallery.rename(subject.id, name, merge ? IfNameTaken::merge : IfNameTaken::refuse));
  return now;
}

Reply add_subject(Call& call) {
  VULTUS_TRY(const CollectionLease collection, call.collection());
  Gallery& gallery = collection->gallery();
  const std::scoped_lock lock(collection->changing());
  VULTUS_TRY(const SubjectOutcome made, gallery.add_subject(call.body.at("subject").get<std::string>()));
  if (made.already_there) return problem("name_taken", "subject " + std::to_string(made.subject.number()));
  VULTUS_TRY(const Subject subject, gallery.subject(made.subject));
  Response response = subject_answer(subject);
  response.status = 201;
  response.headers.set("Location",
                       "/v1/collections/" + collection->name() + "/subjects/" + std::to_string(made.subject.number()));
  return response;
}

Reply change_subject(Call& call) {
  VULTUS_TRY(const CollectionLease collection, call.collection());
  Gallery& gallery = collection->gallery();
  const std::scoped_lock lock(collection->changing());
  VULTUS_TRY(Subject subject, subject_of(call, gallery));
  if (auto changed = check_match(call, subject)) return *std::move(changed);
  // Looked through before anything is done; a merge keeps the details of the one whose name it is.
  VULTUS_TRY(const bool sound, change_details(call.body, subject.details));
  static_cast<void>(sound);
  VULTUS_TRY(const SubjectId now, rename_subject(gallery, call.body, subject));
  VULTUS_CHECK(call.service.live().merge(collection->name(), subject.id, now));
  VULTUS_TRY(Subject renamed, gallery.subject(now));
  VULTUS_TRY(const bool says_more, change_details(call.body, renamed.details));
  if (says_more) VULTUS_CHECK(gallery.describe(now, renamed.details));
  VULTUS_TRY(const Subject changed, gallery.subject(now));
  return subject_answer(changed);
}

Reply merge_subject(Call& call) {
  VULTUS_TRY(const CollectionLease collection, call.collection());
  Gallery& gallery = collection->gallery();
  const std::scoped_lock lock(collection->changing());
  VULTUS_TRY(const Subject from, subject_of(call, gallery));
  if (auto changed = check_match(call, from)) return *std::move(changed);
  const SubjectId into(call.body.at("into").get<std::int64_t>());
  VULTUS_TRY(const Subject other, or_problem(gallery.subject(into), ErrorCode::not_found, "subject_not_found",
                                             "no subject " + std::to_string(into.number())));
  if (const Status merged = gallery.merge(from.id, other.id); !merged) {
    if (merged.error().code == ErrorCode::invalid_argument) return problem("not_to_be_merged", merged.error().message);
    return merged.error();
  }
  VULTUS_CHECK(call.service.live().merge(collection->name(), from.id, other.id));
  VULTUS_TRY(const Subject now, gallery.subject(other.id));
  return subject_answer(now);
}

Reply remove_subject(Call& call) {
  VULTUS_TRY(const CollectionLease collection, call.collection());
  Gallery& gallery = collection->gallery();
  const std::scoped_lock lock(collection->changing());
  VULTUS_TRY(const Subject subject, subject_of(call, gallery));
  if (auto changed = check_match(call, subject)) return *std::move(changed);
  VULTUS_TRY(const Removal removal, remove_forgetting(call.service, *collection, {&subject.id, 1},
                                                      [&] { return gallery.remove(subject.id); }));
  return answer({{"removed", subject.id.number()}, {"faces", removal.faces}, {"bytes_gone", removal.bytes_gone}});
}

Json proof_json(const ForgetProof& proof) {
  Json searched = Json::array();
  for (const ForgetSearch& one : proof.searched)
    searched.push_back({{"what", one.what}, {"bytes", one.bytes}, {"found", one.found}});
  Json object;
  object["forgotten"] = proof.subject.number();
  object["faces"] = proof.faces;
  object["at"] = to_iso8601(proof.at);
  object["pseudonym"] = text_json(proof.pseudonym);
  object["key_fingerprint"] = text_json(proof.key_fingerprint);
  object["undo_steps"] = proof.undo_steps;
  object["files"] = proof.files.size();
  object["searched"] = std::move(searched);
  object["log_emptied"] = proof.log_emptied;
  object["clean"] = proof.clean();
  return object;
}

Reply forget_subject(Call& call) {
  VULTUS_TRY(const CollectionLease collection, call.collection());
  Gallery& gallery = collection->gallery();
  const std::scoped_lock lock(collection->changing());
  VULTUS_TRY(const Subject subject, subject_of(call, gallery));
  if (auto changed = check_match(call, subject)) return *std::move(changed);
  VULTUS_TRY(const ForgetProof proof, remove_forgetting(call.service, *collection, {&subject.id, 1},
                                                        [&] { return gallery.forget(subject.id); }));
  return answer(proof_json(proof));
}

Route change_route(Method method, const std::string& behind, std::string operation, std::string summary,
                   std::string description) {
  return {.method = method,
          .path = "/v1/collections/{collection}/subjects/{subject}" + behind,
          .operation = std::move(operation),
          .tag = "subjects",
          .summary = std::move(summary),
          .description = std::move(description),
          .scope = Scope::enrol,
          .parameters = {collection_parameter(), subject_parameter(), match_parameter("subject"),
                         idempotency_parameter(), purpose_parameter()},
          .problems = {"collection_not_found", "collection_not_usable", "subject_not_found", "precondition_failed"}};
}

constexpr const char* kRemoved = R"({"removed": 1, "faces": 1, "bytes_gone": true})";
constexpr const char* kForgotten =
    R"({"forgotten": 1, "faces": 1, "at": "2026-02-01T10:00:00Z", "pseudonym": "9f86d081884c7d65", "key_fingerprint": null,
        "undo_steps": 0, "files": 3, "searched": [{"what": "name", "bytes": 12, "found": 0}], "log_emptied": true,
        "clean": true})";

Route forget_route() {
  Route forgetting =
      change_route(Method::post, "/forget", "forgetSubject", "Forget a person, with a proof",
                   "Destroys the subject's key where the collection is encrypted, removes everything, and "
                   "searches the files for what is left: the answer tells what was looked for.");
  forgetting.tag = "privacy";
  forgetting.scope = Scope::admin;
  forgetting.response_schema = schema_ref("ForgetProof");
  forgetting.examples = {{"nothing is left", "", kForgotten}};
  return forgetting;
}

}  // namespace

std::vector<Operation> subject_change_operations() {
  Route adding{
      .method = Method::post,
      .path = "/v1/collections/{collection}/subjects",
      .operation = "addSubject",
      .tag = "subjects",
      .summary = "Add a person who has no face yet",
      .description = "Enrolling a picture makes its subject by itself; this is for those whose pictures come later.",
      .scope = Scope::enrol,
      .parameters = {collection_parameter(), idempotency_parameter(), purpose_parameter()},
      .request_type = kJsonBody,
      .request_schema = schema_ref("NewSubject"),
      .success = 201,
      .response_schema = schema_ref("Subject"),
      .response_headers = {"ETag", "Location"},
      .problems = {"collection_not_found", "collection_not_usable", "name_taken"},
      .examples = {{"somebody new", R"({"subject": "Mary Somerville"})",
                    R"({"subject": "Mary Somerville", "id": 3, "faces": 0, "created": "2026-01-31T09:05:00Z",
                        "external_id": null, "tags": [], "consent": null, "use": null, "retain_until": null,
                        "notes": null})"}}};
  Route changing =
      change_route(Method::patch, "", "changeSubject", "Rename a person, or say more about them",
                   "What the body does not name stays. A name that another subject has is refused, or with "
                   "`if_taken: merge` the faces go to that subject.");
  changing.request_type = kJsonBody;
  changing.request_schema = schema_ref("SubjectChange");
  changing.response_schema = schema_ref("Subject");
  changing.response_headers = {"ETag"};
  changing.problems.emplace_back("name_taken");
  changing.examples = {
      {"consent and retention",
       R"({"subject": "Ada King", "consent": "form 2026-114", "use": "door", "retain_until": "2027-01-31"})",
       R"({"subject": "Ada King", "id": 1, "faces": 1, "created": "2026-01-31T09:05:00Z",
                            "external_id": null, "tags": [], "consent": "form 2026-114", "use": "door",
                            "retain_until": "2027-01-31T00:00:00Z", "notes": null})"}};
  Route merging = change_route(Method::post, "/merge", "mergeSubject", "Give all faces of a person to another one",
                               "For one person under two names. The other one's name and details stay.");
  merging.request_type = kJsonBody;
  merging.request_schema = schema_ref("MergeRequest");
  merging.response_schema = schema_ref("Subject");
  merging.response_headers = {"ETag"};
  merging.problems.emplace_back("not_to_be_merged");
  merging.examples = {{"into subject 2", R"({"into": 2})",
                       R"({"subject": "Grace Hopper", "id": 2, "faces": 2, "created": "2026-01-31T09:05:00Z",
                           "external_id": null, "tags": [], "consent": null, "use": null, "retain_until": null,
                           "notes": null})"}};
  Route removing = change_route(Method::del, "", "deleteSubject", "Remove a person",
                                "All faces go with the subject, and their bytes are overwritten. To prove it, forget "
                                "instead.");
  removing.response_schema = schema_ref("SubjectRemoval");
  removing.examples = {{"removed", "", kRemoved}};
  return {{std::move(adding), &add_subject},
          {std::move(changing), &change_subject},
          {std::move(merging), &merge_subject},
          {std::move(removing), &remove_subject},
          {forget_route(), &forget_subject}};
}

}  // namespace vultus::server
