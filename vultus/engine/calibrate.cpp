#include <vultus/engine/calibrate.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include <vultus/engine/rate_text.hpp>
#include <vultus/evaluation/logistic.hpp>
#include <vultus/runtime/sha256.hpp>

namespace vultus::engine {
namespace {

constexpr std::size_t kMostFaces = 100'000;
// Rates of the table beside the wanted one.
constexpr std::array kTableRates{1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6};

Status check(const FaceSet& faces, const Gallery& gallery, const CalibrateOptions& options) {
  if (options.most_faces < 2 || options.most_faces > kMostFaces)
    return fail(ErrorCode::invalid_argument,
                fmt::format("most_faces {}: allowed are 2 to {}", options.most_faces, kMostFaces));
  if (!(options.prior > 0 && options.prior < 1))
    return fail(ErrorCode::invalid_argument,
                fmt::format("prior {}: must be between 0 and 1, both excluded", options.prior));
  VULTUS_CHECK(evaluation::validate({.draws = options.draws, .seed = options.seed}));
  const ModelId model = gallery.info().model.id;
  if (faces.model != model)
    return fail(ErrorCode::model_mismatch, faces.what + " has templates of model " + faces.model.text() +
                                               ", the gallery those of " + model.text());
  return {};
}

/// Draws people, with all their faces, until no more fit.
/// @return the number of faces left out
std::size_t reduce(FaceSet& faces, const CalibrateOptions& options) {
  if (faces.templates.size() <= options.most_faces) return 0;
  std::vector<std::size_t> of_person(faces.names.size());
  for (const std::uint32_t p : faces.person_of) ++of_person[p];
  std::vector<std::uint32_t> order(faces.names.size());
  for (std::uint32_t p = 0; p < order.size(); ++p) order[p] = p;
  evaluation::Random random(options.seed);
  for (std::size_t left = order.size(); left > 1; --left) std::swap(order[left - 1], order[random.below(left)]);
  std::vector<bool> taken(order.size());
  std::size_t count = 0;
  for (const std::uint32_t p : order)
    if (count + of_person[p] <= options.most_faces) {
      taken[p] = true;
      count += of_person[p];
    }
  std::size_t kept = 0;
  for (std::size_t i = 0; i < faces.templates.size(); ++i) {
    if (!taken[faces.person_of[i]]) continue;
    if (kept != i) faces.templates[kept] = std::move(faces.templates[i]);
    faces.person_of[kept++] = faces.person_of[i];
  }
  const std::size_t left_out = faces.templates.size() - kept;
  faces.templates.erase(faces.templates.begin() + static_cast<std::ptrdiff_t>(kept), faces.templates.end());
  faces.person_of.resize(kept);
  return left_out;
}

std::string hash_of(const FaceSet& faces) {
  std::vector<std::uint8_t> bytes;
  for (std::size_t i = 0; i < faces.templates.size(); ++i) {
    const auto values = std::as_bytes(faces.templates[i].values());
    for (const std::byte b : values) bytes.push_back(std::to_integer<std::uint8_t>(b));
    for (unsigned shift = 0; shift < 32; shift += 8)
      bytes.push_back(static_cast<std::uint8_t>(faces.person_of[i] >> shift));
  }
  return runtime::sha256(bytes);
}

/// Thresholds for round rates, and the measured one among them.
std::vector<ThresholdRow> table_of(const evaluation::AllPairs& pairs, double target) {
  std::vector<ThresholdRow> rows;
  const auto add = [&rows](double rate, double threshold) {
    const Cosine at(static_cast<float>(threshold));
    if (rows.empty() || (rate < rows.back().false_match_rate && at > rows.back().threshold)) rows.push_back({rate, at});
  };
  bool told = false;
  for (const double rate : kTableRates) {
    constexpr double kNearly = 1.05;  // rates so close to the wanted one say nothing new
    if (!told && target * kNearly >= rate) {
      // A row just above the wanted rate lies on the histogram's grid and may have come out higher.
      while (!rows.empty() && !(Cosine(pairs.threshold()) > rows.back().threshold)) rows.pop_back();
      rows.push_back({target, Cosine(pairs.threshold())});
      told = true;
    }
    if (told && rate * kNearly >= target) continue;
    const auto at = evaluation::at_fmr({}, pairs.histograms().impostors, rate);
    if (at) add(rate, at->threshold);
  }
  if (!told) add(target, double{pairs.threshold()});
  return rows;
}

/// The curve of all pairs, and its error on persons that it was not fitted on: each half tests the curve of the other.
void add_probability(const evaluation::AllPairs& pairs, const std::optional<LogisticCurve>& preset,
                     CalibrationResult& result) {
  const auto& all = pairs.histograms();
  if (preset)
    if (const auto error = evaluation::calibration_error(*preset, all.mated, all.impostors)) result.preset_ece = *error;
  const auto curve = evaluation::fit_logistic(all.mated, all.impostors, result.options.prior);
  if (!curve) {
    result.no_probability = curve.error().message;
    return;
  }
  result.record.logistic = *curve;
  // In a search each person of the gallery has only a small share of the prior: there the pairs that look alike count.
  const auto people = static_cast<double>(std::max<std::int64_t>(1, result.people));
  const auto search = evaluation::fit_logistic(all.mated, all.impostors, identity::kPriorOfSomebodyKnown / people);
  if (search) result.record.search_logistic = *search;
  double sum = 0;
  for (const std::size_t tested : {std::size_t{0}, std::size_t{1}}) {
    const auto& other = pairs.half(1 - tested);
    const auto& own = pairs.half(tested);
    const auto half = evaluation::fit_logistic(other.mated, other.impostors, result.options.prior);
    if (!half) return;
    const auto error = evaluation::calibration_error(*half, own.mated, own.impostors);
    if (!error) return;
    sum += *error;
  }
  result.record.ece = sum / 2;
}

std::optional<double> ratio_of(const std::vector<evaluation::GroupRates>& groups,
                               std::optional<evaluation::Figure> evaluation::GroupRates::*rate) {
  std::vector<double> values;
  for (const auto& group : groups)
    if (group.*rate) values.push_back((group.*rate)->value);
  if (values.size() < 2) return std::nullopt;
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  return *low > 0 ? std::optional(*high / *low) : std::nullopt;
}

Result<std::vector<GroupTable>> group_tables(const evaluation::AllPairs& pairs, const FaceSet& faces,
                                             std::span<const Grouping> groupings,
                                             const evaluation::BootstrapOptions& bootstrap) {
  // AllPairs numbers the persons that have faces in their rising order.
  std::vector<bool> present(faces.names.size());
  for (const std::uint32_t p : faces.person_of) present[p] = true;
  std::vector<GroupTable> tables;
  tables.reserve(groupings.size());
  for (const Grouping& grouping : groupings) {
    std::vector<std::uint32_t> group_of;
    for (std::size_t p = 0; p < present.size(); ++p)
      if (present[p]) group_of.push_back(grouping.value_of[p]);
    GroupTable table{.column = grouping.column, .groups = {}, .fmr_ratio = {}, .fnmr_ratio = {}};
    VULTUS_TRY(table.groups, pairs.groups(group_of, grouping.values, bootstrap));
    table.fmr_ratio = ratio_of(table.groups, &evaluation::GroupRates::fmr);
    table.fnmr_ratio = ratio_of(table.groups, &evaluation::GroupRates::fnmr);
    tables.push_back(std::move(table));
  }
  return tables;
}

/// Pictures of people who are not in the gallery, searched in it.
Result<std::optional<OpenSet>> against_gallery(const FaceSet& faces, const Gallery& gallery, float threshold,
                                               const evaluation::BootstrapOptions& bootstrap) {
  const std::int64_t people = gallery.info().subjects;
  std::vector<bool> stranger(faces.names.size());
  for (std::size_t p = 0; p < faces.names.size(); ++p) {
    VULTUS_TRY(const auto known, gallery.find_subject(faces.names[p]));
    stranger[p] = !known.has_value();
  }
  std::vector<std::uint32_t> hits(faces.names.size());
  std::vector<std::uint64_t> trials(faces.names.size());
  for (std::size_t i = 0; i < faces.templates.size(); ++i) {
    const std::uint32_t person = faces.person_of[i];
    if (!stranger[person]) continue;
    VULTUS_TRY(const auto found, gallery.search(faces.templates[i]));
    ++trials[person];
    if (!found.empty() && found.front().similarity.value() >= threshold) ++hits[person];
  }
  if (people == 0 || std::all_of(trials.begin(), trials.end(), [](std::uint64_t n) { return n == 0; }))
    return std::optional<OpenSet>();
  OpenSet open{.protocol = "cohort against the gallery", .people = people, .fpir = {}, .first_guess = 0};
  VULTUS_TRY(open.fpir, evaluation::share_over_persons("FPIR", hits, trials, bootstrap));
  return std::optional(std::move(open));
}

}  // namespace

Result<CalibrationResult> calibrate(FaceSet faces, const Gallery& gallery, const std::optional<LogisticCurve>& preset,
                                    std::span<const Grouping> groupings, const CalibrateOptions& options,
                                    const std::stop_token& stop) {
  VULTUS_CHECK(check(faces, gallery, options));
  CalibrationResult result;
  result.options = options;
  result.people = gallery.info().subjects;
  result.left_out = static_cast<std::int64_t>(reduce(faces, options));
  const auto score = [&faces](std::size_t i, std::size_t j) {
    return inner_product(faces.templates[i].values(), faces.templates[j].values());
  };
  VULTUS_TRY(const auto pairs, evaluation::AllPairs::of(
                                   faces.person_of, score,
                                   {.target_fmr = options.fmr, .threads = options.threads, .seed = options.seed}, stop)
                                   .with_context(faces.what));
  const evaluation::BootstrapOptions bootstrap{.draws = options.draws, .seed = options.seed};
  VULTUS_TRY(result.fmr, pairs.fmr(bootstrap));
  VULTUS_TRY(result.fnmr, pairs.fnmr(bootstrap));
  VULTUS_TRY(result.groups, group_tables(pairs, faces, groupings, bootstrap));
  if (faces.cohort) {
    VULTUS_TRY(result.open_set, against_gallery(faces, gallery, pairs.threshold(), bootstrap));
  } else {
    result.open_set = OpenSet{.protocol = "leave one subject out",
                              .people = static_cast<std::int64_t>(pairs.persons()) - 1,
                              .fpir = {},
                              .first_guess = 0};
    VULTUS_TRY(result.open_set->fpir, pairs.fpir(bootstrap));
  }
  if (result.open_set)
    result.open_set->first_guess = identity::first_guess_fpir(result.fmr.value, result.open_set->people);
  result.false_matches = pairs.false_matches();
  result.histograms = pairs.histograms();
  if (pairs.mated_pairs() > 0) {
    VULTUS_TRY(result.eer, evaluation::equal_error_rate(result.histograms.mated, result.histograms.impostors));
  }
  Calibration& record = result.record;
  record.at = {Cosine(pairs.threshold()), result.fmr.value,
               fmt::format("all {} pairs of different people in {}; vultus calibrate --fmr {:g}",
                           grouped(static_cast<std::int64_t>(pairs.impostor_pairs())), faces.what, options.fmr)};
  record.target = options.fmr;
  if (result.fmr.interval) {
    record.fmr_low = result.fmr.interval->low;
    record.fmr_high = result.fmr.interval->high;
  }
  if (result.fnmr) record.fnmr = result.fnmr->value;
  if (result.open_set) record.fpir = result.open_set->fpir.value;
  record.impostor_pairs = static_cast<std::int64_t>(pairs.impostor_pairs());
  record.mated_pairs = static_cast<std::int64_t>(pairs.mated_pairs());
  record.data_sha256 = hash_of(faces);
  record.rows = table_of(pairs, options.fmr);
  add_probability(pairs, preset, result);
  faces.templates.clear();
  result.faces = std::move(faces);
  return result;
}

Result<std::optional<identity::Scale>> gallery_scale(const Gallery& gallery) {
  VULTUS_TRY(const std::vector<Calibration> all, gallery.calibrations());
  if (all.empty()) return std::optional<identity::Scale>();
  const Calibration& newest = all.back();
  const GalleryInfo info = gallery.info();
  identity::Scale scale{.usual = newest.at,
                        .target = newest.target.value_or(newest.at.false_match_rate),
                        .thresholds = {info.model.id, newest.at.source, newest.rows}};
  scale.usual.calibrated = CalibratedOn::gallery;
  scale.usual.logistic = newest.logistic;
  scale.usual.search_logistic = newest.search_logistic;
  scale.usual.fpir = newest.fpir;
  scale.usual.stale = identity::is_stale(newest.subjects, info.subjects);
  return std::optional(std::move(scale));
}

}  // namespace vultus::engine
