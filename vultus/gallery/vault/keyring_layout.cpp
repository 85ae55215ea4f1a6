#include <vultus/gallery/vault/keyring_layout.hpp>

#include <algorithm>
#include <string_view>

#include <vultus/gallery/vault/little_endian.hpp>

namespace vultus::gallery {
namespace {

constexpr std::string_view kMagic = "VULTKEYS";
constexpr std::size_t kHeaderSum = kHeaderBytes - 32;
constexpr std::size_t kRecordSum = kRecordBytes - 16;

const std::uint8_t* raw(const WrappedKey& key) { return reinterpret_cast<const std::uint8_t*>(key.data()); }

void read_wrapped(const std::uint8_t* from, WrappedKey& to) {
  std::copy_n(reinterpret_cast<const std::byte*>(from), to.size(), to.begin());
}

/// The first bytes of the BLAKE2b hash of what lies before them are at the end.
template <std::size_t Size>
bool has_sum(std::span<const std::uint8_t, Size> bytes, std::size_t at) {
  const Hash sum = plain_hash(bytes.first(at));
  return std::equal(bytes.begin() + static_cast<std::ptrdiff_t>(at), bytes.end(), sum.begin());
}

template <std::size_t Size>
void put_sum(std::array<std::uint8_t, Size>& bytes, std::size_t at) {
  const Hash sum = plain_hash(std::span(bytes).first(at));
  std::copy_n(sum.begin(), Size - at, bytes.begin() + static_cast<std::ptrdiff_t>(at));
}

}  // namespace

HeaderBytes to_bytes(const KeyringHeader& header) {
  HeaderBytes bytes{};
  const std::span all(bytes);
  std::ranges::copy(kMagic, bytes.begin());
  put_u32(all.subspan<8, 4>(), kKeyringVersion);
  put_u32(all.subspan<12, 4>(), static_cast<std::uint32_t>(header.kind));
  put_u64(all.subspan<16, 8>(), header.number);
  std::ranges::copy(header.gallery, bytes.begin() + 24);
  put_u64(all.subspan<40, 8>(), header.rule.cost.passes);
  put_u64(all.subspan<48, 8>(), header.rule.cost.memory_bytes);
  std::ranges::copy(header.rule.salt, bytes.begin() + 56);
  std::copy_n(raw(header.wrapped), kWrappedBytes, bytes.begin() + 72);
  put_sum(bytes, kHeaderSum);
  return bytes;
}

std::optional<KeyringHeader> header_from(std::span<const std::uint8_t, kHeaderBytes> bytes) {
  if (!std::equal(kMagic.begin(), kMagic.end(), bytes.begin())) return std::nullopt;
  if (get_u32(bytes.subspan<8, 4>()) != kKeyringVersion) return std::nullopt;
  const std::uint32_t kind = get_u32(bytes.subspan<12, 4>());
  if (kind > static_cast<std::uint32_t>(KeyringKind::passphrase) || !has_sum(bytes, kHeaderSum)) return std::nullopt;
  KeyringHeader header;
  header.kind = static_cast<KeyringKind>(kind);
  header.number = get_u64(bytes.subspan<16, 8>());
  std::copy_n(bytes.begin() + 24, header.gallery.size(), header.gallery.begin());
  header.rule.cost.passes = get_u64(bytes.subspan<40, 8>());
  header.rule.cost.memory_bytes = get_u64(bytes.subspan<48, 8>());
  std::copy_n(bytes.begin() + 56, header.rule.salt.size(), header.rule.salt.begin());
  read_wrapped(bytes.data() + 72, header.wrapped);
  if (header.kind == KeyringKind::passphrase && !check_cost(header.rule.cost)) return std::nullopt;
  return header;
}

RecordBytes to_bytes(const KeyringRecord& record) {
  RecordBytes bytes{};
  if (record.kind == RecordKind::empty) return bytes;
  const std::span all(bytes);
  put_u32(all.subspan<0, 4>(), static_cast<std::uint32_t>(record.kind));
  put_u64(all.subspan<8, 8>(), static_cast<std::uint64_t>(record.id));
  put_u64(all.subspan<16, 8>(), static_cast<std::uint64_t>(record.time));
  std::copy_n(raw(record.wrapped), kWrappedBytes, bytes.begin() + 24);
  std::ranges::copy(record.mark, bytes.begin() + 96);
  put_sum(bytes, kRecordSum);
  return bytes;
}

std::optional<KeyringRecord> record_from(std::span<const std::uint8_t, kRecordBytes> bytes) {
  KeyringRecord record;
  if (std::ranges::all_of(bytes, [](std::uint8_t b) { return b == 0; })) return record;
  const std::uint32_t kind = get_u32(bytes.subspan<0, 4>());
  if (kind < 1 || kind > static_cast<std::uint32_t>(RecordKind::destroyed) || !has_sum(bytes, kRecordSum))
    return std::nullopt;
  record.kind = static_cast<RecordKind>(kind);
  record.id = static_cast<std::int64_t>(get_u64(bytes.subspan<8, 8>()));
  record.time = static_cast<std::int64_t>(get_u64(bytes.subspan<16, 8>()));
  read_wrapped(bytes.data() + 24, record.wrapped);
  std::copy_n(bytes.begin() + 96, record.mark.size(), record.mark.begin());
  return record;
}

}  // namespace vultus::gallery
