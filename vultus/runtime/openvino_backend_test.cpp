// The backend on a network of one node, written here byte by byte: y = -x.
#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vultus/runtime/network.hpp>
#include <vultus/runtime/test_packages.hpp>

namespace vultus::runtime {
namespace {

using ::testing::HasSubstr;

// Fields of protocol buffers: the key is number << 3 | kind (0 = number, 2 = bytes). All values here are below 128.
std::string number(int field, int value) { return {static_cast<char>(field << 3), static_cast<char>(value)}; }
std::string bytes(int field, const std::string& value) {
  return std::string{static_cast<char>(field << 3 | 2), static_cast<char>(value.size())} + value;
}
/// ValueInfoProto: a float tensor.
std::string tensor(const std::string& name, const std::vector<int>& shape) {
  std::string dimensions;
  for (const int d : shape) dimensions += bytes(1, number(1, d));
  return bytes(1, name) + bytes(2, bytes(1, number(1, 1) + bytes(2, dimensions)));
}
/// ModelProto of ONNX operator set 13 with the graph y = -x.
std::string negation(const std::vector<int>& shape, const std::string& x = "x", const std::string& y = "y") {
  const std::string node = bytes(1, x) + bytes(2, y) + bytes(4, "Neg");
  const std::string graph = bytes(1, node) + bytes(2, "g") + bytes(11, tensor(x, shape)) + bytes(12, tensor(y, shape));
  return number(1, 8) + bytes(7, graph) + bytes(8, number(2, 13));
}

class OpenVino : public ::testing::Test {
 protected:
  void SetUp() override {
    test::write_file(file_, negation({1, 3, 2, 2}));
    model_.id = ModelId("negation");
    model_.input = {{1, 3, 2, 2}, Layout::nchw, Colour::rgb, {0, 0, 0}, {1, 1, 1}, false};
    model_.outputs = {{"values", "y"}};
  }
  [[nodiscard]] Result<std::unique_ptr<Network>> loaded(const LoadOptions& options = {}) const {
    auto backend = make_openvino_backend({.precision = Precision::f32});
    if (!backend) return backend.error();
    return (*backend)->load(model_, file_, options);
  }
  /// The outputs for the bytes 1, 2, 3 ... 12 in [height][width][channels].
  [[nodiscard]] std::vector<float> run() const {
    auto network = loaded().value();
    std::uint8_t next = 0;
    for (std::uint8_t& byte : network->input()) byte = ++next;
    network->run().value();
    const auto values = network->output("values").value();
    return {values.begin(), values.end()};
  }

