// Intervals of false match rates from the impostor pairs that score high.
#include <algorithm>

#include <fmt/format.h>

#include <vultus/evaluation/score_histogram.hpp>

namespace vultus::evaluation {

Result<ImpostorTail> ImpostorTail::of(float floor, std::vector<std::uint32_t> images_of_person) {
  if (!(floor >= -1 && floor <= 1))
    return fail(ErrorCode::invalid_argument, fmt::format("floor {} of the kept scores: -1 to 1", floor));
  const auto present = std::count_if(images_of_person.begin(), images_of_person.end(), [](auto n) { return n > 0; });
  if (present < 2)
    return fail(ErrorCode::invalid_argument,
                fmt::format("impostor pairs need at least 2 persons with pictures, got {}", present));
  return ImpostorTail(floor, std::move(images_of_person));
}

void ImpostorTail::merge(const ImpostorTail& other) {
  kept_.insert(kept_.end(), other.kept_.begin(), other.kept_.end());
}

double ImpostorTail::pairs_with(GroupWeights weights) const {
  double sum = 0;
  double squares = 0;
  for (std::size_t p = 0; p < images_.size(); ++p) {
    const double images = double{1} * images_[p] * (weights.empty() ? 1 : weights[p]);
    sum += images;
    squares += images * images;
  }
  return (sum * sum - squares) / 2;
}

std::uint64_t ImpostorTail::impostor_pairs() const { return static_cast<std::uint64_t>(pairs_with({})); }

Result<Figure> ImpostorTail::fmr(double threshold, const BootstrapOptions& options) const {
  if (!(threshold >= floor_))
    return fail(ErrorCode::invalid_argument,
                fmt::format("threshold {} is below {}, the lowest score that was kept", threshold, floor_));
  std::vector<Kept> above;
  for (const Kept& pair : kept_) {
    if (pair.first >= images_.size() || pair.second >= images_.size() || pair.first == pair.second)
      return fail(ErrorCode::invalid_argument,
                  fmt::format("impostor pair of persons {} and {}: two different of 0 to {}", pair.first, pair.second,
                              images_.size() - 1));
    if (double{pair.score} >= threshold) above.push_back(pair);
  }
  VULTUS_TRY(const Interval interval,
             bootstrap_groups(images_.size(), options, [&](GroupWeights weights) -> std::optional<double> {
               const double pairs = pairs_with(weights);
               if (pairs <= 0) return std::nullopt;
               double matches = 0;
               for (const Kept& pair : above) matches += double{1} * weights[pair.first] * weights[pair.second];
               return matches / pairs;
             }));
  return Figure{.name = fmt::format("FMR at {:.4f}", threshold),
                .value = static_cast<double>(above.size()) / pairs_with({}),
                .interval = interval,
                .groups = static_cast<std::int64_t>(images_.size()),
                .group_kind = "persons",
                .samples = static_cast<std::int64_t>(impostor_pairs()),
                .draws = options.draws,
                .seed = options.seed};
}

}  // namespace vultus::evaluation
