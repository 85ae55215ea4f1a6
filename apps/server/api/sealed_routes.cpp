// Sealed galleries: keeping, looking, replacing, removing. The server cannot read them.
#include <algorithm>

#include <apps/server/api/answer_json.hpp>
#include <apps/server/api/operation.hpp>
#include <apps/server/api/paging.hpp>
#include <apps/server/api/sealed_access.hpp>
#include <apps/server/api/subject_access.hpp>
#include <apps/server/collections/collection_name.hpp>
#include <apps/server/service.hpp>

namespace vultus::server {
namespace {

Json sealed_json(const SealedFacts& facts) {
  Json object;
  object["sealed"] = facts.name;
  object["rows"] = facts.rows;
  object["packs"] = facts.packs;
  object["scheme"] = std::string(sealed::name_of(facts.kind.scheme));
  object["bits"] = facts.kind.bits;
  object["s"] = facts.kind.s;
  object["key"] = facts.key;
  object["model"] = text_json(facts.model);
  object["id"] = facts.id;
  object["layout"] = {{"dimension", facts.layout.dimension},
                      {"sealed_scale", facts.layout.precision.sealed},
                      {"plain_scale", facts.layout.precision.plain},
                      {"slot_bits", facts.layout.slot_bits},
                      {"slots", facts.layout.slots}};
  object["bytes"] = facts.bytes;
  object["stored"] = to_iso8601(facts.stored);
  return object;
}

Response sealed_answer(const SealedFacts& facts, int status = 200) {
  Response response = answer(sealed_json(facts), status);
  response.headers.set("ETag", facts.etag);
  return response;
}

Reply list_sealed(Call& call) {
  VULTUS_TRY(const SealedStore* store, sealed_store(call));
  VULTUS_TRY(const std::string after, page_begin(call));
  const std::size_t limit = page_size(call);
  Json list = Json::array();
  Json next = nullptr;
  for (const std::string& name : store->names()) {
    if (name <= after || !call.principal->key.sees(name)) continue;
    if (list.size() == limit) {
      next = cursor_behind(list.back().at("sealed").get_ref<const std::string&>());
      break;
    }
    list.push_back({{"sealed", name}});
  }
  return answer({{"galleries", std::move(list)}, {"next", std::move(next)}});
}

Reply show_sealed(Call& call) {
  VULTUS_TRY(const SealedFacts facts, sealed_facts(call));
  if (call.request.headers.find("If-None-Match") == facts.etag) {
    Response same{.status = 304};
    same.headers.set("ETag", facts.etag);
    return same;
  }
  return sealed_answer(facts);
}

/// @param now  what is there. One that is damaged is there, too, under a tag that nobody was told.
std::optional<Problem> check_conditions(const Call& call, const Result<SealedFacts>& now) {
  const bool is_there = now || now.error().code != ErrorCode::not_found;
  const auto is_meant = [&](std::string_view tags) {
    return is_there && (now ? lists_etag(tags, now->etag) : tags == "*");
  };
  const Problem other = problem("precondition_failed", !is_there ? "there is none"
                                                       : now     ? "the gallery is " + now->etag + " now"
                                                                 : "the gallery is damaged");
  if (const auto wanted = call.request.headers.find("If-Match"); wanted && !is_meant(*wanted)) return other;
  if (const auto unwanted = call.request.headers.find("If-None-Match"); unwanted && is_meant(*unwanted)) return other;
  return std::nullopt;
}

/// Whether there is room for a gallery of a new name.
std::optional<Problem> check_room(Call& call, const SealedStore& store, const std::string& name) {
  const SealedLimits& limits = store.limits();
  if (store.count() >= limits.max_galleries)
    return problem("too_many_sealed", std::to_string(limits.max_galleries) + " are kept at most");
  const auto logs = call.service.sealed_logs().names();
  if (!logs) return problem_of(logs.error());
  if (logs->size() >= limits.max_logs && !std::ranges::binary_search(*logs, name))
    return problem("too_many_sealed", "audit logs of " + std::to_string(limits.max_logs) +
                                          " names are kept at most, also of galleries that are gone");
  return std::nullopt;
}

/// Reads the gallery that was sent, to its last ciphertext.
Checked<SealedLease> gallery_sent(Call& call, const SealedStore& store, const std::string& name) {
  const sealed::ByteView bytes = bytes_of_body(call);
  if (auto secret = refuse_secret_key(bytes)) return *std::move(secret);
  if (bytes.size() > store.limits().max_gallery_bytes)
    return problem("body_too_large", std::to_string(bytes.size()) + " bytes, at most " +
                                         std::to_string(store.limits().max_gallery_bytes) + " are allowed");
  VULTUS_TRY(const LookerPool::Loan worker, worker_for(call));
  auto looked = store.looked_through(name, bytes, call.request.stop);
  if (looked) return *std::move(looked);
  const ErrorCode code = looked.error().code;
  if (code == ErrorCode::corrupt_data || code == ErrorCode::unsupported)
    return problem("sealed_not_valid", looked.error().message);
  return looked.error();
}

Reply put_sealed(Call& call) {
  VULTUS_TRY(SealedStore* const store, sealed_store(call));
  const std::string name = call.path_text("sealed");
  if (!call.principal->key.sees(name)) return problem("sealed_not_found", "");
  if (!is_collection_name(name))
    return problem("parameter_not_valid", "sealed: a name is 1 to 63 of a-z, 0-9, - and _, not beginning with - or _");
  VULTUS_TRY(const SealedLease sound, gallery_sent(call, *store, name));
  const std::scoped_lock changing(store->changing());
  const auto before = store->find(name);
  const bool is_new = !before && before.error().code == ErrorCode::not_found;
  if (auto wrong = check_conditions(call, before)) return *std::move(wrong);
  if (is_new)
    if (auto full = check_room(call, *store, name)) return *std::move(full);
  // Written down before it is done, as a search is before it is answered.
  VULTUS_CHECK(note_sealed(call, {.what = is_new ? "sealed-add" : "sealed-replace",
                                  .count = sound->facts.rows,
                                  .detail = "id " + sound->facts.id + ", key " + sound->facts.key}));
  VULTUS_CHECK(store->put(name, bytes_of_body(call), sound));
  Response response = sealed_answer(sound->facts, is_new ? 201 : 200);
  if (is_new) response.headers.set("Location", "/v1/sealed/" + name);
  return response;
}

Reply remove_sealed(Call& call) {
  VULTUS_TRY(SealedStore* const store, sealed_store(call));
  const std::string name = call.path_text("sealed");
  if (!call.principal->key.sees(name)) return problem("sealed_not_found", "");
  const std::scoped_lock changing(store->changing());
  const auto before = store->find(name);
  if (!before && before.error().code == ErrorCode::not_found) return problem("sealed_not_found", "");
  if (auto wrong = check_conditions(call, before)) return *std::move(wrong);
  AuditNote note{.what = "sealed-remove"};
  if (before) note.count = before->rows, note.detail = "id " + before->id;
  VULTUS_CHECK(note_sealed(call, note));
  VULTUS_CHECK(store->remove(name));
  return answer({{"removed", name}});
}

constexpr const char* kOffice =
    R"({"sealed": "office", "rows": 2, "packs": 1, "scheme": "paillier", "bits": 2048, "s": 1,
        "key": "00112233445566778899aabbccddeeff", "model": "mobilefacenet192+mirror",
        "id": "ffeeddccbbaa99887766554433221100",
        "layout": {"dimension": 192, "sealed_scale": 1000, "plain_scale": 500, "slot_bits": 20, "slots": 101},
        "bytes": 98982, "stored": "2026-02-01T10:00:00Z"})";

