#include <vultus/gallery/index/snapshot_eraser.hpp>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <limits>
#include <map>
#include <memory>
#include <system_error>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <vultus/gallery/index/kernels.hpp>
#include <vultus/gallery/index/snapshot_writer.hpp>

namespace vultus::gallery {
namespace {

class Eraser {
 public:
  Eraser(int file, const SnapshotHeader& header, BlockGuard guard)
      : file_(file), header_(header), shape_(RowShape::of(header.dimension)), guard_(std::move(guard)) {}
  Eraser(const Eraser&) = delete;
  Eraser& operator=(const Eraser&) = delete;
  ~Eraser() { ::close(file_); }

  Status load_table() {
    table_.resize(header_.table.bytes);
    if (!transfer(::pread, table_.data(), table_.size(), header_.table.offset) ||
        guard_.sum_of(table_) != header_.table_sum)
      return fail(ErrorCode::corrupt_data, "damaged snapshot: its table");
    return {};
  }

  Status erase_row(std::size_t row) {
    VULTUS_CHECK(put(Section::owners, row, std::numeric_limits<std::int64_t>::min()));
    VULTUS_CHECK(put(Section::byte_scale, row, std::numeric_limits<float>::quiet_NaN()));
    VULTUS_CHECK(put(Section::byte_error, row, 0.0F));
    VULTUS_CHECK(put(Section::first_scale, row, std::numeric_limits<std::int16_t>::max()));  // as without length
    const std::size_t first_bytes = shape_.first_words * sizeof(std::uint64_t);
    for (std::size_t byte = 0; byte < first_bytes; ++byte)
      VULTUS_CHECK(put(Section::first,
                       (row / kRowsOfBlock * first_bytes + byte) * kRowsOfBlock + place_in_block(row % kRowsOfBlock),
                       std::uint8_t{0}));
    for (const Section section : {Section::rest, Section::bytes, Section::floats}) {
      const std::uint64_t width = bytes_of(section, shape_, 1);
      VULTUS_CHECK(write(section, row * width, std::vector<std::byte>(width)));
    }
    return {};
  }

  Status erase_name(const SnapshotExtent& name) {
    return write(Section::names, name.offset, std::vector<std::byte>(name.bytes));
  }

  /// Writes the changed blocks, then what says that they are right, and up to which change the file is of use only.
  Status finish(std::int64_t sequence) {
    header_.erased = std::max(header_.erased, sequence);
    for (const auto& [number, block] : blocks_) {
      guard_.close(number, block.data(), nullptr, table_.data() + (number - 1) * guard_.entry_bytes());
      if (!transfer(::pwrite, block.data(), block.size(), number * kSnapshotBlock)) return error();
    }
    header_.table_sum = guard_.sum_of(table_);
    const auto* const header = reinterpret_cast<const std::byte*>(&header_);
    header_.sum = guard_.sum_of({header, kSnapshotSummedBytes});
    if (!transfer(::pwrite, table_.data(), table_.size(), header_.table.offset) ||
        !transfer(::pwrite, header, sizeof header_, 0) || ::fdatasync(file_) != 0)
      return error();
    return {};
  }

 private:
  [[nodiscard]] static Error error() {
    return fail(ErrorCode::resource_limit, "snapshot: " + std::generic_category().message(errno));
  }
  template <class Call, class Byte>
  bool transfer(const Call& call, Byte* at, std::size_t bytes, std::uint64_t offset) const {
    while (bytes > 0) {
      const ssize_t done = call(file_, at, bytes, static_cast<off_t>(offset));
      if (done < 0 && errno == EINTR) continue;
      if (done <= 0) return false;
      at += done;
      offset += static_cast<std::uint64_t>(done);
      bytes -= static_cast<std::size_t>(done);
    }
    return true;
  }
  template <class T>
  Status put(Section section, std::size_t place, T value) {
    std::vector<std::byte> bytes(sizeof value);
    std::memcpy(bytes.data(), &value, sizeof value);
    return write(section, place * sizeof value, bytes);
  }
  Status write(Section section, std::uint64_t from, const std::vector<std::byte>& bytes) {
    std::uint64_t at = header_.sections[static_cast<std::size_t>(section)].offset + from;
    for (const std::byte byte : bytes) {
      const std::uint64_t number = at / kSnapshotBlock;
      auto found = blocks_.find(number);
      if (found == blocks_.end()) {
        std::vector<std::byte> block(kSnapshotBlock);
        if (!transfer(::pread, block.data(), block.size(), number * kSnapshotBlock) ||
            !guard_.open(number, block.data(), block.data(), table_.data() + (number - 1) * guard_.entry_bytes()))
          return fail(ErrorCode::corrupt_data, "damaged snapshot: block " + std::to_string(number));
        found = blocks_.emplace(number, std::move(block)).first;
      }
      found->second[at % kSnapshotBlock] = byte;
      ++at;
    }
    return {};
  }

