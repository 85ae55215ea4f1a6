// Looking through the whole file, and the small table of calibrations.
#include <cmath>

#include <vultus/gallery/store.hpp>
#include <vultus/gallery/subject_name.hpp>
#include <vultus/gallery/template_bytes.hpp>

namespace vultus::gallery {
namespace {

using sqlite::Statement;

constexpr int kMaxFindings = 100;

/// Collects sentences up to the limit. Damage of the file is a finding; any other failure ends the check.
class Findings {
 public:
  explicit Findings(std::vector<std::string>& lines) : lines_(lines) {}
  [[nodiscard]] bool full() const { return lines_.size() >= kMaxFindings; }
  void add(std::string line) {
    if (!full()) lines_.push_back(std::move(line));
  }
  Status absorb(const Status& status) {
    if (status) return {};
    if (status.error().code != ErrorCode::corrupt_data) return status;
    add(status.error().message);
    return {};
  }

 private:
  std::vector<std::string>& lines_;
};

}  // namespace

Result<GalleryCheck> Store::check() {
  GalleryCheck result;
  Findings findings(result.findings);
  VULTUS_TRY(result.findings, file_.integrity_findings(kMaxFindings));
  // Pages that contradict each other make every further sentence doubtful.
  if (!result.sound()) return result;

  const auto look = [&]() -> Status {
    VULTUS_TRY(Statement keys, file_.prepare("PRAGMA foreign_key_check"));
    while (!findings.full()) {
      VULTUS_TRY(const bool row, keys.step());
      if (!row) break;
      findings.add("row " + keys.text(1) + " of " + keys.text(0) + " points at nothing in " + keys.text(2));
    }
    return check_subjects(result);
  };
  VULTUS_CHECK(findings.absorb(look()));
  VULTUS_CHECK(findings.absorb(check_faces(result)));
  return result;
}

Status Store::check_subjects(GalleryCheck& result) {
  Findings findings(result.findings);
  VULTUS_TRY(Statement rows, file_.prepare("SELECT id FROM subjects ORDER BY id"));
  while (!findings.full()) {
    VULTUS_TRY(const bool row, rows.step());
    if (!row) break;
    ++result.subjects;
    const SubjectId id(rows.integer(0));
    const Result<Subject> read = subject(id);
    if (!read) {
      VULTUS_CHECK(findings.absorb(read.error()));
      continue;
    }
    const Result<std::string> name = checked_name(read->name);
    if (!name) findings.add("subject " + std::to_string(id.number()) + ": " + name.error().message);
  }
  return {};
}

Status Store::check_faces(GalleryCheck& result) {
  Findings findings(result.findings);
  VULTUS_TRY(Statement rows,
             file_.prepare("SELECT faces.id, template, model, enrolled, retain_until, length(bytes) FROM faces "
                           "LEFT JOIN thumbnails ON face=faces.id ORDER BY faces.id"));
  std::vector<float> values;
  while (!findings.full()) {
    VULTUS_TRY(const bool row, rows.step());
    if (!row) break;
    ++result.faces;
    const std::string name = "face " + std::to_string(rows.integer(0)) + " ";
    if (rows.integer(2) != model_row_) findings.add(name + "belongs to another model");
    if (const auto wrong = from_bytes(rows.blob(1), static_cast<std::size_t>(model_.dimension), values))
      findings.add(name + *wrong);
    for (const int column : {3, 4})
      if (!rows.is_null(column) && !from_iso8601(rows.text(column)))
        findings.add(name + "has the time \"" + rows.text(column) + "\"");
    if (!rows.is_null(5) && (rows.integer(5) < 1 || rows.integer(5) > static_cast<std::int64_t>(kMaxThumbnailBytes)))
      findings.add(name + "has a thumbnail of " + std::to_string(rows.integer(5)) + " bytes");
  }
  return {};
}

Status Store::add_calibration(const OperatingPoint& at, UtcTime now) {
  if (!(at.threshold.value() >= -1 && at.threshold.value() <= 1))
    return fail(ErrorCode::invalid_argument,
                "threshold of " + std::to_string(at.threshold.value()) + ", -1 to 1 is allowed");
  if (!(at.false_match_rate >= 0 && at.false_match_rate <= 1))
    return fail(ErrorCode::invalid_argument,
                "false match rate of " + std::to_string(at.false_match_rate) + ", 0 to 1 is allowed");
  VULTUS_CHECK(check_length("source of the operating point", at.source, kMaxTextBytes));
  const std::string time = to_iso8601(now);
  VULTUS_TRY(Statement add,
             file_.prepare("INSERT INTO calibrations(model, threshold, false_match_rate, source, subjects, made) "
                           "VALUES(?,?,?,?,(SELECT count(*) FROM subjects),?)"));
  add.bind(1, model_row_).bind(2, double{at.threshold.value()}).bind(3, at.false_match_rate);
  add.bind(4, std::string_view(at.source)).bind(5, std::string_view(time));
  return add.run();
}

Result<std::vector<Calibration>> Store::calibrations() {
  VULTUS_TRY(Statement rows, file_.prepare("SELECT threshold, false_match_rate, source, subjects, made "
                                           "FROM calibrations WHERE model=? ORDER BY id"));
  rows.bind(1, model_row_);
  std::vector<Calibration> all;
  for (;;) {
    VULTUS_TRY(const bool row, rows.step());
    if (!row) return all;
    Calibration one;
    one.at = {Cosine(static_cast<float>(rows.real(0))), rows.real(1), rows.text(2)};
    one.subjects = rows.integer(3);
    VULTUS_TRY(one.made, required_time_at(rows, 4));
    all.push_back(std::move(one));
  }
}

}  // namespace vultus::gallery
