#include <cstring>
#include <fstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vultus/core/test_folder.hpp>
#include <vultus/learn/tensor_file.hpp>

namespace vultus::learn {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

Result<TensorFile> of(const std::string& head, std::size_t data) {
  const std::uint64_t length = head.size();
  std::string bytes(reinterpret_cast<const char*>(&length), 8);
  bytes += head + std::string(data, '\0');
  return TensorFile::of_bytes(std::as_bytes(std::span(bytes)));
}

TEST(FilesOfTensors, GiveBackWhatWasWritten) {
  const TestFolder folder;
  const auto path = folder.path() / "a.safetensors";
  auto writer = TensorFileWriter::create(
      path, {{"x", TensorType::f32, {2, 2}}, {"h", TensorType::f16, {1}}, {"none", TensorType::u8, {0, 3}}},
      {{"what", "a test"}});
  ASSERT_TRUE(writer) << writer.error().message;
  const std::vector<float> values{1, -2, 3.5F, 1e-3F};
  const std::uint16_t one = 0x3C00;
  // The second row first: rows go where they belong.
  ASSERT_TRUE(writer->write("x", 8, std::as_bytes(std::span(values).subspan(2))));
  ASSERT_TRUE(writer->write("x", 0, std::as_bytes(std::span(values).first(2))));
  ASSERT_TRUE(writer->write("h", 0, std::as_bytes(std::span(&one, 1))));
  EXPECT_FALSE(writer->write("x", 12, std::as_bytes(std::span(values).first(2))));
  EXPECT_FALSE(std::filesystem::exists(path));  // not before it is whole
  ASSERT_TRUE(writer->finish());
  const auto file = TensorFile::open(path);
  ASSERT_TRUE(file) << file.error().message;
  EXPECT_EQ(file->floats("x").value(), values);
  EXPECT_THAT(file->floats("h").value(), ElementsAre(1.0F));
  EXPECT_EQ(file->notes().at("what"), "a test");
  EXPECT_EQ(file->find("none").value()->count(), 0U);
  EXPECT_EQ(file->floats("y").error().code, ErrorCode::not_found);
  EXPECT_EQ(file->floats("none").error().code, ErrorCode::invalid_argument);
}

TEST(FilesOfTensors, AnUnfinishedFileLeavesTheOldOne) {
  const TestFolder folder;
  const auto path = folder.path() / "a.safetensors";
  std::ofstream(path) << "old";
  {
    auto writer = TensorFileWriter::create(path, {{"x", TensorType::f32, {1}}});
    ASSERT_TRUE(writer);
  }
  std::string text;
  std::ifstream(path) >> text;
  EXPECT_EQ(text, "old");
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path()), {}), 1);
}

TEST(FilesOfTensors, FaultsAreNamed) {
  EXPECT_TRUE(of(R"({"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})", 8));
  EXPECT_THAT(of(R"({"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})", 7).error().message, HasSubstr("\"x\""));
  EXPECT_THAT(of(R"({"x":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}})", 8).error().message, HasSubstr("differ"));
  EXPECT_THAT(of(R"({"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})", 9).error().message, HasSubstr("behind"));
  EXPECT_EQ(of(R"({"x":{"dtype":"BF16","shape":[4],"data_offsets":[0,8]}})", 8).error().code, ErrorCode::unsupported);
  EXPECT_THAT(of(R"({"x":{"dtype":"U8","shape":[4294967296,4294967296],"data_offsets":[0,0]}})", 0).error().message,
              HasSubstr("differ"));
  EXPECT_THAT(
      of(R"({"x":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"y":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}})",
         3)
          .error()
          .message,
      HasSubstr("overlaps"));
  EXPECT_FALSE(of("[]", 0));
  EXPECT_FALSE(TensorFile::of_bytes({}));
}

}  // namespace
}  // namespace vultus::learn
