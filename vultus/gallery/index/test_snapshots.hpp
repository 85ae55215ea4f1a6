// Snapshots of planted templates: for the tests of snapshots.
#pragma once

#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <vultus/gallery/index/snapshot_writer.hpp>
#include <vultus/gallery/index/template_index.hpp>
#include <vultus/gallery/test_faces.hpp>

namespace vultus::gallery::testing {

inline constexpr std::array kMethods{SearchMethod::floats, SearchMethod::bytes, SearchMethod::cascade};
inline constexpr std::array<unsigned char, 32> kKey{1, 2, 3};
inline constexpr std::array<unsigned char, 32> kOtherKey{1, 2, 4};

inline SnapshotIdentity identity(int dimension) {
  return {.gallery = "6f1c", .model = ModelId("planted"), .dimension = static_cast<std::size_t>(dimension)};
}

struct Planted {
  std::vector<Embedding> embeddings;
  IndexChanges changes;
};

/// Faces 10, 20, 30, ... of some subjects with names.
inline Planted planted(int count, int dimension, unsigned seed = 1) {
  std::mt19937 random(seed);
  Planted made;
  for (int i = 0; i < count; ++i) made.embeddings.push_back(random_embedding(random, dimension));
  for (int i = 0; i < count; ++i)
    made.changes.added.push_back({FaceId(10 * (i + 1)), SubjectId(i * 7 % (count / 3 + 1) + 1),
                                  made.embeddings[static_cast<std::size_t>(i)].values()});
  for (int i = 0; i <= count / 3; ++i)
    made.changes.named.emplace_back(SubjectId(i + 1), "Subject " + std::to_string(i + 1));
  return made;
}

inline TemplateIndex index_of(const Planted& made, int dimension) {
  TemplateIndex index(ModelId("planted"), static_cast<std::size_t>(dimension));
  index.change(made.changes).value();
  return index;
}

inline std::string bytes_of(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

inline void write_bytes(const std::filesystem::path& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

inline void expect_same_answers(const SearchIndex& a, const SearchIndex& b, int dimension, unsigned seed) {
  std::mt19937 random(seed);
  std::vector<Embedding> probes;
  for (int i = 0; i < 12; ++i) probes.push_back(random_embedding(random, dimension));
  for (const SearchMethod method : kMethods)
    for (const std::size_t k : {1U, 10U, 100U}) {
      SearchOptions options{.top_k = k, .method = method};
      EXPECT_EQ(a.search(probes, options).value(), b.search(probes, options).value())
          << name_of(method) << " top " << k;
      options.subjects = {SubjectId(3), SubjectId(4), SubjectId(5), SubjectId(900'000)};
      EXPECT_EQ(a.search(probes, options).value(), b.search(probes, options).value());
    }
}

class Snapshots : public ::testing::TestWithParam<bool> {
 protected:
  [[nodiscard]] std::optional<SnapshotKey> key() const {
    return GetParam() ? std::optional(SnapshotKey(kKey)) : std::nullopt;
  }
  [[nodiscard]] SnapshotOptions options(int dimension, std::int64_t sequence = 5) const {
    return {.path = path_, .identity = identity(dimension), .sequence = sequence, .key = key()};
  }
  Result<TemplateIndex> open(int dimension) { return TemplateIndex::open(path_, identity(dimension), key()); }

  Folder folder_{Folder::On::memory};
  std::filesystem::path path_ = folder_ / "g.index";
};

}  // namespace vultus::gallery::testing
