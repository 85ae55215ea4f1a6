// Action units against people's codes: subject-exclusive folds, ICC, correlation and F1.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <vultus/core/result.hpp>
#include <vultus/evaluation/bootstrap.hpp>

namespace vultus::evaluation {

/// Consistency of raters, one rating each: ICC(3,1) = (BMS - EMS) / (BMS + (k - 1) EMS).
/// @param ratings  ratings[item][rater], at least 2 items of the same k >= 2 finite ratings
/// @return [-1 / (k - 1), 1]
/// @error invalid_argument  other ratings, or all of them equal (it is undefined)
/// @source P. Shrout, J. Fleiss, Psychological Bulletin 86(2), 1979
[[nodiscard]] Result<double> intraclass_3_1(std::span<const std::vector<double>> ratings);

/// One frame of one unit.
struct UnitFrame {
  std::uint32_t subject = 0;  ///< index into the subjects
  double truth = 0;           ///< code: intensity [0, 5], or occurrence 0 or 1
  double said = 0;            ///< intensity that was read, [0, 5]
};

struct UnitProtocolOptions {
  std::size_t folds = 3;    ///< of subjects, each tested once; [2, subjects]
  bool occurrence = false;  ///< codes say occurrence alone: ICC, correlation and MAE are left out
  double present_from = 2;  ///< code from which the unit is there; 1 for occurrence
  double said_from = 1;     ///< intensity from which the unit counts as read, before anything is fitted
  BootstrapOptions bootstrap{.draws = 500};  ///< over subjects
};

struct UnitFigure {
  double value = 0;
  std::optional<Interval> interval;  ///< empty: fewer than 2 subjects, or undefined for too many draws
};

struct UnitFigures {
  std::optional<UnitFigure> icc;      ///< ICC(3,1) of code and reading; empty where both are constant
  std::optional<UnitFigure> pearson;  ///< empty where one is constant
  std::optional<UnitFigure> mae;      ///< mean absolute error
  std::optional<UnitFigure> f1;       ///< of presence; empty where the unit neither occurs nor is read
};

struct UnitScores {
  std::size_t frames = 0;
  std::size_t subjects = 0;  ///< with frames
  std::size_t present = 0;   ///< frames with the unit, by the codes
  UnitFigures as_said;       ///< the readings as they are: nothing was fitted
  UnitFigures fitted;        ///< line and threshold fitted on the subjects of the other folds
};

/// Scores of one unit over all frames; each subject is tested once. What is fitted is the line from reading to code
/// (least squares, slope at least 0) and the threshold of presence that gives the best F1, both on the training
/// subjects of each fold alone. Folds: subjects of most frames first, each into the smallest fold.
/// @param subjects  their names
/// @error invalid_argument  no frames, a subject beyond the names, values outside their range, or folds without frames
/// @thread no state
/// @source the usual protocol on DISFA and BP4D (three folds of subjects); the line is our reading
[[nodiscard]] Result<UnitScores> unit_protocol(std::span<const UnitFrame> frames, std::span<const std::string> subjects,
                                               const UnitProtocolOptions& options);

}  // namespace vultus::evaluation
