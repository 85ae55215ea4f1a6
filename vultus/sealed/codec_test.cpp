#include <cmath>
#include <limits>
#include <memory>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vultus/sealed/scheme.hpp>
#include <vultus/sealed/slots.hpp>

namespace vultus::sealed {
namespace {

using ::testing::HasSubstr;

/// A public key of so many bits that is good for layouts alone.
PublicKey key_of(int bits) {
  auto parts = std::make_shared<PublicParts>();
  parts->kind.bits = bits;
  parts->n = power_of_two(static_cast<std::size_t>(bits)) - Number(1);
  EXPECT_TRUE(complete(*parts));
  return PublicKey(parts);
}

TEST(Layout, HasTheWidthsOfTheBound) {
  // d = 512, S = 1000 and 500: lengths 1000 * 1.001 + 11.3137085 = 1012.3137085 and 511.8137085, squares 1024779.04 and
  // 261953.27, B = floor(sqrt(1024779 * 261953)) = 518115 (Python's math.isqrt) < 2^19: 20 bits with the sign. 2047
  // bits hold K slots of 20 and a check slot of 20 + ceil(log2 K): K = 101 (2020 + 27 = 2047).
  const Layout layout = layout_for(key_of(2048), 512, {.sealed = 1000, .plain = 500}).value();
  EXPECT_EQ(layout.sealed_norm_bound, 1024779);
  EXPECT_EQ(layout.plain_norm_bound, 261953);
  EXPECT_EQ(layout.product_bound, 518115);
  EXPECT_EQ(layout.slot_bits, 20);
  EXPECT_EQ(layout.slots, 101);
}

TEST(Layout, RefusesWhatDoesNotFit) {
  EXPECT_THAT(layout_for(key_of(2048), 0, {}).error().message, HasSubstr("0 values"));
  EXPECT_THAT(layout_for(key_of(2048), kMaxDimension + 1, {}).error().message, HasSubstr("4097"));
  EXPECT_THAT(layout_for(key_of(2048), 512, {.sealed = 0}).error().message, HasSubstr("scale of 0"));
  EXPECT_THAT(layout_for(key_of(2048), 512, {.plain = kMaxScale + 1}).error().message, HasSubstr("1048577"));
  EXPECT_THAT(layout_for(key_of(64), 512, {.sealed = kMaxScale, .plain = kMaxScale}).error().message,
              HasSubstr("do not fit"));
}

TEST(Slots, HoldTheExtremesOfEverySlotSideBySide) {
  const PublicKey key = key_of(1024);
  for (const int dimension : {1, 3, 128, 512, 4096}) {
    const Layout layout = layout_for(key, dimension, {}).value();
    const std::int64_t b = layout.product_bound;
    for (const std::int64_t sign : {1, -1}) {
      std::vector<std::int64_t> values;
      for (int k = 0; k < layout.slots; ++k) values.push_back(k % 3 == 0 ? sign * b : k % 3 == 1 ? -sign * b : k - 5);
      EXPECT_EQ(slots_of(layout, slot_message(layout, values, 0), layout.slots).value(), values);
      values.assign(static_cast<std::size_t>(layout.slots), sign * b);
      const Number message = slot_message(layout, values, 0);
      EXPECT_EQ(slots_of(layout, message, layout.slots).value(), values);
      // The promise of the layout: half the message space is not left.
      EXPECT_LE(message.bits(), key.usable_bits());
    }
  }
}

TEST(Slots, ABoundThatIsLeftIsAnError) {
  const Layout layout = layout_for(key_of(1024), 512, {}).value();
  const std::vector<std::int64_t> beyond{0, layout.product_bound + 1};
  EXPECT_THAT(slots_of(layout, slot_message(layout, beyond, 0), 2).error().message, HasSubstr("slot 1 holds 518116"));
  const std::vector<std::int64_t> values{1, 2, 3};
  EXPECT_EQ(slots_of(layout, slot_message(layout, values, 0), 2).error().code, ErrorCode::corrupt_data)
      << "a slot that is not in use holds something";
  EXPECT_THAT(slots_of(layout, slot_message(layout, values, 0) + Number(1), 3).error().message,
              HasSubstr("check slot"));
}

TEST(Slots, MessagesOfDifferentSlotsAdd) {
  const Layout layout = layout_for(key_of(1024), 512, {}).value();
  const std::vector<std::int64_t> first{5, -7}, then{-100, 9};
  const Number sum = slot_message(layout, first, 0) + slot_message(layout, then, 2);
  EXPECT_EQ(slots_of(layout, sum, 4).value(), (std::vector<std::int64_t>{5, -7, -100, 9}));
}

TEST(Quantise, RoundsHalvesAwayFromZero) {
  EXPECT_EQ(quantise(std::vector<float>{0.6F, -0.8F, 0.0F}, 10).value(), (std::vector<std::int32_t>{6, -8, 0}));
  EXPECT_EQ(quantise(std::vector<float>{0.25F, -0.25F}, 10).value(), (std::vector<std::int32_t>{3, -3}));
}

TEST(Quantise, NamesTheValuesThatAreNoNumbersOrTooLarge) {
  std::vector<float> values(8, 0.1F);
  values[5] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_THAT(quantise(values, 1000).error().message, HasSubstr("value 5 of 8 is nan"));
  values[5] = -std::numeric_limits<float>::infinity();
  EXPECT_THAT(quantise(values, 1000).error().message, HasSubstr("value 5 of 8 is -inf"));
  values[5] = -7;
  values[2] = 3;
  EXPECT_THAT(quantise(values, 1000).error().message, HasSubstr("value 5 is -7.000000, value 2 is 3.000000"));
}

TEST(Quantise, EveryVectorThatItTakesKeepsTheBound) {
  // Worst for rounding: all values half way between two whole numbers.
  for (const int dimension : {1, 2, 100, 512}) {
    for (const int scale : {1, 7, 500, 1000}) {
      const double length = 1 + kLengthSlack - 1e-6;
      const auto value = static_cast<float>(length / std::sqrt(static_cast<double>(dimension)));
      const std::vector<float> flat(static_cast<std::size_t>(dimension), value);
      EXPECT_TRUE(check_norm(quantise(flat, scale).value(), norm_bound(scale, dimension)));
    }
  }
  EXPECT_THAT(check_norm(std::vector<std::int32_t>{3, 4}, 24).error().message, HasSubstr("value 1 is 4, value 0 is 3"));
  EXPECT_TRUE(check_norm(std::vector<std::int32_t>{3, 4}, 25));
  EXPECT_FALSE(check_norm(std::vector<std::int32_t>(4096, std::numeric_limits<std::int32_t>::min()), 1 << 30));
}

}  // namespace
}  // namespace vultus::sealed
