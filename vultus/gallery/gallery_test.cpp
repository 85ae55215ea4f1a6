#include <vultus/gallery/gallery.hpp>

#include <atomic>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vultus/gallery/test_faces.hpp>

namespace vultus {
namespace {

using gallery::testing::digest;
using gallery::testing::embedding;
using gallery::testing::face;
using gallery::testing::fixed_time;
using gallery::testing::Folder;
using gallery::testing::model_of;
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

TEST(Gallery, KeepsWhatWasEnrolled) {
  const Folder folder;
  const FaceDetails details{.quality = Score(0.5F),
                            .inter_eye_px = 41.25F,
                            .detection = Score(0.75F),
                            .source = "photos/Ada 1.jpg",
                            .source_sha256 = digest('1'),
                            .box = RectF{10.5F, 20, 100, 120.25F},
                            .retain_until = UtcTime(std::chrono::seconds(2'000'000'000))};
  const Thumbnail picture{ThumbnailFormat::jpeg, {std::byte{0xFF}, std::byte{0}, std::byte{0xD8}}};
  FaceId id;
  {
    Gallery gallery = opened(options_for(folder / "people.vultus", 2));
    NewFace ada = face("  Ada Lovelace ", embedding({3, 4}), details);
    ada.thumbnail = picture;
    id = enrol_one(gallery, ada);
  }
  const Gallery again = opened({.path = folder / "people.vultus"});
  const auto all = again.subjects().value();
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].name, "Ada Lovelace");
  EXPECT_EQ(all[0].faces, 1);
  EXPECT_EQ(all[0].created, fixed_time());
  const auto faces = again.faces(all[0].id).value();
  ASSERT_EQ(faces.size(), 1U);
  EXPECT_EQ(faces[0].id, id);
  EXPECT_EQ(faces[0].subject, all[0].id);
  EXPECT_EQ(faces[0].enrolled, fixed_time());
  EXPECT_EQ(faces[0].details, details);
  EXPECT_EQ(faces[0].thumbnail, ThumbnailFormat::jpeg);
  EXPECT_EQ(again.thumbnail(id).value(), picture);
  EXPECT_EQ(again.templates(all[0].id).value().front(), embedding({3, 4}));
  const auto found = again.search(embedding({4, 3})).value();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].name, "Ada Lovelace");
  EXPECT_EQ(found[0].face, id);
  EXPECT_NEAR(found[0].similarity.value(), 0.96F, 1e-6F);  // 12/25 + 12/25
}

TEST(Gallery, WhatWasNotMeasuredStaysUnmeasured) {
  const Folder folder;
  Gallery gallery = opened(options_for(folder / "g", 2));
  enrol_one(gallery, face("Ada", embedding({1, 0})));
  const auto faces = gallery.faces(subject_named(gallery, "Ada")).value();
  EXPECT_EQ(faces.at(0).details, FaceDetails());
  EXPECT_FALSE(faces.at(0).thumbnail);
  EXPECT_FALSE(gallery.thumbnail(faces.at(0).id).value());
}

TEST(Gallery, AnEmptyOneAnswersNobody) {
  const Folder folder;
  const Gallery gallery = opened(options_for(folder / "g", 2));
  EXPECT_TRUE(gallery.search(embedding({1, 0})).value().empty());
  EXPECT_TRUE(gallery.subjects().value().empty());
  EXPECT_FALSE(gallery.find_subject("Ada").value());
  EXPECT_TRUE(gallery.check().value().sound());
}

TEST(Gallery, TellsItsModel) {
  const Folder folder;
  { opened(options_for(folder / "g", 3)); }
  const Gallery gallery = opened({.path = folder / "g"});
  EXPECT_EQ(gallery.info().model, model_of(3));
  EXPECT_EQ(gallery.info().created, fixed_time());
  EXPECT_EQ(gallery.info().version, 3);
  EXPECT_FALSE(gallery.info().writable);
}

TEST(Gallery, OfAnotherModelIsAnErrorThatNamesBoth) {
  const Folder folder;
  { opened(options_for(folder / "g", 3)); }
  GalleryOptions other = options_for(folder / "g", 3);
  other.model = model_of(3, "another");
  const auto refused = Gallery::open(other);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::model_mismatch);
  EXPECT_THAT(refused.error().message, HasSubstr("planted"));
  EXPECT_THAT(refused.error().message, HasSubstr("another"));
  EXPECT_EQ(Gallery::open(options_for(folder / "g", 4)).error().code, ErrorCode::model_mismatch);
  GalleryOptions changed = options_for(folder / "g", 3);
  changed.model->sha256 = digest('b');
  EXPECT_EQ(Gallery::open(changed).error().code, ErrorCode::model_mismatch);
  changed.model->sha256.clear();
  EXPECT_TRUE(Gallery::open(changed)) << "an unknown hash is no contradiction";
}

TEST(Gallery, ProbesOfAnotherModelAreAnError) {
  const Folder folder;
  const Gallery gallery = opened(options_for(folder / "g", 2));
  EXPECT_EQ(gallery.search(embedding({1, 0}, "other")).error().code, ErrorCode::model_mismatch);
}

