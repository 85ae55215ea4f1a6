#include <vultus/runtime/onnx_metadata.hpp>

#include <string>

#include <gtest/gtest.h>

#include <vultus/runtime/test_onnx.hpp>

namespace vultus::runtime {
namespace {

using test::field;

Result<std::map<std::string, std::string>> metadata_of(const std::string& file) {
  return onnx_metadata({reinterpret_cast<const std::uint8_t*>(file.data()), file.size()});
}

TEST(OnnxMetadata, TellsItsTexts) {
  const std::string graph = field(1, test::onnx_node("Neg", {"x"}, {"y"}));
  const std::string entry = field(14, field(1, "character") + field(2, "a\nb\n\xC3\xA9"));
  const auto told = metadata_of(test::onnx_model(graph) + entry + field(14, field(1, "empty"))).value();
  EXPECT_EQ(told.size(), 2U);
  EXPECT_EQ(told.at("character"), "a\nb\n\xC3\xA9");
  EXPECT_EQ(told.at("empty"), "");
  EXPECT_TRUE(metadata_of(test::onnx_model(graph)).value().empty());
}

TEST(OnnxMetadata, OfNoModelIsAnError) { EXPECT_EQ(metadata_of("\x72\x7f").error().code, ErrorCode::corrupt_data); }

}  // namespace
}  // namespace vultus::runtime
