// What a gallery over several servers costs: durable enrolments, opening, one probe. One JSON object a run.
//
//   bench_gallery_shards CONFIGURATION SIZE [DIMENSION [FOLDER]]
//
// FOLDER holds base.f32 and probes.f32, as bench_gallery --vectors writes them, which are taken instead of random
// templates: all of them, whatever SIZE says. Recall is held against the exact search of the same gallery.
// The databases must be empty. bench/gallery/sharded.py starts three servers and runs it at several sizes.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <random>
#include <string>
#include <vector>

#include <vultus/gallery/gallery.hpp>

#include "number_file.hpp"

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

/// Templates and probes: of a folder, or random ones that are searched for themselves.
class Vectors {
 public:
  Vectors(int size, int dimension, const std::string& folder) : size_(size), dimension_(dimension) {
    if (folder.empty()) return;
    base_ = bench::read_numbers<float>(folder + "/base.f32");
    probes_ = bench::read_numbers<float>(folder + "/probes.f32");
    size_ = static_cast<int>(base_.size()) / dimension;
  }
  [[nodiscard]] int size() const { return size_; }
  /// To be asked for one behind the other.
  Embedding face(int number) { return base_.empty() ? random_face(random_, dimension_) : at(base_, number); }
  [[nodiscard]] std::vector<Embedding> probes(std::size_t most) const {
    std::vector<Embedding> all;
    for (int i = 0; i < static_cast<int>(probes_.size()) / dimension_ && all.size() < most; ++i)
      all.push_back(at(probes_, i));
    return all;
  }

 private:
  [[nodiscard]] Embedding at(const std::vector<float>& values, int number) const {
    const auto begin = values.begin() + std::ptrdiff_t{number} * dimension_;
    return Embedding::normalised(ModelId("planted"), {begin, begin + dimension_}).value();
  }

  int size_, dimension_;
  std::vector<float> base_, probes_;
  std::mt19937 random_{1};
};

/// Share of the first answers that the exact search gives too.
double recall(const std::vector<Candidate>& exact, const std::vector<Candidate>& told, std::size_t count) {
  const std::size_t most = std::min(count, exact.size());
  double found = 0;
  for (std::size_t i = 0; i < most; ++i)
    for (std::size_t t = 0; t < std::min(count, told.size()); ++t) found += exact[i].face == told[t].face ? 1 : 0;
  return most == 0 ? 1 : found / static_cast<double>(most);
}

Status run(const std::string& configuration, int wanted, int dimension, const std::string& folder) {
  constexpr int kBatch = 1000;
  constexpr std::size_t kProbes = 50;
  Vectors vectors(wanted, dimension, folder);
  const int size = vectors.size();
  const GalleryOptions options{.path = configuration,
                               .access = GalleryAccess::create_or_open,
                               .model = GalleryModel{.id = ModelId("planted"), .dimension = dimension},
                               .server_deadline = std::chrono::minutes(5),
                               .sql_search = SqlSearch::exact};
  std::vector<Embedding> probes = vectors.probes(kProbes);
  const bool own = probes.empty();
  double enrolling = 0;
  int shards = 0;
  {
    VULTUS_TRY(Gallery gallery, Gallery::open(options));
    shards = gallery.info().shards;
    for (int done = 0; done < size; done += kBatch) {
      std::vector<NewFace> faces;
      for (int i = done; i < std::min(size, done + kBatch); ++i) {
        faces.push_back({.subject = "p" + std::to_string(i), .embedding = vectors.face(i)});
        if (own && probes.size() < kProbes) probes.push_back(faces.back().embedding);
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
  double first = 0;
  double ten = 0;
  for (const Embedding& probe : probes) {
    const auto asked = Clock::now();
    VULTUS_TRY(const auto found, gallery.search(probe, {.top_k = 10}));
    times.push_back(ms_since(asked));
    VULTUS_TRY(const auto exact, gallery.search(probe, {.top_k = 10, .method = SearchMethod::floats}));
    first += recall(exact, found, 1);
    ten += recall(exact, found, 10);
  }
  std::ranges::sort(times);
  std::printf(
      "{\"method\": \"vultus_sharded\", \"shards\": %d, \"size\": %d, \"dimension\": %d, \"batch\": 1, \"latency_ms\": "
      "%.2f, "
      "\"median_ms\": %.2f, \"queries_per_second\": %.1f, \"recall_at_1\": %.4f, \"recall_at_10\": %.4f, "
      "\"enrolments_per_second\": %.0f, "
      "\"opening_ms\": %.0f}\n",
      shards, size, dimension, times.front(), times[times.size() / 2], 1000 / times.front(),
      first / static_cast<double>(probes.size()), ten / static_cast<double>(probes.size()), 1000.0 * size / enrolling,
      opening);
  return {};
}

}  // namespace

int main(int count, char** words) {
  if (count < 3) return 2;
  const Status done =
      run(words[1], std::stoi(words[2]), count > 3 ? std::stoi(words[3]) : 512, count > 4 ? words[4] : "");
  if (!done) std::fprintf(stderr, "%s\n", done.error().message.c_str());
  return done ? 0 : 1;
}
