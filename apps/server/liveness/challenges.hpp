// Challenges of active liveness: drawn for a caller, answered once and within their time.
//
// A server keeps none of them. The text that the caller gets is the challenge, sealed with the secret of the servers:
// any of them opens it, and only for the key and the collection it was made for. That it was answered is kept where
// answers of repeated requests are kept, for as long as those.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <vultus/core/result.hpp>
#include <vultus/gallery/utc_time.hpp>
#include <vultus/liveness/challenge.hpp>

#include <apps/server/data/sealer.hpp>
#include <apps/server/state/state.hpp>

namespace vultus::server {

struct AskedChallenge {
  std::uint64_t nonce = 0;            ///< what the steps are drawn with
  std::vector<liveness::Step> steps;  ///< in the order in which they are asked
  double limit_s = 0;                 ///< for each step
  UtcTime created{};
  UtcTime expires{};  ///< an answer must have come by then
};

/// Whose it is: others do not know it.
struct ChallengeOwner {
  std::string_view key;  ///< id
  std::string_view collection;
};

/// Thread-safe.
class Challenges {
 public:
  static constexpr std::size_t kMostSteps = 6;
  /// What a person and the sending have beside the time of the steps.
  static constexpr std::chrono::seconds kTimeBeside{120};

  /// @param state  must outlive the object
  Challenges(State& state, const ServerSecret& secret) : state_(state), sealer_(secret, "challenge") {}

  struct Made {
    std::string text;
    AskedChallenge asked;
  };
  /// @param steps    [1, kMostSteps]
  /// @param limit_s  as ChallengeOptions::limit_s
  /// @error invalid_argument  one outside its range
  Result<Made> make(std::size_t steps, double limit_s, const ChallengeOwner& owner, UtcTime now);

  enum class Is : std::uint8_t { fresh, unknown, expired, answered };
  struct Claimed {
    Is is = Is::unknown;
    AskedChallenge asked;  ///< where it is fresh
  };
  /// Opens a challenge that is to be answered now. A fresh one is nobody else's until settle() is called.
  Result<Claimed> claim(std::string_view text, const ChallengeOwner& owner, UtcTime now);
  enum class Settled : std::uint8_t {
    answered,   ///< for good
    not_taken,  ///< the server had no room for it: another answer may come
  };
  Status settle(std::string_view text, Settled as, UtcTime now);

 private:
  /// Of its bytes, not of its text, which has many spellings.
  [[nodiscard]] Digest mark_of(std::span<const std::byte> sealed) const;
  State& state_;
  Sealer sealer_;
};

}  // namespace vultus::server
