#include <vultus/learn/training/liveness/fa3_net.hpp>

#include <cmath>

#include <torch/nn/functional.h>

#include <vultus/learn/training/losses.hpp>

namespace vultus::learn {
namespace {

using blocks::Act;
using blocks::Exporter;
using blocks::Wholes;

// @source FA3-CLIP, arXiv 2504.00454, released code: where the mixtures begin, before the sigmoid
constexpr double kFineShare = -2, kFrequencyShare = -1.89;
constexpr double kTextTemperature = 0.5;
constexpr double kScaleAtFirst = 10, kLargestScale = 100;  // @source CLIP: at most 100

Wholes stem_widths(std::int64_t width) { return {3, width / 8, width / 4, width / 2, width}; }

/// [n, d, h, w] -> [n, h w, d].
torch::Tensor tokens_of(const torch::Tensor& map) { return map.flatten(2).transpose(1, 2); }
std::string tokens_of(const Exporter& to, const std::string& map, std::int64_t width) {
  return to.transpose(to.reshape(map, {0, width, -1}), {0, 2, 1});
}

/// share a + (1 - share) b.
std::string mixed(const Exporter& to, const std::string& share, const std::string& a, const std::string& b) {
  return to.add(to.mul(share, a), to.mul(to.sub(to.scalar(1), share), b));
}

}  // namespace

Fa3Prompts::Fa3Prompts(const Fa3Options& options)
    : width_(options.width),
      context_(options.context),
      words_(options.context + static_cast<std::int64_t>(options.endings[0].size()) + 2) {
  TORCH_CHECK(options.endings[0].size() == options.endings[1].size(), "the prompts have endings of different lengths");
  const std::int64_t places = (options.side / 16) * (options.side / 16);
  stem_ = register_module("stem", conv_stem(stem_widths(width_)));
  if (options.frequency) fine_stem_ = register_module("fine_stem", conv_stem(stem_widths(width_)));
  mix_ = register_parameter("mix", torch::tensor(static_cast<float>(kFineShare)));
  for (std::size_t label = 0; label < 2; ++label) {
    const std::string name = std::to_string(label);
    auto look = std::make_shared<blocks::Chain>();
    look->add<blocks::Conv>(blocks::conv2d(width_, width_, 3, 1, false));
    look->add<blocks::BatchNorm>(width_);
    look->add<blocks::Activation>(Act::relu);
    looks_[label] = register_module("look" + name, look);
    to_words_[label] = register_module("words" + name, std::make_shared<blocks::Linear>(places, context_));
    learnt_[label] = register_parameter("learnt" + name, torch::randn({1, context_, width_}) * 0.02);
    endings_[label] = register_buffer("ending" + name, torch::tensor(options.endings[label], torch::kLong));
  }
  tower_ = register_module("tower", std::make_shared<TextTower>(TextTowerOptions{
                                        .vocabulary = options.vocabulary, .length = words_, .width = width_}));
  // The learnt words stand behind the start: [words, context].
  torch::Tensor place = torch::zeros({words_, context_});
  for (std::int64_t i = 0; i < context_; ++i) place[i + 1][i] = 1;
  place_ = register_buffer("place", place);
}

torch::Tensor Fa3Prompts::base(std::size_t label) const {
  const torch::Tensor words =
      tower_->words(torch::cat({torch::tensor({std::int64_t{1}}), endings_[label], torch::tensor({std::int64_t{2}})}))
          .unsqueeze(0);
  return torch::cat({words.slice(1, 0, 1), learnt_[label], words.slice(1, 1)}, 1);
}

std::array<torch::Tensor, 2> Fa3Prompts::forward(const torch::Tensor& pictures, const torch::Tensor& fine) {
  torch::Tensor seen = stem_->forward(pictures);
  if (fine_stem_ && fine.defined()) {
    const torch::Tensor share = torch::sigmoid(mix_);
    seen = share * fine_stem_->forward(fine) + (1 - share) * seen;
  }
  std::vector<torch::Tensor> embedded;
  for (std::size_t label = 0; label < 2; ++label) {
    const torch::Tensor bias = to_words_[label]->forward(looks_[label]->forward(seen).flatten(2)).transpose(1, 2);
    embedded.push_back(base(label) + torch::matmul(place_, bias));
  }
  const auto texts = tower_->forward(torch::cat(embedded)).chunk(2);
  return {texts[0], texts[1]};
}

std::array<std::string, 2> Fa3Prompts::write(const Exporter& to, const std::string& pictures,
                                             const std::string& fine) const {
  std::string seen = stem_->write(to.in("stem"), pictures);
  if (fine_stem_ && !fine.empty())
    seen = mixed(to, to.constant(torch::sigmoid(mix_)), fine_stem_->write(to.in("fine_stem"), fine), seen);
  std::vector<std::string> embedded;
  for (std::size_t label = 0; label < 2; ++label) {
    const Exporter here = to.in("class" + std::to_string(label));
    const std::string look = here.reshape(looks_[label]->write(here.in("look"), seen), {0, width_, -1});
    const std::string bias = here.transpose(to_words_[label]->write(here.in("words"), look), {0, 2, 1});
    embedded.push_back(here.add(here.matmul(here.constant(place_), bias), here.weight("base", base(label))));
  }
  // One picture: its two texts go through the tower as a batch.
  const std::string texts = tower_->write(to.in("tower"), to.concat(embedded, 0));
  return {to.slice(texts, 0, 0, 1), to.slice(texts, 0, 1, 2)};
}

Fa3Frequency::Fa3Frequency(const Fa3Options& options)
    : merge_{.neighbours = options.neighbours, .clusters = options.clusters}, width_(options.width) {
  stem_ = register_module("stem", conv_stem(stem_widths(width_)));
  fourier_ = register_module(
      "fourier", std::make_shared<blocks::SpectrumConv>(width_, width_, options.side / 16, options.side / 16));
  norm_ = register_module("norm", std::make_shared<blocks::LayerNorm>(width_));
  look_ = register_module(
      "look", std::make_shared<blocks::Attention>(blocks::AttentionOptions{.width = width_, .heads = options.heads}));
  score_ = register_module("score", std::make_shared<blocks::Linear>(width_, 1));
  share_ = register_module("share", std::make_shared<blocks::Linear>(width_, 1));
  out_ = register_module("out", std::make_shared<blocks::Linear>(width_, width_));
}

torch::Tensor Fa3Frequency::forward(const torch::Tensor& pictures, const std::vector<torch::Tensor>& inner) {
  const torch::Tensor maps = torch::stack(inner, 1);  // [n, layers, d, h, w]
  const torch::Tensor flat = maps.flatten(0, 1);
  const torch::Tensor streams = tokens_of(flat + fourier_->forward(flat)).reshape({maps.size(0), -1, width_});
  const torch::Tensor all = norm_->forward(torch::cat({streams, tokens_of(stem_->forward(pictures))}, 1));
  const torch::Tensor few = merge_.forward(all, score_->forward(all).squeeze(2));
  const torch::Tensor seen = few + look_->forward(few, all);
  const torch::Tensor shares = torch::softmax(share_->forward(seen), 1);
  return out_->forward((shares * seen).sum(1));
}

std::string Fa3Frequency::write(const Exporter& to, const std::string& pictures,
                                const std::vector<std::string>& inner) const {
  // One picture: the maps of its layers go through the operator as a batch.
  const std::string maps = to.concat(inner, 0);
  const std::string mixed_maps = to.add(maps, fourier_->write(to.in("fourier"), maps));
  const std::string streams = to.reshape(tokens_of(to, mixed_maps, width_), {1, -1, width_});
  const std::string own = tokens_of(to, stem_->write(to.in("stem"), pictures), width_);
  const std::string all = norm_->write(to.in("norm"), to.concat({streams, own}, 1));
  const std::string few =
      merge_.write(to.in("merge"), all, to.squeeze(score_->write(to.in("score"), all), {2}), width_);
  const std::string seen = to.add(few, look_->write(to.in("look"), few, all));
  const std::string shares = to.softmax(share_->write(to.in("share"), seen), 1);
  return out_->write(to.in("out"), to.sum(to.mul(shares, seen), {1}, false));
}

Fa3Net::Fa3Net(const Fa3Options& options) : options_(options) {
  const std::int64_t width = options.width;
  TORCH_CHECK(options.side % 16 == 0 && options.side >= 32 && width % 8 == 0 && width % options.heads == 0,
              "FA3-CLIP: a side of ", options.side, " (a multiple of 16) and a width of ", width,
              " (a multiple of 8 and of the heads)");
  stem_ = register_module("stem", conv_stem(stem_widths(width)));
  positions_ = register_module("positions", std::make_shared<blocks::Positions>(
                                                torch::randn({grid() * grid(), width}) * 0.02,
                                                blocks::Positions::Kind::learnt, blocks::Positions::ClassToken::first));
  encoder_ = register_module(
      "encoder",
      std::make_shared<blocks::Encoder>(blocks::EncoderOptions{
          .width = width, .heads = options.heads, .layers = options.layers, .hidden = 2 * width, .layer_scale = 0}));
  out_ = register_module("out", std::make_shared<blocks::Linear>(width, width));
  if (options.frequency) {
    high_pass_ = register_module("high_pass", blocks::high_pass(options.side, options.side, kFa3HighPass));
    frequency_ = register_module("frequency", std::make_shared<Fa3Frequency>(options));
    share_ = register_parameter("share", torch::tensor(static_cast<float>(kFrequencyShare)));
  }
  if (options.prompts)
    prompts_ = register_module("prompts", std::make_shared<Fa3Prompts>(options));
  else
    rows_ = register_parameter("rows", torch::randn({2, width}) * 0.02);
  scale_ = register_parameter("scale", torch::tensor(static_cast<float>(std::log(kScaleAtFirst))));
}

Fa3Answer Fa3Net::forward(const torch::Tensor& pictures) {
  torch::Tensor x = positions_->forward(tokens_of(stem_->forward(pictures)));
  std::vector<torch::Tensor> inner;
  for (const auto& layer : encoder_->layers()) {
    x = layer->forward(x);
    if (frequency_)
      inner.push_back(x.slice(1, 1).detach().transpose(1, 2).reshape({x.size(0), options_.width, grid(), grid()}));
  }
  torch::Tensor picture = out_->forward(encoder_->norm()->forward(x).select(1, 0));
  torch::Tensor fine;
  if (frequency_) {
    fine = torch::relu(high_pass_->forward(pictures));
    picture = picture + torch::sigmoid(share_) * frequency_->forward(pictures, inner);
  }
  Fa3Answer answer;
  if (prompts_) {
    const auto texts = prompts_->forward(pictures, fine);
    answer.fake_text = texts[0], answer.live_text = texts[1];
  } else {
    answer.fake_text = rows_[0].unsqueeze(0).expand({pictures.size(0), -1});
    answer.live_text = rows_[1].unsqueeze(0).expand({pictures.size(0), -1});
  }
  const torch::Tensor code = unit_rows(picture);
  const torch::Tensor cosines =
      torch::stack({(code * unit_rows(answer.fake_text)).sum(1), (code * unit_rows(answer.live_text)).sum(1)}, 1);
  answer.logits = torch::exp(scale_).clamp_max(kLargestScale) * cosines;
  return answer;
}

std::string Fa3Net::write(const Exporter& to, const std::string& pictures) const {
  const std::int64_t width = options_.width;
  std::string x = positions_->write(to.in("positions"), tokens_of(to, stem_->write(to.in("stem"), pictures), width));
  std::vector<std::string> inner;
  for (std::size_t i = 0; i < encoder_->layers().size(); ++i) {
    const Exporter here = to.in("layer" + std::to_string(i));
    x = encoder_->layers()[i]->write(here, x);
    if (frequency_)
      inner.push_back(here.reshape(here.transpose(here.slice(x, 1, 1, grid() * grid() + 1), {0, 2, 1}),
                                   {0, width, grid(), grid()}));
  }
  const std::string first = to.squeeze(to.slice(encoder_->norm()->write(to.in("norm"), x), 1, 0, 1), {1});
  std::string picture = out_->write(to.in("out"), first), fine;
  if (frequency_) {
    fine = to.node("Relu", {high_pass_->write(to.in("high_pass"), pictures)});
    picture = to.add(
        picture, to.mul(to.constant(torch::sigmoid(share_)), frequency_->write(to.in("frequency"), pictures, inner)));
  }
  const std::string code = to.unit(picture, 1);
  std::vector<std::string> cosines;
  std::array<std::string, 2> texts;
  if (prompts_) texts = prompts_->write(to.in("prompts"), pictures, fine);
  for (std::int64_t label = 0; label < 2; ++label) {
    const std::string text = prompts_ ? to.unit(texts.at(static_cast<std::size_t>(label)), 1)
                                      : to.constant(unit_rows(rows_.slice(0, label, label + 1)));
    cosines.push_back(to.sum(to.mul(code, text), {1}, true));
  }
  return to.named("Mul", {to.concat(cosines, 1), to.constant(torch::exp(scale_).clamp_max(kLargestScale))}, "logits");
}

std::string Fa3Net::onnx(WeightKind kind) const {
  OnnxWriter writer(kind);
  const torch::NoGradGuard no_gradients;
  writer.input("picture", Wholes{1, 3, options_.side, options_.side});
  (void)write(Exporter(writer), "picture");
  writer.output("logits", Wholes{1, 2});
  return writer.file("fa3");
}

torch::Tensor fa3_loss(const Fa3Answer& answer, const torch::Tensor& labels, double contrast) {
  const std::int64_t half = labels.size(0) / 2;
  TORCH_CHECK(labels.size(0) == 2 * half && labels.slice(0, 0, half).sum().item<std::int64_t>() == 0 &&
                  labels.slice(0, half).sum().item<std::int64_t>() == half,
              "FA3-CLIP: a batch is as many fakes and then as many live faces");
  torch::Tensor loss = torch::nn::functional::cross_entropy(answer.logits, labels);
  if (contrast > 0 && answer.live_text.requires_grad())
    loss =
        loss + contrast * (nt_xent(answer.live_text, kTextTemperature) + nt_xent(answer.fake_text, kTextTemperature));
  return loss;
}

}  // namespace vultus::learn
