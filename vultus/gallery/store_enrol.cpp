// Writing faces, and refusing those that cannot be kept.
#include <cmath>
#include <map>

#include <vultus/gallery/store.hpp>
#include <vultus/gallery/subject_name.hpp>
#include <vultus/gallery/template_bytes.hpp>

namespace vultus::gallery {
namespace {

using sqlite::Database;
using sqlite::Statement;

constexpr std::size_t kSha256Digits = 64;

template <class Number>
Status check_share(std::string_view what, const std::optional<Number>& share) {
  if (!share || (share->value() >= 0 && share->value() <= 1)) return {};
  return fail(ErrorCode::invalid_argument,
              std::string(what) + " of " + std::to_string(share->value()) + ", 0 to 1 is allowed");
}

std::optional<std::string_view> if_given(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional<std::string_view>(text);
}

template <class Tag>
std::optional<double> number_of(const std::optional<Quantity<Tag, float>>& value) {
  return value ? std::optional<double>(value->value()) : std::nullopt;
}

std::optional<std::string> text_of(const std::optional<UtcTime>& time) {
  return time ? std::optional(to_iso8601(*time)) : std::nullopt;
}

/// The statements of one enrolment, prepared once for all its faces.
struct Writer {
  Statement find_subject;
  Statement add_subject;
  Statement find_face;
  Statement add_face;
  Statement add_thumbnail;

  static Result<Writer> prepare(Database& file) {
    VULTUS_TRY(Statement find_subject, file.prepare("SELECT id FROM subjects WHERE name=?"));
    VULTUS_TRY(Statement add_subject, file.prepare("INSERT INTO subjects(name, created) VALUES(?,?)"));
    VULTUS_TRY(Statement find_face, file.prepare("SELECT id, template, box_x, box_y, box_width, box_height FROM faces "
                                                 "WHERE source_sha256=? AND subject=? ORDER BY id"));
    VULTUS_TRY(
        Statement add_face,
        file.prepare("INSERT INTO faces(subject, model, template, enrolled, retain_until, quality, inter_eye_px, "
                     "detection, source, source_sha256, box_x, box_y, box_width, box_height) "
                     "VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?)"));
    VULTUS_TRY(Statement add_thumbnail, file.prepare("INSERT INTO thumbnails(face, format, bytes) VALUES(?,?,?)"));
    return Writer{std::move(find_subject), std::move(add_subject), std::move(find_face), std::move(add_face),
                  std::move(add_thumbnail)};
  }

  Result<SubjectId> subject_named(Database& file, const std::string& name, const std::string& now) {
    find_subject.reset();
    find_subject.bind(1, std::string_view(name));
    VULTUS_TRY(const bool found, find_subject.step());
    const SubjectId known(found ? find_subject.integer(0) : 0);
    find_subject.reset();
    if (found) return known;
    add_subject.bind(1, std::string_view(name)).bind(2, std::string_view(now));
    VULTUS_CHECK(add_subject.run());
    return SubjectId(file.last_row());
  }

  /// The face that this one was enrolled as before.
  Result<std::optional<FaceId>> twin_of(const NewFace& face, SubjectId subject, std::span<const std::byte> bytes) {
    if (face.details.source_sha256.empty()) return std::optional<FaceId>();
    find_face.reset();
    find_face.bind(1, std::string_view(face.details.source_sha256)).bind(2, subject.number());
    std::optional<FaceId> twin;
    while (!twin) {
      VULTUS_TRY(const bool row, find_face.step());
      if (!row) break;
      const auto side = [&](int column) { return static_cast<float>(find_face.real(column)); };
      const bool same_box =
          face.details.box && !find_face.is_null(2) && *face.details.box == RectF{side(2), side(3), side(4), side(5)};
      const std::span<const std::byte> stored = find_face.blob(1);
      if (same_box || std::ranges::equal(stored, bytes)) twin = FaceId(find_face.integer(0));
    }
    find_face.reset();
    return twin;
  }

