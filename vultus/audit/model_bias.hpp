// Does a classifier treat groups of people alike? Every metric of system 13 with its interval, and what is too small.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <vultus/core/result.hpp>
#include <vultus/evaluation/bootstrap.hpp>
#include <vultus/evaluation/fairness.hpp>
#include <vultus/evaluation/figure.hpp>
#include <vultus/evaluation/table.hpp>

namespace vultus::audit {

/// A cell of group and class with fewer samples is warned of: with 30 the 95 % interval of a recall spans some 0.35.
inline constexpr std::int64_t kSmallCell = 30;

struct ModelAuditOptions {
  std::string truth = "y_true";
  std::string predicted = "y_pred";
  std::string axis;                  ///< column of the groups, e.g. "gender"
  std::vector<std::string> only;     ///< groups that are compared; empty = all. Rows of others are left out
  std::vector<std::string> classes;  ///< labels that there are; empty = those of the truth in rows that are compared
  std::string subjects;              ///< column of what is drawn for the intervals; empty = every row alone
  evaluation::BootstrapOptions bootstrap;
};

/// One group and how it fares.
struct GroupRecalls {
  std::string name;
  std::int64_t members = 0;
  double error = 0;
  std::vector<std::int64_t> support;  ///< samples of each class
  std::vector<double> recall;         ///< of each class
};

/// A metric that these rows leave undefined.
struct UndefinedFigure {
  std::string name;
  std::string why;
};

struct ModelAudit {
  std::string axis;
  std::vector<std::string> classes;
  std::vector<GroupRecalls> groups;  ///< by name
  /// Error, OD, CEV, SDE, TTEqOdds, CEqOdds, EqOpp, DemPar, but those that are undefined.
  std::vector<evaluation::Figure> figures;
  std::vector<UndefinedFigure> undefined;
  std::int64_t rows = 0;                 ///< that were compared
  std::int64_t rows_left_out = 0;        ///< of groups that are not compared, or of none
  std::vector<std::string> small_cells;  ///< "Female, fear: 12 samples"
};

/// Audits a table of predictions along one axis.
/// @return intervals are those of evaluation::fairness_intervals
/// @error invalid_argument  a column or a group of `only` that is not there, a compared row without a truth, a
///                          predicted label that is no label (the nearest one is named), else as
///                          evaluation::fairness_scores: a group without a sample of a class, one member ...
/// @thread no state
[[nodiscard]] Result<ModelAudit> audit_model(const evaluation::Table& table, const ModelAuditOptions& options);

/// The labels of a column that are meant by a text that is none of them: the nearest by edit distance, if it is near.
[[nodiscard]] std::optional<std::string> nearest_name(const std::string& text, const std::vector<std::string>& names);

}  // namespace vultus::audit
