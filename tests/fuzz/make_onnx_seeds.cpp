// Writes small ONNX files, good and refused ones: the seeds from which libFuzzer starts.
#include <cstdio>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include <vultus/runtime/test_onnx.hpp>

int main(int count, char** arguments) {
  using namespace vultus::runtime::test;  // NOLINT(google-build-using-namespace): a list of its functions
  if (count != 2) return std::fprintf(stderr, "usage: make_onnx_seeds FOLDER\n"), 2;
  const std::string outside = onnx_external("w", "../w.bin");
  const std::string branch = field(1, "then_branch") + field(6, field(5, outside));
  const std::vector<std::pair<std::string, std::string>> seeds{
      {"embedder.onnx", onnx_embedder(2, {1, 0, 0, 0, 1, 0})},
      {"outside.onnx", onnx_model(field(5, outside))},
      {"branch.onnx", onnx_model(field(1, onnx_node("If", {"x"}, {"y"}) + field(5, branch)))},
      {"sparse.onnx", onnx_model(field(15, field(1, onnx_floats("v", {1}, {1})) + field(2, onnx_integers("i", {0}))))},
      {"giant.onnx", onnx_model(field(5, number(1, std::uint64_t{1} << 40U) + number(2, 1) + field(8, "w")))}};
  for (const auto& [name, file] : seeds)
    std::ofstream(std::string(arguments[1]) + "/" + name, std::ios::binary) << file;
  return 0;
}
