#include <algorithm>
#include <cmath>

#include <vultus/learn/training/samplers.hpp>

namespace vultus::learn {
namespace {

/// Gives its samples in an order by chance, again and again.
class Deck {
 public:
  explicit Deck(std::vector<std::int64_t> samples) : samples_(std::move(samples)), at_(samples_.size()) {}
  [[nodiscard]] bool empty() const { return samples_.empty(); }
  [[nodiscard]] std::size_t size() const { return samples_.size(); }
  std::int64_t next(std::mt19937_64& engine) {
    if (at_ == samples_.size()) shuffle_in_place(samples_, engine), at_ = 0;
    return samples_[at_++];
  }

 private:
  std::vector<std::int64_t> samples_;
  std::size_t at_;
};

}  // namespace

std::vector<std::int64_t> class_balanced(std::span<const std::int64_t> samples, std::span<const std::int64_t> labels,
                                         std::size_t count, std::mt19937_64& engine) {
  std::vector<std::vector<std::int64_t>> classes;
  for (std::size_t i = 0; i < samples.size() && i < labels.size(); ++i) {
    if (labels[i] < 0) continue;
    const auto label = static_cast<std::size_t>(labels[i]);
    if (label >= classes.size()) classes.resize(label + 1);
    classes[label].push_back(samples[i]);
  }
  std::vector<Deck> decks;
  for (auto& members : classes)
    if (!members.empty()) decks.emplace_back(std::move(members));
  std::vector<std::int64_t> given;
  if (decks.empty()) return given;
  const std::size_t wanted = count > 0 ? count : samples.size();
  given.reserve(wanted);
  std::vector<std::size_t> turn(decks.size());
  for (std::size_t c = 0; c < turn.size(); ++c) turn[c] = c;
  while (given.size() < wanted) {
    shuffle_in_place(turn, engine);
    for (std::size_t c = 0; c < turn.size() && given.size() < wanted; ++c) given.push_back(decks[turn[c]].next(engine));
  }
  return given;
}

std::vector<std::int64_t> mixed(std::span<const MixedSet> sets, std::size_t count, std::mt19937_64& engine) {
  std::vector<Deck> decks;
  std::vector<double> shares;
  double all = 0, longest = 0;
  for (const MixedSet& set : sets)
    if (set.share > 0 && !set.samples.empty()) {
      decks.emplace_back(set.samples), shares.push_back(set.share);
      all += set.share;
    }
  for (std::size_t s = 0; s < decks.size(); ++s)
    longest = std::max(longest, static_cast<double>(decks[s].size()) * all / shares[s]);
  std::vector<std::int64_t> given;
  if (decks.empty()) return given;
  const std::size_t wanted = count > 0 ? count : static_cast<std::size_t>(std::ceil(longest - 1e-9));
  given.reserve(wanted);
  std::vector<double> owed(decks.size());
  while (given.size() < wanted) {
    // Whoever is owed most comes next.
    for (std::size_t s = 0; s < owed.size(); ++s) owed[s] += shares[s] / all;
    const auto next = static_cast<std::size_t>(std::ranges::max_element(owed) - owed.begin());
    owed[next] -= 1;
    given.push_back(decks[next].next(engine));
  }
  return given;
}

double beta_of(double a, std::mt19937_64& engine) {
  const auto unit = [&] { return static_cast<double>((engine() >> 11U) + 1) * 0x1p-53; };
  for (int tries = 0; tries < 1000; ++tries) {
    const double x = std::pow(unit(), 1 / a), y = std::pow(unit(), 1 / a);
    if (x + y <= 1 && x + y > 0) return x / (x + y);
  }
  return 0.5;
}

}  // namespace vultus::learn
