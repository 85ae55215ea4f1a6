// For tests: maps of samples whose classes are planted, as files of features. Not installed.
#pragma once

#include <cmath>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include <vultus/learn/half.hpp>
#include <vultus/learn/tensor_file.hpp>
#include <vultus/learn/training_config.hpp>

namespace vultus::learn {

/// A draw of the normal distribution that is the same with every standard library (Box and Muller).
inline double normal_of(std::mt19937_64& engine) {
  const auto unit = [&] { return static_cast<double>((engine() >> 11U) + 1) * 0x1p-53; };
  const double radius = std::sqrt(-2 * std::log(unit()));
  return radius * std::cos(2 * 3.14159265358979323846 * unit());
}

/// Writes features with one map of [channels, 7, 7] a sample, two variants that differ by noise alone.
/// @param labels  codes. @param fill  adds what a sample shows to its map of `channels * 49` numbers
/// @param parts   rows of the tensor "parts"; empty = none
inline void plant_maps(const std::filesystem::path& path, const std::vector<std::int64_t>& labels,
                       std::int64_t channels, double noise,
                       const std::function<void(std::size_t, std::vector<float>&)>& fill,
                       const std::vector<std::vector<float>>& parts = {}) {
  const auto n = static_cast<std::int64_t>(labels.size());
  std::vector<TensorSpec> tensors{{"label", TensorType::i64, {n}}, {"map", TensorType::f16, {n, 2, channels * 49}}};
  if (!parts.empty())
    tensors.push_back({"parts", TensorType::f32, {n, static_cast<std::int64_t>(parts.front().size())}});
  auto writer = TensorFileWriter::create(path, tensors, {{"data", "planted"}}).value();
  std::mt19937_64 engine(9);
  for (std::size_t i = 0; i < labels.size(); ++i)
    for (std::size_t variant = 0; variant < 2; ++variant) {
      std::vector<float> map(static_cast<std::size_t>(channels * 49));
      for (float& value : map) value = static_cast<float>(noise * normal_of(engine));
      fill(i, map);
      std::vector<std::uint16_t> halves;
      for (const float value : map) halves.push_back(half_of(value));
      writer.write("map", (2 * i + variant) * halves.size() * 2, std::as_bytes(std::span(halves))).value();
    }
  writer.write("label", 0, std::as_bytes(std::span(labels))).value();
  for (std::size_t i = 0; i < parts.size(); ++i)
    writer.write("parts", i * parts[i].size() * 4, std::as_bytes(std::span(parts[i]))).value();
  writer.finish().value();
}

/// A configuration for such features: small, quick, fold 0 left out.
inline TrainingConfig planted_config(const std::filesystem::path& features, std::int64_t channels,
                                     std::vector<std::string> classes) {
  TrainingConfig config;
  config.name = "planted", config.features = features.string(), config.sha256 = "one";
  config.shape = {.inputs = {{"map", channels, 7}},
                  .stem = 12,
                  .hidden = 0,
                  .outputs = {{"p", static_cast<std::int64_t>(classes.size())}}};
  config.targets = {{.output = "p", .column = "label", .first = 0, .classes = std::move(classes), .numbers = {}}};
  config.mixup = 0, config.smoothing = 0, config.epochs = 12, config.batch = 32, config.learning_rate = 0.01;
  config.input_dropout = 0, config.dropout = 0, config.fold = 0, config.weight_decay = 0.01;
  return config;
}

}  // namespace vultus::learn
