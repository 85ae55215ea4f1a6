#include <vultus/sealed/multi_power.hpp>

#include <algorithm>
#include <array>

namespace vultus::sealed {
namespace {

/// Exponents above this are cut into digits of so many bits.
constexpr int kDigitBits = 8;
constexpr std::int32_t kMaxPlanned = 1 << kDigitBits;

/// x <- x y mod modulus, without new memory.
class Multiplier {
 public:
  explicit Multiplier(const Number& modulus) : modulus_(modulus) {}
  void multiply(Number& x, const Number& y) {
    mpz_mul(product_.get(), x.get(), y.get());
    mpz_tdiv_r(x.get(), product_.get(), modulus_.get());
  }

 private:
  const Number& modulus_;
  Number product_;
};

Number follow(const std::vector<std::vector<std::size_t>>& steps, std::span<const Number> bases, Multiplier& times) {
  Number running = 1;
  Number total = 1;
  for (std::size_t j = steps.size(); j-- > 0;) {
    for (const std::size_t i : steps[j]) times.multiply(running, bases[i]);
    times.multiply(total, running);
  }
  return total;
}

}  // namespace

PowerPlan plan_of(std::span<const std::int32_t> exponents) {
  PowerPlan plan;
  for (std::size_t i = 0; i < exponents.size(); ++i) {
    if (exponents[i] == 0) continue;
    auto& steps = exponents[i] > 0 ? plan.positive : plan.negative;
    const auto j = static_cast<std::size_t>(std::abs(std::int64_t{exponents[i]}));
    if (steps.size() < j) steps.resize(j);
    steps[j - 1].push_back(i);
  }
  return plan;
}

Result<Number> multi_power(std::span<const Number> bases, std::span<const std::int32_t> exponents,
                           const Number& modulus) {
  std::int64_t largest = 0;
  for (const std::int32_t e : exponents) largest = std::max(largest, std::abs(std::int64_t{e}));
  Multiplier times(modulus);
  Number up = 1;
  Number down = 1;
  int digits = 1;
  while (largest >= std::int64_t{kMaxPlanned} << (kDigitBits * (digits - 1)) && digits < 5) ++digits;
  std::vector<std::int32_t> part(exponents.size());
  for (int digit = digits; digit-- > 0;) {
    if (digit != digits - 1)
      for (int i = 0; i < kDigitBits; ++i) {
        times.multiply(up, up);
        times.multiply(down, down);
      }
    for (std::size_t i = 0; i < exponents.size(); ++i) {
      const std::int64_t size = std::abs(std::int64_t{exponents[i]}) >> (kDigitBits * digit);
      const auto low = static_cast<std::int32_t>(size % kMaxPlanned);
      part[i] = exponents[i] < 0 ? -low : low;
    }
    const PowerPlan plan = plan_of(part);
    times.multiply(up, follow(plan.positive, bases, times));
    times.multiply(down, follow(plan.negative, bases, times));
  }
  if (down == Number(1)) return up % modulus;
  VULTUS_TRY(const Number inverse, inverse_mod(down, modulus));
  return up * inverse % modulus;
}

Number straus(std::span<const Number> bases, std::span<const Number> exponents, const Number& modulus) {
  constexpr unsigned kBitsAtOnce = 4;
  std::size_t bits = 0;
  std::vector<std::array<Number, 1U << kBitsAtOnce>> tables(bases.size());
  for (std::size_t i = 0; i < bases.size(); ++i) {
    bits = std::max(bits, exponents[i].bits());
    tables[i][0] = 1;
    for (std::size_t k = 1; k < tables[i].size(); ++k) tables[i][k] = tables[i][k - 1] * bases[i] % modulus;
  }
  Multiplier times(modulus);
  Number result = 1;
  for (std::size_t window = (bits + kBitsAtOnce - 1) / kBitsAtOnce; window-- > 0;) {
    for (unsigned i = 0; i < kBitsAtOnce; ++i) times.multiply(result, result);
    for (std::size_t i = 0; i < bases.size(); ++i) {
      std::size_t digit = 0;
      for (unsigned bit = 0; bit < kBitsAtOnce; ++bit)
        digit |= static_cast<std::size_t>(mpz_tstbit(exponents[i].get(), window * kBitsAtOnce + bit)) << bit;
      if (digit > 0) times.multiply(result, tables[i][digit]);
    }
  }
  return result % modulus;
}

}  // namespace vultus::sealed
