#include <vultus/engine/quality_benchmark.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <map>
#include <mutex>
#include <thread>
#include <utility>

#include <vultus/core/embedding.hpp>
#include <vultus/engine/discard_curve.hpp>
#include <vultus/engine/picture_decoder.hpp>
#include <vultus/evaluation/bootstrap.hpp>
#include <vultus/evaluation/lfw.hpp>
#include <vultus/evaluation/score_histogram.hpp>
#include <vultus/media/file.hpp>
#include <vultus/media/picture.hpp>
#include <vultus/runtime/sha256.hpp>

namespace vultus::engine {
namespace {

using studio::DamageKind;

/// From weak to strong, for faces of about 45 pixels between the eyes as LFW has them. Strengths in between are drawn
/// evenly on a logarithmic scale, angles on a linear one.
struct Strengths {
  DamageKind kind;
  double weak;
  double strong;
};
constexpr std::array kStrengths{Strengths{DamageKind::none, 0, 0},       Strengths{DamageKind::smaller, 0.5, 0.08},
                                Strengths{DamageKind::blur, 1, 5},       Strengths{DamageKind::darker, 2, 7},
                                Strengths{DamageKind::brighter, 1, 4},   Strengths{DamageKind::side_light, 0.5, 0.99},
                                Strengths{DamageKind::rotated, -60, 60}, Strengths{DamageKind::cover_mouth, 0, 0},
                                Strengths{DamageKind::cover_eyes, 0, 0}, Strengths{DamageKind::jpeg, 30, 3}};

double drawn(const Strengths& range, double unit) {
  if (range.weak * range.strong <= 0) return range.weak + unit * (range.strong - range.weak);
  return range.weak * std::pow(range.strong / range.weak, unit);
}

/// A picture to look at: as it is, or damaged.
struct Task {
  std::size_t image = 0;  ///< index into LfwPairs::images
  studio::Damage damage;
};

struct Looked {
  std::optional<Embedding> embedding;
  float detection = 0;
  face::QualityReport quality;
};

Result<Looked> look(Looker& looker, media::Decoder& decoder, const std::string& path, const studio::Damage& damage) {
  media::Picture picture;
  VULTUS_CHECK(decoder.read(path, {}, picture));
  Image changed;
  ImageView pixels = picture.image.view();
  if (damage.kind != DamageKind::none) {
    // Where the face is, is learned from the picture as it was.
    VULTUS_TRY(const auto faces, looker.look(pixels, {.depth = Depth::detect}));
    if (faces.empty()) return Looked();
    VULTUS_TRY(changed, studio::damaged(pixels, damage, faces.front().face.keypoints));
    pixels = changed.view();
  }
  VULTUS_TRY(auto faces, looker.look(pixels, {.depth = Depth::embed_main, .quality = true}));
  if (faces.empty()) return Looked();
  SeenFace& main = faces.front();
  return Looked{std::move(main.embedding), main.face.detection.value(), *main.quality};
}

/// Looks at all of them side by side.
Result<std::vector<Looked>> look_at_all(const Engine& engine, const QualityBenchmarkOptions& options,
                                        const evaluation::LfwPairs& pairs, const std::vector<Task>& tasks,
                                        const std::function<void(std::size_t, std::size_t)>& progress,
                                        const std::stop_token& stop) {
  std::vector<Looked> seen(tasks.size());
  std::atomic<std::size_t> next = 0;
  std::mutex mutex;
  std::optional<Error> failed;
  std::size_t done = 0;
  const auto work = [&]() -> Status {
    VULTUS_TRY(Looker looker, engine.make_looker());
    VULTUS_TRY(media::Decoder decoder, make_decoder(engine));
    for (std::size_t i = next++; i < tasks.size(); i = next++) {
      if (stop.stop_requested()) return fail(ErrorCode::cancelled, "stopped while looking at probes");
      const std::string path = options.images + "/" + pairs.images[tasks[i].image].path;
      VULTUS_TRY(seen[i], look(looker, decoder, path, tasks[i].damage));
      const std::lock_guard lock(mutex);
      if (failed) return {};
      if (progress) progress(++done, tasks.size());
    }
    return {};
  };
  {
    std::vector<std::jthread> threads;
    threads.reserve(static_cast<std::size_t>(engine.threads()));
    for (int t = 0; t < engine.threads(); ++t)
      threads.emplace_back([&] {
        const Status worked = guarded("worker", work);
        const std::lock_guard lock(mutex);
        if (!worked && !failed) failed = worked.error();
      });
  }
  if (failed) return *failed;
  return seen;
}

/// The pairs of the wanted half of the folds.
struct Wanted {
  std::vector<evaluation::LfwPair> mated;
  std::vector<evaluation::LfwPair> different;
};

Wanted wanted_pairs(const evaluation::LfwPairs& pairs, PairsHalf half) {
  Wanted wanted;
  for (const evaluation::LfwPair& pair : pairs.pairs) {
    const bool first = pairs.folds > 1 && pair.fold < pairs.folds / 2;
    if (first == (half == PairsHalf::chosen_on)) (pair.mated ? wanted.mated : wanted.different).push_back(pair);
  }
  return wanted;
}

/// What is to be looked at: the references, each once, then a row of probes for each pair.
struct Plan {
  std::vector<Task> tasks;
  std::map<std::size_t, std::size_t> reference_of_image;  ///< number of the task
  std::size_t first_probe = 0;
  std::size_t probes_per_pair = 1;
};

Plan plan_of(const Wanted& pairs, const QualityBenchmarkOptions& options) {
  Plan plan;
  evaluation::Random random(options.seed);
  const auto refer = [&](std::size_t image) {
    if (plan.reference_of_image.try_emplace(image, plan.tasks.size()).second) plan.tasks.push_back({image, {}});
  };
  for (const evaluation::LfwPair& pair : pairs.mated) refer(pair.first);
  // Strangers to compare with.
  for (const evaluation::LfwPair& pair : pairs.different) refer(pair.first), refer(pair.second);
  plan.first_probe = plan.tasks.size();
  plan.probes_per_pair = options.damage ? kStrengths.size() : 1;
  for (const evaluation::LfwPair& pair : pairs.mated)
    for (std::size_t k = 0; k < plan.probes_per_pair; ++k)
      plan.tasks.push_back({pair.second, {kStrengths.at(k).kind, drawn(kStrengths.at(k), random.unit())}});
  return plan;
}

/// The threshold that lets `fmr` of all comparisons of probes with references of other people pass.
Status measure_threshold(const evaluation::LfwPairs& pairs, const Plan& plan, const std::vector<Looked>& seen,
                         QualityBenchmark& benchmark) {
  evaluation::ScoreHistogram mated, impostors;
  for (const QualityProbe& probe : benchmark.probes)
    if (probe.found) mated.add(probe.similarity);
  for (std::size_t p = plan.first_probe; p < seen.size(); ++p) {
    if (!seen[p].embedding) continue;
    for (const auto& [image, task] : plan.reference_of_image)
      if (seen[task].embedding && pairs.images[image].person != pairs.images[plan.tasks[p].image].person)
        impostors.add(inner_product(seen[p].embedding->values(), seen[task].embedding->values()));
  }
  VULTUS_TRY(const auto rates, evaluation::at_fmr(mated, impostors, benchmark.fmr));
  benchmark.threshold = rates.threshold;
  benchmark.impostor_comparisons = static_cast<std::int64_t>(impostors.count());
  return {};
}

void gather_probes(const evaluation::LfwPairs& pairs, const std::vector<evaluation::LfwPair>& wanted, const Plan& plan,
                   std::vector<Looked>& seen, QualityBenchmark& benchmark) {
  std::size_t task = plan.first_probe;
  for (const evaluation::LfwPair& pair : wanted) {
    const Looked& reference = seen[plan.reference_of_image.at(pair.first)];
    if (!reference.embedding) ++benchmark.references_without_face;
    for (std::size_t k = 0; k < plan.probes_per_pair; ++k, ++task) {
      if (!reference.embedding) continue;
      const Looked& looked = seen[task];
      QualityProbe probe{.file = pairs.images[pair.second].path,
                         .person = static_cast<int>(pairs.images[pair.second].person),
                         .damage = plan.tasks[task].damage,
                         .found = looked.embedding.has_value()};
      if (probe.found) {
        probe.similarity = inner_product(looked.embedding->values(), reference.embedding->values());
        probe.detection = looked.detection;
        probe.quality = looked.quality;
      } else {
        ++benchmark.without_face;
      }
      benchmark.probes.push_back(std::move(probe));
    }
  }
}

Status check(const QualityBenchmarkOptions& options) {
  if (!(options.fmr > 0 && options.fmr < 1))
    return fail(ErrorCode::invalid_argument, "fmr " + std::to_string(options.fmr) + ": allowed are rates in (0, 1)");
  return evaluation::validate({.draws = options.draws, .seed = options.seed});
}

}  // namespace

Result<QualityBenchmark> run_quality_benchmark(const Engine& engine, const QualityBenchmarkOptions& options,
                                               const std::function<void(std::size_t, std::size_t)>& progress,
                                               const std::stop_token& stop) {
  VULTUS_CHECK(check(options));
  VULTUS_TRY(const auto bytes, media::read_file(options.pairs, evaluation::kMaxPairsBytes));
  VULTUS_TRY(const auto pairs, evaluation::parse_lfw_pairs(std::string(bytes.begin(), bytes.end()), options.pairs));
  const auto start = std::chrono::steady_clock::now();
  const Wanted wanted = wanted_pairs(pairs, options.half);
  const Plan plan = plan_of(wanted, options);
  VULTUS_TRY(auto seen, look_at_all(engine, options, pairs, plan.tasks, progress, stop));
  QualityBenchmark benchmark;
  benchmark.fmr = options.fmr;
  benchmark.pairs_sha256 = runtime::sha256(bytes);
  gather_probes(pairs, wanted.mated, plan, seen, benchmark);
  VULTUS_CHECK(measure_threshold(pairs, plan, seen, benchmark));
  VULTUS_CHECK(measure_discards(benchmark, {.draws = options.draws, .seed = options.seed}));
  benchmark.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return benchmark;
}

}  // namespace vultus::engine
