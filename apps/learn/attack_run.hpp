// How well attacks on some networks work against others: what vultus-learn attack measures.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <vultus/core/image.hpp>
#include <vultus/core/result.hpp>

#include <apps/cli/settings.hpp>

namespace vultus::learning {

struct AttackSettings {
  std::string people;                   ///< folder of folders, one a person
  std::vector<std::string> surrogates;  ///< embedders of the catalogue
  std::vector<std::string> victims;     ///< presets, or embedders of the user's own; NAME or NAME=THRESHOLD
  std::vector<std::string> methods;
  std::string goal = "dodging";
  std::vector<int> budgets{8};
  int steps = 20;
  std::size_t most = 40;  ///< people
  std::uint64_t seed = 1;
  bool defences = false;
  std::string out;
  bool json = false;
  bool quiet = false;
  cli::EngineSettings engine;
};

/// A threshold of a victim. @param fmr  nothing where the user named the threshold
struct VictimPoint {
  std::optional<double> fmr;
  double threshold = 0;
};

struct AttackVictim {
  std::string name;   ///< preset
  std::string model;  ///< what its templates are bound to
  bool seen = false;  ///< a surrogate is one of its networks: not held out
  std::vector<VictimPoint> points;
};

/// How often an attack worked at a threshold, behind a defence.
struct AttackRate {
  std::size_t point = 0;     ///< of the victim
  std::string defence;       ///< "none", or what was done to the photo before the victim saw it
  std::int64_t trials = 0;   ///< faces that the victim was right about without an attack, behind the same defence
  std::int64_t success = 0;  ///< of these, wrong with it
  double rate = 0, low = 0, high = 0;  ///< with the bounds of Clopper and Pearson, 95 %
};

struct VictimResult {
  std::size_t victim = 0;
  double before = 0, after = 0;  ///< mean similarity to the enrolled picture, no defence
  std::int64_t no_face = 0;      ///< attacked photos in which the victim finds no face any more: no success
  std::vector<AttackRate> rates;
};

/// One method at one budget.
struct AttackResult {
  std::string method;
  int budget = 0;
  std::int64_t faces = 0;
  int largest = 0;                                        ///< change of a byte over all photos
  double psnr = 0, ssim = 0;                              ///< means over the aligned faces
  double seconds = 0;                                     ///< mean of a face
  std::vector<double> surrogate_before, surrogate_after;  ///< mean cosines of the surrogates
  std::vector<VictimResult> victims;
};

/// Pictures for the page.
struct AttackExample {
  std::string person, method;
  int budget = 0;
  Image before, after;
};

struct AttackRun {
  std::vector<std::string> surrogates;
  std::vector<AttackVictim> victims;
  std::vector<AttackResult> results;
  std::vector<AttackExample> examples;
  std::vector<std::string> people;  ///< who were attacked
  std::size_t left_out = 0;         ///< people in whose pictures no face was found
};

/// @param progress  gets the number of attacks done and their number
/// @error as those of reading, of the engine, and of attack_face(); not_found  fewer than 2 people with two pictures
[[nodiscard]] Result<AttackRun> run_attacks(const AttackSettings& settings,
                                            const std::function<void(std::size_t, std::size_t)>& progress);

/// One JSON object. @thread no state
[[nodiscard]] std::string attack_json(const AttackRun& run, const AttackSettings& settings);
[[nodiscard]] std::string attack_text(const AttackRun& run, const AttackSettings& settings);          ///< for people
[[nodiscard]] Result<std::string> attack_page(const AttackRun& run, const AttackSettings& settings);  ///< HTML

}  // namespace vultus::learning
