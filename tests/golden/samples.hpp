// For tests with weights: the sample photos that tools/setup puts into the cache folder, and the data folder `shared`.
#pragma once

#include <array>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>

#include <vultus/media/picture.hpp>
#include <vultus/runtime/store.hpp>

namespace vultus::golden {

/// @param name  e.g. "face_recognition-1.3.0/obama.jpg"
/// @error not_found  the photo is missing: run tools/setup samples
inline Result<Image> sample(const std::string& name) {
  VULTUS_TRY(const auto cache, runtime::default_cache_folder());
  VULTUS_TRY(media::Picture picture,
             media::read_picture((cache / "samples" / name).string()).with_context("run tools/setup samples"));
  return std::move(picture.image);
}

/// The group photos with the number of faces that people count in them.
inline constexpr std::array<std::pair<const char*, std::size_t>, 6> kGroups{{{"face-api-1.7.15/sample1.jpg", 3},
                                                                             {"face-api-1.7.15/sample2.jpg", 3},
                                                                             {"face-api-1.7.15/sample3.jpg", 3},
                                                                             {"face-api-1.7.15/sample4.jpg", 4},
                                                                             {"face-api-1.7.15/sample5.jpg", 5},
                                                                             {"face-api-1.7.15/sample6.jpg", 4}}};

/// Photos of one person each.
inline constexpr std::array<const char*, 7> kPortraits{
    {"face_recognition-1.3.0/obama.jpg", "face_recognition-1.3.0/obama2.jpg", "face_recognition-1.3.0/obama3.jpg",
     "face_recognition-1.3.0/obama_partial_face.jpg", "face_recognition-1.3.0/obama_partial_face2.jpg",
     "face_recognition-1.3.0/biden.jpg", "face_recognition-1.3.0/32bit.png"}};

/// The folder with test data that is not part of the project: $VULTUS_SHARED, or `shared` beside the source tree.
inline std::optional<std::filesystem::path> shared_folder() {
  const char* named = std::getenv("VULTUS_SHARED");
  const std::filesystem::path folder = named != nullptr && *named != '\0'
                                           ? std::filesystem::path(named)
                                           : std::filesystem::path(VULTUS_SOURCE_DIR).parent_path() / "shared";
  std::error_code failed;
  if (!std::filesystem::is_directory(folder, failed)) return std::nullopt;
  return folder;
}

}  // namespace vultus::golden
