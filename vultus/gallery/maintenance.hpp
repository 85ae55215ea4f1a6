// Care for a gallery's file: looking through it, copies while it is used, and what can be saved of a damaged one.
#pragma once

#include <cstdint>
#include <filesystem>
#include <stop_token>
#include <string>
#include <vector>

#include <vultus/core/result.hpp>
#include <vultus/gallery/gallery_options.hpp>
#include <vultus/gallery/records.hpp>

namespace vultus {

/// Looks through a gallery that may be too damaged to be opened. What is sealed is looked at only with the key.
/// @return the findings; damage is a finding, not an error
/// @error not_found, invalid_argument, unsupported, resource_limit  as Gallery::open; corrupt_data for what is no
/// gallery
[[nodiscard]] Result<GalleryCheck> check_gallery(const std::filesystem::path& path);
/// The same with the key of an encrypted gallery, so that what is sealed is looked at too, and so is its snapshot.
[[nodiscard]] Result<GalleryCheck> check_gallery(GalleryOptions options);

/// Copies a gallery into a new file while others read and write it. The copy is the gallery as it was when the copying
/// began, and a gallery itself: restoring is copying it back, or opening it. It appears under its name when it is
/// whole.
/// @param to    a path where nothing is yet
/// @param stop  ends the copying; nothing is left behind then
/// @error not_found         no such gallery or folder
/// @error invalid_argument  something is at `to`
/// @error cancelled         `stop` was asked
/// @error unsupported       a gallery in a database or in shards, which its servers copy
/// @error corrupt_data, unsupported, resource_limit  as Gallery::open
[[nodiscard]] Status backup_gallery(const std::filesystem::path& from, const std::filesystem::path& to,
                                    std::stop_token stop = {});

/// What a repair has saved and lost.
struct GalleryRepair {
  std::int64_t subjects = 0;  ///< in the new file
  std::int64_t faces = 0;
  std::vector<std::string> lost;  ///< one sentence for each thing or range that is not as it was; at most kMaxLost
  static constexpr std::size_t kMaxLost = 10'000;
};

/// Saves all rows of a gallery that can be read and are as they were written into a new gallery, row by row; ranges
/// that cannot be read are left out. A person whose own row is lost but whose faces are not is called "lost subject N"
/// (in a sealed gallery, where no name can be given without the key, the faces are lost too). The old file is left as
/// it is. Needs no key.
/// @param to  a path where nothing is yet
/// @error not_found         no such gallery or folder
/// @error invalid_argument  something is at `to`
/// @error corrupt_data      nothing can be saved: the first page, the tables' definitions or the model is lost
/// @error unsupported       a newer version, or a damaged one of an older version; a gallery in a database or in shards
/// @error resource_limit    as Gallery::open
[[nodiscard]] Result<GalleryRepair> repair_gallery(const std::filesystem::path& from, const std::filesystem::path& to);

}  // namespace vultus
