// Graphs of networks that are written here byte by byte.
#include <algorithm>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vultus/runtime/graph.hpp>
#include <vultus/runtime/test_onnx.hpp>
#include <vultus/runtime/test_packages.hpp>

namespace vultus::runtime {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class Graphs : public ::testing::Test {
 protected:
  void SetUp() override {
    test::write_file(file_, test::onnx_embedder(2, {1, 2, 3, 4, 5, 6}));
    model_.id = ModelId("means");
    model_.input = {{1, 3, 112, 112}, Layout::nchw, Colour::rgb, {0, 0, 0}, {1, 1, 1}, false};
    model_.outputs = {{"template", "embedding"}, {"inner", "wide"}};
  }
  [[nodiscard]] const GraphNode* find(const Graph& graph, std::string_view kind) const {
    const auto at = std::ranges::find(graph.nodes, kind, &GraphNode::kind);
    return at == graph.nodes.end() ? nullptr : &*at;
  }

  test::TemporaryFolder folder_;
  std::filesystem::path file_ = folder_.path() / "means.onnx";
  ModelManifest model_;
};

TEST_F(Graphs, HoldOperationsConstantsShapesAndNames) {
  const Graph graph = read_graph(model_, file_).value();
  const GraphNode* const input = find(graph, "Parameter");
  ASSERT_NE(input, nullptr);
  EXPECT_THAT(input->outputs.at(0).names, Contains("x"));
  EXPECT_THAT(input->outputs.at(0).shape, ElementsAre(1, 3, 112, 112));
  const GraphNode* const convolution = find(graph, "Convolution");
  ASSERT_NE(convolution, nullptr);
  EXPECT_THAT(convolution->numbers.at("strides"), ElementsAre(1, 1));
  EXPECT_THAT(convolution->outputs.at(0).shape, ElementsAre(1, 2, 1, 1));
  const auto& weights = graph.nodes.at(convolution->inputs.at(1).node).constant;
  ASSERT_TRUE(weights);
  EXPECT_THAT(weights->shape, ElementsAre(2, 3, 1, 1));
  EXPECT_THAT(weights->reals, ElementsAre(1, 2, 3, 4, 5, 6));
  ASSERT_EQ(graph.outputs.size(), 2U);
  EXPECT_EQ(&graph.nodes.at(graph.outputs.at("inner").node), convolution);
  EXPECT_THAT(graph.nodes.at(graph.outputs.at("template").node).outputs.at(0).shape, ElementsAre(1, 2));
}

TEST_F(Graphs, StandInTheOrderOfComputing) {
  const Graph graph = read_graph(model_, file_).value();
  for (std::size_t i = 0; i < graph.nodes.size(); ++i)
    for (const GraphValue& from : graph.nodes[i].inputs) EXPECT_LT(from.node, i);
}

TEST_F(Graphs, AreRefusedWhereTheFileOrTheManifestIsWrong) {
  model_.outputs = {{"template", "nothing"}};
  const auto missing = read_graph(model_, file_);
  ASSERT_FALSE(missing);
  EXPECT_THAT(missing.error().message, HasSubstr("no tensor nothing"));
  test::write_file(file_, "no network");
  const auto damaged = read_graph(model_, file_);
  ASSERT_FALSE(damaged);
  EXPECT_EQ(damaged.error().code, ErrorCode::corrupt_data);
  model_.trunks.emplace_back();
  const auto head = read_graph(model_, file_);
  ASSERT_FALSE(head);
  EXPECT_EQ(head.error().code, ErrorCode::unsupported);
}

}  // namespace
}  // namespace vultus::runtime
