// Reading a snapshot: what an index needs to be searched without reading the store. Internal to the room.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include <vultus/core/result.hpp>
#include <vultus/gallery/index/block_guard.hpp>
#include <vultus/gallery/index/snapshot_format.hpp>

namespace vultus::gallery {

/// An open snapshot. At opening header, table and sizes are verified, and each section that `read` gives. Bytes and
/// floats, nearly all of the file, are mapped (sealed: lie in memory that no core dump holds) and verified, or opened,
/// block by block when they are first needed; a block that is not as it was written makes the whole file `damaged`.
/// Thread-safe. Other programs must replace the file, not write into it: a file that becomes shorter while it is mapped
/// ends the process (SIGBUS).
class SnapshotFile {
 public:
  /// @error not_found       no such file, or no right to read it
  /// @error unsupported     of another version or byte order; sealed, and no key was given, or the other way round
  /// @error model_mismatch  of another gallery, model or dimension
  /// @error corrupt_data    damaged, cut off, sealed with another key, or no snapshot
  /// @error resource_limit  no memory
  static Result<std::shared_ptr<const SnapshotFile>> open(const std::filesystem::path& path,
                                                          const SnapshotIdentity& identity,
                                                          const std::optional<SnapshotKey>& key = std::nullopt);
  SnapshotFile(const SnapshotFile&) = delete;
  SnapshotFile& operator=(const SnapshotFile&) = delete;
  ~SnapshotFile();

  [[nodiscard]] const SnapshotHeader& header() const { return header_; }
  [[nodiscard]] std::size_t rows() const { return header_.rows; }
  [[nodiscard]] const RowShape& shape() const { return shape_; }
  [[nodiscard]] std::uint64_t bytes_of(Section section) const { return extent(section).bytes; }

  /// Reads a whole section and verifies it.
  /// @param to  room for whole_blocks(bytes_of(section))
  Status read(Section section, std::byte* to) const;
  /// Where a section of bytes or floats lies in memory. What was not asked for with `need` is not verified.
  [[nodiscard]] const std::byte* address(Section section) const { return memory_ + extent(section).offset; }
  /// Makes some bytes of it ready to be read.
  void need(Section section, std::size_t from, std::size_t bytes) const {
    const std::size_t begin = extent(section).offset + from;
    for (std::size_t block = begin / kSnapshotBlock; block * kSnapshotBlock < begin + bytes; ++block)
      if ((ready_[block / 64].load(std::memory_order_acquire) >> (block % 64) & 1U) == 0) make_ready(block);
  }
  /// True if a block was not as it was written: nothing that was read from the file may be believed.
  [[nodiscard]] bool damaged() const { return damaged_.load(std::memory_order_acquire); }
  /// Verifies every block. @return the number of blocks that are not as they were written
  [[nodiscard]] std::size_t verify() const;

 private:
  SnapshotFile(int file, const SnapshotHeader& header, BlockGuard guard);
  [[nodiscard]] const SnapshotExtent& extent(Section section) const {
    return header_.sections[static_cast<std::size_t>(section)];
  }
  [[nodiscard]] const std::byte* entry(std::size_t block) const {
    return table_.data() + (block - 1) * guard_.entry_bytes();
  }
  Status load_table();
  Status map();
  [[nodiscard]] bool read_at(std::uint64_t offset, std::byte* to, std::size_t bytes) const;
  void make_ready(std::size_t block) const;

  int file_;
  SnapshotHeader header_;
  RowShape shape_;
  BlockGuard guard_;
  std::vector<std::byte> table_;
  std::byte* memory_ = nullptr;                            // as long as the file
  mutable std::vector<std::atomic<std::uint64_t>> ready_;  // a bit a block
  mutable std::mutex opening_;                             // of sealed blocks
  mutable std::atomic<bool> damaged_ = false;
};

/// What is wrong with a snapshot, in a sentence; nothing if there is none, or it is of something else, or sound.
/// @param ours  salt of the snapshot that the gallery believes, as hexadecimal digits. A sealed one with another salt,
///              which the key does not open, is no damage: a process was killed while it wrote it and the key changed,
///              and nobody reads it
[[nodiscard]] std::optional<std::string> finding_in_snapshot(const std::filesystem::path& path,
                                                             const SnapshotIdentity& identity,
                                                             const std::optional<SnapshotKey>& key,
                                                             const std::optional<std::string>& ours);

}  // namespace vultus::gallery
