// A key as it is kept, and why a request of one must wait.
#pragma once

#include <cstdint>

#include <apps/server/data/server_secret.hpp>
#include <apps/server/keys/api_key.hpp>

namespace vultus::server {

/// A key and what it has used.
struct KeyRow {
  ApiKey key;
  Digest hash{};
  std::int64_t day = 0;       ///< since 1970
  std::int64_t requests = 0;  ///< of that day
};

/// Why a request of a key that is known must wait.
struct Wait {
  enum class Reason : std::uint8_t { rate, quota };
  Reason reason = Reason::rate;
  std::int64_t limit = 0;  ///< requests a day, for quota
  double seconds = 0;      ///< until the next one
};

}  // namespace vultus::server
