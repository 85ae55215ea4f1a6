// Changes of the keys of a gallery: interrupted ones, and what whoever has it open is told.
#include <algorithm>
#include <random>

#include <gtest/gtest.h>

#include <vultus/gallery/gallery.hpp>
#include <vultus/gallery/template_bytes.hpp>
#include <vultus/gallery/test_faces.hpp>
#include <vultus/gallery/vault/keyring.hpp>
#include <vultus/gallery/vault/test_vault.hpp>

namespace vultus::gallery {
namespace {

using testing::bytes_of;
using testing::face;
using testing::fixed_time;
using testing::Folder;
using testing::options_for;
using testing::random_embedding;

constexpr int kDimension = 8;

/// A gallery of Ada and Grace, one face each.
class GalleryKeys : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(make_key_file(folder_ / "master")); }

  [[nodiscard]] std::filesystem::path path() const { return folder_ / "people.vgal"; }
  [[nodiscard]] std::filesystem::path index() const { return folder_ / "people.vgal.index"; }
  [[nodiscard]] KeySource key() const { return KeySource::from_file(folder_ / "master"); }
  [[nodiscard]] Gallery open(GalleryEncryption encryption = GalleryEncryption::sealed) const {
    GalleryOptions options = options_for(path(), kDimension);
    options.key = key();
    options.encryption = encryption;
    return Gallery::open(options).value();
  }
  [[nodiscard]] Keyring keys(const Gallery& gallery) const {
    const GalleryId id = gallery_id_from(gallery.audit_head().value().gallery).value();
    return Keyring::open(keyring_path(path()), id, key()).value();
  }
  SubjectId enrol(Gallery& gallery, const std::string& name) {
    faces_.push_back(face(name, random_embedding(random_, kDimension)));
    const auto added = gallery.enrol({&faces_.back(), 1});
    EXPECT_TRUE(added) << (added ? "" : added.error().message);
    return added ? added->front().subject : SubjectId();
  }
  void fill(Gallery& gallery) {
    for (const char* name : {"Ada Lovelace", "Grace Hopper"}) enrol(gallery, name);
  }
  void expect_everything(const Gallery& gallery) const {
    for (const NewFace& one : faces_) {
      const auto found = gallery.search(one.embedding);
      ASSERT_TRUE(found) << found.error().message;
      EXPECT_EQ(found->front().name, one.subject);
      const auto subject = gallery.find_subject(one.subject);
      ASSERT_TRUE(subject) << subject.error().message;
      ASSERT_TRUE(*subject) << one.subject;
      EXPECT_EQ(gallery.templates((*subject)->id).value().front(), one.embedding);
    }
  }
  /// Whether a file shows a template.
  [[nodiscard]] bool shows_template(const std::filesystem::path& file) const {
    const std::string all = bytes_of(file);
    return std::ranges::any_of(faces_, [&](const NewFace& one) {
      const auto bytes = to_bytes(one.embedding.values());
      return all.find(std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size())) != std::string::npos;
    });
  }
  void put_back(const std::string& copy) const {
    for (const char* more : {"-wal", "-shm"}) std::filesystem::remove(path().string() + more);
    testing::write_bytes(path(), copy);
  }

  /// As a process leaves it that was killed while a renewal was under way, and another one in the midst of destroying
  /// the two keys of a subject: with the mark on the newer key alone; or, of an older version, with the older key gone.
  void half_destroy(SubjectId subject, const std::string& left) const {
    const auto file = keyring_path(path());
    const GalleryId id = gallery_id_from(open().audit_head().value().gallery).value();
    {
      Keyring renewing = Keyring::open(file, id, key()).value();
      ASSERT_TRUE(renewing.add_new_generation(fixed_time() + std::chrono::hours(1)));
    }
    const std::string before = bytes_of(file);
    ASSERT_TRUE(Keyring::open(file, id, key()).value().destroy(subject.number(), fixed_time()));
    std::string half = bytes_of(file);
    int changed = 0;
    for (std::size_t at = kRecordsAt; at < half.size(); at += kRecordBytes) {
      if (half.compare(at, kRecordBytes, before, at, kRecordBytes) == 0) continue;
      const bool older = changed++ == 0;
      if (older == (left == "mark")) half.replace(at, kRecordBytes, before, at, kRecordBytes);
    }
    ASSERT_EQ(changed, 2);
    testing::write_bytes(file, half);
  }

  Folder folder_;
  std::mt19937 random_{7};
  std::vector<NewFace> faces_;
};

