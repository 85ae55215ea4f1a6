// Cells: of clusters whose members are known, and that a search by cells finds what it promises.
#include <vultus/gallery/index/partition.hpp>

#include <algorithm>
#include <cmath>
#include <map>
#include <random>
#include <set>

#include <gtest/gtest.h>

#include <vultus/gallery/index/subject_set.hpp>
#include <vultus/gallery/index/template_index.hpp>
#include <vultus/gallery/test_faces.hpp>

namespace vultus::gallery {
namespace {

using testing::embedding;
using testing::random_embedding;

/// Templates around centres that are far apart: subject s, four faces, at centre s % centres.
struct Clustered {
  std::vector<Embedding> templates;
  std::vector<IndexedFace> faces;

  Clustered(std::mt19937& random, int dimension, int centres, int subjects) {
    std::vector<Embedding> middles;
    for (int c = 0; c < centres; ++c) middles.push_back(random_embedding(random, dimension));
    std::normal_distribution<float> normal;
    const float width = 1 / std::sqrt(static_cast<float>(dimension));
    for (int s = 0; s < subjects; ++s) {
      const auto& middle = middles[static_cast<std::size_t>(s % centres)].values();
      std::vector<float> subject(middle.begin(), middle.end());
      for (float& v : subject) v += 0.5F * width * normal(random);
      for (int f = 0; f < 4; ++f) {
        std::vector<float> face = subject;
        for (float& v : face) v += 0.25F * width * normal(random);
        templates.push_back(embedding(std::move(face)));
      }
    }
    for (std::size_t i = 0; i < templates.size(); ++i)
      faces.push_back({FaceId(static_cast<std::int64_t>(i + 1)), SubjectId(static_cast<std::int64_t>(i / 4)),
                       templates[i].values()});
  }
};

TEST(Partition, PutsEveryRowIntoOneCellTogetherWithItsCodes) {
  std::mt19937 random(1);
  const Clustered all(random, 128, 8, 300);
  TemplateRows rows(128);
  rows.make_room(all.faces.size());
  for (const IndexedFace& face : all.faces) rows.add(face.face, face.subject, face.values);
  rows.close();
  const Partition partition(rows, best_kernels(), 8);
  std::set<std::uint32_t> seen;
  for (std::size_t c = 0; c < partition.cells(); ++c) {
    const Cell cell = partition.cell(c);
    for (std::size_t i = 0; i < cell.count; ++i) {
      const std::uint32_t row = cell.rows[i];
      EXPECT_TRUE(seen.insert(row).second) << row;
      EXPECT_EQ(cell.scales[i], *rows.first_scale(row));
      for (std::size_t b = 0; b < 16; ++b)
        EXPECT_EQ(cell.first[(i / kRowsOfBlock * 16 + b) * kRowsOfBlock + place_in_block(i % kRowsOfBlock)],
                  rows.first(row / kRowsOfBlock * kRowsOfBlock)[b * kRowsOfBlock + place_in_block(row % kRowsOfBlock)]);
    }
  }
  EXPECT_EQ(seen.size(), all.faces.size());
}

TEST(Partition, KeepsTheMembersOfAClusterTogether) {
  std::mt19937 random(2);
  constexpr int kCentres = 6;
  const Clustered all(random, 64, kCentres, 240);
  TemplateRows rows(64);
  rows.make_room(all.faces.size());
  for (const IndexedFace& face : all.faces) rows.add(face.face, face.subject, face.values);
  rows.close();
  // More cells than clusters: a cluster may fall apart, but no cell mixes two.
  const Partition partition(rows, best_kernels(), 24);
  for (std::size_t c = 0; c < partition.cells(); ++c) {
    const Cell cell = partition.cell(c);
    for (std::size_t i = 1; i < cell.count; ++i)
      EXPECT_EQ(cell.rows[i] / 4 % kCentres, cell.rows[0] / 4 % kCentres) << "cell " << c;
  }
  // The probe's own cluster comes first.
  for (std::size_t i = 0; i < 40; ++i) {
    const Cell nearest = partition.cell(partition.nearest(all.faces[i * 23].values, best_kernels()).front());
    ASSERT_GT(nearest.count, 0U);
    EXPECT_EQ(nearest.rows[0] / 4 % kCentres, i * 23 / 4 % kCentres);
  }
}

TEST(Partition, ASearchByCellsFindsWhatItPromisesAndTellsExactSimilarities) {
  std::mt19937 random(3);
  const Clustered all(random, 128, 40, 1500);
  TemplateIndex index(ModelId("planted"), 128);
  ASSERT_TRUE(index.add(all.faces));
  EXPECT_FALSE(index.view()->partition_report());
  ASSERT_TRUE(index.update([](TemplateView& view) { return view.partition({.cells = 60, .recall = 0.95}); }));
  const PartitionReport report = index.view()->partition_report().value();
  EXPECT_EQ(report.cells, 60U);
  EXPECT_GE(report.recall_at_1, 0.95);
  EXPECT_LT(report.share, 0.5) << "the clusters are far apart";
  std::vector<Embedding> probes;
  std::normal_distribution<float> normal;
  for (std::size_t i = 0; i < 100; ++i) {
    std::vector<float> values(all.faces[i * 60].values.begin(), all.faces[i * 60].values.end());
    for (float& v : values) v += 0.02F * normal(random);
    probes.push_back(embedding(std::move(values)));
  }
  const auto exact = index.search(probes, {.top_k = 5, .method = SearchMethod::bytes}).value();
  const auto told = index.search(probes, {.top_k = 5, .method = SearchMethod::cells}).value();
  int right = 0;
  for (std::size_t i = 0; i < probes.size(); ++i) {
    right += told[i].front() == exact[i].front() ? 1 : 0;
    for (const SearchHit& hit : told[i])
      EXPECT_EQ(hit.similarity,
                similarity(probes[i], all.templates[static_cast<std::size_t>(hit.face.number()) - 1]).value());
    EXPECT_EQ(told[i], index.search({&probes[i], 1}, {.top_k = 5, .method = SearchMethod::cells}).value().front())
        << "batch = one by one";
  }
  EXPECT_GE(right, 90);
}

TEST(Partition, WithAllCellsTheAnswerIsThatOfTheCascade) {
  std::mt19937 random(4);
  const Clustered all(random, 512, 5, 500);
  TemplateIndex index(ModelId("planted"), 512);
  ASSERT_TRUE(index.add(all.faces));
  ASSERT_TRUE(index.update([](TemplateView& view) { return view.partition({.cells = 1}); }));
  EXPECT_EQ(index.view()->partition_report()->recall_at_10, 1);
  EXPECT_EQ(index.view()->partition_report()->share, 1);
  for (std::size_t i = 0; i < 20; ++i) {
    const Embedding& probe = all.templates[i * 97];
    EXPECT_EQ(index.search({&probe, 1}, {.top_k = 1, .method = SearchMethod::cells}).value(),
              index.search({&probe, 1}, {.top_k = 1, .method = SearchMethod::cascade}).value());
  }
}

TEST(Partition, WhatIsAddedLaterIsFoundAndWhatIsRemovedIsNot) {
  std::mt19937 random(5);
  const Clustered all(random, 128, 20, 800);
  TemplateIndex index(ModelId("planted"), 128);
  ASSERT_TRUE(index.add(all.faces));
  ASSERT_TRUE(index.update([](TemplateView& view) { return view.partition({.cells = 30}); }));
  for (int i = 0; i < 30; ++i) {
    const Embedding fresh = random_embedding(random, 128);
    const IndexedFace face{FaceId(100'000 + i), SubjectId(90'000 + i), fresh.values()};
    ASSERT_TRUE(index.add({&face, 1}));
    EXPECT_EQ(index.search({&fresh, 1}, {.top_k = 1, .method = SearchMethod::cells}).value().front().front().face,
              face.face);
    const IndexedFace& old = all.faces[static_cast<std::size_t>(i) * 50];
    index.remove(old.face);
    const Embedding& gone = all.templates[static_cast<std::size_t>(i) * 50];
    const auto left = index.search({&gone, 1}, {.top_k = 10, .method = SearchMethod::cells}).value().front();
    EXPECT_FALSE(left.empty());
    for (const SearchHit& hit : left) EXPECT_NE(hit.face, old.face);
  }
}

TEST(Partition, RefusesOptionsOutsideTheirRange) {
  TemplateView view(ModelId("planted"), 4, best_kernels());
  EXPECT_FALSE(view.partition({})) << "nothing to partition";
  const Embedding one = embedding({1, 0, 0, 0});
  const IndexedFace face{FaceId(1), SubjectId(1), one.values()};
  ASSERT_TRUE(view.change({.added = {face}}));
  EXPECT_FALSE(view.partition({.cells = 65'537}));
  EXPECT_FALSE(view.partition({.recall = 0.4}));
  EXPECT_FALSE(view.partition({.probes = 0}));
  EXPECT_TRUE(view.partition({}));
}

TEST(SubjectSet, ContainsWhatItWasMadeOf) {
  constexpr std::int64_t kFar = std::int64_t{1} << 62;
  const std::vector<std::vector<SubjectId>> lists{
      {},
      {SubjectId(5)},
      {SubjectId(100), SubjectId(3), SubjectId(100), SubjectId(70)},
      {SubjectId(-kFar), SubjectId(kFar), SubjectId(0)},
  };
  for (const auto& list : lists) {
    const SubjectSet set(list);
    for (const std::int64_t number : {-kFar, std::int64_t{-1}, std::int64_t{0}, std::int64_t{2}, std::int64_t{3},
                                      std::int64_t{5}, std::int64_t{70}, std::int64_t{100}, std::int64_t{101}, kFar})
      EXPECT_EQ(set.contains(SubjectId(number)), std::ranges::count(list, SubjectId(number)) > 0) << number;
  }
}

}  // namespace
}  // namespace vultus::gallery
