// The engine with its networks on the sample photos that the set-up fetches.
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <numbers>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <vultus/engine/engine.hpp>
#include <vultus/engine/identify.hpp>
#include <vultus/media/encode.hpp>
#include <vultus/media/file.hpp>
#include <vultus/media/transform.hpp>

namespace vultus::engine {
namespace {

namespace fs = std::filesystem;

fs::path samples() { return runtime::default_cache_folder().value() / "samples"; }

Engine loaded(const std::string& preset, int threads) {
  auto engine = Engine::load({.models = fs::path(VULTUS_SOURCE_DIR) / "models", .preset = preset, .threads = threads});
  if (!engine) throw std::runtime_error(engine.error().message);
  return *std::move(engine);
}

std::vector<media::Input> photos() {
  const std::vector<std::string> folders{(samples() / "face_recognition-1.3.0").string(),
                                         (samples() / "face-api-1.7.15").string()};
  auto list = media::expand_inputs(folders);
  if (list.inputs.size() < 13) throw std::runtime_error("sample photos are missing: run tools/setup samples");
  return list.inputs;
}

std::vector<SeenPicture> looked(const Engine& engine, const std::vector<media::Input>& inputs,
                                const LookOptions& options = {}) {
  std::vector<SeenPicture> seen;
  const Status done = engine.look_at(inputs, options, [&](SeenPicture picture) -> Status {
    seen.push_back(std::move(picture));
    return {};
  });
  EXPECT_TRUE(done) << done.error().message;
  return seen;
}

TEST(Engine, ManyThreadsGiveTheAnswersOfOneInTheOrderOfTheInputs) {
  const auto inputs = photos();
  const auto one = looked(loaded("default", 1), inputs);
  const auto many = looked(loaded("default", 3), inputs);
  ASSERT_EQ(one.size(), inputs.size());
  ASSERT_EQ(many.size(), inputs.size());
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    EXPECT_EQ(many[i].path, inputs[i].path);
    ASSERT_EQ(many[i].faces.size(), one[i].faces.size()) << inputs[i].path;
    for (std::size_t f = 0; f < one[i].faces.size(); ++f) {
      EXPECT_EQ(many[i].faces[f].face, one[i].faces[f].face);
      EXPECT_EQ(many[i].faces[f].embedding, one[i].faces[f].embedding);
    }
  }
}

TEST(Engine, StopsWhenTheReceiverSaysSoAndWhenItIsAsked) {
  const Engine engine = loaded("fast", 2);
  const auto inputs = photos();
  int received = 0;
  const Status refused = engine.look_at(inputs, {.depth = Depth::detect}, [&](const SeenPicture&) -> Status {
    return ++received == 3 ? Status(fail(ErrorCode::resource_limit, "enough")) : Status();
  });
  EXPECT_EQ(refused.error().message, "enough");
  EXPECT_EQ(received, 3);
  std::stop_source source;
  received = 0;
  const Status stopped = engine.look_at(
      inputs, {.depth = Depth::detect},
      [&](const SeenPicture&) -> Status {
        if (++received == 2) source.request_stop();
        return {};
      },
      source.get_token());
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().code, ErrorCode::cancelled);
}

/// A photo enlarged to a 12-megapixel JPEG.
std::string enlarged(const std::string& photo, int width, int height) {
  const auto picture = media::read_picture(photo).value();
  Image large = Image::create(width, height, PixelFormat::rgb8).value();
  const ImageView from = picture.image.view();
  EXPECT_TRUE(media::resize_into(from, {0, 0, static_cast<float>(from.width), static_cast<float>(from.height)},
                                 large.mutable_view()));
  std::string path = (fs::path(VULTUS_BINARY_DIR) / "engine_golden_large.jpg").string();
  EXPECT_TRUE(media::write_file_atomically(path, media::encode_jpeg(large.view()).value()));
  return path;
}

TEST(Engine, ReadsALargePhotoReducedAndAnswersInItsFullPixels) {
  const std::string photo = (samples() / "face_recognition-1.3.0" / "obama.jpg").string();
  const Engine engine = loaded("default", 1);
  const auto small = looked(engine, {{.path = photo}});
  ASSERT_EQ(small[0].faces.size(), 1U);
  const int width = 4 * small[0].width, height = 4 * small[0].height;
  ASSERT_GT(width * height, 12'000'000);
  const auto large = looked(engine, {{.path = enlarged(photo, width, height)}});
  ASSERT_EQ(large[0].faces.size(), 1U);
  EXPECT_EQ(large[0].width, width);
  const RectF a = small[0].faces[0].face.box, b = large[0].faces[0].face.box;
  // The two looks of the detector draw somewhat different boxes around a face, and the larger picture may take another.
  EXPECT_GT(intersection_over_union({4 * a.x, 4 * a.y, 4 * a.width, 4 * a.height}, b), 0.6F);
  // The same face through two resamplings and a JPEG: far above the threshold of two pictures of one person.
  EXPECT_GT(similarity(*small[0].faces[0].embedding, *large[0].faces[0].embedding)->value(), 0.9F);
}

TEST(Engine, APictureThatCannotBeReadIsAnAnswerOfItsOwn) {
  const auto seen =
      looked(loaded("fast", 2),
             {{.path = "no/such.jpg"}, {.path = (samples() / "face_recognition-1.3.0" / "biden.jpg").string()}});
  ASSERT_TRUE(seen[0].error);
  EXPECT_EQ(seen[0].error->code, ErrorCode::not_found);
  EXPECT_FALSE(seen[1].error);
  EXPECT_EQ(seen[1].faces.size(), 1U);
}

TEST(Engine, AThresholdOutsideWhatWasMeasuredIsRefused) {
  const Engine engine = loaded("default", 1);
  const auto usual = engine.operating_point();
  ASSERT_TRUE(usual);
  EXPECT_DOUBLE_EQ(usual->false_match_rate, 1e-4);
  EXPECT_LT(engine.operating_point(1e-3)->threshold, usual->threshold);
  EXPECT_EQ(engine.operating_point(1e-9).error().code, ErrorCode::invalid_argument);
}

}  // namespace
}  // namespace vultus::engine
