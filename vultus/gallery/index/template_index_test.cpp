#include <vultus/gallery/index/template_index.hpp>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include <gtest/gtest.h>

#include <vultus/gallery/test_faces.hpp>

namespace vultus {
namespace {

using gallery::testing::embedding;
using gallery::testing::random_embedding;

struct Known {
  FaceId face;
  SubjectId subject;
  Embedding embedding;
};

std::vector<SearchHit> top(const SearchIndex& index, const Embedding& probe, std::size_t k) {
  return index.search({&probe, 1}, {.top_k = k}).value().front();
}

/// The definition: every pair by core's similarity, the greatest per subject, sorted.
std::vector<SearchHit> brute_force(const std::vector<Known>& all, const Embedding& probe,
                                   const SearchOptions& options) {
  std::map<SubjectId, SearchHit> best;
  for (const Known& one : all) {
    if (options.subjects && std::ranges::find(*options.subjects, one.subject) == options.subjects->end()) continue;
    const SearchHit hit{one.subject, one.face, similarity(probe, one.embedding).value()};
    const auto [at, fresh] = best.emplace(one.subject, hit);
    if (!fresh && (hit.similarity > at->second.similarity ||
                   (hit.similarity == at->second.similarity && hit.face < at->second.face)))
      at->second = hit;
  }
  std::vector<SearchHit> sorted;
  for (const auto& entry : best) sorted.push_back(entry.second);
  std::ranges::stable_sort(sorted, [](const SearchHit& a, const SearchHit& b) { return a.similarity > b.similarity; });
  if (sorted.size() > options.top_k) sorted.resize(options.top_k);
  return sorted;
}

void fill(SearchIndex& index, const std::vector<Known>& all) {
  for (const Known& one : all) {
    const IndexedFace face{one.face, one.subject, one.embedding.values()};
    ASSERT_TRUE(index.add({&face, 1}));
  }
}

TEST(TemplateIndex, WithoutTemplatesItKnowsWhoHasWhichFaceAndHoldsNoValue) {
  gallery::TemplateIndex index(ModelId("planted"), 2, gallery::best_kernels(), gallery::Holding::nothing);
  std::vector<IndexedFace> faces;
  for (int i = 0; i < 20'000; ++i) faces.push_back({FaceId(i), SubjectId(i / 2), {}});
  ASSERT_TRUE(index.add(faces));
  const Embedding ada = embedding({1, 0});
  const IndexedFace with_values{FaceId(30'000), SubjectId(7), ada.values()};
  ASSERT_TRUE(index.add({&with_values, 1}));
  EXPECT_FALSE(index.add({&with_values, 1})) << "it is there already";
  EXPECT_EQ(index.size(), 20'001U);
  EXPECT_EQ(index.view()->bytes_of_templates(), 0U);
  EXPECT_EQ(index.subject_of(FaceId(5)), SubjectId(2));
  index.move(FaceId(5), SubjectId(90'000));
  EXPECT_EQ(index.subject_of(FaceId(5)), SubjectId(90'000));
  index.remove(FaceId(5));
  for (int i = 0; i < 8000; ++i) index.remove(SubjectId(i));  // so many that the others are moved together
  EXPECT_EQ(index.size(), 4000U);
  EXPECT_EQ(index.subject_of(FaceId(16'001)), SubjectId(8000));
  EXPECT_EQ(index.subject_of(FaceId(30'000)), std::nullopt);
  EXPECT_EQ(index.view()->bytes_of_templates(), 0U);
  EXPECT_EQ(index.search({&ada, 1}, {}).error().code, ErrorCode::unsupported);
  EXPECT_FALSE(index.view()->wants_partition(false));
}

TEST(TemplateIndex, AnswersTheHandCalculation) {
  // Ada: (1,0) and (0,1). Bea: (3,4)/5. Cleo: (-1,0). Probe (4,3)/5.
  // Ada's best is (1,0): 4/5. Bea: 12/25 + 12/25 = 24/25. Cleo: -4/5.
  const std::vector<Known> all{{FaceId(1), SubjectId(1), embedding({1, 0})},
                               {FaceId(2), SubjectId(1), embedding({0, 1})},
                               {FaceId(3), SubjectId(2), embedding({3, 4})},
                               {FaceId(4), SubjectId(3), embedding({-1, 0})}};
  gallery::TemplateIndex index(ModelId("planted"), 2);
  fill(index, all);
  const auto hits = top(index, embedding({4, 3}), 5);
  ASSERT_EQ(hits.size(), 3U);
  EXPECT_EQ(hits[0].subject, SubjectId(2));
  EXPECT_NEAR(hits[0].similarity.value(), 0.96F, 1e-6F);
  EXPECT_EQ(hits[1].subject, SubjectId(1));
  EXPECT_EQ(hits[1].face, FaceId(1));
  EXPECT_NEAR(hits[1].similarity.value(), 0.8F, 1e-6F);
  EXPECT_EQ(hits[2].subject, SubjectId(3));
  EXPECT_NEAR(hits[2].similarity.value(), -0.8F, 1e-6F);
}

TEST(TemplateIndex, EqualsBruteForceBitForBit) {
  std::mt19937 random(7);
  for (const int dimension : {1, 2, 17, 128, 192, 512}) {
    std::vector<Known> all;
    gallery::TemplateIndex index(ModelId("planted"), static_cast<std::size_t>(dimension));
    for (int i = 0; i < 400; ++i)
      all.push_back({FaceId(i + 1), SubjectId(std::uniform_int_distribution<int>(1, 90)(random)),
                     random_embedding(random, dimension)});
    fill(index, all);
    std::vector<Embedding> probes;
    for (int i = 0; i < 20; ++i) probes.push_back(random_embedding(random, dimension));
    probes.push_back(all.front().embedding);
    for (const std::size_t k : {1U, 2U, 10U, 89U, 500U}) {
      SearchOptions options{.top_k = k};
      for (const bool filtered : {false, true}) {
        if (filtered) options.subjects = {SubjectId(3), SubjectId(40), SubjectId(89), SubjectId(4000)};
        const auto batch = index.search(probes, options).value();
        ASSERT_EQ(batch.size(), probes.size());
        for (std::size_t i = 0; i < probes.size(); ++i) {
          EXPECT_EQ(batch[i], brute_force(all, probes[i], options)) << dimension << " values, top " << k;
          EXPECT_EQ(batch[i], index.search({&probes[i], 1}, options).value().front()) << "batch = one by one";
        }
      }
    }
  }
}

TEST(TemplateIndex, NeverRepeatsASubject) {
  std::mt19937 random(8);
  gallery::TemplateIndex index(ModelId("planted"), 8);
  std::vector<Known> all;
  for (int i = 0; i < 300; ++i) all.push_back({FaceId(i), SubjectId(i % 7), random_embedding(random, 8)});
  fill(index, all);
  for (int i = 0; i < 50; ++i) {
    const auto hits = top(index, random_embedding(random, 8), 7);
    std::set<SubjectId> subjects;
    for (const SearchHit& hit : hits) subjects.insert(hit.subject);
    EXPECT_EQ(hits.size(), 7U);
    EXPECT_EQ(subjects.size(), 7U);
  }
}

TEST(TemplateIndex, OfEqualsTheLowerSubjectComesFirstWhateverTheOrderOfRows) {
  for (const bool backwards : {false, true}) {
    gallery::TemplateIndex index(ModelId("planted"), 2);
    std::vector<Known> all;
    for (int i = 1; i <= 6; ++i) all.push_back({FaceId(i), SubjectId(10 - i), embedding({1, 0})});
    if (backwards) std::ranges::reverse(all);
    fill(index, all);
    const auto hits = top(index, embedding({1, 0}), 3);
    ASSERT_EQ(hits.size(), 3U);
    EXPECT_EQ(hits[0].subject, SubjectId(4));
    EXPECT_EQ(hits[1].subject, SubjectId(5));
    EXPECT_EQ(hits[2].subject, SubjectId(6));
  }
}

TEST(TemplateIndex, EmptyAnswersAnEmptyList) {
  const gallery::TemplateIndex index(ModelId("planted"), 2);
  EXPECT_TRUE(top(index, embedding({1, 0}), 1).empty());
}

TEST(TemplateIndex, AFilterThatNamesNobodyFindsNobody) {
  gallery::TemplateIndex index(ModelId("planted"), 2);
  fill(index, {{FaceId(1), SubjectId(1), embedding({1, 0})}});
  const Embedding probe = embedding({1, 0});
  EXPECT_TRUE(index.search({&probe, 1}, {.top_k = 1, .subjects = std::vector<SubjectId>()}).value().front().empty());
}

TEST(TemplateIndex, KeepsStepWithEveryChange) {
  std::mt19937 random(9);
  gallery::TemplateIndex index(ModelId("planted"), 5);
  std::vector<Known> all;
  int next = 1;
  for (int round = 0; round < 6000; ++round) {
    const int what = std::uniform_int_distribution<int>(0, 9)(random);
    if (all.empty() || what < 6) {
      all.push_back({FaceId(next), SubjectId(next % 50), random_embedding(random, 5)});
      ++next;
      fill(index, {all.back()});
    } else {
      const auto at = std::uniform_int_distribution<std::size_t>(0, all.size() - 1)(random);
      if (what < 8) {
        index.remove(all[at].face);
        all.erase(all.begin() + static_cast<std::ptrdiff_t>(at));
      } else {
        all[at].subject = SubjectId(round % 50);
        index.move(all[at].face, all[at].subject);
      }
    }
    if (round % 500 == 499) {
      const SubjectId from(round % 50), to(7), gone(11);
      index.move(from, to);
      index.remove(gone);
      for (Known& one : all)
        if (one.subject == from) one.subject = to;
      std::erase_if(all, [&](const Known& one) { return one.subject == gone; });
    }
    if (round % 100 == 0) {
      const Embedding probe = random_embedding(random, 5);
      ASSERT_EQ(index.size(), all.size());
      ASSERT_EQ(top(index, probe, 20), brute_force(all, probe, {.top_k = 20})) << "after change " << round;
    }
  }
  EXPECT_GT(all.size(), 1024U) << "the test should have crossed a block of rows";
  while (!all.empty()) {
    index.remove(all.back().face);
    all.pop_back();
  }
  EXPECT_EQ(index.size(), 0U);
}

TEST(TemplateIndex, RefusesAnotherModelAndAnotherDimension) {
  const gallery::TemplateIndex index(ModelId("planted"), 2);
  const std::vector<Embedding> probes{embedding({1, 0}), embedding({1, 0}, "other")};
  EXPECT_EQ(index.search(probes, {}).error().code, ErrorCode::model_mismatch);
  const Embedding longer = embedding({1, 0, 0});
  EXPECT_EQ(index.search({&longer, 1}, {}).error().code, ErrorCode::model_mismatch);
}

TEST(TemplateIndex, RefusesAFaceTwiceAndAddsNothingThen) {
  gallery::TemplateIndex index(ModelId("planted"), 2);
  const Embedding e = embedding({1, 0});
  const std::vector<IndexedFace> twice{{FaceId(1), SubjectId(1), e.values()}, {FaceId(1), SubjectId(2), e.values()}};
  EXPECT_FALSE(index.add(twice));
  EXPECT_EQ(index.size(), 0U);
  const std::vector<float> three{1, 0, 0};
  const std::vector<IndexedFace> longer{{FaceId(1), SubjectId(1), three}};
  EXPECT_FALSE(index.add(longer));
}

TEST(TemplateIndex, RefusesATopKOutsideItsRange) {
  const gallery::TemplateIndex index(ModelId("planted"), 2);
  const Embedding probe = embedding({1, 0});
  EXPECT_FALSE(index.search({&probe, 1}, {.top_k = 0}));
  EXPECT_EQ(index.search({&probe, 1}, {.top_k = 10'001}).error().message, "top_k = 10001, 1 to 10000 is allowed");
}

std::vector<const gallery::Kernels*> every_kernel() {
  std::vector<const gallery::Kernels*> all{&gallery::portable_kernels()};
  for (const gallery::Kernels* one : {gallery::avx2_kernels(), gallery::avx512_kernels(), gallery::neon_kernels()})
    if (one != nullptr) all.push_back(one);
  return all;
}

/// Four faces of each subject that resemble each other, among many that do not.
std::vector<Known> planted(std::mt19937& random, int dimension, int subjects) {
  std::vector<Known> all;
  std::normal_distribution<float> normal;
  for (int s = 1; s <= subjects; ++s) {
    const Embedding subject = random_embedding(random, dimension);
    for (int f = 0; f < 4; ++f) {
      std::vector<float> values(subject.values().begin(), subject.values().end());
      for (float& v : values) v += 0.8F * normal(random) / std::sqrt(static_cast<float>(dimension));
      all.push_back({FaceId(4 * s + f), SubjectId(s), embedding(std::move(values))});
    }
  }
  return all;
}

TEST(TemplateIndex, ByBytesEqualsBruteForceBitForBitWithEveryInstructionSet) {
  std::mt19937 random(17);
  for (const int dimension : {1, 17, 128, 512}) {
    std::vector<Known> all = planted(random, dimension, 100);
    std::vector<Embedding> probes{all[7].embedding};
    for (int i = 0; i < 6; ++i) probes.push_back(random_embedding(random, dimension));
    for (const gallery::Kernels* kernels : every_kernel()) {
      gallery::TemplateIndex index(ModelId("planted"), static_cast<std::size_t>(dimension), *kernels);
      fill(index, all);
      for (const std::size_t k : {1U, 5U, 200U}) {
        const SearchOptions options{.top_k = k, .method = SearchMethod::bytes};
        const auto batch = index.search(probes, options).value();
        for (std::size_t i = 0; i < probes.size(); ++i) {
          EXPECT_EQ(batch[i], brute_force(all, probes[i], options)) << kernels->name << ", " << dimension << " values";
          EXPECT_EQ(batch[i], index.search({&probes[i], 1}, options).value().front()) << "batch = one by one";
        }
      }
    }
  }
}

TEST(TemplateIndex, ByTheCascadeFindsWhoIsThereAndTellsTheExactSimilarity) {
  std::mt19937 random(18);
  // One look (128 values) and two (512); so many that most rows are left out after the first bits.
  for (const int dimension : {128, 512}) {
    const std::vector<Known> all = planted(random, dimension, 1500);
    std::vector<std::vector<std::vector<SearchHit>>> of_kernels;
    for (const gallery::Kernels* kernels : every_kernel()) {
      gallery::TemplateIndex index(ModelId("planted"), static_cast<std::size_t>(dimension), *kernels);
      fill(index, all);
      std::vector<Embedding> probes;
      for (std::size_t i = 0; i < 40; ++i) probes.push_back(all[i * 101].embedding);
      const SearchOptions options{.top_k = 3, .method = SearchMethod::cascade};
      const auto batch = index.search(probes, options).value();
      for (std::size_t i = 0; i < probes.size(); ++i) {
        ASSERT_FALSE(batch[i].empty());
        EXPECT_EQ(batch[i].front().face, all[i * 101].face);
        for (const SearchHit& hit : batch[i]) {
          const auto known = std::ranges::find(all, hit.face, &Known::face);
          EXPECT_EQ(hit.similarity, similarity(probes[i], known->embedding).value());
          EXPECT_EQ(hit.subject, known->subject);
        }
        EXPECT_EQ(batch[i], index.search({&probes[i], 1}, options).value().front()) << "batch = one by one";
      }
      of_kernels.push_back(batch);
    }
    for (const auto& answers : of_kernels) EXPECT_EQ(answers, of_kernels.front()) << "every instruction set alike";
  }
}

TEST(TemplateIndex, ByTheCascadeHardlyAnyOfTheTenBestIsMissed) {
  std::mt19937 random(20);
  for (const int dimension : {128, 192, 512, 704}) {
    const std::vector<Known> all = planted(random, dimension, 1200);
    gallery::TemplateIndex index(ModelId("planted"), static_cast<std::size_t>(dimension));
    fill(index, all);
    std::size_t found = 0, wanted = 0;
    for (std::size_t i = 0; i < 60; ++i) {
      // Of somebody who is there, and of nobody.
      const Embedding probe = i % 2 == 0 ? all[i * 70].embedding : random_embedding(random, dimension);
      const auto exact = index.search({&probe, 1}, {.top_k = 10, .method = SearchMethod::bytes}).value().front();
      const auto told = index.search({&probe, 1}, {.top_k = 10, .method = SearchMethod::cascade}).value().front();
      EXPECT_EQ(told.size(), 10U);
      if (i % 2 == 0) {
        EXPECT_EQ(told.front(), exact.front());
      }
      for (const SearchHit& hit : exact) found += static_cast<std::size_t>(std::ranges::count(told, hit));
      wanted += exact.size();
      const auto first = index.search({&probe, 1}, {.top_k = 1, .method = SearchMethod::cascade}).value().front();
      ASSERT_EQ(first.size(), 1U);
      EXPECT_EQ(first.front(), told.front());
    }
    EXPECT_GE(static_cast<double>(found), 0.985 * static_cast<double>(wanted)) << dimension << " values";
  }
}

TEST(TemplateIndex, ALongListOfSubjectsIsSearchedByEveryMethod) {
  std::mt19937 random(21);
  for (const std::int64_t apart : {std::int64_t{1}, std::int64_t{1} << 50}) {
    std::vector<Known> all = planted(random, 512, 900);
    for (Known& one : all) one.subject = SubjectId(one.subject.number() * apart);
    gallery::TemplateIndex index(ModelId("planted"), 512);
    fill(index, all);
    std::vector<SubjectId> list{SubjectId(-7)};
    for (std::int64_t s = 1; s <= 900; s += 3) list.emplace_back(s * apart);
    std::vector<Embedding> probes;
    for (std::size_t i = 0; i < 12; ++i) probes.push_back(all[i * 300].embedding);
    for (const SearchMethod method :
         {SearchMethod::automatic, SearchMethod::floats, SearchMethod::bytes, SearchMethod::cascade}) {
      const SearchOptions options{.top_k = 5, .subjects = list, .method = method};
      const auto told = index.search(probes, options).value();
      for (std::size_t i = 0; i < probes.size(); ++i) {
        const auto exact = brute_force(all, probes[i], options);
        ASSERT_EQ(told[i].size(), exact.size());
        if (method == SearchMethod::cascade) {
          EXPECT_EQ(told[i].front(), exact.front());
          for (const SearchHit& hit : told[i]) EXPECT_NE(std::ranges::find(list, hit.subject), list.end());
        } else {
          EXPECT_EQ(told[i], exact) << name_of(method);
        }
      }
    }
  }
}

TEST(TemplateIndex, WhatIsRemovedIsFoundByNoMethod) {
  std::mt19937 random(19);
  std::vector<Known> all = planted(random, 512, 300);
  gallery::TemplateIndex index(ModelId("planted"), 512);
  fill(index, all);
  std::vector<Known> left;
  for (const Known& one : all) {
    if (one.face.number() % 3 == 0) {
      index.remove(one.face);
    } else {
      left.push_back(one);
    }
  }
  for (const SearchMethod method : {SearchMethod::floats, SearchMethod::bytes, SearchMethod::cascade})
    for (std::size_t i = 0; i < 30; ++i) {
      const SearchOptions options{.top_k = 1, .method = method};
      EXPECT_EQ(index.search({&all[i].embedding, 1}, options).value().front(),
                brute_force(left, all[i].embedding, options))
          << name_of(method);
    }
}

}  // namespace
}  // namespace vultus
