// What is left of something that was interrupted, and what is wrong with a log, is told and mended; by whatever link.
#include <algorithm>
#include <filesystem>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vultus/gallery/behind_links.hpp>
#include <vultus/gallery/gallery.hpp>
#include <vultus/gallery/test_faces.hpp>
#include <vultus/gallery/test_process.hpp>
#include <vultus/gallery/vault/keyring.hpp>
#include <vultus/gallery/vault/test_vault.hpp>

namespace vultus::gallery {
namespace {

using testing::face;
using testing::Folder;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::options_for;
using testing::random_embedding;

constexpr int kDimension = 8;

class GalleryCare : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(make_key_file(folder_ / "master")); }
  [[nodiscard]] std::filesystem::path path() const { return folder_ / "people.vgal"; }
  [[nodiscard]] std::filesystem::path keys() const { return folder_ / "people.vgal.keys"; }
  [[nodiscard]] KeySource key() const { return KeySource::from_file(folder_ / "master"); }
  [[nodiscard]] GalleryOptions options(GalleryEncryption encryption, const std::string& name = "people.vgal") const {
    GalleryOptions options = options_for(folder_ / name, kDimension);
    options.key = key();
    options.encryption = encryption;
    return options;
  }
  [[nodiscard]] Gallery open(GalleryEncryption encryption = GalleryEncryption::none,
                             const std::string& name = "people.vgal") const {
    return Gallery::open(options(encryption, name)).value();
  }
  SubjectId enrol(Gallery& gallery, const std::string& name) {
    const NewFace one = face(name, random_embedding(random_, kDimension));
    return gallery.enrol({&one, 1}).value().at(0).subject;
  }
  [[nodiscard]] GalleryCheck checked() const { return check_gallery({.path = path(), .key = key()}).value(); }
  void sql(const std::string& text) const { ASSERT_EQ(testing::run_sql(path().string(), text), ""); }
  static std::vector<std::string> acts(const Gallery& gallery) {
    std::vector<std::string> all;
    EXPECT_TRUE(gallery.each_audit(0, [&](const AuditEntry& entry) -> Status {
      all.push_back(entry.what);
      return {};
    }));
    return all;
  }

  Folder folder_{Folder::On::memory};
  std::mt19937 random_{11};
};

TEST_F(GalleryCare, ALinkToAGalleryHasNoKeyringAndNoSnapshotOfItsOwn) {
  for (const auto encryption : {GalleryEncryption::none, GalleryEncryption::sealed}) {
    std::filesystem::remove(path());
    std::filesystem::remove(keys());
    {
      Gallery gallery = open(encryption);
      enrol(gallery, "Ada");
    }
    std::filesystem::create_directory(folder_ / "links");
    std::filesystem::create_symlink("../people.vgal", folder_ / "links/one");
    std::filesystem::create_symlink(folder_ / "links/one", folder_ / "links/two");
    {
      Gallery linked = open(encryption, "links/two");
      enrol(linked, "Bea");
      ASSERT_TRUE(linked.write_snapshot());
      EXPECT_TRUE(linked.verify_audit(std::nullopt).value().sound()) << "one log, under one keyring";
    }
    for (const char* name : {"links/one.keys", "links/two.keys", "links/one.index", "links/two.index"})
      EXPECT_FALSE(std::filesystem::exists(folder_ / name)) << name;
    EXPECT_TRUE(std::filesystem::exists(folder_ / "people.vgal.index"));
    EXPECT_EQ(open(encryption).info().faces, 2);
    EXPECT_TRUE(checked().sound());
    std::filesystem::remove_all(folder_ / "links");
  }
}

TEST_F(GalleryCare, ALinkThatLeadsNowhereYetIsFollowedToo) {
  std::filesystem::create_symlink("people.vgal", folder_ / "link");
  {
    Gallery gallery = open(GalleryEncryption::sealed, "link");
    enrol(gallery, "Ada");
  }
  EXPECT_TRUE(std::filesystem::exists(keys()));
  EXPECT_EQ(open(GalleryEncryption::sealed).info().faces, 1);
  EXPECT_EQ(behind_links(folder_ / "nothing"), folder_ / "nothing");
  std::filesystem::create_symlink("circle", folder_ / "circle");
  EXPECT_EQ(behind_links(folder_ / "circle").filename(), "circle") << "it ends";
}

