#include <vultus/gallery/store/postgres_rows.hpp>

#include <span>
#include <utility>

#include <vultus/gallery/store/row_sum.hpp>

namespace vultus::gallery::postgres_rows {
namespace {

using postgres::CopyRows;

constexpr std::string_view kAltered = " is not as it was written: its checksum does not fit";

/// Reads one row from left to right.
class Cursor {
 public:
  explicit Cursor(const At& at) : at_(at), column_(at.column) {}

  std::int64_t integer() { return at_.answer.integer(at_.row, column_++); }
  double real() { return at_.answer.real(at_.row, column_++); }
  std::optional<double> optional_real() { return at_.answer.optional_real(at_.row, column_++); }
  std::string text() { return at_.answer.text(at_.row, column_++); }
  Bytes bytes() {
    const auto found = at_.answer.bytes(at_.row, column_++);
    return {found.begin(), found.end()};
  }
  std::optional<UtcTime> optional_time() {
    const int column = column_++;
    if (at_.answer.is_null(at_.row, column)) return std::nullopt;
    const auto seconds = at_.answer.seconds(at_.row, column);
    // Beyond what ISO 8601 with four digits can name, as in a file.
    constexpr std::int64_t kFrom = -62'167'219'200;  // 0000-01-01
    constexpr std::int64_t kTo = 253'402'300'799;    // 9999-12-31T23:59:59
    if (!seconds || *seconds < kFrom || *seconds > kTo) {
      wrong_time_ = true;
      return std::nullopt;
    }
    return UtcTime(std::chrono::seconds(*seconds));
  }
  UtcTime time() {
    const auto found = optional_time();
    if (!found) wrong_time_ = true;
    return found.value_or(UtcTime{});
  }

  /// What is wrong with a row of this name whose sum should be `sum`. The sum is the next column.
  std::string verdict(const std::string& name, std::int64_t sum) {
    if (wrong_time_) return name + " has a time that is none";
    return integer() == sum ? "" : name + std::string(kAltered);
  }

