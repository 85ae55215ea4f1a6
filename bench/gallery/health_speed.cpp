// How long it takes to examine a gallery of planted faces. health_speed FACES PERSONS DIMENSION THREADS FOLDER
#include <chrono>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <random>
#include <string>
#include <vector>

#include <bench/whole_number.hpp>
#include <vultus/identity/gallery_health.hpp>

namespace {

using namespace vultus;  // NOLINT(google-build-using-namespace): a program of one file

std::vector<float> draw(std::mt19937_64& random, int dimension) {
  std::normal_distribution<float> normal(0, 1 / std::sqrt(static_cast<float>(dimension)));
  std::vector<float> values(static_cast<std::size_t>(dimension));
  for (float& v : values) v = normal(random);
  return values;
}

/// Faces of one person have a cosine near 0.8.
Status fill(Gallery& gallery, int faces, int persons, int dimension) {
  std::mt19937_64 random(1);
  std::vector<NewFace> batch;
  for (int p = 0, made = 0; p < persons; ++p) {
    const auto middle = draw(random, dimension);
    for (; made < static_cast<int>(static_cast<long long>(p + 1) * faces / persons); ++made) {
      auto values = draw(random, dimension);
      for (std::size_t t = 0; t < values.size(); ++t) values[t] = middle[t] + 0.5F * values[t];
      VULTUS_TRY(Embedding face, Embedding::normalised(ModelId("planted"), std::move(values)));
      batch.push_back(
          {.subject = "person " + std::to_string(p), .embedding = std::move(face), .details = {}, .thumbnail = {}});
    }
    if (batch.size() < 1000 && p + 1 < persons) continue;
    VULTUS_TRY(const auto outcomes, gallery.enrol(batch));
    batch.clear();
  }
  return {};
}

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 6) return std::fputs("usage: health_speed FACES PERSONS DIMENSION THREADS FOLDER\n", stderr), 2;
  const int dimension = bench::whole_number("DIMENSION", argv[3]);
  const int faces = bench::whole_number("FACES", argv[1]);
  const int persons = bench::whole_number("PERSONS", argv[2]);
  const int threads = bench::whole_number("THREADS", argv[4]);
  const auto path = std::filesystem::path(argv[5]) / "health_speed.vgal";
  auto gallery = Gallery::open(
      {.path = path,
       .access = GalleryAccess::create_or_open,
       .model = GalleryModel{.id = ModelId("planted"), .dimension = dimension, .sha256 = {}, .preset = {}},
       .now = nullptr});
  if (!gallery) return std::fprintf(stderr, "%s\n", gallery.error().message.c_str()), 1;
  if (gallery->info().faces == 0)
    if (const Status filled = fill(*gallery, faces, persons, dimension); !filled)
      return std::fprintf(stderr, "%s\n", filled.error().message.c_str()), 1;
  identity::HealthOptions options;
  options.limits.match = options.limits.weak_conflict = Cosine(0.5F);
  options.limits.conflict = Cosine(0.55F);
  options.threads = threads;
  const auto start = std::chrono::steady_clock::now();
  std::string stage;
  auto begun = start;
  const auto report =
      identity::examine_gallery(*gallery, options, [&](std::string_view what, std::size_t, std::size_t) {
        if (what == stage) return;
        if (!stage.empty()) std::printf("%s %.1f s\n", stage.c_str(), seconds_since(begun));
        stage = what;
        begun = std::chrono::steady_clock::now();
      });
  if (!report) return std::fprintf(stderr, "%s\n", report.error().message.c_str()), 1;
  std::printf("%s %.1f s\n%lld faces of %lld people: %.1f s, %zu findings, %.1f s of processors\n", stage.c_str(),
              seconds_since(begun), static_cast<long long>(report->faces), static_cast<long long>(report->subjects),
              seconds_since(start), report->findings.size(), static_cast<double>(std::clock()) / CLOCKS_PER_SEC);
  for (const auto& one : report->recall)
    std::printf("recall, %s: %.4f at 1, %.4f at 10\n", std::string(name_of(one.method)).c_str(), one.at_1, one.at_10);
  return 0;
}
