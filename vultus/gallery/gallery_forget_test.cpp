// Forgetting, retention and what is proven by it.
#include <algorithm>
#include <random>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include <vultus/gallery/gallery.hpp>
#include <vultus/gallery/template_bytes.hpp>
#include <vultus/gallery/test_faces.hpp>
#include <vultus/gallery/vault/keyring.hpp>
#include <vultus/gallery/vault/test_vault.hpp>

namespace vultus::gallery {
namespace {

using testing::bytes_of;
using testing::digest;
using testing::embedding;
using testing::face;
using testing::fixed_time;
using testing::Folder;
using testing::options_for;

/// Plain and encrypted galleries with Ada (two faces) and Grace.
class Forget : public ::testing::TestWithParam<GalleryEncryption> {
 protected:
  void SetUp() override {
    ASSERT_TRUE(make_key_file(folder_ / "master"));
    Gallery gallery = open();
    std::vector<NewFace> faces{
        face("Ada Lovelace", embedding({1, 2, 3, 4}), {.source = "camera/ada-one.jpg", .source_sha256 = digest('1')}),
        face("Ada Lovelace", embedding({4, -3, 2, 1})), face("Grace Hopper", embedding({-1, 5, 0, 2}))};
    faces[0].thumbnail = Thumbnail{ThumbnailFormat::jpeg, std::vector<std::byte>(300, std::byte{0x5A})};
    ASSERT_TRUE(gallery.enrol(faces));
    ASSERT_TRUE(gallery.describe(ada(gallery), {.external_id = "passport-4711", .notes = "limps"}));
  }
  [[nodiscard]] std::filesystem::path path() const { return folder_ / "g.vgal"; }
  [[nodiscard]] KeySource key() const { return KeySource::from_file(folder_ / "master"); }
  [[nodiscard]] Gallery open() const {
    GalleryOptions options = options_for(path(), 4);
    options.key = key();
    options.encryption = GetParam();
    return Gallery::open(options).value();
  }
  static SubjectId ada(const Gallery& gallery) { return gallery.find_subject("Ada Lovelace").value().value().id; }
  [[nodiscard]] static bool sealed() { return GetParam() == GalleryEncryption::sealed; }

