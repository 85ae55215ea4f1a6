// Where a command writes: one name for two things is refused before anything is read.
#include <apps/cli/one_output.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vultus/core/test_folder.hpp>

#include <apps/cli/application.hpp>

namespace vultus::cli {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::string wrong_in(std::vector<std::string> arguments) {
  const Application application = make_application();
  std::ranges::reverse(arguments);
  application.parser->parse(std::move(arguments));
  return two_outputs_of_one_name(*application.parser);
}

TEST(TwoOutputs, OfOneNameAreRefusedWithBothOptions) {
  EXPECT_THAT(wrong_in({"track", "clip.mp4", "-o", "x", "--report", "x"}),
              AllOf(HasSubstr("--output"), HasSubstr("--report"), HasSubstr(" x")));
  EXPECT_THAT(wrong_in({"identify", "g.vgal", "a.jpg", "-o", "x", "--report", "./y/../x"}), HasSubstr("--report"));
  EXPECT_THAT(wrong_in({"identify", "g.vgal", "a.jpg", "--annotate", "d", "--report", "d/"}), HasSubstr("--annotate"));
  EXPECT_THAT(wrong_in({"cluster", "photos", "--library", "x", "--html", "x"}), HasSubstr("--library"));
  EXPECT_THAT(wrong_in({"bench", "lfw", "--images", "i", "--pairs", "p", "--report", "x", "--plot", "x"}),
              HasSubstr("--plot"));
}

TEST(TwoOutputs, OfOneFileByWayOfALinkAreRefused) {
  const TestFolder folder;
  std::ofstream(folder / "x.html") << "an older page";
  std::filesystem::create_symlink("x.html", folder / "link");
  EXPECT_THAT(
      wrong_in({"track", "clip.mp4", "-o", (folder / "link").string(), "--report", (folder / "x.html").string()}),
      HasSubstr("--report"));
}

TEST(TwoOutputs, OfDifferentNamesAndOneAloneAreNot) {
  EXPECT_THAT(wrong_in({"track", "clip.mp4", "-o", "x.vultus", "--report", "x.html", "--annotate", "x.mp4"}),
              IsEmpty());
  EXPECT_THAT(wrong_in({"track", "clip.mp4", "--report", "x"}), IsEmpty());
  EXPECT_THAT(wrong_in({"track", "x", "--report", "x"}), IsEmpty()) << "an input is another matter";
}

}  // namespace
}  // namespace vultus::cli
