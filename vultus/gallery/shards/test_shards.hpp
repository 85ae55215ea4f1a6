// Galleries over three databases, for the tests of shards.
#pragma once

#include <fstream>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <vultus/gallery/gallery.hpp>
#include <vultus/gallery/shards/shard_map.hpp>
#include <vultus/gallery/test_faces.hpp>
#include <vultus/postgres/test_server.hpp>

namespace vultus::gallery::testing {

using postgres::testing::fresh_database;

inline constexpr int kDimension = 16;

/// The configuration of shards in a file.
class Configuration {
 public:
  void add(const std::string& name, const std::vector<std::string>& urls, double weight = 1) {
    map_.shards.push_back(
        {.name = name, .number = static_cast<std::int64_t>(map_.shards.size()) + 1, .weight = weight, .urls = urls});
    write();
  }
  /// In one step: programs that have it open read it again at any time.
  void write() const {
    const auto fresh = folder_ / "shards.json.new";
    std::ofstream(fresh) << shards_text(map_);
    std::filesystem::rename(fresh, path());
  }
  [[nodiscard]] std::filesystem::path path() const { return folder_ / "shards.json"; }
  [[nodiscard]] ShardMap& map() { return map_; }
  [[nodiscard]] const ShardMap& map() const { return map_; }

 private:
  Folder folder_;
  ShardMap map_;
};

inline GalleryOptions options_of(const Configuration& configuration,
                                 GalleryAccess access = GalleryAccess::create_or_open) {
  GalleryOptions options = options_for(configuration.path(), kDimension);
  options.access = access;
  options.sql_search = SqlSearch::exact;
  options.server_deadline = std::chrono::seconds(30);
  return options;
}

inline std::vector<NewFace> people(int count, unsigned seed = 1) {
  std::mt19937 random(seed);
  std::vector<NewFace> faces;
  for (int i = 0; i < count; ++i)
    faces.push_back(
        face("subject " + std::to_string(i), random_embedding(random, kDimension),
             {.source = "p" + std::to_string(i), .source_sha256 = digest(static_cast<char>('0' + i % 10))}));
  return faces;
}

inline Gallery open(const GalleryOptions& options) {
  auto gallery = Gallery::open(options);
  EXPECT_TRUE(gallery) << (gallery ? "" : gallery.error().message);
  return *std::move(gallery);
}

/// The names that a search for everybody finds.
inline std::multiset<std::string> everybody(const Gallery& gallery, const Embedding& probe) {
  std::multiset<std::string> names;
  const auto found = gallery.search(probe, {.top_k = 5000});
  EXPECT_TRUE(found) << (found ? "" : found.error().message);
  if (found)
    for (const Candidate& one : *found) names.insert(one.name);
  return names;
}

inline std::multiset<std::string> names_of(const std::vector<NewFace>& faces) {
  std::multiset<std::string> names;
  for (const NewFace& one : faces) names.insert(one.subject);
  return names;
}

class ThreeShards : public ::testing::Test {
 protected:
  ThreeShards() {
    for (const char* name : {"a", "b", "c"}) shards_.add(name, {fresh_database()});
  }
  Configuration shards_;
};

}  // namespace vultus::gallery::testing
