#include <vultus/engine/lfw_benchmark.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <utility>

#include <vultus/core/embedding.hpp>
#include <vultus/evaluation/score_histogram.hpp>
#include <vultus/media/file.hpp>
#include <vultus/runtime/sha256.hpp>

namespace vultus::engine {
namespace {

constexpr std::array kRatesTold{1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6};

using Templates = std::vector<std::optional<Embedding>>;

Result<Templates> embed_all(const Engine& engine, const LfwOptions& options, const evaluation::LfwPairs& pairs,
                            LfwResult& result, const std::function<void(std::size_t, std::size_t)>& progress,
                            const std::stop_token& stop) {
  std::vector<media::Input> inputs;
  for (const auto& image : pairs.images)
    inputs.push_back({.path = options.images + "/" + image.path, .standard_input = false});
  Templates templates;
  templates.reserve(inputs.size());
  const auto start = std::chrono::steady_clock::now();
  VULTUS_CHECK(engine.look_at(
      inputs, {.depth = Depth::embed_main},
      [&](SeenPicture seen) -> Status {
        if (seen.error) return *seen.error;
        if (seen.faces.empty()) {
          result.without_face.push_back(pairs.images[templates.size()].path);
          templates.emplace_back();
        } else {
          templates.push_back(std::move(seen.faces.front().embedding));
        }
        if (progress) progress(templates.size(), inputs.size());
        return {};
      },
      stop));
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return templates;
}

float score_of(const Templates& templates, std::size_t a, std::size_t b) {
  if (!templates[a] || !templates[b]) return -1;  // a picture without a face matches nobody
  return inner_product(templates[a]->values(), templates[b]->values());
}

/// The interval is left out where so few persons are resampled that many draws say nothing.
Result<WithInterval> measured(const evaluation::Verification& verification,
                              const evaluation::VerificationMetric& metric, const LfwOptions& options) {
  const auto value = verification.value(metric);
  if (!value) return fail(ErrorCode::invalid_argument, "the pairs do not support this measure");
  const auto figure = evaluation::measure(verification, metric, {.draws = options.draws, .seed = options.seed});
  return WithInterval{*value, figure ? figure->interval : std::nullopt};
}

Status measure_pairs(const LfwOptions& options, LfwResult& result) {
  using Kind = evaluation::VerificationMetric::Kind;
  VULTUS_TRY(const auto verification, evaluation::Verification::of(result.scores));
  VULTUS_TRY(const auto folds, verification.fold_accuracy());
  result.accuracy = folds.mean;
  result.accuracy_std = folds.standard_error;
  result.identities = static_cast<std::int64_t>(verification.persons());
  VULTUS_TRY(result.accuracy_interval, measured(verification, {Kind::fold_accuracy}, options));
  VULTUS_TRY(result.eer, measured(verification, {Kind::equal_error_rate}, options));
  for (const auto& [far, into] : {std::pair(1e-2, &result.tar_at_far_1e2), std::pair(1e-3, &result.tar_at_far_1e3)}) {
    if (!evaluation::check_measurable(far, verification.impostor_pairs())) continue;
    VULTUS_TRY(*into, measured(verification, {Kind::tar_at_far, far}, options));
  }
  return {};
}

/// Every picture against every other: the impostors that a table of low false match rates needs.
Status measure_all_pairs(const evaluation::LfwPairs& pairs, const Templates& templates, LfwRun& run,
                         const std::stop_token& stop) {
  evaluation::ScoreHistogram mated, impostors;
  for (std::size_t i = 0; i < templates.size(); ++i) {
    if (stop.stop_requested()) return fail(ErrorCode::cancelled, "stopped while scoring all pairs");
    for (std::size_t j = i + 1; j < templates.size(); ++j)
      (pairs.images[i].person == pairs.images[j].person ? mated : impostors).add(score_of(templates, i, j));
  }
  run.impostor_pairs = static_cast<std::int64_t>(impostors.count());
  run.genuine_pairs = static_cast<std::int64_t>(mated.count());
  for (const double rate : kRatesTold) {
    const auto rates = evaluation::at_fmr(mated, impostors, rate);
    if (!rates) break;  // too few impostors for this rate and all lower ones
    run.all_pairs.push_back({.fmr = rate,
                             .threshold = rates->threshold,
                             .tar = 1 - rates->fnmr,
                             .impostors_above = std::llround(rates->fmr * static_cast<double>(impostors.count()))});
  }
  return {};
}

}  // namespace

Result<LfwDifference> compare_lfw(const LfwResult& a, const LfwResult& b, const LfwOptions& options) {
  using Kind = evaluation::VerificationMetric::Kind;
  if (a.pairs_sha256 != b.pairs_sha256 || a.scores.size() != b.scores.size())
    return fail(ErrorCode::invalid_argument, "a paired comparison needs two runs of the same pairs");
  // As for one run, the interval is left out where so few persons are resampled that many draws say nothing.
  const auto difference = [&](const evaluation::VerificationMetric& metric, double value) {
    const auto figure =
        evaluation::measure_difference(a.scores, b.scores, metric, {.draws = options.draws, .seed = options.seed});
    return WithInterval{value, figure ? figure->interval : std::nullopt};
  };
  LfwDifference all{.accuracy = difference({Kind::fold_accuracy}, a.accuracy - b.accuracy),
                    .eer = difference({Kind::equal_error_rate}, a.eer.value - b.eer.value)};
  if (a.tar_at_far_1e2 && b.tar_at_far_1e2)
    all.tar_at_far_1e2 = difference({Kind::tar_at_far, 1e-2}, a.tar_at_far_1e2->value - b.tar_at_far_1e2->value);
  if (a.tar_at_far_1e3 && b.tar_at_far_1e3)
    all.tar_at_far_1e3 = difference({Kind::tar_at_far, 1e-3}, a.tar_at_far_1e3->value - b.tar_at_far_1e3->value);
  return all;
}

Result<LfwRun> run_lfw(const Engine& engine, const LfwOptions& options,
                       const std::function<void(std::size_t, std::size_t)>& progress, const std::stop_token& stop) {
  VULTUS_TRY(const auto bytes, media::read_file(options.pairs, evaluation::kMaxPairsBytes));
  const std::string text(bytes.begin(), bytes.end());
  VULTUS_TRY(const auto pairs, evaluation::parse_lfw_pairs(text, options.pairs));
  LfwRun run;
  LfwResult& result = run.result;
  result.pairs_sha256 = runtime::sha256(bytes);
  VULTUS_TRY(const Templates templates, embed_all(engine, options, pairs, result, progress, stop));
  for (const auto& pair : pairs.pairs)
    result.scores.push_back({.score = score_of(templates, pair.first, pair.second),
                             .mated = pair.mated,
                             .first = static_cast<int>(pairs.images[pair.first].person),
                             .second = static_cast<int>(pairs.images[pair.second].person),
                             .fold = pair.fold});
  result.pairs = static_cast<std::int64_t>(pairs.pairs.size());
  result.pictures = static_cast<std::int64_t>(templates.size());
  VULTUS_CHECK(measure_pairs(options, result));
  if (options.all_pairs) VULTUS_CHECK(measure_all_pairs(pairs, templates, run, stop));
  return run;
}

}  // namespace vultus::engine
