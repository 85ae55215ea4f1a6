// Searches while the index changes. Run with the preset tsan too.
#include <vultus/gallery/index/template_index.hpp>

#include <array>
#include <atomic>
#include <chrono>
#include <future>
#include <set>
#include <thread>

#include <gtest/gtest.h>

#include <vultus/gallery/test_faces.hpp>

namespace vultus {
namespace {

using gallery::TemplateIndex;
using gallery::TemplateView;
using gallery::testing::embedding;
using gallery::testing::random_embedding;

constexpr std::array kMethods{SearchMethod::floats, SearchMethod::bytes, SearchMethod::cascade};

Status add(TemplateIndex& index, int face, int subject, const Embedding& e) {
  const IndexedFace one{FaceId(face), SubjectId(subject), e.values()};
  return index.add({&one, 1});
}

TEST(TemplateIndexThreads, ASearchEndsWhileAChangeIsStoppedInTheMiddle) {
  TemplateIndex index(ModelId("planted"), 2);
  const Embedding ada = embedding({1, 0}), bea = embedding({0, 1});
  ASSERT_TRUE(add(index, 1, 1, ada));
  std::promise<void> stopped, go_on;
  std::thread writer([&] {
    ASSERT_TRUE(index.update([&](TemplateView& next) -> Status {
      const IndexedFace one{FaceId(2), SubjectId(2), bea.values()};
      VULTUS_CHECK(next.change({.gone = {FaceId(1)}, .named = {{SubjectId(2), "Bea"}}, .added = {one}}));
      stopped.set_value();
      go_on.get_future().wait();
      return {};
    }));
  });
  stopped.get_future().wait();
  auto search = std::async(std::launch::async, [&] { return index.search({&ada, 1}, {.top_k = 2}).value().front(); });
  const bool ended = search.wait_for(std::chrono::seconds(20)) == std::future_status::ready;
  // Everything else that looks at the index, too.
  if (ended) {
    EXPECT_EQ(index.size(), 1U);
    EXPECT_EQ(index.subject_of(FaceId(1)), SubjectId(1));
    EXPECT_EQ(index.subject_of(FaceId(2)), std::nullopt);
    EXPECT_EQ(index.view()->name_of(SubjectId(2)), std::nullopt) << "a change is seen as a whole";
  }
  go_on.set_value();
  writer.join();
  ASSERT_TRUE(ended);
  const auto hits = search.get();
  ASSERT_EQ(hits.size(), 1U);
  EXPECT_EQ(hits[0].face, FaceId(1));
  const auto after = index.search({&ada, 1}, {.top_k = 2}).value().front();
  ASSERT_EQ(after.size(), 1U);
  EXPECT_EQ(after[0].face, FaceId(2));
  EXPECT_EQ(index.view()->name_of(SubjectId(2)), "Bea");
}

TEST(TemplateIndexThreads, AChangeThatFailsIsNotSeen) {
  TemplateIndex index(ModelId("planted"), 2);
  const Embedding ada = embedding({1, 0});
  ASSERT_TRUE(add(index, 1, 1, ada));
  const IndexedFace again{FaceId(1), SubjectId(2), ada.values()};
  EXPECT_FALSE(index.change({.added = {again}, .subjects_gone = {SubjectId(1)}}));
  EXPECT_EQ(index.subject_of(FaceId(1)), SubjectId(1));
  // In one change, what goes may come again.
  EXPECT_TRUE(index.change({.gone = {FaceId(1)}, .added = {again}}));
  EXPECT_EQ(index.subject_of(FaceId(1)), SubjectId(2));
  EXPECT_EQ(index.size(), 1U);
}

TEST(TemplateIndexThreads, AViewStaysAsItWas) {
  std::mt19937 random(3);
  TemplateIndex index(ModelId("planted"), 16);
  std::vector<Embedding> all;
  for (int i = 0; i < 700; ++i) all.push_back(random_embedding(random, 16));
  for (int i = 0; i < 300; ++i) ASSERT_TRUE(add(index, i, i % 40, all[static_cast<std::size_t>(i)]));
  const auto view = index.view();
  const Embedding probe = random_embedding(random, 16);
  for (const SearchMethod method : kMethods) {
    const SearchOptions options{.top_k = 50, .method = method};
    const auto before = view->search({&probe, 1}, options).value();
    for (int i = 0; i < 300; i += 3) index.remove(FaceId(i));
    for (int i = 1; i < 300; i += 3) index.move(FaceId(i), SubjectId(77));
    for (int i = 300; i < 700; ++i) {
      if (index.subject_of(FaceId(i))) continue;
      ASSERT_TRUE(add(index, i, i, all[static_cast<std::size_t>(i)]));
    }
    EXPECT_EQ(view->search({&probe, 1}, options).value(), before) << name_of(method);
    EXPECT_EQ(view->live(), 300U);
  }
  EXPECT_EQ(index.size(), 600U);
}

TEST(TemplateIndexThreads, SearchesSeeEveryChangeAsAWholeWhileTheIndexGrowsAndShrinks) {
  constexpr int kDimension = 64, kStay = 600, kRounds = 60, kPortion = 40;
  std::mt19937 random(5);
  std::vector<Embedding> all;
  for (int i = 0; i < kStay + kRounds * kPortion; ++i) all.push_back(random_embedding(random, kDimension));
  TemplateIndex index(ModelId("planted"), kDimension);
  for (int i = 0; i < kStay; ++i) ASSERT_TRUE(add(index, i, i, all[static_cast<std::size_t>(i)]));

  std::atomic<bool> done = false;
  std::atomic<int> searches = 0, wrong = 0;
  const auto read = [&](unsigned seed) {
    std::mt19937 mine(seed);
    while (!done || searches < 20) {
      const auto who = std::uniform_int_distribution<int>(0, kStay - 1)(mine);
      const Embedding& probe = all[static_cast<std::size_t>(who)];
      const auto view = index.view();
      const auto truth = view->search({&probe, 1}, {.top_k = 5, .method = SearchMethod::floats}).value().front();
      if (truth.empty() || truth.front().face != FaceId(who)) ++wrong;
      // Portions come and go as a whole, so there are always whole ones.
      if ((view->live() - kStay) % kPortion != 0) ++wrong;
      for (const SearchMethod method : kMethods) {
        const auto hits = view->search({&probe, 1}, {.top_k = 5, .method = method}).value().front();
        if (method == SearchMethod::bytes && hits != truth) ++wrong;
        if (hits.empty() || hits.front() != truth.front()) ++wrong;
      }
      ++searches;
    }
  };
  std::thread one(read, 1U), two(read, 2U);
  for (int round = 0; round < kRounds; ++round) {
    gallery::IndexChanges changes;
    for (int i = 0; i < kPortion; ++i) {
      const int face = kStay + round * kPortion + i;
      changes.added.push_back(
          {FaceId(face), SubjectId(face % 700 + 1000), all[static_cast<std::size_t>(face)].values()});
      // From time to time the portions before go; that is often enough for the rows to be moved together.
      if (round % 2 == 1) changes.gone.emplace_back(face - kPortion);
    }
    ASSERT_TRUE(index.change(changes));
    index.move(SubjectId(1000 + round), SubjectId(1001 + round));
  }
  done = true;
  one.join();
  two.join();
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(index.size(), static_cast<std::size_t>(kStay + kRounds / 2 * kPortion));
}

TEST(TemplateIndexThreads, NamesFollowTheirSubjects) {
  TemplateIndex index(ModelId("planted"), 2);
  ASSERT_TRUE(index.change({.named = {{SubjectId(1), "Ada"}, {SubjectId(2), "Bea"}}}));
  EXPECT_EQ(index.view()->subjects(), 2U);
  ASSERT_TRUE(index.change({.named = {{SubjectId(2), "Bee"}}}));
  EXPECT_EQ(index.view()->subjects(), 2U);
  EXPECT_EQ(index.view()->name_of(SubjectId(2)), "Bee");
  ASSERT_TRUE(index.change({.subjects_gone = {SubjectId(1), SubjectId(9)}}));
  EXPECT_EQ(index.view()->subjects(), 1U);
  EXPECT_EQ(index.view()->name_of(SubjectId(1)), std::nullopt);
  ASSERT_TRUE(index.change({.named = {{SubjectId(1), "Ada"}}}));
  EXPECT_EQ(index.view()->subjects(), 2U);
  EXPECT_EQ(index.view()->name_of(SubjectId(1)), "Ada");
}

TEST(TemplateIndexThreads, MovingRowsTogetherChangesNoAnswer) {
  std::mt19937 random(9);
  TemplateIndex index(ModelId("planted"), 32), fresh(ModelId("planted"), 32);
  std::vector<Embedding> all;
  for (int i = 0; i < 5000; ++i) all.push_back(random_embedding(random, 32));
  gallery::IndexChanges changes, left;
  for (int i = 0; i < 5000; ++i)
    changes.added.push_back({FaceId(i), SubjectId(i % 900), all[static_cast<std::size_t>(i)].values()});
  ASSERT_TRUE(index.change(changes));
  // 1,024 dead rows and a quarter: reached at 1,251.
  for (int i = 0; i < 1300; ++i) index.remove(FaceId(3 * i));
  for (int i = 0; i < 5000; ++i)
    if (i % 3 != 0 || i >= 3900) left.added.push_back(changes.added[static_cast<std::size_t>(i)]);
  ASSERT_TRUE(fresh.change(left));
  ASSERT_EQ(index.size(), fresh.size());
  for (const SearchMethod method : kMethods)
    for (int i = 0; i < 20; ++i) {
      const Embedding probe = random_embedding(random, 32);
      EXPECT_EQ(index.search({&probe, 1}, {.top_k = 10, .method = method}).value(),
                fresh.search({&probe, 1}, {.top_k = 10, .method = method}).value());
    }
  EXPECT_EQ(index.subject_of(FaceId(4)), SubjectId(4));
  EXPECT_EQ(index.subject_of(FaceId(3)), std::nullopt);
}

}  // namespace
}  // namespace vultus
