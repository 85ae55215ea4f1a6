// Takes what was removed out of a snapshot that is in use. Internal to the room.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>

#include <vultus/core/result.hpp>
#include <vultus/gallery/index/snapshot_file.hpp>

namespace vultus::gallery {

/// What is overwritten in a snapshot.
struct SnapshotErasure {
  std::span<const std::size_t> rows;      ///< become dead rows: nothing is left of them but the id of the face
  std::span<const SnapshotExtent> names;  ///< of bytes in the section of names: become zeros
  std::int64_t sequence = 0;              ///< number of the change that took them away, or of a later one
};

/// Overwrites rows and names of a plain snapshot on the disk, and its checksums. Whoever has the file open and had not
/// yet verified a block of these rows will find it damaged and take the file in again; for `open`, they are verified
/// first. A crash in between leaves a file that is refused.
/// @param open  the snapshot that lies at the path; if another one lies there, nothing is done
/// @error unsupported  sealed, and something is to go: its blocks are sealed once
/// @error corrupt_data  damaged  @error resource_limit  disk
Status erase_from_snapshot(const std::filesystem::path& path, const SnapshotFile& open, const SnapshotErasure& what);

/// A search that goes on lets go of a snapshot sooner.
inline constexpr std::chrono::seconds kLongestSearch{2};

/// Takes the whole file away, and overwrites its bytes where nobody uses it: who has it mapped would search in zeros.
/// @param wait  so long for those who still use it
/// @return false where its bytes may be left on the disk
bool remove_snapshot(const std::filesystem::path& path, std::chrono::milliseconds wait = {});

/// Takes away what a process has left that was killed while it wrote a snapshot, and overwrites its bytes. Nothing
/// happens where somebody is writing it.
/// @param snapshot  where the finished one would lie
void remove_unfinished_snapshot(const std::filesystem::path& snapshot);

}  // namespace vultus::gallery
