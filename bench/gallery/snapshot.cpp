// How fast an index of many faces is ready from its snapshot. One JSON object a line.
//   bench_gallery_snapshot --size N [--dimension 512] [--folder .] [--sealed] [--gallery] [--keep]
// --gallery: a whole gallery is made and opened, else the index alone. Writes a snapshot row by row, without holding
// the rows in memory, opens it a few times, and searches. --keep leaves the file, and uses one that is there. Warm: the
// system holds the file in memory, if there is room for it.
#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <limits>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <vultus/gallery/gallery.hpp>
#include <vultus/gallery/index/snapshot_writer.hpp>
#include <vultus/gallery/index/template_index.hpp>

namespace {

namespace gallery = vultus::gallery;
using vultus::Embedding;
using vultus::FaceId;
using vultus::SubjectId;
using Clock = std::chrono::steady_clock;

constexpr std::array<unsigned char, 32> kKey{42};

struct Settings {
  std::size_t size = 100'000;
  std::size_t dimension = 512;
  std::filesystem::path folder = ".";
  bool sealed = false;
  bool whole = false;
  bool keep = false;
};

double milliseconds_since(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

/// Row `number` of a gallery of random templates, always the same.
std::vector<float> template_of(std::size_t number, std::size_t dimension) {
  std::uint64_t state = number * 0x9E3779B97F4A7C15ULL + 1;
  std::vector<float> values(dimension);
  double square = 0;
  for (float& v : values) {
    std::uint64_t z = state += 0x9E3779B97F4A7C15ULL;
    z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27U)) * 0x94D049BB133111EBULL;
    // The sum of four uniform values is nearly normal.
    v = -4.0F * 32767.5F;
    for (unsigned part = 0; part < 4; ++part) v += static_cast<float>(z >> (16 * part) & 0xFFFFU);
    square += double{v} * double{v};
  }
  for (float& v : values) v = static_cast<float>(v / std::sqrt(square));
  return values;
}

double memory_mib(const char* field) {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;)
    if (word == field) {
      double kib = 0;
      status >> kib;
      return kib / 1024;
    }
  return 0;
}

vultus::Status write(const Settings& settings, const gallery::SnapshotOptions& options) {
  VULTUS_TRY(auto writer, gallery::SnapshotWriter::create(options));
  const auto start = Clock::now();
  for (std::size_t i = 0; i < settings.size; ++i)
    VULTUS_CHECK(writer.add(FaceId(static_cast<std::int64_t>(i + 1)), SubjectId(static_cast<std::int64_t>(i / 4 + 1)),
                            template_of(i, settings.dimension)));
  for (std::size_t s = 0; s <= (settings.size - 1) / 4; ++s)
    VULTUS_CHECK(writer.name(SubjectId(static_cast<std::int64_t>(s + 1)), "Subject number " + std::to_string(s + 1)));
  VULTUS_CHECK(writer.finish());
  std::fprintf(stderr, "%zu templates encoded and written in %.1f s\n", settings.size, milliseconds_since(start) / 1e3);
  return {};
}

/// A changed template of a face that is there.
Embedding probe_of(const Settings& settings, std::size_t number) {
  std::vector<float> values = template_of(number, settings.dimension);
  const std::vector<float> other = template_of(settings.size + number, settings.dimension);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] += other[i];
  return Embedding::normalised(vultus::ModelId("bench"), std::move(values)).value();
}

