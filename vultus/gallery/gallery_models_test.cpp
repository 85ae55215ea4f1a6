// Moving to another model: both side by side, nothing lost, one moment of change.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vultus/gallery/gallery.hpp>
#include <vultus/gallery/test_faces.hpp>

namespace vultus {
namespace {

using gallery::testing::embedding;
using gallery::testing::face;
using gallery::testing::Folder;
using gallery::testing::model_of;
using gallery::testing::options_for;
using ::testing::HasSubstr;

const GalleryModel kNew = model_of(3, "better");

/// Ada along the first axis, Bob along the second, in both models.
class ModelMoves : public ::testing::Test {
 protected:
  ModelMoves() {
    EXPECT_TRUE(gallery_.enrol(std::vector<NewFace>{face("Ada", embedding({1, 0})), face("Bob", embedding({0, 1}))}));
  }
  [[nodiscard]] Gallery another() const { return Gallery::open({.path = folder_ / "a.vgal"}).value(); }
  void move_all() {
    ASSERT_TRUE(gallery_.begin_model_move(kNew));
    ASSERT_EQ(gallery_
                  .add_moved_templates(std::vector<MovedTemplate>{{FaceId(1), embedding({1, 0, 0}, "better")},
                                                                  {FaceId(2), embedding({0, 1, 0}, "better")}})
                  .value(),
              2);
  }
  static std::string best(const Gallery& gallery, const Embedding& probe) {
    const auto found = gallery.search(probe);
    return found && !found->empty() ? found->front().name : std::string("nobody");
  }

