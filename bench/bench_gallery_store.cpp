// How fast faces become durable, a gallery opens and a probe is answered: in a plain gallery, in an encrypted one, and
// in an encrypted one whose log keeps every search.
//   bench_gallery_store [FACES=10000] [DIMENSION=512] [FOLDER=.]
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <random>
#include <span>
#include <string>
#include <vector>

#include <vultus/gallery/gallery.hpp>

namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

vultus::Embedding random_embedding(std::mt19937& random, int dimension) {
  std::normal_distribution<float> normal;
  std::vector<float> values(static_cast<std::size_t>(dimension));
  for (float& v : values) v = normal(random);
  return vultus::Embedding::normalised(vultus::ModelId("bench"), std::move(values)).value();
}

/// The shortest of several runs: the machine may be shared.
template <class Run>
double shortest(int times, const Run& run) {
  double best = 1e300;
  for (int i = 0; i < times; ++i) {
    const auto start = Clock::now();
    run();
    best = std::min(best, seconds_since(start));
  }
  return best;
}

struct Kind {
  const char* name;
  vultus::GalleryEncryption encryption;
  vultus::AuditLevel audit;
};

void measure(const Kind& kind, std::span<const vultus::NewFace> faces, int dimension,
             const std::filesystem::path& folder) {
  std::printf("%s\n", kind.name);
  const auto path = folder / "bench_gallery_store.vultus";
  const auto key = folder / "bench_gallery_store.key";
  const auto remove = [&] {
    for (const char* end : {"", ".keys"}) std::filesystem::remove(path.string() + end);
  };
  std::filesystem::remove(key);
  if (!vultus::make_key_file(key)) std::abort();
  const auto options = [&](vultus::GalleryAccess access) {
    vultus::GalleryOptions how{.path = path, .access = access};
    how.model = vultus::GalleryModel{vultus::ModelId("bench"), dimension, {}, {}};
    how.key = vultus::KeySource::from_file(key);
    how.encryption = kind.encryption;
    how.audit = kind.audit;
    return how;
  };
  for (const std::size_t batch : {std::size_t{1}, std::size_t{100}, std::size_t{1000}}) {
    remove();
    auto gallery = vultus::Gallery::open(options(vultus::GalleryAccess::create_or_open)).value();
    const std::size_t total = batch == 1 ? 1000 : faces.size();
    const auto start = Clock::now();
    for (std::size_t at = 0; at < total; at += batch)
      (void)gallery.enrol(faces.subspan(at, std::min(batch, total - at))).value();
    std::printf("  enrol, %4zu a commit: %8.0f faces/s\n", batch, static_cast<double>(total) / seconds_since(start));
  }
  const double bytes = static_cast<double>(std::filesystem::file_size(path));
  std::printf("  file: %.0f bytes a face\n", bytes / static_cast<double>(faces.size()));
  const auto reading = options(vultus::GalleryAccess::read_only);
  const double open = shortest(3, [&] { (void)vultus::Gallery::open(reading).value(); });
  std::printf("  open: %.1f ms\n", open * 1e3);
  const auto gallery = vultus::Gallery::open(reading).value();
  std::mt19937 random(2);
  const auto probe = random_embedding(random, dimension);
  std::printf("  search, one probe, top 10: %.3f ms\n",
              1e3 * shortest(50, [&] { (void)gallery.search(probe, {.top_k = 10}).value(); }));
  std::vector<vultus::Embedding> probes;
  for (int i = 0; i < 64; ++i) probes.push_back(random_embedding(random, dimension));
  const double batch = shortest(10, [&] { (void)gallery.search(probes, {.top_k = 10}).value(); });
  std::printf("  search, batch of 64, top 10: %.0f probes/s\n", 64 / batch);
  remove();
  std::filesystem::remove(key);
}

}  // namespace

int main(int argc, char** argv) {
  const int count = argc > 1 ? static_cast<int>(std::strtol(argv[1], nullptr, 10)) : 10'000;
  const int dimension = argc > 2 ? static_cast<int>(std::strtol(argv[2], nullptr, 10)) : 512;
  const std::filesystem::path folder = argc > 3 ? argv[3] : ".";
  if (count < 1000 || dimension < 1) {
    std::fprintf(stderr, "usage: bench_gallery_store [FACES >= 1000] [DIMENSION >= 1] [FOLDER]\n");
    return 2;
  }
  std::mt19937 random(1);
  std::vector<vultus::NewFace> faces;
  for (int i = 0; i < count; ++i)
    faces.push_back({.subject = "Subject " + std::to_string(i / 4),
                     .embedding = random_embedding(random, dimension),
                     .details = {.source = "photos/" + std::to_string(i) + ".jpg",
                                 .source_sha256 = std::string(56, '0') + std::to_string(10'000'000 + i)}});
  using vultus::AuditLevel;
  using vultus::GalleryEncryption;
  measure({"plain", GalleryEncryption::none, AuditLevel::changes}, faces, dimension, folder);
  measure({"encrypted", GalleryEncryption::sealed, AuditLevel::changes}, faces, dimension, folder);
  measure({"encrypted, every search in the log", GalleryEncryption::sealed, AuditLevel::all}, faces, dimension, folder);
  return 0;
}
