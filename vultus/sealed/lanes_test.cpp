// The lanes against GMP.
#include <array>

#include <gtest/gtest.h>

#include <vultus/sealed/lanes.hpp>

namespace vultus::sealed {
namespace {

Number odd_of(std::size_t bits) {
  Number n = random_below(power_of_two(bits));
  mpz_setbit(n.get(), bits - 1);
  mpz_setbit(n.get(), 0);
  return n;
}

class Lanes : public ::testing::TestWithParam<std::size_t> {
 protected:
  void SetUp() override {
    if (ifma_kernels() == nullptr) GTEST_SKIP() << "this CPU has no AVX-512 IFMA";
    for (Number& n : moduli_) n = odd_of(GetParam());
  }
  std::array<Number, kLanes> moduli_;
};

TEST_P(Lanes, MultiplySquareAndPowerEqualGmpInEveryLane) {
  const LaneRing ring(*ifma_kernels(), moduli_);
  std::array<Number, kLanes> x, y, exponents;
  LaneWords a = ring.element(), b = ring.element(), product = ring.element(), squared = ring.element(),
            powered = ring.element();
  for (int round = 0; round < 4; ++round) {
    for (int lane = 0; lane < kLanes; ++lane) {
      const auto i = static_cast<std::size_t>(lane);
      const Number square = moduli_[i] * moduli_[i];
      // The largest number is one of them: all limbs full.
      x[i] = round == 0 ? square - Number(1) : random_below(square);
      y[i] = round == 0 ? square - Number(1 + lane) : random_below(square);
      exponents[i] = random_below(power_of_two(67));
      ring.put(a.data(), lane, x[i]);
      ring.put(b.data(), lane, y[i]);
    }
    ring.enter(a.data());
    ring.enter(b.data());
    ring.multiply(product.data(), a.data(), b.data());
    ring.square(squared.data(), a.data());
    ring.power(powered.data(), a.data(), exponents, 67);
    // Many steps on: almost reduced numbers stay right.
    for (int i = 0; i < 50; ++i) ring.multiply(product.data(), product.data(), ring.one());
    ring.leave(product.data());
    ring.leave(squared.data());
    ring.leave(powered.data());
    for (int lane = 0; lane < kLanes; ++lane) {
      const auto i = static_cast<std::size_t>(lane);
      const Number square = moduli_[i] * moduli_[i];
      EXPECT_EQ(ring.get(product.data(), lane), x[i] * y[i] % square) << "lane " << lane;
      EXPECT_EQ(ring.get(squared.data(), lane), x[i] * x[i] % square) << "lane " << lane;
      EXPECT_EQ(ring.get(powered.data(), lane), power_mod(x[i], exponents[i], square)) << "lane " << lane;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Bits, Lanes, ::testing::Values(17, 512, 683, 1024, 2048, 3072, 4096));

}  // namespace
}  // namespace vultus::sealed
