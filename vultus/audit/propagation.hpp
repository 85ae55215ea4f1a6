// Does bias of the data reach the model? Bias of data sets against bias of the models that were trained on them.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <vultus/core/result.hpp>
#include <vultus/evaluation/bootstrap.hpp>
#include <vultus/evaluation/figure.hpp>

namespace vultus::audit {

/// One trained model.
struct TrainedRun {
  std::string name;
  double dataset_bias = 0;
  double model_bias = 0;
  bool operator==(const TrainedRun&) const = default;
};

struct Propagation {
  std::vector<evaluation::Figure> figures;  ///< "slope", "Pearson", "Spearman", each with its interval over runs
};

/// Slope of the least-squares line, correlation, and correlation of the ranks (equal values share their mean rank).
/// @param runs  at least 3, neither bias constant
/// @error invalid_argument  fewer runs, a value that is not finite, or a constant bias
/// @thread no state
/// @source Biased Heritage, arXiv 2503.03446; C. Spearman, American Journal of Psychology 15(1), 1904
[[nodiscard]] Result<Propagation> propagation(std::span<const TrainedRun> runs,
                                              const evaluation::BootstrapOptions& options = {});

}  // namespace vultus::audit
