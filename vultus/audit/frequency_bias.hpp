// Does a recogniser rest on the same spatial frequencies in all groups of people?
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include <vultus/core/result.hpp>
#include <vultus/evaluation/bootstrap.hpp>
#include <vultus/evaluation/figure.hpp>

namespace vultus::audit {

inline constexpr std::int64_t kLeastFrequencyUnits = 10;  ///< fewer in a group: it is not compared
inline constexpr std::int64_t kFewFrequencyUnits = 30;    ///< fewer: compared, with a warning

enum class FrequencyStatistic : std::uint8_t {
  difference,  ///< of the means, as the bands come: those in which people differ most decide
  scaled       ///< divided by the deviation of the band over the people of both groups: every band counts alike
};

struct FrequencyAuditOptions {
  FrequencyStatistic statistic = FrequencyStatistic::difference;
  int permutations = 2000;  ///< of the group labels, [100, 1000000]
  double level = 0.05;      ///< of the verdicts, after correction for the pairs of groups, (0, 1)
  evaluation::BootstrapOptions bootstrap;
};

/// What is drawn and dealt out as one: a person, or two strangers of one group.
struct FrequencyUnit {
  std::uint32_t group = 0;         ///< number of its group
  std::vector<double> importance;  ///< of each band: how much the score changes without it
  double score = 0;                ///< mean cosine of its whole pictures
  bool operator==(const FrequencyUnit&) const = default;
};

/// One group.
struct FrequencyProfile {
  std::string name;
  std::int64_t units = 0;
  double score = 0;                           ///< mean of the units
  bool measurable = false;                    ///< at least kLeastFrequencyUnits
  std::vector<evaluation::Figure> bands;      ///< mean importance of each band; intervals where measurable
  std::optional<std::size_t> most_important;  ///< the band of the largest mean; empty without units
};

/// Two groups: the first less the second.
struct FrequencyComparison {
  std::size_t first = 0;  ///< number of the group
  std::size_t second = 0;
  double statistic = 0;            ///< T = max over bands of |difference of the means|, scaled where wanted
  std::size_t band = 0;            ///< where it is reached
  double p = 1;                    ///< (1 + #{T* >= T}) / (permutations + 1)
  double p_corrected = 1;          ///< Holm, over the pairs of groups that were compared
  std::vector<double> difference;  ///< of each band, as the bands come
  std::vector<double> band_p;      ///< of each band, against the largest of all bands: holds for all bands together
  bool differs = false;            ///< p_corrected <= level
};

struct FrequencyAudit {
  std::vector<FrequencyProfile> groups;
  std::vector<FrequencyComparison> comparisons;  ///< of every two measurable groups
};

/// Profiles of groups, and whether they differ. The labels are dealt out anew among the units of the two groups that
/// are compared; a unit keeps all its bands, so that what bands have in common stays.
/// @param units  of all groups, each with the same number of bands; a group of names.size() or more = in no group
/// @param names  of the groups
/// @error invalid_argument  options outside their range, units of different bands or with values that are not finite,
///                          no bands, or no unit in any group
/// @error cancelled         stop was requested
/// @thread no state; the same seed gives the same answer
/// @source Frequency Matters, arXiv 2501.16896: importance |cs_ref - cs_b|; the permutation test over identities is our
/// reading. Single-step maximum: P. Westfall, S. Young, Resampling-Based Multiple Testing, 1993. Pairs of groups: S.
/// Holm, A Simple Sequentially Rejective Multiple Test Procedure, 1979
[[nodiscard]] Result<FrequencyAudit> audit_frequency(std::span<const FrequencyUnit> units,
                                                     std::span<const std::string> names,
                                                     const FrequencyAuditOptions& options,
                                                     const std::stop_token& stop = {});

/// Holm's corrected p-values, in the order of the values given.
/// @param p  [0, 1]
[[nodiscard]] std::vector<double> holm(std::span<const double> p);

}  // namespace vultus::audit