TEST(Enrol, IsAllOrNothing) {
  const Folder folder;
  Gallery gallery = opened(options_for(folder / "g", 2));
  enrol_one(gallery, face("Ada", embedding({1, 0})));
  for (std::size_t bad = 0; bad < 5; ++bad) {
    std::vector<NewFace> faces;
    for (int i = 0; i < 5; ++i) faces.push_back(face("Subject " + std::to_string(i), embedding({1, 1})));
    faces[bad].embedding = embedding({1, 0}, "other");
    const auto refused = gallery.enrol(faces);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::model_mismatch);
    EXPECT_THAT(refused.error().message, HasSubstr("face " + std::to_string(bad + 1) + " of 5"));
    EXPECT_EQ(names(gallery.subjects().value()), std::vector<std::string>{"Ada"});
    EXPECT_EQ(gallery.search(embedding({1, 1}), {.top_k = 10}).value().size(), 1U);
  }
}

TEST(Enrol, RefusesWhatIsOutsideTheLimitsAndNamesThem) {
  const Folder folder;
  Gallery gallery = opened(options_for(folder / "g", 2));
  const auto message = [&](const NewFace& one) {
    const auto refused = gallery.enrol({&one, 1});
    EXPECT_FALSE(refused);
    return refused ? std::string() : std::string(name_of(refused.error().code)) + ": " + refused.error().message;
  };
  const Embedding e = embedding({1, 0});
  EXPECT_THAT(message(face(std::string(257, 'x'), e)), HasSubstr("subject name of 257 bytes, the limit is 256"));
  EXPECT_THAT(message(face("", e)), HasSubstr("empty subject name"));
  EXPECT_THAT(message(face(" \n ", e)), HasSubstr("empty subject name"));
  EXPECT_THAT(message(face("A\x01", e)), HasSubstr("control character 1 at byte 1"));
  EXPECT_THAT(message(face("A\xC2\x85", e)), HasSubstr("control character 133"));
  EXPECT_THAT(message(face("A\xC3", e)), HasSubstr("not UTF-8 at byte 1"));
  EXPECT_THAT(message(face("\xED\xA0\x80", e)), HasSubstr("not UTF-8 at byte 0")) << "a surrogate";
  EXPECT_THAT(message(face("\xC0\xAF", e)), HasSubstr("not UTF-8")) << "longer than needed";
  EXPECT_THAT(message(face("\xF4\x90\x80\x80", e)), HasSubstr("not UTF-8")) << "above U+10FFFF";
  EXPECT_THAT(message(face("A", e, {.quality = Score(1.5F)})), HasSubstr("quality of 1.5"));
  EXPECT_THAT(message(face("A", e, {.detection = Score(NAN)})), HasSubstr("detection score"));
  EXPECT_THAT(message(face("A", e, {.inter_eye_px = -1.0F})), HasSubstr("inter_eye_px"));
  EXPECT_THAT(message(face("A", e, {.source_sha256 = "ABC"})), HasSubstr("64 lower-case hex digits"));
  EXPECT_THAT(message(face("A", e, {.box = RectF{0, INFINITY, 1, 1}})), HasSubstr("box"));
  NewFace big = face("A", e);
  big.thumbnail = Thumbnail{ThumbnailFormat::encrypted, std::vector<std::byte>(kMaxThumbnailBytes + 1)};
  EXPECT_THAT(message(big), HasSubstr("thumbnail of 1048577 bytes, 1 to 1048576 is allowed"));
  EXPECT_TRUE(gallery.subjects().value().empty());
  EXPECT_TRUE(gallery.enrol({}).value().empty());
  EXPECT_TRUE(gallery.enrol(std::vector{face(std::string(256, 'x'), e), face("Zoë 李\xF0\x9F\x98\x80", e)}));
}

TEST(Enrol, DoesNoWorkTwice) {
  const Folder folder;
  Gallery gallery = opened(options_for(folder / "g", 2));
  const FaceDetails first{.source_sha256 = digest('1'), .box = RectF{0, 0, 10, 10}};
  const FaceDetails second{.source_sha256 = digest('1'), .box = RectF{20, 0, 10, 10}};
  const std::vector<NewFace> faces{face("Ada", embedding({1, 0}), first), face("Ada", embedding({0, 1}), second),
                                   face("Ada", embedding({1, 0}), {.source_sha256 = digest('2')}),
                                   face("Bea", embedding({1, 0}), first)};
  const auto once = gallery.enrol(faces).value();
  for (const EnrolOutcome& outcome : once) EXPECT_FALSE(outcome.already_there);
  const auto again = gallery.enrol(faces).value();
  for (std::size_t i = 0; i < again.size(); ++i) {
    EXPECT_TRUE(again[i].already_there);
    EXPECT_EQ(again[i].face, once[i].face);
    EXPECT_EQ(again[i].subject, once[i].subject);
  }
  EXPECT_EQ(gallery.info().faces, 4);
  // The same box in the same file is the same face, whatever the template; so is the same template without a box.
  EXPECT_TRUE(gallery.enrol(std::vector{face("Ada", embedding({1, 1}), first)}).value()[0].already_there);
  EXPECT_TRUE(gallery.enrol(std::vector{face("Ada", embedding({1, 0}), {.source_sha256 = digest('2')})})
                  .value()[0]
                  .already_there);
  // Without a file nothing says that two faces are one.
  const std::vector<NewFace> unknown{face("Ada", embedding({1, 0})), face("Ada", embedding({1, 0}))};
  const auto added = gallery.enrol(unknown).value();
  for (const EnrolOutcome& outcome : added) EXPECT_FALSE(outcome.already_there);
  // Twice in one call is once.
  const FaceDetails third{.source_sha256 = digest('3'), .box = RectF{0, 0, 5, 5}};
  const std::vector<NewFace> same{face("Ada", embedding({1, 0}), third), face("Ada", embedding({1, 0}), third)};
  EXPECT_TRUE(gallery.enrol(same).value()[1].already_there);
}

