#include <vultus/evaluation/unit_protocol.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

namespace vultus::evaluation {
namespace {

constexpr std::size_t kThresholds = 101;  // 0, 0.05 ... 5
constexpr double kMostIntensity = 5;

/// What the figures are made of; sums of subjects add up.
struct UnitSums {
  double n = 0, x = 0, y = 0, xx = 0, yy = 0, xy = 0, absolute = 0;  // x: code, y: reading
  double hits = 0, false_alarms = 0, misses = 0;

  void add(double truth, double said, bool is, bool read) {
    n += 1, x += truth, y += said, xx += truth * truth, yy += said * said, xy += truth * said;
    absolute += std::abs(truth - said);
    hits += is && read ? 1 : 0, false_alarms += !is && read ? 1 : 0, misses += is && !read ? 1 : 0;
  }
  void add(const UnitSums& other, double times) {
    n += times * other.n, x += times * other.x, y += times * other.y;
    xx += times * other.xx, yy += times * other.yy, xy += times * other.xy, absolute += times * other.absolute;
    hits += times * other.hits, false_alarms += times * other.false_alarms, misses += times * other.misses;
  }
  [[nodiscard]] double cxx() const { return xx - x * x / n; }
  [[nodiscard]] double cyy() const { return yy - y * y / n; }
  [[nodiscard]] double cxy() const { return xy - x * y / n; }
};

constexpr double kFlat = 1e-9;  // sums of squares as small as this a frame are rounding

/// ICC(3,1) of two raters is 2 C_xy / (C_xx + C_yy): BMS and EMS are half the variances of sum and difference.
std::optional<double> icc_of(const UnitSums& s) {
  if (!(s.n >= 2) || s.cxx() + s.cyy() <= kFlat * s.n) return std::nullopt;
  return 2 * s.cxy() / (s.cxx() + s.cyy());
}
std::optional<double> pearson_of(const UnitSums& s) {
  if (!(s.n >= 2) || s.cxx() <= kFlat * s.n || s.cyy() <= kFlat * s.n) return std::nullopt;
  return std::clamp(s.cxy() / std::sqrt(s.cxx() * s.cyy()), -1.0, 1.0);
}
std::optional<double> mae_of(const UnitSums& s) { return s.n > 0 ? std::optional(s.absolute / s.n) : std::nullopt; }
std::optional<double> f1_of(const UnitSums& s) {
  const double all = 2 * s.hits + s.false_alarms + s.misses;
  return all > 0 ? std::optional(2 * s.hits / all) : std::nullopt;
}

std::optional<UnitFigure> figure_of(const std::vector<UnitSums>& of_subject, const BootstrapOptions& options,
                                    std::optional<double> (*statistic)(const UnitSums&)) {
  UnitSums all;
  std::vector<UnitSums> seen;
  for (const UnitSums& one : of_subject)
    if (one.n > 0) all.add(one, 1), seen.push_back(one);
  const auto value = statistic(all);
  if (!value) return std::nullopt;
  UnitFigure figure{.value = *value, .interval = {}};
  if (seen.size() < 2) return figure;
  const auto interval = bootstrap_groups(seen.size(), options, [&](GroupWeights weights) {
    UnitSums drawn;
    for (std::size_t i = 0; i < seen.size(); ++i) drawn.add(seen[i], weights[i]);
    return statistic(drawn);
  });
  if (interval) figure.interval = *interval;
  return figure;
}

UnitFigures figures_of(const std::vector<UnitSums>& of_subject, const UnitProtocolOptions& options) {
  UnitFigures figures;
  figures.f1 = figure_of(of_subject, options.bootstrap, f1_of);
  if (options.occurrence) return figures;
  figures.icc = figure_of(of_subject, options.bootstrap, icc_of);
  figures.pearson = figure_of(of_subject, options.bootstrap, pearson_of);
  figures.mae = figure_of(of_subject, options.bootstrap, mae_of);
  return figures;
}

/// Fold of each subject: those of most frames first, each into the smallest fold, equal ones in the order of names.
std::vector<std::size_t> folds_of(std::span<const UnitFrame> frames, std::span<const std::string> subjects,
                                  std::size_t folds) {
  std::vector<std::size_t> count(subjects.size()), order(subjects.size()), fold(subjects.size()), size(folds);
  for (const UnitFrame& frame : frames) ++count[frame.subject];
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, [&](std::size_t a, std::size_t b) {
    return count[a] != count[b] ? count[a] > count[b] : subjects[a] < subjects[b];
  });
  for (const std::size_t subject : order) {
    fold[subject] = static_cast<std::size_t>(std::ranges::min_element(size) - size.begin());
    size[fold[subject]] += count[subject];
  }
  return fold;
}

/// What the training subjects of a fold say.
struct UnitFit {
  double slope = 1, offset = 0, threshold = 0;
  [[nodiscard]] double code(double said) const { return std::clamp(slope * said + offset, 0.0, kMostIntensity); }
};

UnitFit fit_of(std::span<const UnitFrame> frames, const std::vector<std::size_t>& fold, std::size_t tested,
               const UnitProtocolOptions& options) {
  UnitSums sums;
  std::array<double, kThresholds> with{}, without{};  // frames by the step of their reading
  for (const UnitFrame& frame : frames) {
    if (fold[frame.subject] == tested) continue;
    sums.add(frame.truth, frame.said, false, false);
    const auto step = static_cast<std::size_t>(frame.said / kMostIntensity * (kThresholds - 1));
    (frame.truth >= options.present_from ? with : without).at(step) += 1;
  }
  UnitFit fit;
  fit.slope = sums.cyy() > kFlat * sums.n ? std::max(0.0, sums.cxy() / sums.cyy()) : 0;
  fit.offset = (sums.x - fit.slope * sums.y) / sums.n;
  // Readings of a step and above are read as present.
  double hits = 0, alarms = 0, best = -1;
  const double present = std::accumulate(with.begin(), with.end(), 0.0);
  for (std::size_t step = kThresholds; step-- > 0;) {
    hits += with.at(step), alarms += without.at(step);
    const double f1 = 2 * hits / std::max(1.0, present + hits + alarms);
    if (f1 > best) best = f1, fit.threshold = kMostIntensity * static_cast<double>(step) / (kThresholds - 1);
  }
  return fit;
}

Status check(std::span<const UnitFrame> frames, std::span<const std::string> subjects,
             const UnitProtocolOptions& options) {
  if (frames.empty()) return fail(ErrorCode::invalid_argument, "no frame has a code and a reading");
  std::vector<bool> seen(subjects.size());
  const auto inside = [](double v) { return v >= 0 && v <= kMostIntensity; };
  for (const UnitFrame& frame : frames) {
    if (frame.subject >= subjects.size() || !inside(frame.truth) || !inside(frame.said))
      return fail(ErrorCode::invalid_argument,
                  fmt::format("subject {}, code {}, reading {}: subjects are below {}, the others within [0, 5]",
                              frame.subject, frame.truth, frame.said, subjects.size()));
    seen[frame.subject] = true;
  }
  const auto people = static_cast<std::size_t>(std::ranges::count(seen, true));
  if (options.folds < 2 || options.folds > people)
    return fail(ErrorCode::invalid_argument,
                fmt::format("{} folds of {} subjects with frames: 2 to as many as there are", options.folds, people));
  return validate(options.bootstrap);
}

}  // namespace

