// Reading an export, which may have been made or altered by anyone.
#include <algorithm>
#include <cmath>
#include <set>

#include <nlohmann/json.hpp>

#include <vultus/gallery/exchange/export_hash.hpp>
#include <vultus/gallery/export_file.hpp>
#include <vultus/gallery/subject_name.hpp>
#include <vultus/gallery/template_bytes.hpp>
#include <vultus/gallery/vault/sealing.hpp>

namespace vultus {

using Json = nlohmann::json;

struct ExportReader::State {
  ExportVisitor visitor;
  gallery::RunningHash hash;
  std::int64_t lines = 0;
  std::optional<ExportHeader> header;
  std::int64_t subjects = 0;
  std::int64_t faces = 0;
  std::int64_t subject = 0;  ///< the one whose faces come now
  std::set<std::int64_t> seen;
  bool ended = false;
};

namespace {

constexpr std::string_view kSumBegin = R"(,"sum":")";
constexpr std::size_t kSumDigits = 16;

Error wrong(const std::string& what) { return fail(ErrorCode::corrupt_data, what); }

/// The members of one line, read with their types.
class Members {
 public:
  explicit Members(const Json& json) : json_(json) {}

  [[nodiscard]] bool has(const char* name) const { return json_.contains(name); }
  Result<std::string> text(const char* name) const {
    const auto at = json_.find(name);
    if (at == json_.end()) return encoded_text(name);
    if (!at->is_string()) return wrong(std::string(name) + " is no text");
    return at->get<std::string>();
  }
  Result<std::int64_t> integer(const char* name) const {
    const auto at = json_.find(name);
    if (at == json_.end() || !at->is_number_integer()) return wrong(std::string(name) + " is no whole number");
    return at->get<std::int64_t>();
  }
  Result<std::optional<float>> real(const char* name) const {
    const auto at = json_.find(name);
    if (at == json_.end()) return std::optional<float>();
    if (!at->is_number()) return wrong(std::string(name) + " is no number");
    return std::optional(at->get<float>());
  }
  Result<std::optional<UtcTime>> time(const char* name) const {
    const auto at = json_.find(name);
    if (at == json_.end()) return std::optional<UtcTime>();
    const auto time = at->is_string() ? from_iso8601(at->get<std::string>()) : std::nullopt;
    if (!time) return wrong(std::string(name) + " is no time");
    return time;
  }
  Result<UtcTime> required_time(const char* name) const {
    VULTUS_TRY(const std::optional<UtcTime> found, time(name));
    if (!found) return wrong(std::string(name) + " is missing");
    return *found;
  }
  Result<std::vector<std::string>> list(const char* name) const {
    std::vector<std::string> all;
    const auto at = json_.find(name);
    if (at == json_.end()) return all;
    if (!at->is_array()) return wrong(std::string(name) + " is no list");
    for (const Json& one : *at) {
      if (!one.is_string()) return wrong(std::string(name) + " is no list of texts");
      all.push_back(one.get<std::string>());
    }
    return all;
  }
  Result<std::vector<std::byte>> bytes(const char* name) const {
    const auto at = json_.find(name);
    auto read = at != json_.end() && at->is_string() ? gallery::bytes_from_base64(at->get_ref<const std::string&>())
                                                     : std::nullopt;
    if (!read) return wrong(std::string(name) + " is no base64");
    return *std::move(read);
  }
  Result<std::optional<RectF>> box() const {
    const auto at = json_.find("box");
    if (at == json_.end()) return std::optional<RectF>();
    const auto number = [](const Json& one) { return one.is_number(); };
    if (!at->is_array() || at->size() != 4 || !std::all_of(at->begin(), at->end(), number))
      return wrong("box is no list of four numbers");
    return std::optional(
        RectF{(*at)[0].get<float>(), (*at)[1].get<float>(), (*at)[2].get<float>(), (*at)[3].get<float>()});
  }