TEST_F(GalleryKeys, ARenewalThatWasInterruptedIsRepeatedWithoutLoss) {
  {
    Gallery gallery = open();
    fill(gallery);
    // The process ends when the new keys are in the keyring, and no row is sealed with them.
    ASSERT_TRUE(keys(gallery).add_new_generation(fixed_time()));
  }
  {
    Gallery gallery = open();
    enrol(gallery, "Emmy Noether");
    const Status renewed = gallery.rotate_key(key(), {}, RenewKeys::all);
    ASSERT_TRUE(renewed) << renewed.error().message;
    expect_everything(gallery);
    EXPECT_FALSE(keys(gallery).has_old_generation());
  }
  expect_everything(open());
  EXPECT_TRUE(open().check().value().sound());
  Gallery again = open();
  ASSERT_TRUE(again.rotate_key(key(), {}, RenewKeys::all));
  expect_everything(open());
}

TEST_F(GalleryKeys, ARemovalThatWasInterruptedAfterAnInterruptedRenewalIsFinishedForThatPersonAlone) {
  for (const std::string left : {"mark", "no older key"})
    for (const bool alone : {false, true}) {
      SCOPED_TRACE(left + (alone ? ", nobody else" : ", others"));
      for (const char* const end : {"", "-wal", "-shm", ".keys"}) std::filesystem::remove(path().string() + end);
      faces_.clear();
      SubjectId ada;
      {
        Gallery gallery = open();
        ada = enrol(gallery, "Ada Lovelace");
        if (!alone) enrol(gallery, "Grace Hopper");
      }
      half_destroy(ada, left);
      const NewFace gone = faces_.front();
      faces_.erase(faces_.begin());
      const auto expect_gone = [&](const Result<Gallery>& opened) {
        ASSERT_TRUE(opened) << opened.error().message;
        EXPECT_EQ(opened->subjects().value().size(), faces_.size());
        for (const auto& found : opened->search(gone.embedding).value()) EXPECT_NE(found.subject, ada);
        expect_everything(*opened);
      };
      {
        SCOPED_TRACE("reading");
        expect_gone(Gallery::open({.path = path(), .key = key()}));
      }
      {
        SCOPED_TRACE("writing");
        GalleryOptions options = options_for(path(), kDimension);
        options.key = key();
        auto opened = Gallery::open(options);
        expect_gone(opened);
        ASSERT_TRUE(opened);
        EXPECT_FALSE(opened->find_subject("Ada Lovelace").value());
        EXPECT_EQ(opened->subject(ada).error().code, ErrorCode::not_found);
        EXPECT_TRUE(opened->check().value().sound());
        EXPECT_TRUE(opened->verify_audit({}).value().sound());
        EXPECT_EQ(keys(*opened).destroyed().count(ada.number()), 1U);
        ASSERT_TRUE(opened->rotate_key(key(), {}, RenewKeys::all));
        expect_gone(opened);
      }
      expect_gone(open());
    }
}

TEST_F(GalleryKeys, WhatDoesNotOpenIsNotTakenForForgotten) {
  {
    Gallery gallery = open();
    fill(gallery);
    for (const char* name : {"Emmy Noether", "Sophie Germain"}) ASSERT_TRUE(gallery.forget(enrol(gallery, name)));
  }
  faces_.erase(faces_.begin() + 2, faces_.end());
  const std::string sound = bytes_of(keyring_path(path()));
  // A keyring with other keys of subjects: nobody opens.
  {
    Gallery gallery = open();
    ASSERT_TRUE(gallery.rotate_key(key(), {}, RenewKeys::all));
  }
  testing::write_bytes(keyring_path(path()), sound);
  GalleryOptions options = options_for(path(), kDimension);
  options.key = key();
  EXPECT_EQ(Gallery::open(options).error().code, ErrorCode::corrupt_data);
  EXPECT_EQ(bytes_of(keyring_path(path())), sound) << "and nothing is destroyed";
}