  int file_;
  SnapshotHeader header_;
  RowShape shape_;
  BlockGuard guard_;
  std::vector<std::byte> table_;
  std::map<std::uint64_t, std::vector<std::byte>> blocks_;
};

constexpr std::chrono::milliseconds kLookAgain{5};

/// Overwrites all of a file that has no name any more.
bool overwrite(int file) {
  struct stat about {};
  if (::fstat(file, &about) != 0) return false;
  const std::vector<std::byte> zeros(std::size_t{1} << 20U);
  for (off_t at = 0; at < about.st_size;) {
    const auto bytes = std::min<std::size_t>(zeros.size(), static_cast<std::size_t>(about.st_size - at));
    const ssize_t done = ::pwrite(file, zeros.data(), bytes, at);
    if (done < 0 && errno == EINTR) continue;
    if (done <= 0) return false;
    at += done;
  }
  return ::fdatasync(file) == 0;
}

}  // namespace

bool remove_snapshot(const std::filesystem::path& path, std::chrono::milliseconds wait) {
  const int file = ::open(path.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW);
  if (file < 0) {
    const bool none = errno == ENOENT;
    ::unlink(path.c_str());
    return none;
  }
  const std::unique_ptr<const int, void (*)(const int*)> closing(&file, [](const int* open) { ::close(*open); });
  // Without a name nobody can open it any more, so that the lease is never broken, which would end the process.
  if (::unlink(path.c_str()) != 0) return false;
  const auto end = std::chrono::steady_clock::now() + wait;
  // Given to whoever alone has the file open.
  while (::fcntl(file, F_SETLEASE, F_WRLCK) != 0) {
    if (errno != EAGAIN || std::chrono::steady_clock::now() >= end) return false;
    std::this_thread::sleep_for(kLookAgain);
  }
  return overwrite(file);
}

void remove_unfinished_snapshot(const std::filesystem::path& snapshot) {
  const std::string path = unfinished_snapshot(snapshot).string();
  const int file = ::open(path.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  if (file < 0) return;
  // Who writes one has it locked; who begins to, while this is locked, is refused.
  if (::flock(file, LOCK_EX | LOCK_NB) == 0 && ::unlink(path.c_str()) == 0) overwrite(file);
  ::close(file);
}

Status erase_from_snapshot(const std::filesystem::path& path, const SnapshotFile& open, const SnapshotErasure& what) {
  if (what.rows.empty() && what.names.empty()) return {};
  if (open.header().sealed != 0) return fail(ErrorCode::unsupported, "a sealed snapshot is not changed, but rewritten");
  const int file = ::open(path.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW);
  if (file < 0) return {};
  SnapshotHeader header;
  const bool read = ::flock(file, LOCK_EX) == 0 && ::pread(file, &header, sizeof header, 0) == sizeof header;
  auto guard = BlockGuard::make(header, std::nullopt);
  if (!read || !guard || header.salt != open.header().salt || header.file_bytes != open.header().file_bytes) {
    ::close(file);
    return {};
  }
  Eraser eraser(file, header, *std::move(guard));
  VULTUS_CHECK(eraser.load_table());
  for (const std::size_t row : what.rows) {
    if (row >= open.rows()) continue;
    for (const Section section : {Section::bytes, Section::floats}) {
      const std::uint64_t width = bytes_of(section, open.shape(), 1);
      open.need(section, row * width, width);
    }
    VULTUS_CHECK(eraser.erase_row(row));
  }
  for (const SnapshotExtent& name : what.names)
    if (name.offset + name.bytes <= open.bytes_of(Section::names)) VULTUS_CHECK(eraser.erase_name(name));
  return eraser.finish(what.sequence);
}

}  // namespace vultus::gallery
