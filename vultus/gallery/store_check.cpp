// Looking through the whole file.
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

}  // namespace vultus::gallery
