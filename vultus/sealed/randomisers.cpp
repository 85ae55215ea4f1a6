#include <vultus/sealed/randomisers.hpp>

#include <algorithm>
#include <cstring>
#include <utility>

#include <vultus/sealed/parallel.hpp>

namespace vultus::sealed {
namespace {

constexpr std::size_t kWindow = 6;  ///< bits of an exponent that one entry stands for
constexpr std::size_t kEntries = std::size_t{1} << kWindow;
constexpr std::size_t kBlock = 256;  ///< numbers made together: their products take 160 KB for 2048 bits

Number base_of(const PublicKey& key) {
  const PublicParts& open = key.parts();
  if (open.kind.scheme == Scheme::okamoto_uchiyama) return open.h;
  const Number y = random_unit(open.n);
  return randomiser(key, open.n - y * y % open.n);
}

/// base^(2^(6 i)) for each window.
std::vector<Number> window_bases(const Number& base, std::size_t windows, const Number& modulus) {
  std::vector<Number> bases{base};
  while (bases.size() < windows) {
    Number next = bases.back();
    for (std::size_t i = 0; i < kWindow; ++i) next = next * next % modulus;
    bases.push_back(std::move(next));
  }
  return bases;
}

std::size_t digit_of(const Number& exponent, std::size_t window) {
  std::size_t digit = 0;
  for (std::size_t bit = 0; bit < kWindow; ++bit)
    digit |= static_cast<std::size_t>(mpz_tstbit(exponent.get(), window * kWindow + bit)) << bit;
  return digit;
}

}  // namespace

bool has_ifma() { return ifma_kernels() != nullptr; }

bool lanes_serve(const KeyKind& kind, Instructions instructions) {
  return instructions == Instructions::best && kind.scheme != Scheme::okamoto_uchiyama && kind.s == 1 &&
         ifma_kernels() != nullptr;
}

struct Randomisers::Table {
  PublicKey key;
  int threads;
  std::size_t windows;
  std::optional<LaneRing> ring;
  LaneWords lane_entries;       ///< [window][entry], one lane each, in Montgomery's form
  std::vector<Number> entries;  ///< the same without lanes

  Table(const PublicKey& of, Instructions instructions, int with_threads) : key(of), threads(with_threads) {
    const PublicParts& open = key.parts();
    windows = (exponent_bits() + kWindow - 1) / kWindow;
    const std::vector<Number> bases = window_bases(base_of(key), windows, open.modulus);
    if (lanes_serve(open.kind, instructions)) {
      ring.emplace(*ifma_kernels(), open.n);
      fill_lanes(bases);
      return;
    }
    entries.resize(windows * kEntries);
    for_each_number(windows, threads, [&](std::size_t window) {
      Number* const row = &entries[window * kEntries];
      row[0] = 1;
      for (std::size_t e = 1; e < kEntries; ++e) row[e] = row[e - 1] * bases[window] % open.modulus;
    });
  }

  [[nodiscard]] std::size_t exponent_bits() const {
    const auto bits = static_cast<std::size_t>(key.kind().bits);
    return key.kind().scheme == Scheme::okamoto_uchiyama ? bits : bits / 2;
  }

  /// Eight windows at once.
  void fill_lanes(const std::vector<Number>& bases) {
    const std::size_t lane_words = ring->lane_words();
    lane_entries = LaneWords(windows * kEntries * lane_words);
    for_each_number((windows + kLanes - 1) / kLanes, threads, [&](std::size_t group) {
      LaneWords base = ring->element();
      LaneWords running = ring->element();
      const std::size_t first = group * kLanes;
      const std::size_t count = std::min<std::size_t>(kLanes, windows - first);
      for (std::size_t lane = 0; lane < count; ++lane)
        ring->put(base.data(), static_cast<int>(lane), bases[first + lane]);
      ring->enter(base.data());
      std::memcpy(running.data(), ring->one(), ring->words() * sizeof(std::uint64_t));
      for (std::size_t e = 0; e < kEntries; ++e) {
        if (e > 0) ring->multiply(running.data(), running.data(), base.data());
        for (std::size_t lane = 0; lane < count; ++lane) {
          std::uint64_t* const to = lane_entries.data() + ((first + lane) * kEntries + e) * lane_words;
          for (std::size_t w = 0; w < lane_words; ++w) to[w] = running.data()[w * kLanes + lane];
        }
      }
    });
  }

