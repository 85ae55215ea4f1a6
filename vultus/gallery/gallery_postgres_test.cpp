// A gallery in a database, through the class that programs use: encrypted unless SQL clients shall search.
#include <algorithm>
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

TEST(GalleryOnAServer, ThatIsSearchedBySqlIsNotEncryptedAndStaysAsItIs) {
  const Folder folder;
  make_key_file(folder / "key").value();
  GalleryOptions options = server_options(postgres::testing::fresh_database());
  options.sql_search = SqlSearch::exact;
  Gallery gallery = Gallery::open(options).value();
  EXPECT_TRUE(gallery.info().sql_searchable);
  const Embedding ada = embedding({0.6F, 0.8F, 0, 0});
  ASSERT_TRUE(gallery.enrol(std::vector<NewFace>{face("Ada Lovelace", ada)}));
  const Status refused = gallery.encrypt(KeySource::from_file(folder / "key"));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::unsupported);
  EXPECT_NE(refused.error().message.find("SQL"), std::string::npos) << refused.error().message;
  ASSERT_TRUE(gallery.enrol(std::vector<NewFace>{face("Grace Hopper", embedding({0, 0, 1, 0}))}));
  Gallery again = Gallery::open(options).value();
  EXPECT_FALSE(again.info().encrypted);
  EXPECT_EQ(again.search(ada).value().at(0).name, "Ada Lovelace");
  EXPECT_TRUE(again.remove(again.find_subject("Grace Hopper").value().value().id)) << "its keyring is not locked";
}

TEST(GalleryOnAServer, ACheckTellsEveryRowThatOthersAltered) {
  const std::string url = postgres::testing::fresh_database();
  GalleryOptions options = server_options(url);
  options.sql_search = SqlSearch::exact;
  ASSERT_TRUE(Gallery::open(options).value().enrol(
      std::vector<NewFace>{face("Ada Lovelace", embedding({0.6F, 0.8F, 0, 0})),
                           face("Grace Hopper", embedding({0, 0, 1, 0})), face("Emmy", embedding({0, 0, 0, 1}))}));
  const GalleryCheck sound = check_gallery(std::filesystem::path(url)).value();
  EXPECT_TRUE(sound.sound());
  EXPECT_FALSE(sound.sealed_values_checked) << "nothing is sealed";
  auto other = postgres::Connection::open({.url = url}).value();
  ASSERT_TRUE(other.run("UPDATE vultus.subjects SET name = 'Xaver' || id WHERE id IN (1, 2)"));
  ASSERT_TRUE(other.run("UPDATE vultus.faces SET quality = 0.5 WHERE id = 3"));
  const GalleryCheck found = check_gallery(std::filesystem::path(url)).value();
  EXPECT_EQ(found.subjects, 3);
  EXPECT_EQ(found.faces, 3);
  for (const char* altered :
       {"subject 1 is not as it was written", "subject 2 is not as it was written", "face 3 is not as it was written"})
    EXPECT_TRUE(std::ranges::any_of(found.findings, [&](const std::string& one) {
      return one.find(altered) != std::string::npos;
    })) << altered;
}

TEST(GalleryOnAServer, ACheckOfAnEncryptedOneNeedsNoKeyAndSaysWhatItLeftOut) {
  const Folder folder;
  make_key_file(folder / "key").value();
  GalleryOptions options = server_options(postgres::testing::fresh_database());
  options.key = KeySource::from_file(folder / "key");
  ASSERT_TRUE(
      Gallery::open(options).value().enrol(std::vector<NewFace>{face("Ada Lovelace", embedding({0.6F, 0.8F, 0, 0}))}));
  const GalleryCheck with = check_gallery(options).value();
  EXPECT_TRUE(with.sound());
  EXPECT_EQ(with.sealed_values_checked, true);
  const GalleryCheck without = check_gallery(options.path).value();
  EXPECT_TRUE(without.sound());
  EXPECT_EQ(without.faces, 1);
  EXPECT_EQ(without.sealed_values_checked, false);
}

TEST(GalleryOnAServer, IsRepairedAndCopiedByItsServer) {
  const Folder folder;
  const std::filesystem::path url = "postgresql://ada:s3cret@db/faces";
  for (const Error& refused :
       {repair_gallery(url, folder / "new").error(), backup_gallery(url, folder / "new").error()}) {
    EXPECT_EQ(refused.code, ErrorCode::unsupported);
    EXPECT_NE(refused.message.find("pg_dump"), std::string::npos) << refused.message;
    EXPECT_EQ(refused.message.find("s3cret"), std::string::npos) << refused.message;
  }
  EXPECT_FALSE(std::filesystem::exists(folder / "new"));
}

TEST(GalleryOnAServer, TheProofOfAForgettingSaysWhereTheKeyLay) {
  const Folder folder;
  make_key_file(folder / "key").value();
  const auto forget = [&](const GalleryOptions& options) {
    Gallery gallery = Gallery::open(options).value();
    const NewFace ada = face("Ada Lovelace", embedding({0.6F, 0.8F, 0, 0}));
    return gallery.forget(gallery.enrol({&ada, 1}).value()[0].subject).value();
  };
  GalleryOptions options = server_options(postgres::testing::fresh_database());
  options.key = KeySource::from_file(folder / "key");
  ForgetProof proof = forget(options);
  EXPECT_EQ(proof.keyring_in, KeyringIn::gallery_database) << "copies of the database from before hold the key";
  EXPECT_EQ(proof.keyring, gallery_name(options.path));
  options.path = postgres::testing::fresh_database();
  options.keyring = postgres::testing::fresh_database();
  proof = forget(options);
  EXPECT_EQ(proof.keyring_in, KeyringIn::other_database);
  EXPECT_EQ(proof.keyring, gallery_name(options.keyring));
  options.path = postgres::testing::fresh_database();
  options.keyring = folder / "keyring";
  proof = forget(options);
  EXPECT_EQ(proof.keyring_in, KeyringIn::file);
  EXPECT_EQ(proof.keyring, (folder / "keyring").string());
  options = server_options(postgres::testing::fresh_database());
  options.sql_search = SqlSearch::exact;
  EXPECT_EQ(forget(options).keyring_in, KeyringIn::none);
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
