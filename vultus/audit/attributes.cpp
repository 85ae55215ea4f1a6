#include <vultus/audit/attributes.hpp>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <utility>

#include <fmt/format.h>

#include <vultus/audit/decorrelation.hpp>

namespace vultus::audit {
namespace {

using evaluation::Random;

/// A combination as masks: all of `there` in both pictures, all of `absent` in neither.
struct Masks {
  std::uint64_t there = 0;
  std::uint64_t absent = 0;
  [[nodiscard]] bool hold(const AttributedPair& pair) const {
    return (pair.both & there) == there && (pair.neither & absent) == absent;
  }
};

Masks masks_of(std::span<const Literal> literals) {
  Masks masks;
  for (const Literal& one : literals) (one.there ? masks.there : masks.absent) |= std::uint64_t{1} << one.attribute;
  return masks;
}

/// Rejected and all pairs of each group.
struct Tally {
  std::array<double, 2> all{};
  std::array<double, 2> rejected{};

  [[nodiscard]] std::optional<double> gap() const {
    if (all[0] <= 0 || all[1] <= 0) return std::nullopt;
    return rejected[1] / all[1] - rejected[0] / all[0];
  }
};

Status check_search(std::span<const AttributedPair> pairs, std::size_t attributes, const AttributeSearchOptions& o) {
  VULTUS_CHECK(evaluation::validate(o.bootstrap));
  if (attributes < 1 || attributes > kMostAttributes)
    return fail(ErrorCode::invalid_argument, fmt::format("{} attributes: 1 to {}", attributes, kMostAttributes));
  if (o.most_literals < 1 || o.most_literals > 3 || o.beam < 1 || !(o.margin > 0) || !(o.false_discovery > 0) ||
      o.false_discovery >= 1 || o.control_runs < 0)
    return fail(ErrorCode::invalid_argument,
                fmt::format("search of {} literals, beam {}, margin {}, false discoveries {}, {} control runs: 1 to 3, "
                            "at least 1, above 0, between 0 and 1, at least 0",
                            o.most_literals, o.beam, o.margin, o.false_discovery, o.control_runs));
  const double smallest = 1.0 / (o.bootstrap.draws + 1.0);
  const double wanted = o.false_discovery / static_cast<double>(o.beam);
  if (smallest > wanted)
    return fail(
        ErrorCode::invalid_argument,
        fmt::format("{} bootstrap draws show no p below {:.4g}, and {} combinations need {:.4g}: at least {:.0f} "
                    "draws",
                    o.bootstrap.draws, smallest, o.beam, wanted, std::ceil(1 / wanted - 1e-9) - 1));
  std::map<std::uint32_t, std::uint8_t> group_of;
  std::array<std::size_t, 2> counts{};
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    const AttributedPair& pair = pairs[i];
    const std::uint64_t bits = pair.both | pair.neither;
    if (!std::isfinite(pair.score) || pair.group > 1 || (pair.both & pair.neither) != 0 ||
        (attributes < kMostAttributes && (bits >> attributes) != 0))
      return fail(ErrorCode::invalid_argument,
                  fmt::format("pair {}: needs a finite score, group 0 or 1, and bits of {} attributes", i, attributes));
    const auto [at, first] = group_of.emplace(pair.person, pair.group);
    if (!first && at->second != pair.group)
      return fail(ErrorCode::invalid_argument, fmt::format("person {} is in both groups", pair.person));
    ++counts[pair.group];
  }
  if (counts[0] == 0 || counts[1] == 0)
    return fail(ErrorCode::invalid_argument,
                fmt::format("{} and {} mated pairs of the groups: both need some", counts[0], counts[1]));
  return {};
}

/// Bootstrap gaps over persons, ascending; draws without pairs of a group are left out.
std::vector<double> drawn_gaps(std::span<const AttributedPair> pairs, const Masks& masks, double threshold,
                               const evaluation::BootstrapOptions& options) {
  std::map<std::uint32_t, Tally> of_person;
  for (const AttributedPair& pair : pairs) {
    if (!masks.hold(pair)) continue;
    Tally& tally = of_person[pair.person];
    ++tally.all[pair.group];
    tally.rejected[pair.group] += pair.score < threshold ? 1 : 0;
  }
  std::vector<Tally> tallies;
  tallies.reserve(of_person.size());
  for (const auto& [person, tally] : of_person) tallies.push_back(tally);
  Random random(options.seed);
  std::vector<std::uint32_t> weights(tallies.size());
  std::vector<double> gaps;
  for (int draw = 0; draw < options.draws && !tallies.empty(); ++draw) {
    evaluation::draw_groups(random, weights);
    Tally sum;
    for (std::size_t p = 0; p < tallies.size(); ++p)
      for (std::size_t g = 0; g < 2; ++g) {
        sum.all[g] += weights[p] * tallies[p].all[g];
        sum.rejected[g] += weights[p] * tallies[p].rejected[g];
      }
    if (const auto gap = sum.gap()) gaps.push_back(*gap);
  }
  std::sort(gaps.begin(), gaps.end());
  return gaps;
}

std::optional<evaluation::Interval> interval_of(const std::vector<double>& gaps,
                                                const evaluation::BootstrapOptions& options) {
  if (gaps.size() * 20 < static_cast<std::size_t>(options.draws) * 19) return std::nullopt;
  const double tail = (1 - options.level) / 2;
  return evaluation::Interval{evaluation::quantile(gaps, tail), evaluation::quantile(gaps, 1 - tail), options.level};
}

/// Two one-sided tests: the larger share of draws at or beyond an end of the margin.
double equivalence_p(const std::vector<double>& gaps, double margin) {
  double above = 1;
  double below = 1;
  for (const double gap : gaps) {
    above += gap >= margin ? 1 : 0;
    below += gap <= -margin ? 1 : 0;
  }
  return std::max(above, below) / (static_cast<double>(gaps.size()) + 1);
}

/// Combinations of the half where they are looked for, smallest gap first, at most `beam`.
std::vector<std::vector<Literal>> candidates(std::span<const AttributedPair> pairs,
                                             const std::vector<std::size_t>& kept,
                                             const AttributeSearchOptions& options) {
  struct Scored {
    double gap;
    std::vector<Literal> literals;
  };
  const auto smaller = [](const Scored& a, const Scored& b) {
    return a.gap != b.gap ? a.gap < b.gap : a.literals.size() < b.literals.size();
  };
  std::vector<Scored> all;
  std::vector<std::vector<Literal>> level{{}};
  for (std::size_t length = 1; length <= options.most_literals; ++length) {
    std::vector<Scored> next;
    for (const auto& base : level)
      for (const std::size_t attribute : kept) {
        if (!base.empty() && attribute <= base.back().attribute) continue;  // each combination once
        for (const bool there : {true, false}) {
          Scored one{0, base};
          one.literals.push_back({attribute, there});
          const GapUnder gap = gap_under(pairs, one.literals, options.threshold);
          if (gap.pairs[0] < options.least_pairs || gap.pairs[1] < options.least_pairs) continue;
          one.gap = std::abs(gap.gap);
          next.push_back(std::move(one));
        }
      }
    std::stable_sort(next.begin(), next.end(), smaller);
    if (next.size() > options.beam) next.resize(options.beam);
    level.clear();
    for (const Scored& one : next) level.push_back(one.literals);
    all.insert(all.end(), next.begin(), next.end());
  }
  std::stable_sort(all.begin(), all.end(), smaller);
  if (all.size() > options.beam) all.resize(options.beam);
  std::vector<std::vector<Literal>> list;
  list.reserve(all.size());
  for (Scored& one : all) list.push_back(std::move(one.literals));
  return list;
}

/// Persons of each group with a pair that holds.
std::array<std::uint64_t, 2> persons_under(std::span<const AttributedPair> pairs, const Masks& masks) {
  std::array<std::set<std::uint32_t>, 2> persons;
  for (const AttributedPair& pair : pairs)
    if (masks.hold(pair)) persons[pair.group].insert(pair.person);
  return {persons[0].size(), persons[1].size()};
}

/// What holds on the other half, by Benjamini-Hochberg over everything that was tried.
std::vector<Combination> confirmed(std::span<const AttributedPair> looked, std::span<const AttributedPair> other,
                                   const std::vector<std::vector<Literal>>& tried,
                                   const AttributeSearchOptions& options) {
  std::vector<Combination> all;
  const GapUnder whole = gap_under(other, {}, options.threshold);
  const auto rate = [](const GapUnder& gap) {
    const auto a = static_cast<double>(gap.pairs[0]);
    const auto b = static_cast<double>(gap.pairs[1]);
    return a + b > 0 ? (a * gap.fnmr[0] + b * gap.fnmr[1]) / (a + b) : 0;
  };
  for (const auto& literals : tried) {
    Combination one{.literals = literals,
                    .found = gap_under(looked, literals, options.threshold),
                    .confirmed = gap_under(other, literals, options.threshold),
                    .interval = {}};
    // Without a rejection in n trials the 95 % upper bound of a rate is about 3/n, whatever a bootstrap says. Pairs of
    // one person are rejected together: persons are the trials.
    const double needed = 3 / options.margin;
    one.persons = persons_under(other, masks_of(literals));
    if (static_cast<double>(std::min(one.persons[0], one.persons[1])) < needed) continue;
    const auto gaps = drawn_gaps(other, masks_of(literals), options.threshold, options.bootstrap);
    one.interval = interval_of(gaps, options.bootstrap);
    if (one.interval) one.p = equivalence_p(gaps, options.margin);
    const double mean = (one.confirmed.fnmr[0] + one.confirmed.fnmr[1]) / 2;
    one.relative = whole.gap != 0 ? std::abs(one.confirmed.gap / whole.gap) : 0;
    one.normalised = mean > 0 ? std::abs(one.confirmed.gap) / mean : 0;
    one.support =
        static_cast<double>(one.confirmed.pairs[0] + one.confirmed.pairs[1]) / static_cast<double>(other.size());
    one.fnmr_change = rate(one.confirmed) - rate(whole);
    all.push_back(std::move(one));
  }
  std::stable_sort(all.begin(), all.end(), [](const Combination& a, const Combination& b) { return a.p < b.p; });
  std::size_t good = 0;
  for (std::size_t i = 0; i < all.size(); ++i)
    if (all[i].p <= options.false_discovery * static_cast<double>(i + 1) / static_cast<double>(tried.size()))
      good = i + 1;
  all.resize(good);
  std::stable_sort(all.begin(), all.end(), [](const Combination& a, const Combination& b) {
    return std::abs(a.confirmed.gap) < std::abs(b.confirmed.gap);
  });
  return all;
}

/// The persons in two halves of the same size.
std::array<std::vector<AttributedPair>, 2> halves_of(std::span<const AttributedPair> pairs, std::uint64_t seed) {
  std::set<std::uint32_t> persons;
  for (const AttributedPair& pair : pairs) persons.insert(pair.person);
  std::vector<std::uint32_t> order(persons.begin(), persons.end());
  Random random(seed);
  for (std::size_t left = order.size(); left > 1; --left) std::swap(order[left - 1], order[random.below(left)]);
  std::set<std::uint32_t> first(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(order.size() / 2));
  std::array<std::vector<AttributedPair>, 2> halves;
  for (const AttributedPair& pair : pairs) halves[first.contains(pair.person) ? 0 : 1].push_back(pair);
  return halves;
}

std::vector<Combination> search_once(std::span<const AttributedPair> pairs, const std::vector<std::size_t>& kept,
                                     const AttributeSearchOptions& options) {
  const auto halves = halves_of(pairs, options.bootstrap.seed);
  return confirmed(halves[0], halves[1], candidates(halves[0], kept, options), options);
}

/// Attributes dealt out anew among the persons of each group: they lose their meaning, and the pairs of a person stay
/// as alike as they were. A person with more pairs than its donor has the donor's over again.
std::vector<AttributedPair> dealt_anew(std::span<const AttributedPair> pairs, std::uint64_t seed) {
  std::vector<AttributedPair> all(pairs.begin(), pairs.end());
  Random random(seed);
  for (const std::uint8_t group : {std::uint8_t{0}, std::uint8_t{1}}) {
    std::map<std::uint32_t, std::vector<std::size_t>> rows_of;
    for (std::size_t i = 0; i < all.size(); ++i)
      if (all[i].group == group) rows_of[all[i].person].push_back(i);
    std::vector<const std::vector<std::size_t>*> donors;
    donors.reserve(rows_of.size());
    for (const auto& [person, rows] : rows_of) donors.push_back(&rows);
    for (std::size_t left = donors.size(); left > 1; --left) std::swap(donors[left - 1], donors[random.below(left)]);
    std::size_t next = 0;
    for (const auto& [person, rows] : rows_of) {
      const std::vector<std::size_t>& donor = *donors[next++];
      for (std::size_t i = 0; i < rows.size(); ++i) {
        all[rows[i]].both = pairs[donor[i % donor.size()]].both;
        all[rows[i]].neither = pairs[donor[i % donor.size()]].neither;
      }
    }
  }
  return all;
}

AdjustedGap adjusted_for(std::span<const AttributedPair> pairs, std::size_t attribute, double threshold) {
  AdjustedGap adjusted{.attribute = attribute};
  double total = 0;
  for (const bool there : {true, false}) {
    const Literal literal{attribute, there};
    const GapUnder gap = gap_under(pairs, {&literal, 1}, threshold);
    if (gap.pairs[0] == 0 || gap.pairs[1] == 0) continue;
    const auto n = static_cast<double>(gap.pairs[0] + gap.pairs[1]);
    adjusted.gap += n * gap.gap;
    total += n;
  }
  if (total > 0) adjusted.gap /= total;
  return adjusted;
}

}  // namespace

