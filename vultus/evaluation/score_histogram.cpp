#include <vultus/evaluation/score_histogram.hpp>

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace vultus::evaluation {
namespace {

constexpr double kBinsPerUnit = 1 / ScoreHistogram::kBinWidth;
constexpr std::ptrdiff_t kBinOfZero = ScoreHistogram::kBins / 2;

Status check_usable(const ScoreHistogram& scores, const char* side) {
  if (scores.rejected() > 0)
    return fail(ErrorCode::invalid_argument,
                fmt::format("{} of the {} scores are not numbers", scores.rejected(), side));
  if (scores.count() == 0) return fail(ErrorCode::invalid_argument, fmt::format("there are no {} scores", side));
  return {};
}

double ratio(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

}  // namespace

void ScoreHistogram::add(float score) {
  if (std::isnan(score)) {
    ++rejected_;
    return;
  }
  // Scaling by a power of two is exact, which adding 1 first would not be for scores close to 0.
  const double clamped = std::clamp(double{score}, -1.0, 1.0);
  const auto bin = static_cast<std::ptrdiff_t>(std::floor(clamped * kBinsPerUnit)) + kBinOfZero;
  ++counts_[std::min(static_cast<std::size_t>(bin), kBins - 1)];
  ++count_;
}

void ScoreHistogram::add(std::span<const float> scores) {
  for (const float score : scores) add(score);
}

void ScoreHistogram::merge(const ScoreHistogram& other) {
  for (std::size_t i = 0; i < kBins; ++i) counts_[i] += other.counts_[i];
  count_ += other.count_;
  rejected_ += other.rejected_;
}

double ScoreHistogram::share_from(double threshold) const {
  if (!(threshold <= 1)) return 0;
  const double at = std::floor(std::max(threshold, -1.0) * kBinsPerUnit) + static_cast<double>(kBinOfZero);
  std::uint64_t above = 0;
  for (std::size_t bin = std::min(static_cast<std::size_t>(at), kBins - 1); bin < kBins; ++bin) above += counts_[bin];
  return ratio(above, count_);
}

Result<ErrorRates> at_fmr(const ScoreHistogram& mated, const ScoreHistogram& impostors, double target_fmr) {
  VULTUS_CHECK(check_usable(impostors, "impostor"));
  if (mated.rejected() > 0) VULTUS_CHECK(check_usable(mated, "mated"));
  VULTUS_CHECK(check_measurable(target_fmr, impostors.count()));
  const double allowed = target_fmr * static_cast<double>(impostors.count()) * (1 + 1e-12);
  std::uint64_t above = 0;
  std::size_t lowest = ScoreHistogram::kBins;
  std::uint64_t false_matches = 0;
  for (std::size_t bin = ScoreHistogram::kBins; bin > 0; --bin) {
    above += impostors.bins()[bin - 1];
    if (static_cast<double>(above) > allowed) break;
    lowest = bin - 1;
    false_matches = above;
  }
  if (lowest == ScoreHistogram::kBins)
    return fail(ErrorCode::invalid_argument,
                fmt::format("target FMR {}: {} of {} impostor scores lie in the highest bin, no threshold reaches it",
                            target_fmr, above, impostors.count()));
  const double threshold = ScoreHistogram::edge(lowest);
  return ErrorRates{threshold, ratio(false_matches, impostors.count()),
                    mated.count() == 0 ? 0 : 1 - mated.share_from(threshold)};
}

Result<std::vector<ErrorRates>> curve(const ScoreHistogram& mated, const ScoreHistogram& impostors) {
  VULTUS_CHECK(check_usable(mated, "mated"));
  VULTUS_CHECK(check_usable(impostors, "impostor"));
  std::vector<ErrorRates> points;
  std::uint64_t mated_below = 0;
  std::uint64_t impostors_below = 0;
  for (std::size_t bin = 0; bin < ScoreHistogram::kBins; ++bin) {
    const std::uint64_t here = mated.bins()[bin] + impostors.bins()[bin];
    if (here == 0) continue;
    points.push_back({ScoreHistogram::edge(bin), ratio(impostors.count() - impostors_below, impostors.count()),
                      ratio(mated_below, mated.count())});
    mated_below += mated.bins()[bin];
    impostors_below += impostors.bins()[bin];
  }
  points.push_back({std::nextafter(1.0, 2.0), 0, 1});
  return points;
}

Result<double> equal_error_rate(const ScoreHistogram& mated, const ScoreHistogram& impostors) {
  VULTUS_TRY(const std::vector<ErrorRates> points, curve(mated, impostors));
  // The first point accepts everything (FMR 1, FNMR 0), the last one nothing: they cross in between.
  const auto crossed =
      std::find_if(points.begin() + 1, points.end(), [](const ErrorRates& p) { return p.fnmr >= p.fmr; });
  const ErrorRates& before = *(crossed - 1);
  const double gap_before = before.fmr - before.fnmr;
  const double gap = crossed->fmr - crossed->fnmr;
  return before.fmr + gap_before / (gap_before - gap) * (crossed->fmr - before.fmr);
}

}  // namespace vultus::evaluation
