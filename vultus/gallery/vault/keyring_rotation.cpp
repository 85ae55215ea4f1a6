// Making a keyring, and giving one other keys.
#include <algorithm>

#include <vultus/gallery/vault/keyring.hpp>
#include <vultus/gallery/vault/keyring_file.hpp>

namespace vultus::gallery {
namespace {

/// Puts the gallery's key into the header, wrapped as the source wants it.
Status wrap_into(KeyringHeader& header, KeyView key, const std::optional<KeySource>& master,
                 const PassphraseCost& cost) {
  header.rule = {};
  header.wrapped = {};
  if (!master) {
    header.kind = KeyringKind::open;
    std::ranges::copy(std::as_bytes(std::span(key)), header.wrapped.begin());
    return {};
  }
  header.kind = master->is_passphrase() ? KeyringKind::passphrase : KeyringKind::key;
  if (master->is_passphrase()) {
    VULTUS_TRY(header.rule, new_passphrase_rule(cost));
  }
  VULTUS_TRY(const Secret outer, read_master_key(*master, header.rule));
  const auto sealed = seal(std::as_bytes(std::span(key)), outer.key(), place_of_gallery_key(header.gallery));
  std::ranges::copy(sealed, header.wrapped.begin());
  return {};
}

/// All of a keyring.
std::vector<std::uint8_t> whole_keyring(const KeyringHeader& header, std::span<const std::uint8_t> records) {
  std::vector<std::uint8_t> bytes;
  bytes.reserve(kRecordsAt + records.size());
  for (int copy = 0; copy < 2; ++copy) {
    const HeaderBytes one = to_bytes(header);
    bytes.insert(bytes.end(), one.begin(), one.end());
  }
  bytes.insert(bytes.end(), records.begin(), records.end());
  return bytes;
}

void append_record(std::vector<std::uint8_t>& bytes, const KeyringRecord& record) {
  const RecordBytes one = to_bytes(record);
  bytes.insert(bytes.end(), one.begin(), one.end());
}

}  // namespace

Status write_headers(KeyringPlace& place, const KeyringHeader& header) {
  for (const std::size_t at : {kHeaderBytes, std::size_t{0}}) {
    VULTUS_CHECK(place.write(to_bytes(header), at));
    VULTUS_CHECK(place.make_durable());
  }
  return {};
}

Result<Secret> new_common_keys(Guarding guarding) { return Secret::random(kCommonBytes, guarding); }

Status Keyring::make(const NewKeyring& how) {
  const auto made = create(how);
  return made ? Status() : Status(made.error());
}

Result<Keyring> Keyring::create(const NewKeyring& how) {
  VULTUS_CHECK(start_sodium());
  const Guarding guarding = how.master ? Guarding::full : Guarding::light;
  VULTUS_TRY(Secret key, Secret::random(kKeyBytes, guarding));
  KeyringHeader header{.gallery = how.gallery};
  VULTUS_CHECK(wrap_into(header, key.key(), how.master, how.cost));
  std::vector<std::uint8_t> records;
  for (std::size_t use = 1; use <= kKeyUses; ++use) {
    VULTUS_TRY(Secret one, Secret::random(kKeyBytes, guarding));
    const auto id = static_cast<std::int64_t>(use);
    const auto* const shared = std::ranges::find(kCommonUses, static_cast<KeyUse>(id));
    if (how.common != nullptr && shared != std::end(kCommonUses))
      std::ranges::copy(how.common->key(static_cast<std::size_t>(shared - std::begin(kCommonUses))),
                        one.writable().begin());
    KeyringRecord record{.kind = RecordKind::fixed, .id = id, .time = how.now.time_since_epoch().count()};
    const auto sealed =
        seal(std::as_bytes(std::span(one.key())), key.key(), place_of_record(how.gallery, RecordKind::fixed, id));
    std::ranges::copy(sealed, record.wrapped.begin());
    append_record(records, record);
  }
  VULTUS_CHECK(make_place(how.at, whole_keyring(header, records)));
  // Its key is known here: nobody is asked for a passphrase again.
  VULTUS_TRY(auto place, open_place(how.at));
  VULTUS_TRY(Secret fixed, Secret::of_size(kKeyUses * kKeyBytes, guarding));
  Keyring made(how.at, std::move(place), header, std::move(key), std::move(fixed));
  VULTUS_CHECK(made.read_records());
  return made;
}

Status Keyring::renew(KeyUse use, UtcTime now) {
  const auto id = static_cast<std::int64_t>(use);
  const std::uint32_t before = fixed_slots_.at(id);
  VULTUS_TRY(const Secret key, Secret::random(kKeyBytes, guarding_of(header_.kind)));
  const KeyringRecord record = wrap(RecordKind::fixed, id, key.key(), now);
  VULTUS_CHECK(append({&record, 1}));
  return overwrite(before, {});
}

Status Keyring::add_new_generation(UtcTime now) {
  VULTUS_CHECK(read_all_records());  // whose key another process destroyed gets no other one
  VULTUS_CHECK(finish_destroying());
  std::vector<KeyringRecord> records;
  for (const std::int64_t subject : subjects()) {
    // A renewal that was interrupted: rows may still lie under the older key, so the two it has are kept.
    if (old_.contains(subject)) continue;
    VULTUS_TRY(const Secret key, Secret::random());
    records.push_back(wrap(RecordKind::subject, subject, key.key(), now));
  }
  return append(records);
}

Status Keyring::drop_old_generation() {
  for (const auto& [subject, slot] : old_)
    VULTUS_CHECK(place_->write(RecordBytes{}, kRecordsAt + std::uint64_t{slot} * kRecordBytes));
  if (!old_.empty()) VULTUS_CHECK(place_->make_durable());
  old_.clear();
  return {};
}

Status Keyring::drop_subjects() {
  VULTUS_CHECK(drop_old_generation());
  for (const auto& [subject, slot] : subjects_)
    VULTUS_CHECK(place_->write(RecordBytes{}, kRecordsAt + std::uint64_t{slot} * kRecordBytes));
  if (!subjects_.empty()) VULTUS_CHECK(place_->make_durable());
  subjects_.clear();
  return {};
}

Status Keyring::change_master(const KeySource& master, const PassphraseCost& cost) {
  VULTUS_TRY(const FoundHeader before, read_header(*place_, at_));
  KeyringHeader header{.number = before.header.number + 1, .gallery = header_.gallery};
  VULTUS_CHECK(wrap_into(header, key_.key(), master, cost));
  // One of the two is sound at every moment, and the newer one counts.
  VULTUS_CHECK(write_headers(*place_, header));
  header_ = header;
  return {};
}

Status Keyring::renew_gallery_key(const std::optional<KeySource>& master, const PassphraseCost& cost) {
  VULTUS_CHECK(refresh(Read::all));
  VULTUS_TRY(Secret fresh, Secret::random(kKeyBytes, master ? Guarding::full : Guarding::light));
  KeyringHeader header{.number = header_.number + 1, .gallery = header_.gallery};
  VULTUS_CHECK(wrap_into(header, fresh.key(), master, cost));
  // Every key is unwrapped with the old key of the gallery and wrapped with the new one.
  VULTUS_TRY(Secret fixed, Secret::of_size(fixed_.bytes().size(), master ? Guarding::full : Guarding::light));
  std::ranges::copy(fixed_.bytes(), fixed.writable().begin());
  Keyring next(at_, nullptr, header, std::move(fresh), std::move(fixed));
  std::vector<std::uint8_t> records;
  for (std::size_t use = 1; use <= kKeyUses; ++use) {
    const auto id = static_cast<std::int64_t>(use);
    append_record(records, next.wrap(RecordKind::fixed, id, fixed_.key(use - 1), UtcTime()));
  }
  VULTUS_TRY(Secret key, Secret::of_size(kKeyBytes));
  for (const auto* generation : {&old_, &subjects_})
    for (const auto& [subject, slot] : *generation) {
      VULTUS_CHECK(unwrap_slot(slot, subject, key));
      append_record(records, next.wrap(RecordKind::subject, subject, key.key(), UtcTime()));
    }
  for (const auto& [subject, gone] : destroyed_) {
    KeyringRecord mark{.kind = RecordKind::destroyed, .id = subject, .time = gone.at.time_since_epoch().count()};
    (void)bytes_from_hex(gone.fingerprint, mark.mark);
    const Hash proof = next.proof_of(mark);
    std::ranges::copy(std::as_bytes(std::span(proof)), mark.wrapped.begin());
    append_record(records, mark);
  }
  VULTUS_CHECK(place_->replace(whole_keyring(header, records)));
  next.place_ = std::move(place_);
  if (Status read = next.read_records(); !read) {
    place_ = std::move(next.place_);
    return read;
  }
  *this = std::move(next);
  return {};
}

Result<KeyringCheck> Keyring::check() const {
  KeyringCheck result;
  VULTUS_TRY(Secret key, Secret::of_size(kKeyBytes));
  for (std::uint32_t slot = 0; slot < slots_; ++slot) {
    const Result<KeyringRecord> read = record(slot);
    if (!read && read.error().code != ErrorCode::corrupt_data) return read.error();
    if (!read) {
      result.findings.push_back(read.error().message);
      continue;
    }
    if (read->kind == RecordKind::destroyed) ++result.destroyed;
    if (read->kind != RecordKind::subject) continue;
    ++result.subjects;
    if (const Status opens = unwrap_slot(slot, read->id, key); !opens) result.findings.push_back(opens.error().message);
  }
  return result;
}

}  // namespace vultus::gallery