Result<double> intraclass_3_1(std::span<const std::vector<double>> ratings) {
  const std::size_t n = ratings.size(), k = n == 0 ? 0 : ratings[0].size();
  if (n < 2 || k < 2) return fail(ErrorCode::invalid_argument, "ICC needs two items and two raters at least");
  double mean = 0;
  std::vector<double> of_item(n), of_rater(k);
  for (std::size_t i = 0; i < n; ++i) {
    if (ratings[i].size() != k || !std::ranges::all_of(ratings[i], [](double v) { return std::isfinite(v); }))
      return fail(ErrorCode::invalid_argument, fmt::format("item {} has not {} finite ratings as the first", i, k));
    for (std::size_t r = 0; r < k; ++r) {
      of_item[i] += ratings[i][r] / static_cast<double>(k);
      of_rater[r] += ratings[i][r] / static_cast<double>(n);
    }
    mean += of_item[i] / static_cast<double>(n);
  }
  double between = 0, error = 0;
  for (std::size_t i = 0; i < n; ++i) {
    between += static_cast<double>(k) * (of_item[i] - mean) * (of_item[i] - mean);
    for (std::size_t r = 0; r < k; ++r) {
      const double left = ratings[i][r] - of_item[i] - of_rater[r] + mean;
      error += left * left;
    }
  }
  const double bms = between / static_cast<double>(n - 1), ems = error / static_cast<double>((n - 1) * (k - 1));
  const double all = bms + static_cast<double>(k - 1) * ems;
  if (!(all > 0)) return fail(ErrorCode::invalid_argument, "ICC is undefined: the items do not differ");
  return (bms - ems) / all;
}

Result<UnitScores> unit_protocol(std::span<const UnitFrame> frames, std::span<const std::string> subjects,
                                 const UnitProtocolOptions& options) {
  VULTUS_CHECK(check(frames, subjects, options));
  const std::vector<std::size_t> fold = folds_of(frames, subjects, options.folds);
  std::vector<UnitFit> fits;
  for (std::size_t f = 0; f < options.folds; ++f) fits.push_back(fit_of(frames, fold, f, options));
  std::vector<UnitSums> as_said(subjects.size()), fitted(subjects.size());
  UnitScores scores{.frames = frames.size(), .subjects = 0, .present = 0, .as_said = {}, .fitted = {}};
  for (const UnitFrame& frame : frames) {
    const bool is = frame.truth >= options.present_from;
    scores.present += is ? 1 : 0;
    as_said[frame.subject].add(frame.truth, frame.said, is, frame.said >= options.said_from);
    const UnitFit& fit = fits[fold[frame.subject]];
    fitted[frame.subject].add(frame.truth, fit.code(frame.said), is, frame.said >= fit.threshold);
  }
  scores.subjects = static_cast<std::size_t>(std::ranges::count_if(as_said, [](const auto& s) { return s.n > 0; }));
  scores.as_said = figures_of(as_said, options);
  scores.fitted = figures_of(fitted, options);
  return scores;
}

}  // namespace vultus::evaluation
