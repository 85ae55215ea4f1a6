// Encrypted galleries through the whole facade.
#include <algorithm>
#include <random>

#include <gtest/gtest.h>

#include <vultus/gallery/gallery.hpp>
#include <vultus/gallery/store/row_sum.hpp>
#include <vultus/gallery/store/sqlite_store.hpp>
#include <vultus/gallery/template_bytes.hpp>
#include <vultus/gallery/test_faces.hpp>
#include <vultus/gallery/test_process.hpp>
#include <vultus/gallery/vault/keyring.hpp>
#include <vultus/gallery/vault/test_vault.hpp>

namespace vultus::gallery {
namespace {

using testing::bytes_of;
using testing::digest;
using testing::face;
using testing::fixed_time;
using testing::Folder;
using testing::options_for;
using testing::random_embedding;

constexpr int kDimension = 8;

SubjectDetails secrets() {
  return {.external_id = "passport-4711",
          .tags = {"wanted-tag"},
          .consent = "consent-form-99",
          .purpose = "entrance-purpose",
          .notes = "limps-slightly"};
}

/// Ada with two faces, one with a thumbnail, and Grace with one.
class SealedGallery : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(make_key_file(folder_ / "master")); }

  [[nodiscard]] std::filesystem::path path() const { return folder_ / "people.vgal"; }
  [[nodiscard]] KeySource key(const std::string& name = "master") const { return KeySource::from_file(folder_ / name); }
  [[nodiscard]] GalleryOptions options(GalleryEncryption encryption = GalleryEncryption::sealed) const {
    GalleryOptions options = options_for(path(), kDimension);
    options.key = key();
    options.encryption = encryption;
    options.who = "tester";
    return options;
  }
  [[nodiscard]] Result<Gallery> reading(const std::string& name = "master") const {
    return Gallery::open({.path = path(), .key = key(name)});
  }
  [[nodiscard]] Result<Gallery> writing() const {
    return Gallery::open({.path = path(), .access = GalleryAccess::read_write, .now = fixed_time, .key = key()});
  }

  void fill(Gallery& gallery) {
    std::vector<NewFace> faces;
    for (const char* name : {"Ada Lovelace", "Ada Lovelace", "Grace Hopper"}) {
      embeddings_.push_back(random_embedding(random_, kDimension));
      faces.push_back(face(name, embeddings_.back(),
                           {.source = "secret-folder/" + std::to_string(faces.size()) + ".jpg",
                            .source_sha256 = digest(static_cast<char>('1' + faces.size()))}));
    }
    for (std::size_t i = 0; i < 3; ++i) {
      std::vector<std::byte> picture(500);
      for (auto& b : picture) b = static_cast<std::byte>(random_() & 0xFFU);
      faces[i].thumbnail = Thumbnail{ThumbnailFormat::jpeg, picture};
      pictures_.push_back(picture);
    }
    ASSERT_TRUE(gallery.enrol(faces));
    const Subject ada = gallery.find_subject("Ada Lovelace").value().value();
    ASSERT_TRUE(gallery.describe(ada.id, secrets()));
  }

