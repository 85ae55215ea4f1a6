#include <vultus/engine/report.hpp>

#include <filesystem>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <vultus/engine/html_page.hpp>
#include <vultus/engine/identify.hpp>
#include <vultus/engine/report_content.hpp>
#include <vultus/media/encode.hpp>
#include <vultus/media/file.hpp>

namespace vultus::engine {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

std::span<const std::uint8_t> bytes_of(const std::string& text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

std::size_t count_of(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size())) ++count;
  return count;
}

/// A Timeline as `vultus identify` writes it, made by hand.
class TimelineOfPictures {
 public:
  explicit TimelineOfPictures(DataKind data = DataKind::user) {
    const EvidenceId evidence(1);
    must(made.add(Evidence{.id = evidence,
                           .producer = "vultus test",
                           .model = "model+mirror",
                           .model_sha256 = std::string(64, 'a'),
                           .backend = "backend f32",
                           .protocol = "protocol of the test",
                           .data = data}));
    for (const ChannelId* id :
         {&kIdentitySubject, &kIdentitySimilarity, &kIdentityThreshold, &kIdentityFmr, &kIdentityProbability})
      must(made.add(Channel{*id, "unit", evidence}));
  }
  void picture(const std::string& path, std::optional<Error> error = std::nullopt) {
    must(made.add(Source{.id = SourceId(++sources_),
                         .path = path,
                         .width = error ? 0 : 64,
                         .height = error ? 0 : 48,
                         .error = std::move(error)}));
  }
  /// A face of the last picture. @param name  empty = unknown
  void face(const std::string& name, double similarity) {
    const TrackId track(++tracks_);
    must(made.add(Track{track, SourceId(sources_)}));
    must(made.add(Observation{track, {}, FaceObservation{.box = {10, 10, 20, 20}}}));
    if (name.empty())
      must(made.add(Reading{kIdentitySubject, track, {}, std::monostate(), "nobody reaches the threshold"}));
    else
      must(made.add(Reading{kIdentitySubject, track, {}, name, ""}));
    must(made.add(Reading{kIdentitySimilarity, track, {}, similarity, ""}));
    must(made.add(Reading{kIdentityThreshold, track, {}, 0.5, ""}));
    must(made.add(Reading{kIdentityFmr, track, {}, 1e-4, ""}));
    must(made.add(Reading{kIdentityProbability, track, {}, name.empty() ? 0.00001 : 0.987, ""}));
  }

  Timeline made;

 private:
  static void must(const Status& status) { ASSERT_TRUE(status) << status.error().message; }
  std::int64_t sources_ = 0;
  std::int64_t tracks_ = 0;
};

