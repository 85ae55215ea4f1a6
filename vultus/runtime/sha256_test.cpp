#include <vultus/runtime/sha256.hpp>

#include <string_view>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vultus/runtime/test_packages.hpp>

namespace vultus::runtime {
namespace {

struct Vector {
  std::string name, message, sum;
};

// FIPS 180-4 examples of NIST: no bytes, one block, two blocks, a million bytes.
const std::vector<Vector>& vectors() {
  static const std::vector<Vector> kAll{
      {"empty", "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
      {"abc", "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
      {"two_blocks", "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
       "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
      {"million", std::string(1'000'000, 'a'), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"}};
  return kAll;
}

class Sha256 : public ::testing::TestWithParam<std::size_t> {};

TEST_P(Sha256, GivesThePublishedSumOfBytesAndOfAFile) {
  const Vector& v = vectors()[GetParam()];
  EXPECT_EQ(sha256({reinterpret_cast<const std::uint8_t*>(v.message.data()), v.message.size()}), v.sum);
  const test::TemporaryFolder folder;
  test::write_file(folder.path() / "file", v.message);
  EXPECT_EQ(sha256_of_file(folder.path() / "file").value(), v.sum);
}

INSTANTIATE_TEST_SUITE_P(Published, Sha256, ::testing::Range(std::size_t{0}, std::size_t{4}),
                         [](const auto& chosen) { return vectors()[chosen.param].name; });

TEST(Sha256OfFile, NamesAFileThatIsNotThere) {
  const auto sum = sha256_of_file("/nowhere/model.onnx");
  ASSERT_FALSE(sum);
  EXPECT_EQ(sum.error().code, ErrorCode::not_found);
  EXPECT_THAT(sum.error().message, ::testing::HasSubstr("/nowhere/model.onnx"));
}

TEST(Sha256OfFile, OfAFolderIsAnError) { EXPECT_EQ(sha256_of_file("/").error().code, ErrorCode::resource_limit); }

}  // namespace
}  // namespace vultus::runtime
