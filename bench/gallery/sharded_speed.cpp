// What a gallery over several servers costs: durable enrolments, opening, one probe. One JSON object a run.
//
//   bench_gallery_shards CONFIGURATION SIZE [DIMENSION]
//
// The databases must be empty. bench/gallery/sharded.py starts three servers and runs it at several sizes.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <random>
#include <string>
#include <vector>

#include <vultus/gallery/gallery.hpp>

namespace {

using Clock = std::chrono::steady_clock;
using namespace vultus;  // NOLINT(google-build-using-namespace): a program of one file

double ms_since(Clock::time_point begin) {
  return std::chrono::duration<double, std::milli>(Clock::now() - begin).count();
}

Embedding random_face(std::mt19937& random, int dimension) {
  std::normal_distribution<float> normal;
  std::vector<float> values(static_cast<std::size_t>(dimension));
  for (float& v : values) v = normal(random);
  return Embedding::normalised(ModelId("planted"), std::move(values)).value();
}

Status run(const std::string& configuration, int size, int dimension) {
  constexpr int kBatch = 1000;
  constexpr int kProbes = 50;
  std::mt19937 random(1);
  const GalleryOptions options{.path = configuration,
                               .access = GalleryAccess::create_or_open,
                               .model = GalleryModel{.id = ModelId("planted"), .dimension = dimension},
                               .server_deadline = std::chrono::minutes(5),
                               .sql_search = SqlSearch::exact};
  std::vector<Embedding> probes;
  double enrolling = 0;
  int shards = 0;
  {
    VULTUS_TRY(Gallery gallery, Gallery::open(options));
    shards = gallery.info().shards;
    for (int done = 0; done < size; done += kBatch) {
      std::vector<NewFace> faces;
      for (int i = done; i < std::min(size, done + kBatch); ++i) {
        faces.push_back({.subject = "p" + std::to_string(i), .embedding = random_face(random, dimension)});
        if (static_cast<int>(probes.size()) < kProbes) probes.push_back(faces.back().embedding);
      }
      const auto begin = Clock::now();
      VULTUS_TRY(const auto kept, gallery.enrol(faces));
      enrolling += ms_since(begin);
    }
  }
  const auto begin = Clock::now();
  VULTUS_TRY(const Gallery gallery, Gallery::open(options));
  const double opening = ms_since(begin);
  std::vector<double> times;
  int first = 0;
  for (std::size_t i = 0; i < probes.size(); ++i) {
    const auto asked = Clock::now();
    VULTUS_TRY(const auto found, gallery.search(probes[i], {.top_k = 10}));
    times.push_back(ms_since(asked));
    first += found.at(0).name == "p" + std::to_string(i) ? 1 : 0;
  }
  std::ranges::sort(times);
  std::printf(
      "{\"method\": \"vultus_sharded\", \"shards\": %d, \"size\": %d, \"batch\": 1, \"latency_ms\": %.2f, "
      "\"median_ms\": %.2f, \"queries_per_second\": %.1f, \"recall_at_1\": %.3f, \"enrolments_per_second\": %.0f, "
      "\"opening_ms\": %.0f}\n",
      shards, size, times.front(), times[times.size() / 2], 1000 / times.front(),
      static_cast<double>(first) / static_cast<double>(probes.size()), 1000.0 * size / enrolling, opening);
  return {};
}

}  // namespace

int main(int count, char** words) {
  if (count < 3) return 2;
  const Status done = run(words[1], std::stoi(words[2]), count > 3 ? std::stoi(words[3]) : 512);
  if (!done) std::fprintf(stderr, "%s\n", done.error().message.c_str());
  return done ? 0 : 1;
}
