// Is a gap between two groups a matter of appearance? Searches combinations of attributes for which it goes away
// (system 26). The formulas are our reading of the paper.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <vultus/core/result.hpp>
#include <vultus/evaluation/bootstrap.hpp>
#include <vultus/evaluation/figure.hpp>

namespace vultus::audit {

inline constexpr std::size_t kMostAttributes = 64;

/// A mated pair of pictures: the attributes that both have, and those that neither has, as bits.
struct AttributedPair {
  double score = 0;
  std::uint32_t person = 0;   ///< any number; one person has one group
  std::uint8_t group = 0;     ///< 0 or 1, e.g. male and female
  std::uint64_t both = 0;     ///< bit i: attribute i is there in both pictures
  std::uint64_t neither = 0;  ///< bit i: in neither; where the pictures differ, in none of the two
};

/// Attribute `attribute` is there, or is not, in both pictures of a pair.
struct Literal {
  std::size_t attribute = 0;
  bool there = true;
  bool operator==(const Literal&) const = default;
};

/// False non-match rates of the two groups among the pairs that hold, and their difference.
struct GapUnder {
  std::array<std::uint64_t, 2> pairs{};
  std::array<double, 2> fnmr{};
  double gap = 0;  ///< of group 1 less group 0
  bool operator==(const GapUnder&) const = default;
};

struct AttributeSearchOptions {
  double threshold = 0;           ///< global, chosen on impostors without any filter
  double most_association = 0.5;  ///< attributes with |phi| above it to another are merged, to the group are dropped
  std::size_t least_pairs = 500;  ///< of each group that a combination must leave in the half where it is found
  std::size_t most_literals = 3;  ///< [1, 3]
  std::size_t beam = 50;          ///< combinations that are carried on, and that are tried on the other half
  double margin = 0.02;           ///< a gap within +-margin is taken for none
  double false_discovery = 0.05;  ///< Benjamini-Hochberg
  int control_runs = 5;           ///< searches with attributes dealt out anew to persons: what they find is chance
  evaluation::BootstrapOptions bootstrap;
};

/// A combination that was found on one half of the persons and holds on the other.
struct Combination {
  std::vector<Literal> literals;
  GapUnder found;                                ///< on the half where it was looked for
  GapUnder confirmed;                            ///< on the other half
  std::array<std::uint64_t, 2> persons{};        ///< of each group on the other half
  std::optional<evaluation::Interval> interval;  ///< of the confirmed gap, over persons
  double p = 1;                                  ///< that the gap is within the margin by chance
  double relative = 0;                           ///< |gap| / |gap without filter|, on the other half
  double normalised = 0;                         ///< |gap| / mean FNMR of both groups; 0 where nobody is rejected
  double support = 0;                            ///< share of the pairs that it leaves
  double fnmr_change = 0;                        ///< FNMR of all pairs it leaves less that of all
};

/// One attribute held constant: the gap between groups that are alike in it.
struct AdjustedGap {
  std::size_t attribute = 0;
  double gap = 0;  ///< mean of the gaps with and without it, weighted by all pairs of the stratum
};

struct AttributeSearch {
  GapUnder overall;
  std::optional<evaluation::Interval> interval;             ///< of the overall gap, over persons
  bool gap_to_explain = false;                              ///< the interval leaves out 0; else nothing is searched for
  std::vector<std::size_t> kept;                            ///< attributes that were searched with
  std::vector<std::size_t> dropped;                         ///< tied to the group
  std::vector<std::pair<std::size_t, std::size_t>> merged;  ///< (attribute, the one that stands for its cluster)
  std::vector<Combination> combinations;                    ///< smallest confirmed gap first
  std::vector<AdjustedGap> adjusted;                        ///< of each kept attribute
  std::vector<std::size_t> control_found;                   ///< confirmed combinations in each control run
};

/// The gap among pairs that hold all literals. @param literals  empty = all pairs
[[nodiscard]] GapUnder gap_under(std::span<const AttributedPair> pairs, std::span<const Literal> literals,
                                 double threshold);

/// Searches on a random half of the persons, confirms on the other: bootstrap over persons, equivalence to 0 within the
/// margin, Benjamini-Hochberg over all that were tried. The pairs of a combination are those of both groups that hold
/// it; each group's rate is its own, so unequal numbers do not move the gap. Both groups need 3/margin persons on the
/// other half: fewer cannot show that a rate is that small, and pairs of one person are not independent.
/// @param attributes  number of attributes, [1, 64]
/// @error invalid_argument  options out of range, no pairs of one of the groups, a person in both groups, a score that
///                          is not finite, a bit above the attributes, or so few draws that nothing could be confirmed
/// @thread no state
/// @source On the Illusion of Gender Bias in Face Recognition, arXiv 2501.12020; Y. Benjamini, Y. Hochberg, JRSS B
///         57(1), 1995
[[nodiscard]] Result<AttributeSearch> search_attributes(std::span<const AttributedPair> pairs, std::size_t attributes,
                                                        const AttributeSearchOptions& options);

}  // namespace vultus::audit
