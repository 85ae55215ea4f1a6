// How fast an index of many planted faces is ready from its snapshot, and searched. One JSON object a line.
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
#include <span>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "planted.hpp"

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

/// Planted templates by number, always the same, four of each subject in a row.
class Templates {
 public:
  static constexpr std::size_t kFaces = 4;
  explicit Templates(const Settings& settings)
      : planted_(static_cast<int>(settings.dimension)),
        dimension_(settings.dimension),
        faces_((kFaces + 1) * dimension_) {}

  [[nodiscard]] static SubjectId subject(std::size_t number) {
    return SubjectId(static_cast<std::int64_t>(number / kFaces + 1));
  }
  [[nodiscard]] static std::string name(std::size_t number) {
    return "Subject number " + std::to_string(number / kFaces + 1);
  }
  /// Valid until the next call.
  [[nodiscard]] std::span<const float> of(std::size_t number) { return face(number / kFaces, number % kFaces); }
  /// Another face of the subject of `number`.
  [[nodiscard]] Embedding probe(std::size_t number) {
    const std::span<const float> values = face(number / kFaces, kFaces);
    return Embedding::normalised(vultus::ModelId("bench"), {values.begin(), values.end()}).value();
  }

 private:
  std::span<const float> face(std::size_t subject, std::size_t which) {
    if (subject + 1 != made_) {
      planted_.begin(static_cast<std::uint32_t>(subject));
      planted_.faces(planted_.subject(), faces_);
      made_ = subject + 1;
    }
    return std::span(faces_).subspan(which * dimension_, dimension_);
  }

  vultus::bench::Planted planted_;
  std::size_t dimension_;
  std::size_t made_ = 0;  // the subject of `faces_`, counted from 1
  std::vector<float> faces_;
};

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
  Templates templates(settings);
  for (std::size_t i = 0; i < settings.size; ++i)
    VULTUS_CHECK(writer.add(FaceId(static_cast<std::int64_t>(i + 1)), Templates::subject(i), templates.of(i)));
  for (std::size_t i = 0; i < settings.size; i += Templates::kFaces)
    VULTUS_CHECK(writer.name(Templates::subject(i), Templates::name(i)));
  VULTUS_CHECK(writer.finish());
  std::fprintf(stderr, "%zu templates planted, encoded and written in %.1f s\n", settings.size,
               milliseconds_since(start) / 1e3);
  return {};
}

/// Shares of the best one and of the best ten that a search found.
struct Recall {
  double at_1 = 0, at_10 = 0;
};

using Answers = std::vector<std::vector<vultus::SearchHit>>;

Recall recall_of(const Answers& exact, const Answers& told) {
  double first = 0, found = 0, all = 0;
  for (std::size_t i = 0; i < exact.size(); ++i) {
    all += static_cast<double>(exact[i].size());
    first += !told[i].empty() && told[i].front() == exact[i].front() ? 1 : 0;
    for (const vultus::SearchHit& hit : exact[i]) found += std::ranges::find(told[i], hit) != told[i].end() ? 1 : 0;
  }
  return {first / static_cast<double>(exact.size()), found / all};
}

vultus::Status measure(const Settings& settings, const gallery::SnapshotOptions& options) {
  constexpr int kOpenings = 5;
  constexpr std::size_t kProbes = 200;
  double open_ms = std::numeric_limits<double>::max(), ready_ms = open_ms, first_ms = open_ms;
  std::vector<double> later, again;  // the same probes twice: what they need is verified and in memory then
  std::vector<Embedding> probes;
  Answers told;
  Recall recall;
  double memory_open = 0, memory = 0, mapped = 0;
  Templates templates(settings);
  for (int i = 0; i < kOpenings; ++i) {
    const Embedding probe = templates.probe(settings.size / 7 * static_cast<std::size_t>(i + 1));
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
      const Embedding one = templates.probe(who);
      const auto begin = Clock::now();
      VULTUS_TRY(const auto hits, index.search({&one, 1}, {.top_k = 10}));
      (p < kProbes ? later : again).push_back(milliseconds_since(begin));
      if (p >= kProbes) continue;
      told.push_back(hits[0]);
      probes.push_back(one);
    }
    memory = memory_mib("RssAnon:");
    mapped = memory_mib("RssFile:");
    // Every template by its bytes, and what may be among the best by its floats: the exact answer.
    VULTUS_TRY(const auto exact, index.search(probes, {.top_k = 10, .method = vultus::SearchMethod::bytes}));
    recall = recall_of(exact, told);
  }
  std::ranges::sort(later);
  std::ranges::sort(again);
  fmt::print(
      R"({{"size":{},"dimension":{},"planted":true,"sealed":{},"file_mib":{:.0f},"bytes_a_face":{:.0f},"open_ms":{:.1f},)"
      R"("first_search_ms":{:.2f},"ready_ms":{:.1f},"search_ms":{:.3f},"search_least_ms":{:.3f},"warm_ms":{:.3f},)"
      R"("recall_at_1":{:.4f},"recall_at_10":{:.4f},"memory_open_mib":{:.0f},"memory_mib":{:.0f},"mapped_mib":{:.0f}}})"
      "\n",
      settings.size, settings.dimension, settings.sealed,
      static_cast<double>(std::filesystem::file_size(options.path)) / (1 << 20),
      static_cast<double>(std::filesystem::file_size(options.path)) / static_cast<double>(settings.size), open_ms,
      first_ms, ready_ms, later[later.size() / 2], later.front(), again[again.size() / 2], recall.at_1, recall.at_10,
      memory_open, memory, mapped);
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
    Templates templates(settings);
    for (std::size_t i = 0; i < settings.size; ++i) {
      const std::span<const float> values = templates.of(i);
      faces.push_back({.subject = Templates::name(i),
                       .embedding = Embedding::normalised(model.id, {values.begin(), values.end()}).value()});
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
  Templates templates(settings);
  for (int i = 0; i < kOpenings; ++i) {
    const std::size_t who = settings.size / 7 * static_cast<std::size_t>(i + 1);
    const Embedding probe = templates.probe(who);
    const auto start = Clock::now();
    VULTUS_TRY(const auto gallery, vultus::Gallery::open({.path = path}));
    open_ms = std::min(open_ms, milliseconds_since(start));
    VULTUS_TRY(const auto found, gallery.search(probe, {.top_k = 10}));
    ready_ms = std::min(ready_ms, milliseconds_since(start));
    if (found.empty() || found[0].name != Templates::name(who))
      return vultus::fail(vultus::ErrorCode::internal, "a probe was not found");
    if (i == 0) memory = memory_mib("RssAnon:");
  }
  fmt::print(
      R"({{"gallery":true,"planted":true,"size":{},"dimension":{},"gallery_mib":{:.0f},"file_mib":{:.0f},"open_ms":{:.1f},)"
      R"("ready_ms":{:.1f},"memory_mib":{:.0f}}})"
      "\n",
      settings.size, settings.dimension, static_cast<double>(std::filesystem::file_size(path)) / (1 << 20),
      static_cast<double>(std::filesystem::file_size(path.string() + ".index")) / (1 << 20), open_ms, ready_ms, memory);
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
