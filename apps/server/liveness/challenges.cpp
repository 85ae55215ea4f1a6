#include <apps/server/liveness/challenges.hpp>

#include <array>
#include <chrono>
#include <cmath>

#include <sodium.h>
#include <nlohmann/json.hpp>

#include <apps/server/api/kept_answers.hpp>
#include <apps/server/keys/key_text.hpp>

namespace vultus::server {
namespace {

std::string about_owner(const ChallengeOwner& owner) {
  return std::string(owner.key) + " " + std::string(owner.collection);
}

/// The steps of a nonce and until when they may be answered.
Result<AskedChallenge> asked_of(std::uint64_t nonce, std::size_t steps, double limit_s, UtcTime created) {
  VULTUS_CHECK(liveness::check(liveness::ChallengeOptions{.limit_s = limit_s}));
  AskedChallenge asked{.nonce = nonce, .steps = {}, .limit_s = limit_s, .created = created, .expires = {}};
  VULTUS_TRY(asked.steps, liveness::draw_steps(steps, nonce));
  const auto of_steps = std::chrono::seconds(std::llround(std::ceil(limit_s * static_cast<double>(steps))));
  asked.expires = created + Challenges::kTimeBeside + of_steps;
  return asked;
}

std::vector<std::byte> bytes_of_hex(std::string_view text) {
  std::vector<std::byte> bytes(text.size() / 2);
  std::size_t length = 0;
  const char* end = nullptr;
  if (sodium_hex2bin(reinterpret_cast<unsigned char*>(bytes.data()), bytes.size(), text.data(), text.size(), nullptr,
                     &length, &end) != 0 ||
      end != text.data() + text.size())
    length = 0;
  bytes.resize(length);
  return bytes;
}

}  // namespace

Digest Challenges::mark_of(std::span<const std::byte> sealed) const {
  return sealer_.mark({reinterpret_cast<const char*>(sealed.data()), sealed.size()});
}

Result<Challenges::Made> Challenges::make(std::size_t steps, double limit_s, const ChallengeOwner& owner, UtcTime now) {
  if (steps < 1 || steps > kMostSteps)
    return fail(ErrorCode::invalid_argument,
                "a challenge of " + std::to_string(steps) + " steps: allowed are 1 to " + std::to_string(kMostSteps));
  std::uint64_t nonce = 0;
  randombytes_buf(&nonce, sizeof nonce);
  VULTUS_TRY(AskedChallenge asked, asked_of(nonce, steps, limit_s, now));
  const nlohmann::json plain{nonce, steps, limit_s, now.time_since_epoch().count()};
  return Made{.text = hex_of(sealer_.seal(plain.dump(), about_owner(owner))), .asked = std::move(asked)};
}

Result<Challenges::Claimed> Challenges::claim(std::string_view text, const ChallengeOwner& owner, UtcTime now) {
  const std::vector<std::byte> sealed = bytes_of_hex(text);
  const auto plain = sealer_.open(sealed, about_owner(owner));
  if (!plain) return Claimed{};
  const auto json = nlohmann::json::parse(*plain);  // ours: it was sealed here
  const UtcTime created{std::chrono::seconds(json.at(3).get<std::int64_t>())};
  VULTUS_TRY(AskedChallenge asked, asked_of(json.at(0).get<std::uint64_t>(), json.at(1).get<std::size_t>(),
                                            json.at(2).get<double>(), created));
  if (now >= asked.expires) return Claimed{.is = Is::expired, .asked = {}};
  const std::int64_t seconds = now.time_since_epoch().count();
  VULTUS_TRY(const KeptAnswer kept, state_.claim_answer(mark_of(sealed), seconds, seconds - KeptAnswers::kKeptSeconds));
  if (kept.is != KeptAnswer::Is::fresh) return Claimed{.is = Is::answered, .asked = {}};
  return Claimed{.is = Is::fresh, .asked = std::move(asked)};
}

Status Challenges::settle(std::string_view text, Settled as, UtcTime now) {
  const Digest mark = mark_of(bytes_of_hex(text));
  if (as == Settled::not_taken) return state_.release_answer(mark);
  // Of no collection: what is kept of those goes when somebody is forgotten, and a challenge must not come back.
  constexpr std::array kAnswered{std::byte{1}};
  return state_.keep_answer(mark, Digest{}, "", kAnswered, now.time_since_epoch().count());
}

}  // namespace vultus::server
