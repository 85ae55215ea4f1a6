// A page with the faces of each cluster side by side.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include <vultus/core/result.hpp>
#include <vultus/engine/photo_clusters.hpp>
#include <vultus/engine/photo_set.hpp>

namespace vultus::engine {

struct ContactSheetOptions {
  std::string title = "Faces by person";
  std::string folder;                 ///< that the page is written into: links lead from there
  std::size_t faces_a_row = 16;       ///< of one cluster that are shown ...
  std::size_t rows_in_full = 100;     ///< ... in so many rows, the largest clusters; after them
  std::size_t faces_a_short_row = 3;  ///< so many
  std::size_t most_clusters = 1500;   ///< that are shown; those with a name before those without
  std::size_t most_alone = 200;       ///< faces alone that are shown
};

/// Gives the JPEG of a face; empty = there is none.
using ThumbnailSource = std::function<Result<std::vector<std::byte>>(const library::PhotoFace&)>;

/// Makes a page of HTML that is one file and works offline: a row for each cluster of two and more faces, the largest
/// first, each face linked to its photo, then the faces that a gallery knows, counted by name, and the faces alone. Its
/// size is bounded by the options, at some 5 kB a face shown.
/// @error that of `thumbnail`
[[nodiscard]] Result<std::string> contact_sheet(const PhotoSet& set, const std::vector<PhotoCluster>& clusters,
                                                const KnownFaces& known, const ThumbnailSource& thumbnail,
                                                const ContactSheetOptions& options);

}  // namespace vultus::engine
