// Quality measures held to planted damage: each kind moves the measure that is meant, and no other.
#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <tests/golden/samples.hpp>
#include <vultus/engine/engine.hpp>
#include <vultus/evaluation/lfw.hpp>
#include <vultus/face/quality.hpp>
#include <vultus/media/picture.hpp>
#include <vultus/media/transform.hpp>
#include <vultus/studio/damage.hpp>

namespace vultus::engine {
namespace {

namespace fs = std::filesystem;
using face::QualityMeasure;
using studio::DamageKind;

Looker looker() {
  static const Engine kEngine = Engine::load({.models = fs::path(VULTUS_SOURCE_DIR) / "models", .threads = 1}).value();
  return kEngine.make_looker().value();
}

/// A picture of one person, with its main face.
struct Portrait {
  std::string name;
  Image picture;
  Keypoints keypoints;
  float eyes = 0;
};

std::optional<Portrait> portrait(Looker& by, std::string name, Image picture) {
  const auto faces = by.look(picture.view(), {.depth = Depth::detect}).value();
  if (faces.empty()) return std::nullopt;
  const FaceObservation& face = faces.front().face;
  return Portrait{std::move(name), std::move(picture), face.keypoints, face.quality->inter_eye_px.value()};
}

std::vector<Portrait> sample_portraits(Looker& by) {
  std::vector<Portrait> found;
  for (const char* name : golden::kPortraits)
    if (auto one = portrait(by, name, golden::sample(name).value())) found.push_back(*std::move(one));
  return found;
}

/// The first pictures of people from the second half of the folds: nothing was chosen on them.
std::vector<Portrait> lfw_portraits(Looker& by, const fs::path& shared, std::size_t count) {
  const fs::path folder = shared / "data" / "lfw";
  std::ifstream file(folder / "pairs.txt");
  const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  const auto pairs = evaluation::parse_lfw_pairs(text).value();
  std::vector<Portrait> found;
  std::size_t number = 0;
  for (const evaluation::LfwPair& pair : pairs.pairs) {
    if (found.size() >= count) break;
    if (!pair.mated || pair.fold < pairs.folds / 2) continue;
    if (number++ % 20 != 0) continue;  // spread over people: pairs of one person stand together
    const std::string path = (folder / "images" / pairs.images[pair.first].path).string();
    auto one = portrait(by, path, media::read_picture(path).value().image);
    if (one) found.push_back(*std::move(one));
  }
  return found;
}

struct Expectation {
  const char* name;
  DamageKind kind;
  double strength;  ///< blur: of the distance of the eyes; smaller: pixels between the eyes that are left
  float falls_by;   ///< at least, points of the score in the median
  std::vector<QualityMeasure> moves;  ///< each of these falls
  /// These may follow: darkness takes contrast with it, and landmarks on covered eyes are guesses.
  std::vector<QualityMeasure> follows;
};

std::ostream& operator<<(std::ostream& out, const Expectation& e) { return out << e.name; }

studio::Damage damage_of(const Expectation& e, const Portrait& p) {
  if (e.kind == DamageKind::blur) return {e.kind, e.strength * p.eyes};
  if (e.kind == DamageKind::smaller) return {e.kind, e.strength / p.eyes};
  return {e.kind, e.strength};
}

/// Scores lost, measure by measure, in the median over portraits.
std::map<QualityMeasure, float> losses(Looker& by, const std::vector<Portrait>& portraits, const Expectation& e) {
  std::map<QualityMeasure, std::vector<float>> all;
  std::size_t seen = 0;
  for (const Portrait& p : portraits) {
    const LookOptions look{.depth = Depth::detect, .quality = true};
    const Image damaged = studio::damaged(p.picture.view(), damage_of(e, p), p.keypoints).value();
    const auto before = by.look(p.picture.view(), look).value(), after = by.look(damaged.view(), look).value();
    if (after.empty()) continue;  // damaged beyond recognition as a face
    ++seen;
    for (const auto& info : face::quality_measures()) {
      const auto &a = before.front().quality->at(info.id), &b = after.front().quality->at(info.id);
      if (a && b) all[info.id].push_back(a->score - b->score);
    }
  }
  EXPECT_GE(2 * seen, portraits.size()) << "most faces are still found";
  std::map<QualityMeasure, float> medians;
  for (auto& [id, values] : all) {
    if (2 * values.size() < seen) continue;  // withheld on most faces: eyes_open on covered eyes
    std::ranges::nth_element(values, values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2));
    medians[id] = values[values.size() / 2];
  }
  return medians;
}

// What a measure that is not meant may lose in the median: points of 100.
constexpr float kTolerance = 10;

void check(const std::vector<Portrait>& portraits, Looker& by, const Expectation& e) {
  for (const auto& [id, loss] : losses(by, portraits, e)) {
    const std::string_view name = face::quality_measures().at(static_cast<std::size_t>(id)).name;
    if (std::ranges::count(e.moves, id) > 0) {
      EXPECT_GE(loss, e.falls_by) << name;
    } else if (std::ranges::count(e.follows, id) == 0) {
      EXPECT_LE(loss, kTolerance) << name;
    }
  }
}

class PlantedDamage : public ::testing::TestWithParam<Expectation> {};

TEST_P(PlantedDamage, MovesTheMeasureThatIsMeantAndNoOtherOnSamplePhotos) {
  Looker by = looker();
  check(sample_portraits(by), by, GetParam());
}

TEST_P(PlantedDamage, MovesTheMeasureThatIsMeantAndNoOtherOnPeopleOfLfw) {
  const auto shared = golden::shared_folder();
  if (!shared || !fs::exists(*shared / "data" / "lfw" / "pairs.txt"))
    GTEST_SKIP() << "needs LFW in the folder shared: set VULTUS_SHARED";
  Looker by = looker();
  const auto portraits = lfw_portraits(by, *shared, 60);
  ASSERT_EQ(portraits.size(), 60U);
  check(portraits, by, GetParam());
}

using M = QualityMeasure;
INSTANTIATE_TEST_SUITE_P(
    Kinds, PlantedDamage,
    ::testing::Values(
        Expectation{"smaller", DamageKind::smaller, 9, 50, {M::inter_eye_distance}, {}},
        Expectation{"blur", DamageKind::blur, 0.08, 50, {M::sharpness, M::laplacian}, {}},
        Expectation{"darker", DamageKind::darker, 6, 30, {M::dynamic_range}, {M::under_exposure_prevention}},
        Expectation{"brighter", DamageKind::brighter, 3, 30, {M::over_exposure_prevention}, {M::dynamic_range}},
        Expectation{"side_light", DamageKind::side_light, 0.99, 20, {M::illumination_uniformity}, {}},
        Expectation{"rotated", DamageKind::rotated, 50, 30, {M::head_pose_roll}, {}},
        Expectation{
            "mask", DamageKind::cover_mouth, 0, 60, {M::mouth_occlusion_prevention, M::face_occlusion_prevention}, {}},
        Expectation{"glasses",
                    DamageKind::cover_eyes,
                    0,
                    60,
                    {M::eyes_visible, M::face_occlusion_prevention},
                    {M::head_pose_pitch, M::eyes_open}},
        Expectation{"jpeg", DamageKind::jpeg, 10, 30, {M::compression_artifacts}, {}}),
    [](const auto& expectation) { return std::string(expectation.param.name); });

TEST(PlantedDamage, NoneMovesNothing) {
  Looker by = looker();
  for (const auto& [id, loss] : losses(by, sample_portraits(by), {"none", DamageKind::none, 0, 0, {}, {}}))
    EXPECT_FLOAT_EQ(loss, 0);
}

/// Lays stripes of two colours, or bars in the colour of the cheek with dark gaps (fingers), over eyes or mouth.
Image with_texture(const Portrait& p, M covered, bool fingers) {
  Image picture = p.picture;
  const auto at = [&](Keypoint k) { return p.keypoints.at(static_cast<std::size_t>(k)); };
  const Point2f right = at(Keypoint::right_eye), left = at(Keypoint::left_eye);
  const Point2f corner = at(Keypoint::right_mouth), other = at(Keypoint::left_mouth), nose = at(Keypoint::nose);
  const bool eyes = covered == M::eyes_visible;
  const Point2f a = eyes ? right : corner, b = eyes ? left : other;
  const float x0 = (a.x + b.x) / 2 - p.eyes * (eyes ? 1.1F : 0.9F), x1 = x0 + p.eyes * (eyes ? 2.2F : 1.8F);
  const float y0 = (a.y + b.y) / 2 - p.eyes * (eyes ? 0.35F : 0.5F), y1 = y0 + p.eyes * (eyes ? 0.7F : 1.1F);
  const auto cheek = [&](int c) {
    const Point2f from{(right.x + corner.x + nose.x) / 3, (right.y + corner.y + nose.y) / 3};
    return picture.row(static_cast<int>(from.y))[3 * static_cast<int>(from.x) + c];
  };
  const std::array<int, 3> skin{cheek(0), cheek(1), cheek(2)};
  const float wide = (y1 - y0) / 4;
  for (int y = std::max(0, static_cast<int>(y0)); y < std::min(picture.height(), static_cast<int>(y1)); ++y)
    for (int x = std::max(0, static_cast<int>(x0)); x < std::min(picture.width(), static_cast<int>(x1)); ++x) {
      const float across = std::fmod((static_cast<float>(y) - y0) / wide, 1.0F);
      const bool odd = (x + y) / std::max(2, static_cast<int>(p.eyes / 8)) % 2 != 0;
      const float shade = fingers ? 0.72F + 0.33F * std::sin(3.14159F * across) : 1;
      for (int c = 0; c < 3; ++c) {
        const int stripe = odd ? 40 + 60 * c : 200 - 30 * c;
        picture.row(y)[3 * x + c] = static_cast<std::uint8_t>(std::clamp(
            fingers ? static_cast<float>(skin.at(static_cast<std::size_t>(c))) * shade : static_cast<float>(stripe),
            0.0F, 255.0F));
      }
    }
  return picture;
}

TEST(TexturedCovers, AreSeenOnPeopleOfLfwAndBareFacesAreNotTakenForCovered) {
  const auto shared = golden::shared_folder();
  if (!shared || !fs::exists(*shared / "data" / "lfw" / "pairs.txt"))
    GTEST_SKIP() << "needs LFW in the folder shared: set VULTUS_SHARED";
  Looker by = looker();
  const LookOptions look{.depth = Depth::detect, .quality = true};
  std::map<std::string, std::pair<int, int>> seen;  // hidden, of all
  for (const Portrait& p : lfw_portraits(by, *shared, 60))
    for (const M region : {M::eyes_visible, M::mouth_occlusion_prevention}) {
      const std::string name(face::quality_measures().at(static_cast<std::size_t>(region)).name);
      const auto count = [&](const std::string& kind, ImageView picture) {
        const auto faces = by.look(picture, look).value();
        if (faces.empty()) return;
        auto& [hidden, all] = seen[kind + name];
        hidden += faces.front().quality->at(region)->score < 100 ? 1 : 0;
        ++all;
      };
      count("bare ", p.picture.view());
      count("stripes ", with_texture(p, region, false).view());
      count("fingers ", with_texture(p, region, true).view());
    }
  for (const auto& [kind, counts] : seen) {
    EXPECT_GE(counts.second, 30) << kind << ": faces that are found";
    if (kind.starts_with("bare"))
      EXPECT_LE(counts.first, counts.second / 12) << kind;
    else
      EXPECT_GE(counts.first, counts.second * 3 / 4) << kind << " of " << counts.second;
  }
}

TEST(HeadPoseOnPhotos, AMirrorNegatesYawAndRollAndKeepsPitch) {
  Looker by = looker();
  for (const Portrait& p : sample_portraits(by)) {
    if (p.name.find("partial") != std::string::npos) continue;  // cut at the picture's edge: points there are guesses
    Image mirror = Image::create(p.picture.width(), p.picture.height(), PixelFormat::rgb8).value();
    media::mirror_into(p.picture.view(), mirror.mutable_view());
    const LookOptions look{.depth = Depth::detect, .quality = true};
    const auto a = by.look(p.picture.view(), look).value(), b = by.look(mirror.view(), look).value();
    ASSERT_FALSE(b.empty()) << p.name;
    // The landmark network is not exactly symmetric: up to 5 degrees of roll and 11 of pitch.
    EXPECT_NEAR(a.front().quality->pose->yaw.value(), -b.front().quality->pose->yaw.value(), 0.12) << p.name;
    EXPECT_NEAR(a.front().quality->pose->roll.value(), -b.front().quality->pose->roll.value(), 0.09) << p.name;
    EXPECT_NEAR(a.front().quality->pose->pitch.value(), b.front().quality->pose->pitch.value(), 0.2) << p.name;
  }
}

}  // namespace
}  // namespace vultus::engine
