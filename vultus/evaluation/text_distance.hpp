// How near a text that was read is to the text that is there.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace vultus::evaluation {

/// Smallest number of insertions, deletions and replacements of Unicode characters. A byte that belongs to no character
/// counts as one.
/// @cost product of the lengths
/// @thread no state
/// @source V. Levenshtein, Soviet Physics Doklady 10(8), 1966
[[nodiscard]] std::size_t levenshtein(std::string_view a, std::string_view b);

/// The first of the texts with the smallest distance to what was written.
/// @param fewer_than  so large a distance is too large
/// @return nothing where none is nearer than that
[[nodiscard]] std::optional<std::string> nearest_text(std::string_view written, std::span<const std::string> texts,
                                                      std::size_t fewer_than);

/// 1-NED = 1 - distance / length of the longer text, [0, 1]; 1 where both are empty. Case counts.
[[nodiscard]] double text_similarity(std::string_view truth, std::string_view read);

}  // namespace vultus::evaluation