 private:
  const At& at_;
  int column_;
  bool wrong_time_ = false;
};

std::string numbered(const char* what, std::int64_t id) { return std::string(what) + " " + std::to_string(id); }

void add_time(CopyRows& to, const std::optional<UtcTime>& time) {
  if (time)
    to.add_time(time->time_since_epoch().count());
  else
    to.add(nullptr);
}

std::optional<LogisticCurve> read_curve(Cursor& from) {
  const auto slope = from.optional_real();
  const auto intercept = from.optional_real();
  const auto prior = from.optional_real();
  if (!slope) return std::nullopt;
  return LogisticCurve{*slope, intercept.value_or(0), prior.value_or(0)};
}

}  // namespace

Read<SubjectRow> read_subject(const At& at) {
  Cursor from(at);
  Read<SubjectRow> read;
  SubjectRow& one = read.row;
  one.id = SubjectId(from.integer());
  one.name = from.text();
  one.name_key = from.text();
  one.created = from.time();
  one.external_id = from.text();
  one.tags = from.text();
  one.consent = from.text();
  one.purpose = from.text();
  one.retain_until = from.optional_time();
  one.notes = from.text();
  one.changed = from.integer();
  read.wrong = from.verdict(numbered("subject", one.id.number()), sum_of(one));
  return read;
}

Read<FaceRow> read_face(const At& at) {
  Cursor from(at);
  Read<FaceRow> read;
  FaceRow& one = read.row;
  one.id = FaceId(from.integer());
  one.subject = SubjectId(from.integer());
  one.enrolled = from.time();
  one.retain_until = from.optional_time();
  one.quality = from.optional_real();
  one.inter_eye_px = from.optional_real();
  one.detection = from.optional_real();
  one.source = from.text();
  one.source_sha256 = from.text();
  one.source_key = from.text();
  const auto x = from.optional_real();
  const auto y = static_cast<float>(from.real());
  const auto width = static_cast<float>(from.real());
  const auto height = static_cast<float>(from.real());
  if (x) one.box = RectF{static_cast<float>(*x), y, width, height};
  one.changed = from.integer();
  read.wrong = from.verdict(numbered("face", one.id.number()), sum_of(one));
  return read;
}

Read<TemplateRow> read_template(const At& at) {
  Cursor from(at);
  Read<TemplateRow> read;
  read.row.face = FaceId(from.integer());
  read.row.model = from.integer();
  read.row.bytes = from.bytes();
  read.wrong = from.verdict(numbered("the template of face", read.row.face.number()), sum_of(read.row));
  return read;
}

Read<ThumbnailRow> read_thumbnail(const At& at) {
  Cursor from(at);
  Read<ThumbnailRow> read;
  read.row.face = FaceId(from.integer());
  read.row.format = from.text() == "jpeg" ? ThumbnailFormat::jpeg : ThumbnailFormat::encrypted;
  read.row.bytes = from.bytes();
  read.wrong = from.verdict(numbered("the thumbnail of face", read.row.face.number()), sum_of(read.row));
  return read;
}

Read<ModelRow> read_model(const At& at) {
  Cursor from(at);
  Read<ModelRow> read;
  ModelRow& one = read.row;
  one.id = from.integer();
  one.model.id = ModelId(from.text());
  one.model.dimension = static_cast<int>(from.integer());
  one.model.sha256 = from.text();
  one.model.preset = from.text();
  one.added = from.time();
  read.wrong = from.verdict("model \"" + one.model.id.text() + "\"", sum_of(one));
  return read;
}

Read<UndoRow> read_undo(const At& at) {
  Cursor from(at);
  Read<UndoRow> read;
  read.row.number = from.integer();
  read.row.at = from.time();
  read.row.kind = from.text();
  read.row.body = from.text();
  read.wrong = from.verdict(numbered("undo", read.row.number), sum_of(read.row));
  return read;
}

Read<LinkRow> read_link(const At& at) {
  Cursor from(at);
  Read<LinkRow> read;
  read.row.kind = from.text() == "not_face" ? LinkKind::not_face : LinkKind::not_subject;
  read.row.a = from.integer();
  read.row.b = from.integer();
  read.wrong = from.verdict("a link", sum_of(read.row));
  return read;
}

Read<AuditRow> read_audit(const At& at) {
  Cursor from(at);
  Read<AuditRow> read;
  read.row.number = from.integer();
  const auto time = from.optional_time();
  if (!time) read.wrong = numbered("audit record", read.row.number) + " has a time that is none";
  read.row.at = time.value_or(UtcTime{});
  read.row.record = from.text();
  read.row.mac = from.bytes();
  return read;
}

Read<Calibration> read_calibration(const At& at, ModelRowId model, std::vector<ThresholdRow> rows) {
  Cursor from(at);
  Read<Calibration> read;
  Calibration& one = read.row;
  one.at.threshold = Cosine(static_cast<float>(from.real()));
  one.at.false_match_rate = from.real();
  one.at.source = from.text();
  one.subjects = from.integer();
  one.made = from.time();
  one.target = from.optional_real();
  one.fmr_low = from.optional_real();
  one.fmr_high = from.optional_real();
  one.fnmr = from.optional_real();
  one.fpir = from.optional_real();
  one.impostor_pairs = from.integer();
  one.mated_pairs = from.integer();
  one.logistic = read_curve(from);
  one.search_logistic = read_curve(from);
  one.ece = from.optional_real();
  one.data_sha256 = from.text();
  one.rows = std::move(rows);
  const std::int64_t id = from.integer();
  read.wrong = from.verdict(numbered("calibration", id), sum_of(model, one));
  return read;
}

void write(CopyRows& to, const SubjectRow& row) {
  to.row(kSubjectWidth);
  to.add(row.id.number());
  to.add(std::string_view(row.name));
  to.add(std::string_view(row.name_key));
  add_time(to, row.created);
  to.add(if_given(row.external_id));
  to.add(if_given(row.tags));
  to.add(if_given(row.consent));
  to.add(if_given(row.purpose));
  add_time(to, row.retain_until);
  to.add(if_given(row.notes));
  to.add(row.changed);
  to.add(sum_of(row));
}

void write(CopyRows& to, const FaceRow& row) {
  to.row(kFaceWidth);
  to.add(row.id.number());
  to.add(row.subject.number());
  add_time(to, row.enrolled);
  add_time(to, row.retain_until);
  to.add(row.quality);
  to.add(row.inter_eye_px);
  to.add(row.detection);
  to.add(if_given(row.source));
  to.add(if_given(row.source_sha256));
  to.add(if_given(row.source_key));
  using Number = std::optional<double>;
  to.add(row.box ? Number(row.box->x) : Number());
  to.add(row.box ? Number(row.box->y) : Number());
  to.add(row.box ? Number(row.box->width) : Number());
  to.add(row.box ? Number(row.box->height) : Number());
  to.add(row.changed);
  to.add(sum_of(row));
}

void write(CopyRows& to, const TemplateRow& row) {
  to.row(kTemplateWidth);
  to.add(row.face.number());
  to.add(row.model);
  to.add(std::span<const std::byte>(row.bytes));
  to.add(sum_of(row));
}

void write(CopyRows& to, const ThumbnailRow& row) {
  to.row(kThumbnailWidth);
  to.add(row.face.number());
  to.add(name_of(row.format));
  to.add(std::span<const std::byte>(row.bytes));
  to.add(sum_of(row));
}

}  // namespace vultus::gallery::postgres_rows
