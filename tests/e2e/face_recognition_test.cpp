// The programs face_recognition and face_detection, held to the lines of the Python package.
#include <algorithm>
#include <cmath>
#include <fstream>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <tests/e2e/world.hpp>
#include <vultus/media/encode.hpp>
#include <vultus/media/picture.hpp>
#include <vultus/media/transform.hpp>

namespace vultus::e2e {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

Image picture_of(const fs::path& path) { return std::move(media::read_picture(path.string()).value().image); }

/// A picture of pictures, each shrunk to the same height, side by side on grey.
Image side_by_side(const std::vector<Image>& pictures, int height, int width) {
  Image wall = Image::create(width, height, PixelFormat::rgb8).value();
  const MutableImageView all = wall.mutable_view();
  for (int y = 0; y < height; ++y) std::fill_n(all.row(y), std::ptrdiff_t{3} * width, std::uint8_t{128});
  int x = 0;
  for (const Image& picture : pictures) {
    const int w = picture.width() * height / picture.height();
    const MutableImageView part{all.row(0) + std::ptrdiff_t{3} * x, w, height, all.stride, all.format};
    const RectF whole{0, 0, static_cast<float>(picture.width()), static_cast<float>(picture.height())};
    media::resize_into(picture.view(), whole, part).value();
    x += w;
  }
  return wall;
}

void save(const Image& picture, const fs::path& path) {
  const auto bytes = media::encode_jpeg(picture.view(), {.quality = 95}).value();
  std::ofstream(path, std::ios::binary)
      .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at);
    lines.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

class FaceRecognition : public ::testing::Test {
 protected:
  FaceRecognition() {
    fs::create_directories(world_ / "known/below");
    fs::create_directories(world_ / "probes/below");
    const Image obama = picture_of(samples().obama), biden = picture_of(samples().biden);
    const Image grey = side_by_side({}, 400, 400);
    world_.copy(samples().obama, "known/Barack Obama.jpg");
    save(side_by_side({picture_of(samples().obama_2), biden}, 800, 2000), world_ / "known/two.jpg");
    save(grey, world_ / "known/nobody.jpg");
    world_.copy(samples().biden, "known/below/biden.jpg");
    world_.copy(samples().biden, "known/biden.bmp");
    save(side_by_side({picture_of(samples().obama_3), biden}, 700, 2400), world_ / "probes/a.jpg");
    save(grey, world_ / "probes/b.jpg");
    world_.copy(samples().biden, "probes/c.JPG");
    save(side_by_side({obama}, 3000, 4000), world_ / "probes/d.jpeg");
    world_.copy(samples().obama, "probes/below/e.jpg");
    world_.copy(samples().obama, "probes/f.bmp");
  }

  Answer call(const char* program, std::vector<std::string> words) {
    words.insert(words.begin(), program);
    return run({.arguments = std::move(words), .folder = world_.folder().string()});
  }

