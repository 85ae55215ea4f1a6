// Compound expressions: seven pairs of basic ones, told from six independent probabilities.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string_view>

namespace vultus::expression {

/// The basic expressions of the network, in the order of its outputs: those of kExpressionNames without neutral.
inline constexpr std::size_t kCompoundParts = 6;

/// A compound and the places of its two members among the parts.
struct Compound {
  std::string_view name;
  std::size_t first = 0;
  std::size_t second = 0;
};

inline constexpr std::size_t kCompounds = 7;
/// The seven compounds of the 7th ABAW challenge. @source the challenge's label set
inline constexpr std::array<Compound, kCompounds> kCompoundTable{{{"fearfully surprised", 1, 0},
                                                                  {"happily surprised", 3, 0},
                                                                  {"sadly surprised", 4, 0},
                                                                  {"disgustedly surprised", 2, 0},
                                                                  {"angrily surprised", 5, 0},
                                                                  {"sadly fearful", 4, 1},
                                                                  {"sadly angry", 4, 5}}};
inline constexpr std::array<std::string_view, kCompounds> kCompoundNames{
    {kCompoundTable[0].name, kCompoundTable[1].name, kCompoundTable[2].name, kCompoundTable[3].name,
     kCompoundTable[4].name, kCompoundTable[5].name, kCompoundTable[6].name}};

/// The score of each compound: the sum of its two members, [0, 2].
/// @param parts  kCompoundParts probabilities, each for itself
[[nodiscard]] std::array<double, kCompounds> compound_scores(std::span<const double, kCompoundParts> parts);
/// The compound with the highest score; of equal ones the first of the table.
[[nodiscard]] std::size_t best_compound(std::span<const double, kCompoundParts> parts);

}  // namespace vultus::expression
