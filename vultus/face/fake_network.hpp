// For the tests of this room: networks that answer what a test tells them to, from what they see.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <vultus/runtime/network.hpp>

namespace vultus::face::test {

using Outputs = std::map<std::string, std::vector<float>, std::less<>>;
/// What a network answers to its input. The input may be changed, but no test wants to.
using Answer = std::function<Outputs(runtime::Network&)>;

class FakeNetwork final : public runtime::Network {
 public:
  FakeNetwork(const runtime::InputSpec& spec, int width, int height, Answer answer)
      : batch_(spec.batch()), width_(width), height_(height), channels_(spec.channels()), answer_(std::move(answer)) {
    input_.resize(static_cast<std::size_t>(batch_) * static_cast<std::size_t>(width_) *
                  static_cast<std::size_t>(height_) * static_cast<std::size_t>(channels_));
    outputs_ = answer_(*this);  // shapes are known before the first run, as in a real network
  }
  [[nodiscard]] int batch() const override { return batch_; }
  [[nodiscard]] int width() const override { return width_; }
  [[nodiscard]] int height() const override { return height_; }
  [[nodiscard]] int channels() const override { return channels_; }
  [[nodiscard]] std::span<std::uint8_t> input() override { return input_; }
  Status run() override {
    outputs_ = answer_(*this);
    return {};
  }
  [[nodiscard]] Result<std::span<const float>> output(std::string_view name) const override {
    const auto at = outputs_.find(name);
    if (at == outputs_.end()) return fail(ErrorCode::not_found, "no output " + std::string(name));
    return std::span<const float>(at->second);
  }

 private:
  int batch_, width_, height_, channels_;
  Answer answer_;
  std::vector<std::uint8_t> input_;
  Outputs outputs_;
};

class FakeBackend final : public runtime::Backend {
 public:
  explicit FakeBackend(Answer answer) : answer_(std::move(answer)) {}
  [[nodiscard]] Result<std::unique_ptr<runtime::Network>> load(const runtime::ModelManifest& model,
                                                               const std::filesystem::path&,
                                                               const runtime::LoadOptions& options) const override {
    const int width = options.width > 0 ? options.width : model.input.width();
    const int height = options.height > 0 ? options.height : model.input.height();
    return std::make_unique<FakeNetwork>(model.input, width, height, answer_);
  }
  [[nodiscard]] std::string description() const override { return "fake"; }

 private:
  Answer answer_;
};

/// @param shape  [batch, channels, height, width]
inline runtime::ModelHandle fake_model(const std::string& decoder, const std::vector<std::int64_t>& shape,
                                       Answer answer) {
  runtime::ModelManifest manifest;
  manifest.id = ModelId("fake");
  manifest.decoder = decoder;
  manifest.input.shape = shape;
  manifest.input.colour = shape[1] == 1 ? runtime::Colour::gray : runtime::Colour::rgb;
  manifest.input.resizable = true;
  return {std::make_shared<FakeBackend>(std::move(answer)), manifest, "fake.onnx"};
}

}  // namespace vultus::face::test
