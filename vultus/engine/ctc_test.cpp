#include <vultus/engine/ctc.hpp>

#include <gtest/gtest.h>

namespace vultus::engine {
namespace {

TEST(Ctc, LeavesOutRepeatsAndBlanks) {
  const std::vector<std::string> alphabet{"", "a", "b"};
  // a a blank a b b
  const std::vector<float> scores{0, 1, 0, 0, 1, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 1};
  EXPECT_EQ(ctc_text(scores, alphabet), "aab");
  EXPECT_EQ(ctc_text({}, alphabet), "");
  EXPECT_EQ(ctc_text(std::vector<float>{1, 0, 0, 1, 0, 0}, alphabet), "") << "nothing but blanks";
}

}  // namespace
}  // namespace vultus::engine
