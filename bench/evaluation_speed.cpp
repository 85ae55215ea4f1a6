// How long the measures of a recogniser take: 30 million scores into a histogram, intervals of 6,000 pairs.
#include <cstdio>
#include <ctime>
#include <string>
#include <vector>

#include <vultus/evaluation/score_histogram.hpp>
#include <vultus/evaluation/verification.hpp>

namespace {

using namespace vultus;              // NOLINT(google-build-using-namespace): a program that reads as a lesson
using namespace vultus::evaluation;  // NOLINT(google-build-using-namespace): and its room

/// Milliseconds of processor time that `work` takes; all of it runs on one thread.
template <class Work>
double time_of(Work&& work) {
  const std::clock_t start = std::clock();
  work();
  return 1e3 * static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
}

/// Pairs of the shape of LFW View 2: ten folds of 300 + 300 pairs, 428 persons a fold.
std::vector<ScoredPair> pairs_like_view2() {
  Random random(1);
  std::vector<ScoredPair> pairs;
  for (int i = 0; i < 6000; ++i) {
    const int fold = i / 600;
    const auto somebody = [&] { return fold * 428 + static_cast<int>(random.below(428)); };
    ScoredPair pair{.mated = i % 600 < 300, .first = somebody(), .fold = fold};
    pair.second = pair.mated ? pair.first : fold * 428 + (pair.first + 1) % 428;
    pair.score = static_cast<float>(random.unit() * 0.6 + (pair.mated ? 0.4 : -0.1));
    pairs.push_back(pair);
  }
  return pairs;
}

}  // namespace

int main() {
  Random random(2);
  std::vector<float> scores(1 << 20);
  for (float& score : scores) score = static_cast<float>(random.unit() - 0.5);
  ScoreHistogram histogram;
  const double adding = time_of([&] {
    for (int block = 0; block < 30; ++block) histogram.add(scores);
  });
  std::printf("histogram of %.1f million scores: %.0f ms\n", static_cast<double>(histogram.count()) / 1e6, adding);
  const double reading = time_of([&] { (void)at_fmr({}, histogram, 1e-5); });
  std::printf("threshold from it: %.2f ms\n", reading);

  using Kind = VerificationMetric::Kind;
  const auto verification = Verification::of(pairs_like_view2());
  if (!verification) return 1;
  for (const VerificationMetric metric :
       {VerificationMetric{Kind::fold_accuracy}, {Kind::tar_at_far, 1e-3}, {Kind::equal_error_rate}}) {
    std::string text;
    const double taken = time_of([&] {
      if (const auto figure = measure(*verification, metric)) text = figure->name;
    });
    std::printf("1,000 draws of %s over %zu pairs and %zu persons: %.0f ms\n", text.c_str(), verification->pairs(),
                verification->persons(), taken);
  }
  return 0;
}
