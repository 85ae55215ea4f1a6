// Merging, splitting, links and other models over three databases.
#include <algorithm>
#include <map>
#include <random>
#include <set>

#include <gtest/gtest.h>

#include <vultus/gallery/guard.hpp>
#include <vultus/gallery/shards.hpp>
#include <vultus/gallery/shards/shard_mover.hpp>
#include <vultus/gallery/shards/test_shards.hpp>
#include <vultus/gallery/store/postgres_store.hpp>

namespace vultus::gallery::testing {
namespace {

std::int64_t birth_shard(SubjectId id) { return id.number() >> 47; }

class ShardedPeople : public ThreeShards {
 protected:
  ShardedPeople() : gallery_(open(options_of(shards_))), faces_(people(40)) {
    outcomes_ = gallery_.enrol(faces_).value();
  }
  /// Two people who lie in different shards.
  [[nodiscard]] std::pair<std::size_t, std::size_t> apart() const {
    for (std::size_t i = 1; i < outcomes_.size(); ++i)
      if (birth_shard(outcomes_[i].subject) != birth_shard(outcomes_[0].subject)) return {0, i};
    return {0, 0};
  }
  std::set<std::string> found(const Embedding& probe) {
    std::set<std::string> names;
    for (const std::string& name : everybody(gallery_, probe)) names.insert(name);
    return names;
  }

