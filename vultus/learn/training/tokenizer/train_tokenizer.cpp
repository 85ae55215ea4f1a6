#include <vultus/learn/training/tokenizer/train_tokenizer.hpp>

#include <algorithm>
#include <cmath>
#include <memory>
#include <numeric>
#include <span>

#include <torch/torch.h>

#include <vultus/learn/training/loop.hpp>
#include <vultus/learn/training/tokenizer/leaves.hpp>
#include <vultus/learn/training/tokenizer/tokenizer_net.hpp>

namespace vultus::learn {
namespace {

constexpr double kMiddle = 127.5;
constexpr std::int64_t kMostShrunk = 4;  // a crop may stand for four times its sides
constexpr std::int64_t kTestedAtOnce = 16;

Status check_run(const TokenizerRun& run) {
  const auto refuse = [](const std::string& what) { return fail(ErrorCode::invalid_argument, "tokenizer: " + what); };
  if (run.pictures.size() < 2 || run.tested.empty())
    return refuse("it needs at least 2 pictures to train on and 1 to test on, there are " +
                  std::to_string(run.pictures.size()) + " and " + std::to_string(run.tested.size()));
  if (run.halvings < 1 || run.halvings > 5)
    return refuse("halvings must be 1 to 5, not " + std::to_string(run.halvings));
  if (run.side < 8 || run.side > 512 || run.side % (1 << run.halvings) != 0)
    return refuse("the side of crops must be 8 to 512 and a multiple of " + std::to_string(1 << run.halvings) +
                  ", not " + std::to_string(run.side));
  if (run.entries < 1 || run.entries > 65536)
    return refuse("entries must be 1 to 65536, not " + std::to_string(run.entries));
  if (run.width < 1 || run.width > 512 || run.code_width < 1 || run.code_width > 512 || run.depth < 0 || run.depth > 16)
    return refuse("width and code_width must be 1 to 512, depth 0 to 16");
  if (run.batch < 1 || run.crops < run.batch)
    return refuse(std::to_string(run.crops) + " crops do not fill a batch of " + std::to_string(run.batch));
  if (!(run.leaves >= 0 && run.leaves <= 1)) return refuse("leaves must be 0 to 1, not " + std::to_string(run.leaves));
  if (!(run.commitment >= 0)) return refuse("commitment must be at least 0");
  for (const auto* const pictures : {&run.pictures, &run.tested})
    for (const Image& picture : *pictures)
      if (picture.format() != PixelFormat::rgb8 || picture.width() < run.side || picture.height() < run.side)
        return refuse("a picture of " + std::to_string(picture.width()) + "x" + std::to_string(picture.height()) +
                      " pixels: colour and at least " + std::to_string(run.side) + " a side are wanted");
  return {};
}

/// A square of a picture, shrunk by a whole factor: [3, side, side] levels.
torch::Tensor square_of(const Image& picture, std::int64_t left, std::int64_t top, std::int64_t side,
                        std::int64_t factor = 1) {
  // The library only reads through this pointer.
  auto* const pixels = const_cast<std::uint8_t*>(picture.row(static_cast<int>(top))) + 3 * left;
  const torch::Tensor bytes =
      torch::from_blob(pixels, {side * factor, side * factor, 3}, {std::int64_t{picture.stride()}, 3, 1}, torch::kByte);
  torch::Tensor levels = bytes.permute({2, 0, 1}).to(torch::kFloat);
  return factor > 1 ? torch::avg_pool2d(levels.unsqueeze(0), factor).squeeze(0) : levels;
}

torch::Tensor middle_of(const Image& picture, std::int64_t side) {
  return square_of(picture, (picture.width() - side) / 2, (picture.height() - side) / 2, side);
}

torch::Tensor centred(const torch::Tensor& levels) { return (levels - kMiddle) / kMiddle; }

class TokenizerTrainer {
 public:
  explicit TokenizerTrainer(const TokenizerRun& run) : run_(run) {
    torch::manual_seed(run.seed);
    net_ = std::make_shared<TokenizerNet>(TokenizerOptions{.width = run.width,
                                                           .halvings = run.halvings,
                                                           .depth = run.depth,
                                                           .codes = {.entries = run.entries, .width = run.code_width}});
    std::vector<torch::Tensor> trained, tested;
    for (const Image& picture : run.pictures) trained.push_back(middle_of(picture, run.side));
    for (const Image& picture : run.tested) tested.push_back(middle_of(picture, run.side));
    const torch::Tensor middles = torch::stack(trained);
    mean_picture_ = middles.mean(0, true);
    variance_ = std::max(1e-4, centred(middles).var().item<double>());
    tested_ = torch::stack(tested);
  }

