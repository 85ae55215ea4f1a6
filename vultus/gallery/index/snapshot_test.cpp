// Snapshots: the same answers from a file, whatever has changed since, and none from a file that is not as it was
// written.
#include <algorithm>
#include <array>
#include <atomic>
#include <cstring>
#include <fstream>
#include <iterator>
#include <map>
#include <thread>

#include <gtest/gtest.h>

#include <vultus/gallery/index/test_snapshots.hpp>

namespace vultus {
namespace {

using gallery::IndexChanges;
using gallery::kSnapshotBlock;
using gallery::SnapshotIdentity;
using gallery::SnapshotKey;
using gallery::SnapshotOptions;
using gallery::SnapshotWriter;
using gallery::TemplateIndex;
using gallery::testing::bytes_of;
using gallery::testing::embedding;
using gallery::testing::expect_same_answers;
using gallery::testing::Folder;
using gallery::testing::identity;
using gallery::testing::index_of;
using gallery::testing::kKey;
using gallery::testing::kMethods;
using gallery::testing::kOtherKey;
using gallery::testing::Planted;
using gallery::testing::planted;
using gallery::testing::random_embedding;
using gallery::testing::Snapshots;
using gallery::testing::write_bytes;

INSTANTIATE_TEST_SUITE_P(Gallery, Snapshots, ::testing::Bool(),
                         [](const auto& which) { return std::string(which.param ? "Sealed" : "Plain"); });

TEST_P(Snapshots, AnswerAsTheIndexThatWroteThem) {
  // One and two looks of the cascade, and more rows than one chunk holds.
  for (const auto& [count, dimension] : {std::pair{20'000, 24}, std::pair{700, 512}, std::pair{3, 1}}) {
    const TemplateIndex index = index_of(planted(count, dimension), dimension);
    ASSERT_TRUE(index.view()->write(options(dimension)));
    const auto opened = open(dimension);
    ASSERT_TRUE(opened) << opened.error().message;
    EXPECT_EQ(opened->size(), static_cast<std::size_t>(count));
    EXPECT_EQ(opened->view()->subjects(), static_cast<std::size_t>(count / 3 + 1));
    EXPECT_EQ(opened->view()->name_of(SubjectId(2)), "Subject 2");
    EXPECT_EQ(opened->view()->name_of(SubjectId(count)), std::nullopt);
    EXPECT_EQ(opened->subject_of(FaceId(20)), index.subject_of(FaceId(20)));
    EXPECT_EQ(opened->subject_of(FaceId(25)), std::nullopt);
    expect_same_answers(*opened, index, dimension, 3);
  }
}

TEST_P(Snapshots, OfAnEmptyGalleryAreEmpty) {
  TemplateIndex index(ModelId("planted"), 4);
  ASSERT_TRUE(index.change({.named = {{SubjectId(4), "Nobody's face"}}}));
  ASSERT_TRUE(index.write_snapshot(*index.view(), options(4)));
  const auto opened = open(4);
  ASSERT_TRUE(opened) << opened.error().message;
  const Embedding probe = embedding({1, 0, 0, 0});
  EXPECT_TRUE(opened->search({&probe, 1}, {}).value().front().empty());
  EXPECT_EQ(opened->view()->name_of(SubjectId(4)), "Nobody's face");
}

TEST_P(Snapshots, KeepStepWithEveryChangeAsAnIndexInMemoryDoes) {
  constexpr int kDimension = 20;
  std::mt19937 random(11);
  // Changes lie around the end of the first chunk, whose last rows are read from the file and then written behind.
  const Planted made = planted(17'000, kDimension);
  TemplateIndex memory = index_of(made, kDimension);
  ASSERT_TRUE(memory.view()->write(options(kDimension)));
  auto opened = open(kDimension);
  ASSERT_TRUE(opened) << opened.error().message;
  std::vector<Embedding> more;
  for (int i = 0; i < 400; ++i) more.push_back(random_embedding(random, kDimension));
  std::size_t next = 0;
  for (int round = 0; round < 100; ++round) {
    IndexChanges changes;
    const auto some_face = [&] { return FaceId(10 * std::uniform_int_distribution<int>(1, 17'000)(random)); };
    const auto some_subject = [&] { return SubjectId(std::uniform_int_distribution<int>(1, 5700)(random)); };
    for (int i = 0; i < 4; ++i, ++next)
      changes.added.push_back(
          {FaceId(static_cast<std::int64_t>(next) * 3 + 200'001), some_subject(), more[next].values()});
    if (round % 4 == 1) {
      // A face that went comes again.
      const FaceId again = some_face();
      changes.gone.push_back(again);
      changes.added.push_back({again, some_subject(), more[0].values()});
    }
    changes.gone.push_back(some_face());
    changes.gone.emplace_back(std::uniform_int_distribution<int>(0, static_cast<int>(next))(random) * 3 + 200'001);
    if (changes.gone.back().number() > 200'001 + static_cast<std::int64_t>(next - 5) * 3) changes.gone.pop_back();
    const SubjectId gone = some_subject();
    changes.subjects_gone.push_back(gone);
    changes.moved.emplace_back(some_face(), some_subject());
    const SubjectId from = some_subject();
    changes.merged.emplace_back(from, some_subject());
    changes.named.emplace_back(some_subject(), "Renamed " + std::to_string(round));
    ASSERT_TRUE(memory.change(changes));
    ASSERT_TRUE(opened->change(changes));
    ASSERT_EQ(memory.size(), opened->size());
    ASSERT_EQ(memory.view()->subjects(), opened->view()->subjects());
    for (const SubjectId one : {gone, from, changes.named.back().first})
      ASSERT_EQ(memory.view()->name_of(one), opened->view()->name_of(one));
    ASSERT_EQ(memory.subject_of(changes.moved.back().first), opened->subject_of(changes.moved.back().first));
    if (round % 20 == 19) {
      expect_same_answers(memory, *opened, kDimension, static_cast<unsigned>(round));
      // Written again, it lies on the new file; that is one more way to the same answers.
      const std::size_t beyond = opened->view()->beyond_snapshot();
      ASSERT_TRUE(opened->write_snapshot(*opened->view(), options(kDimension, round)));
      ASSERT_GT(beyond, 0U);
      ASSERT_EQ(opened->view()->beyond_snapshot(), 0U);
      std::vector<FaceId> a = memory.faces(), b = opened->faces();
      std::ranges::sort(a);
      EXPECT_EQ(a, b) << "a snapshot has its faces in rising order";
      for (const SearchMethod method : {SearchMethod::floats, SearchMethod::bytes}) {
        const SearchOptions top{.top_k = 20, .method = method};
        EXPECT_EQ(memory.search({&more[next - 1], 1}, top).value(), opened->search({&more[next - 1], 1}, top).value());
      }
    }
  }
  const auto again = open(kDimension);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->size(), memory.size());
  EXPECT_EQ(again->view()->subjects(), memory.view()->subjects());
}

TEST_P(Snapshots, OfAnotherGalleryModelOrKindAreRefused) {
  const TemplateIndex index = index_of(planted(10, 4), 4);
  ASSERT_TRUE(index.view()->write(options(4)));
  SnapshotIdentity other = identity(4);
  other.gallery = "6f1d";
  EXPECT_EQ(TemplateIndex::open(path_, other, key()).error().code, ErrorCode::model_mismatch);
  other = identity(4);
  other.model = ModelId("planted2");
  EXPECT_EQ(TemplateIndex::open(path_, other, key()).error().code, ErrorCode::model_mismatch);
  EXPECT_EQ(TemplateIndex::open(path_, identity(5), key()).error().code, ErrorCode::model_mismatch);
  EXPECT_EQ(TemplateIndex::open(folder_ / "none", identity(4), key()).error().code, ErrorCode::not_found);
  EXPECT_EQ(TemplateIndex::open(folder_.path(), identity(4), key()).error().code, ErrorCode::corrupt_data);
  const std::optional<SnapshotKey> other_kind = GetParam() ? std::nullopt : std::optional(SnapshotKey(kKey));
  EXPECT_EQ(TemplateIndex::open(path_, identity(4), other_kind).error().code, ErrorCode::unsupported);
  std::string bytes = bytes_of(path_);
  std::string changed = bytes;
  changed[8] = 3;  // version
  write_bytes(path_, changed);
  EXPECT_EQ(open(4).error().code, ErrorCode::unsupported);
  changed = bytes;
  std::reverse(changed.begin() + 12, changed.begin() + 16);  // byte order
  write_bytes(path_, changed);
  EXPECT_EQ(open(4).error().code, ErrorCode::unsupported);
}

TEST_P(Snapshots, ThatAreReplacedGoOnForWhoHasThemOpen) {
  const TemplateIndex first = index_of(planted(300, 16, 1), 16), second = index_of(planted(200, 16, 2), 16);
  ASSERT_TRUE(first.view()->write(options(16)));
  const auto reader = open(16);
  ASSERT_TRUE(second.view()->write(options(16)));
  expect_same_answers(*reader, first, 16, 8);
  expect_same_answers(*open(16), second, 16, 8);
}

TEST_P(Snapshots, AreWrittenRowByRowToTheSameAnswers) {
  const Planted made = planted(17'000, 16);
  const TemplateIndex index = index_of(made, 16);
  SnapshotOptions options = Snapshots::options(16);
  options.rows = 18'000;  // an upper limit will do
  auto writer = SnapshotWriter::create(options);
  ASSERT_TRUE(writer);
  for (const IndexedFace& face : made.changes.added) ASSERT_TRUE(writer->add(face.face, face.subject, face.values));
  EXPECT_FALSE(writer->add(FaceId(20), SubjectId(1), made.changes.added[0].values)) << "out of order";
  for (const auto& [subject, name] : made.changes.named) ASSERT_TRUE(writer->name(subject, name));
  EXPECT_FALSE(writer->name(SubjectId(1), "Again"));
  EXPECT_FALSE(std::filesystem::exists(path_)) << "not before it is whole";
  ASSERT_TRUE(writer->finish());
  const auto opened = open(16);
  ASSERT_TRUE(opened) << opened.error().message;
  EXPECT_EQ(opened->view()->subjects(), index.view()->subjects());
  expect_same_answers(*opened, index, 16, 4);
}

TEST_P(Snapshots, AreNotTouchedByAWriterThatDoesNotFinish) {
  const TemplateIndex index = index_of(planted(30, 4), 4);
  ASSERT_TRUE(index.view()->write(options(4)));
  const std::string before = bytes_of(path_);
  SnapshotOptions options = Snapshots::options(4);
  options.rows = 3;
  {
    auto writer = SnapshotWriter::create(options);
    ASSERT_TRUE(writer);
    const Embedding e = embedding({1, 0, 0, 0});
    ASSERT_TRUE(writer->add(FaceId(1), SubjectId(1), e.values()));
    EXPECT_FALSE(SnapshotWriter::create(options)) << "one at a time";
  }
  EXPECT_EQ(bytes_of(path_), before);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder_.path()), {}), 1) << "nothing is left behind";
  EXPECT_TRUE(SnapshotWriter::create(options));
}

TEST_P(Snapshots, AreWrittenWhileOthersSearchAndChange) {
  constexpr int kDimension = 32;
  const Planted made = planted(3000, kDimension);
  TemplateIndex index = index_of(made, kDimension);
  std::atomic<bool> done = false;
  std::atomic<int> wrong = 0;
  std::thread reader([&] {
    std::mt19937 random(4);
    while (!done) {
      // The first thousand stay.
      const auto who = std::uniform_int_distribution<std::size_t>(0, 999)(random);
      for (const SearchMethod method : kMethods) {
        const auto told = index.search({&made.embeddings[who], 1}, {.top_k = 1, .method = method});
        if (!told || told->front().empty() || told->front().front().face != made.changes.added[who].face) ++wrong;
      }
    }
  });
  std::thread changer([&] {
    for (std::size_t i = 1000; i < 3000; ++i) {
      index.remove(made.changes.added[i].face);
      if (i % 3 == 0 && !index.add({&made.changes.added[i], 1})) ++wrong;
      if (i % 5 == 0) index.move(made.changes.added[i - 300].face, SubjectId(5'000'000));
    }
  });
  for (int i = 0; i < 6; ++i)
    if (!index.write_snapshot(*index.view(), options(kDimension, i))) ++wrong;
  changer.join();
  done = true;
  reader.join();
  EXPECT_EQ(wrong, 0);
  // The same changes without any snapshot.
  TemplateIndex memory = index_of(made, kDimension);
  for (std::size_t i = 1000; i < 3000; ++i) {
    memory.remove(made.changes.added[i].face);
    if (i % 3 == 0) memory.add({&made.changes.added[i], 1}).value();
    if (i % 5 == 0) memory.move(made.changes.added[i - 300].face, SubjectId(5'000'000));
  }
  ASSERT_EQ(index.size(), memory.size());
  std::mt19937 random(4);
  const Embedding probe = random_embedding(random, kDimension);
  const SearchOptions all{.top_k = 5000, .method = SearchMethod::floats};
  EXPECT_EQ(index.search({&probe, 1}, all).value(), memory.search({&probe, 1}, all).value());
}

TEST(SealedSnapshots, HoldNothingReadableAndOpenWithTheirKeyAlone) {
  const Folder folder(Folder::On::memory);
  const std::filesystem::path path = folder / "g.index", plain = folder / "plain.index";
  Planted made = planted(50, 64);
  made.changes.named.emplace_back(SubjectId(77), "Ada Lovelace");
  const TemplateIndex index = index_of(made, 64);
  ASSERT_TRUE(index.view()->write({.path = path, .identity = identity(64), .key = SnapshotKey(kKey)}));
  ASSERT_TRUE(index.view()->write({.path = plain, .identity = identity(64)}));
  const std::span<const float> floats = made.embeddings[7].values();
  const std::string some(reinterpret_cast<const char*>(floats.data()), 32);
  EXPECT_NE(bytes_of(plain).find("Ada Lovelace"), std::string::npos);
  EXPECT_NE(bytes_of(plain).find(some), std::string::npos);
  EXPECT_EQ(bytes_of(path).find("Lovelace"), std::string::npos);
  EXPECT_EQ(bytes_of(path).find(some), std::string::npos);
  EXPECT_EQ(TemplateIndex::open(path, identity(64), SnapshotKey(kOtherKey)).error().code, ErrorCode::corrupt_data);
  EXPECT_TRUE(TemplateIndex::open(path, identity(64), SnapshotKey(kKey)));
  // Written twice, not even the zeros are the same.
  const std::string once = bytes_of(path);
  ASSERT_TRUE(index.view()->write({.path = path, .identity = identity(64), .key = SnapshotKey(kKey)}));
  const std::string twice = bytes_of(path);
  for (std::size_t block = 1; (block + 1) * kSnapshotBlock < once.size(); ++block)
    EXPECT_NE(once.compare(block * kSnapshotBlock, 64, twice, block * kSnapshotBlock, 64), 0);
}

}  // namespace
}  // namespace vultus
