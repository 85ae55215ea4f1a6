#include <vultus/engine/identify_benchmark.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <iterator>
#include <map>
#include <utility>

#include <fmt/format.h>

#include <vultus/engine/degraded_probes.hpp>
#include <vultus/identity/scale.hpp>
#include <vultus/media/enrol_list.hpp>
#include <vultus/runtime/sha256.hpp>

namespace vultus::engine {
namespace {

constexpr std::array kReportedRates{0.1, 0.01, 0.001};
constexpr std::array kAllKinds{Degradation::blur, Degradation::size, Degradation::jpeg, Degradation::occlusion};

using Progress = std::function<void(std::string_view, std::size_t, std::size_t)>;

/// All pictures, looked at once.
struct Seen {
  std::vector<std::string> paths;
  std::vector<std::uint32_t> person_of;
  std::vector<std::optional<Embedding>> templates;
  std::vector<FaceObservation> faces;
  std::vector<bool> usable;
  std::size_t people = 0;
};

Result<Seen> look_at_all(const Engine& engine, const IdentifyBenchOptions& options, const Progress& progress,
                         const std::stop_token& stop, IdentifyBenchResult& result) {
  VULTUS_TRY(const media::EnrolList list, media::enrol_list_of_folder(options.images));
  if (!list.errors.empty()) return list.errors.front().error;
  Seen seen;
  std::map<std::string, std::uint32_t> numbers;
  std::vector<media::Input> inputs;
  std::string hashes;
  for (const media::LabelledPicture& picture : list.pictures) {
    seen.person_of.push_back(
        numbers.emplace(picture.subject, static_cast<std::uint32_t>(numbers.size())).first->second);
    seen.paths.push_back(picture.path);
    inputs.push_back({.path = picture.path, .standard_input = false});
  }
  seen.people = numbers.size();
  const auto start = std::chrono::steady_clock::now();
  VULTUS_CHECK(engine.look_at(
      inputs, {.depth = Depth::embed_main, .hash = true},
      [&](SeenPicture picture) -> Status {
        if (picture.error) return *picture.error;
        hashes += list.pictures[seen.templates.size()].subject + " " + picture.sha256 + "\n";
        seen.usable.push_back(!picture.faces.empty());
        if (picture.faces.empty()) {
          result.without_face.push_back(picture.path);
          seen.templates.emplace_back();
          seen.faces.emplace_back();
        } else {
          seen.templates.push_back(std::move(picture.faces.front().embedding));
          seen.faces.push_back(std::move(picture.faces.front().face));
        }
        if (progress) progress("bench identify", seen.templates.size(), inputs.size());
        return {};
      },
      stop));
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  result.data_sha256 = runtime::sha256({reinterpret_cast<const std::uint8_t*>(hashes.data()), hashes.size()});
  return seen;
}

/// Rates from the smallest that the strangers can show up to one half, evenly in their logarithm.
std::vector<double> rates_of_curve(double smallest) {
  constexpr int kSteps = 40;
  std::vector<double> rates;
  rates.reserve(kSteps + 1);
  for (int i = 0; i <= kSteps; ++i) rates.push_back(smallest * std::pow(0.5 / smallest, double{1} * i / kSteps));
  return rates;
}

void measure_splits(const std::vector<evaluation::IdentificationSplit>& splits,
                    const std::vector<evaluation::Identification>& found, IdentifyBenchResult& result) {
  const auto n = static_cast<double>(splits.size());
  double mated = 0;
  double strangers = 0;
  std::size_t fewest = splits.front().strangers.size();
  for (const auto& split : splits) {
    mated += static_cast<double>(split.mated.size()) / n;
    strangers += static_cast<double>(split.strangers.size()) / n;
    fewest = std::min(fewest, split.strangers.size());
  }
  result.enrolled = static_cast<std::int64_t>(splits.front().gallery.size());
  result.mated = std::llround(mated);
  result.strangers = std::llround(strangers);
  result.rank1 = evaluation::rank_one(found);
  for (const double rate : kReportedRates) result.dir.push_back({rate, evaluation::dir_at_fpir(found, rate)});
  result.smallest_fpir = 3 / static_cast<double>(std::max<std::size_t>(fewest, 3)) * (1 + 1e-9);
  if (result.smallest_fpir < 0.5)
    for (const double rate : rates_of_curve(result.smallest_fpir))
      result.curve.push_back({rate, evaluation::dir_at_fpir(found, rate)});
}

/// Expected calibration error of the probability that the best candidate is who the probe shows. Known people and
/// strangers weigh the same, as the prior of identification has it.
std::optional<double> probability_error(const Engine& engine, const Seen& seen,
                                        const evaluation::IdentificationSplit& split) {
  constexpr std::size_t kBins = 15;
  constexpr std::ptrdiff_t kTold = 16;  // candidates, as many as identify_pictures takes
  const OperatingPoint at = engine.preset().scale().usual;
  if (!at.logistic || split.mated.empty()) return std::nullopt;
  std::array<double, kBins> gap{};
  const auto add = [&](std::uint32_t probe, double weight) {
    if (!seen.templates[probe]) return;  // nobody is told, and no probability
    std::vector<Candidate> candidates;
    candidates.reserve(split.gallery.size());
    for (const std::uint32_t known : split.gallery) {
      const float score = inner_product(seen.templates[probe]->values(), seen.templates[known]->values());
      candidates.push_back({SubjectId(seen.person_of[known]), "", FaceId(), Cosine(score)});
    }
    const auto told = candidates.begin() + std::min(kTold, std::ssize(candidates));
    std::partial_sort(candidates.begin(), told, candidates.end(),
                      [](const Candidate& a, const Candidate& b) { return a.similarity > b.similarity; });
    const auto people = static_cast<std::int64_t>(candidates.size());
    candidates.erase(told, candidates.end());
    identity::add_probabilities(candidates, at, people);
    const double p = *candidates.front().probability;
    const bool right = candidates.front().subject == SubjectId(seen.person_of[probe]);
    gap.at(std::min(static_cast<std::size_t>(p * kBins), kBins - 1)) += weight * ((right ? 1 : 0) - p);
  };
  for (const std::uint32_t probe : split.mated) add(probe, 0.5 / static_cast<double>(split.mated.size()));
  for (const std::uint32_t probe : split.strangers) add(probe, 0.5 / static_cast<double>(split.strangers.size()));
  double error = 0;
  for (const double g : gap) error += std::abs(g);
  return error;
}

/// Some of the pictures, drawn without putting back, in their order.
std::vector<std::uint32_t> drawn(const std::vector<std::uint32_t>& from, const std::vector<bool>& usable,
                                 std::size_t count, evaluation::Random& random) {
  std::vector<std::uint32_t> left;
  for (const std::uint32_t picture : from)
    if (usable[picture]) left.push_back(picture);
  for (std::size_t i = left.size(); i > 1; --i) std::swap(left[i - 1], left[random.below(i)]);
  left.resize(std::min(count, left.size()));
  std::sort(left.begin(), left.end());
  return left;
}

/// The first split with drawn probes, and what they are compared with.
struct DegradedTask {
  const Seen* seen = nullptr;
  std::vector<std::uint32_t> gallery;
  std::vector<std::uint32_t> probes;  ///< mated ones first
  std::size_t mated = 0;
  double threshold = 0;
};

Result<DegradedRow> measure_level(const DegradedTask& task, const std::vector<std::optional<Embedding>>& templates) {
  const Seen& seen = *task.seen;
  std::map<std::uint32_t, std::array<std::uint32_t, 4>> people;  // found, mated, alarms, strangers
  DegradedRow row;
  std::size_t first = 0;
  for (std::size_t i = 0; i < task.probes.size(); ++i) {
    const std::uint32_t person = seen.person_of[task.probes[i]];
    float best = -1;
    bool own = false;
    if (templates[i])
      for (const std::uint32_t known : task.gallery) {
        const float score = inner_product(templates[i]->values(), seen.templates[known]->values());
        if (score <= best) continue;
        best = score;
        own = seen.person_of[known] == person;
      }
    row.without_face += templates[i] ? 0 : 1;
    auto& counts = people[person];
    const bool named = double{best} >= task.threshold;
    if (i < task.mated) {
      first += own ? 1 : 0;
      counts[0] += own && named ? 1 : 0;
      ++counts[1];
    } else {
      counts[2] += named ? 1 : 0;
      ++counts[3];
    }
  }
  row.mated = static_cast<std::int64_t>(task.mated);
  row.strangers = static_cast<std::int64_t>(task.probes.size() - task.mated);
  row.rank1 = static_cast<double>(first) / static_cast<double>(std::max<std::size_t>(1, task.mated));
  std::vector<std::uint32_t> hits, alarms;
  std::vector<std::uint64_t> mated, strangers;
  for (const auto& [person, counts] : people) {
    if (counts[1] > 0) hits.push_back(counts[0]), mated.push_back(counts[1]);
    if (counts[3] > 0) alarms.push_back(counts[2]), strangers.push_back(counts[3]);
  }
  VULTUS_TRY(row.dir, evaluation::share_over_persons("DIR", hits, mated));
  VULTUS_TRY(row.fpir, evaluation::share_over_persons("FPIR", alarms, strangers));
  return row;
}

Status measure_degraded(const Engine& engine, const Seen& seen, const evaluation::IdentificationSplit& split,
                        const evaluation::Identification& clean, const Progress& progress, const std::stop_token& stop,
                        IdentifyBenchResult& result) {
  result.degraded_fpir = std::max(0.01, result.smallest_fpir);
  VULTUS_TRY(result.degraded_threshold, clean.threshold_at_fpir(result.degraded_fpir));
  evaluation::Random random(result.options.seed);
  DegradedTask task{.seen = &seen, .gallery = split.gallery, .threshold = result.degraded_threshold};
  task.probes = drawn(split.mated, seen.usable, result.options.degrade_pictures, random);
  task.mated = task.probes.size();
  const auto strangers = drawn(split.strangers, seen.usable, result.options.degrade_pictures, random);
  task.probes.insert(task.probes.end(), strangers.begin(), strangers.end());
  std::vector<ProbePicture> pictures;
  std::vector<std::optional<Embedding>> untouched;
  pictures.reserve(task.probes.size());
  untouched.reserve(task.probes.size());
  for (const std::uint32_t i : task.probes) {
    pictures.push_back({seen.paths[i], seen.faces[i]});
    untouched.push_back(seen.templates[i]);
  }
  VULTUS_TRY(DegradedRow as_they_are, measure_level(task, untouched));
  as_they_are.clean = true;
  std::vector<DegradedLevel> levels;
  for (const Degradation kind : kAllKinds)
    for (const double level : levels_of(kind)) levels.push_back({kind, level});
  VULTUS_TRY(const auto templates, embed_degraded(
                                       engine, pictures, levels,
                                       [&](std::size_t done) {
                                         if (progress) progress("degraded", done, levels.size() * pictures.size());
                                       },
                                       stop));
  for (std::size_t k = 0; k < levels.size(); ++k) {
    if (k == 0 || levels[k].kind != levels[k - 1].kind)
      result.degraded.push_back({.kind = levels[k].kind, .rows = {as_they_are}});
    VULTUS_TRY(DegradedRow row, measure_level(task, templates[k]));
    row.level = levels[k].level;
    result.degraded.back().rows.push_back(std::move(row));
  }
  return {};
}

}  // namespace

std::string_view name_of(Degradation kind) {
  switch (kind) {
    case Degradation::blur: return "blur";
    case Degradation::size: return "size";
    case Degradation::jpeg: return "jpeg";
    case Degradation::occlusion: return "occlusion";
  }
  return "";
}

std::string_view level_unit(Degradation kind) {
  switch (kind) {
    case Degradation::blur: return "sigma of the blur, share of the distance of the eyes";
    case Degradation::size: return "distance of the eyes, pixels";
    case Degradation::jpeg: return "JPEG quality";
    case Degradation::occlusion: return "share of the face's height covered, from the chin";
  }
  return "";
}

Result<IdentifyBenchResult> run_identify_benchmark(const Engine& engine, const IdentifyBenchOptions& options,
                                                   const Progress& progress, const std::stop_token& stop) {
  if (options.degrade_pictures < 10 || options.degrade_pictures > 100'000)
    return fail(ErrorCode::invalid_argument,
                fmt::format("{} degraded pictures: 10 to 100000", options.degrade_pictures));
  IdentifyBenchResult result;
  result.options = options;
  VULTUS_TRY(const Seen seen, look_at_all(engine, options, progress, stop, result));
  result.pictures = static_cast<std::int64_t>(seen.paths.size());
  result.people = static_cast<std::int64_t>(seen.people);
  const auto score = [&seen](std::size_t a, std::size_t b) {
    return inner_product(seen.templates[a]->values(), seen.templates[b]->values());
  };
  VULTUS_TRY(const auto splits,
             evaluation::identification_splits(
                 seen.person_of, seen.usable,
                 {.splits = options.splits, .seed = options.seed, .enrolled_share = options.enrolled_share})
                 .with_context(options.images));
  VULTUS_TRY(const auto found,
             evaluation::search_splits(splits, seen.person_of, seen.usable, score, engine.threads(), stop));
  measure_splits(splits, found, result);
  result.probability_ece = probability_error(engine, seen, splits.front());
  if (options.degrade)
    VULTUS_CHECK(measure_degraded(engine, seen, splits.front(), found.front(), progress, stop, result));
  return result;
}

}  // namespace vultus::engine
