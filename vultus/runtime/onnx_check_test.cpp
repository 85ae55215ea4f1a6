#include <vultus/runtime/onnx_check.hpp>

#include <random>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vultus/runtime/test_onnx.hpp>

namespace vultus::runtime {
namespace {

using test::field;
using ::testing::HasSubstr;

Status check(const std::string& file) {
  return check_onnx({reinterpret_cast<const std::uint8_t*>(file.data()), file.size()});
}

/// A model whose graph holds `more` beside one node.
std::string with_graph(const std::string& more) {
  return test::onnx_model(field(1, test::onnx_node("Neg", {"x"}, {"y"})) + more);
}

TEST(OnnxCheck, LetsAWholeModelPass) {
  EXPECT_TRUE(check(with_graph("")));
  EXPECT_TRUE(check(with_graph(field(5, test::onnx_floats("w", {2, 3}, {1, 2, 3, 4, 5, 6})))));
  EXPECT_TRUE(check(with_graph(field(5, test::onnx_floats("scalar", {}, {1})))));
}

TEST(OnnxCheck, RefusesWhatIsNoModelOrCutOff) {
  for (const std::string& file :
       {std::string(), std::string("no network at all"), std::string("PK\x03\x04"), std::string(300, '\xff')})
    EXPECT_EQ(check(file).error().code, ErrorCode::corrupt_data);
  const std::string whole = with_graph(field(5, test::onnx_floats("w", {2}, {1, 2})));
  for (std::size_t size = 0; size + 1 < whole.size(); ++size) {
    const Status status = check(whole.substr(0, size));
    // What stands behind the graph may be missing: the runtime asks for it.
    if (!status) {
      EXPECT_EQ(status.error().code, ErrorCode::corrupt_data) << size;
    }
  }
  EXPECT_FALSE(check(whole.substr(0, whole.size() / 2)));
}

TEST(OnnxCheck, RefusesWeightsInOtherFilesWhereverTheyLie) {
  for (const char* location : {"../secrets.bin", "/etc/passwd", "weights.bin"}) {
    const std::string outside = test::onnx_external("w", location);
    const std::string in_node =
        test::onnx_node("Constant", {}, {"c"}) + field(5, field(1, "value") + field(5, outside));
    const std::string in_branch =
        test::onnx_node("If", {"x"}, {"y"}) + field(5, field(1, "then_branch") + field(6, field(5, outside)));
    const std::string sparse = field(15, field(1, outside));
    for (const std::string& graph : {field(5, outside), field(1, in_node), field(1, in_branch), sparse}) {
      const Status status = check(with_graph(graph));
      ASSERT_FALSE(status);
      EXPECT_EQ(status.error().code, ErrorCode::unsupported);
      EXPECT_THAT(status.error().message, HasSubstr(location));
    }
    EXPECT_FALSE(check(with_graph("") + field(25, field(7, in_node)))) << "a function of the model's own";
  }
  EXPECT_FALSE(check(with_graph(field(5, field(8, "w") + test::number(14, 1)))))
      << "said to be outside, without a place";
}

TEST(OnnxCheck, RefusesTensorsLargerThanTheirFile) {
  const std::uint64_t huge = std::uint64_t{1} << 40U;
  for (const std::vector<std::uint64_t>& dims :
       {std::vector<std::uint64_t>{huge}, {1U << 20U, 1U << 20U}, {huge, huge, huge}, {~std::uint64_t{0}}}) {
    std::string tensor = test::number(2, 1) + field(8, "w");
    std::string packed;
    for (const std::uint64_t d : dims) tensor += test::number(1, d), packed += test::varint(d);
    EXPECT_EQ(check(with_graph(field(5, tensor))).error().code, ErrorCode::corrupt_data);
    EXPECT_FALSE(check(with_graph(field(5, field(1, packed) + field(8, "w")))));
  }
  EXPECT_TRUE(check(with_graph(field(5, test::onnx_floats("none", {0, 1000000}, {}))))) << "nothing is not too much";
}

TEST(OnnxCheck, RefusesEndlessNesting) {
  std::string graph = field(1, test::onnx_node("Neg", {"x"}, {"y"}));
  for (int i = 0; i < 60; ++i) graph = field(1, field(4, "Loop") + field(5, field(6, graph)));
  EXPECT_THAT(check(test::onnx_model(graph)).error().message, HasSubstr("nested"));
}

TEST(OnnxCheck, OfAnyBytesNeverCrashes) {
  std::mt19937 random(20261);  // a fixed seed, so that a failure can be found again
  const std::string whole = with_graph(field(5, test::onnx_floats("w", {2, 2}, {1, 2, 3, 4})));
  int good = 0, bad = 0;
  for (int round = 0; round < 4000; ++round) {
    std::string file = whole;
    for (int i = 0; i < 1 + round % 4; ++i) file[random() % file.size()] = static_cast<char>(random());
    const Status status = check(file);
    status ? ++good : ++bad;
    if (!status) {
      ASSERT_FALSE(status.error().message.empty());
    }
  }
  EXPECT_GT(good, 100);
  EXPECT_GT(bad, 100);
}

}  // namespace
}  // namespace vultus::runtime
