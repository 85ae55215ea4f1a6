#include <vultus/gallery/undo_body.hpp>

#include <sodium.h>
#include <nlohmann/json.hpp>

#include <vultus/gallery/store/row_sum.hpp>

namespace vultus::gallery {
namespace {

using Json = nlohmann::json;

Error no_body(const char* what) {
  return fail(ErrorCode::corrupt_data, std::string("a change that can be taken back is not written as one: ") + what);
}

std::string to_base64(const std::string& text) {
  std::string out(sodium_base64_encoded_len(text.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
  sodium_bin2base64(out.data(), out.size(), reinterpret_cast<const unsigned char*>(text.data()), text.size(),
                    sodium_base64_VARIANT_ORIGINAL);
  out.pop_back();  // the zero that it ends with
  return out;
}

std::optional<std::string> from_base64(const std::string& text) {
  std::string out(text.size(), '\0');
  std::size_t size = 0;
  const char* end = nullptr;
  if (sodium_base642bin(reinterpret_cast<unsigned char*>(out.data()), out.size(), text.data(), text.size(), nullptr,
                        &size, &end, sodium_base64_VARIANT_ORIGINAL) != 0 ||
      end != text.data() + text.size())
    return std::nullopt;
  out.resize(size);
  return out;
}

/// The texts of a subject, by their names.
template <class Row, class Use>
void each_text(Row& row, const Use& use) {
  use("name", row.name);
  use("name_key", row.name_key);
  use("external_id", row.external_id);
  use("tags", row.tags);
  use("consent", row.consent);
  use("purpose", row.purpose);
  use("notes", row.notes);
}

Json json_of(const SubjectRow& row) {
  Json json{{"id", row.id.number()}, {"created", to_iso8601(row.created)}};
  if (row.retain_until) json["retain_until"] = to_iso8601(*row.retain_until);
  each_text(row, [&](const char* key, const std::string& text) {
    if (!text.empty()) json[key] = to_base64(text);
  });
  return json;
}

Json json_of(const std::vector<FaceId>& faces) {
  Json json = Json::array();
  for (const FaceId face : faces) json.push_back(face.number());
  return json;
}

std::optional<std::int64_t> number_at(const Json& json, const char* key) {
  const auto at = json.find(key);
  if (at == json.end() || !at->is_number_integer()) return std::nullopt;
  return at->get<std::int64_t>();
}

std::optional<std::string> text_at(const Json& json, const char* key) {
  const auto at = json.find(key);
  if (at == json.end() || !at->is_string()) return std::nullopt;
  return at->get<std::string>();
}

std::optional<std::vector<FaceId>> faces_at(const Json& json, const char* key) {
  const auto at = json.find(key);
  if (at == json.end() || !at->is_array()) return std::nullopt;
  std::vector<FaceId> faces;
  for (const Json& face : *at) {
    if (!face.is_number_integer()) return std::nullopt;
    faces.emplace_back(face.get<std::int64_t>());
  }
  return faces;
}

Result<Json> parsed(const std::string& body) {
  Json json = Json::parse(body, nullptr, false);
  if (!json.is_object()) return no_body("no object");
  return json;
}

Result<SubjectRow> subject_at(const Json& json, const char* key) {
  const auto at = json.find(key);
  if (at == json.end() || !at->is_object()) return no_body("no subject");
  SubjectRow row;
  const auto id = number_at(*at, "id");
  const auto created = text_at(*at, "created");
  const auto time = created ? from_iso8601(*created) : std::nullopt;
  if (!id || !time) return no_body("no id or time");
  row.id = SubjectId(*id);
  row.created = *time;
  if (const auto until = text_at(*at, "retain_until")) {
    row.retain_until = from_iso8601(*until);
    if (!row.retain_until) return no_body("no time");
  }
  bool fine = true;
  each_text(row, [&](const char* name, std::string& text) {
    const auto coded = text_at(*at, name);
    const auto plain = coded ? from_base64(*coded) : std::optional<std::string>("");
    fine = fine && plain;
    if (plain) text = *plain;
  });
  if (!fine || row.name_key.empty()) return no_body("no name");
  return row;
}

}  // namespace

std::string body_of(const MergeUndo& undo) {
  return Json{{"from", json_of(undo.from)},
              {"into", undo.into.number()},
              {"faces", json_of(undo.faces)},
              {"not_from", json_of(undo.not_from)},
              {"not_into", json_of(undo.not_into)}}
      .dump();
}

std::string body_of(const SplitUndo& undo) {
  return Json{{"from", undo.from.number()}, {"made", undo.made.number()}, {"faces", json_of(undo.faces)}}.dump();
}

std::string body_of(const LinkUndo& undo) {
  return Json{{"kind", name_of(undo.link.kind)}, {"a", undo.link.a}, {"b", undo.link.b}, {"added", undo.added}}.dump();
}

Result<MergeUndo> merge_from(const std::string& body) {
  VULTUS_TRY(const Json json, parsed(body));
  MergeUndo undo;
  VULTUS_TRY(undo.from, subject_at(json, "from"));
  const auto into = number_at(json, "into");
  auto faces = faces_at(json, "faces");
  auto not_from = faces_at(json, "not_from");
  auto not_into = faces_at(json, "not_into");
  if (!into || !faces || !not_from || !not_into) return no_body("no merge");
  undo.into = SubjectId(*into);
  undo.faces = *std::move(faces);
  undo.not_from = *std::move(not_from);
  undo.not_into = *std::move(not_into);
  return undo;
}

Result<SplitUndo> split_from(const std::string& body) {
  VULTUS_TRY(const Json json, parsed(body));
  const auto from = number_at(json, "from");
  const auto made = number_at(json, "made");
  auto faces = faces_at(json, "faces");
  if (!from || !made || !faces) return no_body("no split");
  return SplitUndo{SubjectId(*from), SubjectId(*made), *std::move(faces)};
}

Result<LinkUndo> link_from(const std::string& body) {
  VULTUS_TRY(const Json json, parsed(body));
  const auto kind = text_at(json, "kind");
  const auto a = number_at(json, "a");
  const auto b = number_at(json, "b");
  const auto added = json.find("added");
  if (!kind || !a || !b || added == json.end() || !added->is_boolean()) return no_body("no link");
  return LinkUndo{{*kind == name_of(LinkKind::not_face) ? LinkKind::not_face : LinkKind::not_subject, *a, *b},
                  added->get<bool>()};
}

bool mentions(const UndoRow& row, SubjectId subject) {
  if (row.kind == kMergeKind) {
    const Result<MergeUndo> undo = merge_from(row.body);
    return !undo || undo->from.id == subject || undo->into == subject;
  }
  if (row.kind == kSplitKind) {
    const Result<SplitUndo> undo = split_from(row.body);
    return !undo || undo->from == subject || undo->made == subject;
  }
  const Result<LinkUndo> undo = link_from(row.body);
  return !undo || (undo->link.kind == LinkKind::not_subject && undo->link.b == subject.number());
}

}  // namespace vultus::gallery
