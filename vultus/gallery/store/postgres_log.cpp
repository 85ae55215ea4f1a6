// Links, changes that can be taken back, the audit log and calibrations of a gallery in PostgreSQL.
#include <utility>

#include <vultus/gallery/store/calibration_check.hpp>
#include <vultus/gallery/store/postgres_rows.hpp>
#include <vultus/gallery/store/postgres_store.hpp>
#include <vultus/gallery/store/row_sum.hpp>

namespace vultus::gallery {

using postgres::Answer;
using postgres::Parameters;
using postgres_rows::if_given;

namespace {

constexpr std::int64_t kRecordsAtOnce = 5000;

std::int64_t seconds_of(UtcTime time) { return time.time_since_epoch().count(); }

}  // namespace

Status PostgresStore::links_changed() {
  VULTUS_TRY(const Sequence number, take_number());
  return set_number(kMetaLinks, number);
}

Status PostgresStore::add_link(const LinkRow& link) {
  VULTUS_TRY(const std::optional<FaceRow> a, face(FaceId(link.a)));
  bool there = a.has_value();
  if (link.kind == LinkKind::not_face) {
    VULTUS_TRY(const std::optional<FaceRow> b, face(FaceId(link.b)));
    there = there && b.has_value();
  } else {
    VULTUS_TRY(const std::optional<SubjectRow> b, subject(SubjectId(link.b)));
    there = there && b.has_value();
  }
  if (!there) return fail(ErrorCode::invalid_argument, "a link between what is not there");
  VULTUS_TRY(const Answer done, run("INSERT INTO links(kind, a, b, sum) VALUES($1, $2, $3, $4) ON CONFLICT DO NOTHING",
                                    Parameters().add(name_of(link.kind)).add(link.a).add(link.b).add(sum_of(link))));
  return links_changed();
}

Status PostgresStore::remove_link(const LinkRow& link) {
  VULTUS_TRY(const Answer done, run("DELETE FROM links WHERE kind = $1 AND a = $2 AND b = $3",
                                    Parameters().add(name_of(link.kind)).add(link.a).add(link.b)));
  return links_changed();
}

Result<std::vector<LinkRow>> PostgresStore::links() {
  VULTUS_TRY(const Answer rows, run("SELECT kind, a, b, sum FROM links ORDER BY kind = 'not_face', a, b"));
  std::vector<LinkRow> all;
  for (std::size_t i = 0; i < rows.rows(); ++i) {
    const auto read = postgres_rows::read_link({rows, i});
    if (!read.wrong.empty()) return damaged(read.wrong);
    all.push_back(read.row);
  }
  return all;
}

Result<std::int64_t> PostgresStore::add_undo(const UndoRow& row) {
  VULTUS_TRY(const Answer next, run("UPDATE counter SET undo = undo + 1 RETURNING undo"));
  if (next.rows() != 1) return damaged("its counter has " + std::to_string(next.rows()) + " rows");
  UndoRow numbered = row;
  numbered.number = next.integer(0, 0);
  VULTUS_TRY(const Answer done, run("INSERT INTO undo(number, at, kind, body, sum) VALUES($1, $2, $3, $4, $5)",
                                    Parameters()
                                        .add(numbered.number)
                                        .add_time(seconds_of(row.at))
                                        .add(std::string_view(row.kind))
                                        .add(std::string_view(row.body))
                                        .add(sum_of(numbered))));
  return numbered.number;
}

Result<std::vector<UndoRow>> PostgresStore::undo_rows() {
  VULTUS_TRY(const Answer rows,
             run("SELECT " + std::string(postgres_rows::kUndoColumns) + " FROM undo ORDER BY number DESC"));
  std::vector<UndoRow> all;
  for (std::size_t i = 0; i < rows.rows(); ++i) {
    auto read = postgres_rows::read_undo({rows, i});
    if (!read.wrong.empty()) return damaged(read.wrong);
    all.push_back(std::move(read.row));
  }
  return all;
}

Status PostgresStore::remove_undo(std::int64_t number) {
  VULTUS_TRY(const Answer done, run("DELETE FROM undo WHERE number = $1", {number}));
  return {};
}

Status PostgresStore::append_audit(std::span<const AuditRow> rows) {
  VULTUS_TRY(const Answer last, run("SELECT coalesce(max(number), 0) FROM audit"));
  std::int64_t expected = last.integer(0, 0) + 1;
  for (const AuditRow& row : rows) {
    if (row.number != expected)
      return fail(ErrorCode::invalid_argument,
                  "audit record " + std::to_string(row.number) + ", the next one is " + std::to_string(expected));
    ++expected;
    VULTUS_TRY(const Answer done, run("INSERT INTO audit(number, at, record, mac) VALUES($1, $2, $3, $4)",
                                      Parameters()
                                          .add(row.number)
                                          .add_time(seconds_of(row.at))
                                          .add(std::string_view(row.record))
                                          .add(std::span<const std::byte>(row.mac))));
  }
  return {};
}

Result<std::optional<AuditRow>> PostgresStore::last_audit() {
  VULTUS_TRY(const Answer rows, run("SELECT number, at, record, mac FROM audit ORDER BY number DESC LIMIT 1"));
  if (rows.empty()) return std::optional<AuditRow>();
  auto read = postgres_rows::read_audit({rows, 0});
  if (!read.wrong.empty()) return damaged(read.wrong);
  return std::optional(std::move(read.row));
}

Status PostgresStore::each_audit(std::int64_t after, const Take<AuditRow>& take) {
  for (;;) {
    VULTUS_TRY(const Answer rows,
               run("SELECT number, at, record, mac FROM audit WHERE number > $1 ORDER BY number LIMIT $2",
                   {after, kRecordsAtOnce}));
    if (rows.empty()) return {};
    for (std::size_t i = 0; i < rows.rows(); ++i) {
      const auto read = postgres_rows::read_audit({rows, i});
      if (!read.wrong.empty()) return damaged(read.wrong);
      VULTUS_CHECK(take(read.row));
      after = read.row.number;
    }
  }
}

Status PostgresStore::add_calibration(ModelRowId model, const Calibration& measured, UtcTime now) {
  VULTUS_TRY(const Sequence number, take_number());
  (void)number;
  Calibration one = measured;
  one.made = now;
  VULTUS_TRY(const Answer count, run("SELECT count(*) FROM subjects"));
  one.subjects = count.integer(0, 0);
  Parameters values;
  values.add(model).add(double{one.at.threshold.value()}).add(one.at.false_match_rate);
  values.add(std::string_view(one.at.source)).add(one.subjects).add_time(seconds_of(now));
  values.add(one.target).add(one.fmr_low).add(one.fmr_high).add(one.fnmr).add(one.fpir);
  values.add(one.impostor_pairs).add(one.mated_pairs);
  for (const auto& curve : {one.logistic, one.search_logistic}) {
    using Number = std::optional<double>;
    values.add(curve ? Number(curve->slope) : Number()).add(curve ? Number(curve->intercept) : Number());
    values.add(curve ? Number(curve->prior) : Number());
  }
  values.add(one.ece).add(if_given(one.data_sha256)).add(sum_of(model, one));
  VULTUS_TRY(const Answer id,
             run("INSERT INTO calibrations(model, threshold, false_match_rate, source, subjects, made, target, "
                 "fmr_low, fmr_high, fnmr, fpir, impostor_pairs, mated_pairs, slope, intercept, prior, search_slope, "
                 "search_intercept, search_prior, ece, data_sha256, sum) VALUES($1, $2, $3, $4, $5, $6, $7::float8, "
                 "$8::float8, $9::float8, $10::float8, $11::float8, $12, $13, $14::float8, $15::float8, $16::float8, "
                 "$17::float8, $18::float8, $19::float8, $20::float8, $21::text, $22) RETURNING id",
                 values));
  for (const ThresholdRow& row : one.rows) {
    VULTUS_TRY(const Answer done,
               run("INSERT INTO calibration_rows(calibration, false_match_rate, threshold) VALUES($1, $2, $3)",
                   Parameters().add(id.integer(0, 0)).add(row.false_match_rate).add(double{row.threshold.value()})));
  }
  return {};
}

Result<std::vector<ThresholdRow>> PostgresStore::calibration_rows(std::int64_t calibration) {
  VULTUS_TRY(const Answer rows, run("SELECT false_match_rate, threshold FROM calibration_rows "
                                    "WHERE calibration = $1 ORDER BY false_match_rate DESC LIMIT $2",
                                    {calibration, static_cast<std::int64_t>(kMaxCalibrationRows) + 1}));
  std::vector<ThresholdRow> all;
  for (std::size_t i = 0; i < rows.rows(); ++i)
    all.push_back({rows.real(i, 0), Cosine(static_cast<float>(rows.real(i, 1)))});
  return all;
}

Result<std::vector<Calibration>> PostgresStore::calibrations(ModelRowId model) {
  constexpr int kId = 20;
  VULTUS_TRY(const Answer rows, run("SELECT " + std::string(postgres_rows::kCalibrationColumns) +
                                        " FROM calibrations WHERE model = $1 ORDER BY id",
                                    {model}));
  std::vector<Calibration> all;
  for (std::size_t i = 0; i < rows.rows(); ++i) {
    VULTUS_TRY(auto points, calibration_rows(rows.integer(i, kId)));
    auto read = postgres_rows::read_calibration({rows, i}, model, std::move(points));
    if (!read.wrong.empty()) return damaged(read.wrong);
    if (const Status fits = check_calibration(read.row); !fits)
      return damaged("calibration " + std::to_string(rows.integer(i, kId)) + ": " + fits.error().message);
    all.push_back(std::move(read.row));
  }
  return all;
}

}  // namespace vultus::gallery
