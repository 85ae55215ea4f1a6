#include <vultus/learn/training/tokenizer/vector_quantiser.hpp>

#include <torch/utils.h>

namespace vultus::learn {
namespace {

constexpr double kHardlyUsed = 0.1;  // of the share that an entry would have if all were used alike

/// m rows by chance, again from the start where there are fewer.
torch::Tensor some_rows(const torch::Tensor& rows, std::int64_t wanted) {
  const torch::Tensor order = torch::randperm(rows.size(0), torch::kLong);
  return rows.index_select(0, order.index_select(0, torch::arange(wanted, torch::kLong).remainder(rows.size(0))));
}

}  // namespace

torch::Tensor nearest_entries(const torch::Tensor& rows, const torch::Tensor& codebook) {
  // |z - e|^2 less |z|^2, which is the same for every entry.
  return (codebook.square().sum(1) - 2 * rows.matmul(codebook.t())).argmin(1);
}

VectorQuantiser::VectorQuantiser(const Options& options) : options_(options) {
  TORCH_CHECK(options.entries >= 1 && options.width >= 1 && options.decay >= 0 && options.decay < 1, "a codebook of ",
              options.entries, " entries of ", options.width, " numbers, decay ", options.decay,
              ": at least 1 and 1, decay from 0 to below 1");
  codebook = register_buffer("codebook", torch::randn({options.entries, options.width}));
  counts_ = register_buffer("counts", torch::ones({options.entries}));
  sums_ = register_buffer("sums", codebook.clone());
  begun_ = register_buffer("begun", torch::zeros({1}));
}

void VectorQuantiser::begin(const torch::Tensor& rows) {
  codebook.copy_(some_rows(rows, options_.entries));
  const double even = static_cast<double>(rows.size(0)) / static_cast<double>(options_.entries);
  counts_.fill_(even);
  sums_.copy_(codebook * even);
  begun_.fill_(1);
}

void VectorQuantiser::learn(const torch::Tensor& rows, const torch::Tensor& codes) {
  const torch::NoGradGuard no_gradients;
  const torch::Tensor seen =
      torch::zeros_like(counts_).index_add_(0, codes, torch::ones({codes.size(0)}, rows.options()));
  const torch::Tensor sum = torch::zeros_like(sums_).index_add_(0, codes, rows.detach());
  counts_.mul_(options_.decay).add_(seen, 1 - options_.decay);
  sums_.mul_(options_.decay).add_(sum, 1 - options_.decay);
  codebook.copy_(sums_ / counts_.clamp_min(1e-9).unsqueeze(1));
  if (!options_.revive) return;
  const double even = static_cast<double>(rows.size(0)) / static_cast<double>(options_.entries);
  const torch::Tensor dead = (counts_ < kHardlyUsed * even).nonzero().flatten();
  if (dead.numel() == 0) return;
  const torch::Tensor places = some_rows(rows.detach(), dead.size(0));
  codebook.index_copy_(0, dead, places);
  // As if it had been used like the others, so that it is given the time to be.
  counts_.index_fill_(0, dead, even);
  sums_.index_copy_(0, dead, places * even);
}

Quantised VectorQuantiser::forward(const torch::Tensor& z) {
  const torch::Tensor channels_last = z.permute({0, 2, 3, 1});
  const torch::Tensor rows = channels_last.reshape({-1, options_.width});
  Quantised said;
  torch::Tensor entries, codes;
  {
    const torch::NoGradGuard no_gradients;
    if (is_training() && begun_.item<float>() == 0) begin(rows);
    codes = nearest_entries(rows, codebook);
    entries = codebook.index_select(0, codes).view(channels_last.sizes()).permute({0, 3, 1, 2});
  }
  said.codes = codes.view({z.size(0), z.size(2), z.size(3)});
  said.commitment = torch::mse_loss(z, entries);
  said.values = z + (entries - z).detach();
  if (is_training()) learn(rows, codes);
  return said;
}

VectorQuantiser::Written VectorQuantiser::write(const blocks::Exporter& to, const std::string& z) const {
  const torch::NoGradGuard no_gradients;
  const std::string rows = to.transpose(z, {0, 2, 3, 1});
  // Exact, whatever the kind of the weights: a rounded codebook would choose other codes than the one that learnt.
  const std::string products = to.matmul(rows, to.constant((-2 * codebook.t()).contiguous()));
  const std::string distances = to.add(products, to.constant(codebook.square().sum(1)));
  const std::string codes =
      to.node("ArgMin", {distances},
              {{.name = "axis", .value = std::int64_t{3}}, {.name = "keepdims", .value = std::int64_t{0}}});
  const std::string entries =
      to.node("Gather", {to.constant(codebook), codes}, {{.name = "axis", .value = std::int64_t{0}}});
  constexpr std::int64_t kFloat = 1;  // onnx.proto, TensorProto.DataType
  return {.values = to.transpose(entries, {0, 3, 1, 2}),
          .codes = to.node("Cast", {codes}, {{.name = "to", .value = kFloat}})};
}

double perplexity_of(const torch::Tensor& codes, std::int64_t entries) {
  const torch::Tensor shares =
      torch::bincount(codes.flatten(), {}, entries).to(torch::kDouble) / static_cast<double>(codes.numel());
  return (-(shares * shares.clamp_min(1e-300).log()).sum()).exp().item<double>();
}

}  // namespace vultus::learn
