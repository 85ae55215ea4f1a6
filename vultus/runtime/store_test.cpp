#include <vultus/runtime/store.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vultus/runtime/sha256.hpp>
#include <vultus/runtime/test_packages.hpp>

namespace vultus::runtime {
namespace {

using test::Setting;
using ::testing::HasSubstr;

// FIPS 180-4: SHA-256 of "abc".
constexpr const char* kSumOfAbc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

class Store : public ::testing::Test {
 protected:
  Store() {
    model_.id = ModelId("net");
    model_.source.registry = Registry::npm;
    model_.files = {{.path = "a/b.onnx", .sha256 = kSumOfAbc, .bytes = 3}};
    std::filesystem::create_directories(folder_.path() / "models");
  }
  [[nodiscard]] std::filesystem::path place() const { return store_.path_of(model_, model_.files.front()); }

  test::TemporaryFolder folder_;
  ModelStore store_{folder_.path()};
  ModelManifest model_;
};

TEST_F(Store, NamesAFileByModelSumAndFormat) {
  EXPECT_EQ(place(), folder_.path() / "models" / "net-ba7816bf8f01cfea.onnx");
}

TEST_F(Store, SaysHowToGetAModelThatIsMissing) {
  EXPECT_FALSE(store_.present(model_));
  const auto path = store_.verified(model_);
  ASSERT_FALSE(path);
  EXPECT_EQ(path.error().code, ErrorCode::not_found);
  EXPECT_THAT(path.error().message, HasSubstr(place().string()));
  EXPECT_THAT(path.error().message, HasSubstr("vultus models fetch net"));
}

TEST_F(Store, GivesThePathOfAModelThatMatches) {
  test::write_file(place(), "abc");
  EXPECT_TRUE(store_.present(model_));
  EXPECT_EQ(store_.verified(model_).value(), place());
}

TEST_F(Store, RefusesAnAlteredModelOfTheSameSizeAndNamesBothSums) {
  test::write_file(place(), "abd");
  EXPECT_TRUE(store_.present(model_)) << "the cheap question looks at sizes only";
  const auto path = store_.verified(model_);
  ASSERT_FALSE(path);
  EXPECT_EQ(path.error().code, ErrorCode::corrupt_data);
  EXPECT_THAT(path.error().message, HasSubstr(kSumOfAbc));
  EXPECT_THAT(path.error().message, HasSubstr(sha256_of_file(place()).value()));
}

TEST_F(Store, DoesNotCallAFileOfAnotherSizePresent) {
  test::write_file(place(), "abcd");
  EXPECT_FALSE(store_.present(model_));
}

TEST_F(Store, RefusesAFileOfAnotherSizeThanItsManifestSaysAndNamesBoth) {
  test::write_file(place(), "abc");
  model_.files.front().bytes = 4;  // the sum is that of the file
  const auto path = store_.verified(model_);
  ASSERT_FALSE(path);
  EXPECT_EQ(path.error().code, ErrorCode::corrupt_data);
  EXPECT_THAT(path.error().message, HasSubstr(place().string() + " has 3 bytes, its manifest says \"bytes\": 4"));
}

TEST_F(Store, ReadsNoDeviceToItsEnd) {
  model_.source.registry = Registry::local;
  model_.files.front().path = "/dev/zero";
  const auto path = store_.verified(model_);
  ASSERT_FALSE(path);
  EXPECT_EQ(path.error().code, ErrorCode::corrupt_data);
  EXPECT_THAT(path.error().message, HasSubstr("/dev/zero is no file"));
}

TEST_F(Store, NeedsEveryFileOfAModel) {
  model_.files.push_back({.path = "more", .sha256 = std::string(64, '0'), .bytes = 4});
  test::write_file(place(), "abc");
  EXPECT_FALSE(store_.present(model_));
  EXPECT_EQ(store_.verified(model_).error().code, ErrorCode::not_found);
}

TEST_F(Store, LooksForAnOwnModelBesideItsManifest) {
  model_.source.registry = Registry::local;
  model_.folder = "/my/models";
  EXPECT_EQ(place(), "/my/models/a/b.onnx");
  model_.files.front().path = "/abs/c.onnx";
  EXPECT_EQ(place(), "/abs/c.onnx");
}

TEST(DefaultCacheFolder, IsTheFirstThatIsSet) {
  const Setting home("HOME", "/ann");
  {
    const Setting cache("VULTUS_CACHE", "/big/disk"), xdg("XDG_CACHE_HOME", "/xdg");
    EXPECT_EQ(default_cache_folder().value(), "/big/disk");
  }
  const Setting unset("VULTUS_CACHE", "");
  {
    const Setting xdg("XDG_CACHE_HOME", "/xdg");
    EXPECT_EQ(default_cache_folder().value(), "/xdg/vultus");
  }
  const Setting no_xdg("XDG_CACHE_HOME", "");
  EXPECT_EQ(default_cache_folder().value(), "/ann/.cache/vultus");
  const Setting no_home("HOME", "");
  EXPECT_EQ(default_cache_folder().error().code, ErrorCode::not_found);
}

}  // namespace
}  // namespace vultus::runtime
