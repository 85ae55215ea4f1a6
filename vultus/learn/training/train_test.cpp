// Training on planted samples: it learns what is there, nothing where labels are shuffled, and goes on after a stop.
#include <cmath>
#include <cstring>
#include <fstream>
#include <random>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vultus/core/test_folder.hpp>
#include <vultus/learn/half.hpp>
#include <vultus/learn/training/head_net.hpp>
#include <vultus/learn/training/samples.hpp>
#include <vultus/learn/training/train.hpp>

namespace vultus::learn {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

constexpr std::int64_t kSamples = 240, kVariants = 2, kChannels = 3;

/// Three classes, each bright in a channel of its own at a place that varies; and an age that follows the class.
void plant(const fs::path& path, std::int64_t lonely = -1) {
  std::mt19937_64 engine(5);
  const auto noise = [&] { return static_cast<float>(static_cast<double>(engine() >> 11U) * 0x1p-53 - 0.5); };
  auto writer = TensorFileWriter::create(path, {{"label", TensorType::i64, {kSamples}},
                                                {"map", TensorType::f16, {kSamples, kVariants, kChannels * 49}},
                                                {"mid", TensorType::f16, {kSamples, kVariants, kChannels * 196}}})
                    .value();
  std::vector<std::int64_t> labels;
  for (std::int64_t i = 0; i < kSamples; ++i) {
    const std::int64_t label = i == lonely ? 3 : i % 3;
    labels.push_back(label + 1);
    for (const auto& [name, places] : {std::pair{"map", 49}, {"mid", 196}})
      for (std::int64_t v = 0; v < kVariants; ++v) {
        std::vector<std::uint16_t> values(static_cast<std::size_t>(kChannels * places));
        for (auto& value : values) value = half_of(noise());
        values[static_cast<std::size_t>((label % 3) * places +
                                        static_cast<std::int64_t>(engine() % static_cast<std::uint64_t>(places)))] =
            half_of(4);
        writer
            .write(name, static_cast<std::size_t>(i * kVariants + v) * values.size() * 2,
                   std::as_bytes(std::span(values)))
            .value();
      }
  }
  writer.write("label", 0, std::as_bytes(std::span(labels))).value();
  writer.finish().value();
}

TrainingConfig config_for(const fs::path& features) {
  TrainingConfig config;
  config.name = "planted", config.features = features.string(), config.sha256 = "one";
  config.shape = {.inputs = {{"map", kChannels, 7}, {"mid", kChannels, 14}},
                  .stem = 6,
                  .hidden = 24,
                  .outputs = {{"p", 3}, {"age", 1}}};
  config.targets = {{.output = "p", .column = "label", .first = 1, .classes = {"a", "b", "c"}, .numbers = {}},
                    {.output = "age", .column = "label", .first = 1, .classes = {}, .numbers = {10, 20, 40}}};
  config.mixup = 0, config.epochs = 45, config.batch = 32, config.learning_rate = 0.01, config.input_dropout = 0.1,
  config.dropout = 0.1, config.fold = 0;
  return config;
}

TEST(Training, LearnsWhatIsThereAndNothingWhereLabelsAreShuffled) {
  const TestFolder folder;
  plant(folder / "f.safetensors");
  TrainingConfig config = config_for(folder / "f.safetensors");
  const auto learnt = train_head(config, folder / "run", {});
  ASSERT_TRUE(learnt) << learnt.error().message;
  EXPECT_GT(learnt->validation.at("p.accuracy"), 0.9);
  EXPECT_LT(learnt->validation.at("age.error"), 5);  // always saying 20 errs by 10
  config.shuffle_labels = true, config.sha256 = "two";
  const auto nothing = train_head(config, folder / "control", {});
  ASSERT_TRUE(nothing) << nothing.error().message;
  EXPECT_LT(nothing->validation.at("p.accuracy"), 0.55);  // 48 samples, chance 1/3: 3 standard errors
}

TEST(Training, AStoppedRunEndsAsOneThatWasNot) {
  const TestFolder folder;
  plant(folder / "f.safetensors");
  TrainingConfig config = config_for(folder / "f.safetensors");
  config.epochs = 4;
  const auto whole = train_head(config, folder / "whole", {}).value();
  std::stop_source stop;
  const auto stopped = train_head(
      config, folder / "parts",
      [&](const EpochRecord& record) {
        if (record.epoch == 2) stop.request_stop();
      },
      stop.get_token());
  EXPECT_EQ(stopped.error().code, ErrorCode::cancelled);
  std::vector<int> seen;
  const auto parts =
      train_head(config, folder / "parts", [&](const EpochRecord& record) { seen.push_back(record.epoch); }).value();
  EXPECT_THAT(seen, ::testing::ElementsAre(3, 4));
  EXPECT_EQ(parts.head.values, whole.head.values);
  EXPECT_EQ(parts.epochs.size(), 4U);
  config.sha256 = "another";
  EXPECT_EQ(train_head(config, folder / "parts", {}).error().code, ErrorCode::model_mismatch);
}

TEST(Training, FaultsOfTheDataAreNamed) {
  const TestFolder folder;
  plant(folder / "f.safetensors", 5);
  TrainingConfig config = config_for(folder / "f.safetensors");
  EXPECT_THAT(train_head(config, folder / "r", {}).error().message, HasSubstr("label 4 of label is outside 1 to 3"));
  config.targets[0].classes.emplace_back("d"), config.targets[1].numbers.push_back(50),
      config.shape.outputs[0].classes = 4;
  EXPECT_THAT(train_head(config, folder / "r", {}).error().message, HasSubstr("class d has 1 samples"));
  config.shape.inputs[0].channels = 9;
  EXPECT_THAT(train_head(config, folder / "r", {}).error().message, HasSubstr("tensor map"));
}

TEST(Training, ALossThatIsNoNumberKeepsTheLastCheckpoint) {
  const TestFolder folder;
  plant(folder / "f.safetensors");
  TrainingConfig config = config_for(folder / "f.safetensors");
  config.epochs = 2;
  ASSERT_TRUE(train_head(config, folder / "r", {}));
  const auto before = fs::file_size(folder / "r/checkpoint.pt");
  // The same checkpoint, and features that hold no numbers any more.
  {
    std::fstream file(config.features, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(-100'000, std::ios::end);
    const std::uint16_t none = 0x7E00;
    for (int i = 0; i < 50'000; ++i) file.write(reinterpret_cast<const char*>(&none), 2);
  }
  config.epochs = 4;
  const auto ran = train_head(config, folder / "r", {});
  EXPECT_EQ(ran.error().code, ErrorCode::internal);
  EXPECT_THAT(ran.error().message, HasSubstr("epoch 3"));
  EXPECT_EQ(fs::file_size(folder / "r/checkpoint.pt"), before);
}

/// The answers of folded weights, with loops.
std::vector<double> by_hand(const HeadWeights& head, const std::vector<std::vector<float>>& inputs,
                            const std::string& output) {
  const HeadShape& shape = head.shape;
  const std::int64_t side = shape.stem_side();
  std::vector<double> stem;
  for (std::int64_t s = 0; s < shape.stem; ++s)
    for (std::int64_t y = 0; y < side; ++y)
      for (std::int64_t x = 0; x < side; ++x) {
        double sum = head.values.at("stem.bias")[static_cast<std::size_t>(s)];
        for (std::size_t m = 0; m < shape.inputs.size(); ++m) {
          const HeadInput& in = shape.inputs[m];
          const std::int64_t k = in.kernel(), stride = k == 3 ? 2 : 1;
          const auto& weights = head.values.at("stem." + in.name);
          for (std::int64_t c = 0; c < in.channels; ++c)
            for (std::int64_t dy = 0; dy < k; ++dy)
              for (std::int64_t dx = 0; dx < k; ++dx) {
                const std::int64_t at_y = y * stride + dy - k / 2, at_x = x * stride + dx - k / 2;
                if (at_y < 0 || at_x < 0 || at_y >= in.side || at_x >= in.side) continue;
                sum += double{weights[static_cast<std::size_t>(((s * in.channels + c) * k + dy) * k + dx)]} *
                       inputs[m][static_cast<std::size_t>((c * in.side + at_y) * in.side + at_x)];
              }
        }
        stem.push_back(std::max(sum, 0.0));
      }
  const auto layer = [&](const std::string& name, const std::vector<double>& in) {
    std::vector<double> out;
    const auto& weights = head.values.at(name + ".weight");
    const auto& bias = head.values.at(name + ".bias");
    for (std::size_t o = 0; o < bias.size(); ++o) {
      double sum = bias[o];
      for (std::size_t i = 0; i < in.size(); ++i) sum += double{weights[o * in.size() + i]} * in[i];
      out.push_back(sum);
    }
    return out;
  };
  std::vector<double> hidden = layer("hidden", stem);
  for (double& value : hidden) value = std::max(value, 0.0);
  return layer("out." + output, hidden);
}

TEST(FoldedHeads, AnswerAsTheNetworkThatWasTrained) {
  TrainingConfig config = config_for("none");
  config.scales = {{"map", 2.0}, {"mid", 0.5}};
  torch::manual_seed(1);
  HeadNet net(config);
  net->set_spread(1, 30, 12);
  net->train();
  for (int i = 0; i < 20; ++i)
    net->forward({torch::randn({16, kChannels, 7, 7}) * 2 + 1,
                  torch::randn({16, kChannels, 14, 14}) - 1});  // moves the running means
  net->eval();
  const torch::Tensor map = torch::randn({1, kChannels, 7, 7}), mid = torch::randn({1, kChannels, 14, 14});
  const auto said = net->forward({map, mid});
  const std::vector<float> flat_map(map.data_ptr<float>(), map.data_ptr<float>() + map.numel()),
      flat_mid(mid.data_ptr<float>(), mid.data_ptr<float>() + mid.numel());
  const HeadWeights head = net->folded();
  for (std::size_t o = 0; o < 2; ++o) {
    const auto hand = by_hand(head, {flat_map, flat_mid}, config.shape.outputs[o].name);
    for (std::size_t i = 0; i < hand.size(); ++i)
      EXPECT_NEAR(hand[i], said[o][0][static_cast<std::int64_t>(i)].item<double>(),
                  1e-3 * (1 + std::abs(hand[i]) * 0.01));
  }
}

}  // namespace
}  // namespace vultus::learn
