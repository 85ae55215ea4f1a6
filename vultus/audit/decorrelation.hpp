// Attributes that say the same thing are one; those that say the group are none. Internal to the room.
#pragma once

#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include <vultus/audit/attributes.hpp>

namespace vultus::audit {

struct Decorrelated {
  std::vector<std::size_t> kept;
  std::vector<std::size_t> dropped;                         ///< |phi| to the group above the limit, or never varying
  std::vector<std::pair<std::size_t, std::size_t>> merged;  ///< (attribute, the one that stays for it)
};

/// Complete linkage over |phi|, so that every two attributes of a cluster are tied; the most frequent one stays for it.
/// An attribute of a pair counts as there if both pictures have it.
[[nodiscard]] Decorrelated decorrelate(std::span<const AttributedPair> pairs, std::size_t attributes, double most);

}  // namespace vultus::audit
