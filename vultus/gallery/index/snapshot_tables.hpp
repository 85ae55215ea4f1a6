// Subjects of a snapshot: which rows are theirs, and their names. Internal to the room.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include <vultus/core/ids.hpp>
#include <vultus/core/result.hpp>
#include <vultus/gallery/index/snapshot_file.hpp>

namespace vultus::gallery {

/// Sorted arrays, so that nothing is built at opening. Immutable.
class SnapshotTables {
 public:
  /// @error corrupt_data  damaged, or in no order  @throws std::bad_alloc
  static Result<std::shared_ptr<const SnapshotTables>> load(const SnapshotFile& file);

  /// The rows that were a subject's when the snapshot was written.
  [[nodiscard]] std::span<const std::uint32_t> rows_of(SubjectId subject) const;
  /// The name of a subject, if it has one.
  [[nodiscard]] std::optional<std::string_view> name_of(SubjectId subject) const;
  /// Where the name of a subject lies in the section of names; nothing if it has none.
  [[nodiscard]] std::optional<SnapshotExtent> name_place(SubjectId subject) const;
  /// Subjects that have a name.
  [[nodiscard]] std::size_t named() const { return named_; }
  /// All subjects, rising, also those without a face or without a name.
  [[nodiscard]] std::span<const std::int64_t> subjects() const { return subjects_; }

 private:
  [[nodiscard]] std::optional<std::size_t> place_of(SubjectId subject) const;
  Status check(std::size_t rows) const;

  std::span<const std::int64_t> subjects_;
  std::span<const std::uint64_t> rows_begin_;
  std::span<const std::uint32_t> rows_;
  std::span<const std::uint64_t> names_begin_;
  std::span<const char> names_;
  std::size_t named_ = 0;
  std::shared_ptr<void> memory_;
};

}  // namespace vultus::gallery
