// Transactions of every store, and the numbers by which others learn of changes.
#include <vultus/gallery/store/store_conformance.hpp>

#include <gmock/gmock.h>

namespace vultus::gallery::testing {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST_P(StoreConformance, WhatIsNotCommittedIsRolledBack) {
  {
    auto transaction = store_->begin(Store::Kind::write);
    ASSERT_TRUE(transaction);
    const SubjectRow row = subject_row(1, "Ada");
    ASSERT_TRUE(store_->add_subjects({&row, 1}));
    EXPECT_TRUE(store_->subject(SubjectId(1)).value()) << "seen inside";
    EXPECT_EQ(store_->sequence().value(), 1);
  }
  EXPECT_FALSE(store_->subject(SubjectId(1)).value());
  EXPECT_EQ(store_->sequence().value(), 0);
  EXPECT_TRUE(store_->changes_after(0).value().nothing());
}

TEST_P(StoreConformance, AReadViewStaysAsItWas) {
  const auto reader = another();
  auto view = reader->begin(Store::Kind::read);
  ASSERT_TRUE(view);
  EXPECT_EQ(reader->sequence().value(), 0);
  fill();
  EXPECT_FALSE(reader->subject(SubjectId(1)).value());
  EXPECT_EQ(reader->sequence().value(), 0);
  ASSERT_TRUE((*view)->commit());
  EXPECT_TRUE(reader->subject(SubjectId(1)).value());
  EXPECT_EQ(reader->sequence().value(), 1);
}

TEST_P(StoreConformance, OneWriterKeepsAnotherWaiting) {
  const auto other = another();
  auto first = store_->begin(Store::Kind::write);
  ASSERT_TRUE(first);
  const auto second = other->begin(Store::Kind::write);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, ErrorCode::resource_limit);
  EXPECT_TRUE(other->subject(SubjectId(1))) << "reading goes on";
  ASSERT_TRUE((*first)->commit());
  first = std::unique_ptr<StoreTransaction>();
  EXPECT_TRUE(other->begin(Store::Kind::write));
}

TEST_P(StoreConformance, EveryTransactionThatChangesTakesOneNumber) {
  fill();
  EXPECT_EQ(store_->sequence().value(), 1);
  change([&]() -> Status { return {}; });
  EXPECT_EQ(store_->sequence().value(), 1) << "nothing was changed";
  change([&]() -> Status {
    VULTUS_CHECK(store_->remove_face(FaceId(1)));
    return store_->remove_face(FaceId(2));
  });
  EXPECT_EQ(another()->sequence().value(), 2);
}

TEST_P(StoreConformance, ChangesTellWhatHasBecomeOfEachRow) {
  fill();
  Changes all = store_->changes_after(0).value();
  EXPECT_EQ(all.up_to, 1);
  ASSERT_EQ(all.subjects.size(), 2U);
  EXPECT_EQ(all.subjects[0].name, "Ada");
  EXPECT_THAT(all.faces, ElementsAre(std::pair(FaceId(1), SubjectId(1)), std::pair(FaceId(2), SubjectId(1)),
                                     std::pair(FaceId(3), SubjectId(2))));
  EXPECT_THAT(all.gone_faces, IsEmpty());

  change([&]() -> Status {  // 2: a face moves, a subject gets another name
    const FaceId id(2);
    VULTUS_CHECK(store_->move_faces({&id, 1}, SubjectId(2)));
    return store_->update_subject(subject_row(2, "Beatrix"));
  });
  change([&]() -> Status {  // 3: a subject goes with its face
    VULTUS_CHECK(store_->remove_subject(SubjectId(1)));
    return {};
  });
  const Changes second = store_->changes_after(1).value();
  EXPECT_EQ(second.up_to, 3);
  ASSERT_EQ(second.subjects.size(), 1U);
  EXPECT_EQ(second.subjects[0].name, "Beatrix");
  EXPECT_THAT(second.faces, ElementsAre(std::pair(FaceId(2), SubjectId(2))));
  EXPECT_THAT(second.gone_subjects, ElementsAre(SubjectId(1)));
  EXPECT_THAT(second.gone_faces, ElementsAre(FaceId(1)));
  EXPECT_FALSE(second.links);
  EXPECT_FALSE(second.model);
  const Changes last = store_->changes_after(2).value();
  EXPECT_THAT(last.subjects, IsEmpty());
  EXPECT_THAT(last.gone_subjects, ElementsAre(SubjectId(1)));
  EXPECT_TRUE(store_->changes_after(3).value().nothing());
}

TEST_P(StoreConformance, WhatWasAddedAndRemovedIsOnlyGone) {
  fill();
  change([&]() -> Status {
    VULTUS_CHECK(store_->remove_subject(SubjectId(2)));
    return {};
  });
  const Changes changes = store_->changes_after(0).value();
  EXPECT_EQ(changes.subjects.size(), 1U);
  EXPECT_THAT(changes.gone_subjects, ElementsAre(SubjectId(2)));
  EXPECT_THAT(changes.gone_faces, ElementsAre(FaceId(3)));
  // An undo puts rows back under their old ids.
  change([&]() -> Status {
    const SubjectRow back = subject_row(2, "Bea");
    VULTUS_CHECK(store_->add_subjects({&back, 1}));
    const WholeFace face = whole_face(3, 2);
    return store_->add_faces({&face, 1});
  });
  const Changes after = store_->changes_after(1).value();
  EXPECT_EQ(after.subjects.size(), 1U);
  EXPECT_THAT(after.faces, ElementsAre(std::pair(FaceId(3), SubjectId(2))));
  EXPECT_THAT(after.gone_subjects, IsEmpty());
  EXPECT_THAT(after.gone_faces, IsEmpty());
}

TEST_P(StoreConformance, LinksAndTheSearchedModelAreToldAsChanged) {
  fill();
  change([&] { return store_->add_link({LinkKind::not_subject, 3, 1}); });
  EXPECT_TRUE(store_->changes_after(1).value().links);
  EXPECT_FALSE(store_->changes_after(2).value().links);
  change([&]() -> Status {
    VULTUS_TRY(const ModelRowId better, store_->add_model(model_of(3, "better"), fixed_time()));
    return store_->set_meta(kMetaModel, std::to_string(better));
  });
  const Changes changes = store_->changes_after(2).value();
  EXPECT_TRUE(changes.model);
  EXPECT_FALSE(changes.links);
  change([&]() -> Status {
    VULTUS_CHECK(store_->remove_subject(SubjectId(1)));
    return {};
  });
  EXPECT_TRUE(store_->changes_after(3).value().links) << "its links went with it";
}

}  // namespace vultus::gallery::testing
