// dlib's chips, landmarks and descriptors, against dlib itself (tests/golden/make_dlib_golden.py).
#include <fstream>
#include <span>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <vultus/face/dlib_descriptor.hpp>
#include <vultus/face/golden_faces.hpp>
#include <vultus/face/shape_predictor.hpp>
#include <vultus/runtime/sha256.hpp>

namespace vultus::face {
namespace {

using Json = nlohmann::json;

const Json& golden_dlib() {
  static const Json kFile = Json::parse(std::ifstream(VULTUS_SOURCE_DIR "/tests/golden/dlib.json"));
  return kFile;
}

std::vector<Point2f> points_of(const Json& rows) {
  std::vector<Point2f> points;
  for (const Json& row : rows) points.push_back({row[0], row[1]});
  return points;
}

PixelRect rect_of(const Json& row) { return {row[0], row[1], row[2], row[3]}; }

/// The picture of the script's formula.
Image formula_picture() {
  Image picture = Image::create(golden_dlib()["width"], golden_dlib()["height"], PixelFormat::rgb8).value();
  const MutableImageView view = picture.mutable_view();
  for (int y = 0; y < view.height; ++y)
    for (int x = 0; x < view.width; ++x) {
      std::uint8_t* p = view.row(y) + std::ptrdiff_t{3} * x;
      p[0] = static_cast<std::uint8_t>((x * 7 + y * 3 + (x * y) / 64) % 256);
      p[1] = static_cast<std::uint8_t>((x * 5 + y * 11) % 256);
      p[2] = static_cast<std::uint8_t>(((x / 8) * 37 + (y / 8) * 53) % 256);
    }
  return picture;
}

DlibDescriber describer() { return DlibDescriber::load(golden::model("dlib_resnet").value()).value(); }

ShapePredictor predictor(const std::string& id) { return ShapePredictor::load(golden::model(id).value().file).value(); }

double distance(std::span<const float> a, const Json& b) {
  double square = 0;
  for (std::size_t i = 0; i < a.size(); ++i) square += (a[i] - b[i].get<double>()) * (a[i] - b[i].get<double>());
  return std::sqrt(square);
}

TEST(DlibGolden, AChipHasTheBytesOfDlib) {
  const Image picture = formula_picture();
  for (const Json& row : golden_dlib()["chips"]) {
    Image chip = Image::create(kDlibChipSide, kDlibChipSide, PixelFormat::rgb8).value();
    const auto place = chip_place(points_of(row["points"]));
    ASSERT_TRUE(place) << place.error().message;
    ASSERT_TRUE(cut_chip(picture.view(), *place, chip.mutable_view()));
    std::vector<std::uint8_t> bytes;
    for (int y = 0; y < kDlibChipSide; ++y)
      bytes.insert(bytes.end(), chip.view().row(y), chip.view().row(y) + std::ptrdiff_t{3} * kDlibChipSide);
    EXPECT_EQ(runtime::sha256(bytes), row["sha256"]) << row["points"];
  }
}

TEST(DlibGolden, ADescriptorIsThatOfDlib) {
  const Image picture = formula_picture();
  auto net = describer();
  ASSERT_EQ(net.dimension(), 128);
  for (const Json& row : golden_dlib()["chips"]) {
    const auto descriptor = net.describe(picture.view(), chip_place(points_of(row["points"])).value()).value();
    // The same sums in another order; the file is rounded to seven digits. The threshold of the network is 0.6.
    EXPECT_LT(distance(descriptor, row["descriptor"]), 1e-5) << row["points"];
  }
}

TEST(DlibGolden, LandmarksAreThePixelsOfDlib) {
  const Image picture = formula_picture();
  const ShapePredictor five = predictor("dlib_landmarks5"), all = predictor("dlib_landmarks68");
  EXPECT_EQ(five.parts(), 5U);
  EXPECT_EQ(all.parts(), 68U);
  for (const Json& row : golden_dlib()["shapes"]) {
    EXPECT_EQ(five.find(picture.view(), rect_of(row["rect"])).value(), points_of(row["five"]));
    EXPECT_EQ(all.find(picture.view(), rect_of(row["rect"])).value(), points_of(row["all"]));
  }
}

TEST(DlibGolden, PhotosGiveTheLandmarksAndDescriptorsOfDlib) {
  const ShapePredictor five = predictor("dlib_landmarks5"), all = predictor("dlib_landmarks68");
  auto net = describer();
  for (const Json& row : golden_dlib()["photos"]) {
    const auto picture = golden::sample(row["photo"]);
    ASSERT_TRUE(picture) << picture.error().message;
    const auto points = five.find(picture->view(), rect_of(row["rect"])).value();
    // Two decoders of JPEG differ by a grey level at some pixels: a tree may turn the other way, and a point move.
    const auto near = [](const std::vector<Point2f>& a, const std::vector<Point2f>& b) {
      float most = 0;
      for (std::size_t i = 0; i < a.size(); ++i) most = std::max(most, std::hypot(a[i].x - b[i].x, a[i].y - b[i].y));
      return most;
    };
    EXPECT_LE(near(points, points_of(row["five"])), 1.5F) << row["photo"];
    EXPECT_LE(near(all.find(picture->view(), rect_of(row["rect"])).value(), points_of(row["all"])), 3.0F);
    const auto place = chip_place(points_of(row["five"])).value();
    EXPECT_LT(distance(net.describe(picture->view(), place).value(), row["descriptor"]), 0.02) << row["photo"];
  }
}

TEST(DlibGolden, ATemplateIsTheDescriptorAtUnitLength) {
  const Json& row = golden_dlib()["photos"][0];
  const auto picture = golden::sample(row["photo"]).value();
  FaceObservation face;
  face.landmarks = Landmarks{LandmarkScheme::ibug68, points_of(row["all"])};
  auto embedder = test::embedder("dlib_resnet", Mirror::no);
  const auto embedding = embedder.embed(picture.view(), face).value();
  EXPECT_EQ(embedding.model(), ModelId("dlib_resnet"));
  const auto raw = describer().describe(picture.view(), chip_place(points_of(row["all"])).value()).value();
  EXPECT_NEAR(test::cosine(embedding.values(), raw), 1, 1e-6);
  EXPECT_EQ(embedder.embed(picture.view(), Keypoints{}).error().code, ErrorCode::invalid_argument);
}

}  // namespace
}  // namespace vultus::face