  /// Every byte of every file but the master key.
  [[nodiscard]] std::string all_bytes() const {
    std::string all;
    for (const auto& entry : std::filesystem::directory_iterator(folder_.path()))
      if (entry.path().filename() != "master") all += bytes_of(entry.path()) + "\n";
    return all;
  }
  /// What a thief must not find.
  [[nodiscard]] std::vector<std::string> traces() const {
    std::vector<std::string> all{"Ada Lovelace", "Grace Hopper",     "passport-4711",  "wanted-tag", "consent-form-99",
                                 "limps-",       "entrance-purpose", "secret-folder/", digest('1'),  digest('2')};
    for (const Embedding& one : embeddings_) {
      const auto bytes = to_bytes(one.values());
      all.emplace_back(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    }
    for (const auto& picture : pictures_) all.emplace_back(reinterpret_cast<const char*>(picture.data()), 64);
    return all;
  }
  [[nodiscard]] std::size_t found_in(const std::string& bytes) const {
    const auto all = traces();
    return static_cast<std::size_t>(
        std::ranges::count_if(all, [&](const std::string& trace) { return bytes.find(trace) != std::string::npos; }));
  }

  void expect_everything(const Gallery& gallery) const {
    const Subject ada = gallery.find_subject("Ada Lovelace").value().value();
    EXPECT_EQ(ada.details, secrets());
    EXPECT_EQ(ada.faces, 2);
    const auto faces = gallery.faces(ada.id).value();
    ASSERT_EQ(faces.size(), 2U);
    EXPECT_EQ(faces[0].details.source, "secret-folder/0.jpg");
    EXPECT_EQ(gallery.thumbnail(faces[1].id).value().value().bytes, pictures_[1]);
    EXPECT_EQ(gallery.templates(ada.id).value()[0], embeddings_[0]);
    EXPECT_EQ(gallery.faces_of_source(digest('3')).value().size(), 1U);
    EXPECT_EQ(gallery.search(embeddings_[2]).value().front().name, "Grace Hopper");
    const auto names = gallery.subjects().value();
    ASSERT_EQ(names.size(), 2U);
    EXPECT_EQ(names[0].name, "Ada Lovelace");
  }

  Folder folder_;
  std::mt19937 random_{7};
  std::vector<Embedding> embeddings_;
  std::vector<std::vector<std::byte>> pictures_;
};

TEST_F(SealedGallery, GivesBackEverythingWithItsKey) {
  {
    Gallery gallery = Gallery::open(options()).value();
    fill(gallery);
    EXPECT_TRUE(gallery.info().encrypted);
    EXPECT_EQ(gallery.info().audit, AuditLevel::all);
    expect_everything(gallery);
  }
  const auto again = reading();
  ASSERT_TRUE(again) << again.error().message;
  expect_everything(*again);
  EXPECT_TRUE(again->check().value().sound());
  EXPECT_TRUE(check_gallery(GalleryOptions{.path = path(), .key = key()}).value().sound());
  EXPECT_TRUE(check_gallery(path()).value().sound()) << "what needs no key is looked at without one";
}

TEST_F(SealedGallery, AThiefWithoutTheKeyReadsNothing) {
  {
    Gallery gallery = Gallery::open(options()).value();
    fill(gallery);
    ASSERT_TRUE(gallery.search(embeddings_[0]));
    EXPECT_EQ(found_in(all_bytes()), 0U) << "while it is open";
  }
  EXPECT_EQ(found_in(all_bytes()), 0U);
  // The search itself must be able to find: in a plain gallery all of it is there.
  std::filesystem::remove(path());
  std::filesystem::remove(keyring_path(path()));
  {
    Gallery plain = Gallery::open(options(GalleryEncryption::none)).value();
    embeddings_.clear();
    pictures_.clear();
    fill(plain);
  }
  EXPECT_EQ(found_in(all_bytes()), traces().size());
}

TEST_F(SealedGallery, WithoutTheKeyOrWithTheWrongOneNothingOpens) {
  {
    Gallery gallery = Gallery::open(options()).value();
    fill(gallery);
  }
  const std::string before = bytes_of(path());
  ASSERT_TRUE(make_key_file(folder_ / "other"));
  const auto wrong = reading("other");
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().code, ErrorCode::invalid_argument);
  EXPECT_NE(wrong.error().message.find("wrong key"), std::string::npos) << wrong.error().message;
  EXPECT_EQ(Gallery::open({.path = path()}).error().code, ErrorCode::invalid_argument);
  std::filesystem::rename(keyring_path(path()), folder_ / "elsewhere");
  EXPECT_EQ(reading().error().code, ErrorCode::not_found);
  GalleryOptions there{.path = path(), .key = key(), .keyring = folder_ / "elsewhere"};
  EXPECT_TRUE(Gallery::open(there));
  EXPECT_EQ(bytes_of(path()), before);
}