  Gallery gallery_;
  std::vector<NewFace> faces_;
  std::vector<EnrolOutcome> outcomes_;
};

TEST_F(ShardedPeople, AreMergedOverShardsAndThatIsTakenBack) {
  const std::size_t a = apart().first;
  const std::size_t b = apart().second;
  ASSERT_NE(a, b);
  const SubjectId from = outcomes_[a].subject;
  const SubjectId into = outcomes_[b].subject;
  EXPECT_EQ(gallery_.merge(from, from).error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(gallery_.merge(from, SubjectId(5)).error().code, ErrorCode::not_found);
  ASSERT_TRUE(gallery_.merge(from, into));
  EXPECT_EQ(gallery_.faces(into).value().size(), 2U);
  EXPECT_EQ(gallery_.subject(from).error().code, ErrorCode::not_found);
  EXPECT_EQ(gallery_.search(faces_[a].embedding).value().at(0).subject, into);
  const auto steps = gallery_.undoable().value();
  ASSERT_EQ(steps.size(), 1U);
  EXPECT_EQ(steps[0].kind, "merge");
  EXPECT_EQ(gallery_.undo(steps[0].number).value().number, steps[0].number);
  EXPECT_EQ(gallery_.search(faces_[a].embedding).value().at(0).subject, from);
  EXPECT_EQ(gallery_.faces(into).value().size(), 1U);
  EXPECT_EQ(found(faces_[0].embedding).size(), 40U);
  EXPECT_EQ(gallery_.undo(std::nullopt).error().code, ErrorCode::not_found);
  EXPECT_TRUE(gallery_.check().value().sound());
}

TEST_F(ShardedPeople, AMergeIsNotTakenBackWhereSomebodyHasTheNameNow) {
  const std::size_t a = apart().first;
  const std::size_t b = apart().second;
  ASSERT_TRUE(gallery_.merge(outcomes_[a].subject, outcomes_[b].subject));
  const SubjectId other = gallery_.add_subject(faces_[a].subject).value().subject;
  const auto refused = gallery_.undo(std::nullopt);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::invalid_argument) << refused.error().message;
  ASSERT_TRUE(gallery_.rename(other, "somebody else", IfNameTaken::refuse));
  EXPECT_TRUE(gallery_.undo(std::nullopt));
}

TEST_F(ShardedPeople, AreSplitAndThatIsTakenBack) {
  const SubjectId whole = outcomes_[0].subject;
  NewFace second = faces_[1];
  second.subject = "subject 0";
  second.details.source_sha256 = digest('e');
  const FaceId stray = gallery_.enrol(std::vector<NewFace>{second}).value()[0].face;
  EXPECT_EQ(gallery_.split(std::vector{stray}, "subject 5").error().code, ErrorCode::invalid_argument);
  for (int i = 0; i < 4; ++i) {  // homes in several shards
    const std::string name = "split off " + std::to_string(i);
    const SubjectId made = gallery_.split(std::vector{stray}, name).value();
    EXPECT_EQ(gallery_.faces(made).value().size(), 1U);
    EXPECT_EQ(gallery_.find_subject(name).value().value().id, made);
    EXPECT_EQ(gallery_.not_same().value().size(), 1U);
    ASSERT_TRUE(gallery_.undo(std::nullopt));
    EXPECT_EQ(gallery_.faces(whole).value().size(), 2U);
    EXPECT_FALSE(gallery_.find_subject(name).value());
  }
  EXPECT_TRUE(gallery_.check().value().sound());
}

TEST_F(ShardedPeople, WhoSomebodyIsNotIsKeptWhilePeopleMove) {
  const std::size_t a = apart().first;
  const std::size_t b = apart().second;
  const SubjectId him = outcomes_[b].subject;
  // A probe between the two, nearer to the face that does not show him.
  std::vector<float> between(kDimension);
  for (std::size_t i = 0; i < between.size(); ++i)
    between[i] = 0.8F * faces_[a].embedding.values()[i] + 0.6F * faces_[b].embedding.values()[i];
  const Embedding probe = embedding(between);
  EXPECT_TRUE(found(probe).contains(faces_[b].subject));
  ASSERT_TRUE(gallery_.not_this_person(outcomes_[a].face, him, Say::yes));
  const auto is_left_out = [&] {
    EXPECT_FALSE(found(probe).contains(faces_[b].subject));
    EXPECT_TRUE(found(probe).contains(faces_[a].subject));
  };
  is_left_out();
  ASSERT_EQ(gallery_.not_same().value().size(), 1U);
  EXPECT_EQ(gallery_.merge(outcomes_[a].subject, him).error().code, ErrorCode::invalid_argument);
  // They stay together when they are enrolled again, and when people are moved.
  for (const EnrolOutcome& one : gallery_.enrol(faces_).value()) EXPECT_TRUE(one.already_there);
  for (const double weight : {0.0, 1.0}) {
    for (const std::size_t emptied : {0UL, 1UL}) {
      shards_.map().shards[emptied].weight = weight;
      shards_.write();
      const auto report = rebalance_shards(shards_.path(), {.subjects_at_once = 3});
      ASSERT_TRUE(report) << report.error().message;
      ASSERT_TRUE(gallery_.refresh());
      EXPECT_EQ(gallery_.subjects({.limit = 100}).value().size(), 40U);
      is_left_out();
      ASSERT_EQ(gallery_.not_same().value().size(), 1U);
      for (const ShardStatus& shard : shard_status(shards_.path(), {}).value()) EXPECT_EQ(shard.misplaced, 0);
    }
  }
  // Another name, whose home may be elsewhere: both go there.
  for (int i = 0; i < 4; ++i) {
    ASSERT_TRUE(gallery_.rename(outcomes_[a].subject, "renamed " + std::to_string(i), IfNameTaken::refuse));
    ASSERT_EQ(gallery_.not_same().value().size(), 1U);
    EXPECT_FALSE(found(probe).contains(faces_[b].subject));
  }
  ASSERT_TRUE(gallery_.not_this_person(outcomes_[a].face, him, Say::no_longer));
  EXPECT_TRUE(found(probe).contains(faces_[b].subject));
  EXPECT_TRUE(gallery_.undo(std::nullopt));
  EXPECT_FALSE(found(probe).contains(faces_[b].subject));
}

TEST_F(ShardedPeople, AFaceOfSomebodyWhoseMoveWasInterruptedIsKept) {
  const std::size_t b = apart().second;
  const SubjectId him = outcomes_[b].subject;
  ASSERT_TRUE(gallery_.not_this_person(outcomes_[apart().first].face, him, Say::yes));
  // The two lie where he belongs; whoever moves them away ends between the two commits.
  const auto home = static_cast<std::size_t>(birth_shard(him) - 1);
  const std::size_t away = (home + 1) % 3;
  const auto store = [&](std::size_t i) {
    return PostgresStore::open({.url = shards_.map().shards[i].urls[0], .access = PostgresAccess::read_write}).value();
  };
  const auto guard = [&](Store& of, std::size_t i) {
    GalleryOptions mine = options_of(shards_);
    mine.keyring = shards_.map().shards[i].urls[0];
    return Guard::open(of, mine, {.shard = shards_.map().shards[i].name}).value();
  };
  {
    const auto from = store(home);
    const auto to = store(away);
    const auto from_guard = guard(*from, home);
    const auto to_guard = guard(*to, away);
    struct Ended {};
    EXPECT_THROW((void)move_subjects({shards_.map().shards[home], from.get(), from_guard.get()},
                                     {shards_.map().shards[away], to.get(), to_guard.get()},
                                     std::vector{him, outcomes_[apart().first].subject}, map_of(*from).value().version,
                                     [] { throw Ended(); }),
                 Ended);
  }
  ASSERT_TRUE(gallery_.refresh());
  std::mt19937 random(9);
  const NewFace more = face(faces_[b].subject, random_embedding(random, kDimension), {.source_sha256 = digest('e')});
  ASSERT_EQ(gallery_.enrol({&more, 1}).value()[0].subject, him);
  ASSERT_TRUE(gallery_.describe(him, {.notes = "this makes the two one"}));
  EXPECT_EQ(gallery_.faces(him).value().size(), 2U);
  EXPECT_EQ(gallery_.search(more.embedding).value().at(0).subject, him);
  EXPECT_EQ(gallery_.not_same().value().size(), 1U);
  EXPECT_EQ(gallery_.subjects({.limit = 100}).value().size(), 40U);
  EXPECT_TRUE(gallery_.check().value().sound());
}

TEST_F(ShardedPeople, TwoFacesOfDifferentPeopleAreNotMerged) {
  const std::size_t a = apart().first;
  const std::size_t b = apart().second;
  ASSERT_TRUE(gallery_.not_same_person(outcomes_[a].face, outcomes_[b].face, Say::yes));
  EXPECT_EQ(gallery_.merge(outcomes_[a].subject, outcomes_[b].subject).error().code, ErrorCode::invalid_argument);
  ASSERT_TRUE(gallery_.not_same_person(outcomes_[a].face, outcomes_[b].face, Say::no_longer));
  EXPECT_TRUE(gallery_.merge(outcomes_[a].subject, outcomes_[b].subject));
  ASSERT_TRUE(gallery_.forget_undo());
  EXPECT_TRUE(gallery_.undoable().value().empty());
}

TEST_F(ShardedPeople, MoveToAnotherModelInAllShards) {
  const GalleryModel to = model_of(8, "second");
  ASSERT_TRUE(gallery_.begin_model_move(to));
  EXPECT_EQ(gallery_.model_move().value().value().missing, 40);
  EXPECT_EQ(gallery_.switch_model(IfNotMoved::refuse).error().code, ErrorCode::invalid_argument);
  std::mt19937 random(3);
  std::map<FaceId, Embedding> made;
  for (FaceId after(0);;) {
    const auto some = gallery_.faces_to_move(after, 7).value();
    if (some.empty()) break;
    std::vector<float> values(8);
    std::vector<MovedTemplate> moved;
    for (const EnrolledFace& one : some) {
      for (float& v : values) v = std::normal_distribution<float>()(random);
      made.emplace(one.id, embedding(values, "second"));
      moved.push_back({one.id, made.at(one.id)});
      after = one.id;
    }
    EXPECT_EQ(gallery_.add_moved_templates(moved).value(), static_cast<std::int64_t>(moved.size()));
  }
  EXPECT_EQ(made.size(), 40U);
  EXPECT_EQ(gallery_.search(faces_[3].embedding).value().at(0).name, "subject 3") << "in service meanwhile";
  const ModelSwitch done = gallery_.switch_model(IfNotMoved::refuse).value();
  EXPECT_EQ(done.to.id, to.id);
  EXPECT_EQ(done.removed, 0);
  EXPECT_EQ(gallery_.info().model.id, to.id);
  EXPECT_EQ(gallery_.search(made.at(outcomes_[3].face)).value().at(0).name, "subject 3");
  EXPECT_EQ(gallery_.search(faces_[3].embedding).error().code, ErrorCode::model_mismatch);
  EXPECT_FALSE(gallery_.model_move().value());
  EXPECT_EQ(gallery_.drop_model_move().error().code, ErrorCode::not_found);
}

}  // namespace
}  // namespace vultus::gallery::testing
