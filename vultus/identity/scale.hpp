// Which measurement decides: that of the user's gallery, or that of the preset.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include <vultus/core/decision.hpp>
#include <vultus/core/result.hpp>
#include <vultus/identity/threshold_table.hpp>

namespace vultus::identity {

/// What was measured on one set of pictures: a point that is used unless something else is asked for, thresholds for
/// other rates around it, and the curve to a probability.
struct Scale {
  OperatingPoint usual;       ///< with its source; `calibrated`, `logistic` and `stale` go into every answer
  double target = 0;          ///< the rate that `usual` was chosen for; 0 = not known
  ThresholdTable thresholds;  ///< without rows = only `usual` is known
};

/// What the user asks for; nothing = the usual point.
struct PointWanted {
  std::optional<double> fmr;        ///< a false match rate
  std::optional<Cosine> threshold;  ///< [-1, 1]; comes before `fmr`
};

/// The operating point for what is asked. The gallery's scale answers as far as it was measured; beyond that the
/// preset's does, and the answer says so (`calibrated`).
/// @param gallery  nothing = the gallery was not calibrated
/// A preset's scale without thresholds stands for a network that nobody measured: without a gallery's own scale only a
/// threshold of the user's answers, its rate bounded by 1.
/// @error invalid_argument  a rate that neither supports (the preset's range is named), a threshold outside [-1, 1], or
///                          nothing was measured and no threshold is given
/// @error model_mismatch    a scale of another model than the preset's
/// @thread no state
[[nodiscard]] Result<OperatingPoint> operating_point(const Scale& preset, const std::optional<Scale>& gallery,
                                                     const PointWanted& wanted);

/// The prior of identification: how likely it is before looking that the probe shows somebody of the gallery, everyone
/// of it equally.
inline constexpr double kPriorOfSomebodyKnown = 0.5;

/// So many people share the probability of an answer; those behind them resemble the face too little to matter.
inline constexpr std::size_t kCandidatesForProbability = 16;

/// Tells each candidate of a search how likely it is that the probe shows that person rather than another candidate or
/// a stranger. By Bayes' rule, with the odds that a curve gives to each similarity taken out of the prior that the
/// curve was fitted for:  P_i = q L_i / (1 - pi + q sum_j L_j),  q = pi / people,  pi = kPriorOfSomebodyKnown. With one
/// person it is the probability of two faces at prior 1/2. People who are not among the candidates count as excluded:
/// hand over kCandidatesForProbability of them.
/// @param candidates  of one search, each subject once
/// @param at          search_logistic, or without it logistic; without both the candidates stay as they are
/// @param people      subjects that were searched; at least as many as candidates
/// @thread no state
void add_probabilities(std::span<Candidate> candidates, const OperatingPoint& at, std::int64_t people);

/// A gallery has grown by a tenth or more since it was measured: strangers meet clearly more people now.
/// @thread no state
[[nodiscard]] bool is_stale(std::int64_t subjects_then, std::int64_t subjects_now);

/// How often a stranger gets some name among so many people if every comparison were a chance of its own:
/// 1 - (1 - fmr)^people. A first guess: it overstates where people resemble each other, and understates where they have
/// several pictures each.
/// @param fmr     [0, 1]
/// @param people  >= 0
/// @thread no state
[[nodiscard]] double first_guess_fpir(double fmr, std::int64_t people);

}  // namespace vultus::identity