  Folder folder_;
};

INSTANTIATE_TEST_SUITE_P(Galleries, Forget, ::testing::Values(GalleryEncryption::none, GalleryEncryption::sealed),
                         [](const auto& tested) {
                           return tested.param == GalleryEncryption::none ? "plain" : "sealed";
                         });

TEST_P(Forget, NothingIsLeftAndTheProofSaysSo) {
  Gallery gallery = open();
  const SubjectId id = ada(gallery);
  const ForgetProof proof = gallery.forget(id).value();
  EXPECT_TRUE(proof.clean());
  EXPECT_EQ(proof.faces, 2);
  EXPECT_EQ(proof.at, fixed_time());
  EXPECT_EQ(proof.key_fingerprint.size(), sealed() ? 16U : 0U);
  EXPECT_EQ(proof.pseudonym.size(), 16U);
  ASSERT_FALSE(proof.files.empty());
  EXPECT_EQ(proof.files[0], path().string());
  // Name, external id, notes, source and its hash, two templates, a thumbnail; encrypted ones once more.
  EXPECT_GE(proof.searched.size(), sealed() ? 14U : 8U);

  EXPECT_FALSE(gallery.find_subject("Ada Lovelace").value());
  EXPECT_EQ(gallery.search(embedding({1, 2, 3, 4})).value().size(), 1U);
  EXPECT_EQ(gallery.forget(id).error().code, ErrorCode::not_found);
  EXPECT_TRUE(gallery.check().value().sound());
  const std::string file = bytes_of(path());
  EXPECT_EQ(file.find("Ada Lovelace"), std::string::npos);
  EXPECT_EQ(file.find("passport-4711"), std::string::npos);
  EXPECT_EQ(open().info().subjects, 1);
}

TEST_P(Forget, TheProofFindsWhatIsStillThere) {
  Gallery gallery = open();
  // Another subject's notes name the one who is forgotten: in a plain gallery the name is found, and told.
  ASSERT_TRUE(
      gallery.describe(gallery.find_subject("Grace Hopper").value().value().id, {.notes = "knows Ada Lovelace"}));
  const ForgetProof proof = gallery.forget(ada(gallery)).value();
  EXPECT_EQ(proof.clean(), sealed());
  for (const ForgetSearch& one : proof.searched)
    EXPECT_EQ(one.found, one.what == "name" && !sealed() ? 1 : 0) << one.what;
}

/// So many bytes that no other has.
Thumbnail random_picture(std::size_t bytes, std::mt19937& random) {
  Thumbnail picture{ThumbnailFormat::jpeg, std::vector<std::byte>(bytes)};
  std::ranges::generate(picture.bytes, [&] { return static_cast<std::byte>(random()); });
  return picture;
}

TEST_P(Forget, NothingIsLeftInPagesThatTheStoreHasSplit) {
  // Rows of many lengths that come and go: SQLite spreads them over other pages, and does not overwrite the copies that
  // it leaves behind.
  Gallery gallery = open();
  std::mt19937 random(sealed() ? 5 : 4);  // with these a name was left
  std::vector<SubjectId> people;
  for (int round = 0, number = 0; round < 24; ++round) {
    std::vector<NewFace> faces;
    for (auto i = random() % 3; i < 4; ++i, ++number) {
      const auto value = [&] { return static_cast<float>(random() % 1000) - 500.5F; };
      faces.push_back(face("Person " + std::to_string(number) + ".", embedding({value(), value(), value(), value()})));
      if (number % 3 == 0) faces.back().thumbnail = random_picture(200 + random() % 9000, random);
    }
    for (const EnrolOutcome& one : gallery.enrol(faces).value()) people.push_back(one.subject);
    const std::string notes = "Notes " + std::to_string(round) + std::string(1 + random() % 3000, '.');
    ASSERT_TRUE(gallery.describe(people[random() % people.size()], {.notes = notes}));
    while (people.size() > 40) {
      const std::size_t at = random() % people.size();
      const ForgetProof proof = gallery.forget(people[at]).value();
      for (const ForgetSearch& one : proof.searched) EXPECT_EQ(one.found, 0) << "round " << round << ": " << one.what;
      people.erase(people.begin() + static_cast<std::ptrdiff_t>(at));
    }
  }
  EXPECT_TRUE(gallery.check().value().sound());
}

TEST_P(Forget, WhoWasMergedOverOthersIntoTheSubjectIsForgottenToo) {
  Gallery gallery = open();
  std::vector<NewFace> faces{face("Augusta Byron", embedding({1, 1, 0, 0})), face("Ada King", embedding({1, 0, 1, 0})),
                             face("Emmy Noether", embedding({0, 0, 1, 1}))};
  const auto added = gallery.enrol(faces).value();
  ASSERT_TRUE(gallery.describe(added[0].subject, {.notes = "an alias"}));
  const SubjectId grace = gallery.find_subject("Grace Hopper").value().value().id;
  ASSERT_TRUE(gallery.merge(added[0].subject, added[1].subject));
  ASSERT_TRUE(gallery.merge(added[1].subject, ada(gallery)));
  ASSERT_TRUE(gallery.merge(added[2].subject, grace));
  const ForgetProof proof = gallery.forget(ada(gallery)).value();
  EXPECT_EQ(proof.undo_steps, 2);
  const auto left = gallery.undoable().value();
  ASSERT_EQ(left.size(), 1U);
  EXPECT_NE(left[0].what.find("Emmy Noether"), std::string::npos) << left[0].what;
  if (!sealed()) return;
  const GalleryId id = gallery_id_from(gallery.audit_head().value().gallery).value();
  EXPECT_EQ(Keyring::open(keyring_path(path()), id, key()).value().subjects(),
            (std::vector{grace.number(), added[2].subject.number()}));
}

TEST_P(Forget, TheProofLooksForThePurposeAndInTheSnapshotToo) {
  Gallery gallery = open();
  ASSERT_TRUE(gallery.describe(ada(gallery), {.purpose = "entrance of the library"}));
  ASSERT_TRUE(gallery.write_snapshot());
  const std::filesystem::path unfinished = path().string() + ".index.new";
  testing::write_bytes(unfinished, "... Ada Lovelace ...");
  const int writer = ::open(unfinished.c_str(), O_RDWR);
  ASSERT_EQ(::flock(writer, LOCK_EX), 0) << "as another process has it that writes one";
  const ForgetProof proof = gallery.forget(ada(gallery)).value();
  EXPECT_FALSE(proof.clean());
  EXPECT_EQ(proof.files.back(), unfinished.string());
  EXPECT_EQ(std::ranges::count(proof.files, path().string() + ".index"), sealed() ? 0 : 1);
  const auto purpose = std::ranges::find(proof.searched, "purpose", &ForgetSearch::what);
  ASSERT_NE(purpose, proof.searched.end());
  EXPECT_EQ(purpose->found, 0);
  for (const ForgetSearch& one : proof.searched) EXPECT_EQ(one.found, one.what == "name" ? 1 : 0) << one.what;
  ::close(writer);
  // The process was killed.
  testing::write_bytes(unfinished, "... Grace Hopper ...");
  EXPECT_TRUE(gallery.forget(gallery.find_subject("Grace Hopper").value().value().id).value().clean());
  EXPECT_FALSE(std::filesystem::exists(unfinished));
}

TEST_P(Forget, ASnapshotThatIsNotSearchedInGoesWhereItShowsTheSubject) {
  const auto index = path().string() + ".index";
  testing::write_bytes(index, "of a gallery that was here before: Grace Hopper");
  EXPECT_TRUE(open().forget(ada(open())).value().clean());
  EXPECT_EQ(std::filesystem::exists(index), !sealed()) << "that of a sealed one goes with its key";
  testing::write_bytes(index, "of a gallery that was here before: Grace Hopper");
  Gallery gallery = open();
  EXPECT_TRUE(gallery.forget(gallery.find_subject("Grace Hopper").value().value().id).value().clean());
  EXPECT_FALSE(std::filesystem::exists(index));
}

TEST_P(Forget, ACopyMadeBeforeCannotBeReadAfterwards) {
  const auto copy = folder_ / "copy.vgal";
  std::filesystem::copy_file(path(), copy);
  const SubjectId id = ada(open());
  ASSERT_TRUE(open().forget(id));
  const GalleryOptions options{.path = copy, .key = key(), .keyring = keyring_path(path())};
  const Gallery old = Gallery::open(options).value();
  if (!sealed()) {
    EXPECT_EQ(ada(old), id) << "a plain copy is as it was: only encryption reaches it";
    return;
  }
  EXPECT_EQ(old.info().subjects, 1);
  EXPECT_EQ(old.subject(id).error().code, ErrorCode::corrupt_data);
  EXPECT_FALSE(old.templates(id));
  EXPECT_EQ(old.search(embedding({1, 2, 3, 4})).value().size(), 1U);
  EXPECT_EQ(old.find_subject("Grace Hopper").value().value().faces, 1) << "the others are read as before";
}

TEST_P(Forget, WhatWasInterruptedIsFinishedAtTheNextOpening) {
  if (!sealed()) return;  // a plain gallery is changed in one transaction
  SubjectId id;
  {
    const Gallery gallery = open();
    id = ada(gallery);
    // The process ends after the key was destroyed and before the rows go.
    const GalleryId gallery_id = gallery_id_from(gallery.audit_head().value().gallery).value();
    Keyring keys = Keyring::open(keyring_path(path()), gallery_id, key()).value();
    ASSERT_TRUE(keys.destroy(id.number(), fixed_time()).value());
  }
  const auto reader = Gallery::open({.path = path(), .key = key()});
  ASSERT_TRUE(reader) << reader.error().message;
  EXPECT_EQ(reader->info().subjects, 1) << "a reader does not see the subject any more";
  const Gallery gallery = open();
  EXPECT_EQ(gallery.subject(id).error().code, ErrorCode::not_found);
  EXPECT_TRUE(gallery.check().value().sound());
  EXPECT_EQ(gallery.info().faces, 1);
}

TEST_P(Forget, WhatIsPastItsTimeGoes) {
  const auto later = [](int seconds) { return fixed_time() + std::chrono::seconds(seconds); };
  UtcTime now = fixed_time();
  GalleryOptions options = options_for(path(), 4);
  options.key = key();
  options.now = [&now] { return now; };
  Gallery gallery = Gallery::open(options).value();
  const SubjectId grace = gallery.find_subject("Grace Hopper").value().value().id;
  SubjectDetails until = gallery.subject(grace).value().details;
  until.retain_until = later(100);
  ASSERT_TRUE(gallery.describe(grace, until));
  std::vector<NewFace> faces{face("Emmy Noether", embedding({0, 1, 0, 0}), {.retain_until = later(50)}),
                             face("Emmy Noether", embedding({0, 0, 1, 0}))};
  const auto added = gallery.enrol(faces).value();

  EXPECT_EQ(gallery.expire(ExpiryRun::look).value(), Expired());
  now = later(60);
  const Expired first{.subjects = {}, .faces = {added[0].face}};
  EXPECT_EQ(gallery.expire(ExpiryRun::look).value(), first);
  EXPECT_EQ(gallery.info().faces, 5) << "looking changes nothing";
  EXPECT_EQ(gallery.expire(ExpiryRun::remove).value(), first);
  now = later(200);
  EXPECT_EQ(gallery.expire(ExpiryRun::remove).value(), (Expired{.subjects = {grace}, .faces = {}}));
  EXPECT_EQ(gallery.info().faces, 3);
  EXPECT_EQ(open().info().subjects, 2);
  EXPECT_TRUE(gallery.check().value().sound());
}

}  // namespace
}  // namespace vultus::gallery
