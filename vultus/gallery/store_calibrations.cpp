// The small tables of calibrations.
#include <vultus/gallery/store.hpp>

#include <algorithm>
#include <cmath>
#include <utility>

#include <vultus/gallery/subject_name.hpp>

namespace vultus::gallery {
namespace {

using sqlite::Statement;

Status refuse(const std::string& what, double value, const char* allowed) {
  return fail(ErrorCode::invalid_argument, what + " of " + std::to_string(value) + ", " + allowed + " is allowed");
}

Status check_rate(const std::string& what, const std::optional<double>& rate) {
  if (!rate || (*rate >= 0 && *rate <= 1)) return {};
  return refuse(what, *rate, "0 to 1");
}

Status check_threshold(Cosine threshold) {
  if (threshold.value() >= -1 && threshold.value() <= 1) return {};
  return refuse("threshold", double{threshold.value()}, "-1 to 1");
}

Status check_logistic(const LogisticCurve& curve) {
  if (!std::isfinite(curve.slope) || !std::isfinite(curve.intercept))
    return fail(ErrorCode::invalid_argument, "the logistic curve of a calibration is not finite");
  if (curve.prior > 0 && curve.prior < 1) return {};
  return refuse("prior of a calibration", curve.prior, "between 0 and 1");
}

Status check_rows(const std::vector<ThresholdRow>& rows) {
  if (rows.size() > kMaxCalibrationRows)
    return fail(ErrorCode::invalid_argument, "a calibration with " + std::to_string(rows.size()) +
                                                 " rows, the limit is " + std::to_string(kMaxCalibrationRows));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    VULTUS_CHECK(check_threshold(rows[i].threshold));
    VULTUS_CHECK(check_rate("false match rate", rows[i].false_match_rate));
    if (i > 0 &&
        !(rows[i].false_match_rate < rows[i - 1].false_match_rate && rows[i].threshold > rows[i - 1].threshold))
      return fail(ErrorCode::invalid_argument,
                  "row " + std::to_string(i) + " of a calibration: thresholds must rise and rates fall");
  }
  return {};
}

Status check_calibration(const Calibration& one) {
  VULTUS_CHECK(check_threshold(one.at.threshold));
  VULTUS_CHECK(check_rate("false match rate", one.at.false_match_rate));
  VULTUS_CHECK(check_length("source of the operating point", one.at.source, kMaxTextBytes));
  for (const auto& [what, rate] :
       {std::pair("target", one.target), std::pair("lower end of the false match rate", one.fmr_low),
        std::pair("upper end of the false match rate", one.fmr_high), std::pair("false non-match rate", one.fnmr),
        std::pair("false positive identification rate", one.fpir), std::pair("calibration error", one.ece)})
    VULTUS_CHECK(check_rate(what, rate));
  if (one.fmr_low.has_value() != one.fmr_high.has_value() || (one.fmr_low && *one.fmr_low > *one.fmr_high))
    return fail(ErrorCode::invalid_argument, "an interval of the false match rate without two ends in their order");
  if (one.impostor_pairs < 0 || one.mated_pairs < 0)
    return fail(ErrorCode::invalid_argument, "a calibration with fewer than 0 pairs");
  if (one.logistic) VULTUS_CHECK(check_logistic(*one.logistic));
  if (one.search_logistic) VULTUS_CHECK(check_logistic(*one.search_logistic));
  if (!one.data_sha256.empty()) VULTUS_CHECK(check_sha256("SHA-256 of the calibration", one.data_sha256));
  return check_rows(one.rows);
}

}  // namespace