  World world_;
};

TEST_F(FaceRecognition, WritesTheLinesOfThePackage) {
  const Answer answer = call(VULTUS_FACE_RECOGNITION, {"known", "probes"});
  EXPECT_EQ(answer.code, 0) << answer.err;
  // Whoever is more prominent in the picture of two is learnt; both are large, so only the order of the lines for a.jpg
  // and the second match are left open.
  auto lines = lines_of(answer.out);
  ASSERT_GE(lines.size(), 2U);
  EXPECT_EQ(lines[0], "WARNING: No faces found in known/nobody.jpg. Ignoring file.");
  EXPECT_EQ(lines[1], "WARNING: More than one face found in known/two.jpg. Only considering the first face.");
  const auto has = [&](const std::string& line) { return std::ranges::count(lines, line) == 1; };
  EXPECT_TRUE(has("probes/a.jpg,Barack Obama"));
  EXPECT_TRUE(has("probes/b.jpg,no_persons_found"));
  EXPECT_TRUE(has("probes/d.jpeg,Barack Obama")) << "a picture of 4,000 pixels is shrunk, not refused";
  const bool two_is_obama = has("probes/d.jpeg,two");
  EXPECT_TRUE(has("probes/a.jpg,two")) << "one of the two is the person of two.jpg";
  EXPECT_EQ(has("probes/a.jpg,unknown_person"), two_is_obama);
  EXPECT_EQ(has("probes/c.JPG,unknown_person"), two_is_obama);
  EXPECT_EQ(has("probes/c.JPG,two"), !two_is_obama);
  const std::string order = "abcd";
  std::size_t at = 0;
  for (std::size_t i = 2; i < lines.size(); ++i) {
    ASSERT_TRUE(lines[i].starts_with("probes/")) << lines[i];
    while (at < order.size() && lines[i][7] != order[at]) ++at;
    EXPECT_LT(at, order.size()) << "sorted by name: " << lines[i];
  }
  EXPECT_THAT(answer.out, ::testing::Not(HasSubstr("below")));
  EXPECT_THAT(answer.out, ::testing::Not(HasSubstr("bmp")));
}

TEST_F(FaceRecognition, ShowsDistancesOfDlib) {
  fs::remove(world_ / "known/two.jpg");
  fs::remove(world_ / "known/nobody.jpg");
  world_.copy(samples().obama, "same.jpg");
  EXPECT_THAT(lines_of(call(VULTUS_FACE_RECOGNITION, {"known", "same.jpg", "--show-distance", "true"}).out),
              ElementsAre("same.jpg,Barack Obama,0.0"));
  EXPECT_THAT(lines_of(call(VULTUS_FACE_RECOGNITION, {"known", "probes/c.JPG", "--show-distance", "1"}).out),
              ElementsAre("probes/c.JPG,unknown_person,None"));
  EXPECT_THAT(lines_of(call(VULTUS_FACE_RECOGNITION, {"known", "probes/b.jpg", "--show-distance", "yes"}).out),
              ElementsAre("probes/b.jpg,no_persons_found,None"));
  // The package itself (dlib 20.0.1) says 0.3457 for these two photos.
  world_.copy(samples().obama_2, "other.jpg");
  const Answer other = call(VULTUS_FACE_RECOGNITION, {"known", "other.jpg", "--show-distance", "true"});
  const std::string begin = "other.jpg,Barack Obama,";
  ASSERT_TRUE(other.out.starts_with(begin)) << other.out << other.err;
  EXPECT_NEAR(std::stod(other.out.substr(begin.size())), 0.3457, 0.03);
  EXPECT_THAT(lines_of(call(VULTUS_FACE_RECOGNITION, {"known", "other.jpg", "--tolerance", "0.3"}).out),
              ElementsAre("other.jpg,unknown_person"));
  EXPECT_THAT(other.err, HasSubstr("not rescaled"));
}

TEST_F(FaceRecognition, TheSameWithManyProcessors) {
  const Answer one = call(VULTUS_FACE_RECOGNITION, {"known", "probes"});
  const Answer all = call(VULTUS_FACE_RECOGNITION, {"known", "probes", "--cpus", "-1"});
  EXPECT_EQ(one.out, all.out);
}

TEST_F(FaceRecognition, APresetOfVultusHasItsThresholdAtTheUsualTolerance) {
  world_.copy(samples().obama_2, "other.jpg");
  const Answer answer =
      call(VULTUS_FACE_RECOGNITION, {"known", "other.jpg", "--preset", "fast", "--show-distance", "true"});
  EXPECT_THAT(answer.out, HasSubstr("other.jpg,Barack Obama,0."));
  EXPECT_THAT(answer.err, HasSubstr("is 0.6"));
}

TEST_F(FaceRecognition, RunsWithModelsThatAreFreeForCommercialUseAlone) {
  fs::remove(world_ / "known/two.jpg");
  world_.copy(samples().obama_2, "other.jpg");
  const Answer answer =
      call(VULTUS_FACE_RECOGNITION, {"known", "other.jpg", "--commercial-only", "--show-distance", "true"});
  const std::size_t at = answer.out.find("other.jpg,Barack Obama,");
  ASSERT_NE(at, std::string::npos) << answer.out << answer.err;
  EXPECT_NEAR(std::stod(answer.out.substr(at + 23)), 0.3457, 0.05) << "the descriptors are the same, the box is not";
  EXPECT_EQ(call(VULTUS_FACE_RECOGNITION, {"known", "other.jpg", "--commercial-only", "--preset", "fast"}).code, 1);
}

TEST_F(FaceRecognition, SaysWhatCannotBeRead) {
  world_.write("probes/broken.jpg", "no picture");
  const Answer answer = call(VULTUS_FACE_RECOGNITION, {"known", "probes"});
  EXPECT_EQ(answer.code, 1);
  EXPECT_THAT(answer.err, HasSubstr("probes/broken.jpg"));
  EXPECT_THAT(answer.out, HasSubstr("probes/c.JPG,")) << "the others are answered";
  EXPECT_EQ(call(VULTUS_FACE_RECOGNITION, {"nowhere", "probes"}).code, 1);
  EXPECT_EQ(call(VULTUS_FACE_RECOGNITION, {"known"}).code, 2);
}

TEST_F(FaceRecognition, DetectionWritesTopRightBottomLeft) {
  world_.copy(samples().obama, "one.jpg");
  const Answer answer = call(VULTUS_FACE_DETECTION, {"one.jpg"});
  EXPECT_EQ(answer.code, 0) << answer.err;
  int top = 0, right = 0, bottom = 0, left = 0;
  std::string name;
  char comma = 0;
  std::istringstream line(answer.out);
  ASSERT_TRUE(std::getline(line, name, ',') >> top >> comma >> right >> comma >> bottom >> comma >> left) << answer.out;
  EXPECT_EQ(name, "one.jpg");
  // The package itself says 136, 624, 394, 366; one step of its detector's sizes is 20 %.
  EXPECT_NEAR(top, 136, 26);
  EXPECT_NEAR(right, 624, 26);
  EXPECT_NEAR(bottom, 394, 26);
  EXPECT_NEAR(left, 366, 26);
  const Answer folder = call(VULTUS_FACE_DETECTION, {"probes", "--model", "cnn", "--upsample", "1"});
  EXPECT_EQ(lines_of(folder.out).size(), 4U) << folder.out;
  EXPECT_THAT(folder.out, ::testing::Not(HasSubstr("probes/b.jpg")));
}

}  // namespace
}  // namespace vultus::e2e
