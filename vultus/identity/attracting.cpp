#include <vultus/identity/attracting.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>

namespace vultus::identity {
namespace {

// Turns a median absolute deviation into a standard deviation, for normal distributions.
constexpr double kDistanceToDeviation = 1.4826;
// Fewer subjects tell nothing of the spread among subjects.
constexpr std::size_t kFewest = 20;

double median_of(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::ranges::nth_element(values, middle);
  return *middle;
}

struct Counted {
  std::uint32_t subject = 0;
  double mean = 0;
  std::int64_t references = 0;  ///< that it was compared with
  std::int64_t taken = 0;       ///< of which a face matches
  std::int64_t pairs = 0;
  std::int64_t matches = 0;
};

std::vector<Counted> count(const GalleryScan& scan, const std::vector<std::vector<std::uint32_t>>& excused) {
  std::vector<Counted> counted;
  for (std::uint32_t s = 0; s < scan.subjects.size(); ++s) {
    const StrangerStanding& standing = scan.strangers[s];
    if (standing.pairs == 0) continue;
    Counted one{.subject = s, .mean = standing.similarity_sum / static_cast<double>(standing.pairs)};
    const auto faces = static_cast<std::int64_t>(scan.subjects[s].faces);
    one.references = standing.pairs / faces;
    for (const std::uint32_t reference : standing.taken_for)
      one.taken += std::ranges::binary_search(excused[s], scan.references[reference]) ? 0 : 1;
    one.pairs = standing.pairs;
    // Matches with those who are excused are not told apart by face: nobody but them is affected.
    one.matches = one.taken == 0 ? 0 : std::max(one.taken, standing.matches);
    counted.push_back(one);
  }
  return counted;
}

}  // namespace

double binomial_tail(std::int64_t trials, std::int64_t successes, double rate) {
  if (successes <= 0) return 1;
  if (successes > trials || rate <= 0) return 0;
  if (rate >= 1) return 1;
  const auto n = static_cast<double>(trials);
  double sum = 0;
  for (std::int64_t k = successes; k <= trials; ++k) {
    const auto x = static_cast<double>(k);
    const double log_term = std::lgamma(n + 1) - std::lgamma(x + 1) - std::lgamma(n - x + 1) + x * std::log(rate) +
                            (n - x) * std::log1p(-rate);
    const double term = std::exp(log_term);
    sum += term;
    // Beyond the mean the terms fall faster than geometrically.
    if (x > n * rate && term < sum * 1e-17) break;
  }
  return std::min(1.0, sum);
}

double normal_tail(double z) { return 0.5 * std::erfc(z / std::sqrt(2.0)); }

std::vector<bool> refuse_by_discovery_rate(std::span<const double> p, double q) {
  std::vector<std::size_t> order(p.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) { return p[a] < p[b]; });
  std::size_t refused = 0;
  for (std::size_t k = 0; k < order.size(); ++k)
    if (p[order[k]] <= q * static_cast<double>(k + 1) / static_cast<double>(p.size())) refused = k + 1;
  std::vector<bool> answer(p.size(), false);
  for (std::size_t k = 0; k < refused; ++k) answer[order[k]] = true;
  return answer;
}

std::vector<Attracting> attracting_subjects(const GalleryScan& scan,
                                            const std::vector<std::vector<std::uint32_t>>& excused, double q) {
  const std::vector<Counted> counted = count(scan, excused);
  if (counted.size() < kFewest) return {};
  std::vector<double> means;
  means.reserve(counted.size());
  std::int64_t pairs = 0;
  std::int64_t matches = 0;
  for (const Counted& one : counted) {
    means.push_back(one.mean);
    pairs += one.pairs;
    matches += one.matches;
  }
  const double middle = median_of(means);
  std::vector<double> distances;
  distances.reserve(means.size());
  for (const double mean : means) distances.push_back(std::abs(mean - middle));
  const double deviation = kDistanceToDeviation * median_of(distances);
  std::vector<double> p;
  std::vector<double> usual;
  p.reserve(counted.size());
  for (const Counted& one : counted) {
    // The rate of all others; where they never match, that of half a match.
    const double others = static_cast<double>(pairs - one.pairs);
    const double rate = std::max(static_cast<double>(matches - one.matches), 0.5) / std::max(others, 1.0);
    const auto faces = static_cast<double>(scan.subjects[one.subject].faces);
    usual.push_back(-std::expm1(faces * std::log1p(-std::min(rate, 0.999))));
    const double z = deviation > 0 ? (one.mean - middle) / deviation : 0;
    p.push_back(std::max(normal_tail(z), binomial_tail(one.references, one.taken, usual.back())));
  }
  const auto refused = refuse_by_discovery_rate(p, q);
  std::vector<Attracting> found;
  for (std::size_t i = 0; i < counted.size(); ++i) {
    if (!refused[i]) continue;
    const Counted& one = counted[i];
    found.push_back({.subject = one.subject,
                     .share = static_cast<double>(one.taken) / static_cast<double>(one.references),
                     .usual_share = usual[i],
                     .similarity = one.mean,
                     .usual_similarity = middle,
                     .probability = p[i]});
  }
  std::ranges::stable_sort(found, {}, &Attracting::probability);
  return found;
}

}  // namespace vultus::identity
