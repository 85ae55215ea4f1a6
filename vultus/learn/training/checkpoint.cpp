#include <vultus/learn/training/checkpoint.hpp>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <map>
#include <sstream>
#include <vector>

#include <torch/nn/module.h>
#include <torch/optim/optimizer.h>
#include <torch/serialize/archive.h>

namespace vultus::learn {
namespace {

std::map<std::string, torch::Tensor> tensors_of(const torch::nn::Module& net) {
  std::map<std::string, torch::Tensor> all;
  for (const auto& item : net.named_parameters())
    if (item.value().defined()) all.emplace(item.key(), item.value());
  for (const auto& item : net.named_buffers())
    if (item.value().defined()) all.emplace(item.key(), item.value());
  return all;
}

std::string shape_text(const std::vector<std::int64_t>& shape) {
  std::string text = "[";
  for (const std::int64_t side : shape) text += (text.size() > 1 ? ", " : "") + std::to_string(side);
  return text + "]";
}

/// The first line in which two architectures differ, told of both.
std::string difference(const std::string& file, const std::string& net) {
  std::istringstream theirs(file), ours(net);
  std::string a, b;
  while (true) {
    const bool more_a = static_cast<bool>(std::getline(theirs, a)), more_b = static_cast<bool>(std::getline(ours, b));
    if (!more_a && !more_b) return "nothing";
    if (!more_a || !more_b || a != b)
      return (more_a ? a : std::string("nothing")) + ", here " + (more_b ? b : std::string("nothing"));
  }
}

}  // namespace

std::string architecture_of(const torch::nn::Module& net) {
  std::string text;
  for (const auto& [name, tensor] : tensors_of(net)) text += name + " " + shape_text(tensor.sizes().vec()) + "\n";
  return text;
}

std::string checkpoint_bytes(const torch::nn::Module& net, const Optimisers& optimisers, const std::string& identity,
                             const Progress& progress) {
  torch::serialize::OutputArchive archive, weights;
  archive.write("config", c10::IValue(identity));
  archive.write("architecture", c10::IValue(architecture_of(net)));
  archive.write("epoch", c10::IValue(std::int64_t{progress.epoch}));
  archive.write("best", c10::IValue(progress.best));
  archive.write("best_epoch", c10::IValue(std::int64_t{progress.best_epoch}));
  net.save(weights), archive.write("net", weights);
  archive.write("optimisers", c10::IValue(static_cast<std::int64_t>(optimisers.size())));
  for (std::size_t i = 0; i < optimisers.size(); ++i) {
    torch::serialize::OutputArchive state;
    optimisers[i]->save(state), archive.write("optimiser" + std::to_string(i), state);
  }
  std::ostringstream bytes;
  archive.save_to(bytes);
  return bytes.str();
}

Result<Progress> restore_checkpoint(const std::filesystem::path& path, torch::nn::Module& net,
                                    const Optimisers& optimisers, const std::string& identity) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return Progress{};
  auto read = guarded("checkpoint " + path.string(), [&]() -> Result<Progress> {
    torch::serialize::InputArchive archive, weights;
    archive.load_from(in);
    c10::IValue config, architecture, epoch, best, best_epoch, count;
    archive.read("config", config), archive.read("architecture", architecture);
    const std::string here = architecture_of(net);
    if (architecture.toStringRef() != here)
      return fail(ErrorCode::model_mismatch, path.string() + " is the checkpoint of another architecture (there " +
                                                 difference(architecture.toStringRef(), here) +
                                                 "); name another folder or remove it");
    archive.read("optimisers", count);
    if (config.toStringRef() != identity || count.toInt() != static_cast<std::int64_t>(optimisers.size()))
      return fail(ErrorCode::model_mismatch,
                  path.string() + " is the checkpoint of another configuration; name another folder or remove it");
    archive.read("epoch", epoch), archive.read("best", best), archive.read("best_epoch", best_epoch);
    archive.read("net", weights), net.load(weights);
    for (std::size_t i = 0; i < optimisers.size(); ++i) {
      torch::serialize::InputArchive state;
      archive.read("optimiser" + std::to_string(i), state), optimisers[i]->load(state);
    }
    return Progress{static_cast<int>(epoch.toInt()), best.toDouble(), static_cast<int>(best_epoch.toInt())};
  });
  if (!read && read.error().code == ErrorCode::internal) return fail(ErrorCode::corrupt_data, read.error().message);
  return read;
}

Status write_weights(const std::filesystem::path& path, const torch::nn::Module& net, const TensorNotes& notes) {
  std::vector<TensorSpec> specs;
  std::map<std::string, torch::Tensor> held;
  for (const auto& [name, tensor] : tensors_of(net)) {
    const bool floats = tensor.is_floating_point();
    if (!floats && tensor.scalar_type() != torch::kLong)
      return fail(ErrorCode::unsupported, "tensor " + name + " is neither of floats nor of 64-bit whole numbers");
    held[name] = tensor.detach().to(torch::kCPU, floats ? torch::kFloat : torch::kLong).contiguous();
    specs.push_back({name, floats ? TensorType::f32 : TensorType::i64, tensor.sizes().vec()});
  }
  VULTUS_TRY(auto file, TensorFileWriter::create(path, std::move(specs), notes));
  for (const auto& [name, tensor] : held)
    VULTUS_CHECK(file.write(name, 0, {static_cast<const std::byte*>(tensor.data_ptr()), tensor.nbytes()}));
  return file.finish();
}

Result<TensorNotes> read_weights(const std::filesystem::path& path, torch::nn::Module& net) {
  VULTUS_TRY(const TensorFile file, TensorFile::open(path));
  const auto tensors = tensors_of(net);
  const auto refuse = [&](const std::string& what) {
    return fail(ErrorCode::model_mismatch, path.string() + ": weights of another network: " + what);
  };
  for (const TensorSpec& spec : file.tensors()) {
    const auto at = tensors.find(spec.name);
    if (at == tensors.end()) return refuse("it has a tensor " + spec.name);
    if (at->second.sizes().vec() != spec.shape ||
        (spec.type == TensorType::i64) != (at->second.scalar_type() == torch::kLong) || spec.type == TensorType::u8)
      return refuse("tensor " + spec.name + " is of another shape or type, " + shape_text(spec.shape) + " and not " +
                    shape_text(at->second.sizes().vec()));
  }
  for (const auto& [name, tensor] : tensors)
    if (!file.find(name)) return refuse("tensor " + name + " is missing");
  const torch::NoGradGuard no_gradients;
  for (const TensorSpec& spec : file.tensors()) {
    const torch::Tensor into = tensors.at(spec.name);
    if (spec.type == TensorType::i64) {
      VULTUS_TRY(const auto bytes, file.bytes(spec.name));
      torch::Tensor own = torch::empty(spec.shape, torch::kLong);
      std::memcpy(own.data_ptr(), bytes.data(), bytes.size());
      into.copy_(own);
      continue;
    }
    VULTUS_TRY(std::vector<float> values, file.floats(spec.name));
    into.copy_(torch::from_blob(values.data(), spec.shape, torch::kFloat));
  }
  return file.notes();
}

}  // namespace vultus::learn
