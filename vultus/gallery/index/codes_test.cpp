#include <vultus/gallery/index/codes.hpp>

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>
#include <random>

#include <gtest/gtest.h>

namespace vultus::gallery {
namespace {

std::vector<float> unit(std::mt19937& random, std::size_t dimension) {
  std::normal_distribution<float> normal;
  std::vector<float> values(dimension);
  double square = 0;
  for (float& v : values) v = normal(random), square += double{v} * double{v};
  for (float& v : values) v = static_cast<float>(v / std::sqrt(square));
  return values;
}

double product(std::span<const float> a, std::span<const float> b) {
  return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

TEST(Rotation, KeepsLengthsAndAngles) {
  std::mt19937 random(3);
  for (const std::size_t dimension : {1U, 64U, 100U, 192U, 512U, 704U}) {
    const Rotation rotation(dimension);
    EXPECT_GE(rotation.size(), std::max<std::size_t>(64, dimension));
    EXPECT_EQ(rotation.size() & (rotation.size() - 1), 0U) << "a power of 2";
    const auto a = unit(random, dimension), b = unit(random, dimension);
    std::vector<float> ra(rotation.size()), rb(rotation.size());
    rotation.turn(a, ra);
    rotation.turn(b, rb);
    EXPECT_NEAR(product(ra, ra), 1, 1e-5);
    EXPECT_NEAR(product(ra, rb), product(a, b), 1e-5);
  }
}

TEST(Rotation, SpreadsASingleDimensionOverAll) {
  const Rotation rotation(512);
  std::vector<float> one(512), turned(512);
  one[100] = 1;
  rotation.turn(one, turned);
  // A flat vector of length 1 has 1 / sqrt(512) = 0.044 everywhere.
  for (const float v : turned) EXPECT_LT(std::abs(v), 0.25F);
  EXPECT_GT(std::ranges::count_if(turned, [](float v) { return std::abs(v) > 0.01F; }), 256);
}

TEST(Bytes, AreThoseOfTheHandCalculation) {
  // The greatest, -0.8, becomes -127: a step is 0.8 / 127. 0.6 / step = 95.25, so 95, and 0.25 steps are lost.
  const std::vector<float> values{0.6F, -0.8F};
  std::vector<std::uint8_t> bytes(4, 9);
  const ByteCode code = to_bytes(values, bytes);
  EXPECT_EQ(bytes, (std::vector<std::uint8_t>{128 + 95, 128 - 127, 128, 128}));
  EXPECT_FLOAT_EQ(code.scale, 0.8F / 127);
  EXPECT_NEAR(code.error, 0.25 * 0.8 / 127, 1e-6);
}

TEST(Bytes, BoundTheProductFromAboveAlways) {
  std::mt19937 random(5);
  const Rotation rotation(192);
  for (int i = 0; i < 2000; ++i) {
    const auto row = unit(random, 192);
    // Also products near 1, where being too low would lose the best answer.
    auto probe = i % 2 == 0 ? unit(random, 192) : row;
    const ProbeCode code = to_probe(probe, rotation, 192, 4);
    std::vector<std::uint8_t> bytes(192);
    const ByteCode byte = to_bytes(row, bytes);
    std::int32_t sum = 0;
    for (std::size_t d = 0; d < bytes.size(); ++d) sum += int{bytes[d]} * int{code.bytes[d]};
    std::uint32_t found = 0;
    const auto told = static_cast<float>(product(row, probe));
    EXPECT_EQ(portable_kernels().may_reach(&sum, &byte.scale, &byte.error, 1, code.byte, told, &found), 1U);
    EXPECT_EQ(portable_kernels().may_reach(&sum, &byte.scale, &byte.error, 1, code.byte, told + 0.1F, &found), 0U)
        << "the bound is near";
  }
}

TEST(Bits, AreSignsWithTheUnitOfTheEstimate) {
  std::vector<float> rotated(64, -0.125F);
  rotated[0] = 0.5F;
  rotated[63] = 0.25F;
  const BitCode code = to_bits(rotated);
  EXPECT_EQ(code.words, (std::vector<std::uint64_t>{1ULL | 1ULL << 63U}));
  // Squares: 0.25 + 0.0625 + 62 / 64 = 1.28125. Absolute values: 0.75 + 7.75 = 8.5.
  EXPECT_FLOAT_EQ(code.factor, 1.28125F / 8.5F);
}

/// How far estimates of products are off: mean and deviation.
struct Off {
  double bias = 0, square = 0;
  int count = 0;
  void add(double off) { bias += off, square += off * off, ++count; }
  void expect(double deviation) const {
    EXPECT_NEAR(bias / count, 0, 4 * deviation / std::sqrt(count));
    EXPECT_NEAR(std::sqrt(square / count), deviation, 0.12 * deviation);
  }
};

TEST(Bits, EstimateTheProductAsWellAsTheTheorySays) {
  std::mt19937 random(6);
  for (const std::size_t dimension : {300U, 512U}) {
    const Rotation rotation(dimension);
    Off off;
    for (int i = 0; i < 2000; ++i) {
      const auto row = unit(random, dimension), probe = unit(random, dimension);
      std::vector<float> rotated(rotation.size());
      rotation.turn(row, rotated);
      const BitCode bits = to_bits(rotated);
      const ProbeCode code = to_probe(probe, rotation, (dimension + 63) / 64 * 64, 0);  // nothing is looked at first
      std::vector<std::uint64_t> kept = bits.words;
      kept.push_back(std::bit_cast<std::uint64_t>(RestScale{.first = 0, .rest = bits.factor}));
      const std::uint64_t* const chunk = kept.data();
      EstimatedRow one{.estimate = 0, .row = 0};
      portable_kernels().add_rest(&chunk, 14, bits.words.size(), code.planes_rest.data(), code.offset_rest, &one, 1);
      off.add(double{one.estimate} * double{code.step} - product(row, probe));
    }
    off.expect(0.755 / std::sqrt(static_cast<double>(rotation.size())));
  }
}

TEST(Tables, EstimateWhatTheFirstDimensionsAddAsWellAsTheTheorySays) {
  std::mt19937 random(7);
  for (const std::size_t dimension : {128U, 192U, 512U}) {
    const Rotation rotation(dimension);
    const std::size_t words = std::min<std::size_t>(4, rotation.size() / 64);
    const std::size_t first = words * 64;
    Off off;
    for (int i = 0; i < 2000; ++i) {
      const auto row = unit(random, dimension), probe = unit(random, dimension);
      std::vector<float> turned(rotation.size()), of_probe(rotation.size());
      rotation.turn(row, turned);
      rotation.turn(probe, of_probe);
      const BitCode bits = to_bits(std::span(turned).first(first));
      const ProbeCode code = to_probe(probe, rotation, (dimension + 63) / 64 * 64, words);
      EXPECT_NEAR(code.first_square, product(std::span(of_probe).first(first), std::span(of_probe).first(first)), 1e-5);
      std::uint32_t sum = 0;
      for (std::size_t t = 0; t < code.tables.size(); ++t)
        sum += code.tables[t].entries[bits.words[t / 16] >> (t % 16 * 4) & 15U];
      const double told =
          double{code.estimate(static_cast<std::uint16_t>(sum))} * double{bits.factor} * double{code.step};
      off.add(told - product(std::span(turned).first(first), std::span(of_probe).first(first)));
    }
    // Lengths of both in the first dimensions: sqrt(first / all).
    off.expect(0.77 * static_cast<double>(first) / static_cast<double>(rotation.size()) /
               std::sqrt(static_cast<double>(first)));
  }
}

TEST(Tables, HoldWhatEachPatternOfSignsAdds) {
  const Rotation rotation(64);
  std::mt19937 random(8);
  const auto probe = unit(random, 64);
  const ProbeCode code = to_probe(probe, rotation, 64, 1);
  std::vector<float> turned(64);
  rotation.turn(probe, turned);
  ASSERT_EQ(code.tables.size(), 16U);
  for (std::size_t t = 0; t < 16; ++t)
    for (std::size_t pattern = 0; pattern < 16; ++pattern) {
      double exact = 0;
      for (std::size_t i = 0; i < 4; ++i) {
        const double value = turned[t * 4 + i];
        exact += std::abs(value) + ((pattern >> i & 1U) != 0 ? value : -value);
      }
      for (std::size_t copy = 0; copy < kTableCopies; ++copy)
        EXPECT_NEAR(code.tables[t].entries[copy * kTableEntries + pattern], exact / double{code.entry},
                    is_split(t, 8) ? 1.001 : 0.501)
            << t;
    }
}

TEST(Tables, OfSixDimensionsGiveTheSameSums) {
  const Rotation rotation(64);
  std::mt19937 random(9);
  const ProbeCode code = to_probe(unit(random, 64), rotation, 64, 1);
  ASSERT_EQ(code.wide.size(), 8U) << "two threes of bytes in eight";
  for (int i = 0; i < 200; ++i) {
    const std::uint64_t bits = std::mt19937_64(random())();
    int of_four = 0, of_six = 0;
    for (std::size_t t = 0; t < 12; ++t) of_four += code.tables[t].entries[bits >> (4 * t) & 15U];
    for (std::size_t t = 0; t < 8; ++t) of_six += code.wide[t].entries[bits >> (6 * t) & 63U];
    EXPECT_EQ(of_six, of_four);
  }
}

TEST(Tables, ARowsScaleIsTheReciprocalOfItsFactor) {
  // 512 dimensions: units of sqrt(512) / 16384 = 1.381e-3. 1 / 0.05 = 20 = 14,482 units.
  EXPECT_EQ(look_scale(0.05F, 512), 14'482);
  EXPECT_EQ(look_scale(1e-9F, 512), INT16_MAX);
  EXPECT_EQ(look_scale(0, 512), INT16_MAX);
  EXPECT_EQ(look_scale(1e9F, 512), 1);
}

TEST(Codes, OfAZeroVectorAreHarmless) {
  const std::vector<float> zero(128);
  const Rotation rotation(128);
  const ProbeCode code = to_probe(zero, rotation, 128, 2);
  EXPECT_TRUE(std::isfinite(code.step));
  EXPECT_TRUE(std::isfinite(to_bits(zero).factor));
}

}  // namespace
}  // namespace vultus::gallery
