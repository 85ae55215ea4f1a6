// A gallery in a database, through the class that programs use: encrypted unless SQL clients shall search.
#include <string>

#include <gtest/gtest.h>

#include <vultus/gallery/gallery.hpp>
#include <vultus/gallery/key_source.hpp>
#include <vultus/gallery/test_faces.hpp>
#include <vultus/postgres/connection.hpp>
#include <vultus/postgres/test_server.hpp>

namespace vultus::gallery::testing {
namespace {

GalleryOptions server_options(const std::string& url) {
  GalleryOptions options = options_for(url, 4);
  options.server_deadline = std::chrono::seconds(60);
  return options;
}

/// Every text and every byte that a thief of the database sees.
std::string everything(const std::string& url) {
  auto thief = postgres::Connection::open({.url = url}).value();
  std::string all;
  for (const char* table : {"meta", "models", "subjects", "faces", "templates", "thumbnails", "audit"}) {
    const auto rows = thief.run("SELECT t::text FROM vultus." + std::string(table) + " t").value();
    for (std::size_t i = 0; i < rows.rows(); ++i) all += rows.text(i, 0) + "\n";
  }
  return all;
}

TEST(GalleryOnAServer, IsNeverMadeInPlainUnasked) {
  const auto refused = Gallery::open(server_options(postgres::testing::fresh_database()));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::invalid_argument) << refused.error().message;
  EXPECT_NE(refused.error().message.find("encrypted"), std::string::npos) << refused.error().message;
}

TEST(GalleryOnAServer, IsEncrypted) {
  const std::string url = postgres::testing::fresh_database();
  const Folder folder;
  make_key_file(folder / "key").value();
  GalleryOptions options = server_options(url);
  options.key = KeySource::from_file(folder / "key");
  options.keyring = folder / "keyring";
  const Embedding ada = embedding({0.6F, 0.8F, 0, 0});
  {
    Gallery gallery = Gallery::open(options).value();
    EXPECT_TRUE(gallery.info().encrypted);
    ASSERT_TRUE(gallery.enrol(
        std::vector<NewFace>{face("Ada Lovelace", ada, {.source = "ada.jpg", .source_sha256 = digest('c')}),
                             face("Grace Hopper", embedding({0, 0, 1, 0}))}));
  }
  const std::string seen = everything(url);
  EXPECT_EQ(seen.find("Ada"), std::string::npos);
  EXPECT_EQ(seen.find("ada.jpg"), std::string::npos);
  EXPECT_EQ(seen.find(digest('c')), std::string::npos);
  EXPECT_EQ(seen.find("9a99193fcdcc4c3f"), std::string::npos) << "0.6 and 0.8 as they lie in a plain template";
  options.access = GalleryAccess::read_only;
  const Gallery again = Gallery::open(options).value();
  EXPECT_EQ(again.search(ada).value().at(0).name, "Ada Lovelace");
  EXPECT_EQ(again.subjects().value().size(), 2U);
  GalleryOptions without = options;
  without.key.reset();
  EXPECT_EQ(Gallery::open(without).error().code, ErrorCode::invalid_argument);
  without = options;
  without.keyring.clear();
  EXPECT_EQ(Gallery::open(without).error().code, ErrorCode::not_found) << "the keyring is a file here";
}

TEST(GalleryOnAServer, IsSearchedBySqlWhereThatWasChosen) {
  const std::string url = postgres::testing::fresh_database();
  GalleryOptions options = server_options(url);
  options.sql_search = SqlSearch::hnsw;
  Gallery gallery = Gallery::open(options).value();
  EXPECT_FALSE(gallery.info().encrypted);
  ASSERT_TRUE(gallery.enrol(std::vector<NewFace>{face("Ada Lovelace", embedding({0.6F, 0.8F, 0, 0}))}));
  auto client = postgres::Connection::open({.url = url}).value();
  const auto row = client.run("SELECT name FROM vultus.searchable ORDER BY embedding <=> '[1,0,0,0]' LIMIT 1").value();
  EXPECT_EQ(row.text(0, 0), "Ada Lovelace");
  Gallery other = Gallery::open(options).value();
  ASSERT_TRUE(other.remove(other.find_subject("Ada Lovelace").value().value().id));
  ASSERT_TRUE(gallery.refresh().value());
  EXPECT_TRUE(gallery.search(embedding({1, 0, 0, 0})).value().empty());
  EXPECT_TRUE(check_gallery(std::filesystem::path(url)).value().sound());
  options.encryption = GalleryEncryption::sealed;
  options.path = postgres::testing::fresh_database();
  EXPECT_EQ(Gallery::open(options).error().code, ErrorCode::invalid_argument);
}

TEST(GalleryOnAServer, NoMessageHoldsAPassword) {
  for (const std::string url : {"postgresql://ada:s3cret@127.0.0.1:1/faces", "postgresql://ada:s3cret%zz@h/faces"}) {
    for (const GalleryAccess access : {GalleryAccess::read_only, GalleryAccess::create_or_open}) {
      GalleryOptions options = server_options(url);
      options.access = access;
      const auto gallery = Gallery::open(options);
      ASSERT_FALSE(gallery);
      EXPECT_EQ(gallery.error().message.find("s3cret"), std::string::npos) << gallery.error().message;
      options.model.reset();
      EXPECT_EQ(Gallery::open(options).error().message.find("s3cret"), std::string::npos);
    }
    EXPECT_EQ(gallery_name(url).find("s3cret"), std::string::npos);
    EXPECT_EQ(gallery_kind(url), GalleryKind::database);
  }
}

}  // namespace
}  // namespace vultus::gallery::testing
