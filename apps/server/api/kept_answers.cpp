#include <apps/server/api/kept_answers.hpp>

#include <vector>

#include <nlohmann/json.hpp>

#include <apps/server/api/body.hpp>
#include <apps/server/data/sealer.hpp>
#include <apps/server/http/multipart.hpp>

namespace vultus::server {
namespace {

/// What an answer belongs to: it opens for the same request alone.
std::string_view about_request(const AnswerKey& key) {
  return {reinterpret_cast<const char*>(key.request.data()), key.request.size()};
}

std::vector<std::byte> seal_answer(const AnswerKey& key, const Response& answer) {
  nlohmann::json headers = nlohmann::json::array();
  for (const auto& [name, value] : answer.headers.fields()) headers.push_back({name, value});
  const std::string plain = nlohmann::json{{"status", answer.status}, {"headers", headers}}.dump() + "\n" + answer.body;
  return Sealer(key.seal).seal(plain, about_request(key));
}

Result<Response> open_answer(const AnswerKey& key, std::span<const std::byte> sealed) {
  const Error damaged = fail(ErrorCode::internal, "an answer that was kept does not open");
  const auto opened = Sealer(key.seal).open(sealed, about_request(key));
  if (!opened) return damaged;
  const std::string& plain = *opened;
  const std::size_t line = plain.find('\n');
  const auto head = nlohmann::json::parse(plain.substr(0, line), nullptr, false);
  if (line == std::string::npos || head.is_discarded()) return damaged;
  Response answer{.status = head.at("status").get<int>()};
  for (const auto& field : head.at("headers"))
    answer.headers.add(field.at(0).get<std::string>(), field.at(1).get<std::string>());
  answer.body = plain.substr(line + 1);
  return answer;
}

/// What makes a request the same: each piece with its length before it, and contents by their hashes. Of a form its
/// parts count and not the bytes around them: the boundary is drawn anew at every attempt.
std::string request_text(const Digest& key, const Request& request) {
  std::string text;
  const auto add = [&text](std::string_view piece) {
    text += std::to_string(piece.size());
    text += ':';
    text += piece;
  };
  const auto add_hash = [&](std::string_view content) {
    const Digest hash = keyed_hash(key, content);
    add({reinterpret_cast<const char*>(hash.data()), hash.size()});
  };
  add(name_of(request.method));
  add(request.path);
  for (const auto& [name, value] : request.query) add(name), add(value);
  const std::string_view type = request.headers.find("Content-Type").value_or("");
  const auto form = parse_multipart(type, request.body, {.parts = kMostFormParts});
  if (!form) {
    add(type);
    add_hash(request.body);
    return text;
  }
  add("form");
  for (const FormPart& part : *form) {
    add(part.name);
    add(part.file_name ? "file" : "field");
    add(part.file_name.value_or(""));
    add(part.content_type);
    add_hash(part.content);
  }
  return text;
}

}  // namespace

AnswerKey answer_key(const Digest& caller, std::string_view idempotency_key, const Request& request) {
  const Digest both = keyed_hash(caller, idempotency_key);
  return {.id = keyed_hash(both, "id"),
          .seal = keyed_hash(both, "seal"),
          .request = keyed_hash(both, request_text(both, request))};
}

Result<KeptAnswers::Found> KeptAnswers::begin(const AnswerKey& key, std::int64_t now) {
  VULTUS_TRY(const KeptAnswer found, state_.claim_answer(key.id, now, now - kKeptSeconds));
  if (found.is == KeptAnswer::Is::fresh) return Found{};
  if (found.is == KeptAnswer::Is::in_use) return Found{.is = Is::in_use, .answer = {}};
  if (!same_digest(found.request, key.request)) return Found{.is = Is::other_request, .answer = {}};
  VULTUS_TRY(Response answer, open_answer(key, found.sealed));
  return Found{.is = Is::kept, .answer = std::move(answer)};
}

Status KeptAnswers::end(const AnswerKey& key, const Response* answer, std::string_view collection, std::int64_t now) {
  if (answer == nullptr) return state_.release_answer(key.id);
  return state_.keep_answer(key.id, key.request, collection, seal_answer(key, *answer), now);
}

Status KeptAnswers::forget(std::string_view collection) { return state_.forget_answers(collection); }

}  // namespace vultus::server