GapUnder gap_under(std::span<const AttributedPair> pairs, std::span<const Literal> literals, double threshold) {
  const Masks masks = masks_of(literals);
  GapUnder gap;
  std::array<std::uint64_t, 2> rejected{};
  for (const AttributedPair& pair : pairs) {
    if (!masks.hold(pair)) continue;
    ++gap.pairs[pair.group];
    rejected[pair.group] += pair.score < threshold ? 1 : 0;
  }
  for (std::size_t g = 0; g < 2; ++g)
    gap.fnmr[g] = gap.pairs[g] > 0 ? static_cast<double>(rejected[g]) / static_cast<double>(gap.pairs[g]) : 0;
  gap.gap = gap.fnmr[1] - gap.fnmr[0];
  return gap;
}

Result<AttributeSearch> search_attributes(std::span<const AttributedPair> pairs, std::size_t attributes,
                                          const AttributeSearchOptions& options) {
  VULTUS_CHECK(check_search(pairs, attributes, options));
  AttributeSearch search{.overall = gap_under(pairs, {}, options.threshold), .interval = {}};
  search.interval = interval_of(drawn_gaps(pairs, {}, options.threshold, options.bootstrap), options.bootstrap);
  search.gap_to_explain = search.interval && (search.interval->low > 0 || search.interval->high < 0);
  Decorrelated left = decorrelate(pairs, attributes, options.most_association);
  search.kept = std::move(left.kept);
  search.dropped = std::move(left.dropped);
  search.merged = std::move(left.merged);
  for (const std::size_t attribute : search.kept)
    search.adjusted.push_back(adjusted_for(pairs, attribute, options.threshold));
  if (!search.gap_to_explain) return search;
  search.combinations = search_once(pairs, search.kept, options);
  for (int run = 0; run < options.control_runs; ++run) {
    const auto shuffled = dealt_anew(pairs, options.bootstrap.seed + 1000 + static_cast<std::uint64_t>(run));
    search.control_found.push_back(search_once(shuffled, search.kept, options).size());
  }
  return search;
}

}  // namespace vultus::audit