  Result<TokenizerScores> run() {
    LoopTask task;
    task.net = net_;
    task.samples.resize(static_cast<std::size_t>(run_.crops));
    std::iota(task.samples.begin(), task.samples.end(), std::int64_t{0});
    task.loss = [this](std::span<const std::int64_t> batch, std::mt19937_64& engine) { return losses(batch, engine); };
    task.validate = [this] { return measures(); };
    VULTUS_TRY(const LoopResult ran, run_loop(task,
                                              {.name = "tokenizer",
                                               .identity = identity(),
                                               .epochs = run_.epochs,
                                               .batch = run_.batch,
                                               .learning_rate = run_.learning_rate,
                                               .weight_decay = 0,
                                               .clip = 1,
                                               .seed = run_.seed},
                                              run_.folder, run_.told, run_.stop));
    const torch::NoGradGuard no_gradients;
    net_->eval();
    return TokenizerScores{.measures = measures(),
                           .epochs = ran.epochs,
                           .onnx = net_->onnx(WeightKind::f32, run_.side),
                           .stride = net_->stride(),
                           .bits_per_code = std::max(1.0, std::log2(static_cast<double>(run_.entries))),
                           .side = run_.side};
  }

 private:
  [[nodiscard]] std::string identity() const {
    std::string text = "tokenizer " + run_.identity;
    for (const double number :
         {double(run_.pictures.size()), double(run_.tested.size()), double(run_.side), double(run_.crops), run_.leaves,
          double(run_.width), double(run_.halvings), double(run_.depth), double(run_.entries), double(run_.code_width),
          run_.commitment, double(run_.epochs), double(run_.batch), run_.learning_rate, double(run_.seed)})
      text += " " + std::to_string(number);
    return text;
  }

  /// A piece of a picture, mirrored by chance, with its colours exchanged and lit differently half of the time.
  torch::Tensor crop(std::int64_t sample, std::mt19937_64& engine) const {
    const auto below = [&](std::int64_t n) {
      return static_cast<std::int64_t>(engine() % static_cast<std::uint64_t>(n));
    };
    const auto unit = [&] { return static_cast<double>(engine() >> 11U) * 0x1p-53; };
    if (unit() < run_.leaves) return dead_leaves(run_.side, engine);
    const Image& picture = run_.pictures[static_cast<std::size_t>(sample) % run_.pictures.size()];
    const std::int64_t most =
        std::min<std::int64_t>(kMostShrunk, std::min(picture.width(), picture.height()) / run_.side);
    const std::int64_t factor = 1 + below(most), wide = run_.side * factor;
    torch::Tensor levels =
        square_of(picture, below(picture.width() - wide + 1), below(picture.height() - wide + 1), run_.side, factor);
    if (engine() % 2 == 0) levels = levels.flip({2});
    if (engine() % 2 == 0) return levels;
    const std::int64_t first = below(3), second = (first + 1 + below(2)) % 3;
    levels = levels.index_select(0, torch::tensor({first, second, 3 - first - second}));
    return ((levels - kMiddle) * (0.6 + 0.8 * unit()) + kMiddle + 60 * (unit() - 0.5)).clamp(0, 255);
  }

  Losses losses(std::span<const std::int64_t> batch, std::mt19937_64& engine) {
    std::vector<torch::Tensor> crops;
    crops.reserve(batch.size());
    for (const std::int64_t sample : batch) crops.push_back(crop(sample, engine));
    const torch::Tensor pictures = centred(torch::stack(crops));
    const TokenizerAnswer said = net_->forward(pictures);
    return {{"reconstruction", torch::mse_loss(said.pictures, pictures) / variance_},
            {"commitment", run_.commitment * said.codes.commitment}};
  }

  Measures measures() {
    double squares = 0;
    std::vector<torch::Tensor> codes;
    for (std::int64_t from = 0; from < tested_.size(0); from += kTestedAtOnce) {
      const torch::Tensor levels = tested_.slice(0, from, from + kTestedAtOnce);
      const TokenizerAnswer said = net_->forward(centred(levels));
      squares += ((said.pictures * kMiddle + kMiddle).clamp(0, 255) - levels).square().sum().item<double>();
      codes.push_back(said.codes.codes.flatten());
    }
    const double error = squares / static_cast<double>(tested_.numel());
    const torch::Tensor all = torch::cat(codes);
    return {{"error", error},
            {"mean_picture_error", (tested_ - mean_picture_).square().mean().item<double>()},
            {"psnr", 10 * std::log10(255.0 * 255.0 / std::max(error, 1e-9))},
            {"perplexity", perplexity_of(all, run_.entries)},
            {"used", torch::bincount(all, {}, run_.entries).gt(0).sum().item<double>()}};
  }

  const TokenizerRun& run_;
  std::shared_ptr<TokenizerNet> net_;
  torch::Tensor mean_picture_, tested_;
  double variance_ = 1;
};

}  // namespace

Result<TokenizerScores> train_tokenizer(const TokenizerRun& run) {
  VULTUS_CHECK(check_run(run));
  torch::set_num_threads(1);  // the same sums on every machine
  return guarded("training a tokenizer", [&]() -> Result<TokenizerScores> { return TokenizerTrainer(run).run(); });
}

}  // namespace vultus::learn
