// What others took away stays in sight until it is dropped.
#include <vultus/gallery/as_shard.hpp>

#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vultus/gallery/test_faces.hpp>

namespace vultus::gallery {
namespace {

using ::testing::ElementsAre;
using testing::embedding;
using ::testing::IsEmpty;

const Changes kAdaWent{.gone_subjects = {SubjectId(1)}, .gone_faces = {FaceId(11)}};

TEST(KeptGone, WithoutItWhatOthersTookAwayIsDroppedAtOnce) {
  KeptGone kept;
  const IndexChanges drop = kept.to_drop(kAdaWent);
  EXPECT_THAT(drop.subjects_gone, ElementsAre(SubjectId(1)));
  EXPECT_THAT(drop.gone, ElementsAre(FaceId(11)));
  EXPECT_TRUE(kept.settled());
}

TEST(KeptGone, IsSettledOnceAllThatWasThereIsDropped) {
  KeptGone kept;
  kept.begin();
  EXPECT_TRUE(kept.settled());
  kept.read_anew();
  EXPECT_FALSE(kept.settled()) << "nobody knows who had gone before";
  const Gone before = kept.all();
  kept.read_anew();
  (void)kept.drop(before);
  EXPECT_FALSE(kept.settled()) << "read once more since";
  (void)kept.drop(kept.all());
  EXPECT_TRUE(kept.settled());
  (void)kept.to_drop(kAdaWent);
  EXPECT_FALSE(kept.settled());
  (void)kept.drop({.subjects = {SubjectId(1)}});
  EXPECT_FALSE(kept.settled()) << "her face is kept still";
  (void)kept.drop(kept.all());
  EXPECT_TRUE(kept.settled());
}

TEST(KeptGone, IsDroppedOnceAndOnlyWhatIsKept) {
  KeptGone kept;
  kept.begin();
  const IndexChanges none = kept.to_drop(kAdaWent);
  EXPECT_THAT(none.subjects_gone, IsEmpty());
  EXPECT_THAT(none.gone, IsEmpty());
  EXPECT_THAT(kept.all().subjects, ElementsAre(SubjectId(1)));
  const Gone asked{.subjects = {SubjectId(1), SubjectId(2)}, .faces = {FaceId(11), FaceId(12)}};
  const IndexChanges drop = kept.drop(asked);
  EXPECT_THAT(drop.subjects_gone, ElementsAre(SubjectId(1)));
  EXPECT_THAT(drop.gone, ElementsAre(FaceId(11)));
  EXPECT_TRUE(kept.settled());
  EXPECT_THAT(kept.drop(asked).subjects_gone, IsEmpty());
}

TEST(KeptGone, WhatComesBackIsNotGone) {
  KeptGone kept;
  kept.begin();
  EXPECT_THAT(kept.to_drop(kAdaWent).gone, IsEmpty());
  const Changes back{.subjects = {{.id = SubjectId(1)}}, .faces = {{FaceId(11), SubjectId(1)}}};
  EXPECT_THAT(kept.to_drop(back).gone, IsEmpty());
  EXPECT_TRUE(kept.settled());
}

TEST(KeptGone, FacesOfSomeSubjectsAreThoseThatMemoryGivesThem) {
  TemplateIndex index(ModelId("planted"), 2);
  const Embedding one = embedding({1, 0});
  const std::vector<IndexedFace> faces{{FaceId(11), SubjectId(1), one.values()},
                                       {FaceId(21), SubjectId(2), one.values()}};
  ASSERT_TRUE(index.add(faces));
  KeptGone kept;
  kept.begin();
  const Changes both{.gone_subjects = {SubjectId(1), SubjectId(2)}, .gone_faces = {FaceId(11), FaceId(21)}};
  EXPECT_THAT(kept.to_drop(both).gone, IsEmpty());
  const std::vector<SubjectId> second{SubjectId(2)};
  const Gone of = kept.of(second, *index.view());
  EXPECT_THAT(of.subjects, ElementsAre(SubjectId(2)));
  EXPECT_THAT(of.faces, ElementsAre(FaceId(21)));
}

}  // namespace
}  // namespace vultus::gallery
