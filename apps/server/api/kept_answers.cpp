#include <apps/server/api/kept_answers.hpp>

#include <array>
#include <vector>

#include <sodium.h>
#include <nlohmann/json.hpp>

namespace vultus::server {
namespace {

constexpr std::size_t kNonceBytes = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t kTagBytes = crypto_aead_xchacha20poly1305_ietf_ABYTES;

unsigned char* bytes_at(std::byte* at) { return reinterpret_cast<unsigned char*>(at); }
const unsigned char* bytes_at(const std::byte* at) { return reinterpret_cast<const unsigned char*>(at); }

std::vector<std::byte> seal_answer(const AnswerKey& key, const Response& answer) {
  nlohmann::json headers = nlohmann::json::array();
  for (const auto& [name, value] : answer.headers.fields()) headers.push_back({name, value});
  const std::string plain = nlohmann::json{{"status", answer.status}, {"headers", headers}}.dump() + "\n" + answer.body;
  std::vector<std::byte> sealed(kNonceBytes + plain.size() + kTagBytes);
  randombytes_buf(sealed.data(), kNonceBytes);
  unsigned long long length = 0;
  crypto_aead_xchacha20poly1305_ietf_encrypt(bytes_at(sealed.data()) + kNonceBytes, &length,
                                             reinterpret_cast<const unsigned char*>(plain.data()), plain.size(),
                                             bytes_at(key.request.data()), key.request.size(), nullptr,
                                             bytes_at(sealed.data()), bytes_at(key.seal.data()));
  return sealed;
}

Result<Response> open_answer(const AnswerKey& key, std::span<const std::byte> sealed) {
  const Error damaged = fail(ErrorCode::internal, "an answer that was kept does not open");
  if (sealed.size() < kNonceBytes + kTagBytes) return damaged;
  std::string plain(sealed.size() - kNonceBytes - kTagBytes, '\0');
  unsigned long long length = 0;
  if (crypto_aead_xchacha20poly1305_ietf_decrypt(reinterpret_cast<unsigned char*>(plain.data()), &length, nullptr,
                                                 bytes_at(sealed.data()) + kNonceBytes, sealed.size() - kNonceBytes,
                                                 bytes_at(key.request.data()), key.request.size(),
                                                 bytes_at(sealed.data()), bytes_at(key.seal.data())) != 0)
    return damaged;
  const std::size_t line = plain.find('\n');
  const auto head = nlohmann::json::parse(plain.substr(0, line), nullptr, false);
  if (line == std::string::npos || head.is_discarded()) return damaged;
  Response answer{.status = head.at("status").get<int>()};
  for (const auto& field : head.at("headers"))
    answer.headers.add(field.at(0).get<std::string>(), field.at(1).get<std::string>());
  answer.body = plain.substr(line + 1);
  return answer;
}

/// What makes a request the same: each piece with its length before it, and the body by its hash.
std::string request_text(const Digest& key, const Request& request) {
  std::string text;
  const auto add = [&text](std::string_view piece) {
    text += std::to_string(piece.size());
    text += ':';
    text += piece;
  };
  add(name_of(request.method));
  add(request.path);
  for (const auto& [name, value] : request.query) add(name), add(value);
  add(request.headers.find("Content-Type").value_or(""));
  const Digest body = keyed_hash(key, request.body);
  add({reinterpret_cast<const char*>(body.data()), body.size()});
  return text;
}

}  // namespace

AnswerKey answer_key(const Digest& caller, std::string_view idempotency_key, const Request& request) {
  const Digest both = keyed_hash(caller, idempotency_key);
  return {.id = keyed_hash(both, "id"),
          .seal = keyed_hash(both, "seal"),
          .request = keyed_hash(both, request_text(both, request))};
}

Result<KeptAnswers::Found> KeptAnswers::find(const AnswerKey& key, std::int64_t now) {
  return database_.with([&](sqlite::Database& database) -> Result<Found> {
    VULTUS_TRY(sqlite::Statement old, database.prepare("DELETE FROM answers WHERE at <= ?"));
    old.bind(1, now - kKeptSeconds);
    VULTUS_CHECK(old.run());
    VULTUS_TRY(sqlite::Statement row, database.prepare("SELECT request, answer FROM answers WHERE id = ?"));
    row.bind(1, std::span<const std::byte>(key.id));
    VULTUS_TRY(const bool there, row.step());
    if (!there) return Found{};
    Digest request{};
    const auto kept = row.blob(0);
    if (kept.size() == request.size()) std::ranges::copy(kept, request.begin());
    if (!same_digest(request, key.request)) return Found{.state = State::other_request, .answer = {}};
    VULTUS_TRY(Response answer, open_answer(key, row.blob(1)));
    return Found{.state = State::kept, .answer = std::move(answer)};
  });
}

Result<KeptAnswers::Found> KeptAnswers::begin(const AnswerKey& key, std::int64_t now) {
  {
    const std::scoped_lock lock(lock_);
    if (!in_use_.insert(key.id).second) return Found{.state = State::in_use, .answer = {}};
  }
  auto found = find(key, now);
  if (!found || found->state != State::fresh) {
    const std::scoped_lock lock(lock_);
    in_use_.erase(key.id);
  }
  return found;
}

Status KeptAnswers::end(const AnswerKey& key, const Response* answer, std::string_view collection, std::int64_t now) {
  Status kept;
  if (answer != nullptr)
    kept = database_.with([&](sqlite::Database& database) -> Status {
      VULTUS_TRY(sqlite::Statement add, database.prepare("INSERT OR REPLACE INTO answers(id, request, at, collection, "
                                                         "answer) VALUES(?,?,?,?,?)"));
      const auto sealed = seal_answer(key, *answer);
      add.bind(1, std::span<const std::byte>(key.id)).bind(2, std::span<const std::byte>(key.request)).bind(3, now);
      add.bind(4, collection).bind(5, std::span<const std::byte>(sealed));
      return add.run();
    });
  const std::scoped_lock lock(lock_);
  in_use_.erase(key.id);
  return kept;
}

Status KeptAnswers::forget(std::string_view collection) {
  return database_.with([&](sqlite::Database& database) -> Status {
    VULTUS_TRY(sqlite::Statement gone, database.prepare("DELETE FROM answers WHERE collection = ?"));
    gone.bind(1, collection);
    return gone.run();
  });
}

}  // namespace vultus::server