TEST_F(GalleryCare, ARenewalOfALinkedKeyringLeavesTheLink) {
  GalleryOptions how = options(GalleryEncryption::sealed);
  std::filesystem::create_directory(folder_ / "safe");
  std::filesystem::create_symlink(folder_ / "safe/keys", keys());
  Gallery gallery = Gallery::open(how).value();
  enrol(gallery, "Ada");
  ASSERT_TRUE(gallery.rotate_key(key(), {}, RenewKeys::all));
  EXPECT_TRUE(std::filesystem::is_symlink(keys()));
  EXPECT_EQ(open(GalleryEncryption::sealed).info().faces, 1);
}

TEST_F(GalleryCare, ACheckReadsTheLogOfAPlainGallery) {
  {
    Gallery gallery = open();
    for (const char* name : {"Ada", "Bea", "Cleo"}) enrol(gallery, name);
  }
  EXPECT_TRUE(checked().sound());
  EXPECT_TRUE(checked().notes.empty());
  sql("DELETE FROM audit WHERE number=2");
  const GalleryCheck found = checked();
  ASSERT_EQ(found.findings.size(), 1U);
  EXPECT_EQ(found.findings[0], "audit log: record 2 is missing");
  EXPECT_EQ(open().check().value().findings, found.findings) << "also of one that is open";
}

TEST_F(GalleryCare, ACheckReadsTheKeyringOfAPlainGallery) {
  {
    Gallery gallery = open();
    enrol(gallery, "Ada");
  }
  std::string bytes = testing::bytes_of(keys());
  bytes.back() = static_cast<char>(bytes.back() ^ 1);
  testing::write_bytes(keys(), bytes);
  EXPECT_FALSE(checked().sound());
  // A copy of a plain gallery has none, and is sound.
  std::filesystem::remove(keys());
  const GalleryCheck without = checked();
  EXPECT_TRUE(without.sound());
  ASSERT_EQ(without.notes.size(), 1U);
  EXPECT_THAT(without.notes[0], HasSubstr("the audit log of 1 records is not verified"));
  {
    Gallery gallery = open();  // goes on with another keyring, and says so
    enrol(gallery, "Bea");
  }
  EXPECT_TRUE(checked().sound());
  ASSERT_EQ(checked().notes.size(), 1U);
  EXPECT_THAT(checked().notes[0], HasSubstr("cannot be verified"));
}

TEST_F(GalleryCare, ARemovalThatWasKilledIsNoDamageAndTheNextWriterEndsIt) {
  {
    Gallery gallery = open(GalleryEncryption::sealed);
    const SubjectId ada = enrol(gallery, "Ada");
    enrol(gallery, "Bea");
    const GalleryId id = gallery_id_from(gallery.audit_head().value().gallery).value();
    // The key is destroyed first: as a process leaves it that is killed then.
    ASSERT_TRUE(Keyring::open(keys(), id, key()).value().destroy(ada.number(), testing::fixed_time()));
  }
  const GalleryCheck found = checked();
  EXPECT_TRUE(found.sound()) << found.findings.front();
  ASSERT_EQ(found.notes.size(), 1U);
  EXPECT_THAT(found.notes[0], HasSubstr("the removal of 1 person was interrupted"));
  EXPECT_EQ(Gallery::open({.path = path(), .key = key()}).value().check().value().notes, found.notes);
  EXPECT_EQ(open(GalleryEncryption::sealed).info().faces, 1);
  EXPECT_TRUE(checked().notes.empty());
  EXPECT_EQ(checked().faces, 1);
}

TEST_F(GalleryCare, AnEncryptionThatFailsLeavesAPlainGalleryThatCanBeChanged) {
  for (const auto level : {AuditLevel::off, AuditLevel::changes}) {
    std::filesystem::remove(path());
    std::filesystem::remove(keys());
    GalleryOptions how = options(GalleryEncryption::none);
    how.audit = level;
    Gallery gallery = Gallery::open(how).value();
    const SubjectId ada = enrol(gallery, "Ada");
    sql("UPDATE templates SET sum=sum+1 WHERE face=1");
    EXPECT_EQ(gallery.encrypt(key()).error().code, ErrorCode::corrupt_data);
    const GalleryId id = gallery_id_from(gallery.audit_head().value().gallery).value();
    EXPECT_TRUE(Keyring::open(keys(), id, std::nullopt)) << "it is open again";
    EXPECT_TRUE(gallery.describe(ada, {.notes = "tall"}));
    sql("UPDATE templates SET sum=sum-1 WHERE face=1");
    ASSERT_TRUE(gallery.encrypt(key()));
    EXPECT_TRUE(gallery.info().encrypted);
    ASSERT_TRUE(gallery.set_audit(AuditLevel::all));
    const auto verdict = gallery.verify_audit(std::nullopt).value();
    EXPECT_TRUE(verdict.sound()) << verdict.findings.front();
    EXPECT_THAT(acts(gallery), Not(::testing::Contains("log-broken")));
    EXPECT_EQ(gallery.subject(ada).value().details.notes, "tall");
  }
}

