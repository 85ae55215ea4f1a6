// Times one row of the pipeline benchmark over a list of pictures and prints one JSON object.
// run.py calls it for every row in turn, so that all rows see the same machine.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <fstream>
#include <iostream>
#include <mutex>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include <sys/resource.h>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <vultus/evaluation/lfw.hpp>
#include <vultus/evaluation/verification.hpp>
#include <vultus/gallery/index/template_index.hpp>
#include <vultus/media/file.hpp>

#include "row.hpp"

namespace vultus::bench {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kGallery = 1000;  // planted templates that every face is compared with

struct Settings {
  std::string row = "default";
  std::string list;
  std::string models = VULTUS_SOURCE_MODELS;
  std::string precision = "auto";
  std::string images;
  std::string pairs;
  int threads = 1;
  int repeats = 1;
};

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

double cpu_seconds() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec);
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

Result<gallery::TemplateIndex> planted_gallery(const Row& row) {
  gallery::TemplateIndex index(row.model, static_cast<std::size_t>(row.dimension));
  std::mt19937 random(1);
  std::normal_distribution<float> normal;
  std::vector<Embedding> templates;
  std::vector<IndexedFace> faces;
  for (std::size_t i = 0; i < kGallery; ++i) {
    std::vector<float> values(static_cast<std::size_t>(row.dimension));
    for (float& v : values) v = normal(random);
    VULTUS_TRY(auto embedding, Embedding::normalised(row.model, std::move(values)));
    templates.push_back(std::move(embedding));
  }
  for (std::size_t i = 0; i < kGallery; ++i) {
    const auto id = static_cast<std::int64_t>(i) + 1;
    faces.push_back({FaceId(id), SubjectId(id), templates[i].values()});
  }
  VULTUS_CHECK(index.add(faces));
  return index;
}

struct Totals {
  engine::StageSeconds stages;
  double search = 0;
  std::size_t faces = 0;
};

Status work(Worker& worker, const gallery::TemplateIndex& gallery, const std::vector<std::string>& pictures,
            std::atomic<std::size_t>& next, Totals& sum) {
  for (std::size_t i = next++; i < pictures.size(); i = next++) {
    VULTUS_TRY(const auto embedding, worker.look(pictures[i], sum.stages));
    const auto start = Clock::now();
    if (embedding) {
      VULTUS_TRY(const auto hits, gallery.search(std::span(&*embedding, 1), {}));
      sum.faces += hits.size();
    }
    sum.search += seconds_since(start);
  }
  return {};
}

Result<Row> row_named(const Settings& settings) {
  if (settings.row != "opencv-dnn") return vultus_row(settings.models, settings.row, settings.precision);
#ifdef VULTUS_BENCH_OPENCV_DNN
  return opencv_dnn_row(settings.models);
#else
  return fail(ErrorCode::unsupported,
              "built without OpenCV's DNN module: run tools/setup packages --bench and configure again");
#endif
}

Result<std::vector<std::string>> listed_pictures(const std::string& file) {
  std::vector<std::string> pictures;
  std::ifstream list(file);
  for (std::string line; std::getline(list, line);) pictures.push_back(line);
  if (pictures.empty()) return fail(ErrorCode::not_found, file + ": no list of pictures");
  return pictures;
}

/// All workers go once through the pictures.
Status go_through(const std::vector<std::unique_ptr<Worker>>& workers, const gallery::TemplateIndex& gallery,
                  const std::vector<std::string>& pictures, std::vector<Totals>& sums) {
  std::vector<Status> ends(workers.size());
  std::atomic<std::size_t> next = 0;
  {
    std::vector<std::jthread> threads;
    for (std::size_t w = 0; w < workers.size(); ++w)
      threads.emplace_back([&, w] { ends[w] = work(*workers[w], gallery, pictures, next, sums[w]); });
  }
  for (const Status& end : ends) VULTUS_CHECK(end);
  return {};
}

