// Scoring every pair in two passes: count them all, then keep those from the threshold on.
#include <vultus/evaluation/all_pairs.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <thread>
#include <tuple>

#include <fmt/format.h>

namespace vultus::evaluation {
namespace {

constexpr int kMaxThreads = 256;
// Product of a rate and a count that falls a hair below the whole number it stands for.
constexpr double kHair = 1e-12;

/// Calls `row(worker, i)` for every picture, spread over threads. The rows get shorter, so they are dealt in turn.
Status each_row(std::size_t pictures, int threads, const std::stop_token& stop,
                const std::function<void(std::size_t worker, std::size_t i)>& row) {
  const auto workers = static_cast<std::size_t>(threads);
  {
    std::vector<std::jthread> running;
    running.reserve(workers);
    for (std::size_t worker = 0; worker < workers; ++worker)
      running.emplace_back([&, worker] {
        for (std::size_t i = worker; i < pictures && !stop.stop_requested(); i += workers) row(worker, i);
      });
  }
  if (stop.stop_requested()) return fail(ErrorCode::cancelled, "stopped while comparing all pictures with each other");
  return {};
}

float clamped(float score) { return std::clamp(score, -1.0F, 1.0F); }

/// The least two-digit number that is not below a rate.
double rounded_up(double rate) {
  const double step = std::pow(10, std::floor(std::log10(rate)) - 1);
  return std::ceil(rate / step * (1 - kHair)) * step;
}

}  // namespace

Status AllPairs::number(std::span<const std::uint32_t> person_of) {
  std::vector<std::uint32_t> names(person_of.begin(), person_of.end());
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  if (person_of.size() > std::numeric_limits<std::uint32_t>::max())
    return fail(ErrorCode::invalid_argument, fmt::format("{} pictures are too many to be numbered", person_of.size()));
  images_.resize(names.size());
  person_.reserve(person_of.size());
  for (const std::uint32_t name : person_of) {
    person_.push_back(static_cast<std::uint32_t>(std::lower_bound(names.begin(), names.end(), name) - names.begin()));
    ++images_[person_.back()];
  }
  return {};
}

Status AllPairs::check_target(double target) const {
  if (!(target > 0 && target < 1))
    return fail(ErrorCode::invalid_argument,
                fmt::format("false match rate {}: must be between 0 and 1, both excluded", target));
  double pictures = 0;
  double of_one_person = 0;
  for (const std::uint32_t n : images_) {
    pictures += n;
    of_one_person += double{1} * n * n;
  }
  const double pairs = (pictures * pictures - of_one_person) / 2;
  const double needed = std::ceil(3 / target * (1 - kHair));
  if (pairs >= needed) return {};
  const std::string have = fmt::format(
      "a false match rate of {:g} needs at least {:.0f} pairs of different people, there "
      "are {:.0f} ({} pictures of {} people)",
      target, needed, pairs, person_.size(), images_.size());
  if (pairs <= 3) return fail(ErrorCode::invalid_argument, have + ": they support no rate");
  return fail(ErrorCode::invalid_argument,
              have + fmt::format(": the smallest rate that they support is {:g}", rounded_up(3 / pairs)));
}

Status AllPairs::count(const ScoreOfPair& score, const AllPairsOptions& options, const std::stop_token& stop) {
  struct Counts {
    PairHistograms all;
    std::vector<PairHistograms> halves = std::vector<PairHistograms>(2);
  };
  std::vector<Counts> counts(static_cast<std::size_t>(options.threads));
  VULTUS_CHECK(each_row(person_.size(), options.threads, stop, [&](std::size_t worker, std::size_t i) {
    Counts& mine = counts[worker];
    for (std::size_t j = i + 1; j < person_.size(); ++j) {
      const float s = clamped(score(i, j));
      const bool mated = person_[i] == person_[j];
      (mated ? mine.all.mated : mine.all.impostors).add(s);
      const std::uint8_t half = half_of_[person_[i]];
      if (half != half_of_[person_[j]]) continue;
      (mated ? mine.halves[half].mated : mine.halves[half].impostors).add(s);
    }
  }));
  for (const Counts& one : counts) {
    all_.mated.merge(one.all.mated);
    all_.impostors.merge(one.all.impostors);
    for (std::size_t half = 0; half < halves_.size(); ++half) {
      halves_[half].mated.merge(one.halves[half].mated);
      halves_[half].impostors.merge(one.halves[half].impostors);
    }
  }
  if (const std::uint64_t wrong = all_.mated.rejected() + all_.impostors.rejected(); wrong > 0)
    return fail(ErrorCode::invalid_argument, fmt::format("{} scores are not numbers", wrong));
  return {};
}

Status AllPairs::choose(const ScoreOfPair& score, const AllPairsOptions& options, const std::stop_token& stop) {
  const std::uint64_t impostors = all_.impostors.count();
  const auto allowed = static_cast<std::uint64_t>(options.target_fmr * static_cast<double>(impostors) * (1 + kHair));
  // The bin that holds the first impostor that would be one too many: nothing below it can matter.
  std::size_t bin = ScoreHistogram::kBins;
  for (std::uint64_t above = 0; bin > 0 && above <= allowed;) above += all_.impostors.bins()[--bin];
  const auto floor = static_cast<float>(ScoreHistogram::edge(bin));

  struct Mated {
    float score;
    std::uint32_t person;
  };
  struct Kept {
    std::vector<Pair> impostors;
    std::vector<Mated> mated;
  };
  std::vector<Kept> kept(static_cast<std::size_t>(options.threads));
  VULTUS_CHECK(each_row(person_.size(), options.threads, stop, [&](std::size_t worker, std::size_t i) {
    for (std::size_t j = i + 1; j < person_.size(); ++j) {
      const float s = clamped(score(i, j));
      if (person_[i] == person_[j])
        kept[worker].mated.push_back({s, person_[i]});
      else if (s >= floor)
        kept[worker].impostors.push_back({s, static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(j)});
    }
  }));
  for (Kept& one : kept) matches_.insert(matches_.end(), one.impostors.begin(), one.impostors.end());
  std::sort(matches_.begin(), matches_.end(), [](const Pair& a, const Pair& b) {
    return std::tuple(-a.score, a.first, a.second) < std::tuple(-b.score, b.first, b.second);
  });
  if (matches_.size() <= allowed) return fail(ErrorCode::internal, "scores changed between two passes over them");
  const float excluded = matches_[allowed].score;
  threshold_ = std::nextafter(1.0F, 2.0F);
  if (excluded < 1) threshold_ = std::nextafter(excluded, 2.0F);
  float next = 2;
  for (const Pair& pair : matches_)
    if (pair.score > excluded) next = std::min(next, pair.score);
  for (const Kept& one : kept)
    for (const Mated& mated : one.mated)
      if (mated.score > excluded) next = std::min(next, mated.score);
  if (next <= 1) threshold_ = next;
  if (threshold_ > 1)
    return fail(
        ErrorCode::invalid_argument,
        fmt::format("{} pairs of different people have a similarity of 1, so no threshold reaches a false match "
                    "rate of {:g}: is one picture there under two names?",
                    matches_.size(), options.target_fmr));
  std::erase_if(matches_, [&](const Pair& pair) { return pair.score < threshold_; });
  mated_below_.resize(images_.size());
  for (const Kept& one : kept)
    for (const Mated& mated : one.mated)
      if (mated.score < threshold_) ++mated_below_[mated.person];
  return {};
}

Result<AllPairs> AllPairs::of(std::span<const std::uint32_t> person_of, const ScoreOfPair& score,
                              const AllPairsOptions& options, const std::stop_token& stop) {
  if (options.threads < 1 || options.threads > kMaxThreads)
    return fail(ErrorCode::invalid_argument, fmt::format("{} threads: 1 to {}", options.threads, kMaxThreads));
  AllPairs made;
  VULTUS_CHECK(made.number(person_of));
  VULTUS_CHECK(made.check_target(options.target_fmr));
  made.halves_.resize(2);
  // Every second person of a drawn order: two halves of the same size.
  std::vector<std::uint32_t> order(made.images_.size());
  for (std::uint32_t p = 0; p < order.size(); ++p) order[p] = p;
  Random random(options.seed);
  for (std::size_t left = order.size(); left > 1; --left) std::swap(order[left - 1], order[random.below(left)]);
  made.half_of_.resize(order.size());
  for (std::size_t at = 0; at < order.size(); ++at) made.half_of_[order[at]] = static_cast<std::uint8_t>(at % 2);
  VULTUS_CHECK(made.count(score, options, stop));
  VULTUS_CHECK(made.choose(score, options, stop));
  return made;
}

}  // namespace vultus::evaluation