TEST_F(GalleryKeys, WhoHasItOpenInPlainIsToldThatItWasEncrypted) {
  Gallery held = open(GalleryEncryption::none);
  fill(held);
  const SubjectId ada = held.find_subject("Ada Lovelace").value().value().id;
  Gallery other = open(GalleryEncryption::none);
  (void)other.encrypt(key());  // it may tell that somebody has it open
  ASSERT_TRUE(other.info().encrypted);
  const NewFace more = face("Emmy Noether", random_embedding(random_, kDimension));
  const auto refused = held.enrol({&more, 1});
  ASSERT_FALSE(refused) << "rows in plain among sealed ones";
  EXPECT_EQ(refused.error().code, ErrorCode::cancelled);
  EXPECT_NE(refused.error().message.find("encrypted by another program; open the gallery again"), std::string::npos)
      << refused.error().message;
  EXPECT_EQ(held.subject(ada).error().code, ErrorCode::cancelled) << "a name that is sealed is none";
  EXPECT_EQ(held.subjects().error().code, ErrorCode::cancelled);
  EXPECT_EQ(held.refresh().error().code, ErrorCode::cancelled);
  EXPECT_EQ(held.describe(ada, {.notes = "in-plain"}).error().code, ErrorCode::cancelled);
  EXPECT_EQ(held.note_change({.what = "export"}).error().code, ErrorCode::cancelled);
  for (const char* const end : {"", "-wal"})
    EXPECT_EQ(bytes_of(path().string() + end).find("Emmy Noether"), std::string::npos);
  expect_everything(open());
  EXPECT_TRUE(open().check().value().sound());
}

TEST_F(GalleryKeys, AnEmptyGalleryThatWasEncryptedTakesNoPlainRows) {
  Gallery held = open(GalleryEncryption::none);
  Gallery other = open(GalleryEncryption::none);
  (void)other.encrypt(key());
  EXPECT_EQ(held.add_subject("Emmy Noether").error().code, ErrorCode::cancelled);
}

TEST_F(GalleryKeys, WhoHasItOpenSealedIsToldThatItWasDecrypted) {
  Gallery held = open();
  fill(held);
  Gallery other = open();
  ASSERT_TRUE(other.decrypt());
  EXPECT_EQ(held.find_subject("Ada Lovelace").error().code, ErrorCode::cancelled);
  EXPECT_EQ(held.add_subject("Emmy Noether").error().code, ErrorCode::cancelled);
  expect_everything(open());
}

TEST_F(GalleryKeys, WhoHasItOpenSealsNothingWithKeysThatWereRenewed) {
  Gallery held = open();
  fill(held);
  const SubjectId ada = held.find_subject("Ada Lovelace").value().value().id;
  ASSERT_TRUE(held.describe(ada, {.notes = "first"}));
  Gallery other = open();
  ASSERT_TRUE(other.rotate_key(key(), {}, RenewKeys::all));
  const Status refused = held.describe(ada, {.notes = "second"});
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("open the gallery again"), std::string::npos) << refused.error().message;
  EXPECT_FALSE(held.refresh());
  EXPECT_EQ(open().subject(ada).value().details.notes, "first");
  expect_everything(open());
}

TEST_F(GalleryKeys, WhileTheyAreRenewedOthersSealWithTheNewOnes) {
  Gallery held = open();
  fill(held);
  const SubjectId ada = held.find_subject("Ada Lovelace").value().value().id;
  ASSERT_TRUE(held.describe(ada, {.notes = "held"}));  // and holds the key of Ada now
  Keyring renewing = keys(held);
  ASSERT_TRUE(renewing.add_new_generation(fixed_time()));
  // The commit of whoever renews them: the rows have changed.
  {
    Gallery other = open();
    ASSERT_TRUE(other.describe(ada, {.notes = "renewed"}));
    ASSERT_TRUE(other.rename(ada, "Ada King", IfNameTaken::refuse));
    ASSERT_TRUE(other.rename(ada, "Ada Lovelace", IfNameTaken::refuse));
  }
  const Status described = held.describe(ada, {.notes = "between"});
  ASSERT_TRUE(described) << described.error().message;
  Secret older = Secret::of_size(kKeyBytes).value();
  ASSERT_TRUE(renewing.unwrap_old(ada.number(), older));
  EXPECT_EQ(open().subject(ada).value().details.notes, "between");
}

