// The room on real photos: against decoders of its own kind in Python, and by properties that need no reference.
#include <fstream>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <vultus/face/align.hpp>
#include <vultus/face/golden_faces.hpp>

namespace vultus::face {
namespace {

using Json = nlohmann::json;

constexpr const char* kPortrait = "face_recognition-1.3.0/obama.jpg";
constexpr const char* kGroup = "face-api-1.7.15/sample5.jpg";

const Json& golden_photos() {
  static const Json kFile = Json::parse(std::ifstream(VULTUS_SOURCE_DIR "/tests/golden/faces.json"));
  return kFile["photos"];
}

std::vector<Point2f> points_in(const Json& numbers) {
  std::vector<Point2f> points;
  for (std::size_t i = 0; i < numbers.size(); i += 2) points.push_back({numbers[i], numbers[i + 1]});
  return points;
}

float distance(Point2f a, Point2f b) { return std::hypot(a.x - b.x, a.y - b.y); }

class GoldenPhoto : public ::testing::TestWithParam<std::size_t> {
 protected:
  const Json& photo_ = golden_photos()[GetParam()];
  Result<Image> read_ = golden::sample(photo_["photo"]);
};

// The tolerances. The detector's input is the same byte for byte (one resampling, done by two versions of OpenCV), so
// its answers differ by the arithmetic alone. The crops of the other networks are resampled in another way on purpose
// (grey before instead of after shrinking, 64 samples a pixel instead of a sliding mean): bytes differ by about one
// grey level.
constexpr float kScore = 1e-3F;
constexpr float kBox = 0.001F;    // share of the longer side of the box
constexpr float kPoint = 0.004F;  // the same; measured 0.0008, and 0.003 on a face seen from the side
constexpr double kFlag = 0.03;    // logits of doubtful faces move most: measured 0.017
// Measured 0.9992 to 0.9999. For a decision it is nothing: LFW scores of one person scatter by tenths.
constexpr double kCosine = 0.999;

TEST_P(GoldenPhoto, HasTheBoxesPointsFlagsAndTemplatesOfTheReference) {
  ASSERT_TRUE(read_) << read_.error().message;
  EXPECT_EQ(read_->width(), photo_["width"]);
  EXPECT_EQ(read_->height(), photo_["height"]);
  constexpr float kNeverSure = 1e6F;  // the flag of every face is wanted
  const FlagRule everything{.at_least = Score(0), .large_side = kNeverSure, .unconfirmed_at_least = Score(0)};
  const auto faces = test::finder({}, everything).find(read_->view()).value();
  auto accurate = test::embedder("mobilefacenet192", Mirror::average);
  auto fast = test::embedder("fr_feature", Mirror::no);
  EXPECT_EQ(faces.size(), photo_["faces"].size());
  for (const Json& want : photo_["faces"]) {
    const std::vector<float> b = want["box"];
    const RectF box{b[0], b[1], b[2], b[3]};
    const FaceObservation* face = test::at(faces, box);
    ASSERT_NE(face, nullptr) << "no face at " << want["box"];
    const float side = std::max(box.width, box.height), share = kBox * side + 0.01F, near = kPoint * side + 0.01F;
    EXPECT_NEAR(face->detection.value(), want["score"].get<float>(), kScore);
    EXPECT_NEAR(face->box.x, box.x, share);
    EXPECT_NEAR(face->box.y, box.y, share);
    EXPECT_NEAR(face->box.width, box.width, share);
    EXPECT_NEAR(face->box.height, box.height, share);
    EXPECT_NEAR(face->face_flag.value().value(), want["flag"].get<double>(), kFlag);
    const auto points = points_in(want["points"]);
    for (std::size_t i = 0; i < 68; ++i)
      EXPECT_LT(distance(face->landmarks.value().points[i], points[i]), near) << "point " << i;
    const auto five = points_in(want["keypoints"]);
    for (std::size_t i = 0; i < 5; ++i) EXPECT_LT(distance(face->keypoints[i], five[i]), near);
    if (want["flag"] < 0.5) continue;  // what is no face has no template worth comparing
    // With the reference's keypoints: what is compared is alignment, resampling and network.
    Keypoints keypoints{};
    std::ranges::copy(five, keypoints.begin());
    const auto template_of = [&](const char* key) { return want[key].get<std::vector<float>>(); };
    EXPECT_GT(
        test::cosine(accurate.embed(read_->view(), keypoints).value().values(), template_of("mobilefacenet192+mirror")),
        kCosine);
    EXPECT_GT(test::cosine(fast.embed(read_->view(), keypoints).value().values(), template_of("fr_feature")), kCosine);
  }
}

INSTANTIATE_TEST_SUITE_P(Of, GoldenPhoto, ::testing::Range(std::size_t{0}, std::size_t{4}), [](const auto& chosen) {
  std::string name = golden_photos()[chosen.param]["photo"];
  name = name.substr(name.find('/') + 1);
  return name.substr(0, name.find('.'));
});

TEST(SamplePhotos, HoldAsManyFacesAsPeopleCount) {
  // The thresholds of the options and of the preset "default".
  for (const float threshold : {0.6F, 0.5F}) {
    auto finder = test::finder({.threshold = Score(threshold)});
    for (const auto& [name, count] : golden::kGroups) {
      const auto photo = golden::sample(name);
      ASSERT_TRUE(photo) << photo.error().message;
      EXPECT_EQ(finder.find(photo->view()).value().size(), count) << name;
    }
    for (const char* name : golden::kPortraits) {
      const auto photo = golden::sample(name);
      ASSERT_TRUE(photo) << photo.error().message;
      EXPECT_EQ(finder.find(photo->view()).value().size(), 1U) << name;
    }
  }
}

TEST(SamplePhotos, HaveNoFaceThatTheCoarseLookDoubtsButManyFalseAlarms) {
  auto detector = Detector::load(golden::model("fr_detect").value(), {}).value();
  auto finder = test::finder();
  std::size_t detections = 0, doubted = 0;
  for (const auto& [name, count] : golden::kGroups) {
    const auto photo = golden::sample(name);
    ASSERT_TRUE(photo) << photo.error().message;
    const auto faces = finder.find(photo->view()).value();
    const auto boxes = detector.detect(photo->view()).value();
    detections += boxes.size();
    for (const ScoredBox& box : boxes) {
      if (box.confirmed) continue;
      ++doubted;
      EXPECT_EQ(test::at(faces, box.box), nullptr) << name;
    }
  }
  RecordProperty("detections", std::to_string(detections));
  RecordProperty("doubted", std::to_string(doubted));
  EXPECT_GE(doubted, 6U);  // elbows, shoulders, hands, hair, clothes: looked at
}

/// A photo, its faces and an embedder.
class OnAPhoto : public ::testing::Test {
 protected:
  void SetUp() override {
    auto group = golden::sample(kGroup);
    auto portrait = golden::sample(kPortrait);
    ASSERT_TRUE(group && portrait) << "run tools/setup samples";
    group_ = std::move(*group), portrait_ = std::move(*portrait);
  }
  Image group_, portrait_;
};

TEST_F(OnAPhoto, OneByOneAndInABatchOfTwoAFaceHasTheSameTemplate) {
  // The batch of the network holds face and mirror image; two runs of one slot each must add up to the same.
  const auto faces = test::finder().find(group_.view()).value();
  auto batch = test::embedder("mobilefacenet192", Mirror::average);
  auto single = test::embedder("mobilefacenet192", Mirror::no);
  ASSERT_EQ(faces.size(), 5U);
  for (const FaceObservation& face : faces) {
    const Image crop = align(group_.view(), face.keypoints).value();
    Image mirrored = Image::create(112, 112, PixelFormat::rgb8).value();
    media::mirror_into(crop.view(), mirrored.mutable_view());
    const Embedding one = single.embed_aligned(crop.view()).value();
    const Embedding two = single.embed_aligned(mirrored.view()).value();
    std::vector<float> sum(one.values().begin(), one.values().end());
    for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += two.values()[i];
    // Not bit for bit: the second slot may take another path through the library's loops.
    EXPECT_GT(test::cosine(batch.embed(group_.view(), face.keypoints).value().values(), sum), 1 - 1e-6);
  }
}

TEST_F(OnAPhoto, TheSameAnswerHasTheSameBits) {
  auto finder = test::finder(), other = test::finder();
  auto embedder = test::embedder("mobilefacenet192", Mirror::average);
  const auto first = finder.find(group_.view()).value();
  ASSERT_FALSE(first.empty());
  const Embedding once = embedder.embed(group_.view(), first[0].keypoints).value();
  ASSERT_TRUE(finder.find(portrait_.view()));  // something else in between
  EXPECT_EQ(finder.find(group_.view()).value(), first);
  EXPECT_EQ(other.find(group_.view()).value(), first);
  ASSERT_TRUE(embedder.embed(group_.view(), first[1].keypoints));
  EXPECT_EQ(embedder.embed(group_.view(), first[0].keypoints).value(), once);
}

TEST_F(OnAPhoto, ManyWorkersAtOnceGiveTheBitsOfOne) {
  using Answer = std::vector<std::pair<FaceObservation, Embedding>>;
  const auto work = [](const Image& photo) {
    auto finder = test::finder();
    auto embedder = test::embedder("mobilefacenet192", Mirror::average);
    Answer answer;
    const auto faces = finder.find(photo.view()).value();
    for (const FaceObservation& face : faces)
      answer.emplace_back(face, embedder.embed(photo.view(), face.keypoints).value());
    return answer;
  };
  const std::vector<Answer> want{work(group_), work(portrait_)};
  std::vector<Answer> got(4);
  {
    std::vector<std::jthread> workers;
    for (std::size_t i = 0; i < got.size(); ++i)
      workers.emplace_back([&, i] { got[i] = work(i % 2 == 0 ? group_ : portrait_); });
  }
  for (std::size_t i = 0; i < got.size(); ++i) EXPECT_EQ(got[i], want[i % 2]);
}

TEST_F(OnAPhoto, AMirroredPictureHasMirroredFacesWithLeftAndRightSwapped) {
  Image mirrored = Image::create(group_.width(), group_.height(), PixelFormat::rgb8).value();
  media::mirror_into(group_.view(), mirrored.mutable_view());
  auto finder = test::finder();
  const auto faces = finder.find(group_.view()).value(), swapped = finder.find(mirrored.view()).value();
  ASSERT_EQ(faces.size(), 5U);
  ASSERT_EQ(swapped.size(), 5U);
  const auto width = static_cast<float>(group_.width());
  for (const FaceObservation& face : faces) {
    const RectF box{width - face.box.right(), face.box.y, face.box.width, face.box.height};
    const FaceObservation* other = test::at(swapped, box, 0.7F);
    ASSERT_NE(other, nullptr);
    // A network is no mirror: its points agree within some hundredths of the face. Swapped eyes would be half a face
    // off.
    constexpr std::array<std::size_t, 5> kSwap{1, 0, 2, 4, 3};
    for (std::size_t i = 0; i < 5; ++i) {
      const Point2f p = face.keypoints[kSwap[i]];
      EXPECT_LT(distance(other->keypoints[i], {width - p.x, p.y}), 0.08F * box.width) << "keypoint " << i;
    }
  }
}

TEST_F(OnAPhoto, APictureTwiceAsLargeHasBoxesTwiceAsLarge) {
  const Image half = test::scaled(group_, test::all_of(group_), group_.width() / 2, group_.height() / 2);
  auto finder = test::finder();
  const auto small = finder.find(half.view()).value(), large = finder.find(group_.view()).value();
  ASSERT_EQ(small.size(), 5U);
  ASSERT_EQ(large.size(), 5U);
  for (const FaceObservation& face : small) {
    const RectF twice{2 * face.box.x, 2 * face.box.y, 2 * face.box.width, 2 * face.box.height};
    EXPECT_NE(test::at(large, twice, 0.75F), nullptr) << twice.x << " " << twice.y;
  }
}

TEST_F(OnAPhoto, Bf16GivesTheSameFacesAndNearlyTheSameTemplates) {
  const auto half = golden::backend(runtime::Precision::bf16);
  if (!half && half.error().code == ErrorCode::unsupported) GTEST_SKIP() << "this CPU has no bf16";
  ASSERT_TRUE(half) << half.error().message;
  const auto exact = test::finder().find(group_.view()).value();
  const auto rough = test::finder({}, {}, "fr_detect", runtime::Precision::bf16).find(group_.view()).value();
  ASSERT_EQ(exact.size(), 5U);
  ASSERT_EQ(rough.size(), 5U);
  for (const char* id : {"mobilefacenet192", "fr_feature"}) {
    auto in_f32 = test::embedder(id, Mirror::average);
    auto in_bf16 = test::embedder(id, Mirror::average, runtime::Precision::bf16);
    for (const FaceObservation& face : exact) {
      const FaceObservation* same = test::at(rough, face.box, 0.9F);
      ASSERT_NE(same, nullptr);
      const auto a = in_f32.embed(group_.view(), face.keypoints).value();
      const auto b = in_bf16.embed(group_.view(), face.keypoints).value();
      EXPECT_GT(test::cosine(a.values(), b.values()), 0.99) << id;
    }
  }
}

TEST(Templates, TellPeopleApart) {
  auto finder = test::finder();
  auto embedder = test::embedder("mobilefacenet192", Mirror::average);
  const auto template_of = [&](const char* name) {
    const Image photo = golden::sample(name).value();
    const auto faces = finder.find(photo.view()).value();
    const FaceObservation* face = test::main_face(faces, photo);
    return embedder.embed(photo.view(), face->keypoints).value();
  };
  const Embedding obama = template_of(kPortrait);
  const auto like = [&](const Embedding& other) { return similarity(obama, other).value().value(); };
  // The threshold of LFW is a cosine of about 0.39 (docs/models.md).
  EXPECT_GT(like(template_of("face_recognition-1.3.0/obama2.jpg")), 0.5F);
  EXPECT_GT(like(template_of("face_recognition-1.3.0/obama3.jpg")), 0.5F);
  EXPECT_LT(like(template_of("face_recognition-1.3.0/biden.jpg")), 0.3F);
}

}  // namespace
}  // namespace vultus::face