  Folder folder_;
  Gallery gallery_ = Gallery::open(options_for(folder_ / "a.vgal", 2)).value();
};

TEST_F(ModelMoves, WithoutOneThereIsNone) {
  EXPECT_FALSE(gallery_.model_move().value());
  EXPECT_EQ(gallery_.switch_model(IfNotMoved::remove).error().code, ErrorCode::not_found);
  EXPECT_EQ(gallery_.drop_model_move().error().code, ErrorCode::not_found);
  EXPECT_EQ(gallery_.faces_to_move(FaceId(0), 10).error().code, ErrorCode::not_found);
  EXPECT_EQ(gallery_.add_moved_templates({}).error().code, ErrorCode::not_found);
}

TEST_F(ModelMoves, TheGalleryStaysInServiceUntilTheSwitch) {
  ASSERT_TRUE(gallery_.begin_model_move(kNew));
  EXPECT_EQ(gallery_.model_move().value(), (ModelMove{.to = kNew, .missing = 2, .faces = 2}));
  EXPECT_EQ(best(gallery_, embedding({1, 0})), "Ada");
  EXPECT_EQ(gallery_.info().model.id, ModelId("planted"));
  ASSERT_TRUE(gallery_.enrol(std::vector<NewFace>{face("Eve", embedding({1, 1}))}));
  const auto missing = gallery_.faces_to_move(FaceId(0), 10).value();
  ASSERT_EQ(missing.size(), 3U) << "who came during the move is to be moved too";
  EXPECT_EQ(missing[2].id, FaceId(3));
  EXPECT_EQ(gallery_.faces_to_move(FaceId(2), 10).value().size(), 1U);
  ASSERT_TRUE(gallery_.add_moved_templates(std::vector<MovedTemplate>{{FaceId(1), embedding({1, 0, 0}, "better")}}));
  EXPECT_EQ(gallery_.model_move().value()->missing, 2);
  EXPECT_EQ(best(another(), embedding({1, 0})), "Ada") << "one that opens it now sees the old model";
  EXPECT_TRUE(gallery_.check().value().sound());
}

TEST_F(ModelMoves, TheSwitchIsRefusedWhileFacesAreMissing) {
  ASSERT_TRUE(gallery_.begin_model_move(kNew));
  ASSERT_TRUE(gallery_.add_moved_templates(std::vector<MovedTemplate>{{FaceId(1), embedding({1, 0, 0}, "better")}}));
  const auto refused = gallery_.switch_model(IfNotMoved::refuse);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::invalid_argument);
  EXPECT_THAT(refused.error().message, HasSubstr("1 faces have no template of model better, face 2 first"));
  EXPECT_EQ(best(gallery_, embedding({0, 1})), "Bob") << "nothing has changed";
  const ModelSwitch done = gallery_.switch_model(IfNotMoved::remove).value();
  EXPECT_EQ(done.removed, 1);
  EXPECT_EQ(gallery_.info().faces, 1);
  EXPECT_EQ(gallery_.subject(SubjectId(2)).value().faces, 0) << "the person stays";
  EXPECT_TRUE(gallery_.check().value().sound());
}

TEST_F(ModelMoves, AfterTheSwitchTheNewModelAnswersAndTheOldIsGone) {
  ASSERT_TRUE(gallery_.add_calibration({.at = {Cosine(0.5F), 1e-3, "a test"}}));
  Gallery reader = another();
  move_all();
  const ModelSwitch done = gallery_.switch_model(IfNotMoved::refuse).value();
  EXPECT_EQ(done.from.id, ModelId("planted"));
  EXPECT_EQ(done.to, kNew);
  for (Gallery* one : {&gallery_, &reader}) {
    ASSERT_TRUE(one->refresh());
    EXPECT_EQ(one->info().model, kNew);
    EXPECT_EQ(best(*one, embedding({0, 1, 0}, "better")), "Bob");
    EXPECT_EQ(one->search(embedding({0, 1})).error().code, ErrorCode::model_mismatch);
    EXPECT_TRUE(one->calibrations().value().empty()) << "they were of the old model";
    EXPECT_FALSE(one->model_move().value());
  }
  Gallery again = another();
  EXPECT_EQ(best(again, embedding({1, 0, 0}, "better")), "Ada");
  EXPECT_EQ(again.templates(SubjectId(1)).value().front(), embedding({1, 0, 0}, "better"));
  EXPECT_TRUE(again.check().value().sound());
}

TEST_F(ModelMoves, ADroppedMoveLeavesNothing) {
  move_all();
  ASSERT_TRUE(gallery_.drop_model_move());
  EXPECT_FALSE(gallery_.model_move().value());
  EXPECT_EQ(best(gallery_, embedding({1, 0})), "Ada");
  ASSERT_TRUE(gallery_.begin_model_move(kNew)) << "it can be begun again";
  EXPECT_EQ(gallery_.model_move().value()->missing, 2);
}

TEST_F(ModelMoves, OneAtATimeAndToAnotherModel) {
  EXPECT_EQ(gallery_.begin_model_move(model_of(2)).error().code, ErrorCode::invalid_argument);
  ASSERT_TRUE(gallery_.begin_model_move(kNew));
  EXPECT_TRUE(gallery_.begin_model_move(kNew)) << "begun already";
  EXPECT_EQ(gallery_.begin_model_move(model_of(3, "third")).error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(gallery_.begin_model_move(model_of(4, "better")).error().code, ErrorCode::invalid_argument);
}

TEST_F(ModelMoves, TemplatesThatDoNotFitAreRefusedAndFacesThatAreGonePassedOver) {
  ASSERT_TRUE(gallery_.begin_model_move(kNew));
  const auto add = [&](std::int64_t id, const Embedding& values) {
    return gallery_.add_moved_templates(std::vector<MovedTemplate>{{FaceId(id), values}});
  };
  EXPECT_EQ(add(1, embedding({1, 0})).error().code, ErrorCode::model_mismatch);
  EXPECT_EQ(add(1, embedding({1, 0}, "better")).error().code, ErrorCode::model_mismatch);
  EXPECT_EQ(add(77, embedding({1, 0, 0}, "better")).value(), 0);
  EXPECT_EQ(gallery_.model_move().value()->missing, 2);
}

TEST_F(ModelMoves, FacesKeepBothTemplatesWhenTheyChangeTheirSubject) {
  move_all();
  ASSERT_TRUE(gallery_.rename(SubjectId(2), "Ada", IfNameTaken::merge));
  EXPECT_EQ(gallery_.model_move().value()->missing, 0);
  ASSERT_TRUE(gallery_.switch_model(IfNotMoved::refuse));
  EXPECT_EQ(best(gallery_, embedding({0, 1, 0}, "better")), "Ada");
}

TEST_F(ModelMoves, WhatWasSaidOfFacesHoldsForTheNewModel) {
  ASSERT_TRUE(gallery_.not_this_person(FaceId(1), SubjectId(2)));
  move_all();
  ASSERT_TRUE(gallery_.switch_model(IfNotMoved::refuse));
  // Nearer to face 1 than to Bob's: Bob is left out, so only Ada is answered.
  const auto found = gallery_.search(embedding({3, 1, 0}, "better"), {.top_k = 2}).value();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].name, "Ada");
  EXPECT_EQ(gallery_.not_same().value().size(), 1U);
}

}  // namespace
}  // namespace vultus
