// The page of channels stays what it is whatever the Timeline says.
#include <vultus/engine/channel_page.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vultus/core/test_folder.hpp>
#include <vultus/engine/html_page.hpp>
#include <vultus/timeline/timeline_file.hpp>

namespace vultus::engine {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

/// One person who is seen at these seconds, in a source of this name.
std::string page_of_channels(const std::string& source, const std::vector<std::int64_t>& seconds) {
  const TestFolder folder;
  {
    auto to = TimelineWriter::open({.path = folder / "t.vultus"}).value();
    to.add(Source{.id = SourceId(1), .path = source, .width = 64, .height = 48}).value();
    to.add(Track{TrackId(1), SourceId(1)}).value();
    for (const std::int64_t at : seconds) {
      Observation seen{.track = TrackId(1), .time = {at}, .face = {}};
      seen.face.box = {1, 2, 30, 40};
      to.add(seen).value();
    }
    to.commit().value();
  }
  return channel_page(folder / "t.vultus", folder.path()).value();
}

TEST(ChannelPage, NamesCannotBecomePartOfTheProgram) {
  const std::string page = page_of_channels("a<!--<script>b</script>.mp4", {0});
  EXPECT_THAT(page, HasSubstr("a\\u003c!--\\u003cscript>b\\u003c/script>.mp4"));
  EXPECT_THAT(page, Not(HasSubstr("<!--")));
  std::size_t scripts = 0;
  for (std::size_t at = page.find("<script"); at != std::string::npos; at = page.find("<script", at + 1)) ++scripts;
  EXPECT_EQ(scripts, 2U) << "the data and the program";
}

TEST(ChannelPage, StaysSmallWhereAFaceIsSeenAgainAfterALongTime) {
  const std::size_t near = page_of_channels("a.mp4", {0, 1}).size();
  EXPECT_LT(page_of_channels("a.mp4", {0, 2'000'000}).size(), near + 1000);
}

TEST(ChannelPage, HoldsEachBoxWithTheNumberOfItsStretch) {
  // From the first box on: 0, then 3 s = 15 stretches of 0.2 s; x 1, y 2, width 30, height 40.
  const std::vector<std::uint8_t> bytes{0,  0, 0, 0, 1, 0, 2, 0, 30, 0, 40, 0,  //
                                        15, 0, 0, 0, 1, 0, 2, 0, 30, 0, 40, 0};
  EXPECT_THAT(page_of_channels("a.mp4", {2, 5}), HasSubstr("\"box_from\":10,\"boxes\":\"" + base64(bytes) + "\""));
}

TEST(ChannelPage, SaysWhatItCannotShowAndCallsTracksTracks) {
  const std::string page = page_of_channels("a.mkv", {0});
  EXPECT_THAT(page, HasSubstr("This browser cannot show ${source.path}"));
  EXPECT_THAT(page, HasSubstr("g.fillText(t.name ?")) << "the name stands at the box";
  EXPECT_THAT(page, Not(HasSubstr("} people`"))) << "one person may be several tracks";
}

TEST(JsonInHtml, SaysTheSameWithoutLessThanSigns) {
  EXPECT_EQ(json_in_html(R"({"a":"</b><!--","c":[1,"<"]})"), R"({"a":"\u003c/b>\u003c!--","c":[1,"\u003c"]})");
}

}  // namespace
}  // namespace vultus::engine
