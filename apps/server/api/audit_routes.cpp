// The audit log of a collection, of a sealed gallery, or of the server itself: who did what, when and why.
#include <vultus/gallery/audit_note.hpp>

#include <apps/server/api/answer_json.hpp>
#include <apps/server/api/audit_position.hpp>
#include <apps/server/api/operation.hpp>
#include <apps/server/api/paging.hpp>
#include <apps/server/api/parameters.hpp>
#include <apps/server/api/sealed_access.hpp>
#include <apps/server/api/server_log.hpp>
#include <apps/server/api/subject_access.hpp>
#include <apps/server/service.hpp>

namespace vultus::server {
namespace {

/// Where the log lies.
Checked<CollectionLease> logged(const Call& call) {
  if (!call.request.path_value("sealed").empty()) return sealed_log(call);
  if (!call.request.path_value("collection").empty()) return call.collection();
  if (!call.principal->key.sees_all())
    return problem("scope_too_small", "the log is of the callers of all collections; the key sees some of them");
  return opened_server_log(call);
}

Reply list_records(Call& call) {
  VULTUS_TRY(const CollectionLease collection, logged(call));
  VULTUS_TRY(const std::string begin, page_begin(call));
  auto position = AuditPosition::from(begin);
  if (!position) return problem("parameter_not_valid", "cursor: is none that was given out");
  std::string whose;
  if (const auto subject = call.integer("subject")) {
    whose = collection->gallery().pseudonym(SubjectId(*subject));
    if (whose.empty()) return problem("no_audit_log", "");
  }
  const std::size_t limit = page_size(call);
  Json list = Json::array();
  Json next = nullptr;
  const Error enough = fail(ErrorCode::cancelled, "the page is full");
  const std::int64_t after = position->read_by_all(collection->gallery().info().shards);
  const Status read = collection->gallery().each_audit(after, [&](const AuditEntry& entry) -> Status {
    if (position->is_behind(entry)) return {};
    const bool wanted = whose.empty() || std::ranges::find(entry.subjects, whose) != entry.subjects.end();
    if (wanted && list.size() == limit) {
      next = cursor_behind(position->text());
      return enough;
    }
    position->pass(entry);
    if (wanted) list.push_back(audit_entry_json(entry));
    return {};
  });
  if (!read && read.error() != enough) return read.error();
  return answer({{"records", std::move(list)}, {"next", std::move(next)}});
}

Reply tell_head(Call& call) {
  VULTUS_TRY(const CollectionLease collection, logged(call));
  VULTUS_TRY(const AuditHead head, or_problem(collection->gallery().audit_head(), ErrorCode::not_found, "no_audit_log",
                                              "nothing was logged"));
  return json_response(audit_head_to_json(head));
}

Reply verify_log(Call& call) {
  VULTUS_TRY(const CollectionLease collection, logged(call));
  std::optional<AuditHead> known;
  if (call.body.contains("head")) {
    auto head = audit_head_from_json(call.body.at("head").dump());
    if (!head) return problem("body_not_valid", "/head: " + head.error().message);
    known = *std::move(head);
  }
  VULTUS_TRY(const AuditVerdict verdict, or_problem(collection->gallery().verify_audit(known), ErrorCode::not_found,
                                                    "no_audit_log", "nothing was logged"));
  return answer({{"ok", verdict.sound()},
                 {"records", verdict.records},
                 {"findings", verdict.findings},
                 {"proven", verdict.proven},
                 {"not_proven", verdict.not_proven}});
}

constexpr const char* kHead =
    R"({"gallery": "00112233445566778899aabbccddeeff", "number": 12, "at": "2026-02-01T10:00:00Z",
        "mac": "60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752",
        "public_key": "60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752",
        "signature": "60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c75260303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752"})";

/// Whose log: a collection's, a sealed gallery's, or the server's.
struct LogOwner {
  std::string path, of;
  std::vector<Parameter> parameters;
  std::vector<std::string> problems;
};

Route audit_route(const LogOwner& owner, Method method, const std::string& behind, const std::string& does,
                  const std::string& what, std::string summary, std::string description) {
  return {.method = method,
          .path = owner.path + "/audit" + behind,
          .operation = does + owner.of + what,
          .tag = "audit",
          .summary = std::move(summary),
          .description = std::move(description),
          .scope = Scope::admin,
          .parameters = owner.parameters,
          .problems = owner.problems};
}

Operation listing_route(const LogOwner& owner) {
  Route listing =
      audit_route(owner, Method::get, "", "list", "AuditRecords", "The records of the audit log",
                  "Oldest first. Subjects and faces stand under pseudonyms, callers under the ids of their keys. Each "
                  "shard of a collection numbers its records by itself, and `shard` names it.");
  Parameter cursor = cursor_parameter();
  cursor.schema = R"({"type": "string", "minLength": 1, "maxLength": 4096})";  // it names shards
  listing.parameters.insert(listing.parameters.end(), {limit_parameter(), std::move(cursor)});
  listing.response_schema = schema_ref("AuditRecordList");
  listing.examples = {
      {"one", "",
       R"({"records": [{"number": 1, "at": "2026-01-31T09:05:00Z", "who": "key 0123456789abcdef request 7f3a",
                           "purpose": "first day", "what": "enrol", "subjects": ["9f86d081884c7d65"],
                           "faces": ["60303ae22b998861"], "count": 1, "detail": null}], "next": null})"}};
  return {std::move(listing), &list_records};
}

std::vector<Operation> routes_of_log(const LogOwner& owner) {
  Route head = audit_route(owner, Method::get, "/head", "get", "AuditHead", "The end of the log, signed",
                           "Kept elsewhere, it shows later that nothing before it was changed or taken away.");
  head.response_schema = schema_ref("AuditHead");
  head.examples = {{"twelve records", "", kHead}};
  Route verifying =
      audit_route(owner, Method::post, "/verify", "verify", "Audit", "Look for changed, missing and cut-off records",
                  "Also against a head that was taken before. Tells what this shows and what it does not.");
  verifying.request_type = kJsonBody;
  verifying.request_schema = schema_ref("AuditVerification");
  verifying.response_schema = schema_ref("AuditVerdict");
  verifying.examples = {{"sound", R"({})",
                         R"({"ok": true, "records": 12, "findings": [], "proven": ["no record was changed"],
                             "not_proven": ["that the named persons acted"]})"}};
  return {listing_route(owner), {std::move(head), &tell_head}, {std::move(verifying), &verify_log}};
}

}  // namespace

std::vector<Operation> audit_operations() {
  std::vector<Operation> all =
      routes_of_log({.path = "/v1/collections/{collection}",
                     .of = "",
                     .parameters = {collection_parameter()},
                     .problems = {"collection_not_found", "collection_not_usable", "no_audit_log"}});
  all.front().route.parameters.push_back(
      query_parameter("subject", "Only what concerns this subject.", R"({"type": "integer", "minimum": 1})"));
  for (Operation& one : routes_of_log({.path = "/v1/sealed/{sealed}",
                        .of = "Sealed",
                        .parameters = {sealed_parameter()},
                        .problems = {"sealed_not_found", "sealed_not_usable", "sealed_on_one_server", "no_audit_log"}}))
    all.push_back(std::move(one));
  for (Operation& one :
       routes_of_log({.path = "/v1", .of = "Server", .parameters = {}, .problems = {"no_audit_log"}})) {
    one.route.description +=
        " Of what belongs to no collection: detection, templates and comparison of pictures that were sent, over all "
        "interfaces. The key must see all collections.";
    all.push_back(std::move(one));
  }
  return all;
}

}  // namespace vultus::server
