#include <apps/learn/planted_sets.hpp>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include <vultus/expression/face_caption.hpp>
#include <vultus/expression/label_space.hpp>
#include <vultus/expression/scene_attributes.hpp>
#include <vultus/face/align.hpp>
#include <vultus/face3d/random.hpp>
#include <vultus/learn/tensor_file.hpp>
#include <vultus/media/transform.hpp>
#include <vultus/studio/planted_display.hpp>

namespace vultus::learning {
namespace {

namespace fs = std::filesystem;
using learn::TensorType;

constexpr int kRendered = 192;      // sides of the renderer's pictures
constexpr double kShiftOfCrop = 1;  // of a crop of 64 pixels: a detector's error
constexpr double kNoise = 3;        // levels of each frame, standard deviation

Status in_range(const char* name, double value, double low, double high) {
  if (value >= low && value <= high) return {};
  return fail(ErrorCode::invalid_argument, std::string("planted samples: ") + name + " " + std::to_string(value) +
                                               " is outside " + std::to_string(low) + " to " + std::to_string(high));
}

Status check_options(const PlantedSetOptions& options) {
  VULTUS_CHECK(in_range("count", static_cast<double>(options.count), 1, 100000));
  VULTUS_CHECK(in_range("side", options.side, 32, 256));
  VULTUS_CHECK(in_range("frames", options.frames, 6, 64));
  return in_range("pictures of a person", options.of_person, 1, 100);
}

learn::TensorNotes notes_of(const PlantedSetOptions& options, const char* what) {
  return {{"planted", "true"}, {"what", what}, {"seed", std::to_string(options.seed)}, {"head", "built in"}};
}

template <class T>
std::span<const std::byte> bytes_in(const std::vector<T>& values) {
  return std::as_bytes(std::span(values));
}

Status write_pixels(learn::TensorFileWriter& file, const char* name, std::size_t slot, const Image& picture) {
  const std::size_t bytes = static_cast<std::size_t>(picture.width()) * static_cast<std::size_t>(picture.height()) * 3;
  return file.write(name, slot * bytes, std::as_bytes(std::span(picture.row(0), bytes)));
}

/// The aligned crop, moved and turned a little as a detector's would be.
Result<Image> crop_of(const studio::PlantedLook& look, int side, face3d::Random& random) {
  VULTUS_TRY(Similarity to_crop, face::alignment(look.keypoints, side));
  to_crop.tx += kShiftOfCrop * side / 64.0 * random.normal();
  to_crop.ty += kShiftOfCrop * side / 64.0 * random.normal();
  VULTUS_TRY(Image crop, Image::create(side, side, PixelFormat::rgb8));
  VULTUS_CHECK(media::warp_into(look.picture.view(), to_crop, crop.mutable_view()));
  return crop;
}

void add_noise(Image& picture, face3d::Random& random) {
  const auto bytes = static_cast<std::size_t>(picture.stride()) * static_cast<std::size_t>(picture.height());
  for (std::uint8_t& level : std::span(picture.row(0), bytes))
    level = static_cast<std::uint8_t>(std::clamp(std::lround(level + kNoise * random.normal()), 0L, 255L));
}

face3d::Random crop_draws(const PlantedSetOptions& options, std::size_t i) {
  return face3d::Random(options.seed * 0x9E3779B97F4A7C15ULL + 77 + 0xE7037ED1A0B428DBULL * (i + 1));
}

Status stopped(const std::stop_token& stop) {
  return stop.stop_requested() ? Status(fail(ErrorCode::cancelled, "planted samples: stopped")) : Status();
}

}  // namespace

Status write_planted_scenes(const PlantedSetOptions& options, const fs::path& path, const PlantedProgress& told,
                            const std::stop_token& stop) {
  VULTUS_CHECK(check_options(options));
  VULTUS_TRY(const auto model, face3d::procedural_head());
  const auto n = static_cast<std::int64_t>(options.count);
  VULTUS_TRY(auto file,
             learn::TensorFileWriter::create(path,
                                             {{"pictures", TensorType::u8, {n, options.side, options.side, 3}},
                                              {"emotion", TensorType::i64, {n}},
                                              {"place", TensorType::i64, {n}},
                                              {"mood", TensorType::i64, {n}},
                                              {"brightness", TensorType::f32, {n}},
                                              {"colourfulness", TensorType::f32, {n}}},
                                             notes_of(options, "scenes")));
  std::vector<std::int64_t> emotions, places, moods;
  std::vector<float> bright, colourful;
  for (std::size_t i = 0; i < options.count; ++i) {
    VULTUS_CHECK(stopped(stop));
    VULTUS_TRY(const auto scene, studio::planted_scene(model, options.seed, i, options.side));
    VULTUS_CHECK(write_pixels(file, "pictures", i, scene.picture));
    emotions.push_back(static_cast<std::int64_t>(scene.label));
    places.push_back(static_cast<std::int64_t>(scene.place));
    moods.push_back(static_cast<std::int64_t>(scene.mood));
    VULTUS_TRY(const double value, expression::brightness(scene.picture.view()));
    VULTUS_TRY(const double colour, expression::colourfulness(scene.picture.view()));
    bright.push_back(static_cast<float>(value)), colourful.push_back(static_cast<float>(colour));
    if (told) told(i + 1);
  }
  VULTUS_CHECK(file.write("emotion", 0, bytes_in(emotions)));
  VULTUS_CHECK(file.write("place", 0, bytes_in(places)));
  VULTUS_CHECK(file.write("mood", 0, bytes_in(moods)));
  VULTUS_CHECK(file.write("brightness", 0, bytes_in(bright)));
  VULTUS_CHECK(file.write("colourfulness", 0, bytes_in(colourful)));
  return file.finish();
}

Status write_planted_bursts(const PlantedSetOptions& options, const fs::path& path, const PlantedProgress& told,
                            const std::stop_token& stop) {
  VULTUS_CHECK(check_options(options));
  VULTUS_TRY(const auto model, face3d::procedural_head());
  const auto n = static_cast<std::int64_t>(options.count);
  const auto frames = static_cast<std::size_t>(options.frames);
  VULTUS_TRY(auto file, learn::TensorFileWriter::create(
                            path,
                            {{"clips", TensorType::u8, {n, options.frames, options.side, options.side, 3}},
                             {"emotion", TensorType::i64, {n}},
                             {"first", TensorType::i64, {n}},
                             {"last", TensorType::i64, {n}}},
                            notes_of(options, "clips with one burst")));
  std::vector<std::int64_t> emotions, firsts, lasts;
  for (std::size_t i = 0; i < options.count; ++i) {
    VULTUS_CHECK(stopped(stop));
    VULTUS_TRY(const auto burst, studio::drawn_burst(options.seed, i, frames));
    face3d::Random random = crop_draws(options, i);
    std::vector<std::vector<AuActivation>> looks;  // what was rendered already: most frames look alike
    std::vector<Image> crops;
    for (std::size_t t = 0; t < frames; ++t) {
      auto at = static_cast<std::size_t>(std::ranges::find(looks, burst.units[t]) - looks.begin());
      if (at == looks.size()) {
        VULTUS_TRY(const auto look, studio::planted_look(model, options.seed, i, burst.units[t], kRendered));
        face3d::Random same = crop_draws(options, i);  // the whole clip is cropped alike
        looks.push_back(burst.units[t]);
        VULTUS_TRY(crops.emplace_back(), crop_of(look, options.side, same));
      }
      Image frame = crops[at];
      add_noise(frame, random);
      VULTUS_CHECK(write_pixels(file, "clips", i * frames + t, frame));
    }
    const bool any = burst.emotion != AuEmotion::neutral;
    emotions.push_back(static_cast<std::int64_t>(burst.emotion));
    firsts.push_back(any ? static_cast<std::int64_t>(burst.first) : -1);
    lasts.push_back(any ? static_cast<std::int64_t>(burst.last) : -1);
    if (told) told(i + 1);
  }
  VULTUS_CHECK(file.write("emotion", 0, bytes_in(emotions)));
  VULTUS_CHECK(file.write("first", 0, bytes_in(firsts)));
  VULTUS_CHECK(file.write("last", 0, bytes_in(lasts)));
  return file.finish();
}

Status write_planted_faces(const PlantedSetOptions& options, const fs::path& path, const PlantedProgress& told,
                           const std::stop_token& stop) {
  VULTUS_CHECK(check_options(options));
  VULTUS_TRY(const auto model, face3d::procedural_head());
  const auto n = static_cast<std::int64_t>(options.count);
  learn::TensorNotes notes = notes_of(options, "faces with action units");
  for (const int unit : expression::kFoundationUnits)
    notes["units"] += (notes["units"].empty() ? "" : " ") + std::to_string(unit);
  VULTUS_TRY(auto file,
             learn::TensorFileWriter::create(
                 path,
                 {{"pictures", TensorType::u8, {n, options.side, options.side, 3}},
                  {"expression", TensorType::i64, {n}},
                  {"person", TensorType::i64, {n}},
                  {"levels", TensorType::i64, {n, static_cast<std::int64_t>(expression::kFoundationUnits.size())}}},
                 notes));
  std::vector<std::int64_t> expressions, persons, levels;
  for (std::size_t i = 0; i < options.count; ++i) {
    VULTUS_CHECK(stopped(stop));
    const std::size_t person = i / static_cast<std::size_t>(options.of_person);
    const auto display = studio::drawn_display(options.seed, i, expression::kFoundationUnits);
    VULTUS_TRY(const auto look, studio::planted_look(model, options.seed, person, display.units, kRendered));
    face3d::Random random = crop_draws(options, i);
    VULTUS_TRY(Image crop, crop_of(look, options.side, random));
    add_noise(crop, random);
    VULTUS_CHECK(write_pixels(file, "pictures", i, crop));
    expressions.push_back(static_cast<std::int64_t>(display.emotion));
    persons.push_back(static_cast<std::int64_t>(person));
    for (const auto& unit : expression::captioned(display.units, expression::kFoundationUnits))
      levels.push_back(unit.level);
    if (told) told(i + 1);
  }
  VULTUS_CHECK(file.write("expression", 0, bytes_in(expressions)));
  VULTUS_CHECK(file.write("person", 0, bytes_in(persons)));
  VULTUS_CHECK(file.write("levels", 0, bytes_in(levels)));
  return file.finish();
}

}  // namespace vultus::learning