TEST_F(SealedGallery, MergingSealsAgainAndTheOtherKeyGoesWhenItCannotBeTakenBack) {
  Gallery gallery = Gallery::open(options()).value();
  fill(gallery);
  const SubjectId grace = gallery.find_subject("Grace Hopper").value().value().id;
  const SubjectId ada = gallery.find_subject("Ada Lovelace").value().value().id;
  ASSERT_EQ(gallery.rename(grace, "Ada Lovelace", IfNameTaken::merge).value(), ada);
  const auto again = reading().value();
  EXPECT_EQ(again.faces(ada).value().size(), 3U);
  EXPECT_EQ(again.thumbnail(again.faces(ada).value()[2].id).value().value().bytes, pictures_[2]);
  EXPECT_EQ(again.search(embeddings_[2]).value().front().subject, ada);
  EXPECT_TRUE(again.check().value().sound());
  const GalleryId id = gallery_id_from(gallery.audit_head().value().gallery).value();
  const auto keys = [&] { return Keyring::open(keyring_path(path()), id, key()).value().subjects(); };
  EXPECT_EQ(keys().size(), 2U) << "the merge can be taken back";
  ASSERT_TRUE(gallery.forget_undo());
  EXPECT_EQ(keys(), std::vector<std::int64_t>{ada.number()});
}

TEST_F(SealedGallery, APlainGalleryIsEncryptedInItsPlace) {
  {
    Gallery gallery = Gallery::open(options(GalleryEncryption::none)).value();
    fill(gallery);
    ASSERT_TRUE(gallery.encrypt(key()));
    EXPECT_TRUE(gallery.info().encrypted);
    expect_everything(gallery);
    EXPECT_FALSE(gallery.encrypt(key())) << "a second time";
    EXPECT_EQ(found_in(all_bytes()), 0U) << "the plain bytes are overwritten";
    const NewFace more = face("Emmy Noether", random_embedding(random_, kDimension));
    ASSERT_TRUE(gallery.enrol({&more, 1}));
    ASSERT_TRUE(gallery.remove(gallery.find_subject("Emmy Noether").value().value().id));
  }
  EXPECT_EQ(Gallery::open({.path = path()}).error().code, ErrorCode::invalid_argument);
  Gallery again = writing().value();
  expect_everything(again);
  EXPECT_TRUE(again.verify_audit(std::nullopt).value().sound()) << "the log goes on";
  EXPECT_EQ(found_in(all_bytes()), 0U);

  ASSERT_TRUE(again.decrypt());
  expect_everything(again);
  EXPECT_FALSE(again.info().encrypted);
  EXPECT_TRUE(again.verify_audit(std::nullopt).value().sound());
  EXPECT_FALSE(again.decrypt());
  const auto plain = Gallery::open({.path = path()});
  ASSERT_TRUE(plain) << plain.error().message;
  expect_everything(*plain);
}

TEST_F(SealedGallery, KeysAreRotated) {
  {
    Gallery gallery = Gallery::open(options()).value();
    fill(gallery);
  }
  ASSERT_TRUE(make_key_file(folder_ / "next"));
  ASSERT_TRUE(writing().value().rotate_key(key("next"), {}, RenewKeys::master));
  EXPECT_NE(reading().error().message.find("wrong key"), std::string::npos);
  expect_everything(reading("next").value());

  const std::string sealed = bytes_of(path());
  {
    Gallery gallery =
        Gallery::open({.path = path(), .access = GalleryAccess::read_write, .now = fixed_time, .key = key("next")})
            .value();
    ASSERT_TRUE(gallery.rotate_key(key(), {}, RenewKeys::all));
    expect_everything(gallery);
    EXPECT_TRUE(gallery.verify_audit(std::nullopt).value().sound());
  }
  expect_everything(reading().value());
  EXPECT_TRUE(reading().value().check().value().sound());
  // The old copy of the gallery does not open with the new keys: its subjects have others.
  testing::write_bytes(path(), sealed);
  for (const char* more : {"-wal", "-shm"}) std::filesystem::remove(path().string() + more);
  EXPECT_FALSE(reading());
}

