#include <vultus/gallery/input_checks.hpp>

#include <cmath>
#include <string>

#include <vultus/gallery/subject_name.hpp>

namespace vultus::gallery {
namespace {

constexpr std::size_t kSha256Digits = 64;

template <class Number>
Status check_share(std::string_view what, const std::optional<Number>& share) {
  if (!share || (share->value() >= 0 && share->value() <= 1)) return {};
  return fail(ErrorCode::invalid_argument,
              std::string(what) + " of " + std::to_string(share->value()) + ", 0 to 1 is allowed");
}

}  // namespace

Status check_model(const GalleryModel& model) {
  if (model.id.empty()) return fail(ErrorCode::invalid_argument, "gallery model without an id");
  VULTUS_CHECK(check_length("gallery model id", model.id.text(), kMaxNameBytes));
  if (model.dimension < 1 || model.dimension > static_cast<int>(Embedding::kMaxDimension))
    return fail(ErrorCode::invalid_argument, "gallery model " + model.id.text() + " with dimension " +
                                                 std::to_string(model.dimension) + ", 1 to " +
                                                 std::to_string(Embedding::kMaxDimension) + " is allowed");
  if (!model.sha256.empty()) VULTUS_CHECK(check_sha256("SHA-256 of the gallery model", model.sha256));
  return check_length("preset of the gallery model", model.preset, kMaxNameBytes);
}

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

Status check_details(const SubjectDetails& details) {
  VULTUS_CHECK(check_length("external id", details.external_id, kMaxTextBytes));
  VULTUS_CHECK(check_length("consent", details.consent, kMaxTextBytes));
  VULTUS_CHECK(check_length("purpose", details.purpose, kMaxTextBytes));
  VULTUS_CHECK(check_length("notes", details.notes, kMaxTextBytes));
  std::size_t bytes = 0;
  for (const std::string& tag : details.tags) {
    if (Result<std::string> checked = checked_name(tag); !checked) return checked.error().with_context("tag");
    bytes += tag.size();
  }
  if (bytes > kMaxTextBytes)
    return fail(ErrorCode::invalid_argument,
                "tags of " + std::to_string(bytes) + " bytes, the limit is " + std::to_string(kMaxTextBytes));
  if (details.retain_until) VULTUS_CHECK(check_time("retain_until", *details.retain_until));
  return {};
}

}  // namespace vultus::gallery
