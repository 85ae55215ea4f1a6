#include <vultus/core/result.hpp>

#include <memory>
#include <new>

#include <gtest/gtest.h>

namespace vultus {
namespace {

Result<int> half(int n) {
  if (n % 2 != 0) return fail(ErrorCode::invalid_argument, std::to_string(n) + " is odd");
  return n / 2;
}

Result<int> quarter(int n) {
  VULTUS_TRY(const int once, half(n));
  VULTUS_TRY(const int twice, half(once));
  return twice;
}

Status refuse_seven(int n) {
  if (n == 7) return fail(ErrorCode::unsupported, "seven");
  return {};
}

Status check_all(int n) {
  VULTUS_CHECK(refuse_seven(n));
  return {};
}

TEST(Result, TryPassesTheValueOrTheFirstError) {
  EXPECT_EQ(quarter(12).value(), 3);
  EXPECT_EQ(quarter(6).error(), (Error{ErrorCode::invalid_argument, "3 is odd"}));
}

TEST(Result, CheckReturnsTheErrorOfAStatus) {
  EXPECT_TRUE(check_all(1));
  EXPECT_EQ(check_all(7).error().code, ErrorCode::unsupported);
}

TEST(Result, AskingForTheWrongSideIsABug) {
  EXPECT_THROW((void)half(3).value(), std::logic_error);
  EXPECT_THROW((void)half(4).error(), std::logic_error);
  EXPECT_THROW(refuse_seven(7).value(), std::logic_error);
}

TEST(Result, ContextGoesBeforeTheMessage) {
  EXPECT_EQ(half(3).with_context("a.jpg").error().message, "a.jpg: 3 is odd");
  EXPECT_EQ(half(4).with_context("a.jpg").value(), 2);
}

TEST(Result, MovesWhatCannotBeCopied) {
  Result<std::unique_ptr<int>> made = std::make_unique<int>(5);
  std::unique_ptr<int> out = *std::move(made);
  EXPECT_EQ(*out, 5);
}

TEST(Guarded, TurnsExceptionsIntoErrorsAtTheBorder) {
  const Result<int> thrown = guarded("vendor", []() -> Result<int> { throw std::runtime_error("broken"); });
  EXPECT_EQ(thrown.error(), (Error{ErrorCode::internal, "vendor: broken"}));
  const Result<int> memory = guarded("vendor", []() -> Result<int> { throw std::bad_alloc(); });
  EXPECT_EQ(memory.error().code, ErrorCode::resource_limit);
}

TEST(ErrorCode, NamesAreTheOnesScriptsRead) {
  EXPECT_EQ(name_of(ErrorCode::corrupt_data), "corrupt_data");
  EXPECT_EQ(name_of(ErrorCode::model_mismatch), "model_mismatch");
}

}  // namespace
}  // namespace vultus
