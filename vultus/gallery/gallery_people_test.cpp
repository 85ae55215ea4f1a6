// Merging, splitting, "not this person", and taking all that back.
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vultus/gallery/gallery.hpp>
#include <vultus/gallery/test_faces.hpp>

namespace vultus {
namespace {

using gallery::testing::embedding;
using gallery::testing::face;
using gallery::testing::fixed_time;
using gallery::testing::Folder;
using gallery::testing::options_for;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class GalleryPeople : public ::testing::Test {
 protected:
  /// Ada (subject 1): faces 1 (1,0) and 2 (0.8,0.6). Bea (subject 2): face 3 (0,1). Cleo (subject 3): face 4 (-1,0).
  void SetUp() override {
    gallery_ = std::make_unique<Gallery>(Gallery::open(options_for(folder_ / "g", 2)).value());
    const std::vector<NewFace> faces{face("Ada", embedding({1, 0})), face("Ada", embedding({0.8F, 0.6F})),
                                     face("Bea", embedding({0, 1})), face("Cleo", embedding({-1, 0}))};
    ASSERT_TRUE(gallery_->enrol(faces));
    ASSERT_TRUE(gallery_->describe(kAda, {.tags = {"staff"}, .notes = "Ada's \xff note"}));
  }

  void TearDown() override {
    EXPECT_THAT(gallery_->check().value().findings, IsEmpty());
    const Gallery again = Gallery::open({.path = folder_ / "g"}).value();
    EXPECT_EQ(again.info().faces, gallery_->info().faces) << "memory and file";
    EXPECT_EQ(again.info().subjects, gallery_->info().subjects);
    for (const auto& probe : {embedding({1, 0}), embedding({0, 1}), embedding({1, 1}), embedding({-1, 0.5F})})
      EXPECT_EQ(names(probe), names_of(again.search(probe, {.top_k = 9}).value()));
  }

  static std::vector<std::string> names_of(const std::vector<Candidate>& candidates) {
    std::vector<std::string> all;
    for (const Candidate& one : candidates) all.push_back(one.name);
    return all;
  }
  std::vector<std::string> names(const Embedding& probe, std::size_t top_k = 9) {
    return names_of(gallery_->search(probe, {.top_k = top_k}).value());
  }
  std::vector<std::int64_t> faces_of(SubjectId id) {
    std::vector<std::int64_t> ids;
    for (const EnrolledFace& one : gallery_->faces(id).value()) ids.push_back(one.id.number());
    return ids;
  }

  static constexpr SubjectId kAda{1}, kBea{2}, kCleo{3};
  Folder folder_{Folder::On::memory};
  std::unique_ptr<Gallery> gallery_;
};

TEST_F(GalleryPeople, ThoseWithATagCanBeSearchedAlone) {
  ASSERT_TRUE(gallery_->describe(kCleo, {.tags = {"guest", "night shift"}}));
  const std::vector<std::string> staff{"staff"}, both{"night shift", "staff"}, nobody{"Staff"};
  EXPECT_THAT(gallery_->tagged(staff).value(), ElementsAre(kAda));
  EXPECT_THAT(gallery_->tagged(both).value(), ElementsAre(kAda, kCleo));
  EXPECT_THAT(gallery_->tagged(nobody).value(), IsEmpty());
  EXPECT_THAT(
      names_of(gallery_->search(embedding({0, 1}), {.top_k = 9, .subjects = gallery_->tagged(both).value()}).value()),
      ElementsAre("Ada", "Cleo"));
}

TEST_F(GalleryPeople, AMergeIsTakenBackWithNameDetailsAndFaces) {
  const Subject before = gallery_->subject(kAda).value();
  ASSERT_TRUE(gallery_->merge(kAda, kBea));
  EXPECT_THAT(faces_of(kBea), ElementsAre(1, 2, 3));
  EXPECT_EQ(gallery_->subject(kAda).error().code, ErrorCode::not_found);
  EXPECT_THAT(names(embedding({1, 0})), ElementsAre("Bea", "Cleo"));
  const auto undoable = gallery_->undoable().value();
  ASSERT_EQ(undoable.size(), 1U);
  EXPECT_EQ(undoable[0].what, "Ada was merged into Bea, 2 faces");
  EXPECT_EQ(undoable[0].at, fixed_time());
  const auto undone = gallery_->undo();
  ASSERT_TRUE(undone) << undone.error().message;
  EXPECT_EQ(*undone, undoable[0]);
  EXPECT_EQ(gallery_->subject(kAda).value(), before);
  EXPECT_THAT(faces_of(kAda), ElementsAre(1, 2));
  EXPECT_THAT(faces_of(kBea), ElementsAre(3));
  EXPECT_THAT(names(embedding({1, 0})), ElementsAre("Ada", "Bea", "Cleo"));
  EXPECT_THAT(gallery_->undoable().value(), IsEmpty());
  EXPECT_EQ(gallery_->undo().error().code, ErrorCode::not_found);
}

TEST_F(GalleryPeople, ARenameThatMergesIsTakenBackToo) {
  ASSERT_TRUE(gallery_->rename(kCleo, "Bea", IfNameTaken::merge));
  ASSERT_TRUE(gallery_->undo());
  EXPECT_EQ(gallery_->subject(kCleo).value().name, "Cleo");
  EXPECT_THAT(faces_of(kCleo), ElementsAre(4));
}

TEST_F(GalleryPeople, AMergeIsTakenBackAsFarAsItsFacesAreStillThere) {
  ASSERT_TRUE(gallery_->merge(kAda, kBea));
  ASSERT_TRUE(gallery_->remove(FaceId(1)));
  ASSERT_TRUE(gallery_->undo());
  EXPECT_THAT(faces_of(kAda), ElementsAre(2));
  ASSERT_TRUE(gallery_->merge(kAda, kBea));
  const NewFace other = face("Ada", embedding({0.6F, 0.8F}));
  ASSERT_TRUE(gallery_->enrol({&other, 1}));
  EXPECT_THAT(gallery_->undo().error().message, HasSubstr("somebody else is called \"Ada\" now"));
  ASSERT_TRUE(gallery_->rename(gallery_->find_subject("Ada").value().value().id, "Another Ada", IfNameTaken::refuse));
  ASSERT_TRUE(gallery_->undo());
  EXPECT_THAT(faces_of(kAda), ElementsAre(2));
}

TEST_F(GalleryPeople, MergingWhatIsNotThereOrTheSameIsRefused) {
  EXPECT_EQ(gallery_->merge(kAda, kAda).error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(gallery_->merge(kAda, SubjectId(9)).error().code, ErrorCode::not_found);
  EXPECT_EQ(gallery_->merge(SubjectId(9), kAda).error().code, ErrorCode::not_found);
  EXPECT_THAT(gallery_->undoable().value(), IsEmpty());
}

TEST_F(GalleryPeople, ASplitMakesASubjectAndKeepsThemApart) {
  const FaceId second(2);
  const auto made = gallery_->split({&second, 1}, " Dora ");
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(*made, SubjectId(4));
  EXPECT_EQ(gallery_->subject(*made).value().name, "Dora");
  EXPECT_THAT(faces_of(*made), ElementsAre(2));
  EXPECT_THAT(faces_of(kAda), ElementsAre(1));
  EXPECT_THAT(gallery_->not_same().value(), ElementsAre(NotSame{.face = second, .subject = kAda}));
  EXPECT_THAT(gallery_->merge(*made, kAda).error().message, HasSubstr("face 2 does not show \"Ada\""));
  EXPECT_THAT(gallery_->merge(kAda, *made).error().message, HasSubstr("face 2 does not show \"Ada\""));
  EXPECT_EQ(gallery_->undoable().value().front().what, "Dora was split off Ada, 1 face");
  ASSERT_TRUE(gallery_->undo());
  EXPECT_THAT(faces_of(kAda), ElementsAre(1, 2));
  EXPECT_FALSE(gallery_->find_subject("Dora").value());
  EXPECT_THAT(gallery_->not_same().value(), IsEmpty());
}

TEST_F(GalleryPeople, ASplitThatHasNoMeaningIsRefused) {
  const std::vector<FaceId> all{FaceId(1), FaceId(2)};
  EXPECT_THAT(gallery_->split(all, "Dora").error().message, HasSubstr("rename the person instead"));
  const std::vector<FaceId> mixed{FaceId(1), FaceId(3)};
  EXPECT_THAT(gallery_->split(mixed, "Dora").error().message, HasSubstr("different subjects"));
  const FaceId one(1);
  EXPECT_THAT(gallery_->split({&one, 1}, "Bea").error().message, HasSubstr("is called \"Bea\" already"));
  const FaceId nobody(9);
  EXPECT_EQ(gallery_->split({&nobody, 1}, "Dora").error().code, ErrorCode::not_found);
  EXPECT_EQ(gallery_->split({}, "Dora").error().code, ErrorCode::invalid_argument);
}

TEST_F(GalleryPeople, ANegativeSampleRejectsItsSubjectForProbesThatResembleItMore) {
  // Face 3 (0,1) does not show Ada. Ada's best for (0.6,0.8) is 0.8 * 0.6 + 0.6 * 0.8 = 0.96, the sample's is 0.8: she
  // stays. For (0.1,1)/|..| the sample has 0.995 and Ada (0.08 + 0.6) / 1.005 = 0.677: she goes.
  ASSERT_TRUE(gallery_->not_this_person(FaceId(3), kAda));
  EXPECT_THAT(names(embedding({0.6F, 0.8F})), ElementsAre("Ada", "Bea", "Cleo"));
  EXPECT_THAT(names(embedding({0.1F, 1})), ElementsAre("Bea", "Cleo"));
  EXPECT_THAT(names(embedding({0.1F, 1}), 2), ElementsAre("Bea", "Cleo")) << "the next one takes the free place";
  EXPECT_THAT(names_of(gallery_->search(embedding({0.1F, 1}), {.top_k = 1, .subjects = {{kAda}}}).value()), IsEmpty());
  const std::vector<Embedding> both{embedding({0.1F, 1}), embedding({0.6F, 0.8F})};
  const auto batch = gallery_->search(both, {.top_k = 9}).value();
  EXPECT_THAT(names_of(batch[0]), ElementsAre("Bea", "Cleo"));
  EXPECT_THAT(names_of(batch[1]), ElementsAre("Ada", "Bea", "Cleo"));
  EXPECT_EQ(gallery_->undoable().value().front().what, "it was said that face 3 does not show Ada");
  ASSERT_TRUE(gallery_->undo());
  EXPECT_THAT(names(embedding({0.1F, 1})), ElementsAre("Bea", "Ada", "Cleo"));
}

TEST_F(GalleryPeople, WhatWasSaidEndsWhenItIsNoLongerSaidOrItsFaceGoes) {
  const Embedding probe = embedding({0.1F, 1});
  ASSERT_TRUE(gallery_->not_this_person(FaceId(3), kAda));
  ASSERT_TRUE(gallery_->not_this_person(FaceId(3), kAda)) << "saying it twice is saying it once";
  EXPECT_EQ(gallery_->undoable().value().size(), 1U);
  ASSERT_TRUE(gallery_->not_this_person(FaceId(3), kAda, Say::no_longer));
  EXPECT_THAT(names(probe), ElementsAre("Bea", "Ada", "Cleo"));
  ASSERT_TRUE(gallery_->undo());
  EXPECT_THAT(names(probe), ElementsAre("Bea", "Cleo"));
  ASSERT_TRUE(gallery_->remove(FaceId(3)));
  EXPECT_THAT(names(probe), ElementsAre("Ada", "Cleo"));
  EXPECT_THAT(gallery_->not_same().value(), IsEmpty());
}

TEST_F(GalleryPeople, WhatIsSaidOfOwnFacesIsRefused) {
  EXPECT_THAT(gallery_->not_this_person(FaceId(1), kAda).error().message, HasSubstr("split it off first"));
  EXPECT_THAT(gallery_->not_same_person(FaceId(1), FaceId(2)).error().message, HasSubstr("split one off first"));
  EXPECT_EQ(gallery_->not_this_person(FaceId(9), kAda).error().code, ErrorCode::not_found);
  EXPECT_EQ(gallery_->not_this_person(FaceId(1), SubjectId(9)).error().code, ErrorCode::not_found);
  EXPECT_EQ(gallery_->not_same_person(FaceId(1), FaceId(9)).error().code, ErrorCode::not_found);
  EXPECT_EQ(gallery_->not_same_person(FaceId(1), FaceId(1)).error().code, ErrorCode::invalid_argument);
}

TEST_F(GalleryPeople, FacesOfTwoPeopleKeepTheirSubjectsApart) {
  ASSERT_TRUE(gallery_->not_same_person(FaceId(3), FaceId(1)));
  EXPECT_THAT(gallery_->not_same().value(), ElementsAre(NotSame{.face = FaceId(1), .other = FaceId(3)}));
  for (const auto& [from, into] : {std::pair(kAda, kBea), std::pair(kBea, kAda)})
    EXPECT_THAT(gallery_->merge(from, into).error().message, HasSubstr("face 1 does not show the person of face 3"));
  EXPECT_FALSE(gallery_->rename(kAda, "Bea", IfNameTaken::merge));
  ASSERT_TRUE(gallery_->merge(kAda, kCleo)) << "others are free";
  EXPECT_FALSE(gallery_->merge(kCleo, kBea)) << "it holds for the face, whoever has it";
  ASSERT_TRUE(gallery_->undo());
  ASSERT_TRUE(gallery_->not_same_person(FaceId(1), FaceId(3), Say::no_longer));
  EXPECT_TRUE(gallery_->merge(kAda, kBea));
}

TEST_F(GalleryPeople, WhatWasSaidOfASubjectGoesWithTheMergeAndComesBack) {
  ASSERT_TRUE(gallery_->not_this_person(FaceId(4), kAda));
  ASSERT_TRUE(gallery_->merge(kAda, kBea));
  EXPECT_THAT(gallery_->not_same().value(), ElementsAre(NotSame{.face = FaceId(4), .subject = kBea}));
  ASSERT_TRUE(gallery_->undo());
  EXPECT_THAT(gallery_->not_same().value(), ElementsAre(NotSame{.face = FaceId(4), .subject = kAda}));
}

TEST_F(GalleryPeople, ARemovedSubjectCannotComeBackAndLeavesNoNameBehind) {
  ASSERT_TRUE(gallery_->rename(kAda, "Ada Geheim", IfNameTaken::refuse));
  ASSERT_TRUE(gallery_->merge(kAda, kBea));
  ASSERT_TRUE(gallery_->remove(kBea));
  EXPECT_THAT(gallery_->undoable().value(), IsEmpty());
  std::ifstream in(folder_ / "g", std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  EXPECT_EQ(bytes.find("Ada Geheim"), std::string::npos);
  EXPECT_EQ(bytes.find("QWRhIEdlaGVpbQ"), std::string::npos) << "nor in base64";
}

TEST_F(GalleryPeople, OnlyTheLastChangesAreKeptAndAllCanBeForgotten) {
  for (std::size_t i = 0; i < Gallery::kMaxUndo + 5; ++i)
    ASSERT_TRUE(gallery_->not_this_person(FaceId(3), kAda, i % 2 == 0 ? Say::yes : Say::no_longer));
  const auto kept = gallery_->undoable().value();
  ASSERT_EQ(kept.size(), Gallery::kMaxUndo);
  EXPECT_EQ(gallery_->undo(1).error().code, ErrorCode::not_found) << "the first one is no longer kept";
  ASSERT_TRUE(gallery_->forget_undo());
  EXPECT_THAT(gallery_->undoable().value(), IsEmpty());
}

TEST_F(GalleryPeople, AnotherReaderSeesItAfterRefresh) {
  auto other = Gallery::open({.path = folder_ / "g"}).value();
  const Embedding probe = embedding({0.1F, 1});
  ASSERT_TRUE(gallery_->not_this_person(FaceId(3), kAda));
  EXPECT_THAT(names_of(other.search(probe, {.top_k = 9}).value()), ElementsAre("Bea", "Ada", "Cleo"));
  EXPECT_TRUE(other.refresh().value());
  EXPECT_THAT(names_of(other.search(probe, {.top_k = 9}).value()), ElementsAre("Bea", "Cleo"));
  ASSERT_TRUE(gallery_->merge(kCleo, kBea));
  ASSERT_TRUE(gallery_->undo());
  ASSERT_TRUE(gallery_->merge(kCleo, kBea));
  EXPECT_TRUE(other.refresh().value());
  EXPECT_THAT(names_of(other.search(probe, {.top_k = 9}).value()), ElementsAre("Bea"));
}

}  // namespace
}  // namespace vultus
