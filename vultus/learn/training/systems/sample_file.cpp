#include <algorithm>
#include <cstring>
#include <fstream>
#include <iterator>
#include <map>
#include <numeric>
#include <random>
#include <set>
#include <string_view>
#include <unordered_map>

#include <torch/torch.h>

#include <vultus/learn/training/samplers.hpp>
#include <vultus/learn/training/systems/sample_file.hpp>
#include <vultus/runtime/sha256.hpp>

namespace vultus::learn {

Result<SampleFile> SampleFile::open(const std::filesystem::path& path) {
  VULTUS_TRY(TensorFile file, TensorFile::open(path));
  return SampleFile(std::move(file), path.string());
}

Result<torch::Tensor> SampleFile::tensor(const std::string& name, std::int64_t axes) {
  const auto found = file_.find(name);
  if (!found) return fail(ErrorCode::not_found, name_ + " has no tensor \"" + name + "\"");
  const TensorSpec& spec = **found;
  if (static_cast<std::int64_t>(spec.shape.size()) != axes || spec.shape.front() < 1 ||
      (count_ != 0 && spec.shape.front() != count_))
    return fail(ErrorCode::corrupt_data, name_ + ": tensor \"" + name + "\" has another shape than " +
                                             std::to_string(axes) + " axes of the samples");
  torch::ScalarType type = torch::kByte;
  if (spec.type == TensorType::i64) type = torch::kLong;
  if (spec.type == TensorType::f32) type = torch::kFloat;
  if (spec.type == TensorType::f16) type = torch::kHalf;
  VULTUS_TRY(const auto bytes, file_.bytes(name));
  torch::Tensor made = torch::empty(spec.shape, type);
  std::memcpy(made.data_ptr(), bytes.data(), bytes.size());
  count_ = spec.shape.front();
  return made;
}

Result<torch::Tensor> SampleFile::labels(const std::string& name, std::int64_t classes) {
  VULTUS_TRY(torch::Tensor codes, tensor(name, 1));
  if (codes.scalar_type() != torch::kLong)
    return fail(ErrorCode::corrupt_data, name_ + ": \"" + name + "\" holds no whole numbers");
  std::vector<std::int64_t> counts(static_cast<std::size_t>(classes));
  for (std::int64_t i = 0; i < codes.size(0); ++i) {
    const auto code = codes[i].item<std::int64_t>();
    if (code < 0 || code >= classes)
      return fail(ErrorCode::invalid_argument, name_ + ": sample " + std::to_string(i) + ": label " +
                                                   std::to_string(code) + " of " + name + " is outside 0 to " +
                                                   std::to_string(classes - 1));
    ++counts[static_cast<std::size_t>(code)];
  }
  for (std::size_t c = 0; c < counts.size(); ++c)
    if (counts[c] == 1)
      return fail(ErrorCode::invalid_argument,
                  name_ + ": class " + std::to_string(c) + " of " + name + " has one sample, none or 2 are needed");
  return codes;
}

Result<torch::Tensor> SampleFile::persons() {
  if (!has("person")) return torch::Tensor();
  VULTUS_TRY(torch::Tensor numbers, tensor("person", 1));
  if (numbers.scalar_type() != torch::kLong)
    return fail(ErrorCode::corrupt_data, name_ + ": \"person\" holds no whole numbers");
  return numbers;
}

bool SampleFile::planted() const {
  const auto at = file_.notes().find("planted");
  return at != file_.notes().end() && at->second == "true";
}

std::string SampleFile::numbered_by() const {
  const auto at = file_.notes().find("seed");
  return planted() && at != file_.notes().end() ? "seed " + at->second : std::string();
}

std::string SampleFile::named_labels() const {
  const auto at = file_.notes().find("labels");
  return at == file_.notes().end() ? std::string() : at->second;
}

torch::Tensor levels_of(const torch::Tensor& bytes) {
  const torch::Tensor moved = bytes.dim() == 5 ? bytes.permute({0, 4, 1, 2, 3}) : bytes.permute({0, 3, 1, 2});
  return (moved.to(torch::kFloat) / 127.5 - 1).contiguous();
}

torch::Tensor rows_of(const torch::Tensor& tensor, const std::vector<std::int64_t>& which) {
  return tensor.index_select(0, torch::tensor(which, torch::kLong));
}

std::vector<std::int64_t> persons_of(const torch::Tensor& column, const std::vector<std::int64_t>& which) {
  std::vector<std::int64_t> numbers;
  if (!column.defined()) return numbers;
  for (const std::int64_t i : which) numbers.push_back(column[i].item<std::int64_t>());
  return numbers;
}

Result<std::int64_t> learnt_classes(const std::string& column, const torch::Tensor& trained,
                                    const torch::Tensor& tested) {
  const std::int64_t classes = trained.max().item<std::int64_t>() + 1, largest = tested.max().item<std::int64_t>();
  if (largest < classes) return classes;
  return fail(ErrorCode::invalid_argument, "label " + std::to_string(largest) + " of " + column +
                                               " is tested on, and what is trained on has none above " +
                                               std::to_string(classes - 1));
}

Result<HeldOut> last_share(std::int64_t count, double share) {
  const auto tested = static_cast<std::int64_t>(share * static_cast<double>(count));
  if (tested < 2 || count - tested < 2)
    return fail(ErrorCode::invalid_argument, "a share of " + std::to_string(share) + " of " + std::to_string(count) +
                                                 " samples leaves fewer than 2 to train or to test on");
  HeldOut split;
  for (std::int64_t i = 0; i < count; ++i) (i < count - tested ? split.trained : split.tested).push_back(i);
  return split;
}

Result<HeldOut> last_persons(const torch::Tensor& persons, std::int64_t count, double share) {
  if (!persons.defined()) return last_share(count, share);
  std::map<std::int64_t, std::int64_t> samples;  // of each person
  std::vector<std::int64_t> order;               // of their first samples
  for (std::int64_t i = 0; i < count; ++i) {
    const auto person = persons[i].item<std::int64_t>();
    if (samples[person]++ == 0) order.push_back(person);
  }
  const auto wanted = static_cast<std::int64_t>(share * static_cast<double>(count));
  std::set<std::int64_t> tested;
  std::int64_t taken = 0;
  for (auto at = order.rbegin(); at != order.rend() && taken < wanted; ++at) tested.insert(*at), taken += samples[*at];
  if (taken < 2 || count - taken < 2)
    return fail(ErrorCode::invalid_argument,
                "a share of " + std::to_string(share) + " of " + std::to_string(count) + " samples of " +
                    std::to_string(order.size()) +
                    " persons, each on one side, leaves fewer than 2 to train or to test on");
  HeldOut split;
  for (std::int64_t i = 0; i < count; ++i)
    (tested.contains(persons[i].item<std::int64_t>()) ? split.tested : split.trained).push_back(i);
  return split;
}

std::string split_sum(const HeldOut& split) {
  std::string text = "trained";
  for (const std::int64_t i : split.trained) text += " " + std::to_string(i);
  text += "\ntested";
  for (const std::int64_t i : split.tested) text += " " + std::to_string(i);
  return runtime::sha256({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
}

HeldOut two_files(std::int64_t trained, std::int64_t tested) {
  HeldOut split{std::vector<std::int64_t>(static_cast<std::size_t>(trained)),
                std::vector<std::int64_t>(static_cast<std::size_t>(tested))};
  std::iota(split.trained.begin(), split.trained.end(), 0);
  std::iota(split.tested.begin(), split.tested.end(), 0);
  return split;
}

Status check_apart(const std::filesystem::path& trained, const std::filesystem::path& tested) {
  std::ifstream a(trained, std::ios::binary), b(tested, std::ios::binary);
  const std::istreambuf_iterator<char> end;
  if (!a || !b || !std::equal(std::istreambuf_iterator<char>(a), end, std::istreambuf_iterator<char>(b), end))
    return {};
  return fail(ErrorCode::invalid_argument,
              tested.string() + " holds the samples that are trained on: what is measured on them is worth nothing");
}

Status check_nothing_shared(const SampleSide& trained, const SampleSide& tested) {
  if (trained.persons.defined() && tested.persons.defined() && trained.numbered_by == tested.numbered_by) {
    std::set<std::int64_t> known;
    for (std::int64_t i = 0; i < trained.persons.size(0); ++i) known.insert(trained.persons[i].item<std::int64_t>());
    for (std::int64_t i = 0; i < tested.persons.size(0); ++i)
      if (const auto person = tested.persons[i].item<std::int64_t>(); known.contains(person))
        return fail(ErrorCode::invalid_argument, "person " + std::to_string(person) + " is trained on and, in sample " +
                                                     std::to_string(i) + ", tested on: split them by persons");
  }
  if (trained.samples.scalar_type() != tested.samples.scalar_type()) return {};
  const torch::Tensor one = trained.samples.contiguous(), other = tested.samples.contiguous();
  const auto row = [](const torch::Tensor& samples, std::int64_t i) {
    const auto bytes = static_cast<std::size_t>(samples.nbytes()) / static_cast<std::size_t>(samples.size(0));
    return std::string_view(static_cast<const char*>(samples.data_ptr()) + static_cast<std::size_t>(i) * bytes, bytes);
  };
  std::unordered_map<std::string_view, std::int64_t> seen;
  for (std::int64_t i = 0; i < one.size(0); ++i) seen.emplace(row(one, i), i);
  for (std::int64_t i = 0; i < other.size(0); ++i)
    if (const auto at = seen.find(row(other, i)); at != seen.end())
      return fail(ErrorCode::invalid_argument, "sample " + std::to_string(i) + " of what is tested on is sample " +
                                                   std::to_string(at->second) + " of what is trained on");
  return {};
}

torch::Tensor shuffled_among(const torch::Tensor& labels, const std::vector<std::int64_t>& which, std::uint64_t seed) {
  std::vector<std::int64_t> from = which;
  std::mt19937_64 engine(seed + 77);
  shuffle_in_place(from, engine);
  torch::Tensor dealt = labels.clone();
  dealt.index_copy_(0, torch::tensor(which, torch::kLong), rows_of(labels, from));
  return dealt;
}

torch::Tensor dealt_out(const torch::Tensor& labels, const HeldOut& split, bool both, std::uint64_t seed) {
  const torch::Tensor dealt = shuffled_among(labels, split.trained, seed);
  return both ? shuffled_among(dealt, split.tested, seed + 1) : dealt;
}

Answered answered(const torch::Tensor& best, const torch::Tensor& truth) {
  Answered made;
  for (std::int64_t i = 0; i < best.size(0); ++i) {
    made.truth.push_back(truth[i].item<std::int64_t>());
    made.said.push_back(best[i].item<std::int64_t>());
  }
  return made;
}

}  // namespace vultus::learn
