// Answers that are kept for a day, so that a request with the same Idempotency-Key is not carried out twice.
//
// An answer may hold names and, once, the secret of a key. It is kept sealed with a key that is made of the
// caller's own key and of the idempotency key, of which the server keeps neither: without both nobody opens it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <apps/server/data/server_secret.hpp>
#include <apps/server/http/message.hpp>
#include <apps/server/state/state.hpp>

namespace vultus::server {

/// Which answer is meant.
struct AnswerKey {
  Digest id{};       ///< where it lies
  Digest seal{};     ///< what opens it
  Digest request{};  ///< of which request it is: method, path, query and body, or the parts of a form
};
/// @param caller  Principal::seal
[[nodiscard]] AnswerKey answer_key(const Digest& caller, std::string_view idempotency_key, const Request& request);

/// Thread-safe.
class KeptAnswers {
 public:
  static constexpr std::int64_t kKeptSeconds = 24 * 60 * 60;

  /// @param state  must outlive the object
  explicit KeptAnswers(State& state) : state_(state) {}

  enum class Is : std::uint8_t { fresh, kept, other_request, in_use };
  struct Found {
    Is is = Is::fresh;
    Response answer;  ///< where it is kept
  };
  /// Looks for an answer; for a fresh one the key is in use until end() is called.
  Result<Found> begin(const AnswerKey& key, std::int64_t now);
  /// Keeps an answer, where there is one, and lets the key go.
  Status end(const AnswerKey& key, const Response* answer, std::string_view collection, std::int64_t now);
  /// Forgets the answers about a collection: they may hold the name of a person who is to be forgotten.
  Status forget(std::string_view collection);

 private:
  State& state_;
};

}  // namespace vultus::server
