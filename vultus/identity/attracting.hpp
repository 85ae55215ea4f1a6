// Subjects that others are taken for more often than the gallery explains. Internal to the room.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <vultus/identity/gallery_scan.hpp>

namespace vultus::identity {

/// P(X >= successes) of `trials` chances of `rate` each.
/// @param rate  [0, 1]
[[nodiscard]] double binomial_tail(std::int64_t trials, std::int64_t successes, double rate);

/// P(Z >= z) of a standard normal variable.
[[nodiscard]] double normal_tail(double z);

/// Which hypotheses are refused so that the expected share of wrongly refused ones among them is at most `q`.
/// @param p  probabilities under the hypotheses, in any order
/// @return of each whether it is refused
/// @source Benjamini and Hochberg, Controlling the False Discovery Rate, J. R. Statist. Soc. B 57 (1995)
[[nodiscard]] std::vector<bool> refuse_by_discovery_rate(std::span<const double> p, double q);

/// A subject that attracts false matches.
struct Attracting {
  std::uint32_t subject = 0;
  double share = 0;             ///< of the references that are taken for it
  double usual_share = 0;       ///< what the rate of all others lets expect for as many faces
  double similarity = 0;        ///< mean similarity to strangers
  double usual_similarity = 0;  ///< the gallery's middle
  double probability = 0;       ///< of so much or more by chance, before the correction for the number of subjects
};

/// Subjects for which both hold beyond chance: strangers are more similar to them on average than the spread of the
/// gallery's subjects explains (normal tail of the distance to the median in units of 1.4826 median absolute
/// deviations), and more of the references match them than the rate of all others explains (binomial tail). The larger
/// of the two probabilities counts, so that both hypotheses must fall, and q controls the share of false discoveries
/// over all subjects.
/// @param excused  of each subject those whose likeness is explained already (one person under two names); sorted
[[nodiscard]] std::vector<Attracting> attracting_subjects(const GalleryScan& scan,
                                                          const std::vector<std::vector<std::uint32_t>>& excused,
                                                          double q);

}  // namespace vultus::identity
