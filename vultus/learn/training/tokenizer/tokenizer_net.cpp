#include <vultus/learn/training/tokenizer/tokenizer_net.hpp>

#include <torch/utils.h>

namespace vultus::learn {
namespace {

using blocks::Act;
using blocks::Activation;
using blocks::Conv;
using blocks::Wholes;

constexpr double kMiddleLevel = 127.5;

}  // namespace

PlainResidual::PlainResidual(std::int64_t channels, std::int64_t inner) {
  branch_ = part<blocks::Chain>("branch");
  branch_->add<Activation>(Act::relu);
  branch_->add<Conv>(blocks::conv2d(channels, inner));
  branch_->add<Activation>(Act::relu);
  branch_->add<Conv>(blocks::conv2d(inner, channels, 1));
}

TokenizerNet::TokenizerNet(const TokenizerOptions& options) : options_(options) {
  TORCH_CHECK(options.halvings >= 1 && options.halvings <= 5 && options.width >= 1 && options.depth >= 0,
              "a tokenizer of width ", options.width, ", ", options.halvings, " halvings and depth ", options.depth,
              ": at least 1, 1 to 5, at least 0");
  const std::int64_t wide = 2 * options.width;
  encoder_ = part<blocks::Chain>("encoder");
  std::int64_t channels = 3;
  for (std::int64_t i = 0; i < options.halvings; ++i) {
    const std::int64_t next = i == 0 && options.halvings > 1 ? options.width : wide;
    encoder_->add<Conv>(
        blocks::ConvOptions{.in = channels, .out = next, .kernel = {4, 4}, .stride = {2, 2}, .padding = {1, 1}});
    if (i + 1 < options.halvings) encoder_->add<Activation>(Act::relu);
    channels = next;
  }
  for (std::int64_t i = 0; i < options.depth; ++i) encoder_->add<PlainResidual>(wide, options.width);
  encoder_->add<Activation>(Act::relu);
  encoder_->add<Conv>(blocks::conv2d(wide, options.codes.width, 1));
  quantiser_ = part<VectorQuantiser>("quantiser", options.codes);
  decoder_ = part<blocks::Chain>("decoder");
  decoder_->add<Conv>(blocks::conv2d(options.codes.width, wide));
  for (std::int64_t i = 0; i < options.depth; ++i) decoder_->add<PlainResidual>(wide, options.width);
  channels = wide;
  for (std::int64_t i = 0; i < options.halvings; ++i) {
    decoder_->add<Activation>(Act::relu);
    const std::int64_t next = i + 1 == options.halvings ? 3 : i + 2 == options.halvings ? options.width : wide;
    decoder_->add<blocks::ConvTranspose>(
        blocks::ConvTranspose::Options{.in = channels, .out = next, .kernel = 4, .stride = 2, .padding = 1});
    channels = next;
  }
}

TokenizerAnswer TokenizerNet::forward(const torch::Tensor& pictures) {
  TokenizerAnswer said;
  said.codes = quantiser_->forward(encoder_->forward(pictures));
  said.pictures = decoder_->forward(said.codes.values);
  return said;
}

std::string TokenizerNet::onnx(WeightKind kind, std::int64_t side) const {
  const torch::NoGradGuard no_gradients;
  OnnxWriter writer(kind);
  const blocks::Exporter to(writer);
  writer.input("picture", Wholes{1, 3, side, side});
  const auto [values, codes] = quantiser_->write(to.in("quantiser"), encoder_->write(to.in("encoder"), "picture"));
  const std::string levels = to.plus(to.times(decoder_->write(to.in("decoder"), values), kMiddleLevel), kMiddleLevel);
  to.named("Clip", {levels, to.scalar(0), to.scalar(2 * kMiddleLevel)}, "reconstruction");
  to.named("Identity", {codes}, "codes");
  // Shapes are left open: they follow the input's.
  writer.output("reconstruction", Wholes{});
  writer.output("codes", Wholes{});
  return writer.file("tokenizer");
}

}  // namespace vultus::learn
