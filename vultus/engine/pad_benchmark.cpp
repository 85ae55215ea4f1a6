#include <vultus/engine/pad_benchmark.hpp>

#include <algorithm>
#include <chrono>
#include <map>
#include <utility>

#include <fmt/format.h>

#include <vultus/evaluation/attack.hpp>
#include <vultus/evaluation/ranking.hpp>
#include <vultus/evaluation/row_bootstrap.hpp>
#include <vultus/media/csv.hpp>

namespace vultus::engine {
namespace {

using evaluation::Presentation;

std::vector<Presentation> repeated_rows(const std::vector<Presentation>& rows, std::span<const std::uint32_t> weights) {
  std::vector<Presentation> all;
  for (std::size_t i = 0; i < rows.size(); ++i) all.insert(all.end(), weights[i], rows[i]);
  return all;
}

std::optional<double> auc_of(const std::vector<Presentation>& rows) {
  std::vector<evaluation::RankedItem> items;
  items.reserve(rows.size());
  for (const Presentation& row : rows) items.push_back({row.score, row.species.empty()});
  const auto auc = evaluation::roc_auc(items);
  return auc ? std::optional(*auc) : std::nullopt;
}

constexpr std::array kFixedApcer{0.10, 0.05, 0.01};
constexpr std::size_t kRates = 6;
constexpr std::size_t kFirstSpecies = kRates + kFixedApcer.size();

/// The lowest threshold at which no kind of attack passes more often, and who is turned away there.
std::optional<PadPoint> point_at(const std::vector<Presentation>& rows, double apcer) {
  const auto threshold = evaluation::threshold_at_apcer(rows, apcer);
  if (!threshold) return std::nullopt;
  const auto errors = evaluation::attack_errors(rows, *threshold);
  if (!errors) return std::nullopt;
  return PadPoint{.apcer = apcer, .threshold = *threshold, .bpcer = {.value = errors->bpcer, .interval = {}}};
}

/// apcer, bpcer, acer, hter, eer, auc, bpcer at each fixed apcer, then the APCER of each species.
std::vector<std::optional<double>> pad_statistics(const std::vector<Presentation>& rows, double threshold,
                                                  const std::vector<PadSpecies>& species) {
  std::vector<std::optional<double>> values(kFirstSpecies + species.size());
  const auto errors = evaluation::attack_errors(rows, threshold);
  if (!errors) return values;
  values[0] = errors->apcer, values[1] = errors->bpcer, values[2] = errors->acer, values[3] = errors->hter;
  if (const auto equal = evaluation::equal_error(rows)) values[4] = equal->rate;
  values[5] = auc_of(rows);
  for (std::size_t i = 0; i < kFixedApcer.size(); ++i)
    if (const auto point = point_at(rows, kFixedApcer[i])) values[kRates + i] = point->bpcer.value;
  for (std::size_t i = 0; i < species.size(); ++i)
    for (const evaluation::SpeciesErrors& one : errors->species)
      if (one.species == species[i].name) values[kFirstSpecies + i] = one.apcer;
  return values;
}

/// A number of each picture alone: the direction is chosen on these data too, which flatters it.
std::optional<PadBaseline> baseline_of(std::span<const ScoredFile> files) {
  std::vector<Presentation> rows, mirrored;
  for (const ScoredFile& one : files)
    if (one.saturation) {
      rows.push_back({*one.saturation, one.file.species});
      mirrored.push_back({-*one.saturation, one.file.species});
    }
  const auto auc = auc_of(rows);
  if (!auc) return std::nullopt;
  const auto equal = evaluation::equal_error(*auc >= 0.5 ? rows : mirrored);
  if (!equal) return std::nullopt;
  return PadBaseline{.auc = std::max(*auc, 1 - *auc), .eer = equal->rate};
}

/// What is drawn for the intervals, and which half of the people a threshold is chosen on.
struct PadRows {
  std::vector<Presentation> rows;
  evaluation::RowGroups groups;
  std::vector<bool> chooses;  ///< by row: of the people, whether they lie in the first half