 private:
  Result<std::string> encoded_text(const char* name) const {
    const std::string encoded = std::string(name) + "_base64";
    if (!json_.contains(encoded)) return std::string();
    VULTUS_TRY(const std::vector<std::byte> read, bytes(encoded.c_str()));
    return std::string(reinterpret_cast<const char*>(read.data()), read.size());
  }
  const Json& json_;
};

Result<ExportHeader> header_from(const Members& line) {
  VULTUS_TRY(const std::int64_t format, line.integer("vultus_export"));
  if (format != gallery::kExportFormat)
    return fail(ErrorCode::unsupported, "an export of format " + std::to_string(format) + ", this program reads " +
                                            std::to_string(gallery::kExportFormat));
  ExportHeader header;
  VULTUS_TRY(header.gallery, line.text("gallery"));
  VULTUS_TRY(const std::string model, line.text("model"));
  if (model.empty() || model.size() > kMaxNameBytes) return wrong("model has no name");
  header.model.id = ModelId(model);
  VULTUS_TRY(const std::int64_t dimension, line.integer("dimension"));
  if (dimension < 1 || dimension > static_cast<std::int64_t>(Embedding::kMaxDimension))
    return wrong("dimension " + std::to_string(dimension) + " is outside its range");
  header.model.dimension = static_cast<int>(dimension);
  VULTUS_TRY(header.model.sha256, line.text("model_sha256"));
  VULTUS_TRY(header.model.preset, line.text("preset"));
  VULTUS_TRY(header.made, line.required_time("made"));
  VULTUS_TRY(header.subjects, line.integer("subjects"));
  VULTUS_TRY(header.faces, line.integer("faces"));
  return header;
}

Result<Subject> subject_from(const Members& line) {
  Subject subject;
  VULTUS_TRY(const std::int64_t id, line.integer("subject"));
  subject.id = SubjectId(id);
  VULTUS_TRY(const std::string name, line.text("name"));
  VULTUS_TRY(subject.name, gallery::checked_name(name));
  if (subject.name != name) return wrong("the name has white space around it");
  VULTUS_TRY(subject.created, line.required_time("created"));
  VULTUS_TRY(subject.details.external_id, line.text("external_id"));
  VULTUS_TRY(subject.details.tags, line.list("tags"));
  VULTUS_TRY(subject.details.consent, line.text("consent"));
  VULTUS_TRY(subject.details.purpose, line.text("purpose"));
  VULTUS_TRY(subject.details.retain_until, line.time("retain_until"));
  VULTUS_TRY(subject.details.notes, line.text("notes"));
  return subject;
}

Result<std::optional<Thumbnail>> thumbnail_from(const Members& line) {
  if (!line.has("thumbnail")) return std::optional<Thumbnail>();
  Thumbnail thumbnail;
  VULTUS_TRY(const std::string format, line.text("thumbnail_format"));
  if (format != "jpeg" && format != "encrypted") return wrong("thumbnail_format is not jpeg or encrypted");
  thumbnail.format = format == "jpeg" ? ThumbnailFormat::jpeg : ThumbnailFormat::encrypted;
  VULTUS_TRY(thumbnail.bytes, line.bytes("thumbnail"));
  if (thumbnail.bytes.empty() || thumbnail.bytes.size() > kMaxThumbnailBytes)
    return wrong("a thumbnail of " + std::to_string(thumbnail.bytes.size()) + " bytes");
  return std::optional(std::move(thumbnail));
}

Result<ExportedFace> face_from(const Members& line, int dimension) {
  ExportedFace exported;
  EnrolledFace& face = exported.face;
  VULTUS_TRY(const std::int64_t id, line.integer("face"));
  VULTUS_TRY(const std::int64_t of, line.integer("of"));
  face.id = FaceId(id);
  face.subject = SubjectId(of);
  VULTUS_TRY(face.enrolled, line.required_time("enrolled"));
  VULTUS_TRY(face.details.retain_until, line.time("retain_until"));
  VULTUS_TRY(const std::optional<float> quality, line.real("quality"));
  if (quality) face.details.quality = Score(*quality);
  VULTUS_TRY(face.details.inter_eye_px, line.real("inter_eye_px"));
  VULTUS_TRY(const std::optional<float> detection, line.real("detection"));
  if (detection) face.details.detection = Score(*detection);
  VULTUS_TRY(face.details.source, line.text("source"));
  VULTUS_TRY(face.details.source_sha256, line.text("source_sha256"));
  VULTUS_TRY(face.details.box, line.box());
  VULTUS_TRY(const std::vector<std::byte> bytes, line.bytes("template"));
  if (const auto why = gallery::from_bytes(bytes, static_cast<std::size_t>(dimension), exported.values))
    return wrong("face " + std::to_string(id) + " " + *why);
  VULTUS_TRY(exported.thumbnail, thumbnail_from(line));
  if (exported.thumbnail) face.thumbnail = exported.thumbnail->format;
  return exported;
}

/// The line must end with the checksum of what stands before it.
bool has_sum(std::string_view line) {
  const std::size_t tail = kSumBegin.size() + kSumDigits + 2;
  if (line.size() < tail || !line.ends_with("\"}")) return false;
  const std::string_view before = line.substr(0, line.size() - tail);
  const std::string_view end = line.substr(before.size());
  return end.starts_with(kSumBegin) && end.substr(kSumBegin.size(), kSumDigits) == gallery::sum_of_line(before);
}

}  // namespace

