// Renaming, removing, describing and calibrating: what changes a gallery that has faces.
#include <vultus/gallery/gallery.hpp>

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vultus/gallery/test_faces.hpp>

namespace vultus {
namespace {

using gallery::testing::embedding;
using gallery::testing::face;
using gallery::testing::Folder;
using gallery::testing::options_for;
using gallery::testing::random_embedding;
using ::testing::HasSubstr;

Gallery opened(const GalleryOptions& options) {
  Result<Gallery> made = Gallery::open(options);
  EXPECT_TRUE(made) << (made ? "" : made.error().message);
  return *std::move(made);
}

FaceId enrol_one(Gallery& gallery, const NewFace& one) { return gallery.enrol({&one, 1}).value().front().face; }

SubjectId subject_named(const Gallery& gallery, std::string_view name) {
  return gallery.find_subject(name).value().value().id;
}

std::vector<std::string> names(const std::vector<Subject>& subjects) {
  std::vector<std::string> all;
  for (const Subject& one : subjects) all.push_back(one.name);
  return all;
}

TEST(AddSubject, MakesSomebodyWithoutFacesWhoIsThereAfterReopeningAndGetsTheFirstFaceLater) {
  const Folder folder;
  SubjectId ada;
  {
    Gallery gallery = opened(options_for(folder / "g", 2));
    const SubjectOutcome made = gallery.add_subject(" Ada ").value();
    EXPECT_FALSE(made.already_there);
    ada = made.subject;
    EXPECT_EQ(gallery.add_subject("Ada").value(), (SubjectOutcome{.subject = ada, .already_there = true}));
    EXPECT_EQ(gallery.add_subject("").error().code, ErrorCode::invalid_argument);
    EXPECT_EQ(gallery.info().subjects, 1);
    EXPECT_TRUE(gallery.search(embedding({1, 0})).value().empty());
  }
  Gallery gallery = opened(options_for(folder / "g", 2));
  EXPECT_EQ(gallery.subject(ada).value().name, "Ada");
  EXPECT_EQ(gallery.subject(ada).value().faces, 0);
  const FaceId face_of_ada = enrol_one(gallery, face("Ada", embedding({1, 0})));
  EXPECT_EQ(gallery.search(embedding({1, 0})).value().at(0).subject, ada);
  EXPECT_EQ(gallery.face(face_of_ada).value().subject, ada);
  EXPECT_EQ(gallery.face(FaceId(99)).error().code, ErrorCode::not_found);
  EXPECT_TRUE(gallery.check().value().sound());
}

TEST(AddSubject, IsSeenByAnotherReaderAndRenamedMergedAndRemovedLikeAnyOther) {
  const Folder folder;
  Gallery writer = opened(options_for(folder / "g", 2));
  enrol_one(writer, face("Bea", embedding({0, 1})));
  Gallery reader = opened(options_for(folder / "g", 2));
  const SubjectId ada = writer.add_subject("Ada").value().subject;
  ASSERT_TRUE(reader.refresh());
  EXPECT_EQ(names(reader.subjects().value()), (std::vector<std::string>{"Ada", "Bea"}));
  EXPECT_EQ(writer.rename(ada, "Augusta", IfNameTaken::refuse).value(), ada);
  EXPECT_EQ(writer.rename(ada, "Bea", IfNameTaken::merge).value(), subject_named(writer, "Bea"));
  const SubjectId cleo = writer.add_subject("Cleo").value().subject;
  EXPECT_NE(cleo, ada) << "numbers are not given twice";
  EXPECT_EQ(writer.remove(cleo).value().faces, 0);
  EXPECT_EQ(names(writer.subjects().value()), (std::vector<std::string>{"Bea"}));
}

TEST(Rename, ChangesTheNameThatASearchAnswers) {
  const Folder folder;
  Gallery gallery = opened(options_for(folder / "g", 2));
  enrol_one(gallery, face("Ada", embedding({1, 0})));
  const SubjectId ada = subject_named(gallery, "Ada");
  EXPECT_EQ(gallery.rename(ada, " Augusta ", IfNameTaken::refuse).value(), ada);
  EXPECT_EQ(gallery.search(embedding({1, 0})).value()[0].name, "Augusta");
  EXPECT_EQ(gallery.rename(ada, "Augusta", IfNameTaken::refuse).value(), ada) << "its own name is not taken";
  EXPECT_EQ(gallery.rename(SubjectId(99), "X", IfNameTaken::refuse).error().code, ErrorCode::not_found);
  EXPECT_EQ(gallery.rename(ada, "", IfNameTaken::refuse).error().code, ErrorCode::invalid_argument);
}

TEST(Rename, ToATakenNameMergesOnlyOnRequest) {
  const Folder folder;
  Gallery gallery = opened(options_for(folder / "g", 2));
  enrol_one(gallery, face("Ada", embedding({1, 0})));
  enrol_one(gallery, face("Countess", embedding({0, 1})));
  const SubjectId ada = subject_named(gallery, "Ada");
  const SubjectId countess = subject_named(gallery, "Countess");
  const auto refused = gallery.rename(countess, "Ada", IfNameTaken::refuse);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::invalid_argument);
  EXPECT_THAT(refused.error().message, HasSubstr("\"Countess\" cannot be renamed to \"Ada\""));
  EXPECT_EQ(gallery.rename(countess, "Ada", IfNameTaken::merge).value(), ada);
  EXPECT_EQ(names(gallery.subjects().value()), std::vector<std::string>{"Ada"});
  EXPECT_EQ(gallery.subject(ada).value().faces, 2);
  EXPECT_EQ(gallery.search(embedding({0, 1})).value()[0].subject, ada);
  EXPECT_EQ(gallery.search(embedding({0, 1}), {.top_k = 9}).value().size(), 1U);
}

TEST(Remove, TakesSubjectAndFacesFromFileAndSearch) {
  const Folder folder;
  Gallery gallery = opened(options_for(folder / "g", 2));
  NewFace ada = face("Ada", embedding({1, 0}));
  ada.thumbnail = Thumbnail{ThumbnailFormat::jpeg, {std::byte{1}}};
  const FaceId first = enrol_one(gallery, ada);
  const FaceId second = enrol_one(gallery, face("Ada", embedding({0, 1})));
  const FaceId other = enrol_one(gallery, face("Bea", embedding({-1, 0})));
  EXPECT_EQ(gallery.remove(first).value().faces, 1);
  EXPECT_EQ(gallery.search(embedding({1, 0}))->front().face, second);
  EXPECT_EQ(gallery.thumbnail(first).error().code, ErrorCode::not_found);
  EXPECT_EQ(gallery.remove(first).error().code, ErrorCode::not_found);
  const SubjectId id = subject_named(gallery, "Ada");
  EXPECT_EQ(gallery.remove(id).value().faces, 1);
  EXPECT_EQ(gallery.remove(id).error().code, ErrorCode::not_found);
  EXPECT_EQ(gallery.subject(id).error().code, ErrorCode::not_found);
  EXPECT_EQ(gallery.faces(id).error().code, ErrorCode::not_found);
  const auto left = gallery.search(embedding({1, 0}), {.top_k = 9}).value();
  ASSERT_EQ(left.size(), 1U);
  EXPECT_EQ(left[0].face, other);
  EXPECT_TRUE(gallery.check().value().sound());
  EXPECT_GT(enrol_one(gallery, face("Ada", embedding({1, 0}))), other) << "an id is never given twice";
}

TEST(Remove, OverwritesTheBytes) {
  const Folder folder;
  const std::filesystem::path path = folder / "g";
  std::mt19937 random(3);
  const Embedding secret = random_embedding(random, 64);
  const std::string needle(reinterpret_cast<const char*>(secret.values().data()), 64 * sizeof(float));
  const auto on_disk = [&] {
    for (const auto& entry : std::filesystem::directory_iterator(folder.path())) {
      std::ifstream in(entry.path(), std::ios::binary);
      const std::string bytes((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
      if (bytes.find(needle) != std::string::npos || bytes.find("Ada Geheim") != std::string::npos) return true;
    }
    return false;
  };
  {
    Gallery gallery = opened(options_for(path, 64));
    for (int i = 0; i < 20; ++i) enrol_one(gallery, face("Bea", random_embedding(random, 64)));
    enrol_one(gallery, face("Ada Geheim", secret));
  }
  ASSERT_TRUE(on_disk()) << "the test must be able to find it";
  {
    Gallery gallery = opened(options_for(path, 64));
    EXPECT_TRUE(gallery.remove(subject_named(gallery, "Ada Geheim")).value().bytes_gone);
    // Only now, with the gallery still open: closing would empty the log as well. Nothing is changed after this look,
    // so the locks that it drops are not missed.
    EXPECT_FALSE(on_disk());
  }
  EXPECT_FALSE(on_disk());
}

TEST(Describe, KeepsConsentAndRetention) {
  const Folder folder;
  Gallery gallery = opened(options_for(folder / "g", 2));
  enrol_one(gallery, face("Ada", embedding({1, 0})));
  const SubjectId ada = subject_named(gallery, "Ada");
  const SubjectDetails details{.external_id = "crm-7",
                               .tags = {"staff", "night \"shift\"", "Zoë"},
                               .consent = "form 12",
                               .purpose = "door",
                               .retain_until = UtcTime(std::chrono::seconds(1'900'000'000)),
                               .notes = "line\nline"};
  ASSERT_TRUE(gallery.describe(ada, details));
  EXPECT_EQ(gallery.subject(ada).value().details, details);
  ASSERT_TRUE(gallery.describe(ada, {}));
  EXPECT_EQ(gallery.subject(ada).value().details, SubjectDetails());
  EXPECT_EQ(gallery.describe(SubjectId(9), details).error().code, ErrorCode::not_found);
  EXPECT_EQ(gallery.describe(ada, {.notes = std::string(65537, 'x')}).error().message,
            "notes of 65537 bytes, the limit is 65536");
}

}  // namespace
}  // namespace vultus
