// What tests of whole systems share: planted files, and runs on them.
#pragma once

#include <cmath>
#include <filesystem>
#include <string>
#include <vector>

#include <vultus/learn/tensor_file.hpp>
#include <vultus/learn/training/systems/train_dynamic.hpp>
#include <vultus/learn/training/systems/train_foundation.hpp>
#include <vultus/learn/training/systems/train_scene.hpp>

#include "planted_pixels.hpp"

namespace vultus::learn::test {

/// Four attributes of two values each; the label is three exclusive ors of them, so that each is needed.
inline void plant_scenes(const std::filesystem::path& path, std::int64_t count) {
  Brush brush(5);
  auto file = TensorFileWriter::create(path,
                                       {{"pictures", TensorType::u8, {count, kSide, kSide, 3}},
                                        {"emotion", TensorType::i64, {count}},
                                        {"place", TensorType::i64, {count}},
                                        {"mood", TensorType::i64, {count}},
                                        {"brightness", TensorType::f32, {count}},
                                        {"colourfulness", TensorType::f32, {count}}},
                                       {{"planted", "true"}})
                  .value();
  std::vector<std::int64_t> emotion, place, mood;
  std::vector<float> bright, colourful;
  Pixels pixels;
  for (std::int64_t i = 0; i < count; ++i) {
    const std::uint64_t bits = brush.next();
    const bool light = (bits & 1U) != 0, coloured = (bits & 2U) != 0, across = (bits & 4U) != 0,
               high = (bits & 8U) != 0;
    const double base = light ? 170 : 70, tint = coloured ? 60 : 0;
    const int phase = static_cast<int>(brush.next() % 8), x0 = 4 + static_cast<int>(brush.next() % 18);
    for (int y = 0; y < kSide; ++y)
      for (int x = 0; x < kSide; ++x) {
        const bool stripe = (((across ? y : x) + phase) / 4) % 2 == 0;
        const bool dot = x >= x0 && x < x0 + 8 && (high ? y >= 2 && y < 10 : y >= 22 && y < 30);
        const double grey = dot ? 0 : base + (stripe ? 20 : -20);
        for (const double shift : {tint, 0.0, -tint}) pixels.push_back(brush.level(grey + shift));
      }
    emotion.push_back((light != across ? 4 : 0) + (coloured != high ? 2 : 0) + (across != high ? 1 : 0));
    place.push_back(across ? 1 : 0), mood.push_back(high ? 1 : 0);
    bright.push_back(light ? 0.7F : 0.3F), colourful.push_back(coloured ? 60.F : 5.F);
  }
  file.write("pictures", 0, raw(pixels)).value();
  for (const auto& [name, column] :
       {std::pair{"emotion", &emotion}, std::pair{"place", &place}, std::pair{"mood", &mood}})
    file.write(name, 0, raw(*column)).value();
  file.write("brightness", 0, raw(bright)).value(), file.write("colourfulness", 0, raw(colourful)).value();
  file.finish().value();
}

inline SceneRun scene_run(const TestFolder& folder, const std::string& name) {
  SceneRun run;
  run.data = folder / "scenes.safetensors", run.folder = folder / name;
  run.epochs = 14, run.learning_rate = 4e-3;
  return run;
}

inline constexpr std::int64_t kFrames = 16;

/// An even clip in which waves run for three steps of two frames; their direction is the label.
inline void plant_clips(const std::filesystem::path& path, std::int64_t count) {
  Brush brush(7);
  auto file = TensorFileWriter::create(path,
                                       {{"clips", TensorType::u8, {count, kFrames, kSide, kSide, 3}},
                                        {"emotion", TensorType::i64, {count}},
                                        {"first", TensorType::i64, {count}},
                                        {"last", TensorType::i64, {count}}},
                                       {{"planted", "true"}})
                  .value();
  std::vector<std::int64_t> emotion, firsts, lasts;
  Pixels pixels;
  for (std::int64_t i = 0; i < count; ++i) {
    const auto label = static_cast<std::int64_t>(brush.next() % 3);
    const auto first = static_cast<std::int64_t>(brush.next() % 5) * 2 + 2, last = first + 5;
    const double base = 60 + 60 * brush.unit();
    for (std::int64_t t = 0; t < kFrames; ++t)
      for (std::int64_t y = 0; y < kSide; ++y)
        for (std::int64_t x = 0; x < kSide; ++x) {
          const bool burst = t >= first && t <= last;
          // No place and no brightness tells the labels apart.
          const std::int64_t along = label == 0 ? x : label == 1 ? y : x + y;
          const double wave = burst ? 70 * (std::abs(static_cast<double>((along + 2 * t) % 8) - 4) / 2 - 1) : 0;
          for (int c = 0; c < 3; ++c) pixels.push_back(brush.level(base + wave));
        }
    emotion.push_back(label), firsts.push_back(first), lasts.push_back(last);
  }
  file.write("clips", 0, raw(pixels)).value();
  for (const auto& [name, column] :
       {std::pair{"emotion", &emotion}, std::pair{"first", &firsts}, std::pair{"last", &lasts}})
    file.write(name, 0, raw(*column)).value();
  file.finish().value();
}

inline DynamicRun dynamic_run(const TestFolder& folder, const std::string& name) {
  DynamicRun run;
  run.data = folder / "clips.safetensors", run.folder = folder / name;
  run.epochs = 6, run.learning_rate = 3e-3, run.kept = 0.5;
  return run;
}

inline const std::vector<int> kUnits{4, 12};

/// Two units as bars of five lengths, one between the brows and one at the mouth; the expression follows from them.
inline void plant_faces(const std::filesystem::path& path, std::int64_t count) {
  Brush brush(9);
  auto file = TensorFileWriter::create(path,
                                       {{"pictures", TensorType::u8, {count, kSide, kSide, 3}},
                                        {"expression", TensorType::i64, {count}},
                                        {"person", TensorType::i64, {count}},
                                        {"levels", TensorType::i64, {count, 2}}},
                                       {{"planted", "true"}})
                  .value();
  std::vector<std::int64_t> expression, person, levels;
  Pixels pixels;
  for (std::int64_t i = 0; i < count; ++i) {
    const auto brow = brush.next() % 2 == 0 ? 0 : static_cast<std::int64_t>(1 + brush.next() % 5);
    const auto mouth = brush.next() % 2 == 0 ? 0 : static_cast<std::int64_t>(1 + brush.next() % 5);
    const double base = 90 + 60 * brush.unit();
    for (std::int64_t y = 0; y < kSide; ++y)
      for (std::int64_t x = 0; x < kSide; ++x) {
        const bool bar =
            (y >= 10 && y < 13 && std::abs(x - 16) < 2 * brow) || (y >= 25 && y < 28 && std::abs(x - 16) < 2 * mouth);
        for (int c = 0; c < 3; ++c) pixels.push_back(brush.level(bar ? 20 : base));
      }
    expression.push_back((brow > 0 ? 1 : 0) + (mouth > 0 ? 2 : 0));
    person.push_back(i / 2), levels.push_back(brow), levels.push_back(mouth);
  }
  file.write("pictures", 0, raw(pixels)).value();
  for (const auto& [name, column] :
       {std::pair{"expression", &expression}, std::pair{"person", &person}, std::pair{"levels", &levels}})
    file.write(name, 0, raw(*column)).value();
  file.finish().value();
}

inline FoundationRun foundation_run(const TestFolder& folder, const std::string& name) {
  FoundationRun run;
  run.data = folder / "faces.safetensors", run.folder = folder / name;
  run.epochs = 12, run.adapt_epochs = 12, run.units = kUnits;
  for (const int unit : kUnits)
    for (int level = 0; level < 6; ++level)
      run.unit_captions.push_back("AU" + std::to_string(unit) + " level " + std::to_string(level));
  run.face_caption = [](std::size_t expression, std::span<const int> levels) -> Result<std::string> {
    return "shows " + std::to_string(expression) + (levels[0] > 0 ? " AU4" : "") + (levels[1] > 0 ? " AU12" : "");
  };
  return run;
}

}  // namespace vultus::learn::test
