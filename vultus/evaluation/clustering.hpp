// How well clusters agree with the truth: pairs and B-cubed.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include <vultus/core/result.hpp>
#include <vultus/evaluation/bootstrap.hpp>
#include <vultus/evaluation/figure.hpp>

namespace vultus::evaluation {

/// Precision, recall and their harmonic mean, [0, 1].
struct ClusterAgreement {
  double precision = 1;  ///< 1 where nothing was claimed
  double recall = 1;     ///< 1 where there was nothing to find
  double f = 1;          ///< 2 p r / (p + r); 0 where both are 0
  bool operator==(const ClusterAgreement&) const = default;
};

struct ClusterScores {
  ClusterAgreement pairs;   ///< of all pairs of items: together and rightly so
  ClusterAgreement bcubed;  ///< mean over items: share of its cluster with its identity, of its identity in its cluster
  std::int64_t items = 0;
  std::int64_t identities = 0;
  std::int64_t clusters = 0;
  bool operator==(const ClusterScores&) const = default;
};

/// @param cluster_of   of each item, any numbers
/// @param identity_of  of each item, any numbers
/// @error invalid_argument  lists of different lengths, or no item
/// @thread no state
/// @source A. Bagga, B. Baldwin, Algorithms for scoring coreference chains, LREC 1998; E. Amigó et al., A comparison of
///         extrinsic clustering evaluation metrics, Information Retrieval 12, 2009
[[nodiscard]] Result<ClusterScores> score_clusters(std::span<const std::uint32_t> cluster_of,
                                                   std::span<const std::uint32_t> identity_of);

/// Intervals of the six numbers: identities are drawn with replacement, each with all its items. The clusters stay as
/// they are. A pair of items of identities i and j counts w_i w_j times, one within identity i w_i times: copies of a
/// person who was drawn twice are not compared with each other.
struct ClusterIntervals {
  Interval pair_precision, pair_recall, pair_f;
  Interval bcubed_precision, bcubed_recall, bcubed_f;
  bool operator==(const ClusterIntervals&) const = default;
};

/// @error invalid_argument  as score_clusters() and bootstrap_groups()
[[nodiscard]] Result<ClusterIntervals> cluster_intervals(std::span<const std::uint32_t> cluster_of,
                                                         std::span<const std::uint32_t> identity_of,
                                                         const BootstrapOptions& options);

}  // namespace vultus::evaluation