Status Store::add_calibration(const Calibration& measured, UtcTime now) {
  VULTUS_CHECK(check_calibration(measured));
  const std::string time = to_iso8601(now);
  VULTUS_TRY(Statement add,
             file_.prepare("INSERT INTO calibrations(model, threshold, false_match_rate, source, subjects, made, "
                           "target, fmr_low, fmr_high, fnmr, fpir, impostor_pairs, mated_pairs, slope, intercept, "
                           "prior, ece, data_sha256, search_slope, search_intercept, search_prior) "
                           "VALUES(?,?,?,?,(SELECT count(*) FROM subjects),?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"));
  add.bind(1, model_row_).bind(2, double{measured.at.threshold.value()}).bind(3, measured.at.false_match_rate);
  add.bind(4, std::string_view(measured.at.source)).bind(5, std::string_view(time)).bind(6, measured.target);
  add.bind(7, measured.fmr_low).bind(8, measured.fmr_high).bind(9, measured.fnmr).bind(10, measured.fpir);
  add.bind(11, measured.impostor_pairs).bind(12, measured.mated_pairs);
  using Number = std::optional<double>;
  const auto& curve = measured.logistic;
  add.bind(13, curve ? Number(curve->slope) : Number()).bind(14, curve ? Number(curve->intercept) : Number());
  add.bind(15, curve ? Number(curve->prior) : Number()).bind(16, measured.ece);
  const std::string& sha256 = measured.data_sha256;
  add.bind(17, sha256.empty() ? std::optional<std::string_view>() : std::optional<std::string_view>(sha256));
  const auto& search = measured.search_logistic;
  add.bind(18, search ? Number(search->slope) : Number()).bind(19, search ? Number(search->intercept) : Number());
  add.bind(20, search ? Number(search->prior) : Number());
  VULTUS_CHECK(add.run());
  const std::int64_t id = file_.last_row();
  VULTUS_TRY(Statement point,
             file_.prepare("INSERT INTO calibration_rows(calibration, false_match_rate, threshold) VALUES(?,?,?)"));
  for (const ThresholdRow& row : measured.rows) {
    point.bind(1, id).bind(2, row.false_match_rate).bind(3, double{row.threshold.value()});
    VULTUS_CHECK(point.run());
  }
  return {};
}

Result<std::vector<Calibration>> Store::calibrations() {
  VULTUS_TRY(Statement rows,
             file_.prepare("SELECT threshold, false_match_rate, source, subjects, made, target, fmr_low, fmr_high, "
                           "fnmr, fpir, impostor_pairs, mated_pairs, slope, intercept, prior, ece, data_sha256, id, "
                           "search_slope, search_intercept, search_prior "
                           "FROM calibrations WHERE model=? ORDER BY id"));
  VULTUS_TRY(Statement points,
             file_.prepare("SELECT false_match_rate, threshold FROM calibration_rows WHERE calibration=? "
                           "ORDER BY false_match_rate DESC LIMIT ?"));
  rows.bind(1, model_row_);
  std::vector<Calibration> all;
  for (;;) {
    VULTUS_TRY(const bool row, rows.step());
    if (!row) return all;
    Calibration one;
    one.at = {Cosine(static_cast<float>(rows.real(0))), rows.real(1), rows.text(2)};
    one.subjects = rows.integer(3);
    VULTUS_TRY(one.made, required_time_at(rows, 4));
    one.target = rows.optional_real(5);
    one.fmr_low = rows.optional_real(6);
    one.fmr_high = rows.optional_real(7);
    one.fnmr = rows.optional_real(8);
    one.fpir = rows.optional_real(9);
    one.impostor_pairs = rows.integer(10);
    one.mated_pairs = rows.integer(11);
    if (!rows.is_null(12)) one.logistic = {rows.real(12), rows.real(13), rows.real(14)};
    if (!rows.is_null(18)) one.search_logistic = {rows.real(18), rows.real(19), rows.real(20)};
    one.ece = rows.optional_real(15);
    one.data_sha256 = rows.text(16);
    points.reset();
    points.bind(1, rows.integer(17)).bind(2, static_cast<std::int64_t>(kMaxCalibrationRows) + 1);
    for (;;) {
      VULTUS_TRY(const bool point, points.step());
      if (!point) break;
      one.rows.push_back({points.real(0), Cosine(static_cast<float>(points.real(1)))});
    }
    // A file from elsewhere gets no say that it could not have got here.
    if (const Status fits = check_calibration(one); !fits)
      return damaged("calibration " + std::to_string(rows.integer(17)) + ": " + fits.error().message);
    all.push_back(std::move(one));
  }
}

}  // namespace vultus::gallery
