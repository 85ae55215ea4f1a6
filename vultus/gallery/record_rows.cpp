#include <vultus/gallery/record_rows.hpp>

#include <nlohmann/json.hpp>

namespace vultus::gallery {
namespace {

std::optional<Score> score_from(const std::optional<double>& value) {
  return value ? std::optional(Score(static_cast<float>(*value))) : std::nullopt;
}

template <class Tag>
std::optional<double> number_of(const std::optional<Quantity<Tag, float>>& value) {
  return value ? std::optional<double>(value->value()) : std::nullopt;
}

}  // namespace

std::string tags_text(const std::vector<std::string>& tags) {
  // A tag is the user's text: bytes that are no UTF-8 are refused before, by check_details.
  return tags.empty() ? std::string() : nlohmann::json(tags).dump();
}

std::optional<std::vector<std::string>> tags_from(const std::string& text) {
  std::vector<std::string> tags;
  if (text.empty()) return tags;
  const nlohmann::json json = nlohmann::json::parse(text, nullptr, false);
  if (!json.is_array()) return std::nullopt;
  for (const nlohmann::json& tag : json) {
    if (!tag.is_string()) return std::nullopt;
    tags.push_back(tag.get<std::string>());
  }
  return tags;
}

void put_details(SubjectRow& row, const SubjectDetails& details) {
  row.external_id = details.external_id;
  row.tags = tags_text(details.tags);
  row.consent = details.consent;
  row.purpose = details.purpose;
  row.retain_until = details.retain_until;
  row.notes = details.notes;
}

Result<Subject> subject_of(const SubjectRow& row) {
  auto tags = tags_from(row.tags);
  if (!tags)
    return fail(ErrorCode::corrupt_data,
                "the tags of subject " + std::to_string(row.id.number()) + " are no list of texts");
  return Subject{.id = row.id,
                 .name = row.name,
                 .created = row.created,
                 .faces = row.faces,
                 .details = {.external_id = row.external_id,
                             .tags = *std::move(tags),
                             .consent = row.consent,
                             .purpose = row.purpose,
                             .retain_until = row.retain_until,
                             .notes = row.notes}};
}

FaceRow row_of(const FaceDetails& details, UtcTime enrolled) {
  FaceRow row;
  row.enrolled = enrolled;
  row.retain_until = details.retain_until;
  row.quality = number_of(details.quality);
  if (details.inter_eye_px) row.inter_eye_px = double{*details.inter_eye_px};
  row.detection = number_of(details.detection);
  row.source = details.source;
  row.source_sha256 = details.source_sha256;
  row.box = details.box;
  return row;
}

EnrolledFace enrolled_face(const FaceRow& row) {
  EnrolledFace face;
  face.id = row.id;
  face.subject = row.subject;
  face.enrolled = row.enrolled;
  face.details.quality = score_from(row.quality);
  if (row.inter_eye_px) face.details.inter_eye_px = static_cast<float>(*row.inter_eye_px);
  face.details.detection = score_from(row.detection);
  face.details.source = row.source;
  face.details.source_sha256 = row.source_sha256;
  face.details.box = row.box;
  face.details.retain_until = row.retain_until;
  face.thumbnail = row.thumbnail;
  return face;
}

}  // namespace vultus::gallery
