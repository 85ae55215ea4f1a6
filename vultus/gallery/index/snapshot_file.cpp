#include <vultus/gallery/index/snapshot_file.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <string>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <vultus/core/embedding.hpp>
#include <vultus/gallery/index/codes.hpp>

namespace vultus::gallery {
namespace {

Error damage(const std::string& what) { return fail(ErrorCode::corrupt_data, "damaged snapshot: " + what); }

template <std::size_t kSize>
bool holds(const std::array<char, kSize>& field, const std::string& text) {
  std::array<char, kSize> wanted{};
  if (text.size() > kSize) return false;
  std::ranges::copy(text, wanted.begin());
  return field == wanted;
}

std::span<const std::byte> first_bytes(const SnapshotHeader& header, std::size_t count) {
  return {reinterpret_cast<const std::byte*>(&header), count};
}

bool read_all(int file, std::uint64_t offset, std::byte* to, std::size_t bytes) {
  while (bytes > 0) {
    const ssize_t got = ::pread(file, to, bytes, static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    to += got;
    offset += static_cast<std::uint64_t>(got);
    bytes -= static_cast<std::size_t>(got);
  }
  return true;
}

Status check_origin(const SnapshotHeader& header, const SnapshotIdentity& identity, bool with_key) {
  if (header.magic != kSnapshotMagic) return fail(ErrorCode::corrupt_data, "not a snapshot");
  if (header.byte_order != kSnapshotByteOrder)
    return fail(ErrorCode::unsupported, "a snapshot of a machine with another byte order");
  if (header.version != kSnapshotVersion || header.block != kSnapshotBlock || header.rotation != kRotationSeed)
    return fail(ErrorCode::unsupported, "a snapshot of version " + std::to_string(header.version) + ", this is " +
                                            std::to_string(kSnapshotVersion));
  if ((header.sealed != 0) != with_key)
    return fail(ErrorCode::unsupported, with_key ? "a snapshot that is not sealed" : "a sealed snapshot, and no key");
  if (!holds(header.gallery, identity.gallery)) return fail(ErrorCode::model_mismatch, "a snapshot of another gallery");
  if (!holds(header.model, identity.model.text()) || header.dimension != identity.dimension)
    return fail(ErrorCode::model_mismatch, "a snapshot of another model");
  return {};
}

/// Sizes that follow from each other do; then no address that is computed from them lies outside the file.
Status check_sizes(const SnapshotHeader& header, const RowShape& shape, std::uint64_t file_bytes, std::size_t entry) {
  if (header.file_bytes != file_bytes)
    return damage(std::to_string(file_bytes) + " bytes instead of " + std::to_string(header.file_bytes));
  const auto [table, table_bytes] = header.table;
  if (header.rows > UINT32_MAX || header.subjects > file_bytes || table % kSnapshotBlock != 0 ||
      table < kSnapshotBlock || table > file_bytes || table_bytes != (table / kSnapshotBlock - 1) * entry ||
      table_bytes > file_bytes - table)
    return damage("its table");
  for (std::size_t i = 0; i < kSections; ++i) {
    const auto [offset, bytes] = header.sections[i];
    if (offset % kSnapshotBlock != 0 || offset < kSnapshotBlock || offset > table || bytes > table - offset ||
        whole_blocks(bytes) > table - offset)
      return damage("place of section " + std::to_string(i));
    const auto section = static_cast<Section>(i);
    if (i < kRowSections && bytes != bytes_of(section, shape, header.rows))
      return damage("size of section " + std::to_string(i));
  }
  const auto bytes = [&](Section section) { return header.sections[static_cast<std::size_t>(section)].bytes; };
  if (bytes(Section::subjects) != header.subjects * 8 || bytes(Section::rows_begin) != (header.subjects + 1) * 8 ||
      bytes(Section::names_begin) != (header.subjects + 1) * 8 || bytes(Section::rows_of_subject) != header.rows * 4)
    return damage("size of the tables of subjects");
  return {};
}

/// Is it a whole header, of another snapshot than the gallery believes? @param ours  hexadecimal digits
bool is_of_another(const std::filesystem::path& path, const std::string& ours) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (file < 0) return false;
  SnapshotHeader header;
  const bool read = read_all(file, 0, reinterpret_cast<std::byte*>(&header), sizeof header);
  ::close(file);
  return read && header.magic == kSnapshotMagic && salt_of(header) != ours;
}

}  // namespace

SnapshotFile::SnapshotFile(int file, const SnapshotHeader& header, BlockGuard guard)
    : file_(file),
      header_(header),
      shape_(RowShape::of(header.dimension)),
      guard_(std::move(guard)),
      ready_(header.file_bytes / kSnapshotBlock / 64 + 1) {}

SnapshotFile::~SnapshotFile() {
  if (memory_ != nullptr) ::munmap(memory_, header_.file_bytes);
  ::close(file_);
}

Result<std::shared_ptr<const SnapshotFile>> SnapshotFile::open(const std::filesystem::path& path,
                                                               const SnapshotIdentity& identity,
                                                               const std::optional<SnapshotKey>& key) {
  const auto at = [&](const Error& error) { return error.with_context(path.string()); };
  if (identity.dimension < 1 || identity.dimension > Embedding::kMaxDimension)
    return at(fail(ErrorCode::model_mismatch, "templates of " + std::to_string(identity.dimension) + " values"));
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (file < 0) return at(fail(ErrorCode::not_found, std::generic_category().message(errno)));
  const std::unique_ptr<const int, void (*)(const int*)> closing(&file, [](const int* open) { ::close(*open); });
  struct stat status {};
  SnapshotHeader header;
  if (::fstat(file, &status) != 0 || !S_ISREG(status.st_mode)) return at(damage("not a file"));
  if (!read_all(file, 0, reinterpret_cast<std::byte*>(&header), sizeof header)) return at(damage("cut off"));
  if (const Status same = check_origin(header, identity, key.has_value()); !same) return at(same.error());
  VULTUS_TRY(BlockGuard guard, BlockGuard::make(header, key));
  if (guard.sum_of(first_bytes(header, kSnapshotSummedBytes)) != header.sum)
    return at(damage(key ? "its header, or sealed with another key" : "its header"));
  const auto bytes = static_cast<std::uint64_t>(status.st_size);
  const Status sound = check_sizes(header, RowShape::of(header.dimension), bytes, guard.entry_bytes());
  if (!sound) return at(sound.error());
  const int own = ::fcntl(file, F_DUPFD_CLOEXEC, 0);
  if (own < 0) return at(fail(ErrorCode::resource_limit, std::generic_category().message(errno)));
  const std::shared_ptr<SnapshotFile> opened(new SnapshotFile(own, header, std::move(guard)));
  if (const Status loaded = opened->load_table(); !loaded) return at(loaded.error());
  if (const Status mapped = opened->map(); !mapped) return at(mapped.error());
  return std::shared_ptr<const SnapshotFile>(opened);
}

Status SnapshotFile::load_table() {
  table_.resize(header_.table.bytes);
  if (!read_all(file_, header_.table.offset, table_.data(), table_.size())) return damage("cut off");
  if (guard_.sum_of(table_) != header_.table_sum) return damage("its table");
  return {};
}

/// A plain file is mapped. For a sealed one as much memory is reserved: pages are taken when blocks are opened.
Status SnapshotFile::map() {
  const int protection = guard_.seals() ? PROT_READ | PROT_WRITE : PROT_READ;
  const int flags = guard_.seals() ? MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE : MAP_SHARED;
  void* const memory = ::mmap(nullptr, header_.file_bytes, protection, flags, guard_.seals() ? -1 : file_, 0);
  if (memory == MAP_FAILED) return fail(ErrorCode::resource_limit, std::generic_category().message(errno));
  memory_ = static_cast<std::byte*>(memory);
  ::madvise(memory, header_.file_bytes, MADV_DONTDUMP);
  return {};
}

Status SnapshotFile::read(Section section, std::byte* to) const {
  const SnapshotExtent& place = extent(section);
  const std::uint64_t whole = whole_blocks(place.bytes);
  if (!read_all(file_, place.offset, to, whole)) return damage("cut off");
  for (std::uint64_t from = 0; from < whole; from += kSnapshotBlock) {
    const std::uint64_t block = (place.offset + from) / kSnapshotBlock;
    if (!guard_.open(block, to + from, to + from, entry(block))) return damage("block " + std::to_string(block));
  }
  return {};
}

void SnapshotFile::make_ready(std::size_t block) const {
  std::byte* const at = memory_ + block * kSnapshotBlock;
  bool sound = false;
  if (guard_.seals()) {
    const std::scoped_lock lock(opening_);
    // Another search may have opened it in the meantime, and is reading it.
    if ((ready_[block / 64].load(std::memory_order_acquire) >> (block % 64) & 1U) != 0) return;
    sound = read_all(file_, block * kSnapshotBlock, at, kSnapshotBlock) && guard_.open(block, at, at, entry(block));
    // Also a block that cannot be opened is not written again: somebody may be reading it.
    ready_[block / 64].fetch_or(std::uint64_t{1} << (block % 64), std::memory_order_release);
  } else {
    sound = guard_.open(block, at, at, entry(block));
    if (sound) ready_[block / 64].fetch_or(std::uint64_t{1} << (block % 64), std::memory_order_release);
  }
  if (!sound) damaged_.store(true, std::memory_order_release);
}

std::size_t SnapshotFile::verify() const {
  std::size_t bad = 0;
  std::vector<std::byte> buffer(kSnapshotBlock);
  for (const SnapshotExtent& place : header_.sections)
    for (std::uint64_t from = 0; from < whole_blocks(place.bytes); from += kSnapshotBlock) {
      const std::uint64_t block = (place.offset + from) / kSnapshotBlock;
      if (!read_all(file_, block * kSnapshotBlock, buffer.data(), kSnapshotBlock) ||
          !guard_.open(block, buffer.data(), buffer.data(), entry(block)))
        ++bad;
    }
  return bad;
}

std::optional<std::string> finding_in_snapshot(const std::filesystem::path& path, const SnapshotIdentity& identity,
                                               const std::optional<SnapshotKey>& key,
                                               const std::optional<std::string>& ours) {
  const std::string name = "the snapshot " + path.string();
  const std::string advice = "; delete it, and it is made again";
  const auto file = SnapshotFile::open(path, identity, key);
  if (!file && file.error().code == ErrorCode::corrupt_data) {
    if (key && is_of_another(path, ours.value_or(""))) return std::nullopt;
    return name + " is damaged" + advice;
  }
  if (!file) return std::nullopt;
  const std::size_t bad = (*file)->verify();
  if (bad == 0) return std::nullopt;
  return name + ": " + std::to_string(bad) + " of its blocks are not as they were written" + advice;
}

}  // namespace vultus::gallery
