// Samples per second of the training loop on one network: a row of bench/learn/run.py. Prints one JSON object.
#include <chrono>
#include <cstdint>
#include <ctime>
#include <filesystem>
#include <iostream>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <torch/types.h>
#include <torch/utils.h>
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <vultus/learn/training/blocks/cnn.hpp>
#include <vultus/learn/training/blocks/transformer.hpp>
#include <vultus/learn/training/checkpoint.hpp>
#include <vultus/learn/training/loop.hpp>

namespace {

namespace blocks = vultus::learn::blocks;

constexpr std::int64_t kSide = 48, kClasses = 7, kWidth = 128;

std::shared_ptr<blocks::Chain> network(const std::string& name) {
  auto chain = std::make_shared<blocks::Chain>();
  if (name == "cnn") {
    chain->add<blocks::ResidualCnn>(blocks::ResidualCnnOptions{.widths = {32, 64, kWidth}, .depths = {2, 2, 2}});
    chain->add<blocks::GlobalPool>();
  } else {
    const std::int64_t patch = 8, tokens = (kSide / patch) * (kSide / patch);
    chain->add<blocks::PatchEmbedding>(3, patch, kWidth);
    chain->add<blocks::Positions>(blocks::sine_positions(tokens, kWidth), blocks::Positions::Kind::learnt,
                                  blocks::Positions::ClassToken::first);
    chain->add<blocks::Encoder>(blocks::EncoderOptions{.width = kWidth, .heads = 4, .layers = 4});
    chain->add<blocks::TokenPool>(blocks::TokenPool::Kind::first);
  }
  chain->add<blocks::Linear>(kWidth, kClasses);
  return chain;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Samples per second of the training loop");
  std::string name = "cnn", folder, weights;
  std::int64_t samples = 512, batch = 32;
  int epochs = 3, threads = 1;
  app.add_option("--network", name)->check(CLI::IsMember({"cnn", "encoder"}));
  app.add_option("--folder", folder, "where checkpoint and log go")->required();
  app.add_option("--write-weights", weights, "file for the weights before training");
  app.add_option("--samples", samples)->check(CLI::Range(32, 100'000));
  app.add_option("--batch", batch)->check(CLI::Range(2, 4096));
  app.add_option("--epochs", epochs, "the first is not counted")->check(CLI::Range(2, 100));
  app.add_option("--threads", threads)->check(CLI::Range(1, 64));
  CLI11_PARSE(app, argc, argv);

  torch::set_num_threads(threads);
  torch::manual_seed(1);
  const auto net = network(name);
  // Pictures that both programs can make: numbers by a rule, from -1 to 1.
  const std::int64_t count = samples * 3 * kSide * kSide;
  const torch::Tensor pictures =
      ((torch::arange(count) * 7919).remainder(1000).to(torch::kFloat) / 500 - 1).view({samples, 3, kSide, kSide});
  const torch::Tensor labels = torch::arange(samples).remainder(kClasses);
  if (!weights.empty())
    if (const auto written = vultus::learn::write_weights(weights, *net, {}); !written) {
      std::cerr << written.error().message << "\n";
      return 1;
    }

  vultus::learn::LoopTask task;
  task.net = net;
  for (std::int64_t i = 0; i < samples; ++i) task.samples.push_back(i);
  const auto loss_of = [&](const torch::Tensor& which) {
    return torch::nll_loss(torch::log_softmax(net->forward(pictures.index_select(0, which)), 1),
                           labels.index_select(0, which));
  };
  task.loss = [&](std::span<const std::int64_t> numbers, std::mt19937_64&) {
    return vultus::learn::Losses{
        {"class", loss_of(torch::tensor(std::vector<std::int64_t>(numbers.begin(), numbers.end())))}};
  };
  double first = 0;
  {
    const torch::NoGradGuard no_gradients;
    net->eval();
    first = loss_of(torch::arange(batch)).item<double>();
  }
  std::vector<std::chrono::steady_clock::time_point> ends;
  std::vector<std::clock_t> used;
  const auto ran = vultus::learn::run_loop(
      task, {.name = name, .identity = name, .epochs = epochs, .batch = static_cast<int>(batch), .threads = threads},
      folder, [&](const vultus::learn::EpochRecord&) {
        ends.push_back(std::chrono::steady_clock::now());
        used.push_back(std::clock());
      });
  if (!ran) {
    std::cerr << ran.error().message << "\n";
    return 1;
  }
  // From the end of the first epoch to that of the last: with the checkpoints, log and page between them.
  const double seconds = std::chrono::duration<double>(ends.back() - ends.front()).count();
  const double processor = static_cast<double>(used.back() - used.front()) / CLOCKS_PER_SEC;
  std::int64_t parameters = 0;
  for (const torch::Tensor& parameter : net->parameters()) parameters += parameter.numel();
  const std::int64_t learnt = (samples / batch) * batch * (epochs - 1);
  std::cout << nlohmann::json{{"network", name},
                              {"parameters", parameters},
                              {"first_loss", first},
                              {"samples_per_second", static_cast<double>(learnt) / seconds},
                              {"samples_per_processor_second", static_cast<double>(learnt) / processor}}
            << "\n";
  return 0;
}
