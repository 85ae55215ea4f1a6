#include <vultus/sealed/lanes.hpp>

#include <algorithm>
#include <cstring>
#include <new>

#include <sodium.h>

namespace vultus::sealed {
namespace {

constexpr std::align_val_t kAlignment{64};
static_assert(GMP_NUMB_BITS == 64);  // how put_half() and get() read limbs
constexpr int kSpareBits = 6;        ///< R is above 64 n

int limbs_for(std::size_t bits) {
  const int limbs = (static_cast<int>(bits) + kSpareBits + kLimbBits - 1) / kLimbBits;
  return (limbs + 3) / 4 * 4;
}

}  // namespace

LaneWords::LaneWords(std::size_t words)
    : words_(static_cast<std::uint64_t*>(::operator new[](words * sizeof(std::uint64_t), kAlignment)), Free{words}),
      size_(words) {
  std::memset(words_.get(), 0, words * sizeof(std::uint64_t));
}

void LaneWords::Free::operator()(std::uint64_t* words) const {
  sodium_memzero(words, size * sizeof(std::uint64_t));
  ::operator delete[](words, kAlignment);
}

LaneRing::LaneRing(const LaneKernels& kernels, const std::array<Number, kLanes>& moduli) : kernels_(&kernels) {
  make(moduli);
}

LaneRing::LaneRing(const LaneKernels& kernels, const Number& modulus) : kernels_(&kernels) {
  std::array<Number, kLanes> moduli;
  moduli.fill(modulus);
  make(moduli);
}

void LaneRing::make(const std::array<Number, kLanes>& moduli) {
  moduli_ = moduli;
  std::size_t bits = 0;
  for (const Number& n : moduli) bits = std::max(bits, n.bits());
  modulus_.limbs = limbs_for(bits);
  const auto half = static_cast<std::size_t>(modulus_.limbs) * kLanes;
  n_ = LaneWords(half);
  correction_ = LaneWords(half);
  negative_inverse_ = LaneWords(kLanes);
  one_ = element();
  plain_one_ = element();
  square_of_r_ = element();
  const Number r = power_of_two(static_cast<std::size_t>(modulus_.limbs) * kLimbBits);
  const Number limb = power_of_two(kLimbBits);
  for (int lane = 0; lane < kLanes; ++lane) {
    const Number& n = moduli_[static_cast<std::size_t>(lane)];
    squares_[static_cast<std::size_t>(lane)] = n * n;
    put_half(n_.data(), lane, n);
    put_half(correction_.data(), lane, (Number(1) - r) % n);
    // n is odd, so there is an inverse.
    const Number inverse = limb - *inverse_mod(n % limb, limb);
    negative_inverse_.data()[lane] = mpz_get_ui(inverse.get());
    put(one_.data(), lane, r);
    put(plain_one_.data(), lane, 1);
    put(square_of_r_.data(), lane, r * r);
  }
  modulus_.n = n_.data();
  modulus_.negative_inverse = negative_inverse_.data();
  modulus_.correction = correction_.data();
}

void LaneRing::put_half(std::uint64_t* half, int lane, const Number& x) const {
  const mp_limb_t* const limbs = mpz_limbs_read(x.get());
  const std::size_t count = mpz_size(x.get());
  constexpr std::uint64_t kMask = (std::uint64_t{1} << kLimbBits) - 1;
  for (int i = 0; i < modulus_.limbs; ++i) {
    const std::size_t bit = static_cast<std::size_t>(i) * kLimbBits;
    const std::size_t word = bit / 64;
    const std::size_t shift = bit % 64;
    std::uint64_t value = word < count ? limbs[word] >> shift : 0;
    if (shift > 64 - kLimbBits && word + 1 < count) value |= limbs[word + 1] << (64 - shift);
    half[i * kLanes + lane] = value & kMask;
  }
}

void LaneRing::put(std::uint64_t* element, int lane, const Number& x) const {
  const auto at = static_cast<std::size_t>(lane);
  Number quotient;
  Number rest;
  mpz_fdiv_qr(quotient.get(), rest.get(), x.get(), moduli_[at].get());
  if (quotient >= moduli_[at]) quotient = quotient % moduli_[at];
  put_half(element, lane, rest);
  put_half(element + modulus_.limbs * kLanes, lane, quotient);
}

Number LaneRing::get(const std::uint64_t* element, int lane) const {
  const auto at = static_cast<std::size_t>(lane);
  const auto half = [&](const std::uint64_t* from) {
    Number value;
    const auto bits = static_cast<std::size_t>(modulus_.limbs) * kLimbBits;
    mp_limb_t* const limbs = mpz_limbs_write(value.get(), static_cast<mp_size_t>(bits / 64 + 1));
    std::memset(limbs, 0, (bits / 64 + 1) * sizeof(mp_limb_t));
    for (int i = 0; i < modulus_.limbs; ++i) {
      const std::size_t bit = static_cast<std::size_t>(i) * kLimbBits;
      const std::uint64_t limb = from[i * kLanes + lane];
      limbs[bit / 64] |= limb << bit % 64;
      if (bit % 64 > 64 - kLimbBits) limbs[bit / 64 + 1] |= limb >> (64 - bit % 64);
    }
    mpz_limbs_finish(value.get(), static_cast<mp_size_t>(bits / 64 + 1));
    return value;
  };
  return (half(element) + half(element + modulus_.limbs * kLanes) * moduli_[at]) % squares_[at];
}

void LaneRing::power(std::uint64_t* out, const std::uint64_t* x, std::span<const Number, kLanes> exponents,
                     std::size_t bits) const {
  constexpr std::size_t kPowers = std::size_t{1} << kPowerWindow;
  LaneWords table(kPowers * words());
  std::memcpy(table.data(), one_.data(), words() * sizeof(std::uint64_t));
  std::memcpy(table.data() + words(), x, words() * sizeof(std::uint64_t));
  for (std::size_t e = 2; e < kPowers; ++e) multiply(table.data() + e * words(), table.data() + (e - 1) * words(), x);
  LaneWords chosen = element();
  LaneWords result = element();
  LaneWords digits(kLanes);
  std::memcpy(result.data(), one_.data(), words() * sizeof(std::uint64_t));
  for (std::size_t window = (bits + kPowerWindow - 1) / kPowerWindow; window-- > 0;) {
    for (int lane = 0; lane < kLanes; ++lane) {
      std::uint64_t digit = 0;
      for (std::size_t bit = 0; bit < kPowerWindow; ++bit)
        digit |= static_cast<std::uint64_t>(
                     mpz_tstbit(exponents[static_cast<std::size_t>(lane)].get(), window * kPowerWindow + bit))
                 << bit;
      digits.data()[lane] = digit;
    }
    for (int i = 0; i < kPowerWindow; ++i) square(result.data(), result.data());
    kernels_->select(modulus_, chosen.data(), table.data(), kPowers, digits.data());
    multiply(result.data(), result.data(), chosen.data());
  }
  std::memcpy(out, result.data(), words() * sizeof(std::uint64_t));
}

}  // namespace vultus::sealed