  /// Window by window for all of them, so that the entries of one stay near: going through the whole table for every
  /// eight numbers waits for memory a third of the time.
  void make_lanes(std::span<Number> made) const {
    const std::size_t lane_words = ring->lane_words();
    const std::size_t groups = (made.size() + kLanes - 1) / kLanes;
    std::vector<Number> exponents;
    for (std::size_t i = 0; i < made.size(); ++i) exponents.push_back(random_below(power_of_two(exponent_bits())));
    LaneWords running(groups * ring->words());
    LaneWords chosen = ring->element();
    for (std::size_t window = 0; window < windows; ++window) {
      for (std::size_t group = 0; group < groups; ++group) {
        const std::size_t first = group * kLanes;
        for (std::size_t lane = 0; lane < std::min<std::size_t>(kLanes, made.size() - first); ++lane) {
          const std::size_t entry = window * kEntries + digit_of(exponents[first + lane], window);
          const std::uint64_t* const from = lane_entries.data() + entry * lane_words;
          for (std::size_t w = 0; w < lane_words; ++w) chosen.data()[w * kLanes + lane] = from[w];
        }
        std::uint64_t* const product = running.data() + group * ring->words();
        if (window == 0)
          std::memcpy(product, chosen.data(), ring->words() * sizeof(std::uint64_t));
        else
          ring->multiply(product, product, chosen.data());
      }
    }
    for (std::size_t i = 0; i < made.size(); ++i) {
      std::uint64_t* const product = running.data() + i / kLanes * ring->words();
      if (i % kLanes == 0) ring->leave(product);
      made[i] = ring->get(product, static_cast<int>(i % kLanes));
    }
  }

  void make_one(Number& made) const {
    const Number& modulus = key.parts().modulus;
    const Number exponent = key.kind().scheme == Scheme::okamoto_uchiyama ? random_below(key.parts().n)
                                                                          : random_below(power_of_two(exponent_bits()));
    made = 1;
    for (std::size_t window = 0; window < windows; ++window)
      made = made * entries[window * kEntries + digit_of(exponent, window)] % modulus;
  }

  [[nodiscard]] std::vector<Number> make(std::size_t count) const {
    std::vector<Number> made(count);
    if (ring) {
      for_each_number((count + kBlock - 1) / kBlock, threads, [&](std::size_t block) {
        const std::size_t first = block * kBlock;
        make_lanes(std::span(made).subspan(first, std::min(kBlock, count - first)));
      });
    } else {
      for_each_number(count, threads, [&](std::size_t i) { make_one(made[i]); });
    }
    return made;
  }
};

Randomisers::Randomisers(const PublicKey& key, const ComputeOptions& options)
    : table_(std::make_unique<Table>(key, options.instructions, options.threads)) {}
Randomisers::~Randomisers() = default;
Randomisers::Randomisers(Randomisers&&) noexcept = default;
Randomisers& Randomisers::operator=(Randomisers&&) noexcept = default;

void Randomisers::prepare(std::size_t count) {
  if (stock_.size() >= count) return;
  for (Number& made : table_->make(count - stock_.size())) stock_.push_back(std::move(made));
}

std::vector<Number> Randomisers::take(std::size_t count) {
  prepare(count);
  std::vector<Number> taken;
  taken.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    taken.push_back(std::move(stock_.back()));
    stock_.pop_back();
  }
  return taken;
}

}  // namespace vultus::sealed
