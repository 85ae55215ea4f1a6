// Measured thresholds of a model: from a wanted false match rate to a threshold, and back.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <vultus/core/decision.hpp>
#include <vultus/core/result.hpp>

namespace vultus::identity {

/// Two ways of writing the same rate: they differ by less than a billionth of it.
[[nodiscard]] bool is_same_rate(double a, double b);

/// What a protocol run measured for one model. It travels in the manifest of a preset.
struct ThresholdTable {
  ModelId model;
  std::string source;              ///< data and command of the measurement, for people
  std::vector<ThresholdRow> rows;  ///< thresholds strictly rising, false match rates strictly falling; at least one row
  bool operator==(const ThresholdTable&) const = default;
};

/// What is known of the false match rate at a threshold.
struct FmrEstimate {
  std::optional<double> rate;  ///< empty outside the measured range
  double at_least = 0;         ///< the rate lies between these two; equal to `rate` where it is known
  double at_most = 1;
  bool operator==(const FmrEstimate&) const = default;
};

/// @error invalid_argument  no model, no source, no rows, a value out of range, or rows out of order; the row is named
/// @thread no state
[[nodiscard]] Status validate(const ThresholdTable& table);

/// The threshold for a wanted false match rate: the row that has it, or the logarithm of the rate taken as linear
/// between two neighbouring rows. Never extrapolates.
/// @param model  of the embeddings that will be compared
/// @param wanted  false match rate, within the measured range
/// @error invalid_argument  the table is not valid, or the rate lies outside the measured range (which is named)
/// @error model_mismatch    the table belongs to another model
/// @thread no state
[[nodiscard]] Result<OperatingPoint> at_false_match_rate(const ThresholdTable& table, const ModelId& model,
                                                         double wanted);

/// What the measurement says about a threshold that somebody chose: interpolated between rows; outside them only a
/// bound.
/// @param threshold  [-1, 1]
/// @error invalid_argument  the table is not valid, or the threshold is outside [-1, 1]
/// @error model_mismatch    the table belongs to another model
/// @thread no state
[[nodiscard]] Result<FmrEstimate> estimate_fmr(const ThresholdTable& table, const ModelId& model, Cosine threshold);

/// An operating point at a chosen threshold. Outside the measured range its rate is the upper bound (1 below the
/// range), as its `rate_is_bound` and its source say.
/// @error  as for estimate_fmr
/// @thread no state
[[nodiscard]] Result<OperatingPoint> at_threshold(const ThresholdTable& table, const ModelId& model, Cosine threshold);

}  // namespace vultus::identity