  test::TemporaryFolder folder_;
  std::filesystem::path file_ = folder_.path() / "negation.onnx";
  ModelManifest model_;
};

TEST_F(OpenVino, TurnsPixelsIntoTheLayoutOfTheNetwork) {
  // Bytes r g b r g b r g b r g b become the planes r r r r, g g g g, b b b b.
  EXPECT_EQ(run(), (std::vector<float>{-1, -4, -7, -10, -2, -5, -8, -11, -3, -6, -9, -12}));
}

TEST_F(OpenVino, AppliesMeanAndScalePerChannelAfterPuttingTheColoursInOrder) {
  model_.input.colour = Colour::bgr;
  model_.input.mean = {3, 2, 1};
  model_.input.scale = {0.5F, 1, 2};
  // The network sees blue, green, red; mean and scale are in its order: -(3-3)/0.5, ..., -(2-2)/1, ..., -(1-1)/2 ...
  EXPECT_EQ(run(), (std::vector<float>{0, -6, -12, -18, 0, -3, -6, -9, 0, -1.5F, -3, -4.5F}));
}

TEST_F(OpenVino, LeavesTheLayoutOfPixelsAlone) {
  test::write_file(file_, negation({1, 2, 2, 3}));
  model_.input.layout = Layout::nhwc;
  model_.input.shape = {1, 2, 2, 3};
  EXPECT_EQ(run(), (std::vector<float>{-1, -2, -3, -4, -5, -6, -7, -8, -9, -10, -11, -12}));
}

TEST_F(OpenVino, TakesTheSizeThatIsAskedForWhereTheManifestAllowsIt) {
  const auto refused = loaded({.width = 4, .height = 2});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::invalid_argument);
  EXPECT_THAT(refused.error().message, HasSubstr("2x2"));
  EXPECT_THAT(refused.error().message, HasSubstr("4x2"));
  model_.input.resizable = true;
  const auto network = loaded({.width = 4, .height = 2});
  ASSERT_TRUE(network) << network.error().message;
  EXPECT_EQ((*network)->width(), 4);
  EXPECT_EQ((*network)->height(), 2);
  EXPECT_EQ((*network)->input().size(), 24U);
  EXPECT_EQ((*network)->output("values").value().size(), 24U);
}

TEST_F(OpenVino, RefusesAManifestWithAnotherShapeThanTheFile) {
  model_.input.shape = {1, 3, 4, 4};
  const auto network = loaded();
  ASSERT_FALSE(network);
  EXPECT_EQ(network.error().code, ErrorCode::corrupt_data);
  EXPECT_THAT(network.error().message, HasSubstr("negation"));
}

TEST_F(OpenVino, RefusesAManifestThatNamesATensorWhichIsNotThere) {
  model_.outputs["more"] = "z";
  const auto network = loaded();
  ASSERT_FALSE(network);
  EXPECT_EQ(network.error().code, ErrorCode::corrupt_data);
  EXPECT_THAT(network.error().message, HasSubstr("no tensor z for its output"));
}

TEST_F(OpenVino, NamesTheManifestAndTheFieldThatDoesNotFitTheFile) {
  model_.origin = "models/negation.json";
  const auto refused = [&] {
    const auto network = loaded();
    EXPECT_FALSE(network);
    return network ? Error{} : network.error();
  };
  model_.outputs = {{"values", "z"}};
  EXPECT_EQ(refused().code, ErrorCode::corrupt_data);
  EXPECT_THAT(refused().message, ::testing::AllOf(::testing::StartsWith("models/negation.json: "),
                                                  HasSubstr("no tensor z"), HasSubstr("\"outputs\"")));
  model_.outputs = {{"points", "y"}};
  model_.decoder = "ibug68";
  EXPECT_EQ(refused().code, ErrorCode::corrupt_data);
  EXPECT_THAT(refused().message,
              ::testing::AllOf(::testing::StartsWith("models/negation.json: "),
                               HasSubstr("\"points\" is the tensor \"y\" of 12 values, decoder ibug68 reads 136")));
  model_.decoder.clear();
  model_.input.shape = {1, 3, 4, 4};
  EXPECT_EQ(refused().code, ErrorCode::corrupt_data);
  EXPECT_THAT(refused().message,
              ::testing::AllOf(::testing::StartsWith("models/negation.json: "), HasSubstr("\"shape\"")));
  model_.input.shape = {1, 2, 2, 3};  // what a layout gets wrong
  model_.input.layout = Layout::nhwc;
  EXPECT_EQ(refused().code, ErrorCode::corrupt_data);
}

TEST_F(OpenVino, HasOnlyTheOutputsOfTheManifest) {
  EXPECT_EQ(loaded().value()->output("y").error().code, ErrorCode::not_found);
}

TEST_F(OpenVino, CallsAFileThatIsNoNetworkCorrupt) {
  for (const std::string& content : {std::string("no network"), std::string(), negation({1, 3, 2, 2}).substr(0, 40)}) {
    test::write_file(file_, content);
    const auto network = loaded();
    ASSERT_FALSE(network);
    EXPECT_EQ(network.error().code, ErrorCode::corrupt_data) << network.error().message;
  }
}

TEST_F(OpenVino, KeepsAHeadApartFromTheSameOneOnATrunkWithOtherInput) {
  auto trunk = std::make_shared<ModelManifest>(model_);
  const std::filesystem::path head = folder_.path() / "head.onnx";
  test::write_file(head, negation({1, 3, 2, 2}, "map", "z"));
  model_.outputs = {{"values", "z"}};
  const auto first_output = [&](float mean) {
    trunk->input.mean = {mean, mean, mean};
    model_.trunks = {{.model = ModelId("trunk"),
                      .feeds = {{"map", "y"}},
                      .manifest = std::make_shared<ModelManifest>(*trunk),
                      .file = file_}};
    const auto backend =
        make_openvino_backend({.precision = Precision::f32, .compiled = folder_.path() / "kept"}).value();
    const auto network = backend->load(model_, head, {}).value();
    std::ranges::fill(network->input(), std::uint8_t{7});
    network->run().value();
    return network->output("values").value().front();
  };
  EXPECT_EQ(first_output(0), 7) << "-(-7)";
  EXPECT_EQ(first_output(0), 7) << "as it was kept";
  EXPECT_EQ(first_output(2), 5);
}

TEST_F(OpenVino, SaysWhatReallyRuns) {
  EXPECT_THAT(make_openvino_backend({.precision = Precision::f32}).value()->description(),
              ::testing::MatchesRegex("OpenVINO [0-9]+\\.[0-9]+\\.[0-9]+ CPU f32"));
}

}  // namespace
}  // namespace vultus::runtime
