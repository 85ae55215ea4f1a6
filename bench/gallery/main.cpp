// How fast a gallery of planted templates is searched, by each method: latency of one probe, probes per second in a
// batch of 64, recall against the exact answer, memory. One JSON object a line.
//   bench_gallery --size N [--dimension 512] [--probes 200] [--batch 64] [--method NAME] [--instructions NAME]
//                 [--vectors FOLDER] [--json]
// --vectors FOLDER keeps base.f32, probes.f32 and truth.u32 for the peers of bench/gallery/run.py.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <exception>
#include <fstream>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <vultus/gallery/index/template_index.hpp>

namespace {

using vultus::Embedding;
using vultus::FaceId;
using vultus::SearchMethod;
using vultus::SubjectId;
using Clock = std::chrono::steady_clock;

constexpr int kFacesOfSubject = 4;

struct Settings {
  std::size_t size = 10'000;
  int dimension = 512;
  std::size_t probes = 200;
  std::size_t batch = 64;
  std::string method;
  std::string instructions;
  std::string vectors;
};

/// Planted templates: four of each subject, in a space of a quarter of the dimensions with some isotropic noise, drawn
/// around 64 centres. Mated similarity is about 0.63, the others spread by about 0.09.
class Planted {
 public:
  explicit Planted(int dimension) : dimension_(static_cast<std::size_t>(dimension)), latent_(dimension_ / 4) {
    for (auto& v : directions_.emplace_back(latent_ * dimension_)) v = normal_(random_);
    for (auto& v : centres_.emplace_back(64 * latent_)) v = normal_(random_);
  }
  std::vector<float> subject() {
    const std::size_t centre = random_() % 64;
    std::vector<float> latent(latent_);
    for (std::size_t i = 0; i < latent_; ++i)
      latent[i] = std::sqrt(0.15F) * centres_[0][centre * latent_ + i] + std::sqrt(0.85F) * normal_(random_);
    return latent;
  }
  std::vector<float> face(const std::vector<float>& subject) {
    std::vector<float> values(dimension_);
    for (std::size_t l = 0; l < latent_; ++l) {
      const float z = std::sqrt(0.6F) * subject[l] + std::sqrt(0.4F) * normal_(random_);
      const float* const direction = directions_[0].data() + l * dimension_;
      for (std::size_t d = 0; d < dimension_; ++d) values[d] += z * direction[d];
    }
    for (float& v : values) v += 0.1F * std::sqrt(static_cast<float>(latent_)) * normal_(random_);
    double square = 0;
    for (const float v : values) square += double{v} * double{v};
    for (float& v : values) v = static_cast<float>(v / std::sqrt(square));
    return values;
  }

