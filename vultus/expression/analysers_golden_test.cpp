// The analysers with the shipped networks on sample photos, and on their mirror images.
#include <cmath>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <tests/golden/models.hpp>
#include <vultus/expression/analysers.hpp>
#include <vultus/expression/label_space.hpp>
#include <vultus/face/golden_faces.hpp>

namespace vultus::expression {
namespace {

constexpr const char* kPresident = "face_recognition-1.3.0/obama.jpg";
constexpr const char* kLaughing = "face-api-1.7.15/sample5.jpg";

AnalyserResources shipped() {
  return {
      .model = [](const ModelId& id) { return golden::model(id.text()); }, .camera = {}, .baseline = {}, .learnt = {}};
}

/// Everything that is read of a face.
FaceReadings read_of(const Image& picture, const FaceObservation& face) {
  AnalysedFrame frame{
      .time = {}, .seconds = {}, .picture = picture.view(), .cut = false, .faces = {{TrackId(1), face, {}}}};
  Source source;
  source.width = picture.width(), source.height = picture.height();
  for (const AnalyserRow& row : face_analysers()) {
    const auto analyser = row.make(shipped()).value();
    analyser->begin(source).value();
    analyser->look(std::span(&frame, 1)).value();
  }
  return frame.faces[0].readings;
}

struct Photo {
  Image picture, mirrored;
  FaceReadings face, mirror;
};

/// The main face of a photo, and of its mirror image.
const Photo& photo(const std::string& name) {
  static std::map<std::string, Photo> known;
  if (const auto at = known.find(name); at != known.end()) return at->second;
  Photo made{golden::sample(name).value(), {}, {}, {}};
  made.mirrored = Image::create(made.picture.width(), made.picture.height(), PixelFormat::rgb8).value();
  media::mirror_into(made.picture.view(), made.mirrored.mutable_view());
  auto finder = face::test::finder();
  const auto faces = finder.find(made.picture.view()).value(), mirror = finder.find(made.mirrored.view()).value();
  made.face = read_of(made.picture, *face::test::main_face(faces, made.picture));
  made.mirror = read_of(made.mirrored, *face::test::main_face(mirror, made.mirrored));
  return known.emplace(name, std::move(made)).first->second;
}

double number(const FaceReadings& readings, const std::string& channel) {
  const double* value = readings.number(ChannelId(channel));
  return value == nullptr ? NAN : *value;
}

class GoldenFace : public ::testing::TestWithParam<const char*> {
 protected:
  const Photo& photo_ = photo(GetParam());
};

TEST_P(GoldenFace, EveryChannelOfAStillHasAValueUnlessItNeedsTime) {
  for (const auto& [channel, entry] : photo_.face.entries()) {
    const bool needs_time = channel.text() == "mouth.speaking" || channel.text() == "eye.closure" ||
                            channel.text().starts_with("eye.blink") || channel.text().starts_with("au.45");
    if (channel.text().starts_with("quality.")) continue;  // some are not measured on every face
    // One of the photos shows a head that is turned further than these weights are read.
    if (channel.text() == "blendshapes.27" && entry.reason == "the head is turned too far") continue;
    EXPECT_EQ(std::holds_alternative<std::monostate>(entry.value), needs_time)
        << channel.text() << ": " << entry.reason;
  }
}

TEST_P(GoldenFace, TheMirrorImageHasTheMirroredPose) {
  for (const char* same : {"pose.ty", "pose.tz"})
    EXPECT_NEAR(number(photo_.mirror, same), number(photo_.face, same), 0.03 * number(photo_.face, "pose.tz")) << same;
  EXPECT_NEAR(number(photo_.mirror, "pose.tx"), -number(photo_.face, "pose.tx"), 0.03 * number(photo_.face, "pose.tz"));
  EXPECT_NEAR(number(photo_.mirror, "pose.rx"), number(photo_.face, "pose.rx"), 0.06);
  EXPECT_NEAR(number(photo_.mirror, "pose.ry"), -number(photo_.face, "pose.ry"), 0.06);
  EXPECT_NEAR(number(photo_.mirror, "pose.rz"), -number(photo_.face, "pose.rz"), 0.06);
}

TEST_P(GoldenFace, TheMirrorImageLooksTheOtherWay) {
  EXPECT_NEAR(number(photo_.mirror, "gaze.angle.x"), -number(photo_.face, "gaze.angle.x"), 0.12);
  EXPECT_NEAR(number(photo_.mirror, "gaze.angle.y"), number(photo_.face, "gaze.angle.y"), 0.12);
  EXPECT_NEAR(number(photo_.mirror, "eye.aspect.left"), number(photo_.face, "eye.aspect.right"), 0.06);
  EXPECT_NEAR(number(photo_.mirror, "eye.aspect.right"), number(photo_.face, "eye.aspect.left"), 0.06);
}

TEST_P(GoldenFace, TheMirrorImageDoesTheSame) {
  // The mesh network is not symmetric: on the laughing face units 20 and 25 differ by 1.6 of 5, mouth.open by 0.06.
  for (const char* unit : {"12", "20", "25", "26"}) {
    const std::string channel = std::string("au.") + unit + ".intensity";
    EXPECT_NEAR(number(photo_.mirror, channel), number(photo_.face, channel), 2) << channel;
  }
  EXPECT_NEAR(number(photo_.mirror, "mouth.open"), number(photo_.face, "mouth.open"), 0.08);
  // All seven, and not the label alone: the laughing face displays surprise nearly as much as happiness.
  for (const std::string_view label : kExpressionNames) {
    const std::string channel = "expression." + std::string(label);
    EXPECT_NEAR(number(photo_.mirror, channel), number(photo_.face, channel), 0.1) << channel;
  }
  // The president's label is far ahead of the others.
  if (GetParam() == std::string(kPresident)) {
    EXPECT_EQ(*photo_.mirror.text(ChannelId("expression.label")), *photo_.face.text(ChannelId("expression.label")));
  }
  EXPECT_NEAR(number(photo_.mirror, "attribute.age"), number(photo_.face, "attribute.age"), 6);
}

TEST_P(GoldenFace, IrisesLieBetweenTheCornersOfTheirEyes) {
  const auto& rows = *photo_.face.values(kLandmarks478);
  const auto x = [&](std::size_t i) { return rows[3 * i]; };
  EXPECT_GT(x(468), x(33));
  EXPECT_LT(x(468), x(133));
  EXPECT_GT(x(473), x(362));
  EXPECT_LT(x(473), x(263));
}

INSTANTIATE_TEST_SUITE_P(Photos, GoldenFace, ::testing::Values(kPresident, kLaughing));

TEST(GoldenExpression, ASmilingPortraitIsHappy) {
  EXPECT_EQ(*photo(kPresident).face.text(ChannelId("expression.label")), "happiness");
  EXPECT_GT(number(photo(kPresident).face, "affect.valence"), 0.2);
  EXPECT_GT(number(photo(kPresident).face, "au.12.intensity"), 1);
}

TEST(GoldenAttributes, AManOfAboutFiftyIsOne) {
  EXPECT_EQ(*photo(kPresident).face.text(ChannelId("attribute.gender")), "male");
  EXPECT_NEAR(number(photo(kPresident).face, "attribute.age"), 50, 12);
}

TEST(GoldenPose, APortraitLooksIntoTheCamera) {
  EXPECT_NEAR(number(photo(kPresident).face, "pose.ry"), 0, 0.35);
  EXPECT_LT(number(photo(kPresident).face, "gaze.right.z"), -0.8);
  EXPECT_GT(number(photo(kPresident).face, "eye.openness.right"), 0.8);
}

}  // namespace
}  // namespace vultus::expression