TEST_F(GalleryCare, AnEncryptionThatWasKilledIsUndoneByAChangeWithItsKey) {
  {
    Gallery gallery = open();
    enrol(gallery, "Ada");
    const GalleryId id = gallery_id_from(gallery.audit_head().value().gallery).value();
    // As a process leaves it that is killed before its commit.
    Keyring locked = Keyring::open(keys(), id, std::nullopt).value();
    ASSERT_TRUE(locked.renew_gallery_key(key(), {}));
  }
  const GalleryCheck found = checked();
  EXPECT_TRUE(found.sound());
  ASSERT_EQ(found.notes.size(), 1U);
  EXPECT_THAT(found.notes[0], HasSubstr("encrypt the gallery again"));
  GalleryOptions without = options(GalleryEncryption::none);
  without.key.reset();
  Gallery keyless = Gallery::open(without).value();
  EXPECT_THAT(keyless.add_subject("Bea").error().message, HasSubstr("encrypt it again with the same key"));
  Gallery gallery = open();
  enrol(gallery, "Bea");
  EXPECT_TRUE(gallery.verify_audit(std::nullopt).value().sound());
  EXPECT_TRUE(checked().notes.empty());
}

TEST_F(GalleryCare, WhatIsSaidNoMoreIsAnActOfItsOwn) {
  Gallery gallery = open();
  enrol(gallery, "Ada");
  const SubjectId bea = enrol(gallery, "Bea");
  for (const Say say : {Say::yes, Say::no_longer}) {
    ASSERT_TRUE(gallery.not_this_person(FaceId(1), bea, say));
    ASSERT_TRUE(gallery.not_same_person(FaceId(1), FaceId(2), say));
  }
  EXPECT_THAT(acts(gallery), ::testing::ElementsAre("enrol", "enrol", "not-this-person", "not-same-person",
                                                    "not-this-person-withdrawn", "not-same-person-withdrawn"));
}

TEST_F(GalleryCare, MessagesCallPeopleByTheirNames) {
  Gallery gallery = open();
  const SubjectId ada = enrol(gallery, "Ada");
  const SubjectId bea = enrol(gallery, "Bea");
  ASSERT_TRUE(gallery.not_this_person(FaceId(1), bea));
  for (const std::string& message : {gallery.merge(ada, ada).error().message, gallery.merge(ada, bea).error().message,
                                     gallery.rename(ada, "Bea", IfNameTaken::refuse).error().message,
                                     gallery.split(std::vector<FaceId>{FaceId(1)}, "Cleo").error().message,
                                     gallery.not_this_person(FaceId(1), ada).error().message}) {
    EXPECT_THAT(message, HasSubstr("\"Ada\""));
    EXPECT_THAT(message, Not(HasSubstr("subject")));
  }
}

TEST_F(GalleryCare, AKeyringWithoutANameIsCalledByItsPlaceAlone) {
  EXPECT_THAT(KeyringAt("postgresql://vultus@host/faces").shown(), Not(HasSubstr("\"\"")));
  EXPECT_THAT(KeyringAt("postgresql://vultus@host/faces", "a").shown(), HasSubstr("\"a\" in postgresql://"));
}

TEST_F(GalleryCare, FindingsOfSqliteAreALineEach) {
  {
    Gallery gallery = open();
    for (int i = 0; i < 200; ++i) enrol(gallery, "P" + std::to_string(i));
  }
  const std::string sound = testing::bytes_of(path());
  constexpr std::size_t kPage = 8192;
  std::size_t told = 0;
  for (std::size_t page = 2; page * kPage < sound.size() && told < 5; ++page) {
    std::string damaged = sound;
    damaged.replace(page * kPage + 8, 200, 200, '\7');
    testing::write_bytes(path(), damaged);
    const auto found = check_gallery(path());
    if (!found) continue;  // too damaged to be looked through
    for (const std::string& finding : found->findings) {
      EXPECT_THAT(finding, Not(HasSubstr("\n")));
      EXPECT_THAT(finding, Not(HasSubstr("***")));
      told += finding.find("ree ") != std::string::npos ? 1 : 0;
    }
  }
  EXPECT_GT(told, 0U) << "SQLite found something";
}

}  // namespace
}  // namespace vultus::gallery
