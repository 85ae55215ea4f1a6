// The backend on the shipped networks.
#include <algorithm>
#include <cmath>
#include <cstring>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <tests/golden/models.hpp>
#include <vultus/runtime/network.hpp>
#include <vultus/runtime/test_packages.hpp>

namespace vultus::runtime {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

// With resizable input: 3 anchors a cell at stride 8, 2 at 16, 2 at 32, 3 at 64.
constexpr std::size_t anchors(std::size_t width, std::size_t height) {
  const auto cells = [&](std::size_t s) { return ((width + s - 1) / s) * ((height + s - 1) / s); };
  return 3 * cells(8) + 2 * cells(16) + 2 * cells(32) + 3 * cells(64);
}
static_assert(anchors(320, 240) == 4420);

/// A picture of soft waves: every network says something about it, and it is the same everywhere.
void fill(Network& network) {
  const std::span<std::uint8_t> input = network.input();
  for (std::size_t i = 0; i < input.size(); ++i)
    input[i] = static_cast<std::uint8_t>(128 + 100 * std::sin(0.011 * static_cast<double>(i % 9973)));
}

std::vector<float> run(Network& network, const std::string& output) {
  fill(network);
  network.run().value();
  const auto values = network.output(output).value();
  return {values.begin(), values.end()};
}

double cosine(const std::vector<float>& a, const std::vector<float>& b) {
  double ab = 0, aa = 0, bb = 0;
  for (std::size_t i = 0; i < a.size(); ++i)
    ab += double{a[i]} * b[i], aa += double{a[i]} * a[i], bb += double{b[i]} * b[i];
  return ab / std::sqrt(aa * bb);
}

TEST(ShippedModels, LoadAndGiveFiniteNumbersOfTheSizeThatTheirDecodersNeed) {
  const auto catalogue = golden::shipped_models();
  ASSERT_TRUE(catalogue) << catalogue.error().message;
  const std::map<std::string, std::size_t> sizes{{"fr_detect/scores", 2 * 4420},
                                                 {"fr_detect/regressions", 4 * 4420},
                                                 {"fr_landmark/points", 2 * 68},
                                                 {"fr_feature/embedding", 512},
                                                 {"mobilefacenet192/embedding", 2 * 192},
                                                 {"mp_face_mesh/points", 3 * 468},
                                                 {"mp_face_mesh/flag", 1},
                                                 {"dlib_resnet/embedding", 128},
                                                 {"human_iris/points", 228},
                                                 {"human_emotion/probabilities", 7},
                                                 {"human_faceres/age", 100},
                                                 {"human_faceres/gender", 1},
                                                 {"human_faceres/descriptor", 1024},
                                                 {"human_facemesh/points", 3 * 468},
                                                 {"fr_eye/logits", 2},
                                                 {"fr_pose/yaw", 66},
                                                 {"fr_pose/pitch", 66}};
  std::size_t seen = 0;
  for (const ModelManifest& manifest : catalogue->models()) {
    if (manifest.decoder == "dlib_shape") continue;  // regression trees, not a network: dlib_golden_test of face
    const auto handle = golden::model(manifest.id.text());
    ASSERT_TRUE(handle) << handle.error().message;
    auto network = handle->load();
    ASSERT_TRUE(network) << network.error().message;
    EXPECT_EQ((*network)->batch(), manifest.input.batch());
    for (const auto& [name, tensor] : manifest.outputs) {
      const std::vector<float> values = run(**network, name);
      EXPECT_TRUE(std::ranges::all_of(values, [](float v) { return std::isfinite(v); })) << manifest.id.text();
      const auto size = sizes.find(manifest.id.text() + "/" + name);
      if (size == sizes.end()) continue;
      ++seen;
      EXPECT_EQ(values.size(), size->second) << size->first;
    }
  }
  EXPECT_EQ(seen, sizes.size());
}

// The reference walks the graph of model.json with numpy and knows nothing of OpenVINO, nor of what is done here to the
// graph: tests/golden/make_tfjs_golden.py.
TEST(NetworksOfTensorFlowJs, SayWhatTheReferenceSays) {
  std::ifstream file(VULTUS_SOURCE_DIR "/tests/golden/tfjs.json");
  const auto golden = nlohmann::json::parse(file);
  ASSERT_EQ(golden.size(), 3U);
  for (const auto& [id, outputs] : golden.items()) {
    const auto handle = golden::model(id);
    ASSERT_TRUE(handle) << handle.error().message;
    const auto network = handle->load().value();
    for (const auto& [name, numbers] : outputs.items()) {
      const std::vector<float> values = run(*network, name), want = numbers;
      ASSERT_GE(values.size(), want.size());
      // Half floats are exact on both sides; what differs is the order of additions in single precision.
      for (std::size_t i = 0; i < want.size(); ++i)
        EXPECT_NEAR(values[i], want[i], 2e-5 + 2e-4 * std::abs(want[i])) << id << " " << name << " " << i;
    }
  }
}

TEST(NetworksOfTensorFlowJs, TheMeshIsThatOfTheOtherFormat) {
  const auto lite = golden::model("mp_face_mesh").value().load().value();
  const auto js = golden::model("human_facemesh").value().load().value();
  const std::vector<float> one = run(*lite, "points"), other = run(*js, "points");
  ASSERT_EQ(one.size(), other.size());
  for (std::size_t i = 0; i < one.size(); ++i) EXPECT_NEAR(one[i], other[i], 2e-3) << i;
  // The one says a logit, the other its probability.
  EXPECT_NEAR(1 / (1 + std::exp(-run(*lite, "flag")[0])), run(*js, "flag")[0], 1e-4);
}

TEST(InnerMaps, AreNamedByTheirSizeAndDoNotDependOnTheBatch) {
  for (const char* id : {"mobilefacenet192", "fr_feature"}) {
    runtime::ModelHandle handle = golden::model(id).value();
    handle.manifest.outputs = {{"map", "residual 7x7"}, {"mid", "residual 14x14"}};
    std::map<std::string, std::vector<float>> one;
    for (const std::int64_t batch : {1, 2}) {
      handle.manifest.input.shape[0] = batch;
      const auto network = handle.load();
      ASSERT_TRUE(network) << network.error().message;
      for (const auto& [name, cells] : {std::pair{"map", 49U}, {"mid", 196U}}) {
        std::vector<float> values = run(**network, name);
        ASSERT_EQ(values.size(), static_cast<std::size_t>(batch) * 128 * cells) << id;
        values.resize(std::size_t{128} * cells);
        if (batch == 1) one[name] = values;
        EXPECT_GT(cosine(values, one[name]), 1 - 1e-6) << id << " " << name;
      }
    }
  }
  runtime::ModelHandle handle = golden::model("mobilefacenet192").value();
  handle.manifest.outputs = {{"map", "residual 9x9"}};
  EXPECT_THAT(handle.load().error().message, HasSubstr("residual 9x9"));
}

TEST(ShippedModels, TheDetectorTakesManySizes) {
  const auto handle = golden::model("fr_detect");
  ASSERT_TRUE(handle) << handle.error().message;
  for (const auto& [width, height] : {std::pair{64, 64}, {320, 256}, {640, 512}, {1280, 960}}) {
    auto network = handle->load({.width = width, .height = height});
    ASSERT_TRUE(network) << network.error().message;
    EXPECT_EQ((*network)->input().size(), static_cast<std::size_t>(width * height * 3));
    const auto count = anchors(static_cast<std::size_t>(width), static_cast<std::size_t>(height));
    EXPECT_EQ(run(**network, "scores").size(), 2 * count);
    EXPECT_EQ(run(**network, "regressions").size(), 4 * count);
  }
}

TEST(ShippedModels, OthersKeepTheirSize) {
  const auto handle = golden::model("mobilefacenet192");
  ASSERT_TRUE(handle) << handle.error().message;
  const auto network = handle->load({.width = 224, .height = 224});
  ASSERT_FALSE(network);
  EXPECT_EQ(network.error().code, ErrorCode::invalid_argument);
  EXPECT_THAT(network.error().message, HasSubstr("112x112"));
}

TEST(ShippedModels, GiveTheSameBitsEveryTimeAndInEveryCopy) {
  for (const char* id : {"fr_detect", "mobilefacenet192"}) {
    const auto handle = golden::model(id);
    ASSERT_TRUE(handle) << handle.error().message;
    auto one = handle->load().value();
    auto two = handle->load().value();
    const std::string output = handle->manifest.outputs.begin()->first;
    const std::vector<float> first = run(*one, output);
    EXPECT_EQ(run(*one, output), first);
    EXPECT_EQ(run(*two, output), first);
  }
}

TEST(ShippedModels, GiveNearlyTheSameInBf16) {
  const auto half = golden::backend(Precision::bf16);
  if (!half && half.error().code == ErrorCode::unsupported) GTEST_SKIP() << "this CPU has no bf16";
  ASSERT_TRUE(half) << half.error().message;
  EXPECT_THAT((*half)->description(), HasSubstr("bf16"));
  for (const char* id : {"fr_feature", "mobilefacenet192", "fr_landmark"}) {
    auto exact = golden::model(id).value().load().value();
    auto rough = golden::model(id, Precision::bf16).value().load().value();
    const std::string output = golden::model(id).value().manifest.outputs.begin()->first;
    const std::vector<float> a = run(*exact, output), b = run(*rough, output);
    EXPECT_NE(a, b) << id << ": bf16 was not used";
    // 8 bits of precision in every layer: far from the 1e-3 of f32, near enough for a decision.
    EXPECT_GT(cosine(a, b), 0.99) << id;
  }
}

/// The small landmark network in a cache folder of the test's own.
class ModelFileInACache : public ::testing::Test {
 protected:
  void SetUp() override {
    auto handle = golden::model("fr_landmark");
    ASSERT_TRUE(handle) << handle.error().message;
    manifest_ = handle->manifest;
    fs::create_directories(folder_.path() / "models");
    fs::copy_file(handle->file, place());
  }
  [[nodiscard]] fs::path place() const { return store_.path_of(manifest_, manifest_.files.front()); }

