#include <vultus/core/embedding.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

#include <gtest/gtest.h>

namespace vultus {
namespace {

Embedding made(const char* model, std::vector<float> values) {
  return Embedding::normalised(ModelId(model), std::move(values)).value();
}

TEST(Embedding, HasUnitLength) {
  const Embedding e = made("m", {3, 4});
  EXPECT_FLOAT_EQ(e.values()[0], 0.6F);
  EXPECT_FLOAT_EQ(e.values()[1], 0.8F);
}

TEST(Embedding, OfUnitLengthKeepsEveryBit) {
  // Squared lengths that rounding leaves: 1 + 2^-24 or so, which normalised() might change in the last bit.
  const std::vector<float> values{0.6F, 0.8F};
  const Embedding e = Embedding::of_unit_length(ModelId("m"), values).value();
  EXPECT_TRUE(std::ranges::equal(e.values(), values));
  const auto longer = Embedding::of_unit_length(ModelId("m"), {0.6F, 0.81F});
  ASSERT_FALSE(longer);
  EXPECT_EQ(longer.error().code, ErrorCode::invalid_argument);
  EXPECT_FALSE(Embedding::of_unit_length(ModelId("m"), {}));
  EXPECT_FALSE(Embedding::of_unit_length(ModelId(), {1}));
  EXPECT_FALSE(Embedding::of_unit_length(ModelId("m"), {1, std::numeric_limits<float>::quiet_NaN()}));
}

TEST(Embedding, RefusesWhatHasNoDirection) {
  EXPECT_EQ(Embedding::normalised(ModelId("m"), {0, 0}).error().code, ErrorCode::invalid_argument);
  EXPECT_FALSE(Embedding::normalised(ModelId("m"), {}));
  EXPECT_FALSE(Embedding::normalised(ModelId(), {1}));
  EXPECT_FALSE(Embedding::normalised(ModelId("m"), {1, std::numeric_limits<float>::quiet_NaN()}));
  EXPECT_FALSE(Embedding::normalised(ModelId("m"), {1, std::numeric_limits<float>::infinity()}));
}

TEST(Similarity, IsTheCosine) {
  // (3,4)/5 . (4,3)/5 = 24/25
  EXPECT_NEAR(similarity(made("m", {3, 4}), made("m", {4, 3})).value().value(), 0.96F, 1e-6F);
  EXPECT_NEAR(similarity(made("m", {1, 0}), made("m", {0, 1})).value().value(), 0.0F, 1e-6F);
  EXPECT_NEAR(similarity(made("m", {1, 2, 3}), made("m", {-1, -2, -3})).value().value(), -1.0F, 1e-6F);
}

TEST(Similarity, OfTwoModelsIsAnErrorAndNotANumber) {
  EXPECT_EQ(similarity(made("a", {1, 0}), made("b", {1, 0})).error().code, ErrorCode::model_mismatch);
  EXPECT_EQ(similarity(made("a", {1, 0}), made("a", {1, 0, 0})).error().code, ErrorCode::model_mismatch);
}

TEST(InnerProduct, EqualsTheSumInDoubleForEveryLength) {
  for (std::size_t n = 1; n <= 70; ++n) {
    std::vector<float> a(n), b(n);
    double want = 0;
    for (std::size_t i = 0; i < n; ++i) {
      a[i] = static_cast<float>(std::sin(0.7 * static_cast<double>(i) + 1));
      b[i] = static_cast<float>(std::cos(1.3 * static_cast<double>(i)));
      want += double{a[i]} * b[i];
    }
    EXPECT_NEAR(inner_product(a, b), want, 1e-5) << n << " values";
  }
}

}  // namespace
}  // namespace vultus
