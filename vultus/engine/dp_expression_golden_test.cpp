// The shipped networks on planted releases: the very frame, and grey.
#include <algorithm>
#include <filesystem>

#include <gtest/gtest.h>

#include <vultus/engine/dp_expression.hpp>
#include <vultus/media/inputs.hpp>
#include <vultus/media/picture.hpp>

namespace vultus::engine {
namespace {

namespace fs = std::filesystem;

const Engine& display_engine() {
  static const Engine kEngine = Engine::load({.models = fs::path(VULTUS_SOURCE_DIR) / "models"}).value();
  return kEngine;
}

/// Shows every portrait and what `release` makes of it.
template <class Release>
DpExpression measured(const std::optional<ModelId>& model, Release release) {
  const std::vector<std::string> folder{
      (runtime::default_cache_folder().value() / "samples" / "face_recognition-1.3.0").string()};
  auto finder = display_engine().make_finder().value();
  auto meter = DpExpressionMeter::start(display_engine(), model).value();
  for (const media::Input& input : media::expand_inputs(folder).inputs) {
    const Image picture = media::read_picture(input.path).value().image;
    const Image released = release(picture);
    const auto faces = finder.find(picture.view()).value();
    if (!faces.empty()) meter.add(picture.view(), released.view(), faces.front(), finder).value();
  }
  return meter.finish();
}

const ModelId kDefault{std::string(expression::kExpressionModel)};

TEST(DpExpressionGolden, TheVeryFrameDisplaysTheSame) {
  const DpExpression same = measured(kDefault, [](const Image& picture) { return picture; });
  EXPECT_GE(same.frames, 3);
  EXPECT_EQ(same.compared, same.frames);
  EXPECT_EQ(same.agreement, 1);
  EXPECT_NEAR(same.probability_difference.value(), 0, 1e-6);
  EXPECT_EQ(same.model, kDefault.text());
}

TEST(DpExpressionGolden, InGreyThereIsNothingToMeasure) {
  const DpExpression grey = measured(kDefault, [](const Image& picture) {
    Image made = Image::create(picture.width(), picture.height(), PixelFormat::rgb8).value();
    for (int y = 0; y < made.height(); ++y) std::fill_n(made.row(y), 3 * made.width(), std::uint8_t{127});
    return made;
  });
  EXPECT_GE(grey.frames, 3);
  EXPECT_EQ(grey.without_face, grey.frames);
  EXPECT_FALSE(grey.agreement);
  EXPECT_EQ(grey.reason, "no face is found in the release where one was");
}

TEST(DpExpressionGolden, WithoutANetworkItSaysWhy) {
  EXPECT_EQ(measured(std::nullopt, [](const Image& picture) { return picture; }).reason, "left out");
  const DpExpression unknown = measured(ModelId("no_such_network"), [](const Image& picture) { return picture; });
  EXPECT_NE(unknown.reason.find("no_such_network"), std::string::npos);
  EXPECT_EQ(unknown.frames, 0);
}

}  // namespace
}  // namespace vultus::engine
