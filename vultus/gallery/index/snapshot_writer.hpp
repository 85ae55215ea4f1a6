// Writing a snapshot, row by row, without holding all rows in memory. Internal to the room.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <sys/types.h>

#include <vultus/core/result.hpp>
#include <vultus/gallery/behind_links.hpp>
#include <vultus/gallery/index/block_guard.hpp>
#include <vultus/gallery/index/snapshot_format.hpp>
#include <vultus/gallery/index/template_rows.hpp>

namespace vultus::gallery {

/// Where a snapshot lies while it is being written.
[[nodiscard]] inline std::filesystem::path unfinished_snapshot(std::filesystem::path snapshot) {
  return snapshot += ".new";
}
/// Where the snapshot of a gallery lies: where it was told, else beside it, whatever link names it.
[[nodiscard]] inline std::filesystem::path snapshot_path(const std::filesystem::path& gallery,
                                                         const std::filesystem::path& told) {
  if (!told.empty()) return told;
  std::filesystem::path beside = behind_links(gallery);
  beside += ".index";
  return beside;
}

struct SnapshotOptions {
  std::filesystem::path path;
  SnapshotIdentity identity;
  std::size_t rows = 0;                           ///< at most so many will be added
  std::int64_t sequence = 0;                      ///< number of the last change that is in them
  std::optional<SnapshotKey> key = std::nullopt;  ///< sealed with it
  ::mode_t mode = 0600;                           ///< of the file
};

/// Writes beside the path and takes its place at the end, so that whoever reads it never sees half a file, and who has
/// the one before it open goes on with that. Not finished: nothing is left behind.
/// Thread-compatible. Needs the memory of 16,384 rows, and 40 bytes for every row.
class SnapshotWriter {
 public:
  /// @error resource_limit    no right to write, or another process is writing it now
  /// @error invalid_argument  an identity or number of rows outside its limits
  static Result<SnapshotWriter> create(SnapshotOptions options);
  SnapshotWriter(SnapshotWriter&&) noexcept;
  SnapshotWriter& operator=(SnapshotWriter&&) noexcept = delete;
  ~SnapshotWriter();

  /// Faces in rising order.
  /// @param values  unit length
  /// @error invalid_argument  out of order, too many, or of another dimension  @error resource_limit  disk full
  Status add(FaceId face, SubjectId subject, std::span<const float> values);
  /// A row that is encoded already; not a dead one.
  Status add(const TemplateRows& rows, std::size_t at);
  /// Names of subjects, in rising order; a subject need not have a face.
  /// @error invalid_argument  out of order
  Status name(SubjectId subject, std::string_view text);
  /// Makes everything durable, and then visible at the path.
  /// @error resource_limit  disk full
  Status finish();

 private:
  struct File;
  SnapshotWriter(SnapshotOptions options, std::unique_ptr<File> file, const SnapshotHeader& header, BlockGuard guard);
  Status take(FaceId face, SubjectId subject);
  Status flush();
  Status write_subjects();
  template <class T>
  Status append(Section section, const std::vector<T>& values);
  Status write_blocks(std::uint64_t offset, const std::byte* data, std::size_t bytes);
  [[nodiscard]] SnapshotExtent& extent(Section section) { return header_.sections[static_cast<std::size_t>(section)]; }

  SnapshotOptions options_;
  std::unique_ptr<File> file_;
  SnapshotHeader header_;
  BlockGuard guard_;
  std::unique_ptr<TemplateRows> chunk_;  // rows that are not written yet
  std::uint64_t written_ = 0;            // rows before them
  std::uint64_t end_ = 0;                // of what has a place in the file
  std::vector<std::byte> table_;
  std::vector<std::byte> sealed_;
  std::optional<FaceId> last_face_;
  std::vector<std::pair<std::int64_t, std::uint32_t>> rows_of_subjects_;
  std::vector<std::int64_t> named_;
  std::vector<std::uint64_t> names_end_;
  std::string names_;
};

}  // namespace vultus::gallery
