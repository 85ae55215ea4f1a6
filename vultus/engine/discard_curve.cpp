#include <vultus/engine/discard_curve.hpp>

#include <algorithm>
#include <functional>
#include <map>
#include <utility>

#include <fmt/format.h>

#include <vultus/evaluation/plot.hpp>
#include <vultus/media/csv.hpp>

namespace vultus::engine {
namespace {

using face::QualityMeasure;

constexpr double kWorstTenth = 0.1;

/// What else probes could be sorted by, for comparison.
constexpr std::array kOthers{QualityMeasure::inter_eye_distance, QualityMeasure::sharpness};

std::vector<DiscardInput> inputs_of(const QualityBenchmark& benchmark, const std::map<int, std::size_t>& groups,
                                    const std::function<float(const QualityProbe&)>& score) {
  std::vector<DiscardInput> inputs;
  inputs.reserve(benchmark.probes.size());
  for (const QualityProbe& probe : benchmark.probes)
    if (probe.found)
      inputs.push_back({score(probe), double{probe.similarity} < benchmark.threshold, groups.at(probe.person)});
  std::ranges::stable_sort(inputs, {}, &DiscardInput::score);
  return inputs;
}

Result<DiscardCurve> curve_of(std::string name, std::span<const DiscardInput> inputs) {
  DiscardCurve curve{.name = std::move(name), .fnmr = {}, .area = 0};
  for (int step = 0; step <= kDiscardSteps; ++step) {
    const auto fnmr = fnmr_after_discard(inputs, step / 100.0);
    if (!fnmr) return fail(ErrorCode::invalid_argument, "quality benchmark: no probe shows a face");
    curve.fnmr.push_back(*fnmr);
    if (step <= kAreaSteps) curve.area += *fnmr / (kAreaSteps + 1);
  }
  curve.area = curve.fnmr.front() > 0 ? curve.area / curve.fnmr.front() : 1;
  return curve;
}

std::vector<DamageRow> rows_of(const QualityBenchmark& benchmark) {
  std::vector<DamageRow> rows;
  for (const studio::DamageKind kind : studio::kAllDamage) {
    DamageRow row{.kind = kind};
    for (const QualityProbe& probe : benchmark.probes) {
      if (probe.damage.kind != kind) continue;
      ++row.probes;
      if (!probe.found) {
        ++row.without_face;
        continue;
      }
      row.fnmr += double{probe.similarity} < benchmark.threshold ? 1 : 0;
      row.quality += probe.quality.unified;
    }
    if (const auto seen = static_cast<double>(row.probes - row.without_face); seen > 0)
      row.fnmr /= seen, row.quality /= seen;
    if (row.probes > 0) rows.push_back(row);
  }
  return rows;
}

}  // namespace

std::optional<double> fnmr_after_discard(std::span<const DiscardInput> inputs, double discard,
                                         evaluation::GroupWeights weights) {
  const auto weight = [&](const DiscardInput& in) { return weights.empty() ? 1.0 : double(weights[in.group]); };
  double total = 0;
  for (const DiscardInput& in : inputs) total += weight(in);
  double gone = 0, kept = 0, failing = 0;
  for (std::size_t i = 0; i < inputs.size();) {
    // All of one score, of which a part may have to go.
    std::size_t end = i;
    double mass = 0, fails = 0;
    do {
      mass += weight(inputs[end]);
      if (inputs[end].fails) fails += weight(inputs[end]);
      ++end;
    } while (end < inputs.size() && inputs[end].score == inputs[i].score);
    const double taken = std::clamp(discard * total - gone, 0.0, mass);
    gone += taken;
    if (mass > 0) kept += mass - taken, failing += fails * (mass - taken) / mass;
    i = end;
  }
  if (!(kept > 0)) return std::nullopt;
  return failing / kept;
}

Status measure_discards(QualityBenchmark& benchmark, const evaluation::BootstrapOptions& options) {
  std::map<int, std::size_t> groups;
  for (const QualityProbe& probe : benchmark.probes) groups.try_emplace(probe.person, groups.size());
  benchmark.people = static_cast<std::int64_t>(groups.size());
  const auto unified = inputs_of(benchmark, groups, [](const QualityProbe& p) { return p.quality.unified; });
  VULTUS_TRY(auto first, curve_of("unified", unified));
  benchmark.curves.push_back(std::move(first));
  for (const QualityMeasure measure : kOthers) {
    const auto score = [measure](const QualityProbe& p) {
      const auto& value = p.quality.at(measure);
      return value ? value->value : 0.0F;
    };
    const auto& info = face::quality_measures().at(static_cast<std::size_t>(measure));
    VULTUS_TRY(auto curve, curve_of(std::string(info.name), inputs_of(benchmark, groups, score)));
    benchmark.curves.push_back(std::move(curve));
  }
  VULTUS_TRY(auto detection,
             curve_of("detection", inputs_of(benchmark, groups, [](const QualityProbe& p) { return p.detection; })));
  benchmark.curves.push_back(std::move(detection));
  benchmark.damages = rows_of(benchmark);
  const auto gain = [&](evaluation::GroupWeights weights) -> std::optional<double> {
    const auto all = fnmr_after_discard(unified, 0, weights), best = fnmr_after_discard(unified, kWorstTenth, weights);
    if (!all || !best) return std::nullopt;
    return *all - *best;
  };
  benchmark.gain_at_10_percent = gain({}).value_or(0);
  // Too few people: the gain stands without an interval.
  if (const auto interval = evaluation::bootstrap_groups(groups.size(), options, gain))
    benchmark.gain_interval = *interval;
  return {};
}

Result<std::string> discard_svg(const QualityBenchmark& benchmark) {
  evaluation::Plot plot{.title = "Failures to match when the worst faces are left out",
                        .note = fmt::format("{} probes of {} people, planted damage; threshold at FMR {:g}",
                                            benchmark.probes.size(), benchmark.people, benchmark.fmr),
                        .x = {.label = "share left out, lowest score first", .low = 0, .high = 0.5},
                        .y = {.label = "false non-match rate of the rest"}};
  double highest = 0;
  for (const DiscardCurve& curve : benchmark.curves) {
    evaluation::Series series{.name = curve.name, .points = {}};
    for (std::size_t i = 0; i < curve.fnmr.size(); ++i) {
      series.points.push_back({static_cast<double>(i) / 100, curve.fnmr[i]});
      highest = std::max(highest, curve.fnmr[i]);
    }
    plot.series.push_back(std::move(series));
  }
  plot.y.high = std::max(0.01, 1.05 * highest);
  return evaluation::svg(plot);
}

std::string probes_csv(const QualityBenchmark& benchmark) {
  std::vector<std::string> titles{"file",  "person",     "damage",    "strength",
                                  "found", "similarity", "detection", "unified"};
  for (const face::QualityMeasureInfo& info : face::quality_measures()) {
    titles.emplace_back(info.name);
    titles.push_back(std::string(info.name) + "_score");
  }
  std::string text = media::csv_row(titles);
  for (const QualityProbe& probe : benchmark.probes) {
    std::vector<std::string> row{probe.file,
                                 fmt::format("{}", probe.person),
                                 std::string(name_of(probe.damage.kind)),
                                 fmt::format("{:.5g}", probe.damage.strength),
                                 probe.found ? "1" : "0",
                                 fmt::format("{:.6f}", probe.similarity),
                                 fmt::format("{:.6f}", probe.detection),
                                 fmt::format("{:.3f}", probe.quality.unified)};
    for (const auto& value : probe.quality.measures) {
      row.push_back(value ? fmt::format("{:.6g}", value->value) : "");
      row.push_back(value ? fmt::format("{:.3f}", value->score) : "");
    }
    text += media::csv_row(row);
  }
  return text;
}

}  // namespace vultus::engine