vultus::Status measure(const Settings& settings, const gallery::SnapshotOptions& options) {
  constexpr int kOpenings = 5;
  constexpr std::size_t kProbes = 200;
  double open_ms = std::numeric_limits<double>::max(), ready_ms = open_ms, first_ms = open_ms;
  std::vector<double> later, again;  // the same probes twice: what they need is verified and in memory then
  std::size_t right = 0;
  double memory_open = 0, memory = 0, mapped = 0;
  for (int i = 0; i < kOpenings; ++i) {
    const Embedding probe = probe_of(settings, settings.size / 7 * static_cast<std::size_t>(i + 1));
    const auto start = Clock::now();
    VULTUS_TRY(const auto index, gallery::TemplateIndex::open(options.path, options.identity, options.key));
    const double opened = milliseconds_since(start);
    if (i == 0) memory_open = memory_mib("RssAnon:");
    VULTUS_TRY(const auto first, index.search({&probe, 1}, {.top_k = 10}));
    const double ready = milliseconds_since(start);
    open_ms = std::min(open_ms, opened);
    first_ms = std::min(first_ms, ready - opened);
    ready_ms = std::min(ready_ms, ready);
    if (i + 1 < kOpenings) continue;
    for (std::size_t p = 0; p < 2 * kProbes; ++p) {
      const std::size_t who = settings.size / kProbes * (p % kProbes);
      const Embedding one = probe_of(settings, who);
      const auto begin = Clock::now();
      VULTUS_TRY(const auto hits, index.search({&one, 1}, {.top_k = 10}));
      (p < kProbes ? later : again).push_back(milliseconds_since(begin));
      if (p < kProbes)
        right += !hits[0].empty() && hits[0][0].face == FaceId(static_cast<std::int64_t>(who + 1)) ? 1 : 0;
    }
    memory = memory_mib("RssAnon:");
    mapped = memory_mib("RssFile:");
  }
  std::ranges::sort(later);
  std::ranges::sort(again);
  fmt::print(
      R"({{"size":{},"dimension":{},"sealed":{},"file_mib":{:.0f},"bytes_a_face":{:.0f},"open_ms":{:.1f},)"
      R"("first_search_ms":{:.2f},"ready_ms":{:.1f},"search_ms":{:.3f},"search_least_ms":{:.3f},"warm_ms":{:.3f},"found":{:.4f},)"
      R"("memory_open_mib":{:.0f},"memory_mib":{:.0f},"mapped_mib":{:.0f}}})"
      "\n",
      settings.size, settings.dimension, settings.sealed,
      static_cast<double>(std::filesystem::file_size(options.path)) / (1 << 20),
      static_cast<double>(std::filesystem::file_size(options.path)) / static_cast<double>(settings.size), open_ms,
      first_ms, ready_ms, later[later.size() / 2], later.front(), again[again.size() / 2],
      static_cast<double>(right) / kProbes, memory_open, memory, mapped);
  return {};
}

/// A gallery, enrolled in batches; closing it writes the snapshot.
vultus::Status make_gallery(const Settings& settings, const std::filesystem::path& path) {
  constexpr std::size_t kBatch = 10'000;
  const auto start = Clock::now();
  const vultus::GalleryModel model{vultus::ModelId("bench"), static_cast<int>(settings.dimension), {}, {}};
  {
    VULTUS_TRY(
        auto made,
        vultus::Gallery::open(
            {.path = path, .access = vultus::GalleryAccess::create_or_open, .model = model, .snapshot_from = 0}));
    std::vector<vultus::NewFace> faces;
    for (std::size_t i = 0; i < settings.size; ++i) {
      faces.push_back({.subject = "Subject number " + std::to_string(i / 4 + 1),
                       .embedding = Embedding::normalised(model.id, template_of(i, settings.dimension)).value()});
      if (faces.size() < kBatch && i + 1 < settings.size) continue;
      if (const auto done = made.enrol(faces); !done) return done.error();
      faces.clear();
    }
  }
  std::fprintf(stderr, "%zu faces enrolled in %.1f s\n", settings.size, milliseconds_since(start) / 1e3);
  const auto read = Clock::now();
  VULTUS_TRY(auto opened, vultus::Gallery::open({.path = path,
                                                 .access = vultus::GalleryAccess::read_write,
                                                 .snapshot_from = static_cast<std::int64_t>(settings.size) + 1}));
  std::fprintf(stderr, "opened without a snapshot in %.1f s\n", milliseconds_since(read) / 1e3);
  const auto writing = Clock::now();
  VULTUS_TRY(const std::int64_t bytes, opened.write_snapshot());
  std::fprintf(stderr, "snapshot of %.0f MiB written in %.1f s\n", static_cast<double>(bytes) / (1 << 20),
               milliseconds_since(writing) / 1e3);
  return {};
}