 private:
  std::size_t dimension_, latent_;
  std::mt19937 random_{7};
  std::normal_distribution<float> normal_;
  std::vector<std::vector<float>> directions_, centres_;
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
                            vultus::gallery::TemplateIndex& index) {
  Planted planted(settings.dimension);
  std::vector<Embedding> probes;
  std::ofstream base, probe_file;
  if (!settings.vectors.empty()) {
    base.open(settings.vectors + "/base.f32", std::ios::binary);
    probe_file.open(settings.vectors + "/probes.f32", std::ios::binary);
  }
  const std::size_t subjects = (settings.size + kFacesOfSubject - 1) / kFacesOfSubject;
  const std::size_t every = std::max<std::size_t>(1, subjects / settings.probes);
  double adding = 0;
  for (std::size_t s = 0; s < subjects; ++s) {
    const std::vector<float> subject = planted.subject();
    for (int f = 0; f < kFacesOfSubject && index.size() < settings.size; ++f) {
      const std::vector<float> values = planted.face(subject);
      const vultus::IndexedFace face{FaceId(static_cast<std::int64_t>(index.size())),
                                     SubjectId(static_cast<std::int64_t>(s)), values};
      const double begin = now();
      if (!index.add({&face, 1})) return {};
      adding += now() - begin;
      write(base, values);
    }
    if (s % every != 0 || probes.size() >= settings.probes) continue;
    probes.push_back(Embedding::normalised(model, planted.face(subject)).value());
    write(probe_file, probes.back().values());
  }
  std::fprintf(stderr, "%zu templates of %d values encoded in %.2f s (%s)\n", index.size(), settings.dimension, adding,
               index.instructions());
  return probes;
}

/// Seconds of searches of one probe, sorted; the answers to the first search of each probe.
std::vector<double> search_one_by_one(const vultus::gallery::TemplateIndex& index, const std::vector<Embedding>& probes,
                                      const vultus::SearchOptions& options, Answers& told) {
  constexpr std::size_t kLeast = 50;
  constexpr double kLongest = 20;
  std::vector<double> seconds;
  const double begin = now();
  for (std::size_t i = 0; i < probes.size() || seconds.size() < kLeast; ++i) {
    const Embedding& probe = probes[i % probes.size()];
    const double start = now();
    auto answer = index.search({&probe, 1}, options).value();
    seconds.push_back(now() - start);
    if (told.size() < probes.size()) told.push_back(std::move(answer.front()));
    if (now() - begin > kLongest && told.size() >= 20) break;
  }
  std::ranges::sort(seconds);
  return seconds;
}

std::vector<double> search_together(const vultus::gallery::TemplateIndex& index, const std::vector<Embedding>& batch,
                                    const vultus::SearchOptions& options) {
  std::vector<double> seconds;
  const double begin = now();
  while (seconds.size() < 3 || (now() - begin < 3 && seconds.size() < 200)) {
    const double start = now();
    if (!index.search(batch, options)) return {};
    seconds.push_back(now() - start);
  }
  std::ranges::sort(seconds);
  return seconds;
}

void measure(const Settings& settings, const vultus::gallery::TemplateIndex& index,
             const std::vector<Embedding>& probes, const Answers& truth, SearchMethod method) {
  const vultus::SearchOptions options{.top_k = 10, .method = method};
  Answers told;
  const std::vector<double> single = search_one_by_one(index, probes, options, told);
  const Answers of(truth.begin(), truth.begin() + std::ssize(told));
  std::vector<Embedding> batch;
  for (std::size_t i = 0; i < settings.batch; ++i) batch.push_back(probes[i % probes.size()]);
  const std::vector<double> batches = search_together(index, batch, options);
  const std::string_view name = method == SearchMethod::floats  ? "float"
                                : method == SearchMethod::bytes ? "int8"
                                                                : "cascade";
  const auto many = static_cast<double>(settings.batch);
  const std::string row =
      fmt::format(R"({{"method":"vultus_{}","instructions":"{}","size":{},"dimension":{},"planted":true,)"
                  R"("latency_ms":{:.4f},"latency_least_ms":{:.4f},"batch":{},"queries_per_second":{:.1f},)"
                  R"("queries_per_second_most":{:.1f},"recall_at_1":{:.4f},"recall_at_10":{:.4f},"rss_mib":{:.0f}}})",
                  name, index.instructions(), index.size(), settings.dimension, single[single.size() / 2] * 1e3,
                  single.front() * 1e3, settings.batch, many / batches[batches.size() / 2], many / batches.front(),
                  recall(of, told, 1), recall(of, told, 10), memory_mib());
  std::puts(row.c_str());
  std::fflush(stdout);
}

int run(int argc, char** argv) {
  Settings settings;
  CLI::App app("search speed of a gallery of planted templates");
  app.add_option("--size", settings.size);
  app.add_option("--dimension", settings.dimension);
  app.add_option("--probes", settings.probes);
  app.add_option("--batch", settings.batch);
  app.add_option("--method", settings.method, "floats, bytes or cascade; all unless told");
  app.add_option("--instructions", settings.instructions, "portable, avx2 or avx512; the best unless told");
  app.add_option("--vectors", settings.vectors, "folder for the vectors, for peers");
  app.add_flag("--json")->description("one object a line; there is no other form");
  CLI11_PARSE(app, argc, argv);
  const vultus::gallery::Kernels* const kernels = kernels_of(settings.instructions);
  if (kernels == nullptr) {
    std::fprintf(stderr, "this processor has no %s\n", settings.instructions.c_str());
    return 3;
  }
  const vultus::ModelId model("planted");
  vultus::gallery::TemplateIndex index(model, static_cast<std::size_t>(settings.dimension), *kernels);
  const std::vector<Embedding> probes = fill(settings, model, index);
  if (probes.empty()) return 1;
  const Answers truth = index.search(probes, {.top_k = 10, .method = SearchMethod::bytes}).value();
  for (const SearchMethod method : {SearchMethod::floats, SearchMethod::bytes, SearchMethod::cascade})
    if (settings.method.empty() || settings.method == vultus::name_of(method))
      measure(settings, index, probes, truth, method);
  return 0;
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
