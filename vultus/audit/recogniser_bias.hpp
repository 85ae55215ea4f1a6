// Does a face recogniser err equally often with all groups of people? Works on any scores of pairs.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include <vultus/core/result.hpp>
#include <vultus/evaluation/all_pairs.hpp>
#include <vultus/evaluation/bootstrap.hpp>
#include <vultus/evaluation/figure.hpp>
#include <vultus/evaluation/verification.hpp>

namespace vultus::audit {

struct RecogniserAuditOptions {
  double target_fmr = 1e-3;  ///< of all pictures together: one threshold for everybody
  double weight = 0.5;       ///< of false matches against false non-matches in FDR and GARBE, [0, 1]
  int threads = 1;
  evaluation::BootstrapOptions bootstrap;
};

/// One group at the threshold of all.
struct GroupErrors {
  evaluation::GroupRates rates;
  bool fmr_measurable = false;              ///< at least 3/target impostor pairs within the group
  bool fnmr_measurable = false;             ///< at least 30 mated pairs of at least 10 persons
  std::vector<evaluation::ErrorRates> det;  ///< of the group's own pairs; empty where one kind is missing
};

struct RecogniserAudit {
  double target_fmr = 0;
  double threshold = 0;
  evaluation::Figure fmr;                  ///< all pairs
  std::optional<evaluation::Figure> fnmr;  ///< empty where fewer than two people have two pictures
  std::vector<GroupErrors> groups;
  std::uint64_t cross_pairs = 0;  ///< impostor pairs of persons of two groups
  std::uint64_t cross_false_matches = 0;
  /// Over the measurable groups; empty where fewer than two are, or a rate of 0 leaves a ratio without meaning.
  std::optional<double> fmr_ratio;  ///< largest / smallest
  std::optional<double> fnmr_ratio;
  std::optional<double> fmr_to_mean;  ///< largest / geometric mean
  std::optional<double> fnmr_to_mean;
  std::optional<double> fdr;    ///< 1 - (a max |dFMR| + (1 - a) max |dFNMR|); 1 = no difference
  std::optional<double> garbe;  ///< a Gini(FMR) + (1 - a) Gini(FNMR); 0 = no difference
};

/// Gini coefficient with the correction for few groups, n / (n - 1) * sum |x_i - x_j| / (2 n^2 mean).
/// @param values  at least 2, >= 0; all 0 gives 0
/// @source J. Howard et al., Evaluating Proposed Fairness Models for Face Recognition Algorithms, 2022, equation 5
[[nodiscard]] double gini(std::span<const double> values);

/// @param person_of  person of each picture
/// @param score      of two pictures by number, [-1, 1]
/// @param group_of   of each person in rising order of the numbers; names.size() or more = in no group
/// @param names      of the groups
/// @error invalid_argument  as evaluation::AllPairs: above all fewer than 3/target impostor pairs; weight outside [0,
/// 1]
/// @error cancelled         stop was requested
/// @thread no state; `score` is called by several threads
/// @cost three passes over all pairs
/// @source FDR: T. de Freitas Pereira, S. Marcel, Fairness in Biometrics, TBIOM 2021; GARBE: J. Howard et al., 2022
[[nodiscard]] Result<RecogniserAudit> audit_recogniser(std::span<const std::uint32_t> person_of,
                                                       const evaluation::ScoreOfPair& score,
                                                       std::span<const std::uint32_t> group_of,
                                                       std::span<const std::string> names,
                                                       const RecogniserAuditOptions& options,
                                                       const std::stop_token& stop = {});

}  // namespace vultus::audit
