// The loop ends with the same weights after a stop, a kill and a full disk, and never keeps what is no number.
#include <cmath>
#include <csignal>
#include <fstream>
#include <limits>
#include <memory>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <vultus/core/test_folder.hpp>
#include <vultus/learn/training/blocks/layers.hpp>
#include <vultus/learn/training/checkpoint.hpp>
#include <vultus/learn/training/loop.hpp>
#include <vultus/learn/training/samplers.hpp>

namespace vultus::learn {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// Points in a plane; their class is the side of a curve that no straight line follows.
struct Planted {
  torch::Tensor points, labels;
  explicit Planted(bool shuffled = false) {
    torch::manual_seed(11);
    points = torch::rand({400, 2}) * 2 - 1;
    labels = (points.select(1, 0) * points.select(1, 1) > 0).to(torch::kLong);
    if (shuffled) labels = labels.index_select(0, torch::randperm(400));
  }
};

LoopTask task_on(const Planted& data, const std::shared_ptr<blocks::Block>& net) {
  LoopTask task;
  task.net = net;
  for (std::int64_t i = 0; i < 300; ++i) task.samples.push_back(i);
  task.loss = [data, net](std::span<const std::int64_t> batch, std::mt19937_64&) {
    const torch::Tensor which = torch::tensor(std::vector<std::int64_t>(batch.begin(), batch.end()));
    const torch::Tensor logits = net->forward(torch::dropout(data.points.index_select(0, which), 0.05, true));
    return Losses{{"class", torch::nll_loss(torch::log_softmax(logits, 1), data.labels.index_select(0, which))}};
  };
  task.validate = [data, net] {
    const torch::Tensor right = net->forward(data.points.slice(0, 300)).argmax(1) == data.labels.slice(0, 300);
    return Measures{{"accuracy", right.to(torch::kDouble).mean().item<double>()}};
  };
  return task;
}

std::shared_ptr<blocks::Block> fresh_net(std::int64_t hidden = 24) {
  torch::manual_seed(5);
  return std::make_shared<blocks::Mlp>(blocks::Wholes{2, hidden, 2}, blocks::Act::relu);
}

LoopOptions options_of(int epochs) {
  return {.name = "planted", .identity = "one", .epochs = epochs, .batch = 20, .learning_rate = 0.02};
}

/// Trains and answers the weights as one row.
torch::Tensor weights_after(const LoopTask& task, const LoopOptions& options, const fs::path& folder) {
  EXPECT_TRUE(run_loop(task, options, folder));
  std::vector<torch::Tensor> rows;
  for (const torch::Tensor& parameter : task.net->parameters()) rows.push_back(parameter.detach().flatten());
  return torch::cat(rows);
}

TEST(Loop, LearnsWhatIsThereAndNothingWhereLabelsAreShuffled) {
  const TestFolder folder;
  const auto learnt = run_loop(task_on(Planted(), fresh_net()), options_of(40), folder / "run");
  ASSERT_TRUE(learnt) << learnt.error().message;
  EXPECT_GT(learnt->validation.at("accuracy"), 0.9);
  const auto nothing = run_loop(task_on(Planted(true), fresh_net()), options_of(40), folder / "control");
  EXPECT_NEAR(nothing->validation.at("accuracy"), 0.5, 0.16);  // 100 samples: 3 standard errors and a little
  // The log has a line an epoch, the page has the curves and has ended.
  std::ifstream log(folder / "run" / "log.jsonl"), page(folder / "run" / "index.html");
  const std::string lines(std::istreambuf_iterator<char>(log), {}), html(std::istreambuf_iterator<char>(page), {});
  EXPECT_EQ(read_log(lines)->size(), 40U);
  EXPECT_THAT(html, HasSubstr("accuracy"));
  EXPECT_THAT(html, HasSubstr("40 epochs, ended"));
}

TEST(Loop, AStoppedRunEndsAsOneThatWasNot) {
  const TestFolder folder;
  const Planted data;
  const torch::Tensor whole = weights_after(task_on(data, fresh_net()), options_of(5), folder / "whole");
  std::stop_source stop;
  const auto stopped = run_loop(
      task_on(data, fresh_net()), options_of(5), folder / "parts",
      [&](const EpochRecord& record) {
        if (record.epoch == 2) stop.request_stop();
      },
      stop.get_token());
  EXPECT_EQ(stopped.error().code, ErrorCode::cancelled);
  EXPECT_TRUE(torch::equal(weights_after(task_on(data, fresh_net()), options_of(5), folder / "parts"), whole));
}

TEST(Loop, AKilledRunEndsAsOneThatWasNot) {
  const TestFolder folder;
  const Planted data;
  // Killed in the middle of an epoch, twice: what was on the disk is a checkpoint each time.
  for (const int at : {2, 4})
    EXPECT_EXIT(static_cast<void>(run_loop(task_on(data, fresh_net()), options_of(5), folder / "killed",
                                           [&](const EpochRecord& record) {
                                             if (record.epoch == at) std::raise(SIGKILL);
                                           })),
                ::testing::KilledBySignal(SIGKILL), "");
  std::vector<int> seen;
  const LoopTask task = task_on(data, fresh_net());
  const auto ended = run_loop(task, options_of(5), folder / "killed",
                              [&](const EpochRecord& record) { seen.push_back(record.epoch); });
  ASSERT_TRUE(ended) << ended.error().message;
  EXPECT_THAT(seen, ElementsAre(4, 5));
  EXPECT_EQ(ended->epochs.size(), 5U);
  const LoopTask other = task_on(data, fresh_net());
  ASSERT_TRUE(run_loop(other, options_of(5), folder / "whole"));
  for (std::size_t i = 0; i < task.net->parameters().size(); ++i)
    EXPECT_TRUE(torch::equal(task.net->parameters()[i], other.net->parameters()[i]));
}

TEST(Loop, AFullDiskKeepsTheLastCheckpoint) {
  const TestFolder folder;
  const Planted data;
  const torch::Tensor whole = weights_after(task_on(data, fresh_net(400)), options_of(4), folder / "whole");
  // No file may grow beyond a few blocks any more: the log still fits, the checkpoint does not.
  rlimit before{};
  getrlimit(RLIMIT_FSIZE, &before);
  const auto ignored = std::signal(SIGXFSZ, SIG_IGN);
  const auto full =
      run_loop(task_on(data, fresh_net(400)), options_of(4), folder / "full", [&](const EpochRecord& record) {
        const rlimit little{.rlim_cur = 4096, .rlim_max = before.rlim_max};
        if (record.epoch == 3) setrlimit(RLIMIT_FSIZE, &little);
      });
  setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, ignored);
  ASSERT_FALSE(full);
  EXPECT_EQ(full.error().code, ErrorCode::resource_limit);
  EXPECT_THAT(full.error().message, HasSubstr("checkpoint.pt"));
  EXPECT_FALSE(fs::exists(folder / "full" / "checkpoint.pt.partial"));
  std::vector<int> seen;
  const LoopTask task = task_on(data, fresh_net(400));
  ASSERT_TRUE(
      run_loop(task, options_of(4), folder / "full", [&](const EpochRecord& record) { seen.push_back(record.epoch); }));
  EXPECT_THAT(seen, ElementsAre(3, 4));
  EXPECT_TRUE(torch::equal(weights_after(task, options_of(4), folder / "full"), whole));
}

