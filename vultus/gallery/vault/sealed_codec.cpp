#include <vultus/gallery/vault/sealed_codec.hpp>

#include <array>
#include <optional>
#include <type_traits>
#include <utility>

namespace vultus::gallery {
namespace {

struct SealedText {
  std::string SubjectRow::*text;
  SealedColumn column;
};
constexpr std::array<SealedText, 6> kSubjectTexts{{{&SubjectRow::name, SealedColumn::subject_name},
                                                   {&SubjectRow::external_id, SealedColumn::subject_external_id},
                                                   {&SubjectRow::tags, SealedColumn::subject_tags},
                                                   {&SubjectRow::consent, SealedColumn::subject_consent},
                                                   {&SubjectRow::purpose, SealedColumn::subject_purpose},
                                                   {&SubjectRow::notes, SealedColumn::subject_notes}}};

/// Holds the key of one subject at a time, in locked memory.
class SealedCodec final : public Codec {
 public:
  SealedCodec(Keyring& keyring, std::function<UtcTime()> now, Secret key)
      : keyring_(keyring), now_(std::move(now)), key_(std::move(key)) {}

  [[nodiscard]] std::string_view encryption() const override { return kSealedEncryption; }
  [[nodiscard]] bool hides_names() const override { return true; }
  [[nodiscard]] bool binds_to_subject() const override { return true; }
  [[nodiscard]] std::optional<std::span<const unsigned char, 32>> snapshot_key() const override {
    return keyring_.key(KeyUse::snapshot);
  }

  Result<std::string> name_key(std::string_view name) const override {
    return hex_of(keyed_hash(name, keyring_.key(KeyUse::names)));
  }
  Result<std::string> source_key(std::string_view sha256) const override {
    return hex_of(keyed_hash(sha256, keyring_.key(KeyUse::sources)));
  }

  Result<std::optional<SubjectId>> taken_from(SubjectId first, std::int64_t count, SubjectId end) override {
    VULTUS_CHECK(keyring_.refresh());
    bool known = false;
    for (std::int64_t id = first.number(); id < first.number() + count && !known; ++id) known = keyring_.knows(id);
    if (!known) return std::optional<SubjectId>();
    const std::optional<std::int64_t> highest = keyring_.highest_known(first.number(), end.number());
    return highest ? std::optional(SubjectId(*highest)) : std::optional<SubjectId>();
  }

  Status add_subjects(std::span<const SubjectId> made) override {
    std::vector<std::int64_t> numbers;
    numbers.reserve(made.size());
    for (const SubjectId id : made) numbers.push_back(id.number());
    VULTUS_CHECK(keyring_.refresh());
    return keyring_.add(numbers, now_());
  }

  Status forget(SubjectId subject) override {
    held_.reset();
    wipe(key_.writable());
    VULTUS_TRY(const auto gone, keyring_.destroy(subject.number(), now_()));
    (void)gone;  // a subject without a key has nothing to be forgotten
    return {};
  }

  Status seal(SubjectRow& row) const override {
    VULTUS_TRY(row.name_key, name_key(row.name));
    VULTUS_CHECK(hold(row.id));
    for (const SealedText& one : kSubjectTexts) seal_text_in(row.*one.text, one.column, row.id.number());
    return {};
  }
  Status open(SubjectRow& row) const override {
    const std::string what = "subject " + std::to_string(row.id.number());
    VULTUS_CHECK(hold_to_open(row.id));
    for (const SealedText& one : kSubjectTexts)
      VULTUS_CHECK(open_text_in(row.*one.text, one.column, row.id.number()).with_context(what));
    return {};
  }

  Status seal(FaceRow& row) const override {
    row.source_key.clear();
    if (!row.source_sha256.empty()) {
      VULTUS_TRY(row.source_key, source_key(row.source_sha256));
    }
    VULTUS_CHECK(hold(row.subject));
    seal_text_in(row.source, SealedColumn::face_source, row.id.number());
    seal_text_in(row.source_sha256, SealedColumn::face_source_sha256, row.id.number());
    return {};
  }
  Status open(FaceRow& row) const override {
    const std::string what = "face " + std::to_string(row.id.number());
    VULTUS_CHECK(hold_to_open(row.subject));
    VULTUS_CHECK(open_text_in(row.source, SealedColumn::face_source, row.id.number()).with_context(what));
    return open_text_in(row.source_sha256, SealedColumn::face_source_sha256, row.id.number()).with_context(what);
  }