  Result<FaceId> write(Database& file, const NewFace& face, SubjectId subject, std::int64_t model,
                       std::span<const std::byte> bytes, const std::string& now) {
    const FaceDetails& details = face.details;
    add_face.bind(1, subject.number()).bind(2, model).bind(3, bytes).bind(4, std::string_view(now));
    add_face.bind(5, text_of(details.retain_until));
    add_face.bind(6, number_of(details.quality));
    add_face.bind(7, details.inter_eye_px ? std::optional<double>(*details.inter_eye_px) : std::nullopt);
    add_face.bind(8, number_of(details.detection));
    add_face.bind(9, if_given(details.source)).bind(10, if_given(details.source_sha256));
    if (details.box) {
      add_face.bind(11, double{details.box->x}).bind(12, double{details.box->y});
      add_face.bind(13, double{details.box->width}).bind(14, double{details.box->height});
    }
    VULTUS_CHECK(add_face.run());
    const FaceId id(file.last_row());
    if (face.thumbnail) {
      const bool jpeg = face.thumbnail->format == ThumbnailFormat::jpeg;
      add_thumbnail.bind(1, id.number()).bind(2, std::string_view(jpeg ? "jpeg" : "encrypted"));
      add_thumbnail.bind(3, std::span<const std::byte>(face.thumbnail->bytes));
      VULTUS_CHECK(add_thumbnail.run());
    }
    return id;
  }
};

}  // namespace

Status check_time(std::string_view what, UtcTime time) {
  if (from_iso8601(to_iso8601(time)) == time) return {};
  return fail(ErrorCode::invalid_argument, std::string(what) + " " + std::to_string(time.time_since_epoch().count()) +
                                               " s from 1970, only the years 0 to 9999 are allowed");
}

Status check_sha256(std::string_view what, std::string_view sha256) {
  if (sha256.size() == kSha256Digits && sha256.find_first_not_of("0123456789abcdef") == std::string_view::npos)
    return {};
  return fail(ErrorCode::invalid_argument, std::string(what) + " is \"" +
                                               std::string(sha256.substr(0, 2 * kSha256Digits)) +
                                               "\", 64 lower-case hex digits are wanted");
}

Status check_new_face(const NewFace& face, const GalleryModel& model) {
  if (const Result<std::string> name = checked_name(face.subject); !name) return name.error();
  if (face.embedding.model() != model.id || face.embedding.values().size() != static_cast<std::size_t>(model.dimension))
    return fail(ErrorCode::model_mismatch, "a template of model " + face.embedding.model().text() + " with " +
                                               std::to_string(face.embedding.values().size()) +
                                               " values, the gallery holds model " + model.id.text() + " with " +
                                               std::to_string(model.dimension));
  const FaceDetails& details = face.details;
  VULTUS_CHECK(check_share("quality", details.quality));
  VULTUS_CHECK(check_share("detection score", details.detection));
  if (details.inter_eye_px && !(std::isfinite(*details.inter_eye_px) && *details.inter_eye_px >= 0))
    return fail(ErrorCode::invalid_argument,
                "inter_eye_px of " + std::to_string(*details.inter_eye_px) + ", a finite number from 0 is wanted");
  VULTUS_CHECK(check_length("source", details.source, kMaxTextBytes));
  if (!details.source_sha256.empty()) VULTUS_CHECK(check_sha256("source_sha256", details.source_sha256));
  if (details.box)
    for (const float side : {details.box->x, details.box->y, details.box->width, details.box->height})
      if (!std::isfinite(side)) return fail(ErrorCode::invalid_argument, "a box that is not finite");
  if (details.retain_until) VULTUS_CHECK(check_time("retain_until", *details.retain_until));
  if (face.thumbnail && (face.thumbnail->bytes.empty() || face.thumbnail->bytes.size() > kMaxThumbnailBytes))
    return fail(ErrorCode::invalid_argument, "thumbnail of " + std::to_string(face.thumbnail->bytes.size()) +
                                                 " bytes, 1 to " + std::to_string(kMaxThumbnailBytes) + " is allowed");
  return {};
}

Result<std::vector<EnrolOutcome>> Store::enrol(std::span<const NewFace> faces, UtcTime now) {
  VULTUS_TRY(Writer writer, Writer::prepare(file_));
  const std::string time = to_iso8601(now);
  std::map<std::string, SubjectId> known;
  std::vector<EnrolOutcome> outcomes;
  outcomes.reserve(faces.size());
  for (const NewFace& face : faces) {
    VULTUS_TRY(std::string name, checked_name(face.subject));
    auto at = known.find(name);
    if (at == known.end()) {
      VULTUS_TRY(const SubjectId subject, writer.subject_named(file_, name, time));
      at = known.emplace(std::move(name), subject).first;
    }
    const std::vector<std::byte> bytes = to_bytes(face.embedding.values());
    VULTUS_TRY(const std::optional<FaceId> twin, writer.twin_of(face, at->second, bytes));
    if (twin) {
      outcomes.push_back({*twin, at->second, true});
      continue;
    }
    VULTUS_TRY(const FaceId id, writer.write(file_, face, at->second, model_row_, bytes, time));
    outcomes.push_back({id, at->second, false});
  }
  return outcomes;
}

}  // namespace vultus::gallery
