// Measures two recognisers on the same pairs: accuracy, error rates, intervals over persons, and the difference.
// The scores are planted, so that the example needs no pictures: every pair gets a true similarity plus the noise of
// the recogniser; the second recogniser is noisier.
//
//   measure_verification [FOLDER]    with a folder: also writes roc.svg, det.svg and scores.svg there
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <vultus/evaluation/plot.hpp>
#include <vultus/evaluation/score_histogram.hpp>
#include <vultus/evaluation/verification.hpp>

namespace {

using namespace vultus;              // NOLINT(google-build-using-namespace): a program that reads as a lesson
using namespace vultus::evaluation;  // NOLINT(google-build-using-namespace): and its room

constexpr int kFolds = 10;
constexpr int kPersonsPerFold = 40;
constexpr int kPairsPerSide = 150;

/// Nearly normal noise with deviation 1: the sum of twelve uniform numbers, the same on every machine.
double noise(Random& random) {
  double sum = -6;
  for (int i = 0; i < 12; ++i) sum += random.unit();
  return sum;
}

struct Scores {
  std::vector<ScoredPair> precise;
  std::vector<ScoredPair> noisy;
};

/// Folds share no person. Some persons are harder than others, which is why intervals must be over persons.
Scores planted(std::uint64_t seed) {
  Random random(seed);
  std::vector<double> ease;
  for (int person = 0; person < kFolds * kPersonsPerFold; ++person) ease.push_back(0.05 * noise(random));
  Scores scores;
  for (int fold = 0; fold < kFolds; ++fold) {
    const auto somebody = [&] { return fold * kPersonsPerFold + static_cast<int>(random.below(kPersonsPerFold)); };
    for (int i = 0; i < 2 * kPairsPerSide; ++i) {
      ScoredPair pair{.mated = i < kPairsPerSide, .first = somebody(), .fold = fold};
      pair.second = pair.first;
      while (!pair.mated && pair.second == pair.first) pair.second = somebody();
      const double truth = pair.mated ? 0.6 + ease[static_cast<std::size_t>(pair.first)] : 0.05;
      pair.score = static_cast<float>(truth + 0.10 * noise(random));
      scores.precise.push_back(pair);
      pair.score = static_cast<float>(truth + 0.13 * noise(random));
      scores.noisy.push_back(pair);
    }
  }
  return scores;
}

Status print_measures(const char* name, const std::vector<ScoredPair>& pairs) {
  using Kind = VerificationMetric::Kind;
  VULTUS_TRY(const Verification verification, Verification::of(pairs));
  VULTUS_TRY(const FoldAccuracy folds, verification.fold_accuracy());
  VULTUS_TRY(const ErrorRates at, verification.at_fmr(0.01));
  std::printf("%s\n  ten folds: %.4f, standard error %.4f\n  FMR 0.01 at threshold %.4f, FNMR there %.4f\n", name,
              folds.mean, folds.standard_error, at.threshold, at.fnmr);
  for (const VerificationMetric metric :
       {VerificationMetric{Kind::fold_accuracy}, {Kind::tar_at_far, 0.01}, {Kind::equal_error_rate}}) {
    VULTUS_TRY(const Figure figure, measure(verification, metric));
    std::printf("  %s\n", text_of(figure).c_str());
  }
  return {};
}

Status write(const std::filesystem::path& path, const Plot& plot) {
  VULTUS_TRY(const std::string drawn, svg(plot));
  std::ofstream(path, std::ios::binary) << drawn;
  return {};
}

Status write_plots(const std::filesystem::path& folder, const Scores& scores) {
  VULTUS_TRY(const Verification precise, Verification::of(scores.precise));
  VULTUS_TRY(const Verification noisy, Verification::of(scores.noisy));
  const std::vector<NamedCurve> curves{{"precise", precise.curve()}, {"noisy", noisy.curve()}};
  const double lowest = 1.0 / static_cast<double>(precise.impostor_pairs());
  ScoreHistogram mated;
  ScoreHistogram impostors;
  for (const ScoredPair& pair : scores.noisy) (pair.mated ? mated : impostors).add(pair.score);
  VULTUS_TRY(const ErrorRates at, noisy.at_fmr(0.01));
  Plot roc = roc_plot("Two recognisers on planted scores", curves, lowest);
  roc.note = "3,000 pairs of 400 planted persons";
  Plot histogram = histogram_plot("Scores of the noisy recogniser", mated, impostors);
  histogram.markers.push_back({at.threshold, "FMR 0.01"});
  VULTUS_CHECK(write(folder / "roc.svg", roc));
  VULTUS_CHECK(write(folder / "det.svg", det_plot("Two recognisers on planted scores", curves, lowest, lowest)));
  return write(folder / "scores.svg", histogram);
}

Status run(int argc, char** argv) {
  const Scores scores = planted(7);
  VULTUS_CHECK(print_measures("precise", scores.precise));
  VULTUS_CHECK(print_measures("noisy", scores.noisy));
  VULTUS_TRY(const Figure difference, measure_difference(scores.precise, scores.noisy, {}));
  std::printf("precise against noisy\n  %s\n", text_of(difference).c_str());
  // What such a set cannot show is refused.
  VULTUS_TRY(const Verification verification, Verification::of(scores.precise));
  std::printf("FMR 0.0001\n  %s\n", verification.at_fmr(1e-4).error().message.c_str());
  return argc > 1 ? write_plots(argv[1], scores) : Status{};
}

}  // namespace

int main(int argc, char** argv) {
  const Status status = run(argc, argv);
  if (!status) std::fprintf(stderr, "%s\n", status.error().message.c_str());
  return status ? 0 : 1;
}
