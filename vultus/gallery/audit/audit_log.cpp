#include <vultus/gallery/audit/audit_log.hpp>

#include <algorithm>
#include <array>

#include <nlohmann/json.hpp>

#include <vultus/gallery/subject_name.hpp>

namespace vultus {

namespace {
constexpr std::array<std::string_view, 3> kLevels{"off", "changes", "all"};
}  // namespace

std::string_view name_of(AuditLevel level) { return kLevels.at(static_cast<std::size_t>(level)); }

std::optional<AuditLevel> audit_level_from(std::string_view name) {
  const auto* const at = std::ranges::find(kLevels, name);
  if (at == kLevels.end()) return std::nullopt;
  return static_cast<AuditLevel>(at - kLevels.begin());
}

namespace gallery {
namespace {

using Json = nlohmann::ordered_json;

// A record with so many pseudonyms has some 10 KB.
constexpr std::size_t kPseudonymsPerRecord = 500;
constexpr std::size_t kPseudonymBytes = 8;

std::string pseudonym(std::string_view kind, std::int64_t id, KeyView key) {
  const Hash hash = keyed_hash("vultus pseudonym " + std::string(kind) + " " + std::to_string(id), key);
  return hex_of(std::span(hash).first<kPseudonymBytes>());
}

template <class Id>
Json pseudonyms(std::span<const Id> ids, KeyView key) {
  Json list = Json::array();
  for (const Id id : ids) list.push_back(pseudonym_of(id, key));
  return list;
}

template <class Id>
std::span<const Id> part_of(const std::vector<Id>& ids, std::size_t part) {
  const std::size_t from = std::min(ids.size(), part * kPseudonymsPerRecord);
  return std::span(ids).subspan(from, std::min(kPseudonymsPerRecord, ids.size() - from));
}

/// The record as text, one for every kPseudonymsPerRecord subjects or faces.
std::vector<std::string> records_of(const AuditNote& note, const AuditActor& actor, KeyView key) {
  const std::size_t most = std::max(note.subjects.size(), note.faces.size());
  const std::size_t parts = std::max<std::size_t>(1, (most + kPseudonymsPerRecord - 1) / kPseudonymsPerRecord);
  std::vector<std::string> records;
  for (std::size_t part = 0; part < parts; ++part) {
    Json json;
    json["what"] = note.what;
    json["who"] = actor.who;
    if (!actor.purpose.empty()) json["purpose"] = actor.purpose;
    if (const auto ids = part_of(note.subjects, part); !ids.empty()) json["subjects"] = pseudonyms(ids, key);
    if (const auto ids = part_of(note.faces, part); !ids.empty()) json["faces"] = pseudonyms(ids, key);
    if (note.count && part == 0) json["count"] = *note.count;
    if (!note.detail.empty()) json["detail"] = note.detail;
    records.push_back(json.dump(-1, ' ', false, Json::error_handler_t::replace));
  }
  return records;
}

SealedPlace place_of(const GalleryId& gallery, std::int64_t number) {
  return {.gallery = gallery, .column = SealedColumn::audit_record, .row = number};
}

std::optional<std::string> text_at(const nlohmann::json& json, const char* name) {
  const auto at = json.find(name);
  if (at == json.end()) return std::string();
  if (!at->is_string()) return std::nullopt;
  return at->get<std::string>();
}

bool read_list(const nlohmann::json& json, const char* name, std::vector<std::string>& list) {
  const auto at = json.find(name);
  if (at == json.end()) return true;
  if (!at->is_array()) return false;
  for (const nlohmann::json& one : *at) {
    if (!one.is_string()) return false;
    list.push_back(one.get<std::string>());
  }
  return true;
}

}  // namespace

std::string pseudonym_of(SubjectId id, KeyView audit_key) { return pseudonym("subject", id.number(), audit_key); }
std::string pseudonym_of(FaceId id, KeyView audit_key) { return pseudonym("face", id.number(), audit_key); }

Hash mac_of(const AuditRow& row, const Hash& before, KeyView audit_key) {
  // The length of the record stands before it, so no two records give the same text.
  return keyed_hash("vultus audit 1\n" + std::to_string(row.number) + "\n" + to_iso8601(row.at) + "\n" +
                        std::to_string(row.record.size()) + "\n" + row.record + "\n" + hex_of(before),
                    audit_key);
}

Status AuditLog::append(Store& store, std::span<const AuditNote> notes, const AuditActor& actor, UtcTime now) const {
  if (notes.empty()) return {};
  VULTUS_CHECK(check_length("who", actor.who, kMaxNameBytes));
  VULTUS_CHECK(check_length("purpose", actor.purpose, kMaxTextBytes));
  VULTUS_TRY(const std::optional<AuditRow> last, store.last_audit());
  Hash before = beginning();
  if (last && last->mac.size() != before.size())
    return store.fail(ErrorCode::corrupt_data, "damaged audit log: the hash of its last record is no hash");
  if (last)
    std::ranges::transform(last->mac, before.begin(), [](std::byte b) { return std::to_integer<std::uint8_t>(b); });
  std::int64_t number = last ? last->number : 0;
  const KeyView key = keyring_.key(KeyUse::audit);
  // The head is written anew below: what it says against the log now is told by the log itself from here on.
  std::vector<AuditNote> all(notes.begin(), notes.end());
  VULTUS_TRY(const std::string broken, broken_head(store, last));
  if (!broken.empty() && notes.front().what != kNewKeyring)
    all.insert(all.begin(), AuditNote{.what = std::string(kLogBroken), .detail = broken});
  std::vector<AuditRow> rows;
  for (const AuditNote& note : all)
    for (std::string& record : records_of(note, actor, key)) {
      AuditRow row{.number = ++number, .at = now, .record = std::move(record)};
      if (keyring_.kind() != KeyringKind::open)
        row.record = seal_text(row.record, keyring_.key(KeyUse::texts), place_of(keyring_.gallery(), number));
      before = mac_of(row, before, key);
      const auto bytes = std::as_bytes(std::span(before));
      row.mac.assign(bytes.begin(), bytes.end());
      rows.push_back(std::move(row));
    }
  VULTUS_CHECK(store.append_audit(rows));
  return store.set_meta(kMetaAuditHead, head_text(number, hex_of(before)));
}

Result<AuditEntry> AuditLog::entry(const AuditRow& row) const {
  const std::string what = "record " + std::to_string(row.number) + " of the audit log";
  std::string text = row.record;
  if (text.starts_with("s1:")) {
    auto opened = unseal_text(text, keyring_.key(KeyUse::texts), place_of(keyring_.gallery(), row.number));
    if (!opened) return opened.error().with_context(what);
    text = *std::move(opened);
  }
  AuditEntry entry{.number = row.number, .at = row.at};
  const nlohmann::json json = nlohmann::json::parse(text, nullptr, false);
  const auto who = json.is_object() ? text_at(json, "who") : std::nullopt;
  const auto act = json.is_object() ? text_at(json, "what") : std::nullopt;
  const auto purpose = json.is_object() ? text_at(json, "purpose") : std::nullopt;
  const auto detail = json.is_object() ? text_at(json, "detail") : std::nullopt;
  if (!who || !act || !purpose || !detail || !read_list(json, "subjects", entry.subjects) ||
      !read_list(json, "faces", entry.faces))
    return fail(ErrorCode::corrupt_data, what + " is not readable");
  entry.who = *who;
  entry.what = *act;
  entry.purpose = *purpose;
  entry.detail = *detail;
  if (const auto count = json.find("count"); count != json.end() && count->is_number_integer())
    entry.count = count->get<std::int64_t>();
  return entry;
}

Status AuditLog::each(Store& store, std::int64_t after, const std::function<Status(const AuditEntry&)>& take) const {
  return store.each_audit(after, [&](const AuditRow& row) -> Status {
    VULTUS_TRY(const AuditEntry one, entry(row));
    return take(one);
  });
}

Hash AuditLog::beginning() const {
  return shard_.empty() ? Hash{} : keyed_hash("vultus audit shard " + shard_, keyring_.key(KeyUse::audit));
}

Hash AuditLog::seal_of_head(std::int64_t number, std::string_view mac) const {
  return keyed_hash("vultus audit head " + std::to_string(number) + " " + std::string(mac),
                    keyring_.key(KeyUse::audit));
}

}  // namespace gallery
}  // namespace vultus
