#include <vultus/runtime/catalogue.hpp>

#include <array>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vultus/runtime/test_packages.hpp>

namespace vultus::runtime {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

std::string manifest(const std::string& id) {
  std::string text = test::read_file(VULTUS_SOURCE_DIR "/models/fr_detect.json");
  return text.replace(text.find("fr_detect"), std::string("fr_detect").size(), id);
}

class CatalogueFolders : public ::testing::Test {
 protected:
  CatalogueFolders() {
    fs::create_directories(first_);
    fs::create_directories(second_);
  }
  [[nodiscard]] Result<Catalogue> loaded() const { return Catalogue::load(std::array{first_, second_}); }
  test::TemporaryFolder folder_;
  fs::path first_ = folder_.path() / "first", second_ = folder_.path() / "second";
};

TEST_F(CatalogueFolders, GiveTheirManifestsInOrderOfFolderAndName) {
  test::write_file(first_ / "b.json", manifest("b"));
  test::write_file(first_ / "a.json", manifest("a"));
  test::write_file(first_ / "notes.txt", "not a manifest");
  test::write_file(second_ / "0.json", manifest("zero"));
  const auto catalogue = loaded();
  ASSERT_TRUE(catalogue) << catalogue.error().message;
  std::vector<std::string> ids;
  for (const ModelManifest& model : catalogue->models()) ids.push_back(model.id.text());
  EXPECT_EQ(ids, (std::vector<std::string>{"a", "b", "zero"}));
  EXPECT_EQ(catalogue->models().back().folder, second_.string());
  EXPECT_EQ(catalogue->models().back().origin, (second_ / "0.json").string());
  EXPECT_EQ(catalogue->find(ModelId("b")).value(), &catalogue->models()[1]);
}

TEST_F(CatalogueFolders, MayNotDefineAnIdTwice) {
  test::write_file(first_ / "a.json", manifest("same"));
  test::write_file(second_ / "b.json", manifest("same"));
  const auto catalogue = loaded();
  ASSERT_FALSE(catalogue);
  EXPECT_EQ(catalogue.error().code, ErrorCode::corrupt_data);
  EXPECT_THAT(catalogue.error().message, HasSubstr("same"));
  EXPECT_THAT(catalogue.error().message, HasSubstr("b.json"));
}

TEST_F(CatalogueFolders, ThatAreMissingAreAnError) {
  fs::remove_all(second_);
  const auto catalogue = loaded();
  ASSERT_FALSE(catalogue);
  EXPECT_EQ(catalogue.error().code, ErrorCode::not_found);
  EXPECT_THAT(catalogue.error().message, HasSubstr(second_.string()));
}

TEST_F(CatalogueFolders, WithABadManifestNameItsFile) {
  test::write_file(first_ / "bad.json", "{}");
  const auto catalogue = loaded();
  ASSERT_FALSE(catalogue);
  EXPECT_EQ(catalogue.error().code, ErrorCode::corrupt_data);
  EXPECT_THAT(catalogue.error().message, HasSubstr("bad.json"));
}

TEST_F(CatalogueFolders, WithAManifestThatIsAFolderAreAnError) {
  fs::create_directory(first_ / "folder.json");
  EXPECT_FALSE(loaded());
}

TEST_F(CatalogueFolders, NameTheKnownModelsWhenOneIsNot) {
  test::write_file(first_ / "a.json", manifest("a"));
  const auto found = loaded().value().find(ModelId("c"));
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, ErrorCode::not_found);
  EXPECT_THAT(found.error().message, HasSubstr("\"c\""));
  EXPECT_THAT(found.error().message, HasSubstr("known are a"));
}

TEST(Catalogue, OfNoFoldersIsEmpty) {
  const auto catalogue = Catalogue::load({});
  ASSERT_TRUE(catalogue);
  EXPECT_TRUE(catalogue->models().empty());
}

TEST(Catalogue, OfVultusHoldsTheDefaultModels) {
  const auto catalogue = Catalogue::load(std::array{fs::path(VULTUS_SOURCE_DIR) / "models"});
  ASSERT_TRUE(catalogue) << catalogue.error().message;
  for (const char* id : {"fr_detect", "fr_landmark", "fr_feature", "mobilefacenet192", "mp_face_mesh"})
    EXPECT_TRUE(catalogue->find(ModelId(id))) << id;
}

}  // namespace
}  // namespace vultus::runtime
