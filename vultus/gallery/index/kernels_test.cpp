// Every set of instructions against plain loops written anew, and all sets against each other.
#include <vultus/gallery/index/kernels.hpp>

#include <bit>
#include <cctype>
#include <cmath>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <vultus/core/embedding.hpp>

namespace vultus::gallery {
namespace {

std::vector<const Kernels*> all_kernels() {
  std::vector<const Kernels*> all{&portable_kernels()};
  for (const Kernels* kernels : {avx2_kernels(), avx512_kernels(), neon_kernels()})
    if (kernels != nullptr) all.push_back(kernels);
  return all;
}

class KernelsOf : public ::testing::TestWithParam<const Kernels*> {
 protected:
  std::mt19937 random_{11};
  template <class T>
  std::vector<T> numbers(std::size_t count, int from, int to) {
    std::uniform_int_distribution<int> any(from, to);
    std::vector<T> all(count);
    for (T& one : all) one = static_cast<T>(any(random_));
    return all;
  }
  std::vector<float> floats(std::size_t count) {
    std::normal_distribution<float> normal;
    std::vector<float> all(count);
    for (float& one : all) one = normal(random_);
    return all;
  }
  std::vector<std::uint64_t> words(std::size_t count) {
    std::mt19937_64 random(random_());
    std::vector<std::uint64_t> all(count);
    for (std::uint64_t& one : all) one = random();
    return all;
  }
};

TEST_P(KernelsOf, ProductsAreThoseOfInnerProductBitForBit) {
  for (const std::size_t dimension : {1U, 2U, 15U, 16U, 17U, 128U, 192U, 511U, 512U, 704U})
    for (const std::size_t count : {1U, 2U, 3U, 4U, 5U, 16U, 19U}) {
      const std::size_t stride = dimension + 3;
      const auto rows = floats(count * stride);
      const auto probe = floats(dimension);
      std::vector<float> out(count);
      GetParam()->products(rows.data(), stride, count, probe.data(), dimension, out.data());
      for (std::size_t r = 0; r < count; ++r)
        EXPECT_EQ(out[r], inner_product(std::span(rows).subspan(r * stride, dimension), probe))
            << dimension << " values, row " << r;
    }
}

TEST_P(KernelsOf, ByteProductsAreExactAlsoAtTheEndsOfTheRange) {
  for (const std::size_t stride : {64U, 192U, 512U})
    for (const std::size_t count : {1U, 3U, 4U, 9U})
      for (std::size_t probes = 1; probes <= kProbesAtOnce; ++probes)
        for (const bool extreme : {false, true}) {
          auto rows = numbers<std::uint8_t>(count * stride, 0, 255);
          auto of = numbers<std::int8_t>(probes * stride, -127, 127);
          if (extreme) {
            std::ranges::fill(rows, std::uint8_t{255});
            std::ranges::fill(of, std::int8_t{-127});
          }
          std::vector<std::int32_t> out(probes * count);
          GetParam()->byte_products(rows.data(), stride, count, of.data(), probes, out.data());
          for (std::size_t p = 0; p < probes; ++p)
            for (std::size_t r = 0; r < count; ++r) {
              std::int64_t sum = 0;
              for (std::size_t d = 0; d < stride; ++d)
                sum += std::int64_t{rows[r * stride + d]} * std::int64_t{of[p * stride + d]};
              EXPECT_EQ(out[p * count + r], sum);
            }
        }
}

TEST_P(KernelsOf, BitSumsCountTheLevelsOfTheBitsThatAreSet) {
  for (const std::size_t count_of_words : {1U, 2U, 4U, 8U, 16U}) {
    constexpr std::size_t kBlocks = 3;
    const auto blocks = words(kBlocks * count_of_words * kRowsOfBlock);
    const auto planes = words(kProbeBits * count_of_words);
    std::vector<std::int32_t> out(kBlocks * kRowsOfBlock);
    GetParam()->bit_sums(blocks.data(), count_of_words, kBlocks, planes.data(), out.data());
    for (std::size_t row = 0; row < out.size(); ++row) {
      std::vector<std::uint64_t> own;
      std::int32_t sum = 0;
      for (std::size_t w = 0; w < count_of_words; ++w) {
        own.push_back(blocks[(row / kRowsOfBlock * count_of_words + w) * kRowsOfBlock + row % kRowsOfBlock]);
        for (std::size_t bit = 0; bit < 64; ++bit) {
          if ((own.back() >> bit & 1U) == 0) continue;
          for (std::size_t p = 0; p < kProbeBits; ++p)
            sum += static_cast<std::int32_t>(planes[p * count_of_words + w] >> bit & 1U) << p;
        }
      }
      EXPECT_EQ(out[row], sum) << count_of_words << " words, row " << row;
      if (count_of_words < 4) continue;
      own.push_back(std::bit_cast<std::uint64_t>(RestScale{.factor = 0.5F, .base = -3}));
      const std::uint64_t* const chunk = own.data();
      EstimatedRow one{.estimate = 10, .row = 0};
      GetParam()->add_rest(&chunk, 14, count_of_words, planes.data(), 7, &one, 1);
      EXPECT_EQ(one.estimate, 10 + static_cast<float>(2 * sum - 3 + 7) * 0.5F);
    }
  }
}

TEST_P(KernelsOf, FindTheRowsAboveAThresholdInOrder) {
  // Row 0: (2*10 + 5 - 5) * 0.5 = 10. Row 1: (2*1 - 1 - 5) * 1 = -4. Row 2: (2*8 + 0 - 5) * 1 = 11.
  const std::vector<std::int32_t> sums{10, 1, 8};
  const std::vector<std::int16_t> base{5, -1, 0};
  const std::vector<float> factors{0.5F, 1, 1};
  std::vector<EstimatedRow> rows(3);
  ASSERT_EQ(GetParam()->above(sums.data(), base.data(), factors.data(), 3, -5, 9, 100, rows.data()), 2U);
  EXPECT_EQ(rows[0].row, 100U);
  EXPECT_EQ(rows[0].estimate, 10);
  EXPECT_EQ(rows[1].row, 102U);
  EXPECT_EQ(rows[1].estimate, 11);
  EXPECT_EQ(GetParam()->above(sums.data(), base.data(), factors.data(), 3, -5, 10, 0, rows.data()), 1U)
      << "equal is not above";
}

TEST_P(KernelsOf, AgreeWithThePortableOnes) {
  const Kernels& plain = portable_kernels();
  for (const std::size_t count : {1U, 7U, 8U, 16U, 33U, 512U}) {
    const auto sums = numbers<std::int32_t>(count, 0, 4000);
    const auto base = numbers<std::int16_t>(count, -2000, 2000);
    const auto factors = floats(count);
    auto errors = floats(count);
    for (float& error : errors) error = std::abs(error) * 0.01F;
    std::vector<EstimatedRow> found(count), want(count);
    found.resize(GetParam()->above(sums.data(), base.data(), factors.data(), count, 17, 300, 5, found.data()));
    want.resize(plain.above(sums.data(), base.data(), factors.data(), count, 17, 300, 5, want.data()));
    ASSERT_EQ(found.size(), want.size());
    for (std::size_t i = 0; i < found.size(); ++i) {
      EXPECT_EQ(found[i].row, want[i].row);
      EXPECT_EQ(found[i].estimate, want[i].estimate);
    }
    std::vector<std::uint32_t> rows(count), want_rows(count);
    const ByteProbe probe{.zero = 1000, .scale = 0.001F, .error = 0.01F, .slack = 1e-5F};
    const std::size_t near =
        GetParam()->may_reach(sums.data(), factors.data(), errors.data(), count, probe, 0.5F, rows.data());
    ASSERT_EQ(near, plain.may_reach(sums.data(), factors.data(), errors.data(), count, probe, 0.5F, want_rows.data()));
    rows.resize(near), want_rows.resize(near);
    EXPECT_EQ(rows, want_rows);
  }
}

INSTANTIATE_TEST_SUITE_P(EveryInstructionSet, KernelsOf, ::testing::ValuesIn(all_kernels()), [](const auto& kernels) {
  std::string name = kernels.param->name;
  std::erase_if(name, [](char c) { return std::isalnum(static_cast<unsigned char>(c)) == 0; });
  return name;
});

}  // namespace
}  // namespace vultus::gallery
