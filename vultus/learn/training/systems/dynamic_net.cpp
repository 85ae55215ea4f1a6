#include <cmath>

#include <vultus/learn/training/contrastive.hpp>
#include <vultus/learn/training/systems/dynamic_net.hpp>

namespace vultus::learn {
namespace {

using namespace blocks;
namespace F = torch::nn::functional;

constexpr std::int64_t kDecoderWidth = 48, kDecoderLayers = 1;

/// Time and place of each token: half of the numbers each, [tokens, width].
torch::Tensor clip_positions(const DynamicOptions& options, std::int64_t width) {
  const std::int64_t side = options.side / options.patch, half = width / 2;
  const torch::Tensor time = sine_positions(options.steps(), half).repeat_interleave(options.places(), 0);
  return torch::cat({time, grid_positions(side, side, width - half).repeat({options.steps(), 1})}, 1);
}

torch::Tensor picked(const torch::Tensor& tokens, const torch::Tensor& places) {
  return tokens.gather(1, places.unsqueeze(2).expand({-1, -1, tokens.size(2)}));
}

}  // namespace

torch::Tensor movement_mask(const torch::Tensor& z, const torch::Tensor& temperature) {
  const torch::Tensor step = (z.slice(1, 1) - z.slice(1, 0, -1)).norm(2, 3).mean(2);  // [n, steps - 1]
  const torch::Tensor moved = torch::cat({step.slice(1, 0, 1), step}, 1);
  return torch::softmax(moved / temperature, 1) * static_cast<double>(z.size(1));
}

torch::Tensor meaning_mask(const torch::Tensor& z, const torch::Tensor& meaning, const torch::Tensor& a,
                           const torch::Tensor& b) {
  const torch::Tensor unit = unit_rows(z).transpose(1, 2);                // [n, places, steps, d]
  const torch::Tensor alike = torch::matmul(unit, unit.transpose(2, 3));  // [n, places, steps, steps]
  const torch::Tensor wanted = torch::matmul(unit, unit_rows(meaning));   // [n, places, steps]
  std::vector<torch::Tensor> masks;
  for (std::int64_t t = 0; t < z.size(1); ++t) {
    torch::Tensor score = a * wanted.select(2, t);
    if (t > 0) score = score - b * (alike.select(2, t).slice(2, 0, t) * torch::stack(masks, 2)).sum(2);
    masks.push_back(torch::sigmoid(score));
  }
  return torch::stack(masks, 1);
}

DynamicNet::DynamicNet(const DynamicOptions& o) : options_(o) {
  embedding_ = register_module("embedding", std::make_shared<TubeletEmbedding>(3, o.depth, o.patch, o.width));
  norm_ = register_module("norm", std::make_shared<LayerNorm>(o.width));
  encoder_ =
      register_module("encoder", std::make_shared<Encoder>(EncoderOptions{
                                     .width = o.width, .heads = o.heads, .layers = o.layers, .hidden = 2 * o.width}));
  head_ = register_module("head", std::make_shared<Linear>(o.width, o.classes));
  decoder_ = register_module(
      "decoder", std::make_shared<MaskedDecoder>(MaskedDecoderOptions{.encoder_width = o.width,
                                                                      .width = kDecoderWidth,
                                                                      .heads = 4,
                                                                      .layers = kDecoderLayers,
                                                                      .numbers = o.depth * o.patch * o.patch * 3},
                                                 clip_positions(o, kDecoderWidth)));
  positions_ = clip_positions(o, o.width);
  meaning_ = register_parameter("meaning", torch::randn({o.width}) * 0.02 + 0.02);
  // exp() of these: always above 0.
  temperature_ = register_parameter("temperature", torch::full({1}, std::log(2.0)));
  a_ = register_parameter("a", torch::full({1}, std::log(2.0)));
  b_ = register_parameter("b", torch::full({1}, std::log(0.5)));
}

torch::Tensor DynamicNet::codes(const torch::Tensor& clips) { return norm_->forward(embedding_->forward(clips)); }

torch::Tensor DynamicNet::mask_of(const torch::Tensor& z) {
  const torch::Tensor grid = z.view({z.size(0), options_.steps(), options_.places(), options_.width});
  torch::Tensor mask = torch::ones({z.size(0), options_.steps(), options_.places()});
  if (options_.by_movement) mask = mask * movement_mask(grid, temperature_.exp()).unsqueeze(2);
  if (options_.by_meaning) mask = mask * meaning_mask(grid, meaning_, a_.exp(), b_.exp());
  return mask;
}

torch::Tensor DynamicNet::classified(const torch::Tensor& tokens, const torch::Tensor& weights) {
  const torch::Tensor seen = encoder_->forward(tokens);
  const torch::Tensor mean = (seen * weights.unsqueeze(2)).sum(1) / weights.sum(1, true).clamp_min(1e-6);
  return head_->forward(mean);
}

DynamicNet::Loss DynamicNet::loss(const torch::Tensor& clips, const torch::Tensor& labels) {
  const torch::Tensor z = codes(clips), mask = mask_of(z).flatten(1);
  const torch::Tensor hidden = random_mask(clips.size(0), options_.tokens(), options_.hard_mask);
  const torch::Tensor visible = visible_of(z + positions_, hidden);
  const torch::Tensor weights = visible_of(mask.unsqueeze(2), hidden);
  Loss made;
  made.classes = F::cross_entropy(classified(visible * weights, weights.squeeze(2)), labels);
  const torch::Tensor drawn = decoder_->forward(placed(encoder_->forward(visible), hidden), hidden);
  made.reconstruction =
      hidden_error(drawn, tubelets_of(clips, options_.depth, options_.patch), hidden, Target::normalised);
  return made;
}

DynamicNet::Answers DynamicNet::answer(const torch::Tensor& clips, std::int64_t kept, Choice choice) {
  const torch::Tensor z = codes(clips), mask = mask_of(z);
  torch::Tensor tokens = (z + positions_) * mask.flatten(1).unsqueeze(2), weights = mask.flatten(1);
  if (kept < options_.tokens()) {
    const torch::Tensor best = std::get<1>(weights.topk(kept, 1, choice == Choice::largest));
    tokens = picked(tokens, best), weights = weights.gather(1, best);
  }
  return {classified(tokens, weights), mask};
}

std::string DynamicNet::write_mask(const Exporter& to, const std::string& z) const {
  const std::int64_t steps = options_.steps(), places = options_.places();
  const std::string grid = to.reshape(z, {1, steps, places, options_.width});
  std::string mask = to.constant(torch::ones({1, steps, places}));
  if (options_.by_movement) {
    const std::string change = to.sub(to.slice(grid, 1, 1, steps), to.slice(grid, 1, 0, steps - 1));
    const std::string step = to.mean(to.node("Sqrt", {to.sum(to.mul(change, change), {3}, false)}), {2}, false);
    const std::string moved = to.concat({to.slice(step, 1, 0, 1), step}, 1);
    const std::string soft = to.softmax(to.div(moved, to.constant(temperature_.exp())), 1);
    mask = to.mul(mask, to.unsqueeze(to.times(soft, static_cast<double>(steps)), {2}));
  }
  if (options_.by_meaning) {
    const std::string unit = to.transpose(to.unit(grid, 3), {0, 2, 1, 3});
    const std::string alike = to.matmul(unit, to.transpose(unit, {0, 1, 3, 2}));
    const std::string wanted = to.matmul(unit, to.constant((unit_rows(meaning_) * a_.exp()).unsqueeze(1)));
    std::string masks;
    for (std::int64_t t = 0; t < steps; ++t) {
      std::string score = to.reshape(to.slice(wanted, 2, t, t + 1), {1, places, 1});
      if (t > 0) {
        const std::string before = to.slice(to.reshape(to.slice(alike, 2, t, t + 1), {1, places, steps}), 2, 0, t);
        const std::string repeated = to.sum(to.mul(before, masks), {2}, true);
        score = to.sub(score, to.mul(repeated, to.constant(b_.exp())));
      }
      const std::string now = to.sigmoid(score);
      masks = t == 0 ? now : to.concat({masks, now}, 2);
    }
    mask = to.mul(mask, to.transpose(masks, {0, 2, 1}));
  }
  return mask;
}

std::string DynamicNet::onnx(WeightKind kind) const {
  const DynamicOptions& o = options_;
  OnnxWriter out(kind);
  out.input("frames", Wholes{o.frames, 3, o.side, o.side});
  const Exporter to(out);
  const std::string clip = to.unsqueeze(to.transpose("frames", {1, 0, 2, 3}), {0});
  const std::string z = norm_->write(to.in("norm"), embedding_->write(to.in("embedding"), clip));
  const std::string mask = to.named("Identity", {write_mask(to.in("mask"), z)}, "mask");
  out.output("mask", Wholes{1, o.steps(), o.places()});
  std::string weights = to.reshape(mask, {1, o.tokens()});
  std::string tokens = to.mul(to.add(z, to.constant(positions_)), to.unsqueeze(weights, {2}));
  if (o.kept_tokens() < o.tokens()) {
    // How many tokens come before each: those of a larger mask, and the first of equal ones. Row k of the choice is 1
    // at the token of rank k, so that the product with it leaves the others out.
    const std::string rows = to.unsqueeze(weights, {2}), columns = to.unsqueeze(weights, {1});
    const OnnxAttribute to_float{.name = "to", .value = std::int64_t{1}};
    const std::string larger = to.node("Cast", {to.node("Greater", {columns, rows})}, {to_float});
    const std::string same = to.node("Cast", {to.node("Equal", {columns, rows})}, {to_float});
    const torch::Tensor earlier = torch::ones({o.tokens(), o.tokens()}).tril(-1);
    const std::string rank = to.sum(to.add(larger, to.mul(same, to.constant(earlier))), {2}, false);
    const torch::Tensor ranks = torch::arange(o.kept_tokens(), torch::kFloat).unsqueeze(1);
    const std::string choice =
        to.node("Cast", {to.node("Equal", {to.unsqueeze(rank, {1}), to.constant(ranks)})}, {to_float});
    tokens = to.matmul(choice, tokens);
    weights = to.reshape(to.matmul(choice, to.unsqueeze(weights, {2})), {1, o.kept_tokens()});
  }
  const std::string seen = encoder_->write(to.in("encoder"), tokens);
  const std::string sum = to.sum(to.mul(seen, to.unsqueeze(weights, {2})), {1}, false);
  const std::string mean = to.div(sum, to.sum(weights, {1}, true));
  to.named("Softmax", {head_->write(to.in("head"), mean)}, "probabilities",
           {{.name = "axis", .value = std::int64_t{1}}});
  out.output("probabilities", Wholes{1, o.classes});
  return out.file("adatosk");
}

}  // namespace vultus::learn