vultus::Status measure_gallery(const Settings& settings) {
  constexpr int kOpenings = 5;
  const std::filesystem::path path =
      settings.folder / fmt::format("bench-{}-{}.vultus", settings.size, settings.dimension);
  if (!std::filesystem::exists(path)) VULTUS_CHECK(make_gallery(settings, path));
  double open_ms = std::numeric_limits<double>::max(), ready_ms = open_ms, memory = 0;
  for (int i = 0; i < kOpenings; ++i) {
    const std::size_t who = settings.size / 7 * static_cast<std::size_t>(i + 1);
    const Embedding probe = probe_of(settings, who);
    const auto start = Clock::now();
    VULTUS_TRY(const auto gallery, vultus::Gallery::open({.path = path}));
    open_ms = std::min(open_ms, milliseconds_since(start));
    VULTUS_TRY(const auto found, gallery.search(probe, {.top_k = 10}));
    ready_ms = std::min(ready_ms, milliseconds_since(start));
    if (found.empty() || found[0].name != "Subject number " + std::to_string(who / 4 + 1))
      return vultus::fail(vultus::ErrorCode::internal, "a probe was not found");
    if (i == 0) memory = memory_mib("RssAnon:");
  }
  fmt::print(R"({{"gallery":true,"size":{},"dimension":{},"gallery_mib":{:.0f},"file_mib":{:.0f},"open_ms":{:.1f},)"
             R"("ready_ms":{:.1f},"memory_mib":{:.0f}}})"
             "\n",
             settings.size, settings.dimension, static_cast<double>(std::filesystem::file_size(path)) / (1 << 20),
             static_cast<double>(std::filesystem::file_size(path.string() + ".index")) / (1 << 20), open_ms, ready_ms,
             memory);
  if (!settings.keep)
    for (const char* suffix : {"", ".index", "-wal", "-shm"}) std::filesystem::remove(path.string() + suffix);
  return {};
}

int run(int argc, char** argv) {
  Settings settings;
  CLI::App app("how fast an index is ready from its snapshot");
  app.add_option("--size", settings.size)->check(CLI::Range(1000, 1'000'000'000));
  app.add_option("--dimension", settings.dimension)->check(CLI::Range(1, 16384));
  app.add_option("--folder", settings.folder);
  app.add_flag("--sealed", settings.sealed);
  app.add_flag("--gallery", settings.whole);
  app.add_flag("--keep", settings.keep);
  CLI11_PARSE(app, argc, argv);
  const gallery::SnapshotOptions options{
      .path = settings.folder /
              fmt::format("bench-{}-{}{}.index", settings.size, settings.dimension, settings.sealed ? "-sealed" : ""),
      .identity = {.gallery = "bench", .model = vultus::ModelId("bench"), .dimension = settings.dimension},
      .rows = settings.size,
      .key = settings.sealed ? std::optional(gallery::SnapshotKey(kKey)) : std::nullopt};
  if (settings.whole) {
    const auto told = measure_gallery(settings);
    if (!told) std::fprintf(stderr, "bench_gallery_snapshot: %s\n", told.error().message.c_str());
    return told ? 0 : 1;
  }
  const bool there = settings.keep && std::filesystem::exists(options.path);
  auto done = there ? vultus::Status() : write(settings, options);
  if (done) done = measure(settings, options);
  if (!settings.keep) std::filesystem::remove(options.path);
  if (done) return 0;
  std::fprintf(stderr, "bench_gallery_snapshot: %s\n", done.error().message.c_str());
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bench_gallery_snapshot: %s\n", error.what());
    return 9;
  }
}