Result<nlohmann::json> measure(const Settings& settings) {
  const auto start = Clock::now();
  VULTUS_TRY(const Row row, row_named(settings));
  VULTUS_TRY(const std::vector<std::string> pictures, listed_pictures(settings.list));
  VULTUS_TRY(const gallery::TemplateIndex gallery, planted_gallery(row));
  std::vector<std::unique_ptr<Worker>> workers;
  VULTUS_TRY(auto first, row.make());
  workers.push_back(std::move(first));
  engine::StageSeconds ignored;
  VULTUS_CHECK([&]() -> Status {
    VULTUS_TRY(const auto answer, workers[0]->look(pictures[0], ignored));
    return {};
  }());
  const double first_answer = seconds_since(start);
  for (int w = 1; w < settings.threads; ++w) {
    VULTUS_TRY(auto worker, row.make());
    workers.push_back(std::move(worker));
  }
  std::vector<double> rates;
  Totals all;
  double cpu = 0;
  for (int r = 0; r <= settings.repeats; ++r) {  // the first round warms up
    std::vector<Totals> sums(workers.size());
    const auto began = Clock::now();
    const double cpu_before = cpu_seconds();
    VULTUS_CHECK(go_through(workers, gallery, pictures, sums));
    if (r == 0) continue;
    rates.push_back(static_cast<double>(pictures.size()) / seconds_since(began));
    cpu += cpu_seconds() - cpu_before;
    for (const Totals& sum : sums) {
      all.stages.decode += sum.stages.decode, all.stages.detect += sum.stages.detect;
      all.stages.describe += sum.stages.describe, all.stages.embed += sum.stages.embed;
      all.search += sum.search, all.faces += sum.faces;
    }
  }
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  const double looked = static_cast<double>(pictures.size()) * settings.repeats;
  const auto ms = [looked](double seconds) { return 1000 * seconds / looked; };
  return nlohmann::json{{"row", settings.row},
                        {"what", row.describe},
                        {"threads", settings.threads},
                        {"pictures", pictures.size()},
                        {"pictures_per_second", rates},
                        {"cpu_ms", ms(cpu)},
                        {"stages_ms",
                         {{"decode", ms(all.stages.decode)},
                          {"detect", ms(all.stages.detect)},
                          {"describe", ms(all.stages.describe)},
                          {"embed", ms(all.stages.embed)},
                          {"search", ms(all.search)}}},
                        {"faces", all.faces / static_cast<std::size_t>(settings.repeats)},
                        {"first_answer_ms", 1000 * first_answer},
                        {"memory_mb", static_cast<double>(used.ru_maxrss) / 1024}};
}

/// LFW View 2 with this row: accuracy of ten folds and pictures without a face.
Result<nlohmann::json> measure_lfw(const Settings& settings) {
  VULTUS_TRY(const Row row, row_named(settings));
  VULTUS_TRY(const auto bytes, media::read_file(settings.pairs, std::size_t{64} << 20U));
  VULTUS_TRY(const auto pairs, evaluation::parse_lfw_pairs(std::string(bytes.begin(), bytes.end()), settings.pairs));
  std::vector<std::optional<Embedding>> templates(pairs.images.size());
  std::vector<Status> ends(static_cast<std::size_t>(settings.threads));
  std::atomic<std::size_t> next = 0;
  const auto look = [&]() -> Status {
    VULTUS_TRY(const auto worker, row.make());
    engine::StageSeconds ignored;
    for (std::size_t i = next++; i < templates.size(); i = next++) {
      VULTUS_TRY(templates[i], worker->look(settings.images + "/" + pairs.images[i].path, ignored));
    }
    return {};
  };
  {
    std::vector<std::jthread> threads;
    for (Status& end : ends) threads.emplace_back([&end, &look] { end = look(); });
  }
  for (const Status& end : ends) VULTUS_CHECK(end);
  std::vector<evaluation::ScoredPair> scores;
  for (const auto& pair : pairs.pairs) {
    const auto& a = templates[pair.first];
    const auto& b = templates[pair.second];
    scores.push_back({.score = a && b ? inner_product(a->values(), b->values()) : -1,
                      .mated = pair.mated,
                      .first = static_cast<int>(pairs.images[pair.first].person),
                      .second = static_cast<int>(pairs.images[pair.second].person),
                      .fold = pair.fold});
  }
  VULTUS_TRY(const auto verification, evaluation::Verification::of(scores));
  VULTUS_TRY(const auto accuracy, verification.fold_accuracy());
  return nlohmann::json{
      {"row", settings.row},
      {"what", row.describe},
      {"pairs", scores.size()},
      {"accuracy", accuracy.mean},
      {"accuracy_std", accuracy.standard_error},
      {"images_without_face", std::ranges::count_if(templates, [](const auto& t) { return !t.has_value(); })}};
}

}  // namespace
}  // namespace vultus::bench

int main(int argc, char** argv) {
  vultus::bench::Settings settings;
  CLI::App app("Times one row of the pipeline benchmark");
  app.add_option("--row", settings.row, "default, fast (any preset) or opencv-dnn");
  auto* list = app.add_option("--list", settings.list, "file with one picture a line");
  auto* pairs = app.add_option("--lfw-pairs", settings.pairs, "measure accuracy instead: the protocol's pairs.txt")
                    ->excludes(list);
  app.add_option("--lfw-images", settings.images, "folder of its pictures")->needs(pairs);
  app.add_option("--models", settings.models, "folder of the manifests");
  app.add_option("--precision", settings.precision, "auto, f32 or bf16");
  app.add_option("--threads", settings.threads, "workers")->check(CLI::Range(1, 256));
  app.add_option("--repeats", settings.repeats, "timed rounds over the list")->check(CLI::Range(1, 1000));
  CLI11_PARSE(app, argc, argv);
  const auto result = vultus::guarded("bench", [&] {
    return settings.pairs.empty() ? vultus::bench::measure(settings) : vultus::bench::measure_lfw(settings);
  });
  if (!result) {
    std::cerr << "bench_pipeline: " << result.error().message << '\n';
    return 1;
  }
  std::cout << result->dump() << '\n';
  return 0;
}
