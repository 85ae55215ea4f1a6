#include <vultus/face3d/face_model.hpp>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <set>

#include <gtest/gtest.h>

#include <vultus/face3d/camera.hpp>
#include <vultus/face3d/npy.hpp>
#include <vultus/face3d/test_head.hpp>

namespace vultus::face3d {
namespace {

FaceModelParts one_triangle() {
  FaceModelParts parts;
  parts.name = "triangle";
  parts.mean = {{0, 0, 0}, {10, 0, 0}, {0, 10, 0}};
  parts.identity = {{{1, 0, 0}, {1, 0, 0}, {1, 0, 0}}};
  parts.shape_names = {"jawOpen"};
  parts.shapes = {{{0, 0, 0}, {0, 0, 0}, {0, 4, 0}}};
  parts.triangles = {{0, 1, 2}};
  parts.regions = {Region::skin};
  return parts;  // all landmarks are vertex 0
}

std::vector<std::uint8_t> npy(const std::string& header, std::vector<std::uint8_t> values) {
  std::vector<std::uint8_t> bytes{0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, static_cast<std::uint8_t>(header.size()), 0};
  bytes.insert(bytes.end(), header.begin(), header.end());
  bytes.insert(bytes.end(), values.begin(), values.end());
  return bytes;
}

TEST(FaceModel, IsTheMeanPlusItsModesTimesTheirWeights) {
  const auto model = FaceModel::create(one_triangle());
  ASSERT_TRUE(model.has_value());
  const auto made = model->vertices({.identity = {2}, .expression = {.5}});
  ASSERT_TRUE(made.has_value());
  EXPECT_EQ(*made, (std::vector<Point3f>{{2, 0, 0}, {12, 0, 0}, {2, 12, 0}}));
  const std::vector<std::int32_t> last{2};
  EXPECT_EQ(model->points(last, {.identity = {2}, .expression = {.5}})->front(), (Vec3{2, 12, 0}));
}

TEST(FaceModel, RefusesPartsThatDoNotFit) {
  const auto code_after = [](auto change) {
    FaceModelParts parts = one_triangle();
    change(parts);
    const auto made = FaceModel::create(std::move(parts));
    return made ? std::optional<ErrorCode>() : made.error().code;
  };
  EXPECT_EQ(code_after([](auto&) {}), std::nullopt);
  EXPECT_EQ(code_after([](auto& p) { p.triangles[0][1] = 3; }), ErrorCode::invalid_argument);
  EXPECT_EQ(code_after([](auto& p) { p.landmarks[67] = -1; }), ErrorCode::invalid_argument);
  EXPECT_EQ(code_after([](auto& p) { p.shapes[0].pop_back(); }), ErrorCode::invalid_argument);
  EXPECT_EQ(code_after([](auto& p) { p.shape_names.clear(); }), ErrorCode::invalid_argument);
  EXPECT_EQ(code_after([](auto& p) { p.mean[1].x = NAN; }), ErrorCode::invalid_argument);
  EXPECT_EQ(code_after([](auto& p) { p.regions.clear(); }), ErrorCode::invalid_argument);
  EXPECT_EQ(code_after([](auto& p) { p.mesh468 = {1, 2}; }), ErrorCode::invalid_argument);
  EXPECT_EQ(code_after([](auto& p) { p.mean.resize(FaceModel::kMaxVertices + 1); }), ErrorCode::resource_limit);
}

TEST(FaceModel, RefusesCoefficientsOutsideTheirRange) {
  const auto model = FaceModel::create(one_triangle());
  EXPECT_FALSE(model->vertices({.identity = {7}}));
  EXPECT_FALSE(model->vertices({.expression = {1.1}}));
  EXPECT_FALSE(model->vertices({.expression = {-.1}}));
  EXPECT_FALSE(model->vertices({.expression = {.1, .1}}));
  const std::vector<AuActivation> smile{{12, 5, 5}};
  EXPECT_EQ(model->expression_of(smile).error().code, ErrorCode::unsupported);
}

TEST(ProceduralHead, HasEveryShapeOfTheAuTableAndAllItsLandmarks) {
  for (const ActionUnit& unit : au_table()) {
    const std::vector<AuActivation> one{{unit.facs, 5, 5}};
    EXPECT_TRUE(head().expression_of(one).has_value()) << unit.facs;
  }
  const auto& marks = head().parts().landmarks;
  EXPECT_EQ(std::set<std::int32_t>(marks.begin(), marks.end()).size(), 68U);
}

TEST(ProceduralHead, IsItsOwnMirrorImage) {
  constexpr std::array<std::size_t, 8> kRight{0, 5, 17, 21, 36, 41, 48, 60}, kLeft{16, 11, 26, 22, 45, 46, 54, 64};
  for (std::size_t i = 0; i < kRight.size(); ++i) {
    const auto at = [&](std::size_t mark) {
      return head().parts().mean[static_cast<std::size_t>(head().parts().landmarks.at(mark))];
    };
    const Point3f r = at(kRight.at(i)), l = at(kLeft.at(i));
    EXPECT_NEAR(r.x, -l.x, 1e-3);
    EXPECT_NEAR(r.y, l.y, 1e-3);
    EXPECT_NEAR(r.z, l.z, 1e-3);
  }
}

/// The 68 points of a head at 1 m without perspective to speak of.
Landmarks seen_with(const FaceModel& model, const std::vector<AuActivation>& units) {
  const auto points = model.points(model.parts().landmarks, {.expression = *model.expression_of(units)});
  Landmarks made;
  for (const Vec3& p : *points) made.points.push_back({static_cast<float>(p.x), static_cast<float>(p.y)});
  return made;
}

TEST(ProceduralHead, EveryUnitRaisesItsOwnGeometry) {
  const Landmarks neutral = seen_with(head(), {});
  for (const ActionUnit& unit : au_table()) {
    const Landmarks moved = seen_with(head(), {{unit.facs, 5, 5}});
    EXPECT_GT(au_intensity(unit, *au_signal(unit, moved), *au_signal(unit, neutral)), .5) << unit.facs;
  }
}

TEST(ProceduralHead, ABlinkOfOneEyeClosesThatEyeAlone) {
  const auto aperture = [](const Landmarks& face, std::size_t upper, std::size_t lower) {
    return double{face.points[lower].y} - double{face.points[upper].y};
  };
  const Landmarks open = seen_with(head(), {}), right = seen_with(head(), {{45, 5, 0}});
  EXPECT_LT(aperture(right, 38, 40), .2 * aperture(open, 38, 40));
  EXPECT_NEAR(aperture(right, 43, 47), aperture(open, 43, 47), 1e-4);
}

TEST(IctHead, FullScaleOfTheAuTableIsWhatItsShapesDo) {
  const char* set = std::getenv("VULTUS_SHARED");
  const std::string folder = std::string(set != nullptr ? set : VULTUS_SOURCE_DIR "/../shared") + "/data/ict_facekit";
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "shared data folder is missing: " << folder;
  const auto model = load_face_model(folder);
  ASSERT_TRUE(model.has_value()) << model.error().message;
  EXPECT_EQ(model->parts().mean.size(), 26'719U);
  const Landmarks neutral = seen_with(*model, {});
  for (const ActionUnit& unit : au_table()) {
    const Landmarks moved = seen_with(*model, {{unit.facs, 5, 5}});
    // Units that several shapes of other units touch too keep their own: three digits of the table.
    EXPECT_NEAR(*au_signal(unit, moved) - *au_signal(unit, neutral), unit.full_scale, .0015) << unit.facs;
  }
}

TEST(Npy, ReadsEveryTypeThatItKnows) {
  const auto f2 = read_npy(npy("{'descr': '<f2', 'fortran_order': False, 'shape': (2, 1), }", {0, 0x3C, 0, 0xC0}), 10);
  ASSERT_TRUE(f2.has_value()) << f2.error().message;
  EXPECT_EQ(f2->values, (std::vector<float>{1, -2}));  // 0x3C00 is 1, 0xC000 is -2
  EXPECT_EQ(f2->shape, (std::vector<std::size_t>{2, 1}));
  const auto i4 =
      read_npy(npy("{'descr': '<i4', 'fortran_order': False, 'shape': (1,), }", {0xFF, 0xFF, 0xFF, 0xFF}), 1);
  EXPECT_EQ(i4->values, (std::vector<float>{-1}));
  const auto f8 =
      read_npy(npy("{'descr': '<f8', 'fortran_order': False, 'shape': (1,), }", {0, 0, 0, 0, 0, 0, 0xF8, 0x3F}), 1);
  EXPECT_EQ(f8->values, (std::vector<float>{1.5}));
}

TEST(Npy, RefusesWhatItDoesNotKnow) {
  const auto code = [](const std::string& header, std::size_t bytes, std::size_t limit = 100) {
    return read_npy(npy(header, std::vector<std::uint8_t>(bytes)), limit).error().code;
  };
  EXPECT_EQ(code("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", 7), ErrorCode::corrupt_data);
  EXPECT_EQ(code("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", 12), ErrorCode::corrupt_data);
  EXPECT_EQ(code("{'descr': '>f4', 'fortran_order': False, 'shape': (2,), }", 8), ErrorCode::unsupported);
  EXPECT_EQ(code("{'descr': '<f4', 'fortran_order': True, 'shape': (2,), }", 8), ErrorCode::unsupported);
  EXPECT_EQ(code("{'descr': '<f4', 'fortran_order': False, 'shape': (101,), }", 8), ErrorCode::resource_limit);
  EXPECT_EQ(code("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999, 99999999999), }", 8),
            ErrorCode::resource_limit);
  EXPECT_EQ(code("{'shape': (2,)}", 8), ErrorCode::corrupt_data);
  EXPECT_EQ(read_npy({}, 1).error().code, ErrorCode::corrupt_data);
}

TEST(ModelFolder, NamesTheFileThatIsMissing) {
  const auto made = load_face_model("/nowhere/model");
  ASSERT_FALSE(made.has_value());
  EXPECT_EQ(made.error().code, ErrorCode::not_found);
  EXPECT_NE(made.error().message.find("neutral.npy"), std::string::npos);
}

}  // namespace
}  // namespace vultus::face3d
