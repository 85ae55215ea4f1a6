// How fast a gallery of planted templates is searched, by each method: latency of one probe, probes per second in a
// batch of 64, recall against the exact answer, memory. One JSON object a line.
//   bench_gallery --size N [--dimension 512] [--probes 200] [--batch 64] [--method NAME] [--instructions NAME]
//                 [--vectors FOLDER] [--faiss-python PYTHON] [--from FOLDER] [--partition] [--json]
// --vectors FOLDER keeps base.f32 and probes.f32. With a Python that has FAISS (also by VULTUS_FAISS_PYTHON) its rows
// follow, measured on the same vectors. Times are those of the clock, and of this thread on the processor (..._cpu).
#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <exception>
#include <fstream>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "number_file.hpp"
#include "peers.hpp"
#include "planted.hpp"

#include <vultus/gallery/index/template_index.hpp>

namespace {

using vultus::Embedding;
using vultus::FaceId;
using vultus::SearchMethod;
using vultus::SubjectId;
using Clock = std::chrono::steady_clock;

constexpr std::size_t kFacesOfSubject = 4;

struct Settings {
  std::size_t size = 10'000;
  int dimension = 512;
  std::size_t probes = 200;
  std::size_t batch = 64;
  std::string method;
  std::string instructions;
  std::string vectors;
  std::string faiss_python;
  std::string from;
  bool partition = false;
  std::size_t cells = 0;
  double recall = 0.99;
};

using Answers = std::vector<std::vector<vultus::SearchHit>>;

double recall(const Answers& truth, const Answers& told, std::size_t k) {
  double right = 0, all = 0;
  for (std::size_t i = 0; i < truth.size(); ++i) {
    const std::size_t count = std::min(k, truth[i].size());
    all += static_cast<double>(count);
    for (std::size_t t = 0; t < count; ++t)
      for (std::size_t h = 0; h < std::min(k, told[i].size()); ++h) right += truth[i][t] == told[i][h] ? 1 : 0;
  }
  return right / all;
}

double now() { return std::chrono::duration<double>(Clock::now().time_since_epoch()).count(); }

/// Of this thread, on the processor: what other programs take in the meantime does not count.
double processor_time() {
  timespec time{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

/// What some repetitions of one thing took.
struct Times {
  std::vector<double> seconds, processor;
  template <class Thing>
  void add(const Thing& thing) {
    const double start = now(), start_processor = processor_time();
    thing();
    processor.push_back(processor_time() - start_processor);
    seconds.push_back(now() - start);
  }
  void sort() {
    std::ranges::sort(seconds);
    std::ranges::sort(processor);
  }
};

double median(const std::vector<double>& sorted) { return sorted[sorted.size() / 2]; }

double memory_mib() {
  std::ifstream status("/proc/self/statm");
  double pages = 0;
  double resident = 0;
  status >> pages >> resident;
  return resident * 4096 / (1 << 20);
}

const vultus::gallery::Kernels* kernels_of(const std::string& name) {
  if (name == "portable") return &vultus::gallery::portable_kernels();
  if (name == "avx2") return vultus::gallery::avx2_kernels();
  if (name == "avx512") return vultus::gallery::avx512_kernels();
  return &vultus::gallery::best_kernels();
}

void write(std::ofstream& file, std::span<const float> values) {
  if (file.is_open())
    file.write(reinterpret_cast<const char*>(values.data()), static_cast<std::streamsize>(values.size_bytes()));
}

/// Fills the index. @return probes: further faces of subjects from all over it; none where a template was refused
std::vector<Embedding> fill(const Settings& settings, const vultus::ModelId& model,
                            vultus::gallery::TemplateIndex& index, double& adding) {
  constexpr std::size_t kSubjectsAtOnce = 256;
  vultus::bench::Planted planted(settings.dimension);
  const auto width = static_cast<std::size_t>(settings.dimension);
  std::vector<Embedding> probes;
  std::ofstream base, probe_file;
  if (!settings.vectors.empty()) {
    base.open(settings.vectors + "/base.f32", std::ios::binary);
    probe_file.open(settings.vectors + "/probes.f32", std::ios::binary);
  }
  const std::size_t subjects = (settings.size + kFacesOfSubject - 1) / kFacesOfSubject;
  const std::size_t every = std::max<std::size_t>(1, subjects / settings.probes);
  std::vector<float> values(kSubjectsAtOnce * kFacesOfSubject * width), more((kFacesOfSubject + 1) * width);
  for (std::size_t s = 0; s < subjects;) {
    std::vector<vultus::IndexedFace> faces;
    for (std::size_t i = 0; i < kSubjectsAtOnce && s < subjects; ++i, ++s) {
      const bool probed = s % every == 0 && probes.size() < settings.probes;
      planted.faces(planted.subject(), std::span(more).first((kFacesOfSubject + (probed ? 1 : 0)) * width));
      if (probed) {
        probes.push_back(Embedding::normalised(model, {more.end() - settings.dimension, more.end()}).value());
        write(probe_file, probes.back().values());
      }
      std::copy_n(more.begin(), kFacesOfSubject * width, values.begin() + std::ssize(faces) * settings.dimension);
      for (std::size_t f = 0; f < kFacesOfSubject && index.size() + faces.size() < settings.size; ++f)
        faces.push_back({FaceId(static_cast<std::int64_t>(index.size() + faces.size())),
                         SubjectId(static_cast<std::int64_t>(s)),
                         std::span(values).subspan(faces.size() * width, width)});
    }
    const double begin = processor_time();
    if (!index.add(faces)) return {};
    adding += processor_time() - begin;
    write(base, std::span(values).first(faces.size() * width));
  }
  return probes;
}

/// Fills the index with templates of a folder. @return its probes; none where something is wrong with them
std::vector<Embedding> fill_from(const Settings& settings, const vultus::ModelId& model,
                                 vultus::gallery::TemplateIndex& index, double& adding) {
  const auto width = static_cast<std::size_t>(settings.dimension);
  const auto base = vultus::bench::read_numbers<float>(settings.from + "/base.f32"),
             probe_values = vultus::bench::read_numbers<float>(settings.from + "/probes.f32");
  const auto subjects = vultus::bench::read_numbers<std::int32_t>(settings.from + "/subjects.i32");
  if (subjects.size() * width != base.size()) return {};
  std::vector<vultus::IndexedFace> faces;
  for (std::size_t i = 0; i < subjects.size(); ++i)
    faces.push_back(
        {FaceId(static_cast<std::int64_t>(i)), SubjectId(subjects[i]), std::span(base).subspan(i * width, width)});
  const double begin = processor_time();
  if (!index.add(faces)) return {};
  adding = processor_time() - begin;
  std::vector<Embedding> probes;
  for (std::size_t i = 0; i + width <= probe_values.size(); i += width) {
    const auto at = probe_values.begin() + static_cast<std::ptrdiff_t>(i);
    probes.push_back(Embedding::normalised(model, {at, at + settings.dimension}).value());
  }
  return probes;
}

/// Searches of one probe; the answers to the first search of each probe.
Times search_one_by_one(const vultus::gallery::TemplateIndex& index, const std::vector<Embedding>& probes,
                        const vultus::SearchOptions& options, Answers& told) {
  constexpr std::size_t kLeast = 50;
  constexpr double kLongest = 20;
  Times times;
  const double begin = now();
  for (std::size_t i = 0; i < probes.size() || i < kLeast; ++i) {
    vultus::Result<Answers> answer = Answers();
    times.add([&] { answer = index.search({&probes[i % probes.size()], 1}, options); });
    if (told.size() < probes.size()) told.push_back(std::move(answer.value().front()));
    if (now() - begin > kLongest && told.size() >= 20) break;
  }
  times.sort();
  return times;
}

Times search_together(const vultus::gallery::TemplateIndex& index, const std::vector<Embedding>& batch,
                      const vultus::SearchOptions& options) {
  Times times;
  const double begin = now();
  while (times.seconds.size() < 3 || (now() - begin < 3 && times.seconds.size() < 200))
    times.add([&] { static_cast<void>(index.search(batch, options).value()); });
  times.sort();
  return times;
}

/// As the rows call it, without "vultus_".
std::string_view row_name(SearchMethod method) {
  switch (method) {
    case SearchMethod::floats: return "float";
    case SearchMethod::bytes: return "int8";
    case SearchMethod::automatic: return "automatic";
    case SearchMethod::cells: return "cells";
    case SearchMethod::cascade: break;
  }
  return "cascade";
}

/// By the name of the library or that of the row, with the row's prefix or without.
bool is_called(SearchMethod method, std::string_view name) {
  constexpr std::string_view kPrefix = "vultus_";
  if (name.starts_with(kPrefix)) name.remove_prefix(kPrefix.size());
  return name == vultus::name_of(method) || name == row_name(method);
}

constexpr std::array kMethods{SearchMethod::floats, SearchMethod::bytes, SearchMethod::cascade,
                              SearchMethod::automatic};

void measure(const Settings& settings, const vultus::gallery::TemplateIndex& index,
             const std::vector<Embedding>& probes, const Answers& truth, SearchMethod method, double adding) {
  const vultus::SearchOptions options{.top_k = 10, .method = method};
  Answers told;
  const Times single = search_one_by_one(index, probes, options, told);
  const Answers of(truth.begin(), truth.begin() + std::ssize(told));
  std::vector<Embedding> batch;
  for (std::size_t i = 0; i < settings.batch; ++i) batch.push_back(probes[i % probes.size()]);
  const Times batches = search_together(index, batch, options);
  const auto many = static_cast<double>(settings.batch);
  const std::string row = fmt::format(
      R"({{"method":"vultus_{}","instructions":"{}","size":{},"dimension":{},"planted":{},)"
      R"("latency_ms":{:.4f},"latency_least_ms":{:.4f},"latency_cpu_ms":{:.4f},"batch":{},"queries_per_second":{:.1f},)"
      R"("queries_per_second_most":{:.1f},"queries_per_second_cpu":{:.1f},"recall_at_1":{:.4f},"recall_at_10":{:.4f},)"
      R"("rss_mib":{:.0f},"add_cpu_s":{:.2f}}})",
      row_name(method), index.instructions(), index.size(), settings.dimension, settings.from.empty(),
      median(single.seconds) * 1e3, single.seconds.front() * 1e3, median(single.processor) * 1e3, settings.batch,
      many / median(batches.seconds), many / batches.seconds.front(), many / median(batches.processor),
      recall(of, told, 1), recall(of, told, 10), memory_mib(), adding);
  std::puts(row.c_str());
  std::fflush(stdout);
}

/// Partitions the index, and tells what that took and gave.
void partition(const Settings& settings, vultus::gallery::TemplateIndex& index) {
  const double begin = processor_time();
  index
      .update([&](vultus::gallery::TemplateView& view) {
        return view.partition({.cells = settings.cells, .recall = settings.recall});
      })
      .value();
  const auto report = index.view()->partition_report().value();
  std::fprintf(
      stderr, "%zu cells, %zu looked at (%.3f of the templates), recall %.3f and %.3f measured, made in %.1f s\n",
      report.cells, report.looked_at, report.share, report.recall_at_1, report.recall_at_10, processor_time() - begin);
}

int run(int argc, char** argv) {
  Settings settings;
  CLI::App app("search speed of a gallery of planted templates");
  app.add_option("--size", settings.size);
  app.add_option("--dimension", settings.dimension);
  app.add_option("--probes", settings.probes);
  app.add_option("--batch", settings.batch);
  app.add_option("--method", settings.method,
                 "floats, bytes, cascade or automatic, with vultus_ before it or without; the first three unless told");
  app.add_option("--instructions", settings.instructions, "portable, avx2 or avx512; the best unless told");
  app.add_option("--vectors", settings.vectors, "folder for the vectors, for peers");
  app.add_option("--faiss-python", settings.faiss_python, "a Python that has FAISS, for rows of it")
      ->envname("VULTUS_FAISS_PYTHON");
  app.add_option("--from", settings.from,
                 "folder with base.f32, subjects.i32 and probes.f32 that are taken instead of planted ones");
  app.add_flag("--partition", settings.partition, "also searches by cells");
  app.add_option("--cells", settings.cells, "of the partition; about the square root of the templates unless told");
  app.add_option("--recall", settings.recall, "of the most similar template, that the partition is to reach");
  app.add_flag("--json")->description("one object a line; there is no other form");
  CLI11_PARSE(app, argc, argv);
  if (!settings.method.empty() &&
      std::ranges::none_of(kMethods, [&](SearchMethod method) { return is_called(method, settings.method); })) {
    std::fprintf(
        stderr,
        "--method \"%s\" is none of floats (float), bytes (int8), cascade and automatic, with vultus_ before it "
        "or without; cells are searched with --partition\n",
        settings.method.c_str());
    return 2;
  }
  if (settings.faiss_python.empty())
    std::fputs(
        "rows of FAISS are left out: pip install faiss-cpu numpy into an environment of its own, and name its Python "
        "with --faiss-python or VULTUS_FAISS_PYTHON\n",
        stderr);
  const vultus::gallery::Kernels* const kernels = kernels_of(settings.instructions);
  if (kernels == nullptr) {
    std::fprintf(stderr, "this processor has no %s\n", settings.instructions.c_str());
    return 3;
  }
  const vultus::ModelId model("planted");
  vultus::gallery::TemplateIndex index(model, static_cast<std::size_t>(settings.dimension), *kernels);
  vultus::bench::Peers peers(settings.faiss_python, settings.vectors);
  settings.vectors = peers.vectors();
  double adding = 0;
  const std::vector<Embedding> probes =
      settings.from.empty() ? fill(settings, model, index, adding) : fill_from(settings, model, index, adding);
  if (probes.empty()) {
    std::fputs("no templates, or not as many as subjects\n", stderr);
    return 1;
  }
  const Answers truth = index.search(probes, {.top_k = 10, .method = SearchMethod::bytes}).value();
  for (const SearchMethod method : kMethods)
    if (settings.method.empty() ? method != SearchMethod::automatic : is_called(method, settings.method))
      measure(settings, index, probes, truth, method, adding);
  if (settings.partition) {
    partition(settings, index);
    measure(settings, index, probes, truth, SearchMethod::cells, adding);
  }
  return peers.measure(settings.dimension, settings.batch);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bench_gallery: %s\n", error.what());
    return 9;
  }
}