TEST(Gallery, FindsFacesByTheirFile) {
  const Folder folder;
  Gallery gallery = opened(options_for(folder / "g", 2));
  const FaceId ada = enrol_one(gallery, face("Ada", embedding({1, 0}), {.source_sha256 = digest('1')}));
  const FaceId bea = enrol_one(gallery, face("Bea", embedding({0, 1}), {.source_sha256 = digest('1')}));
  const auto found = gallery.faces_of_source(digest('1')).value();
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].id, ada);
  EXPECT_EQ(found[1].id, bea);
  EXPECT_TRUE(gallery.faces_of_source(digest('2')).value().empty());
}

TEST(Gallery, ListsSubjectsPageByPageInTheOrderOfNames) {
  const Folder folder;
  Gallery gallery = opened(options_for(folder / "g", 2));
  std::vector<NewFace> faces;
  for (const char* name : {"c", "a", "e", "b", "d", "a"}) faces.push_back(face(name, embedding({1, 0})));
  ASSERT_TRUE(gallery.enrol(faces));
  EXPECT_EQ(names(gallery.subjects({.limit = 2}).value()), (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(gallery.subjects({.limit = 1}).value()[0].faces, 2);
  EXPECT_EQ(names(gallery.subjects({.after = "b", .limit = 2}).value()), (std::vector<std::string>{"c", "d"}));
  EXPECT_EQ(names(gallery.subjects({.after = "d", .limit = 2}).value()), (std::vector<std::string>{"e"}));
  EXPECT_EQ(gallery.subjects({.limit = 0}).error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(gallery.subjects({.limit = 10'001}).error().code, ErrorCode::invalid_argument);
}

TEST(Search, AfterReopeningAnswersTheSameBits) {
  const Folder folder;
  std::mt19937 random(5);
  std::vector<NewFace> faces;
  for (int i = 0; i < 200; ++i) faces.push_back(face("S" + std::to_string(i % 40), random_embedding(random, 33)));
  const Embedding probe = random_embedding(random, 33);
  std::vector<Candidate> before;
  {
    Gallery gallery = opened(options_for(folder / "g", 33));
    ASSERT_TRUE(gallery.enrol(faces));
    before = gallery.search(probe, {.top_k = 40}).value();
  }
  EXPECT_EQ(before.size(), 40U);
  EXPECT_EQ(opened({.path = folder / "g"}).search(probe, {.top_k = 40}).value(), before);
}

TEST(Search, IsSafeWhileAnotherThreadChangesTheGallery) {
  const Folder folder;
  Gallery gallery = opened(options_for(folder / "g", 16));
  std::mt19937 random(6);
  const Embedding fixed = random_embedding(random, 16);
  enrol_one(gallery, face("Fixed", fixed));
  std::atomic<bool> stop = false;
  std::atomic<int> searches = 0;
  std::vector<std::thread> readers;
  for (int r = 0; r < 3; ++r)
    readers.emplace_back([&] {
      while (!stop) {
        const auto hits = gallery.search(fixed, {.top_k = 3});
        ASSERT_TRUE(hits);
        ASSERT_FALSE(hits->empty());
        ASSERT_EQ(hits->front().name, "Fixed");
        ASSERT_TRUE(gallery.subjects({.limit = 5}));
        ++searches;
      }
    });
  for (int i = 0; i < 30 || searches < 50; ++i) {
    const std::vector<NewFace> faces(20, face("S" + std::to_string(i), random_embedding(random, 16)));
    ASSERT_TRUE(gallery.enrol(faces));
    if (i % 3 == 2) {
      ASSERT_TRUE(gallery.remove(subject_named(gallery, "S" + std::to_string(i))));
    }
    if (i % 3 == 1) {
      ASSERT_TRUE(gallery.rename(subject_named(gallery, "S" + std::to_string(i)), "S0", IfNameTaken::merge));
    }
  }
  stop = true;
  for (std::thread& reader : readers) reader.join();
  EXPECT_TRUE(gallery.check().value().sound());
}

}  // namespace
}  // namespace vultus
