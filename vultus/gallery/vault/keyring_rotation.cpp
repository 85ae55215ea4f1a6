// Making a keyring, and giving one other keys.
#include <algorithm>
#include <cstdio>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

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

std::filesystem::path path_of_next(const std::filesystem::path& path) {
  std::filesystem::path next = path;
  return next += ".new";
}

/// Overwrites a file that has no name any more.
Status overwrite_all(const FileHandle& file) {
  struct stat about {};
  if (::fstat(file.number(), &about) != 0) return fail(ErrorCode::resource_limit, "an old keyring cannot be read");
  const std::vector<std::uint8_t> zeros(1 << 16);
  for (std::uint64_t at = 0; at < static_cast<std::uint64_t>(about.st_size); at += zeros.size())
    VULTUS_CHECK(write_at(
        file,
        std::span(zeros).first(std::min<std::uint64_t>(zeros.size(), static_cast<std::uint64_t>(about.st_size) - at)),
        at));
  return make_durable(file);
}

/// Writes a file under a passing name and gives it its name when it is on the disk.
Status write_whole(const std::filesystem::path& path, const KeyringHeader& header,
                   std::span<const std::uint8_t> records) {
  const std::filesystem::path next = path_of_next(path);
  std::error_code ignored;
  std::filesystem::remove(next, ignored);  // of a process that was killed
  VULTUS_TRY(const FileHandle file, make_private(next, "keyring"));
  VULTUS_CHECK(write_headers(file, header));
  VULTUS_CHECK(write_at(file, records, kRecordsAt));
  VULTUS_CHECK(make_durable(file));
  if (std::rename(next.c_str(), path.c_str()) != 0)
    return fail(ErrorCode::resource_limit, "keyring " + path.string() + " cannot be put in its place");
  return make_name_durable(path);
}

void append_record(std::vector<std::uint8_t>& bytes, const KeyringRecord& record) {
  const RecordBytes one = to_bytes(record);
  bytes.insert(bytes.end(), one.begin(), one.end());
}

}  // namespace

Status write_headers(const FileHandle& file, const KeyringHeader& header) {
  for (const std::size_t at : {kHeaderBytes, std::size_t{0}}) {
    VULTUS_CHECK(write_at(file, to_bytes(header), at));
    VULTUS_CHECK(make_durable(file));
  }
  return {};
}

Status Keyring::make(const NewKeyring& how) {
  VULTUS_CHECK(start_sodium());
  std::error_code failed;
  if (std::filesystem::exists(how.path, failed))
    return fail(ErrorCode::invalid_argument,
                "keyring " + how.path.string() + " is there already: it may hold the keys of another gallery");
  const Guarding guarding = how.master ? Guarding::full : Guarding::light;
  VULTUS_TRY(const Secret key, Secret::random(kKeyBytes, guarding));
  KeyringHeader header{.gallery = how.gallery};
  VULTUS_CHECK(wrap_into(header, key.key(), how.master, how.cost));
  std::vector<std::uint8_t> records;
  for (std::size_t use = 1; use <= kKeyUses; ++use) {
    VULTUS_TRY(const Secret one, Secret::random(kKeyBytes, guarding));
    const auto id = static_cast<std::int64_t>(use);
    KeyringRecord record{.kind = RecordKind::fixed, .id = id, .time = how.now.time_since_epoch().count()};
    const auto sealed =
        seal(std::as_bytes(std::span(one.key())), key.key(), place_of_record(how.gallery, RecordKind::fixed, id));
    std::ranges::copy(sealed, record.wrapped.begin());
    append_record(records, record);
  }
  return write_whole(how.path, header, records);
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
  VULTUS_CHECK(drop_old_generation());
  std::vector<KeyringRecord> records;
  for (const std::int64_t subject : subjects()) {
    VULTUS_TRY(const Secret key, Secret::random());
    records.push_back(wrap(RecordKind::subject, subject, key.key(), now));
  }
  return append(records);
}

Status Keyring::drop_old_generation() {
  for (const auto& [subject, slot] : old_)
    VULTUS_CHECK(write_at(file_, RecordBytes{}, kRecordsAt + std::uint64_t{slot} * kRecordBytes));
  if (!old_.empty()) VULTUS_CHECK(make_durable(file_));
  old_.clear();
  return {};
}

Status Keyring::drop_subjects() {
  VULTUS_CHECK(drop_old_generation());
  for (const auto& [subject, slot] : subjects_)
    VULTUS_CHECK(write_at(file_, RecordBytes{}, kRecordsAt + std::uint64_t{slot} * kRecordBytes));
  if (!subjects_.empty()) VULTUS_CHECK(make_durable(file_));
  subjects_.clear();
  return {};
}

Status Keyring::change_master(const KeySource& master, const PassphraseCost& cost) {
  VULTUS_TRY(const FoundHeader before, read_header(file_, path_));
  KeyringHeader header{.number = before.header.number + 1, .gallery = header_.gallery};
  VULTUS_CHECK(wrap_into(header, key_.key(), master, cost));
  // One of the two is sound at every moment, and the newer one counts.
  VULTUS_CHECK(write_headers(file_, header));
  header_ = header;
  return {};
}

Status Keyring::renew_gallery_key(const std::optional<KeySource>& master, const PassphraseCost& cost) {
  VULTUS_CHECK(refresh());
  VULTUS_TRY(Secret fresh, Secret::random(kKeyBytes, master ? Guarding::full : Guarding::light));
  KeyringHeader header{.number = header_.number + 1, .gallery = header_.gallery};
  VULTUS_CHECK(wrap_into(header, fresh.key(), master, cost));
  // Every key is unwrapped with the old key of the gallery and wrapped with the new one.
  VULTUS_TRY(Secret fixed, Secret::of_size(fixed_.bytes().size(), master ? Guarding::full : Guarding::light));
  std::ranges::copy(fixed_.bytes(), fixed.writable().begin());
  Keyring next(path_, FileHandle(), header, std::move(fresh), std::move(fixed));
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
  VULTUS_CHECK(write_whole(path_, header, records));
  VULTUS_TRY(next.file_, open_private(path_, "keyring", O_RDWR));
  VULTUS_CHECK(next.read_records());
  VULTUS_CHECK(overwrite_all(file_));
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
