#include <algorithm>
#include <cstring>
#include <numeric>
#include <random>

#include <vultus/learn/training/samplers.hpp>
#include <vultus/learn/training/samples.hpp>

namespace vultus::learn {
namespace {

Result<std::vector<std::int64_t>> codes_in(const TensorFile& file, const std::string& column, std::int64_t count) {
  VULTUS_TRY(const TensorSpec* const spec, file.find(column));
  if (spec->type != TensorType::i64 || spec->shape != std::vector<std::int64_t>{count})
    return fail(ErrorCode::corrupt_data, "column " + column + " is not one whole number a sample");
  VULTUS_TRY(const auto raw, file.bytes(column));
  std::vector<std::int64_t> codes(spec->count());
  std::memcpy(codes.data(), raw.data(), raw.size());
  return codes;
}

}  // namespace

Result<Samples> Samples::open(const TrainingConfig& config) {
  VULTUS_TRY(TensorFile file, TensorFile::open(config.features));
  Samples samples(std::move(file));
  VULTUS_CHECK(samples.read(config).with_context(config.features));
  return samples;
}

Status Samples::read(const TrainingConfig& config) {
  for (const HeadInput& input : config.shape.inputs) {
    VULTUS_TRY(const TensorSpec* const spec, file_.find(input.name));
    if (spec->type != TensorType::f16 || spec->shape.size() != 3 || spec->shape[2] != input.numbers() ||
        spec->shape[0] < 2 || spec->shape[1] < 1)
      return fail(ErrorCode::corrupt_data, "tensor " + input.name + " is not [samples, variants, " +
                                               std::to_string(input.numbers()) + "] of half floats");
    if (count_ != 0 && (spec->shape[0] != count_ || spec->shape[1] != variants_))
      return fail(ErrorCode::corrupt_data, "tensor " + input.name + " has another number of samples or variants");
    count_ = spec->shape[0], variants_ = spec->shape[1];
    VULTUS_TRY(maps_.emplace_back(), file_.bytes(input.name));
    shapes_.push_back(input);
  }
  for (const TrainingTarget& target : config.targets) {
    VULTUS_TRY(auto codes, codes_in(file_, target.column, count_));
    const std::size_t classes = target.classes.empty() ? target.numbers.size() : target.classes.size();
    std::vector<std::int64_t> counts(classes);
    for (std::size_t i = 0; i < codes.size(); ++i) {
      const std::int64_t label = codes[i] - target.first;
      if (label < 0 || label >= static_cast<std::int64_t>(classes))
        return fail(ErrorCode::invalid_argument,
                    "sample " + std::to_string(i) + ": label " + std::to_string(codes[i]) + " of " + target.column +
                        " is outside " + std::to_string(target.first) + " to " +
                        std::to_string(target.first + static_cast<std::int64_t>(classes) - 1));
      ++counts[static_cast<std::size_t>(label)];
      codes[i] = label;
    }
    for (std::size_t c = 0; c < target.classes.size(); ++c)
      if (counts[c] < 2)
        return fail(ErrorCode::invalid_argument,
                    "class " + target.classes[c] + " has " + std::to_string(counts[c]) + " samples, 2 are needed");
    if (config.shuffle_labels) {
      std::mt19937_64 engine(config.seed + 77);
      shuffle_in_place(codes, engine);
    }
    labels_.push_back(std::move(codes));
  }
  spread_folds(config);
  return {};
}

void Samples::spread_folds(const TrainingConfig& config) {
  std::vector<std::int64_t> order(static_cast<std::size_t>(count_));
  std::iota(order.begin(), order.end(), 0);
  std::mt19937_64 engine(config.seed);
  shuffle_in_place(order, engine);
  std::ranges::stable_sort(order, {}, [&](std::int64_t i) { return labels_.front()[static_cast<std::size_t>(i)]; });
  folds_.resize(order.size());
  for (std::size_t i = 0; i < order.size(); ++i)
    folds_[static_cast<std::size_t>(order[i])] = static_cast<int>(i % static_cast<std::size_t>(config.folds));
}

std::string Samples::split_text() const {
  std::string text;
  for (const int fold : folds_) text += std::to_string(fold) + "\n";
  return text;
}

std::vector<torch::Tensor> Samples::inputs(std::span<const SampleView> views) const {
  const auto n = static_cast<std::int64_t>(views.size());
  std::vector<torch::Tensor> made;
  for (std::size_t m = 0; m < maps_.size(); ++m) {
    const std::int64_t numbers = shapes_[m].numbers();
    torch::Tensor rows = torch::empty({n, numbers}, torch::kHalf);
    auto* const to = static_cast<std::byte*>(rows.data_ptr());
    const auto bytes = static_cast<std::size_t>(numbers) * 2;
    for (std::size_t i = 0; i < views.size(); ++i)
      std::memcpy(to + i * bytes,
                  maps_[m].data() + static_cast<std::size_t>(views[i].sample * variants_ + views[i].variant) * bytes,
                  bytes);
    rows = rows.to(torch::kFloat);
    if (shapes_[m].side > 0) rows = rows.view({n, shapes_[m].channels, shapes_[m].side, shapes_[m].side});
    made.push_back(std::move(rows));
  }
  return made;
}

}  // namespace vultus::learn
