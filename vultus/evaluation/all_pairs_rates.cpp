// Rates at the threshold of all pairs, with their intervals over persons.
#include <algorithm>

#include <fmt/format.h>

#include <vultus/evaluation/all_pairs.hpp>

namespace vultus::evaluation {
namespace {

/// Pairs of persons, each as often as they match.
struct PersonPair {
  std::uint32_t first;
  std::uint32_t second;
};

/// All impostor pairs of weighed persons: ((sum w n)^2 - sum (w n)^2) / 2, less the pairs between copies of one person,
/// which are counted in neither sum.
double impostor_pairs_of(std::span<const std::uint32_t> images, GroupWeights weights) {
  double sum = 0;
  double squares = 0;
  for (std::size_t p = 0; p < images.size(); ++p) {
    const double n = double{1} * images[p] * weights[p];
    sum += n;
    squares += n * n;
  }
  return (sum * sum - squares) / 2;
}

/// An interval, or none where many draws of so few persons leave nothing to be counted.
Result<std::optional<Interval>> interval_over(std::size_t persons, const BootstrapOptions& options,
                                              const std::function<std::optional<double>(GroupWeights)>& statistic) {
  VULTUS_CHECK(validate(options));
  const Result<Interval> interval = bootstrap_groups(persons, options, statistic);
  return interval ? std::optional(*interval) : std::nullopt;
}

/// The rate of false matches among pairs of persons with so many pictures each.
Result<Figure> match_rate(std::span<const std::uint32_t> images, std::span<const PersonPair> matches,
                          const BootstrapOptions& options) {
  const std::vector<std::uint32_t> once(images.size(), 1);
  const double pairs = impostor_pairs_of(images, once);
  VULTUS_TRY(const std::optional<Interval> interval,
             interval_over(images.size(), options, [&](GroupWeights weights) -> std::optional<double> {
               const double drawn = impostor_pairs_of(images, weights);
               if (drawn <= 0) return std::nullopt;
               double sum = 0;
               for (const PersonPair& pair : matches) sum += double{1} * weights[pair.first] * weights[pair.second];
               return sum / drawn;
             }));
  return Figure{.name = "FMR",
                .value = static_cast<double>(matches.size()) / pairs,
                .interval = interval,
                .groups = static_cast<std::int64_t>(images.size()),
                .group_kind = "persons",
                .samples = static_cast<std::int64_t>(pairs),
                .draws = options.draws,
                .seed = options.seed};
}

std::uint64_t pairs_of(std::uint32_t pictures) { return std::uint64_t{pictures} * (pictures - 1) / 2; }

}  // namespace

Result<Figure> share_over_persons(std::string name, std::span<const std::uint32_t> hits,
                                  std::span<const std::uint64_t> trials, const BootstrapOptions& options) {
  if (hits.size() != trials.size())
    return fail(ErrorCode::invalid_argument,
                fmt::format("hits of {} persons, trials of {}", hits.size(), trials.size()));
  const auto value = [&](GroupWeights weights) -> std::optional<double> {
    double hit = 0;
    double all = 0;
    for (std::size_t p = 0; p < hits.size(); ++p) {
      const double weight = weights.empty() ? 1.0 : double{1} * weights[p];
      hit += weight * hits[p];
      all += weight * static_cast<double>(trials[p]);
    }
    return all > 0 ? std::optional(hit / all) : std::nullopt;
  };
  std::uint64_t samples = 0;
  for (const std::uint64_t n : trials) samples += n;
  VULTUS_TRY(const std::optional<Interval> interval, interval_over(hits.size(), options, value));
  return Figure{.name = std::move(name),
                .value = value({}).value_or(0),
                .interval = interval,
                .groups = static_cast<std::int64_t>(hits.size()),
                .group_kind = "persons",
                .samples = static_cast<std::int64_t>(samples),
                .draws = options.draws,
                .seed = options.seed};
}

Result<Figure> AllPairs::fmr(const BootstrapOptions& options) const {
  std::vector<PersonPair> pairs;
  pairs.reserve(matches_.size());
  for (const Pair& pair : matches_) pairs.push_back({person_[pair.first], person_[pair.second]});
  return match_rate(images_, pairs, options);
}

Result<std::optional<Figure>> AllPairs::fnmr(const BootstrapOptions& options) const {
  // Only those who have pairs are drawn: the others would say nothing in any draw.
  std::vector<std::uint32_t> below;
  std::vector<std::uint64_t> pairs;
  for (std::size_t p = 0; p < images_.size(); ++p) {
    if (images_[p] < 2) continue;
    below.push_back(mated_below_[p]);
    pairs.push_back(pairs_of(images_[p]));
  }
  if (pairs.size() < 2) return std::optional<Figure>();
  VULTUS_TRY(Figure figure, share_over_persons("FNMR", below, pairs, options));
  return std::optional(std::move(figure));
}

Result<Figure> AllPairs::fpir(const BootstrapOptions& options) const {
  std::vector<std::uint8_t> alarm(person_.size());
  for (const Pair& pair : matches_) alarm[pair.first] = alarm[pair.second] = 1;
  std::vector<std::uint32_t> hits(images_.size());
  for (std::size_t i = 0; i < person_.size(); ++i) hits[person_[i]] += alarm[i];
  const std::vector<std::uint64_t> trials(images_.begin(), images_.end());
  return share_over_persons("FPIR", hits, trials, options);
}

Result<GroupRates> AllPairs::group(std::uint32_t which, std::string name, std::span<const std::uint32_t> group_of,
                                   const BootstrapOptions& options) const {
  GroupRates rates{.name = std::move(name), .fmr = {}, .fnmr = {}};
  std::vector<std::uint32_t> local(images_.size());  // number of a member, from 1
  std::vector<std::uint32_t> images;
  std::vector<std::uint32_t> below;
  std::vector<std::uint64_t> mated;
  for (std::size_t p = 0; p < images_.size(); ++p) {
    if (group_of[p] != which) continue;
    images.push_back(images_[p]);
    local[p] = static_cast<std::uint32_t>(images.size());
    rates.pictures += images_[p];
    if (images_[p] < 2) continue;
    below.push_back(mated_below_[p]);
    mated.push_back(pairs_of(images_[p]));
    rates.mated_pairs += mated.back();
    rates.false_non_matches += mated_below_[p];
  }
  rates.persons = static_cast<std::int64_t>(images.size());
  const std::vector<std::uint32_t> once(images.size(), 1);
  rates.impostor_pairs = static_cast<std::uint64_t>(impostor_pairs_of(images, once));
  std::vector<PersonPair> matches;
  for (const Pair& pair : matches_)
    if (const auto a = local[person_[pair.first]], b = local[person_[pair.second]]; a > 0 && b > 0)
      matches.push_back({a - 1, b - 1});
  rates.false_matches = matches.size();
  if (images.size() >= 2) {
    VULTUS_TRY(rates.fmr, match_rate(images, matches, options));
  }
  if (mated.size() >= 2) {
    VULTUS_TRY(rates.fnmr, share_over_persons("FNMR", below, mated, options));
  }
  return rates;
}

Result<std::vector<GroupRates>> AllPairs::groups(std::span<const std::uint32_t> group_of,
                                                 std::span<const std::string> names,
                                                 const BootstrapOptions& options) const {
  if (group_of.size() != images_.size())
    return fail(ErrorCode::invalid_argument,
                fmt::format("groups of {} persons, there are {}", group_of.size(), images_.size()));
  std::vector<GroupRates> all;
  all.reserve(names.size());
  for (std::uint32_t which = 0; which < names.size(); ++which) {
    VULTUS_TRY(GroupRates one, group(which, names[which], group_of, options));
    all.push_back(std::move(one));
  }
  return all;
}

}  // namespace vultus::evaluation
