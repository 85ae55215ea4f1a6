#include <vultus/evaluation/identification_protocol.hpp>

#include <algorithm>
#include <map>
#include <thread>

#include <fmt/format.h>

namespace vultus::evaluation {
namespace {

struct Person {
  std::vector<std::uint32_t> pictures;
  std::vector<std::uint32_t> usable;
};

std::vector<Person> people_of(std::span<const std::uint32_t> person_of, const std::vector<bool>& usable) {
  std::map<std::uint32_t, Person> by_number;
  for (std::uint32_t i = 0; i < person_of.size(); ++i) {
    Person& person = by_number[person_of[i]];
    person.pictures.push_back(i);
    if (usable[i]) person.usable.push_back(i);
  }
  std::vector<Person> people;
  people.reserve(by_number.size());
  for (auto& [number, person] : by_number) people.push_back(std::move(person));
  return people;
}

Status check(std::span<const std::uint32_t> person_of, const std::vector<bool>& usable,
             const IdentificationOptions& options) {
  if (usable.size() != person_of.size())
    return fail(ErrorCode::invalid_argument,
                fmt::format("{} pictures, but {} of them usable or not", person_of.size(), usable.size()));
  if (options.splits < 1 || options.splits > 1000)
    return fail(ErrorCode::invalid_argument, fmt::format("{} splits: 1 to 1000", options.splits));
  if (!(options.enrolled_share > 0 && options.enrolled_share < 1))
    return fail(ErrorCode::invalid_argument,
                fmt::format("enrolled share {}: must be between 0 and 1, both excluded", options.enrolled_share));
  return {};
}

}  // namespace

Result<std::vector<IdentificationSplit>> identification_splits(std::span<const std::uint32_t> person_of,
                                                               const std::vector<bool>& usable,
                                                               const IdentificationOptions& options) {
  VULTUS_CHECK(check(person_of, usable, options));
  const std::vector<Person> people = people_of(person_of, usable);
  std::vector<std::size_t> candidates;
  for (std::size_t p = 0; p < people.size(); ++p)
    if (people[p].pictures.size() >= 2 && !people[p].usable.empty()) candidates.push_back(p);
  if (candidates.size() < 2)
    return fail(ErrorCode::invalid_argument,
                fmt::format("identification needs 2 people with two pictures, got {} ({} pictures of {} people)",
                            candidates.size(), person_of.size(), people.size()));
  const auto enrolled =
      std::clamp<std::size_t>(static_cast<std::size_t>(options.enrolled_share * static_cast<double>(candidates.size())),
                              1, candidates.size() - 1);
  Random random(options.seed);
  std::vector<IdentificationSplit> splits(static_cast<std::size_t>(options.splits));
  for (IdentificationSplit& split : splits) {
    std::vector<std::size_t> order = candidates;
    for (std::size_t left = order.size(); left > 1; --left) std::swap(order[left - 1], order[random.below(left)]);
    std::vector<bool> known(people.size());
    for (std::size_t i = 0; i < enrolled; ++i) known[order[i]] = true;
    for (std::size_t p = 0; p < people.size(); ++p) {
      if (!known[p]) {
        split.strangers.insert(split.strangers.end(), people[p].pictures.begin(), people[p].pictures.end());
        continue;
      }
      const std::uint32_t one = people[p].usable[random.below(people[p].usable.size())];
      split.gallery.push_back(one);
      for (const std::uint32_t picture : people[p].pictures)
        if (picture != one) split.mated.push_back(picture);
    }
  }
  return splits;
}

std::vector<ProbeResult> search_split(const IdentificationSplit& split, std::span<const std::uint32_t> person_of,
                                      const std::vector<bool>& usable, const ScoreOfPair& score) {
  std::vector<ProbeResult> results;
  results.reserve(split.mated.size() + split.strangers.size());
  const auto behind = static_cast<std::uint32_t>(split.gallery.size()) + 1;
  for (const std::uint32_t probe : split.mated) {
    ProbeResult result{.best = -1, .mated = true, .own = -1, .own_rank = behind};
    if (usable[probe]) {
      std::vector<double> scores;
      scores.reserve(split.gallery.size());
      for (const std::uint32_t known : split.gallery) {
        scores.push_back(double{score(probe, known)});
        result.best = std::max(result.best, scores.back());
        if (person_of[known] == person_of[probe]) result.own = scores.back();
      }
      // Of equal scores the own subject counts as the last: luck is no recognition.
      result.own_rank = static_cast<std::uint32_t>(
          std::count_if(scores.begin(), scores.end(), [&](double s) { return s >= result.own; }));
    }
    results.push_back(result);
  }
  for (const std::uint32_t probe : split.strangers) {
    ProbeResult result{.best = -1};
    if (usable[probe])
      for (const std::uint32_t known : split.gallery) result.best = std::max(result.best, double{score(probe, known)});
    results.push_back(result);
  }
  return results;
}

Result<std::vector<Identification>> search_splits(std::span<const IdentificationSplit> splits,
                                                  std::span<const std::uint32_t> person_of,
                                                  const std::vector<bool>& usable, const ScoreOfPair& score,
                                                  int threads, const std::stop_token& stop) {
  if (threads < 1 || threads > 256)
    return fail(ErrorCode::invalid_argument, fmt::format("{} threads: 1 to 256", threads));
  std::vector<std::vector<ProbeResult>> found(splits.size());
  {
    std::vector<std::jthread> running;
    const auto workers = static_cast<std::size_t>(threads);
    running.reserve(workers);
    for (std::size_t worker = 0; worker < workers; ++worker)
      running.emplace_back([&, worker] {
        for (std::size_t i = worker; i < splits.size() && !stop.stop_requested(); i += workers)
          found[i] = search_split(splits[i], person_of, usable, score);
      });
  }
  if (stop.stop_requested()) return fail(ErrorCode::cancelled, "stopped while searching");
  std::vector<Identification> all;
  all.reserve(found.size());
  for (const std::vector<ProbeResult>& probes : found) {
    VULTUS_TRY(Identification one, Identification::of(probes));
    all.push_back(std::move(one));
  }
  return all;
}

OverSplits over_splits(std::vector<double> values) {
  OverSplits result;
  for (const double value : values) result.mean += value / static_cast<double>(values.size());
  std::sort(values.begin(), values.end());
  result.low = quantile(values, 0.025);
  result.high = quantile(values, 0.975);
  return result;
}

std::optional<OverSplits> dir_at_fpir(std::span<const Identification> splits, double fpir) {
  std::vector<double> values;
  for (const Identification& split : splits) {
    const Result<double> threshold = split.threshold_at_fpir(fpir);
    if (!threshold) return std::nullopt;
    const std::optional<double> missed = split.fnir(*threshold, 1);
    if (!missed) return std::nullopt;
    values.push_back(1 - *missed);
  }
  if (values.empty()) return std::nullopt;
  return over_splits(std::move(values));
}

OverSplits rank_one(std::span<const Identification> splits) {
  std::vector<double> values;
  values.reserve(splits.size());
  for (const Identification& split : splits) values.push_back(1 - split.fnir(-2, 1).value_or(1));
  return over_splits(std::move(values));
}

}  // namespace vultus::evaluation
