#include <cmath>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vultus/learn/training_log.hpp>

namespace vultus::learn {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(TrainingLogs, AreReadBackWithoutALineThatWasCutOff) {
  const EpochRecord one{1, {{"loss", 2.5}, {"p.uar", 0.25}}}, two{2, {{"loss", 1.5}}};
  const std::string text = log_line(one) + log_line(two);
  EXPECT_THAT(read_log(text).value(), ::testing::ElementsAre(one, two));
  EXPECT_THAT(read_log(text.substr(0, text.size() - 2)).value(), ::testing::ElementsAre(one));
  EXPECT_THAT(read_log("{}\n").error().message, HasSubstr("line 1"));
}

TEST(TrainingLogs, TheirPageRenewsItselfWhileTheRunLasts) {
  const std::string page = log_page("a <b>", {{1, {{"loss", 2}}}, {2, {{"loss", 1}}}}, true);
  EXPECT_THAT(page, HasSubstr("refresh"));
  EXPECT_THAT(page, HasSubstr("a &lt;b>"));
  // Two epochs: from the top left to the bottom right.
  EXPECT_THAT(page, HasSubstr("points=\"0,0 460,150 \""));
  EXPECT_THAT(page, Not(HasSubstr("http://")));
  EXPECT_THAT(log_page("a", {}, false), Not(HasSubstr("refresh")));
}

}  // namespace
}  // namespace vultus::learn