TEST(Loop, WhatIsNoNumberIsAnErrorAndTheLastCheckpointStays) {
  const TestFolder folder;
  const Planted data;
  ASSERT_TRUE(run_loop(task_on(data, fresh_net()), options_of(2), folder / "run"));
  const auto bytes = fs::file_size(folder / "run" / "checkpoint.pt");
  LoopTask broken = task_on(data, fresh_net());
  const auto loss = broken.loss;
  broken.loss = [loss](std::span<const std::int64_t> batch, std::mt19937_64& engine) {
    Losses losses = loss(batch, engine);
    losses["other"] = torch::tensor(std::numeric_limits<float>::quiet_NaN());
    return losses;
  };
  LoopOptions more = options_of(4);
  const auto ran = run_loop(broken, more, folder / "run");
  EXPECT_EQ(ran.error().code, ErrorCode::internal);
  EXPECT_THAT(ran.error().message, HasSubstr("epoch 3: the loss other is not a finite number"));
  // A loss that is finite while a weight no longer is.
  LoopTask burst = task_on(data, fresh_net());
  burst.after_step = [net = burst.net] {
    const torch::NoGradGuard no_gradients;
    net->parameters().back().fill_(std::numeric_limits<float>::infinity());
  };
  more.batch = 300;
  const auto blown = run_loop(burst, more, folder / "run");
  EXPECT_EQ(blown.error().code, ErrorCode::internal);
  EXPECT_THAT(blown.error().message, HasSubstr("is not a finite number"));
  EXPECT_EQ(fs::file_size(folder / "run" / "checkpoint.pt"), bytes);
  EXPECT_EQ(run_loop(task_on(data, fresh_net()), options_of(4), folder / "run")->epochs.size(), 4U);
}