  /// People are halved by their groups, in the order of their names.
  void halve() {
    std::map<std::uint32_t, std::size_t> order;
    chooses.assign(rows.size(), false);
    for (std::size_t i = 0; i < rows.size(); ++i)
      if (rows[i].species.empty())
        chooses[i] = order.try_emplace(groups.group_of[i], order.size()).first->second % 2 == 0;
  }
};

/// A kind of attack that has no part in the choice of the threshold.
/// @return nothing where a side is empty
std::optional<PadFamilyOut> family_out(const PadRows& all, std::span<const std::uint32_t> weights,
                                       const std::string& held) {
  std::vector<Presentation> chosen_on, tested;
  for (std::size_t i = 0; i < all.rows.size(); ++i) {
    const Presentation& row = all.rows[i];
    const bool chooses = row.species.empty() ? all.chooses[i] : row.species != held;
    if (chooses)
      chosen_on.insert(chosen_on.end(), weights[i], row);
    else if (row.species.empty() || row.species == held)
      tested.insert(tested.end(), weights[i], row);
  }
  const auto equal = evaluation::equal_error(chosen_on);
  if (!equal) return std::nullopt;
  const auto errors = evaluation::attack_errors(tested, equal->threshold);
  if (!errors) return std::nullopt;
  return PadFamilyOut{.name = held,
                      .threshold = equal->threshold,
                      .apcer = {errors->apcer, {}},
                      .bpcer = {errors->bpcer, {}},
                      .acer = {errors->acer, {}}};
}

Result<std::vector<PadFamilyOut>> families_out(const PadRows& all, const std::vector<PadSpecies>& species,
                                               const evaluation::BootstrapOptions& options) {
  if (species.size() < 2)
    return fail(ErrorCode::invalid_argument,
                fmt::format("to leave one family out at least 2 kinds of attack are needed, got {}", species.size()));
  std::vector<PadFamilyOut> out;
  const std::vector<std::uint32_t> once(all.rows.size(), 1);
  for (const PadSpecies& held : species)
    if (auto one = family_out(all, once, held.name)) out.push_back(*std::move(one));
  const auto rates = [&](std::span<const std::uint32_t> weights) {
    std::vector<std::optional<double>> values;
    for (const PadFamilyOut& held : out) {
      const auto one = family_out(all, weights, held.name);
      for (const PadRate PadFamilyOut::*rate : {&PadFamilyOut::apcer, &PadFamilyOut::bpcer, &PadFamilyOut::acer})
        values.push_back(one ? std::optional((*one.*rate).value) : std::nullopt);
    }
    return values;
  };
  VULTUS_TRY(const auto intervals, evaluation::bootstrap_rows(all.groups, options, rates));
  for (std::size_t i = 0; i < out.size(); ++i) {
    out[i].apcer.interval = intervals[3 * i];
    out[i].bpcer.interval = intervals[3 * i + 1];
    out[i].acer.interval = intervals[3 * i + 2];
  }
  return out;
}

void count_files(std::span<const ScoredFile> files, PadResult& result) {
  std::map<std::string, PadSpecies> species;
  for (const ScoredFile& one : files) {
    if (one.error) continue;
    const bool scored = one.reading.live.has_value();
    if (one.file.species.empty()) {
      ++result.live;
      result.live_scored += scored ? 1 : 0;
      continue;
    }
    ++result.attacks;
    result.attacks_scored += scored ? 1 : 0;
    PadSpecies& kind = species[one.file.species];
    ++kind.attacks;
    kind.scored += scored ? 1 : 0;
    kind.passed += scored && *one.reading.live >= result.threshold ? 1 : 0;
  }
  for (auto& [name, kind] : species) {
    kind.name = name;
    if (kind.scored > 0) kind.apcer.value = static_cast<double>(kind.passed) / static_cast<double>(kind.scored);
    result.species.push_back(std::move(kind));
  }
}

double share_without(std::int64_t all, std::int64_t scored) {
  return static_cast<double>(all - scored) / static_cast<double>(all);
}

}  // namespace

Result<PadResult> pad_result(std::span<const ScoredFile> files, const PadOptions& options) {
  VULTUS_CHECK(liveness::check(options.policy));
  VULTUS_CHECK(evaluation::validate(options.bootstrap));
  PadResult result{.threshold = options.policy.threshold};
  count_files(files, result);
  if (result.live == 0) return fail(ErrorCode::invalid_argument, options.real + ": no picture of a person was read");
  if (result.attacks == 0)
    return fail(ErrorCode::invalid_argument, options.fake + ": no picture of an attack was read");
  result.bpnrr = share_without(result.live, result.live_scored);
  result.apnrr = share_without(result.attacks, result.attacks_scored);
  result.saturation = baseline_of(files);
  if (result.live_scored == 0 || result.attacks_scored == 0) return result;

  PadRows all;
  std::vector<std::string> names;
  for (const ScoredFile& one : files)
    if (!one.error && one.reading.live) {
      all.rows.push_back({*one.reading.live, one.file.species});
      names.push_back(one.file.group);
    }
  all.groups = evaluation::RowGroups::by_name(names, "recordings");
  all.halve();
  result.groups = static_cast<std::int64_t>(all.groups.groups);
  const auto statistics = [&](std::span<const std::uint32_t> weights) {
    return pad_statistics(repeated_rows(all.rows, weights), result.threshold, result.species);
  };
  const auto values = statistics(std::vector<std::uint32_t>(all.rows.size(), 1));
  VULTUS_TRY(const auto intervals, evaluation::bootstrap_rows(all.groups, options.bootstrap, statistics));
  const std::array into{&result.apcer, &result.bpcer, &result.acer, &result.hter, &result.eer, &result.auc};
  for (std::size_t i = 0; i < into.size(); ++i)
    if (values[i]) *into.at(i) = PadRate{.value = *values[i], .interval = intervals[i]};
  for (std::size_t i = 0; i < kFixedApcer.size(); ++i)
    if (auto point = point_at(all.rows, kFixedApcer[i])) {
      point->bpcer.interval = intervals[kRates + i];
      result.bpcer_at.push_back(*std::move(point));
    }
  for (std::size_t i = 0; i < result.species.size(); ++i)
    result.species[i].apcer.interval = intervals[kFirstSpecies + i];
  VULTUS_TRY(const auto equal, evaluation::equal_error(all.rows));
  result.eer_threshold = equal.threshold;
  if (options.leave_one_family_out) {
    VULTUS_TRY(result.families, families_out(all, result.species, options.bootstrap));
  }
  return result;
}

Result<PadBenchmark> run_pad_benchmark(const Engine& engine, const PadOptions& options,
                                       const std::function<void(std::size_t, std::size_t)>& progress,
                                       const std::stop_token& stop) {
  const auto begun = std::chrono::steady_clock::now();
  VULTUS_TRY(std::vector<PresentedFile> files, presented_files(options.real, false));
  VULTUS_TRY(const auto attacks, presented_files(options.fake, true));
  files.insert(files.end(), attacks.begin(), attacks.end());
  PadBenchmark run;
  VULTUS_TRY(run.files, score_files(
                            engine, files, options.network, options.policy,
                            [&](std::size_t done) {
                              if (progress) progress(done, files.size());
                            },
                            stop));
  VULTUS_TRY(run.result, pad_result(run.files, options));
  run.result.planted = is_planted(options.fake);
  run.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
  return run;
}

std::string pad_scores_csv(std::span<const ScoredFile> files) {
  std::string text = media::csv_row(std::vector<std::string>{"file", "species", "group", "live", "decision", "reason",
                                                             "print_replay", "tree", "saturation", "error"});
  for (const ScoredFile& one : files) {
    const auto& evidence = one.reading.evidence;
    const bool judged = !one.error && one.found;
    text += media::csv_row(std::vector<std::string>{
        one.file.path, one.file.species, one.file.group,
        one.reading.live ? fmt::format("{:.9g}", *one.reading.live) : std::string(),
        judged ? std::string(liveness::name_of(one.reading.decision())) : std::string("unknown"),
        judged ? std::string(liveness::name_of(one.reading.reason)) : std::string(one.error ? "unreadable" : "no_face"),
        evidence ? fmt::format("{:.6g}", evidence->print_replay) : std::string(),
        evidence ? fmt::format("{:.6g}", evidence->tree) : std::string(),
        one.saturation ? fmt::format("{:.6g}", *one.saturation) : std::string(),
        one.error ? one.error->message : std::string()});
  }
  return text;
}

}  // namespace vultus::engine
