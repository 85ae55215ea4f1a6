// How many attacks pass and how many people are turned away: ISO/IEC 30107-3 over folders of both.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include <vultus/core/result.hpp>
#include <vultus/engine/presentations.hpp>
#include <vultus/evaluation/bootstrap.hpp>
#include <vultus/evaluation/figure.hpp>
#include <vultus/liveness/face_judge.hpp>

namespace vultus::engine {

struct PadOptions {
  std::string real;  ///< folder of people
  std::string fake;  ///< folder of attacks; its subfolders are their kinds
  liveness::Policy policy;
  std::string network{liveness::kUsualNetwork};  ///< what judges
  bool leave_one_family_out = false;
  evaluation::BootstrapOptions bootstrap;
};

/// A rate with its interval.
struct PadRate {
  double value = 0;
  std::optional<evaluation::Interval> interval;  ///< empty: too few groups, or undefined in many draws
};

/// A kind of attack.
struct PadSpecies {
  std::string name;
  std::int64_t attacks = 0;  ///< presentations
  std::int64_t scored = 0;   ///< of them, those with a score
  std::int64_t passed = 0;   ///< of the scored ones, those taken for live
  PadRate apcer;             ///< passed / scored
};

/// A kind of attack that had no part in the choice of the threshold.
struct PadFamilyOut {
  std::string name;
  double threshold = 0;  ///< of equal error, on the other kinds and the first half of the people
  PadRate apcer;         ///< of this kind; the interval of each is of the choice of the threshold, too
  PadRate bpcer;         ///< of the second half of the people
  PadRate acer;
};

/// How many people are turned away where no kind of attack passes more often than some rate.
struct PadPoint {
  double apcer = 0;      ///< at most
  double threshold = 0;  ///< chosen on these very data
  PadRate bpcer;         ///< its interval is of the choice of the threshold, too
};

/// Of a single number of each picture that knows nothing of faces.
struct PadBaseline {
  double auc = 0;  ///< of the better direction
  double eer = 0;  ///< of the better direction
};

struct PadResult {
  std::int64_t live = 0, live_scored = 0;        ///< presentations of people, and those with a score
  std::int64_t attacks = 0, attacks_scored = 0;  ///< presentations of attacks
  double threshold = 0;
  std::optional<PadRate> apcer, bpcer, acer, hter, eer, auc;  ///< empty where one side has no score at all
  std::vector<PadPoint> bpcer_at;         ///< APCER at most 10 %, 5 %, 1 %: BPCER10, BPCER20, BPCER100
  double eer_threshold = 0;               ///< chosen on these very data: for information, never for use on them
  double bpnrr = 0, apnrr = 0;            ///< people and attacks without a score: no face, too small, too dark ...
  std::vector<PadSpecies> species;        ///< by name
  std::vector<PadFamilyOut> families;     ///< where it was asked for
  std::optional<PadBaseline> saturation;  ///< by mean colour saturation alone
  std::int64_t groups = 0;                ///< that were drawn for the intervals
  bool planted = false;                   ///< the attacks are called planted by their truth.json
};

struct PadBenchmark {
  PadResult result;
  std::vector<ScoredFile> files;  ///< people, then attacks, in the order of their names
  double seconds = 0;
};

/// The numbers of files that were scored. Files that could not be read have no part in them.
/// @error invalid_argument  options outside their range, no file of one side, or, to leave one family out, fewer than
/// two kinds of attack
/// @thread no state
/// @source ISO/IEC 30107-3:2023, sections 13.2 and 13.3: APCER of the kind that passes most often, BPCER, BPCER at
/// fixed
///         APCER, and the non-response rates APNRR and BPNRR
[[nodiscard]] Result<PadResult> pad_result(std::span<const ScoredFile> files, const PadOptions& options);

/// Scores both folders and measures.
/// @param progress  gets the number of files done and of all
/// @error those of presented_files, score_files and pad_result
[[nodiscard]] Result<PadBenchmark> run_pad_benchmark(const Engine& engine, const PadOptions& options,
                                                     const std::function<void(std::size_t, std::size_t)>& progress = {},
                                                     const std::stop_token& stop = {});

/// One row a file: path, species, score, decision, reason.
[[nodiscard]] std::string pad_scores_csv(std::span<const ScoredFile> files);

}  // namespace vultus::engine
