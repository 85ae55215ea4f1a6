#include <vultus/learn/class_scores.hpp>

#include <algorithm>
#include <numeric>

namespace vultus::learn {

ClassScores class_scores(const Answered& answered, std::int64_t classes) {
  std::vector<double> right(static_cast<std::size_t>(classes)), truths(right), answers(right);
  for (std::size_t i = 0; i < answered.truth.size(); ++i) {
    const std::int64_t truth = answered.truth[i], said = answered.said[i];
    ++truths[static_cast<std::size_t>(truth)];
    if (said >= 0) ++answers[static_cast<std::size_t>(said)];
    if (said == truth) ++right[static_cast<std::size_t>(truth)];
  }
  ClassScores scores;
  scores.recall.resize(right.size());
  double present = 0;
  for (std::size_t c = 0; c < right.size(); ++c) {
    if (!(truths[c] > 0)) continue;
    scores.recall[c] = right[c] / truths[c];
    scores.uar += right[c] / truths[c], scores.f1 += 2 * right[c] / (truths[c] + answers[c]), ++present;
  }
  scores.uar /= std::max(1.0, present), scores.f1 /= std::max(1.0, present);
  scores.accuracy = std::accumulate(right.begin(), right.end(), 0.0) / static_cast<double>(answered.truth.size());
  return scores;
}

std::map<std::string, double> scores_of(const Answered& answered, std::int64_t classes) {
  const ClassScores scores = class_scores(answered, classes);
  return {{"accuracy", scores.accuracy}, {"uar", scores.uar}};
}

}  // namespace vultus::learn
