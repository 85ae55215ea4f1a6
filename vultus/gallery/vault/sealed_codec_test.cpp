#include <vultus/gallery/vault/sealed_codec.hpp>

#include <gtest/gtest.h>

#include <vultus/gallery/test_faces.hpp>
#include <vultus/gallery/vault/test_vault.hpp>

namespace vultus::gallery {
namespace {

using testing::counting_id;
using testing::digest;
using testing::fixed_time;
using testing::Folder;

SubjectRow ada() {
  return {.id = SubjectId(1),
          .name = "Ada Lovelace",
          .created = fixed_time(),
          .external_id = "E-1815",
          .tags = R"(["countess"])",
          .consent = "form 12",
          .purpose = "entry",
          .notes = "likes engines"};
}

FaceRow face_of(SubjectId subject) {
  return {.id = FaceId(11),
          .subject = subject,
          .enrolled = fixed_time(),
          .source = "photos/ada.jpg",
          .source_sha256 = digest('d')};
}

Bytes bytes_from(std::string_view text) {
  const auto all = std::as_bytes(std::span(text));
  return {all.begin(), all.end()};
}

class SealedCodecTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(make_key_file(folder_ / "master"));
    ASSERT_TRUE(Keyring::make({.at = path(), .gallery = counting_id(), .master = master(), .cost = {}, .now = {}}));
    keyring_ = std::make_unique<Keyring>(Keyring::open(path(), counting_id(), master()).value());
    codec_ = sealed_codec(*keyring_, fixed_time).value();
    ASSERT_TRUE(codec_->add_subjects(std::vector{SubjectId(1), SubjectId(2)}));
  }
  [[nodiscard]] std::filesystem::path path() const { return folder_ / "g.keys"; }
  [[nodiscard]] KeySource master() const { return KeySource::from_file(folder_ / "master"); }

  Folder folder_{Folder::On::memory};
  std::unique_ptr<Keyring> keyring_;
  std::unique_ptr<Codec> codec_;
};

TEST_F(SealedCodecTest, ASubjectComesBackAndNothingOfItCanBeRead) {
  SubjectRow row = ada();
  ASSERT_TRUE(codec_->seal(row));
  for (const std::string* text :
       {&row.name, &row.name_key, &row.external_id, &row.tags, &row.consent, &row.purpose, &row.notes}) {
    EXPECT_FALSE(text->empty());
    for (const char* word : {"Ada", "E-18", "countess", "form", "entry", "engines"})
      EXPECT_EQ(text->find(word), std::string::npos);
  }
  const std::string key = row.name_key;
  ASSERT_TRUE(codec_->open(row));
  row.name_key.clear();
  EXPECT_EQ(row, ada());
  EXPECT_EQ(codec_->name_key("Ada Lovelace").value(), key) << "equal names are found";
  EXPECT_NE(codec_->name_key("Ada Lovelac").value(), key);
}

TEST_F(SealedCodecTest, FacesTemplatesAndThumbnailsComeBackUnderTheirSubjectAlone) {
  FaceRow face = face_of(SubjectId(1));
  TemplateRow vector{.face = FaceId(11), .model = 1, .bytes = bytes_from("0123456789abcdef")};
  ThumbnailRow picture{.face = FaceId(11), .format = ThumbnailFormat::jpeg, .bytes = bytes_from("picture")};
  ASSERT_TRUE(codec_->seal(face) && codec_->seal(vector, SubjectId(1)) && codec_->seal(picture, SubjectId(1)));
  EXPECT_EQ(face.source_key, codec_->source_key(digest('d')).value());
  EXPECT_EQ(face.source.find("photos"), std::string::npos);
  EXPECT_EQ(face.source_sha256.find("dddd"), std::string::npos);
  EXPECT_EQ(vector.bytes.size(), 16 + kSealedOverhead);

  FaceRow moved = face;
  moved.subject = SubjectId(2);
  EXPECT_EQ(codec_->open(moved).error().code, ErrorCode::corrupt_data);
  TemplateRow other = vector;
  EXPECT_EQ(codec_->open(other, SubjectId(2)).error().code, ErrorCode::corrupt_data);
  other = vector;
  other.model = 2;
  EXPECT_EQ(codec_->open(other, SubjectId(1)).error().code, ErrorCode::corrupt_data);
  other = vector;
  other.face = FaceId(12);
  const Status elsewhere = codec_->open(other, SubjectId(1));
  EXPECT_NE(elsewhere.error().message.find("face 12"), std::string::npos) << "the message names the row";

  ASSERT_TRUE(codec_->open(face) && codec_->open(vector, SubjectId(1)) && codec_->open(picture, SubjectId(1)));
  EXPECT_EQ(face.source, "photos/ada.jpg");
  EXPECT_EQ(face.source_sha256, digest('d'));
  EXPECT_EQ(vector.bytes, bytes_from("0123456789abcdef"));
  EXPECT_EQ(picture.bytes, bytes_from("picture"));
}

TEST_F(SealedCodecTest, AfterForgettingNothingOpensInAnyCopy) {
  SubjectRow row = ada();
  ASSERT_TRUE(codec_->seal(row));
  SubjectRow other{.id = SubjectId(2), .name = "Grace Hopper", .created = fixed_time()};
  ASSERT_TRUE(codec_->seal(other));
  SubjectRow copy = row;
  ASSERT_TRUE(codec_->open(copy)) << "its key is held now";
  ASSERT_TRUE(codec_->forget(SubjectId(1)));
  copy = row;
  EXPECT_EQ(codec_->open(copy).error().code, ErrorCode::corrupt_data);
  Keyring again = Keyring::open(path(), counting_id(), master()).value();
  const auto fresh = sealed_codec(again, fixed_time).value();
  EXPECT_EQ(fresh->open(copy).error().code, ErrorCode::corrupt_data);
  ASSERT_TRUE(fresh->open(other));
  EXPECT_EQ(other.name, "Grace Hopper");
  EXPECT_FALSE(codec_->seal(row)) << "and nothing new can be sealed for them";
}

TEST_F(SealedCodecTest, WhileAllKeysAreRenewedOldAndNewRowsOpen) {
  SubjectRow before = ada();
  ASSERT_TRUE(codec_->seal(before));
  ASSERT_TRUE(keyring_->add_new_generation(fixed_time()));
  const auto codec = sealed_codec(*keyring_, fixed_time).value();
  SubjectRow after = ada();
  ASSERT_TRUE(codec->seal(after));
  SubjectRow row = before;
  ASSERT_TRUE(codec->open(row));
  EXPECT_EQ(row.name, "Ada Lovelace");
  ASSERT_TRUE(keyring_->drop_old_generation());
  EXPECT_FALSE(codec->open(before));
  EXPECT_TRUE(codec->open(after));
}

TEST_F(SealedCodecTest, AKeyThatAnotherProcessMadeIsFound) {
  Keyring other = Keyring::open(path(), counting_id(), master()).value();
  const auto theirs = sealed_codec(other, fixed_time).value();
  ASSERT_TRUE(theirs->add_subjects(std::vector{SubjectId(3)}));
  SubjectRow row{.id = SubjectId(3), .name = "Emmy Noether", .created = fixed_time()};
  ASSERT_TRUE(theirs->seal(row));
  ASSERT_TRUE(codec_->open(row));
  EXPECT_EQ(row.name, "Emmy Noether");
}

}  // namespace
}  // namespace vultus::gallery