/// A folder with pictures of 64 x 48 pixels.
class Pictures {
 public:
  Pictures() {
    std::string pattern = (std::filesystem::temp_directory_path() / "vultus report XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
  }
  ~Pictures() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  Pictures(const Pictures&) = delete;
  Pictures& operator=(const Pictures&) = delete;

  [[nodiscard]] std::string add(const std::string& name) const {
    const auto image = Image::create(64, 48, PixelFormat::rgb8);
    const auto jpeg = media::encode_jpeg(image->view());
    std::string path = (folder_ / name).string();
    EXPECT_TRUE(media::write_file_atomically(path, *jpeg));
    return path;
  }

 private:
  std::filesystem::path folder_;
};

TEST(DataUri, IsBase64AsTheStandardHasIt) {  // RFC 4648, section 10
  EXPECT_EQ(data_uri("x/y", bytes_of("")), "data:x/y;base64,");
  EXPECT_EQ(data_uri("x/y", bytes_of("f")), "data:x/y;base64,Zg==");
  EXPECT_EQ(data_uri("x/y", bytes_of("fo")), "data:x/y;base64,Zm8=");
  EXPECT_EQ(data_uri("x/y", bytes_of("foo")), "data:x/y;base64,Zm9v");
  EXPECT_EQ(data_uri("x/y", bytes_of("foobar")), "data:x/y;base64,Zm9vYmFy");
  EXPECT_EQ(data_uri("x/y", bytes_of("\xff\xfe\xfd")), "data:x/y;base64,//79");
}

TEST(ReportContent, CountsPeopleByPicturesNotByFaces) {
  TimelineOfPictures t;
  t.picture("a.jpg");
  t.face("Bob", 0.6);
  t.face("Bob", 0.9);  // a mirror, a poster: one picture all the same
  t.face("Ada", 0.7);
  t.picture("b.jpg");
  t.face("Ada", 0.8);
  t.face("", 0.2);
  const ReportContent content = gather_report(t.made);
  ASSERT_EQ(content.people.size(), 2U);
  EXPECT_EQ(content.people[0].name, "Ada");
  EXPECT_EQ(content.people[0].pictures, 2U);
  EXPECT_EQ(content.people[1].name, "Bob");
  EXPECT_EQ(content.people[1].pictures, 1U);
  EXPECT_THAT(content.people[1].faces, ElementsAre(1U, 0U));  // the more similar first
  EXPECT_THAT(content.unknown, ElementsAre(4U));
  EXPECT_EQ(content.threshold, 0.5);
  EXPECT_EQ(content.fmr, 1e-4);
}

TEST(Report, HoldsEveryPictureAndFaceAndLoadsNothing) {
  const Pictures pictures;
  TimelineOfPictures t;
  t.picture(pictures.add("one.jpg"));
  t.face("Ada", 0.71);
  t.face("", 0.2);
  t.picture(pictures.add("two.jpg"));
  const auto page = identity_report(t.made);
  ASSERT_TRUE(page) << page.error().message;
  EXPECT_EQ(count_of(*page, "<img src=\"data:image/jpeg;base64,"), 2U);
  EXPECT_EQ(count_of(*page, "{background-image:url(data:image/jpeg;base64,"), 2U);
  EXPECT_EQ(
      count_of(*page, "http://") + count_of(*page, "https://") + count_of(*page, "<script") + count_of(*page, "<link"),
      0U);
  EXPECT_THAT(*page, HasSubstr("Ada"));
  EXPECT_THAT(*page, HasSubstr("similarity 0.710, threshold 0.500"));
  EXPECT_THAT(*page, HasSubstr("probability 98.7 %"));
  EXPECT_THAT(*page, HasSubstr("about 1 of 10,000"));
  EXPECT_THAT(*page, HasSubstr(std::string(64, 'a')));
  EXPECT_THAT(*page, HasSubstr("backend f32"));
  EXPECT_THAT(*page, Not(HasSubstr("planted data")));
}

TEST(Report, EscapesNamesAndPathsThatCarryHtml) {
  TimelineOfPictures t;
  t.picture("\"><script>alert(1)</script>.jpg");
  t.face("<b onmouseover='x'>&Eve", 0.9);
  t.picture("bad\xff\x01<i>.jpg", fail(ErrorCode::corrupt_data, "bad\xff\x01<i>.jpg: <u>no picture"));
  const auto page = identity_report(t.made, {.title = "<title>&"});
  ASSERT_TRUE(page);
  for (const char* raw : {"<script", "<b onmouseover", "<i>", "<u>no", "<title>&\"", "\xff", "\x01", "'x'"})
    EXPECT_THAT(*page, Not(HasSubstr(raw))) << raw;
  EXPECT_THAT(*page, HasSubstr("&lt;script&gt;"));
  EXPECT_THAT(*page, HasSubstr("&lt;u&gt;no picture"));
}

TEST(Report, TellsAPictureThatIsGoneWithItsReason) {
  TimelineOfPictures t;
  t.picture("/nowhere/gone.jpg");
  t.face("Ada", 0.8);
  t.picture("-");
  const auto page = identity_report(t.made);
  ASSERT_TRUE(page);
  EXPECT_EQ(count_of(*page, "<img"), 0U);
  EXPECT_EQ(count_of(*page, "Not shown: "), 2U);
  EXPECT_THAT(*page, HasSubstr("/nowhere/gone.jpg"));
  EXPECT_THAT(*page, HasSubstr("Ada"));
  EXPECT_THAT(*page, HasSubstr("standard input"));
}

TEST(Report, ListsUnreadableInputsWithTheirReasons) {
  TimelineOfPictures t;
  t.picture("cut.jpg", fail(ErrorCode::corrupt_data, "cut.jpg: ends after 100 of 2000 bytes"));
  const auto page = identity_report(t.made);
  ASSERT_TRUE(page);
  EXPECT_THAT(*page, HasSubstr("<td>cut.jpg</td><td>ends after 100 of 2000 bytes</td><td>corrupt_data</td>"));
}

TEST(Report, HoldsNoMorePicturesThanAskedForAndSaysSo) {
  const Pictures pictures;
  TimelineOfPictures t;
  for (const char* name : {"1.jpg", "2.jpg", "3.jpg"}) t.picture(pictures.add(name));
  const auto page = identity_report(t.made, {.max_pictures = 2});
  ASSERT_TRUE(page);
  EXPECT_EQ(count_of(*page, "<img"), 2U);
  EXPECT_EQ(count_of(*page, "<article"), 3U);
  EXPECT_THAT(*page, HasSubstr("The first 2 of 3 are shown"));
}

TEST(Report, SaysThatPlantedDataArePlanted) {
  TimelineOfPictures t(DataKind::planted);
  t.picture("a.jpg");
  const auto page = identity_report(t.made);
  ASSERT_TRUE(page);
  EXPECT_THAT(*page, HasSubstr("planted data"));
}

TEST(Report, RefusesSizesThatMakeNoSense) {
  const Timeline empty;
  for (const ReportOptions& wrong :
       {ReportOptions{.picture_side = 0}, ReportOptions{.face_side = 10000}, ReportOptions{.quality = 101}}) {
    const auto page = identity_report(empty, wrong);
    ASSERT_FALSE(page);
    EXPECT_EQ(page.error().code, ErrorCode::invalid_argument);
  }
  EXPECT_TRUE(identity_report(empty));
}

TEST(Report, StopsWhenAsked) {
  TimelineOfPictures t;
  t.picture("a.jpg");
  std::stop_source stop;
  stop.request_stop();
  const auto page = identity_report(t.made, {}, stop.get_token());
  ASSERT_FALSE(page);
  EXPECT_EQ(page.error().code, ErrorCode::cancelled);
}

}  // namespace
}  // namespace vultus::engine