TEST_F(GalleryKeys, AnOlderCopyThatIsPutBackGivesNoIdTwice) {
  std::string copy;
  SubjectId emmy;
  SubjectId sophie;
  {
    Gallery gallery = open();
    fill(gallery);
  }
  copy = bytes_of(path());
  {
    Gallery gallery = open();
    emmy = enrol(gallery, "Emmy Noether");
    sophie = enrol(gallery, "Sophie Germain");
    ASSERT_TRUE(gallery.forget(emmy));
  }
  put_back(copy);
  faces_.erase(faces_.begin() + 2, faces_.end());
  Gallery gallery = open();
  const SubjectId max = enrol(gallery, "Max Planck");
  EXPECT_GT(max, sophie) << "the id of somebody who was forgotten, or is in a newer copy, is given to nobody else";
  const SubjectOutcome added = gallery.add_subject("Nobody yet").value();
  EXPECT_EQ(added.subject.number(), max.number() + 1);
  expect_everything(gallery);
  expect_everything(open());
}

TEST_F(GalleryKeys, AChangeThatIsCommittedIsDoneThoughAKeyCannotBeDestroyedYet) {
  Gallery gallery = open();
  fill(gallery);
  const SubjectId ada = gallery.find_subject("Ada Lovelace").value().value().id;
  const NewFace second = face("Ada Lovelace", random_embedding(random_, kDimension));
  const FaceId moved = gallery.enrol({&second, 1}).value()[0].face;
  ASSERT_TRUE(gallery.split({&moved, 1}, "Augusta Byron"));
  EXPECT_EQ(keys(gallery).subjects().size(), 3U);
  // The keyring is out of reach for a moment.
  std::filesystem::rename(keyring_path(path()), folder_ / "elsewhere");
  const auto undone = gallery.undo(std::nullopt);
  EXPECT_TRUE(undone) << undone.error().message;
  EXPECT_EQ(gallery.faces(ada).value().size(), 2U);
  std::filesystem::rename(folder_ / "elsewhere", keyring_path(path()));
  EXPECT_EQ(keys(gallery).subjects().size(), 3U);
  ASSERT_TRUE(gallery.forget_undo());
  EXPECT_EQ(keys(gallery).subjects().size(), 2U) << "and the key goes with the next change";
}

TEST_F(GalleryKeys, EncryptionOverwritesThePlainSnapshot) {
  const auto kept = folder_ / "what was its snapshot";
  Gallery gallery = open(GalleryEncryption::none);
  for (int i = 0; i < 60; ++i) enrol(gallery, "P" + std::to_string(i));
  ASSERT_TRUE(gallery.write_snapshot());
  ASSERT_TRUE(shows_template(index()));
  std::filesystem::create_hard_link(index(), kept);
  const Status encrypted = gallery.encrypt(key());
  ASSERT_TRUE(encrypted) << encrypted.error().message;
  EXPECT_FALSE(std::filesystem::exists(index()));
  const std::string bytes = bytes_of(kept);
  EXPECT_TRUE(std::ranges::all_of(bytes, [](char byte) { return byte == 0; }));
  expect_everything(gallery);
  ASSERT_TRUE(gallery.write_snapshot());
  EXPECT_FALSE(shows_template(index()));
  expect_everything(open());
}

TEST_F(GalleryKeys, ASnapshotThatAnotherProgramSearchesInIsNotOverwrittenUnderIt) {
  Gallery gallery = open(GalleryEncryption::none);
  for (int i = 0; i < 60; ++i) enrol(gallery, "P" + std::to_string(i));
  ASSERT_TRUE(gallery.write_snapshot());
  const Gallery reader = Gallery::open({.path = path()}).value();
  const Status encrypted = gallery.encrypt(key());
  ASSERT_FALSE(encrypted) << "old bytes are left, and that is told";
  EXPECT_EQ(encrypted.error().code, ErrorCode::resource_limit);
  EXPECT_TRUE(gallery.info().encrypted);
  EXPECT_FALSE(std::filesystem::exists(index()));
  for (const NewFace& one : faces_)
    EXPECT_NEAR(reader.search(one.embedding).value().front().similarity.value(), 1, 1e-5);
  expect_everything(open());
}

}  // namespace
}  // namespace vultus::gallery
