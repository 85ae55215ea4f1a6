// Opening a keyring, and the keys of subjects.
#include <vultus/gallery/vault/keyring.hpp>

#include <algorithm>

#include <vultus/gallery/behind_links.hpp>
#include <vultus/gallery/vault/keyring_file.hpp>

namespace vultus::gallery {
namespace {

constexpr std::size_t kRecordsAtOnce = 8192;
// A subject and its key are made within the same call: a key that is so much younger is of a renewal.
constexpr std::chrono::seconds kLongestEnrolment{2};

Error wrong_key(const KeyringAt& at) {
  return fail(ErrorCode::invalid_argument, "wrong key: it does not open keyring " + at.shown());
}

/// The key of the gallery.
Result<Secret> unwrap_header(const KeyringAt& at, const KeyringHeader& header, const std::optional<KeySource>& master) {
  VULTUS_TRY(Secret key, Secret::of_size(kKeyBytes, guarding_of(header.kind)));
  const auto into = std::as_writable_bytes(key.writable());
  if (header.kind == KeyringKind::open) {
    std::copy_n(header.wrapped.begin(), kKeyBytes, into.begin());
    return key;
  }
  if (!master)
    return fail(ErrorCode::invalid_argument,
                "the gallery is encrypted: its key is wanted, " +
                    std::string(header.kind == KeyringKind::passphrase
                                    ? "a passphrase (--passphrase-file, or asked for on a terminal)"
                                    : "32 bytes (--key-file or --key-env)"));
  if (master->is_passphrase() != (header.kind == KeyringKind::passphrase))
    return fail(ErrorCode::invalid_argument,
                "wrong kind of key: keyring " + at.shown() + " is opened with a " +
                    (master->is_passphrase() ? "key, not with a passphrase" : "passphrase, not with a key"));
  VULTUS_TRY(const Secret outer, read_master_key(*master, header.rule));
  if (!unseal_into(header.wrapped, outer.key(), place_of_gallery_key(header.gallery), into)) return wrong_key(at);
  return key;
}

}  // namespace

std::filesystem::path keyring_path(const std::filesystem::path& gallery) {
  std::filesystem::path path = behind_links(gallery);
  return path += ".keys";
}

SealedPlace place_of_gallery_key(const GalleryId& gallery) {
  return {.gallery = gallery, .column = SealedColumn::wrapped_key, .row = INT64_MIN};
}

SealedPlace place_of_record(const GalleryId& gallery, RecordKind kind, std::int64_t id) {
  return {.gallery = gallery, .column = SealedColumn::wrapped_key, .row = kind == RecordKind::fixed ? -id : id};
}

Result<FoundHeader> read_header(KeyringPlace& place, const KeyringAt& where) {
  std::optional<FoundHeader> found;
  for (const std::size_t at : {std::size_t{0}, kHeaderBytes}) {
    HeaderBytes bytes{};
    const Status read = place.read(bytes, at);
    if (!read && read.error().code != ErrorCode::corrupt_data) return read.error();
    const std::optional<KeyringHeader> header = read ? header_from(bytes) : std::nullopt;
    if (at > 0 && found) found->both = header == found->header;
    if (header && (!found || header->number > found->header.number)) found = FoundHeader{*header, at == 0};
  }
  if (!found) return fail(ErrorCode::corrupt_data, "keyring " + where.shown() + ": of another version, or damaged");
  return *found;
}

Result<KeyringHeader> look_at_keyring(const KeyringAt& at) {
  VULTUS_TRY(const auto place, open_place(at));
  VULTUS_TRY(const FoundHeader found, read_header(*place, at));
  return found.header;
}

Error Keyring::damaged(const std::string& what) const {
  return fail(ErrorCode::corrupt_data, "damaged keyring " + at_.shown() + ": " + what);
}

Result<Keyring> Keyring::open(const KeyringAt& at, const GalleryId& gallery, const std::optional<KeySource>& master) {
  VULTUS_CHECK(start_sodium());
  VULTUS_TRY(auto place, open_place(at));
  VULTUS_TRY(const FoundHeader found, read_header(*place, at));
  const KeyringHeader& header = found.header;
  if (header.gallery != gallery)
    return fail(ErrorCode::corrupt_data, "keyring " + at.shown() + " belongs to another gallery");
  VULTUS_TRY(Secret key, unwrap_header(at, header, master));
  VULTUS_TRY(Secret fixed, Secret::of_size(kKeyUses * kKeyBytes, guarding_of(header.kind)));
  Keyring keyring(at, std::move(place), header, std::move(key), std::move(fixed));
  VULTUS_CHECK(keyring.read_records());
  if (keyring.fixed_slots_.size() != kKeyUses) return keyring.damaged("keys of the gallery are missing");
  // A change of the master key that was interrupted leaves the old header behind, which the old key opens.
  if (!found.both && keyring.place_->writable()) VULTUS_CHECK(write_headers(*keyring.place_, header));
  // In an open file a slot stays that of its subject; in a database it may be another one's by now, so there it waits
  // for who holds the lock of writers.
  if (!at.in_database() && keyring.place_->writable()) VULTUS_CHECK(keyring.finish_destroying());
  return keyring;
}

Result<Secret> Keyring::common_keys() const {
  VULTUS_TRY(Secret common, Secret::of_size(kCommonBytes, guarding_of(header_.kind)));
  std::size_t at = 0;
  for (const KeyUse use : kCommonUses) {
    std::ranges::copy(key(use), common.writable().subspan(at).begin());
    at += kKeyBytes;
  }
  return common;
}

/// Takes in the records behind those that are known.
Status Keyring::read_records() {
  VULTUS_TRY(const std::uint64_t size, place_->size());
  if (size < kRecordsAt) return damaged("cut off");
  const std::uint64_t slots = (size - kRecordsAt) / kRecordBytes;  // a rest was never acknowledged
  if (slots > UINT32_MAX) return damaged("too long");
  std::vector<std::uint8_t> block;
  while (slots_ < slots) {
    const std::size_t now = std::min<std::uint64_t>(kRecordsAtOnce, slots - slots_);
    block.resize(now * kRecordBytes);
    VULTUS_CHECK(place_->read(block, kRecordsAt + std::uint64_t{slots_} * kRecordBytes));
    for (std::size_t i = 0; i < now; ++i) {
      // A damaged record is found when it is wanted, and by check(): the others still open.
      if (const auto one = record_from(std::span(block).subspan(i * kRecordBytes).first<kRecordBytes>()))
        VULTUS_CHECK(take(*one, slots_));
      ++slots_;
    }
  }
  return {};
}

Status Keyring::take(const KeyringRecord& record, std::uint32_t slot) {
  switch (record.kind) {
    case RecordKind::empty:
      if (!first_empty_) first_empty_ = slot;
      return {};
    case RecordKind::subject: {
      if (destroyed_.contains(record.id)) {
        left_.push_back(slot);
        return {};
      }
      const auto [at, fresh] = subjects_.try_emplace(record.id, slot);
      if (fresh) return {};
      old_[record.id] = at->second;
      at->second = slot;
      return {};
    }
    case RecordKind::fixed: {
      if (record.id < 1 || record.id > static_cast<std::int64_t>(kKeyUses)) return damaged("a key without use");
      const std::size_t at = static_cast<std::size_t>(record.id - 1) * kKeyBytes;
      if (!unseal_into(record.wrapped, key_.key(), place_of_record(header_.gallery, record.kind, record.id),
                       std::as_writable_bytes(fixed_.writable().subspan(at, kKeyBytes))))
        return damaged("a key of the gallery does not open");
      fixed_slots_[record.id] = slot;
      return {};
    }
    case RecordKind::destroyed: break;
  }
  const Hash proof = proof_of(record);
  if (!std::equal(proof.begin(), proof.end(), reinterpret_cast<const std::uint8_t*>(record.wrapped.data())))
    return damaged("the mark of a destroyed key was not made with this keyring");
  destroyed_[record.id] = {record.id, hex_of(record.mark), UtcTime(std::chrono::seconds(record.time))};
  for (auto* const generation : {&old_, &subjects_})
    if (const auto at = generation->find(record.id); at != generation->end()) {
      if (at->second != slot) left_.push_back(at->second);
      generation->erase(at);
    }
  return {};
}

Status Keyring::finish_destroying() {
  if (left_.empty()) return {};
  for (const std::uint32_t slot : left_)
    VULTUS_CHECK(place_->write(RecordBytes{}, kRecordsAt + std::uint64_t{slot} * kRecordBytes));
  VULTUS_CHECK(place_->make_durable());
  left_.clear();
  return {};
}

Hash Keyring::proof_of(const KeyringRecord& destroyed) const {
  return keyed_hash("vultus destroyed " + std::to_string(destroyed.id) + " " + std::to_string(destroyed.time) + " " +
                        hex_of(destroyed.mark),
                    key_.key());
}

KeyringRecord Keyring::wrap(RecordKind kind, std::int64_t id, KeyView key, UtcTime now) const {
  KeyringRecord record{.kind = kind, .id = id, .time = now.time_since_epoch().count()};
  const auto sealed = seal(std::as_bytes(std::span(key)), key_.key(), place_of_record(header_.gallery, kind, id));
  std::ranges::copy(sealed, record.wrapped.begin());
  return record;
}

Status Keyring::add(std::span<const std::int64_t> subjects, UtcTime now) {
  VULTUS_CHECK(finish_destroying());
  std::vector<KeyringRecord> records;
  for (const std::int64_t subject : subjects) {
    if (destroyed_.contains(subject))
      return fail(ErrorCode::internal, "subject " + std::to_string(subject) + " was forgotten and gets no new key");
    if (subjects_.contains(subject)) continue;
    VULTUS_TRY(const Secret key, Secret::random());
    records.push_back(wrap(RecordKind::subject, subject, key.key(), now));
  }
  return append(records);
}

Status Keyring::append(std::span<const KeyringRecord> records) {
  if (records.empty()) return {};
  std::vector<std::uint8_t> bytes;
  bytes.reserve(records.size() * kRecordBytes);
  for (const KeyringRecord& record : records) {
    const RecordBytes one = to_bytes(record);
    bytes.insert(bytes.end(), one.begin(), one.end());
  }
  const std::uint32_t first = slots_;
  VULTUS_CHECK(place_->write(bytes, kRecordsAt + std::uint64_t{first} * kRecordBytes));
  VULTUS_CHECK(place_->make_durable());
  for (std::size_t i = 0; i < records.size(); ++i)
    VULTUS_CHECK(take(records[i], first + static_cast<std::uint32_t>(i)));
  slots_ += static_cast<std::uint32_t>(records.size());
  return {};
}

Status Keyring::overwrite(std::uint32_t slot, const KeyringRecord& record) {
  VULTUS_CHECK(place_->write(to_bytes(record), kRecordsAt + std::uint64_t{slot} * kRecordBytes));
  return place_->make_durable();
}

Result<KeyringRecord> Keyring::record(std::uint32_t slot) const {
  RecordBytes bytes{};
  VULTUS_CHECK(place_->read(bytes, kRecordsAt + std::uint64_t{slot} * kRecordBytes));
  const std::optional<KeyringRecord> read = record_from(bytes);
  if (!read) return damaged("record " + std::to_string(slot) + " was altered");
  return *read;
}

Status Keyring::unwrap(std::int64_t subject, Secret& into) const {
  const auto at = subjects_.find(subject);
  if (at != subjects_.end()) return unwrap_slot(at->second, subject, into);
  return fail(ErrorCode::not_found,
              "subject " + std::to_string(subject) +
                  (destroyed_.contains(subject) ? ": its key was destroyed" : " has no key in keyring " + at_.shown()));
}

Status Keyring::unwrap_old(std::int64_t subject, Secret& into) const {
  const auto at = old_.find(subject);
  if (at != old_.end()) return unwrap_slot(at->second, subject, into);
  return fail(ErrorCode::not_found,
              "subject " + std::to_string(subject) +
                  (destroyed_.contains(subject) ? ": its key was destroyed" : " has no older key"));
}

bool Keyring::may_lack_older_key(std::int64_t subject, UtcTime created) const {
  const auto at = subjects_.find(subject);
  if (at == subjects_.end() || old_.contains(subject) || !first_empty_ || *first_empty_ > at->second) return false;
  const auto mine = record(at->second);
  if (!mine) return false;
  if (old_.empty()) return mine->time > (created + kLongestEnrolment).time_since_epoch().count();
  // One renewal gives all its keys the same time.
  return std::ranges::any_of(old_, [&](const auto& older) {
    const auto newer = subjects_.find(older.first);
    if (newer == subjects_.end()) return false;
    const auto theirs = record(newer->second);
    return theirs && theirs->time == mine->time;
  });
}

void Keyring::presume_destroyed(std::int64_t subject) {
  subjects_.erase(subject);
  old_.erase(subject);
  destroyed_.try_emplace(subject, DestroyedKey{.subject = subject});
}

/// Reads the key from the file each time, so that one that another process destroyed is gone here too.
Status Keyring::unwrap_slot(std::uint32_t slot, std::int64_t subject, Secret& into) const {
  VULTUS_TRY(const KeyringRecord found, record(slot));
  if (found.kind != RecordKind::subject || found.id != subject)
    return fail(ErrorCode::not_found, "subject " + std::to_string(subject) + ": its key was destroyed");
  if (!unseal_into(found.wrapped, key_.key(), place_of_record(header_.gallery, found.kind, subject),
                   std::as_writable_bytes(into.writable().first(kKeyBytes))))
    return damaged("the key of subject " + std::to_string(subject) + " does not open");
  return {};
}

std::vector<std::int64_t> Keyring::subjects() const {
  std::vector<std::int64_t> all;
  all.reserve(subjects_.size());
  for (const auto& [subject, slot] : subjects_) all.push_back(subject);
  std::ranges::sort(all);
  return all;
}

std::optional<std::int64_t> Keyring::highest_known(std::int64_t first, std::int64_t end) const {
  std::optional<std::int64_t> highest;
  const auto look = [&](const auto& ids) {
    for (const auto& [subject, what] : ids)
      if (subject >= first && subject < end && (!highest || subject > *highest)) highest = subject;
  };
  look(subjects_);
  look(destroyed_);
  return highest;
}

Result<std::optional<DestroyedKey>> Keyring::destroy(std::int64_t subject, UtcTime now) {
  VULTUS_CHECK(refresh());
  VULTUS_CHECK(finish_destroying());
  if (const auto gone = destroyed_.find(subject); gone != destroyed_.end()) return std::optional(gone->second);
  const auto at = subjects_.find(subject);
  if (at == subjects_.end()) return std::optional<DestroyedKey>();
  if (const auto there = record(at->second); there && there->kind == RecordKind::destroyed) {
    VULTUS_CHECK(take(*there, at->second));  // another process was first
    VULTUS_CHECK(finish_destroying());
    return std::optional(destroyed_.at(subject));
  }
  KeyringRecord mark{.kind = RecordKind::destroyed, .id = subject, .time = now.time_since_epoch().count()};
  {
    // The key of a damaged record cannot be told any more; it is overwritten all the same.
    VULTUS_TRY(Secret key, Secret::of_size(kKeyBytes));
    if (unwrap(subject, key)) (void)bytes_from_hex(fingerprint(key.key()), mark.mark);
  }
  const Hash proof = proof_of(mark);
  std::ranges::copy(std::as_bytes(std::span(proof)), mark.wrapped.begin());
  // The mark first: without the older key, and before the mark, rows would be there that nothing opens.
  const std::uint32_t slot = at->second;
  VULTUS_CHECK(overwrite(slot, mark));
  VULTUS_CHECK(take(mark, slot));
  VULTUS_CHECK(finish_destroying());
  return std::optional(destroyed_.at(subject));
}

Status Keyring::drop(std::span<const std::int64_t> subjects) {
  // The newer one first, as in destroy: after a kill in between the older one is left, with which a copy still opens.
  for (auto* const generation : {&subjects_, &old_}) {
    for (const std::int64_t subject : subjects) {
      const auto at = generation->find(subject);
      if (at == generation->end()) continue;
      VULTUS_CHECK(place_->write(RecordBytes{}, kRecordsAt + std::uint64_t{at->second} * kRecordBytes));
      generation->erase(at);
    }
    VULTUS_CHECK(place_->make_durable());
  }
  return {};
}

Status Keyring::refresh() { return refresh(Read::added); }

Status Keyring::refresh(Read what) {
  VULTUS_TRY(const KeyringPlace::Seen seen, place_->look_again());
  if (seen == KeyringPlace::Seen::replaced) return renewed_elsewhere();
  if (seen == KeyringPlace::Seen::other_bytes) {
    VULTUS_TRY(const FoundHeader found, read_header(*place_, at_));
    if (found.header.gallery != header_.gallery) return renewed_elsewhere();
    return read_all_records();
  }
  return what == Read::all ? read_all_records() : read_records();
}

Status Keyring::read_all_records() {
  slots_ = 0;
  for (auto* const all : {&subjects_, &old_, &fixed_slots_}) all->clear();
  destroyed_.clear();
  left_.clear();
  first_empty_.reset();
  return read_records();
}

Error Keyring::renewed_elsewhere() const {
  return fail(ErrorCode::invalid_argument, "the keys of the gallery were renewed by another program, or keyring " +
                                               at_.shown() + " was moved away: open the gallery again");
}

}  // namespace vultus::gallery
