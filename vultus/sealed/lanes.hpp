// Numbers modulo the squares of eight moduli, in lanes: what the kernels compute with. Private to this room.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include <vultus/sealed/lane_kernels.hpp>
#include <vultus/sealed/number.hpp>

namespace vultus::sealed {

/// Words that begin at a multiple of 64 bytes. Wiped when it goes. Move-only.
class LaneWords {
 public:
  LaneWords() = default;
  explicit LaneWords(std::size_t words);
  [[nodiscard]] std::uint64_t* data() { return words_.get(); }
  [[nodiscard]] const std::uint64_t* data() const { return words_.get(); }
  [[nodiscard]] std::size_t size() const { return size_; }

 private:
  struct Free {
    std::size_t size = 0;
    void operator()(std::uint64_t* words) const;
  };
  // NOLINTNEXTLINE(modernize-avoid-c-arrays): aligned memory of a size known at run time
  std::unique_ptr<std::uint64_t[], Free> words_{nullptr, Free{}};
  std::size_t size_ = 0;
};

/// The rings of integers modulo n^2 for the n of each lane. Immutable after make(); any thread.
/// Elements inside are in Montgomery's form, x R.
class LaneRing {
 public:
  /// @param moduli  odd, of at most 4,096 bits
  LaneRing(const LaneKernels& kernels, const std::array<Number, kLanes>& moduli);
  /// The same modulus in all lanes.
  LaneRing(const LaneKernels& kernels, const Number& modulus);

  /// Words of an element.
  [[nodiscard]] std::size_t words() const { return std::size_t{2} * static_cast<std::size_t>(modulus_.limbs) * kLanes; }
  /// Words of one lane of an element.
  [[nodiscard]] std::size_t lane_words() const { return std::size_t{2} * static_cast<std::size_t>(modulus_.limbs); }
  [[nodiscard]] LaneWords element() const { return LaneWords(words()); }
  /// 1 in all lanes.
  [[nodiscard]] const std::uint64_t* one() const { return one_.data(); }

  void multiply(std::uint64_t* out, const std::uint64_t* x, const std::uint64_t* y) const {
    kernels_->multiply(modulus_, out, x, y);
  }
  void square(std::uint64_t* out, const std::uint64_t* x) const { kernels_->square(modulus_, out, x); }
  /// out = x^exponent in each lane; time and addresses do not depend on the exponents but on `bits`.
  /// @param exponents  not negative, of at most `bits` bits
  void power(std::uint64_t* out, const std::uint64_t* x, std::span<const Number, kLanes> exponents,
             std::size_t bits) const;

  /// Puts a number modulo the square of a lane's modulus into that lane, not yet in Montgomery's form.
  void put(std::uint64_t* element, int lane, const Number& x) const;
  /// Brings all lanes into Montgomery's form.
  void enter(std::uint64_t* element) const { multiply(element, element, square_of_r_.data()); }
  /// Takes all lanes out of it.
  void leave(std::uint64_t* element) const { multiply(element, element, plain_one_.data()); }
  /// The number of a lane that is not in Montgomery's form.
  [[nodiscard]] Number get(const std::uint64_t* element, int lane) const;

 private:
  void make(const std::array<Number, kLanes>& moduli);
  void put_half(std::uint64_t* half, int lane, const Number& x) const;

  const LaneKernels* kernels_;
  LaneModulus modulus_;
  std::array<Number, kLanes> moduli_;
  std::array<Number, kLanes> squares_;
  LaneWords n_, negative_inverse_, correction_, one_, plain_one_, square_of_r_;
};

}  // namespace vultus::sealed
