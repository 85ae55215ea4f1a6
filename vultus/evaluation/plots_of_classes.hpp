// Plots of classifiers: are they as sure as they should be, and what do they take for what?
#pragma once

#include <span>
#include <string>

#include <vultus/core/result.hpp>
#include <vultus/evaluation/classification.hpp>
#include <vultus/evaluation/confidence.hpp>
#include <vultus/evaluation/plot.hpp>

namespace vultus::evaluation {

/// Accuracy over confidence, one point a bin, beside the diagonal of a classifier that is as sure as it should be.
[[nodiscard]] Plot reliability_plot(std::string title, std::span<const ReliabilityBin> bins);

/// A confusion matrix as a table of shaded cells: the share of each truth, with the count below; truths are rows.
/// @param names  of the classes, in the order of the matrix
/// @return one SVG element like those of svg(Plot)
/// @error invalid_argument  another number of names than classes, or more than 40 classes
/// @thread no state
[[nodiscard]] Result<std::string> confusion_svg(const std::string& title, const ConfusionMatrix& matrix,
                                                std::span<const std::string> names);

}  // namespace vultus::evaluation
