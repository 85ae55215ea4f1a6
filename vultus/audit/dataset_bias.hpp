// How biased is a data set, and data sets with a bias that was put in on purpose.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <vultus/core/result.hpp>
#include <vultus/evaluation/association.hpp>
#include <vultus/evaluation/table.hpp>

namespace vultus::audit {

/// Who is there, and how often.
struct Representation {
  double effective_groups = 0;  ///< exp of the entropy of the shares
  double bias = 0;              ///< 1 - (effective - 1) / (groups - 1): 0 = all alike, 1 = one group alone
  double imbalance = 0;         ///< largest group / smallest group
  bool operator==(const Representation&) const = default;
};

/// Our reading of the paper's representational bias.
/// @param counts  of each group, none 0
/// @error invalid_argument  fewer than 2 groups, or one of nobody
/// @thread no state
/// @source I. Dominguez-Catena et al., Metrics for Dataset Demographic Bias, TPAMI 2024: effective number of groups
[[nodiscard]] Result<Representation> representation(const std::vector<std::uint64_t>& counts);

struct DatasetBias {
  std::vector<std::string> groups;
  std::vector<std::uint64_t> counts;
  Representation representational;
  std::vector<std::string> classes;                      ///< empty where no column of classes was given
  evaluation::CountTable table;                          ///< [group][class]
  std::optional<evaluation::Association> stereotypical;  ///< empty without classes
  std::vector<std::vector<double>> pointwise;            ///< normalised, [group][class]
};

/// @param group, label  columns; label empty = no classes
/// @error invalid_argument, corrupt_data  of the table, of representation and association
[[nodiscard]] Result<DatasetBias> dataset_bias(const evaluation::Table& table, const std::string& group,
                                               const std::string& label);

enum class BiasKind : std::uint8_t {
  representational,  ///< the share of the group in every class
  stereotypical,     ///< the share of the group in some classes; all groups alike in the others
};

struct InducePlan {
  BiasKind kind = BiasKind::representational;
  std::string group_column;
  std::string label_column;
  std::string group;                 ///< whose share is set
  std::vector<std::string> classes;  ///< of stereotypical bias: where it is set
  double fraction = 0.5;             ///< [0, 1]
  std::int64_t per_class = 0;        ///< samples of each class; 0 = the most that all fractions from 0 to 1 allow
  std::uint64_t seed = 1;
};

struct Induced {
  std::vector<std::size_t> rows;  ///< of the table, ascending
  std::int64_t per_class = 0;
  evaluation::CountTable table;  ///< [group][class], as drawn
};

/// Draws rows without replacement so that the group has the wanted share and every class the same total, whatever the
/// share: only the bias changes from one fraction to another. The other groups share the rest as equally as whole
/// numbers allow. Our reading of the paper's induction.
/// @error invalid_argument  fraction outside [0, 1]; a group or class that is not there; fewer samples than a cell
/// needs
///                          (the cell, what it has and what it needs are named)
/// @thread no state
[[nodiscard]] Result<Induced> induce(const evaluation::Table& table, const InducePlan& plan);

}  // namespace vultus::audit