ExportReader::ExportReader(ExportVisitor visitor) : state_(std::make_unique<State>()) {
  state_->visitor = std::move(visitor);
}
ExportReader::ExportReader(ExportReader&&) noexcept = default;
ExportReader& ExportReader::operator=(ExportReader&&) noexcept = default;
ExportReader::~ExportReader() = default;

Status ExportReader::take(std::string_view line) {
  State& state = *state_;
  const std::string where = "line " + std::to_string(state.lines + 1);
  const auto refuse = [&where](const std::string& what) { return wrong(where + ": " + what); };
  if (state.ended) return refuse("something follows the end");
  if (line.size() > kMaxLineBytes) return refuse("longer than " + std::to_string(kMaxLineBytes) + " bytes");
  if (!has_sum(line))
    return refuse(state.lines == 0 ? "no export of Vultus, or altered" : "its checksum is wrong: altered or cut off");
  const Json json = Json::parse(line, nullptr, false);
  if (!json.is_object()) return refuse("no JSON object");
  const Members members(json);
  if (members.has("end")) {
    const auto lines = members.integer("end");
    const auto hash = members.text("blake2b");
    if (!state.header || !lines || !hash || *lines != state.lines || *hash != state.hash.hex())
      return refuse("lines before it were added, taken out or moved");
    if (state.subjects != state.header->subjects || state.faces != state.header->faces)
      return refuse("the first line tells of " + std::to_string(state.header->subjects) + " subjects and " +
                    std::to_string(state.header->faces) + " faces, " + std::to_string(state.subjects) + " and " +
                    std::to_string(state.faces) + " are there");
    state.ended = true;
    return {};
  }
  state.hash.add(line);
  state.hash.add("\n");
  ++state.lines;
  if (!state.header) {
    auto header = header_from(members);
    if (!header) return header.error().with_context(where);
    state.header = *header;
    return state.visitor.header(*header);
  }
  if (members.has("subject")) {
    const auto subject = subject_from(members);
    if (!subject) return subject.error().with_context(where);
    if (!state.seen.insert(subject->id.number()).second) return refuse("a subject that was there before");
    state.subject = subject->id.number();
    ++state.subjects;
    return state.visitor.subject(*subject);
  }
  const auto face = face_from(members, state.header->model.dimension);
  if (!face) return face.error().with_context(where);
  if (state.subjects == 0 || face->face.subject.number() != state.subject)
    return refuse("a face that does not follow its subject");
  ++state.faces;
  return state.visitor.face(*face);
}

Status ExportReader::finish() const {
  if (state_->ended) return {};
  return wrong("the export ends behind line " + std::to_string(state_->lines) + ": it is cut off");
}

}  // namespace vultus
