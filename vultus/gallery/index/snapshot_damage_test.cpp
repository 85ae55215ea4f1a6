// Snapshots that are not as they were written: an error or the truth, never a wrong answer.
#include <algorithm>
#include <map>

#include <gtest/gtest.h>

#include <vultus/gallery/index/test_snapshots.hpp>

namespace vultus {
namespace {

using gallery::kSnapshotBlock;
using gallery::TemplateIndex;
using gallery::testing::bytes_of;
using gallery::testing::identity;
using gallery::testing::index_of;
using gallery::testing::kMethods;
using gallery::testing::Planted;
using gallery::testing::planted;
using gallery::testing::write_bytes;

class DamagedSnapshots : public gallery::testing::Snapshots {};
INSTANTIATE_TEST_SUITE_P(Gallery, DamagedSnapshots, ::testing::Bool(),
                         [](const auto& which) { return std::string(which.param ? "Sealed" : "Plain"); });

/// What a search says must be the truth or an error.
void expect_truth_or_error(const Result<TemplateIndex>& opened, const std::vector<Embedding>& probes,
                           const std::map<SearchMethod, std::vector<std::vector<SearchHit>>>& truth, int& errors) {
  if (!opened) {
    EXPECT_TRUE(opened.error().code == ErrorCode::corrupt_data || opened.error().code == ErrorCode::unsupported ||
                opened.error().code == ErrorCode::model_mismatch)
        << opened.error().message;
    ++errors;
    return;
  }
  bool failed = false;
  for (const auto& [method, answers] : truth) {
    const auto told = opened->search(probes, {.top_k = 100, .method = method});
    if (told) {
      EXPECT_EQ(*told, answers);
      EXPECT_FALSE(failed) << "once damaged, always damaged";
    } else {
      EXPECT_EQ(told.error().code, ErrorCode::corrupt_data);
      failed = true;
    }
  }
  errors += failed ? 1 : 0;
}

TEST_P(DamagedSnapshots, WithAChangedByteGiveNoWrongAnswer) {
  constexpr int kDimension = 24;
  const Planted made = planted(90, kDimension);
  const TemplateIndex index = index_of(made, kDimension);
  ASSERT_TRUE(index.view()->write(options(kDimension)));
  const std::vector<Embedding> probes(made.embeddings.begin(), made.embeddings.begin() + 3);
  std::map<SearchMethod, std::vector<std::vector<SearchHit>>> truth;
  for (const SearchMethod method : kMethods)
    truth[method] = index.search(probes, {.top_k = 100, .method = method}).value();
  const std::string sound = bytes_of(path_);
  int errors = 0, tried = 0;
  // All that a block holds, and some of the zeros behind it, which no answer needs.
  for (std::size_t at = 0; at < sound.size(); at += at % kSnapshotBlock < 1600 ? 13 : 1999) {
    std::string changed = sound;
    changed[at] = static_cast<char>(changed[at] ^ (1 << at % 8));
    write_bytes(path_, changed);
    expect_truth_or_error(open(kDimension), probes, truth, errors);
    ++tried;
    if (::testing::Test::HasFailure()) FAIL() << "byte " << at;
  }
  EXPECT_GT(errors, tried * 3 / 4) << "nearly every change is found";
}

TEST_P(DamagedSnapshots, ThatAreCutOffOrLongerAreRefused) {
  const TemplateIndex index = index_of(planted(90, 24), 24);
  ASSERT_TRUE(index.view()->write(options(24)));
  const std::string sound = bytes_of(path_);
  for (std::size_t size = 0; size < sound.size(); size += size < 1600 ? 50 : 4000) {
    write_bytes(path_, sound.substr(0, size));
    EXPECT_EQ(open(24).error().code, ErrorCode::corrupt_data) << size;
  }
  write_bytes(path_, sound + '\0');
  EXPECT_EQ(open(24).error().code, ErrorCode::corrupt_data);
}

TEST_P(DamagedSnapshots, WithTwoBlocksExchangedGiveNoWrongAnswer) {
  const Planted made = planted(2000, 24);
  const TemplateIndex index = index_of(made, 24);
  ASSERT_TRUE(index.view()->write(options(24)));
  const std::vector<Embedding> probes(made.embeddings.begin(), made.embeddings.begin() + 3);
  std::map<SearchMethod, std::vector<std::vector<SearchHit>>> truth;
  for (const SearchMethod method : kMethods)
    truth[method] = index.search(probes, {.top_k = 100, .method = method}).value();
  const std::string sound = bytes_of(path_);
  int errors = 0, tried = 0;
  for (std::size_t block = 1; (block + 2) * kSnapshotBlock < sound.size(); ++block, ++tried) {
    std::string changed = sound;
    std::swap_ranges(changed.begin() + static_cast<std::ptrdiff_t>(block * kSnapshotBlock),
                     changed.begin() + static_cast<std::ptrdiff_t>((block + 1) * kSnapshotBlock),
                     changed.begin() + static_cast<std::ptrdiff_t>((block + 1) * kSnapshotBlock));
    write_bytes(path_, changed);
    expect_truth_or_error(open(24), probes, truth, errors);
  }
  EXPECT_EQ(errors, tried);
}

TEST_P(DamagedSnapshots, AreCheckedAsAWhole) {
  const TemplateIndex index = index_of(planted(90, 24), 24);
  ASSERT_TRUE(index.view()->write(options(24)));
  EXPECT_EQ(gallery::SnapshotFile::open(path_, identity(24), key()).value()->verify(), 0U);
  std::string changed = bytes_of(path_);
  // The floats are the last columns, so they lie in the eleventh block: one for each column, and the header.
  changed[10 * kSnapshotBlock + 5000] ^= 1;
  write_bytes(path_, changed);
  EXPECT_EQ(gallery::SnapshotFile::open(path_, identity(24), key()).value()->verify(), 1U);
}

TEST_P(DamagedSnapshots, KeepNothingOfWhatWasRemovedFromThem) {
  constexpr int kDimension = 64;
  const Planted made = planted(500, kDimension);
  TemplateIndex index = index_of(made, kDimension);
  ASSERT_TRUE(index.write_snapshot(*index.view(), options(kDimension)));
  const auto other = open(kDimension);
  const auto before = index.view();
  const SubjectId gone(3), renamed(4);
  ASSERT_TRUE(index.change({.gone = {FaceId(20)}, .named = {{renamed, "Other"}}, .subjects_gone = {gone}}));
  const Status erased = index.view()->erase_in_snapshot(path_, before.get());
  if (GetParam()) {
    EXPECT_EQ(erased.error().code, ErrorCode::unsupported) << "a block is sealed once";
    return;
  }
  ASSERT_TRUE(erased);
  const std::string bytes = bytes_of(path_);
  const auto holds = [&](const Embedding& e) {
    return bytes.find(std::string(reinterpret_cast<const char*>(e.values().data()), 32)) != std::string::npos;
  };
  int kept = 0, lost = 0;
  for (std::size_t i = 0; i < made.embeddings.size(); ++i) {
    const IndexedFace& face = made.changes.added[i];
    const bool went = face.face == FaceId(20) || face.subject == gone;
    EXPECT_EQ(holds(made.embeddings[i]), !went);
    ++(went ? lost : kept);
  }
  EXPECT_GT(lost, 2);
  EXPECT_NE(bytes.find("Subject 1Subject 2"), std::string::npos);
  EXPECT_EQ(bytes.find("Subject 2Subject 3"), std::string::npos);
  EXPECT_EQ(bytes.find("Subject 4Subject 5"), std::string::npos);
  // The file is sound again, and searched without them; what else has changed is not in it.
  EXPECT_EQ(gallery::SnapshotFile::open(path_, identity(kDimension)).value()->verify(), 0U);
  const auto again = open(kDimension);
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(again->size(), static_cast<std::size_t>(kept));
  EXPECT_EQ(again->subject_of(FaceId(20)), std::nullopt);
  gallery::testing::expect_same_answers(*again, index, kDimension, 5);
  // Who has it open either has verified what changed, or finds out.
  const auto told = other->search({made.embeddings.data(), 1}, {.method = SearchMethod::floats});
  EXPECT_EQ(told.error().code, ErrorCode::corrupt_data);
  EXPECT_TRUE(index.search({made.embeddings.data(), 1}, {.method = SearchMethod::floats}));
}

}  // namespace
}  // namespace vultus