  test::TemporaryFolder folder_;
  ModelStore store_{folder_.path()};
  ModelManifest manifest_;
};

TEST_F(ModelFileInACache, IsRefusedWithOneBitFlipped) {
  ASSERT_TRUE(store_.verified(manifest_));
  std::fstream file(place(), std::ios::in | std::ios::out | std::ios::binary);
  file.seekg(500'000);
  const int byte = file.get();
  file.seekp(500'000);
  file.put(static_cast<char>(byte ^ 1));
  file.close();
  const auto path = store_.verified(manifest_);
  ASSERT_FALSE(path);
  EXPECT_EQ(path.error().code, ErrorCode::corrupt_data);
  EXPECT_THAT(path.error().message, HasSubstr("vultus models fetch fr_landmark"));
}

TEST_F(ModelFileInACache, IsRefusedByAManifestOfAnotherShape) {
  manifest_.input.shape = {1, 1, 96, 96};
  const auto backend = golden::backend(Precision::f32);
  ASSERT_TRUE(backend);
  const auto network = (*backend)->load(manifest_, place(), {});
  ASSERT_FALSE(network);
  EXPECT_EQ(network.error().code, ErrorCode::corrupt_data);
  EXPECT_THAT(network.error().message, HasSubstr("fr_landmark"));
}

TEST_F(ModelFileInACache, IsCompiledAnewWhenTheCompiledCopyIsDamaged) {
  const auto load = [&] {
    auto backend = make_openvino_backend({.precision = Precision::f32, .compiled = store_.compiled()}).value();
    return backend->load(manifest_, place(), {});
  };
  auto first = load();
  ASSERT_TRUE(first) << first.error().message;
  const std::vector<float> want = run(**first, "points");
  for (const int damage : {0, 1, 2}) {
    int blobs = 0;
    for (const auto& entry : fs::recursive_directory_iterator(store_.compiled())) {
      if (!entry.is_regular_file()) continue;
      ++blobs;
      const auto size = entry.file_size();
      // Cut off in the middle, emptied, overwritten: what a killed process or a bad disk leaves.
      if (damage < 2) {
        fs::resize_file(entry.path(), damage == 0 ? size / 2 : 0);
      } else {
        test::write_file(entry.path(), std::string(size, 'x'));
      }
    }
    ASSERT_GT(blobs, 0) << "nothing was kept";
    auto again = load();
    ASSERT_TRUE(again) << "damage " << damage << ": " << again.error().message;
    EXPECT_EQ(run(**again, "points"), want);
  }
}

}  // namespace
}  // namespace vultus::runtime
