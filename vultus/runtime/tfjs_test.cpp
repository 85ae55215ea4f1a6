// Networks of TensorFlow.js, written here as JSON and bytes, through the inference library: answers follow by hand.
#include <cmath>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vultus/runtime/network.hpp>
#include <vultus/runtime/sha256.hpp>
#include <vultus/runtime/test_packages.hpp>
#include <vultus/runtime/tfjs.hpp>
#include <vultus/runtime/tfjs_weights.hpp>

namespace vultus::runtime {
namespace {

using ::testing::ElementsAre;
using ::testing::FloatNear;
using ::testing::HasSubstr;

TEST(HalfFloats, AreWidenedExactly) {
  EXPECT_EQ(widened(0x3c00), 1.0F);
  EXPECT_EQ(widened(0xc000), -2.0F);
  EXPECT_EQ(widened(0x3555), 0.333251953125F);  // nearest to 1/3
  EXPECT_EQ(widened(0x0001), std::ldexp(1.0F, -24));
  EXPECT_EQ(widened(0x7bff), 65504.0F);
  EXPECT_EQ(widened(0x8000), 0.0F);
  EXPECT_TRUE(std::isinf(widened(0x7c00)));
  EXPECT_TRUE(std::isnan(widened(0x7e00)));
}

std::string floats(const std::vector<float>& values) {
  return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(float)};
}
std::string constant_row(const std::string& name) { return R"({"name":")" + name + R"(","op":"Const","attr":{}})"; }
std::string weight(const std::string& name, const std::string& shape, const std::string& more = "") {
  return R"({"name":")" + name + R"(","shape":)" + shape + R"(,"dtype":"float32")" + more + "}";
}
constexpr const char* kInput =
    R"({"name":"x","op":"Placeholder","attr":{"dtype":{"type":"DT_FLOAT"},"shape":{"shape":{"dim":[{"size":"-1"},{"size":"1"},{"size":"2"},{"size":"1"}]}}}})";
// "VALID" and "NHWC" in base 64.
constexpr const char* kConvolution =
    R"("T":{"type":"DT_FLOAT"},"strides":{"list":{"i":["1","1","1","1"]}},"dilations":{"list":{"i":["1","1","1","1"]}},"padding":{"s":"VkFMSUQ="},"data_format":{"s":"TkhXQw=="})";
/// base 64 of BiasAdd and of the activations used here.
constexpr const char* kBias = "Qmlhc0FkZA==";
constexpr const char* kPrelu = "UHJlbHU=";
constexpr const char* kRelu = "UmVsdQ==";
constexpr const char* kLeaky = "TGVha3lSZWx1";

std::string fused_ops(const std::vector<std::string>& names) {
  std::string list;
  for (const std::string& name : names) list += (list.empty() ? "\"" : ",\"") + name + "\"";
  return R"(,"fused_ops":{"list":{"s":[)" + list + "]}}";
}
std::string node_row(const std::string& name, const std::string& op, const std::string& inputs,
                     const std::string& attributes) {
  return R"({"name":")" + name + R"(","op":")" + op + R"(","input":[)" + inputs + R"(],"attr":{)" + attributes + "}}";
}
std::string model_json(const std::string& nodes, const std::string& weights) {
  return R"({"format":"graph-model","modelTopology":{"node":[)" + nodes +
         R"(]},"weightsManifest":[{"paths":["/etc/passwd"],"weights":[)" + weights + "]}]}";
}

class Tfjs : public ::testing::Test {
 protected:
  /// Runs a network of one row of two grey pixels.
  Result<std::vector<float>> run(const std::string& json, const std::string& shard, const std::string& output,
                                 const std::vector<std::uint8_t>& pixels) {
    ModelManifest model;
    model.id = ModelId("tiny");
    model.format = Format::tfjs;
    model.folder = folder_.path().string();
    model.files = {{.path = "model.json"}, {.path = "shard.bin"}};
    model.input = {{1, 1, 2, 1}, Layout::nhwc, Colour::gray, {0}, {1}, false};
    model.outputs = {{"values", output}};
    test::write_file(folder_.path() / "model.json", json);
    test::write_file(folder_.path() / "shard.bin", shard);
    VULTUS_TRY(const auto backend, make_openvino_backend({.precision = Precision::f32}));
    VULTUS_TRY(const auto network, backend->load(model, folder_.path() / "model.json", {}));
    std::ranges::copy(pixels, network->input().begin());
    VULTUS_CHECK(network->run());
    VULTUS_TRY(const auto values, network->output("values"));
    return std::vector<float>(values.begin(), values.end());
  }
  static Error refused(const std::string& json, const std::string& shard) {
    const std::vector<std::int64_t> shape{1, 1, 2, 1};
    const auto made =
        tfjs_to_graphdef(json, {reinterpret_cast<const std::uint8_t*>(shard.data()), shard.size()}, shape, "tiny.json");
    EXPECT_FALSE(made);
    return made ? Error{} : made.error();
  }
  test::TemporaryFolder folder_;
};

TEST_F(Tfjs, FusedConvolutionsAreTakenApart) {
  // 2 v - 100 for v = 40 and 60 is -20 and 20; negative numbers are multiplied by 0.25.
  const std::string json = model_json(
      std::string(kInput) + "," + constant_row("k") + "," + constant_row("b") + "," + constant_row("s") + "," +
          node_row("y", "_FusedConv2D", R"("x","k","b","s")", kConvolution + fused_ops({kBias, kPrelu})),
      weight("k", "[1,1,1,1]") + "," + weight("b", "[1]") + "," + weight("s", "[1]"));
  const auto values = run(json, floats({2, -100, 0.25F}), "y:0", {40, 60});
  ASSERT_TRUE(values) << values.error().message;
  EXPECT_THAT(*values, ElementsAre(FloatNear(-5, 1e-5F), FloatNear(20, 1e-5F)));
}

TEST_F(Tfjs, NumbersOfEightAndSixteenBitsAndHalvesAreWidened) {
  // Kernel: 6 * 0.5 - 1 = 2 of 8 bits; bias: the half -1.5; depthwise factor: 300 * 0.01 of 16 bits = 3, then Relu.
  const std::string json =
      model_json(std::string(kInput) + "," + constant_row("k") + "," + constant_row("b") + "," + constant_row("d") +
                     "," + node_row("c", "_FusedConv2D", R"("x","k","b")", kConvolution + fused_ops({kBias})) + "," +
                     node_row("y", "FusedDepthwiseConv2dNative", R"("c","d")", kConvolution + fused_ops({kRelu})),
                 weight("k", "[1,1,1,1]", R"(,"quantization":{"dtype":"uint8","scale":0.5,"min":-1})") + "," +
                     weight("b", "[1]", R"(,"quantization":{"dtype":"float16","original_dtype":"float32"})") + "," +
                     weight("d", "[1,1,1,1]", R"(,"quantization":{"dtype":"uint16","scale":0.01,"min":0})"));
  const auto values = run(json, std::string("\x06\x00\xbe\x2c\x01", 5), "y:0", {0, 10});
  ASSERT_TRUE(values) << values.error().message;
  EXPECT_THAT(*values, ElementsAre(0, FloatNear(3 * (2 * 10 - 1.5F), 1e-3F)));
}

TEST_F(Tfjs, FusedMatrixProductsAndLeakyRelu) {
  // (v0, v1) times (1 0; 0 -1), plus (0, 1): v0 and 1 - v1; negative numbers by 0.5. The first four nodes make a
  // matrix.
  const std::string json = model_json(
      std::string(kInput) + "," + constant_row("shape") + "," + constant_row("m") + "," + constant_row("b") + "," +
          node_row("r", "Reshape", R"("x","shape")", R"("T":{"type":"DT_FLOAT"},"Tshape":{"type":"DT_INT32"})") + "," +
          node_row("y", "_FusedMatMul", R"("r","m","b","^x")",
                   R"("T":{"type":1},"transpose_a":{"b":false},"transpose_b":{"b":false},"leakyrelu_alpha":{"f":0.5})" +
                       fused_ops({kBias, kLeaky})),
      R"({"name":"shape","shape":[2],"dtype":"int32"},)" + weight("m", "[2,2]") + "," + weight("b", "[2]"));
  const auto values = run(json, std::string("\x01\0\0\0\x02\0\0\0", 8) + floats({1, 0, 0, -1, 0, 1}), "y:0", {3, 9});
  ASSERT_TRUE(values) << values.error().message;
  EXPECT_THAT(*values, ElementsAre(FloatNear(3, 1e-5F), FloatNear(-4, 1e-5F)));
}

TEST_F(Tfjs, CountsThatDoNotFitTheBytesAreRefused) {
  const std::string nodes = std::string(kInput) + "," + constant_row("k");
  EXPECT_THAT(refused(model_json(nodes, weight("k", "[2]")), "1234").message, HasSubstr("tiny.json: weight \"k\""));
  EXPECT_THAT(refused(model_json(nodes, weight("k", "[1]")), "12345678").message, HasSubstr("4 bytes of the shards"));
  EXPECT_EQ(refused(model_json(nodes, weight("k", "[4294967296,4294967296]")), "1234").code, ErrorCode::corrupt_data);
  EXPECT_EQ(refused(model_json(nodes, weight("k", "[-1]")), "1234").code, ErrorCode::corrupt_data);
  EXPECT_THAT(refused(model_json(nodes, ""), "").message, HasSubstr("constant \"k\" has no weights"));
  EXPECT_THAT(refused(model_json(nodes, weight("k", "[1]") + "," + weight("k", "[1]")), "12345678").message,
              HasSubstr("twice"));
}

TEST_F(Tfjs, WhatIsNotKnownIsRefusedByName) {
  const std::string nodes = std::string(kInput) + "," + constant_row("k") + "," +
                            node_row("y", "_FusedConv2D", R"("x","k")", kConvolution + fused_ops({"R2VsdQ=="}));
  const Error fused = refused(model_json(nodes, weight("k", "[1]")), "1234");
  EXPECT_EQ(fused.code, ErrorCode::unsupported);
  EXPECT_THAT(fused.message, HasSubstr("Gelu"));
  EXPECT_EQ(refused(R"({"modelTopology":{"model_config":{}},"weightsManifest":[]})", "").code, ErrorCode::unsupported);
  EXPECT_THAT(refused(model_json(std::string(kInput) + "," + kInput, ""), "").message, HasSubstr("2 inputs"));
  EXPECT_THAT(refused(model_json(kInput, R"({"name":"k","shape":[1],"dtype":"complex64"})"), "12345678").message,
              HasSubstr("complex64"));
}

TEST_F(Tfjs, TextOfAnyKindMakesAnError) {
  for (
      const std::string& text :
      {std::string(), std::string("[]"), std::string("{}"), std::string(5000, '['),
       std::string(R"({"modelTopology":{"node":[7]},"weightsManifest":[]})"),
       std::string(
           R"({"modelTopology":{"node":[{"name":"a","op":"b","attr":{"c":{"list":7}}}]},"weightsManifest":[]})"),
       std::string(
           R"({"modelTopology":{"node":[{"name":"a","op":"_FusedConv2D","input":["x","k"],"attr":{"fused_ops":{"s":"eA=="}}}]},"weightsManifest":[]})")})
    EXPECT_FALSE(refused(text, "").message.empty()) << text.substr(0, 60);
}

TEST_F(Tfjs, AnOperationThatTheLibraryDoesNotKnowIsCorrupt) {
  const auto values = run(model_json(std::string(kInput) + "," + node_row("y", "NoSuchOperation", R"("x")", ""), ""),
                          "", "y:0", {1, 2});
  ASSERT_FALSE(values);
  EXPECT_THAT(values.error().message, HasSubstr("tiny"));
}

}  // namespace
}  // namespace vultus::runtime
