#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <vultus/learn/onnx_writer.hpp>

namespace vultus::learn {
namespace {

using Sides = std::vector<std::int64_t>;

/// A file with one output.
std::string file_with(const Sides& shape) {
  OnnxWriter onnx(WeightKind::f32);
  onnx.output("y", shape);
  return onnx.file("g");
}

bool holds(const std::string& file, const std::string& bytes) { return file.find(bytes) != std::string::npos; }

// @source onnx.proto: GraphProto.output 12, ValueInfoProto name 1 and type 2, TypeProto.tensor_type 1, elem_type 1 (1 =
// float), shape 2, dim 1, dim_value 1
TEST(OnnxWriters, SayNothingOfAShapeThatIsNotTold) {
  EXPECT_TRUE(holds(file_with({}), std::string("\x62\x09\x0A\x01y\x12\x04\x0A\x02\x08\x01")));
  EXPECT_TRUE(holds(file_with({3}), std::string("\x62\x0F\x0A\x01y\x12\x0A\x0A\x08\x08\x01\x12\x04\x0A\x02\x08\x03")));
}

}  // namespace
}  // namespace vultus::learn
