#include <vultus/gallery/store/calibration_check.hpp>

#include <cmath>
#include <string>
#include <utility>

#include <vultus/gallery/input_checks.hpp>
#include <vultus/gallery/subject_name.hpp>

namespace vultus::gallery {
namespace {

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

}  // namespace

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

}  // namespace vultus::gallery