TEST(Loop, RefusesTheCheckpointOfAnother) {
  const TestFolder folder;
  const Planted data;
  ASSERT_TRUE(run_loop(task_on(data, fresh_net()), options_of(1), folder / "run"));
  const auto wider = run_loop(task_on(data, fresh_net(25)), options_of(2), folder / "run");
  EXPECT_EQ(wider.error().code, ErrorCode::model_mismatch);
  EXPECT_THAT(wider.error().message, HasSubstr("chain.0.bias [24], here chain.0.bias [25]"));
  LoopOptions other = options_of(2);
  other.identity = "another";
  const auto configured = run_loop(task_on(data, fresh_net()), other, folder / "run");
  EXPECT_EQ(configured.error().code, ErrorCode::model_mismatch);
  EXPECT_THAT(configured.error().message, HasSubstr("another configuration"));
  std::ofstream(folder / "run" / "checkpoint.pt") << "no checkpoint";
  EXPECT_EQ(run_loop(task_on(data, fresh_net()), options_of(2), folder / "run").error().code, ErrorCode::corrupt_data);
}

TEST(Loop, StopsEarlyWithTheBestWeights) {
  const TestFolder folder;
  LoopTask task = task_on(Planted(), fresh_net());
  int asked = 0;
  task.validate = [&] { return Measures{{"accuracy", ++asked <= 3 ? 0.1 * asked : 0.05}}; };
  LoopOptions options = options_of(30);
  options.patience = 4;
  const auto ran = run_loop(task, options, folder / "run");
  ASSERT_TRUE(ran) << ran.error().message;
  EXPECT_EQ(ran->best_epoch, 3);
  EXPECT_EQ(ran->epochs.size(), 7U);
  const LoopTask three = task_on(Planted(), fresh_net());
  // The rate depends on the epochs that were planned, so the third of thirty is compared.
  std::stop_source stop;
  const auto cut = run_loop(
      three, options_of(30), folder / "three",
      [&](const EpochRecord& record) {
        if (record.epoch == 3) stop.request_stop();
      },
      stop.get_token());
  EXPECT_FALSE(cut);
  for (std::size_t i = 0; i < task.net->parameters().size(); ++i)
    EXPECT_TRUE(torch::equal(task.net->parameters()[i], three.net->parameters()[i]));
}

TEST(Loop, LastWeightsAreNotTakenForTheBestOnesThatAreGone) {
  const TestFolder folder;
  LoopTask task = task_on(Planted(), fresh_net());
  int asked = 0;
  task.validate = [&] { return Measures{{"accuracy", ++asked <= 1 ? 0.1 : 0.05}}; };
  LoopOptions options = options_of(3);
  options.patience = 4;
  ASSERT_EQ(run_loop(task, options, folder / "run")->best_epoch, 1);
  fs::remove(folder / "run" / "best.pt");
  LoopTask again = task_on(Planted(), fresh_net());
  again.validate = [] { return Measures{{"accuracy", 0.05}}; };
  const auto ran = run_loop(again, options, folder / "run");
  ASSERT_FALSE(ran);
  EXPECT_EQ(ran.error().code, ErrorCode::not_found);
  EXPECT_THAT(ran.error().message, HasSubstr("does not hold epoch 1"));
}

TEST(Loop, OptionsAndTasksThatCannotRunAreRefused) {
  const TestFolder folder;
  const auto message = [&](LoopTask task, LoopOptions options) {
    const auto ran = run_loop(task, options, folder / "run");
    return ran ? std::string("it ran") : ran.error().message;
  };
  LoopOptions options = options_of(0);
  EXPECT_THAT(message(task_on(Planted(), fresh_net()), options), HasSubstr("epochs must be from 1 to 100000, not 0"));
  options = options_of(1), options.batch = 0;
  EXPECT_THAT(message(task_on(Planted(), fresh_net()), options), HasSubstr("batch must be at least 1"));
  LoopTask none = task_on(Planted(), fresh_net());
  none.samples.clear();
  EXPECT_THAT(message(none, options_of(1)), HasSubstr("no samples"));
  LoopTask frozen = task_on(Planted(), fresh_net());
  for (torch::Tensor& parameter : frozen.net->parameters()) parameter.set_requires_grad(false);
  EXPECT_THAT(message(frozen, options_of(1)), HasSubstr("no parameter of the network learns"));
}

TEST(Loop, ATurnMovesItsOwnParametersAlone) {
  const TestFolder folder;
  // One number goes towards 3 by the first step, the other by its turn towards the first.
  struct Pair : torch::nn::Module {
    torch::Tensor first = register_parameter("first", torch::zeros({1})),
                  second = register_parameter("second", torch::zeros({1}));
  };
  const auto trained = [&](int epochs, const fs::path& where, const std::stop_token& stop, const EpochTold& told) {
    const auto pair = std::make_shared<Pair>();
    LoopTask task;
    task.net = pair, task.samples = {0, 1, 2, 3};
    task.loss = [pair](auto, auto&) { return Losses{{"first", (pair->first - 3).square().sum()}}; };
    task.turns = {{.parameters = {pair->second},
                   .loss =
                       [pair](auto, auto&) {
                         return Losses{{"second", (pair->second - pair->first).square().sum()}};
                       },
                   .factor = 1}};
    LoopOptions options = options_of(epochs);
    options.batch = 1, options.learning_rate = 0.1, options.weight_decay = 0;
    static_cast<void>(run_loop(task, options, where, told, stop));
    return pair;
  };
  const auto pair = trained(60, folder / "pair", {}, {});
  EXPECT_NEAR(pair->first.item<double>(), 3, 0.05);
  EXPECT_NEAR(pair->second.item<double>(), 3, 0.1);
  std::stop_source stop;
  trained(60, folder / "parts", stop.get_token(), [&](const EpochRecord& record) {
    EXPECT_TRUE(record.numbers.contains("loss.second"));
    if (record.epoch == 20) stop.request_stop();
  });
  const auto resumed = trained(60, folder / "parts", {}, {});
  EXPECT_EQ(resumed->second.item<double>(), pair->second.item<double>());
}