Route sealed_route(Method method, std::string operation, std::string summary, std::string description, Scope scope) {
  return {.method = method,
          .path = "/v1/sealed/{sealed}",
          .operation = std::move(operation),
          .tag = "sealed",
          .summary = std::move(summary),
          .description = std::move(description),
          .scope = scope,
          .parameters = {sealed_parameter()},
          .response_schema = schema_ref("SealedGallery"),
          .problems = {"sealed_not_found", "sealed_not_usable", "sealed_on_one_server"},
          .examples = {{"office", "", kOffice}}};
}

Parameter none_match_parameter() {
  return {.name = "If-None-Match",
          .place = Parameter::Place::header,
          .description = "`*`: nothing is done where there is a gallery of this name already.",
          .schema = R"({"type": "string", "minLength": 1, "maxLength": 1024})"};
}

}  // namespace

std::vector<Operation> sealed_operations() {
  Route listing{.method = Method::get,
                .path = "/v1/sealed",
                .operation = "listSealed",
                .tag = "sealed",
                .summary = "The sealed galleries that the key sees",
                .description = "By name. A key that is for some collections sees the sealed galleries of these names.",
                .scope = Scope::read,
                .parameters = {limit_parameter(), cursor_parameter()},
                .response_schema = schema_ref("SealedList"),
                .problems = {"sealed_on_one_server"},
                .examples = {{"one", "", R"({"galleries": [{"sealed": "office"}], "next": null})"}}};
  Route showing =
      sealed_route(Method::get, "getSealed", "What a sealed gallery is",
                   "No names and no templates: they are sealed for whoever has the secret key.", Scope::read);
  showing.parameters.push_back(unless_match_parameter("gallery"));
  showing.response_headers = {"ETag"};
  Route putting =
      sealed_route(Method::put, "putSealed", "Keep a sealed gallery, or replace it",
                   "The file that `vultus sealed enroll` makes. All of it is read and checked before anything is "
                   "changed; a secret key is refused and not kept.",
                   Scope::enrol);
  putting.parameters.insert(putting.parameters.end(), {match_parameter("gallery"), none_match_parameter(),
                                                       idempotency_parameter(), purpose_parameter()});
  putting.request_type = kBytesBody;
  putting.request_schema = schema_ref("SealedGalleryFile");
  putting.success = 201;
  putting.other_success = 200;
  putting.response_headers = {"ETag", "Location"};
  putting.problems.insert(putting.problems.end(), {"sealed_not_valid", "secret_key_refused", "precondition_failed",
                                                   "too_many_sealed", "server_busy"});
  Route removing = sealed_route(Method::del, "deleteSealed", "Remove a sealed gallery",
                                "Its audit log stays. Cannot be taken back.", Scope::admin);
  removing.parameters.insert(removing.parameters.end(),
                             {match_parameter("gallery"), idempotency_parameter(), purpose_parameter()});
  removing.problems.emplace_back("precondition_failed");
  removing.response_schema = schema_ref("RemovedSealed");
  removing.examples = {{"office", "", R"({"removed": "office"})"}};
  return {{std::move(listing), &list_sealed},
          {std::move(showing), &show_sealed},
          {std::move(putting), &put_sealed},
          {std::move(removing), &remove_sealed}};
}

}  // namespace vultus::server
