// A gallery over several servers: enrol, search, one more shard, everybody at home again.
// Made-up faces, so no networks are needed. docs/postgres.md walks through what it prints.
//
//   gallery_shards CONFIGURATION [URL_OF_ONE_MORE]
#include <cstdio>
#include <random>
#include <string>
#include <vector>

#include <vultus/gallery/gallery.hpp>
#include <vultus/gallery/shards.hpp>

namespace {

constexpr int kDimension = 128;
constexpr int kPeople = 600;

/// A direction of its own for each person, and another picture of each by adding noise.
vultus::Embedding made_up(std::mt19937& random, const std::vector<float>& person) {
  std::normal_distribution<float> normal;
  std::vector<float> values = person;
  for (float& v : values) v += 0.5F * normal(random);
  return vultus::Embedding::normalised(vultus::ModelId("made-up"), std::move(values)).value();
}

vultus::Status print_shards(const std::string& configuration) {
  VULTUS_TRY(const auto shards, vultus::shard_status(configuration, {}));
  for (const vultus::ShardStatus& one : shards)
    std::printf("  shard %s: %lld people, %lld to be moved\n", one.name.c_str(), static_cast<long long>(one.subjects),
                static_cast<long long>(one.misplaced));
  return {};
}

vultus::Status run(const std::string& configuration, const std::string& one_more) {
  using namespace vultus;  // NOLINT(google-build-using-namespace): a program that reads as a lesson
  std::mt19937 random(1);
  std::normal_distribution<float> normal;
  std::vector<std::vector<float>> people(kPeople, std::vector<float>(kDimension));
  std::vector<NewFace> faces;
  for (int i = 0; i < kPeople; ++i) {
    for (float& v : people[static_cast<std::size_t>(i)]) v = normal(random);
    faces.push_back(
        {.subject = "person " + std::to_string(i), .embedding = made_up(random, people[static_cast<std::size_t>(i)])});
  }
  // Templates in plain, so that SQL clients can search them too: that has to be said.
  VULTUS_TRY(Gallery gallery, Gallery::open({.path = configuration,
                                             .access = GalleryAccess::create_or_open,
                                             .model = GalleryModel{.id = ModelId("made-up"), .dimension = kDimension},
                                             .sql_search = SqlSearch::exact}));
  VULTUS_TRY(const auto enrolled, gallery.enrol(faces));
  std::printf("%zu faces enrolled in %d shards\n", enrolled.size(), gallery.info().shards);
  VULTUS_CHECK(print_shards(configuration));
  VULTUS_TRY(const auto found, gallery.search(made_up(random, people[77])));
  std::printf("person 77 is %s, similarity %.2f\n", found.at(0).name.c_str(), double{found.at(0).similarity.value()});
  if (one_more.empty()) return {};

  VULTUS_TRY(const auto number,
             add_shard(configuration, {.name = "d", .urls = {one_more}}, {.sql_search = SqlSearch::exact}));
  std::printf("shard d was added with number %lld\n", static_cast<long long>(number));
  VULTUS_CHECK(print_shards(configuration));
  VULTUS_TRY(const RebalanceReport report, rebalance_shards(configuration, {}));
  std::printf("%lld people moved\n", static_cast<long long>(report.moved));
  VULTUS_CHECK(print_shards(configuration));
  VULTUS_TRY(const bool changed, gallery.refresh());
  VULTUS_TRY(const auto again, gallery.search(made_up(random, people[77])));
  std::printf("%s, %d of %d shards answered: person 77 is %s\n", changed ? "taken in" : "no change",
              gallery.info().shards_answered, gallery.info().shards, again.at(0).name.c_str());
  return {};
}

}  // namespace

int main(int count, char** words) {
  if (count < 2) return 2;
  const vultus::Status done = run(words[1], count > 2 ? words[2] : "");
  if (!done) std::fprintf(stderr, "%s\n", done.error().message.c_str());
  return done ? 0 : 1;
}