TEST_F(SealedGallery, TwoProcessesSeeEachOther) {
  Gallery first = Gallery::open(options()).value();
  fill(first);
  Gallery second = writing().value();
  const NewFace more = face("Emmy Noether", random_embedding(random_, kDimension));
  ASSERT_TRUE(second.enrol({&more, 1}));
  ASSERT_TRUE(first.refresh().value());
  EXPECT_EQ(first.search(more.embedding).value().front().name, "Emmy Noether");
  ASSERT_TRUE(first.remove(first.find_subject("Emmy Noether").value().value().id));
  ASSERT_TRUE(second.refresh());
  EXPECT_NE(second.search(more.embedding).value().front().name, "Emmy Noether");
  EXPECT_FALSE(second.find_subject("Emmy Noether").value());
}

TEST_F(SealedGallery, AnAlteredByteIsFound) {
  {
    Gallery gallery = Gallery::open(options()).value();
    fill(gallery);
  }
  const std::string sound = bytes_of(path());
  int found = 0;
  int tried = 0;
  for (std::size_t at = 100; at < sound.size(); at += 509) {
    if (sound[at] == 0) continue;  // unused
    ++tried;
    std::string altered = sound;
    altered[at] = static_cast<char>(altered[at] ^ 0x20);
    testing::write_bytes(path(), altered);
    for (const char* more : {"-wal", "-shm"}) std::filesystem::remove(path().string() + more);
    const auto checked = check_gallery(GalleryOptions{.path = path(), .key = key()});
    if (!checked || !checked->sound()) ++found;
  }
  EXPECT_GT(tried, 20);
  // What is left are bytes of the database's own bookkeeping that means the same, such as a free page's old content.
  EXPECT_GE(found * 10, tried * 9) << found << " of " << tried;
}

TEST_F(SealedGallery, ACheckWithoutTheKeySaysThatItOpenedNothing) {
  {
    Gallery gallery = Gallery::open(options()).value();
    fill(gallery);
  }
  const GalleryOptions with_key{.path = path(), .key = key()};
  EXPECT_EQ(check_gallery(path()).value().sealed_values_checked, false);
  EXPECT_EQ(check_gallery(with_key).value().sealed_values_checked, true);
  {
    // Somebody alters a sealed template and puts its checksum right.
    const auto store = SqliteStore::open({.path = path()}).value();
    TemplateRow row = store->face_template(FaceId(1), 1).value().value();
    row.bytes.back() ^= std::byte{1};
    std::string hex;
    for (const std::byte byte : row.bytes) {
      constexpr const char* kDigits = "0123456789abcdef";
      hex += kDigits[static_cast<unsigned>(byte) >> 4U];
      hex += kDigits[static_cast<unsigned>(byte) & 15U];
    }
    ASSERT_EQ(testing::run_sql(path().string(), "UPDATE templates SET template=x'" + hex +
                                                    "', sum=" + std::to_string(sum_of(row)) + " WHERE face=1"),
              "");
  }
  const GalleryCheck without = check_gallery(path()).value();
  EXPECT_TRUE(without.sound());
  EXPECT_EQ(without.sealed_values_checked, false) << "nothing else tells that this was not looked at";
  EXPECT_FALSE(check_gallery(with_key).value().sound());
}

TEST_F(SealedGallery, ACheckWithTheKeyLooksThroughTheSnapshotToo) {
  {
    Gallery gallery = Gallery::open(options()).value();
    fill(gallery);
    ASSERT_TRUE(gallery.write_snapshot());
  }
  const GalleryOptions with_key{.path = path(), .key = key()};
  ASSERT_TRUE(check_gallery(with_key).value().sound());
  const std::filesystem::path index = path().string() + ".index";
  std::string altered = bytes_of(index);
  altered.back() = static_cast<char>(altered.back() ^ 1);
  testing::write_bytes(index, altered);
  const GalleryCheck found = check_gallery(with_key).value();
  ASSERT_EQ(found.findings.size(), 1U);
  EXPECT_NE(found.findings[0].find("the snapshot "), std::string::npos) << found.findings[0];
}

}  // namespace
}  // namespace vultus::gallery
