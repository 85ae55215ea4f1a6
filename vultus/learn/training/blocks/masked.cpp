#include <algorithm>
#include <cmath>

#include <vultus/learn/training/blocks/masked.hpp>

namespace vultus::learn::blocks {
namespace {

/// The number hidden of so many.
std::int64_t hidden_count(std::int64_t all, double share) {
  TORCH_CHECK(share >= 0 && share < 1, "the share that is hidden must be from 0 to below 1, not ", share);
  // A little more, so that 0.9 of 10 are 9 and not the 8 that 8.999... would give.
  return static_cast<std::int64_t>(std::floor(share * static_cast<double>(all) + 1e-9));
}

/// Places of what is not hidden, ascending: [n, v].
torch::Tensor visible_places(const torch::Tensor& hidden) {
  const torch::Tensor counts = (hidden < 0.5).sum(1);
  const auto first = counts[0].item<std::int64_t>();
  TORCH_CHECK((counts == first).all().item<bool>(), "each sample must hide the same number of tokens");
  return std::get<1>(torch::sort(hidden, true, 1, false)).slice(1, 0, first);
}

}  // namespace

torch::Tensor random_mask(std::int64_t samples, std::int64_t tokens, double share) {
  const torch::Tensor order = torch::rand({samples, tokens}).argsort(std::int64_t{1}).argsort(std::int64_t{1});
  return (order < hidden_count(tokens, share)).to(torch::kFloat);
}

torch::Tensor tube_mask(std::int64_t samples, std::int64_t times, std::int64_t places, double share) {
  return random_mask(samples, places, share).unsqueeze(1).expand({samples, times, places}).reshape({samples, -1});
}

torch::Tensor soft_mask(const torch::Tensor& scores, double kept, double temperature) {
  const std::int64_t tokens = scores.size(1);
  const std::int64_t count = std::clamp<std::int64_t>(std::llround(kept * static_cast<double>(tokens)), 1,
                                                      std::max<std::int64_t>(tokens - 1, 1));
  if (tokens == 1) return torch::ones_like(scores);
  const torch::Tensor sorted = std::get<0>(scores.detach().sort(1, true));
  const torch::Tensor threshold = (sorted.slice(1, count - 1, count) + sorted.slice(1, count, count + 1)) / 2;
  return torch::sigmoid((scores - threshold) / temperature);
}

torch::Tensor visible_of(const torch::Tensor& tokens, const torch::Tensor& hidden) {
  const torch::Tensor places = visible_places(hidden);
  return tokens.gather(1, places.unsqueeze(2).expand({-1, -1, tokens.size(2)}));
}

torch::Tensor placed(const torch::Tensor& visible, const torch::Tensor& hidden) {
  const torch::Tensor places = visible_places(hidden).unsqueeze(2).expand({-1, -1, visible.size(2)});
  return torch::zeros({visible.size(0), hidden.size(1), visible.size(2)}, visible.options())
      .scatter(1, places, visible);
}

torch::Tensor patches_of(const torch::Tensor& pictures, std::int64_t patch) {
  return tubelets_of(pictures.unsqueeze(2), 1, patch);
}

torch::Tensor tubelets_of(const torch::Tensor& clips, std::int64_t depth, std::int64_t patch) {
  const std::int64_t n = clips.size(0), c = clips.size(1), t = clips.size(2) / depth, h = clips.size(3) / patch,
                     w = clips.size(4) / patch;
  TORCH_CHECK(t * depth == clips.size(2) && h * patch == clips.size(3) && w * patch == clips.size(4), "blocks of ",
              depth, " x ", patch, " x ", patch, " do not divide a clip of ", clips.sizes());
  return clips.reshape({n, c, t, depth, h, patch, w, patch})
      .permute({0, 2, 4, 6, 1, 3, 5, 7})
      .reshape({n, t * h * w, c * depth * patch * patch});
}

torch::Tensor hidden_error(const torch::Tensor& said, const torch::Tensor& patches, const torch::Tensor& hidden,
                           Target target) {
  torch::Tensor wanted = patches;
  if (target == Target::normalised) {
    const torch::Tensor centred = patches - patches.mean(2, true);
    wanted = centred / torch::sqrt(centred.square().mean(2, true) + 1e-6);
  }
  const torch::Tensor errors = (said - wanted).square().mean(2);
  return (errors * hidden).sum() / hidden.sum().clamp_min(1);
}

MaskedDecoder::MaskedDecoder(const MaskedDecoderOptions& options, const torch::Tensor& positions)
    : narrow_(part<Linear>("narrow", options.encoder_width, options.width)),
      last_(part<Linear>("last", options.width, options.numbers)),
      encoder_(part<Encoder>("encoder",
                             EncoderOptions{.width = options.width, .heads = options.heads, .layers = options.layers})),
      positions_(register_buffer("positions", positions.detach().clone().unsqueeze(0))),
      token_(register_parameter("token", 0.02 * torch::randn({1, 1, options.width}))) {}

torch::Tensor MaskedDecoder::forward(const torch::Tensor& seen, const torch::Tensor& hidden) {
  const torch::Tensor gone = hidden.unsqueeze(2);
  return last_->forward(encoder_->forward(narrow_->forward(seen) * (1 - gone) + token_ * gone + positions_));
}

std::string MaskedDecoder::write(const Exporter& to, const std::string& seen, const std::string& hidden) const {
  const std::string gone = to.unsqueeze(hidden, {2});
  const std::string there = to.mul(narrow_->write(to.in("narrow"), seen), to.sub(to.scalar(1), gone));
  const std::string filled = to.add(there, to.mul(to.weight("token", token_), gone));
  const std::string at = to.add(filled, to.weight("positions", positions_));
  return last_->write(to.in("last"), encoder_->write(to.in("encoder"), at));
}

}  // namespace vultus::learn::blocks