  Status seal(TemplateRow& row, SubjectId owner) const override {
    VULTUS_CHECK(hold(owner));
    row.bytes = gallery::seal(row.bytes, key_.key(), place_of(row));
    return {};
  }
  Status open(TemplateRow& row, SubjectId owner) const override {
    VULTUS_CHECK(hold_to_open(owner));
    return open_bytes_in(row.bytes, place_of(row))
        .with_context("template of face " + std::to_string(row.face.number()));
  }

  Status seal(ThumbnailRow& row, SubjectId owner) const override {
    VULTUS_CHECK(hold(owner));
    row.bytes = gallery::seal(row.bytes, key_.key(), place(SealedColumn::thumbnail, row.face.number()));
    return {};
  }
  Status open(ThumbnailRow& row, SubjectId owner) const override {
    VULTUS_CHECK(hold_to_open(owner));
    return open_bytes_in(row.bytes, place(SealedColumn::thumbnail, row.face.number()))
        .with_context("thumbnail of face " + std::to_string(row.face.number()));
  }

 private:
  [[nodiscard]] SealedPlace place(SealedColumn column, std::int64_t row) const {
    return {.gallery = keyring_.gallery(), .column = column, .row = row};
  }
  [[nodiscard]] SealedPlace place_of(const TemplateRow& row) const {
    SealedPlace where = place(SealedColumn::face_template, row.face.number());
    where.part = static_cast<std::uint32_t>(row.model);
    return where;
  }

  Status hold(SubjectId subject) const {
    if (held_ == subject) return {};
    held_.reset();
    if (!keyring_.has(subject.number())) VULTUS_CHECK(keyring_.refresh());
    VULTUS_CHECK(keyring_.unwrap(subject.number(), key_));
    held_ = subject;
    return {};
  }
  /// Rows without a key do not open: to whoever reads them that is damage.
  Status hold_to_open(SubjectId subject) const {
    Status held = hold(subject);
    if (held || held.error().code != ErrorCode::not_found) return held;
    return fail(ErrorCode::corrupt_data, held.error().message);
  }

  void seal_text_in(std::string& text, SealedColumn column, std::int64_t row) const {
    if (!text.empty()) text = seal_text(text, key_.key(), place(column, row));
  }
  Status open_text_in(std::string& text, SealedColumn column, std::int64_t row) const {
    if (text.empty()) return {};
    VULTUS_TRY(text, opened_in([&](KeyView key) { return unseal_text(text, key, place(column, row)); }));
    return {};
  }
  Status open_bytes_in(Bytes& bytes, const SealedPlace& where) const {
    VULTUS_TRY(bytes, opened_in([&](KeyView key) { return unseal(bytes, key, where); }));
    return {};
  }
  /// Opens with the key of the subject, else with the one before: a renewal of all keys may be under way.
  template <class Open>
  auto opened_in(const Open& open) const -> std::invoke_result_t<Open, KeyView> {
    auto opened = open(key_.key());
    if (opened || !keyring_.has_old(held_->number())) return opened;
    VULTUS_TRY(Secret older, Secret::of_size(kKeyBytes));
    const Status found = keyring_.unwrap_old(held_->number(), older);
    if (found) return open(older.key());
    // Another process has dropped it: what the newer key does not open is damaged.
    if (found.error().code == ErrorCode::not_found) return opened;
    return found.error();
  }

  Keyring& keyring_;
  std::function<UtcTime()> now_;
  mutable Secret key_;
  mutable std::optional<SubjectId> held_;
};

}  // namespace

Result<std::unique_ptr<Codec>> sealed_codec(Keyring& keyring, std::function<UtcTime()> now) {
  VULTUS_TRY(Secret key, Secret::of_size(kKeyBytes));
  return std::unique_ptr<Codec>(std::make_unique<SealedCodec>(keyring, std::move(now), std::move(key)));
}

}  // namespace vultus::gallery
