#include <vultus/learn/training/liveness/slip_net.hpp>

namespace vultus::learn {
namespace {

using blocks::Act;
using blocks::Exporter;
using blocks::Wholes;

std::string write_transposed(const Exporter& to, const std::string& name, const torch::nn::ConvTranspose2d& layer,
                             const std::string& x, std::int64_t kernel, std::int64_t more) {
  return to.node("ConvTranspose",
                 {x, to.weight(name + ".weight", layer->weight), to.weight(name + ".bias", layer->bias)},
                 {{.name = "kernel_shape", .value = Wholes{kernel, kernel}},
                  {.name = "output_padding", .value = Wholes{more, more}},
                  {.name = "pads", .value = Wholes{1, 1, 1, 1}},
                  {.name = "strides", .value = Wholes{2, 2}}});
}

std::vector<torch::Tensor> parameters_of(const std::vector<const torch::nn::Module*>& parts) {
  std::vector<torch::Tensor> all;
  for (const torch::nn::Module* const part : parts)
    for (const torch::Tensor& parameter : part->parameters()) all.push_back(parameter);
  return all;
}

}  // namespace

CueDecoder::CueDecoder(std::int64_t width) {
  const std::int64_t half = width / 2, quarter = width / 4;
  up_ = register_module(
      "up", torch::nn::ConvTranspose2d(torch::nn::ConvTranspose2dOptions(width, half, 6).stride(2).padding(1)));
  norm_ = part<blocks::BatchNorm>("norm", half);
  again_ = register_module(
      "again", torch::nn::ConvTranspose2d(
                   torch::nn::ConvTranspose2dOptions(half, quarter, 3).stride(2).padding(1).output_padding(1)));
  norm_again_ = part<blocks::BatchNorm>("norm_again", quarter);
  convs_ = part<blocks::Chain>("convs");
  for (const auto& [in, out] : {std::pair{quarter, quarter}, {quarter, quarter / 2}}) {
    convs_->add<blocks::Conv>(blocks::conv2d(in, out, 3, 1, false));
    convs_->add<blocks::BatchNorm>(out);
    convs_->add<blocks::Activation>(Act::relu);
  }
  convs_->add<blocks::Conv>(blocks::conv2d(quarter / 2, 1));
}

torch::Tensor CueDecoder::forward(const torch::Tensor& x) {
  const torch::Tensor larger = torch::relu(norm_->forward(up_->forward(x)));
  return convs_->forward(torch::relu(norm_again_->forward(again_->forward(larger))));
}

std::string CueDecoder::write(const Exporter& to, const std::string& x) const {
  const std::string larger = to.node("Relu", {norm_->write(to.in("norm"), write_transposed(to, "up", up_, x, 6, 0))});
  const std::string largest =
      to.node("Relu", {norm_again_->write(to.in("norm_again"), write_transposed(to, "again", again_, larger, 3, 1))});
  return convs_->write(to.in("convs"), largest);
}

SlipNet::SlipNet(const SlipOptions& options) : options_(options) {
  const std::int64_t width = options.width;
  TORCH_CHECK(options.side == 112 && width % 16 == 0, "SLIP: a side of ", options.side,
              " (112 is wanted) and a width of ", width, " (a multiple of 16)");
  stem_ = register_module("stem", conv_stem({3, width / 4, width / 2, width, width}));
  deeper_ = register_module(
      "deeper", std::make_shared<blocks::ResidualBlock>(blocks::ResidualBlock::Options{.in = width, .out = width}));
  whole_ = register_module("whole", std::make_shared<blocks::Linear>(width, width));
  join_ = register_module("join", std::make_shared<blocks::Chain>());
  for (const auto& [in, out] : {std::pair{2 * width, width}, {width, width / 2}}) {
    join_->add<blocks::Conv>(blocks::conv2d(in, out, 1));
    join_->add<blocks::Activation>(Act::relu);
  }
  join_->add<blocks::Conv>(blocks::conv2d(width / 2, width, 1));
  tower_ = register_module(
      "tower",
      std::make_shared<TextTower>(TextTowerOptions{
          .vocabulary = options.vocabulary, .length = options.length, .width = width, .heads = options.heads}));
  decoder_ = register_module("decoder", std::make_shared<CueDecoder>(width));
}

SlipView SlipNet::look(const torch::Tensor& pictures) {
  const torch::Tensor places = deeper_->forward(stem_->forward(pictures));
  const torch::Tensor whole = whole_->forward(places.mean({2, 3})).unsqueeze(2).unsqueeze(3);
  return {.places = places, .joined = (places + whole) / 2};
}

torch::Tensor SlipNet::read(const torch::Tensor& tokens) {
  return tower_->forward(tower_->words(tokens), (tokens != 0).to(torch::kFloat));
}

torch::Tensor SlipNet::meet(const torch::Tensor& texts, const torch::Tensor& places) {
  return unit_rows((texts.unsqueeze(2).unsqueeze(3) + places) / 2);
}

torch::Tensor SlipNet::join(const torch::Tensor& a, const torch::Tensor& b) {
  return join_->forward(torch::cat({a, b}, 1));
}

std::string SlipNet::onnx(WeightKind kind) const {
  const torch::NoGradGuard no_gradients;
  OnnxWriter writer(kind);
  const Exporter to(writer);
  writer.input("picture", Wholes{1, 3, options_.side, options_.side});
  const std::string places = deeper_->write(to.in("deeper"), stem_->write(to.in("stem"), "picture"));
  const std::string whole = to.unsqueeze(whole_->write(to.in("whole"), to.mean(places, {2, 3}, false)), {2, 3});
  const std::string joined = to.times(to.add(places, whole), 0.5);
  // A live face has no cue below nothing: what is above 255 or below 0 is cut, as it is when it is measured.
  const std::string level = to.times(decoder_->write(to.in("decoder"), joined), kSlipLevel);
  to.named("Clip", {level, to.scalar(0), to.scalar(kSlipLevel)}, "map");
  writer.output("map", Wholes{1, 1, kSlipCells, kSlipCells});
  return writer.file("slip");
}

std::vector<torch::Tensor> SlipNet::picture_parameters() const {
  return parameters_of({stem_.get(), deeper_.get(), whole_.get(), join_.get(), decoder_.get()});
}
std::vector<torch::Tensor> SlipNet::text_parameters() const { return parameters_of({tower_.get()}); }

void SlipNet::train_alone(const std::vector<torch::Tensor>& trained) {
  for (torch::Tensor& parameter : parameters()) parameter.set_requires_grad(false);
  for (torch::Tensor parameter : trained) parameter.set_requires_grad(true);
}

torch::Tensor mean_cosine(const torch::Tensor& a, const torch::Tensor& b) {
  return (unit_rows(a) * unit_rows(b)).sum(1).mean();
}

}  // namespace vultus::learn
