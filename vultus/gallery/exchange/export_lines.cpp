// Writing an export.
#include <sodium.h>

#include <nlohmann/json.hpp>

#include <vultus/gallery/exchange/export_hash.hpp>
#include <vultus/gallery/export_file.hpp>
#include <vultus/gallery/template_bytes.hpp>
#include <vultus/gallery/vault/sealing.hpp>

namespace vultus {

using OrderedJson = nlohmann::ordered_json;

namespace {

std::string base64(std::span<const std::byte> bytes) {
  return gallery::base64_of({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
}

/// A path need not be UTF-8, and JSON is nothing else: such bytes go as base64.
void put_text(OrderedJson& json, const char* name, const std::string& text) {
  if (text.empty()) return;
  try {
    (void)OrderedJson(text).dump();
    json[name] = text;
  } catch (const OrderedJson::type_error&) {
    json[std::string(name) + "_base64"] = base64(std::as_bytes(std::span(text)));
  }
}

void put_time(OrderedJson& json, const char* name, const std::optional<UtcTime>& time) {
  if (time) json[name] = to_iso8601(*time);
}

}  // namespace

struct ExportLines::State {
  gallery::RunningHash hash;
  std::int64_t lines = 0;
};

ExportLines::ExportLines() : state_(std::make_unique<State>()) {}
ExportLines::ExportLines(ExportLines&&) noexcept = default;
ExportLines& ExportLines::operator=(ExportLines&&) noexcept = default;
ExportLines::~ExportLines() = default;

std::string ExportLines::line(std::string json) {
  json.pop_back();
  json += R"(,"sum":")" + gallery::sum_of_line(json) + "\"}\n";
  state_->hash.add(json);
  ++state_->lines;
  return json;
}

std::string ExportLines::header(const ExportHeader& header) {
  OrderedJson json;
  json["vultus_export"] = gallery::kExportFormat;
  if (!header.gallery.empty()) json["gallery"] = header.gallery;
  json["model"] = header.model.id.text();
  json["dimension"] = header.model.dimension;
  put_text(json, "model_sha256", header.model.sha256);
  put_text(json, "preset", header.model.preset);
  json["made"] = to_iso8601(header.made);
  json["subjects"] = header.subjects;
  json["faces"] = header.faces;
  return line(json.dump());
}

std::string ExportLines::subject(const Subject& subject) {
  OrderedJson json;
  json["subject"] = subject.id.number();
  put_text(json, "name", subject.name);
  json["created"] = to_iso8601(subject.created);
  put_text(json, "external_id", subject.details.external_id);
  if (!subject.details.tags.empty()) json["tags"] = subject.details.tags;
  put_text(json, "consent", subject.details.consent);
  put_text(json, "purpose", subject.details.purpose);
  put_time(json, "retain_until", subject.details.retain_until);
  put_text(json, "notes", subject.details.notes);
  return line(json.dump());
}

std::string ExportLines::face(const ExportedFace& face) {
  const FaceDetails& details = face.face.details;
  OrderedJson json;
  json["face"] = face.face.id.number();
  json["of"] = face.face.subject.number();
  json["enrolled"] = to_iso8601(face.face.enrolled);
  put_time(json, "retain_until", details.retain_until);
  if (details.quality) json["quality"] = details.quality->value();
  if (details.inter_eye_px) json["inter_eye_px"] = *details.inter_eye_px;
  if (details.detection) json["detection"] = details.detection->value();
  put_text(json, "source", details.source);
  put_text(json, "source_sha256", details.source_sha256);
  if (details.box) json["box"] = {details.box->x, details.box->y, details.box->width, details.box->height};
  json["template"] = base64(gallery::to_bytes(face.values));
  if (face.thumbnail) {
    json["thumbnail_format"] = face.thumbnail->format == ThumbnailFormat::jpeg ? "jpeg" : "encrypted";
    json["thumbnail"] = base64(face.thumbnail->bytes);
  }
  return line(json.dump());
}

std::string ExportLines::end() {
  OrderedJson json;
  json["end"] = state_->lines;
  json["blake2b"] = state_->hash.hex();
  return line(json.dump());
}

}  // namespace vultus
