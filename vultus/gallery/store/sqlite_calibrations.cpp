// The small tables of calibrations.
#include <vultus/gallery/store/calibration_check.hpp>
#include <vultus/gallery/store/sqlite_rows.hpp>
#include <vultus/gallery/store/sqlite_store.hpp>

namespace vultus::gallery {

using sqlite::Statement;

std::string_view insert_calibration() {
  return "INSERT INTO calibrations(model, threshold, false_match_rate, source, subjects, made, target, fmr_low, "
         "fmr_high, fnmr, fpir, impostor_pairs, mated_pairs, slope, intercept, prior, ece, data_sha256, search_slope, "
         "search_intercept, search_prior, sum) VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)";
}

void bind_calibration(Statement& to, ModelRowId model, const Calibration& row) {
  to.bind(1, model).bind(2, double{row.at.threshold.value()}).bind(3, row.at.false_match_rate);
  to.bind(4, std::string_view(row.at.source)).bind(5, row.subjects).bind(6, std::string_view(to_iso8601(row.made)));
  to.bind(7, row.target).bind(8, row.fmr_low).bind(9, row.fmr_high).bind(10, row.fnmr).bind(11, row.fpir);
  to.bind(12, row.impostor_pairs).bind(13, row.mated_pairs);
  const auto bind_curve = [&](int at, const std::optional<LogisticCurve>& curve) {
    using Number = std::optional<double>;
    to.bind(at, curve ? Number(curve->slope) : Number()).bind(at + 1, curve ? Number(curve->intercept) : Number());
    to.bind(at + 2, curve ? Number(curve->prior) : Number());
  };
  bind_curve(14, row.logistic);
  to.bind(17, row.ece).bind(18, if_given(row.data_sha256));
  bind_curve(19, row.search_logistic);
  to.bind(22, sum_of(model, row));
}

Status SqliteStore::add_calibration(ModelRowId model, const Calibration& measured, UtcTime now) {
  VULTUS_CHECK(take_number());
  Calibration one = measured;
  one.made = now;
  VULTUS_TRY(one.subjects, file_.integer("SELECT count(*) FROM subjects"));
  VULTUS_TRY(Statement add, file_.prepare(insert_calibration()));
  bind_calibration(add, model, one);
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

Result<std::vector<ThresholdRow>> calibration_rows(sqlite::Database& file, std::int64_t calibration) {
  VULTUS_TRY(Statement points,
             file.prepare("SELECT false_match_rate, threshold FROM calibration_rows WHERE calibration=? "
                          "ORDER BY false_match_rate DESC LIMIT ?"));
  points.bind(1, calibration).bind(2, static_cast<std::int64_t>(kMaxCalibrationRows) + 1);
  std::vector<ThresholdRow> rows;
  for (;;) {
    VULTUS_TRY(const bool point, points.step());
    if (!point) return rows;
    rows.push_back({points.real(0), Cosine(static_cast<float>(points.real(1)))});
  }
}

Result<std::vector<Calibration>> SqliteStore::calibrations(ModelRowId model) {
  VULTUS_TRY(Statement rows, file_.prepare("SELECT " + std::string(kCalibrationColumns) +
                                           " FROM calibrations WHERE model=? ORDER BY id"));
  rows.bind(1, model);
  std::vector<Calibration> all;
  for (;;) {
    VULTUS_TRY(const bool row, rows.step());
    if (!row) return all;
    VULTUS_TRY(auto points, calibration_rows(file_, rows.integer(17)));
    Result<Calibration> one = only_sound(read_calibration(rows, std::move(points)));
    if (!one) return damaged(one.error().message);
    // A file from elsewhere gets no say that it could not have got here.
    if (const Status fits = check_calibration(*one); !fits)
      return damaged("calibration " + std::to_string(rows.integer(17)) + ": " + fits.error().message);
    all.push_back(*std::move(one));
  }
}

}  // namespace vultus::gallery