TEST(Loop, GroupsLearnAtTheirOwnRate) {
  const TestFolder folder;
  LoopTask task = task_on(Planted(), fresh_net());
  const std::vector<torch::Tensor> all = task.net->parameters();
  task.groups = {{.parameters = {all[0], all[1]}, .factor = 0}};
  const torch::Tensor first = all[0].detach().clone(), last = all[2].detach().clone();
  ASSERT_TRUE(run_loop(task, options_of(1), folder / "run"));
  EXPECT_TRUE(torch::equal(all[0], first));
  EXPECT_FALSE(torch::equal(all[2], last));
}

TEST(Weights, ComeBackAsTheyWereAndFitOneNetworkOnly) {
  const TestFolder folder;
  const auto net = std::make_shared<blocks::BatchNorm>(3);
  net->forward(torch::randn({8, 3}));  // moves the running statistics
  write_weights(folder / "w.safetensors", *net, {{"data", "planted"}}).value();
  const auto other = std::make_shared<blocks::BatchNorm>(3);
  EXPECT_EQ(read_weights(folder / "w.safetensors", *other)->at("data"), "planted");
  for (std::size_t i = 0; i < net->buffers().size(); ++i)
    EXPECT_TRUE(torch::equal(net->buffers()[i], other->buffers()[i]));
  const auto wider = std::make_shared<blocks::BatchNorm>(4);
  EXPECT_EQ(read_weights(folder / "w.safetensors", *wider).error().code, ErrorCode::model_mismatch);
  EXPECT_THAT(read_weights(folder / "w.safetensors", *fresh_net()).error().message, HasSubstr("weights of another"));
}

TEST(Samplers, EveryClassComesEquallyOftenAndNoSampleTwiceInItsTurn) {
  std::mt19937_64 engine(1);
  // 2 of class 0, 6 of class 2, none of class 1.
  const std::vector<std::int64_t> samples{10, 11, 12, 13, 14, 15, 16, 17}, labels{0, 0, 2, 2, 2, 2, 2, 2};
  const auto given = class_balanced(samples, labels, 12, engine);
  ASSERT_EQ(given.size(), 12U);
  std::map<std::int64_t, int> counts;
  for (const std::int64_t sample : given) ++counts[sample];
  EXPECT_THAT(counts, ElementsAre(std::pair{10, 3}, std::pair{11, 3}, std::pair{12, 1}, std::pair{13, 1},
                                  std::pair{14, 1}, std::pair{15, 1}, std::pair{16, 1}, std::pair{17, 1}));
  for (std::size_t i = 0; i < given.size(); i += 2) EXPECT_NE(given[i] < 12, given[i + 1] < 12);
  EXPECT_TRUE(class_balanced({}, {}, 5, engine).empty());
}

TEST(Samplers, SetsAreMixedByTheirShares) {
  std::mt19937_64 engine(2);
  std::vector<MixedSet> sets(2);
  for (std::int64_t i = 0; i < 30; ++i) sets[0].samples.push_back(i);
  for (std::int64_t i = 100; i < 104; ++i) sets[1].samples.push_back(i);
  sets[0].share = 3, sets[1].share = 1;
  const auto given = mixed(sets, 0, engine);
  ASSERT_EQ(given.size(), 40U);  // 30 of the first are three quarters
  for (std::size_t from = 0; from < 40; from += 4)
    EXPECT_EQ(std::count_if(given.begin() + static_cast<std::ptrdiff_t>(from),
                            given.begin() + static_cast<std::ptrdiff_t>(from) + 4, [](auto i) { return i >= 100; }),
              1);
  std::vector<std::int64_t> first(given);
  std::erase_if(first, [](auto i) { return i >= 100; });
  std::ranges::sort(first);
  EXPECT_EQ(first, sets[0].samples);
  sets[0].share = 0, sets[1].share = 0;
  EXPECT_TRUE(mixed(sets, 5, engine).empty());
}

}  // namespace
}  // namespace vultus::learn
