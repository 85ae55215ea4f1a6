#include <apps/server/api/sealed_access.hpp>

#include <apps/server/api/operation.hpp>
#include <apps/server/service.hpp>

namespace vultus::server {
namespace {

constexpr int kRetryWhenSealedBusy = 1;  // seconds
constexpr int kRetryWhenNotUsable = 5;   // seconds

bool sees_sealed(const Call& call) {
  // The key was asked in admit() already; whoever forgets that there must not open a door here.
  return call.principal != nullptr && call.principal->key.sees(call.request.path_value("sealed"));
}

}  // namespace

Checked<SealedStore*> sealed_store(const Call& call) {
  SealedStore* const store = call.service.sealed();
  if (store == nullptr)
    return problem("sealed_on_one_server",
                   "a sealed gallery lies in the data folder of one server; give it to a server without --database and "
                   "--state, or send sealed probes to a collection");
  return store;
}

Refusal sealed_refusal(const Error& error) {
  if (error.code == ErrorCode::not_found) return {.problem = problem("sealed_not_found", "")};
  if (error.code == ErrorCode::cancelled) return {.problem = problem_of(error), .for_log = error.message};
  return {.problem = problem("sealed_not_usable", "", kRetryWhenNotUsable), .for_log = error.message};
}

Checked<SealedFacts> sealed_facts(const Call& call) {
  VULTUS_TRY(const SealedStore* store, sealed_store(call));
  if (!sees_sealed(call)) return problem("sealed_not_found", "");
  auto facts = store->find(call.path_text("sealed"));
  if (!facts) return sealed_refusal(facts.error());
  return *std::move(facts);
}

Checked<CollectionLease> sealed_log(const Call& call) {
  VULTUS_TRY(const SealedStore* store, sealed_store(call));
  static_cast<void>(store);
  if (!sees_sealed(call)) return problem("sealed_not_found", "");
  auto log = call.service.sealed_logs().use(call.path_text("sealed"));
  if (!log) return sealed_refusal(log.error());
  return *std::move(log);
}

Status note_sealed(const Call& call, const AuditNote& note) {
  VULTUS_TRY(const CollectionLease log,
             call.service.sealed_logs().use_or_create(
                 {.name = call.path_text("sealed"), .encrypted = {}, .audit = AuditLevel::all}));
  return log->gallery().note_change(note);
}

sealed::ByteView bytes_of_body(const Call& call) {
  return {reinterpret_cast<const std::uint8_t*>(call.request.body.data()), call.request.body.size()};
}

std::optional<Problem> refuse_secret_key(sealed::ByteView bytes) {
  if (sealed::kind_of(bytes) != sealed::FileKind::secret_key) return std::nullopt;
  return problem(
      "secret_key_refused",
      "whoever has it reads every score; where others may have seen these bytes on their way, make a new key");
}

std::optional<Problem> check_sealed_model(std::string_view of_gallery, std::string_view of_probe) {
  if (of_gallery.empty() || of_probe.empty() || of_gallery == of_probe) return std::nullopt;
  return problem("model_mismatch", "templates of " + std::string(of_probe) + " cannot be compared with templates of " +
                                       std::string(of_gallery));
}

Checked<LookerPool::Loan> worker_for(const Call& call) {
  auto loan = call.service.faces().borrow_worker(call.request.stop);
  if (!loan && loan.error().code == ErrorCode::resource_limit)
    return problem("server_busy", loan.error().message, kRetryWhenSealedBusy);
  if (!loan) return loan.error();
  return *std::move(loan);
}

Response sealed_response(const sealed::Bytes& bytes, const std::string& name) {
  Response response{.status = 200};
  response.headers.set("Content-Type", kBytesBody);
  response.headers.set("Content-Disposition", "attachment; filename=\"" + name + "\"");
  response.body.assign(bytes.begin(), bytes.end());
  return response;
}

}  // namespace vultus::server
