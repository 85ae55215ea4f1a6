// A photo library: the faces of a folder of photos, with their templates, clusters and names, in one file.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <vultus/core/embedding.hpp>
#include <vultus/core/geometry.hpp>
#include <vultus/core/ids.hpp>
#include <vultus/core/result.hpp>
#include <vultus/core/units.hpp>

namespace vultus::library {

/// What made the templates.
struct LibraryModel {
  ModelId id;
  int dimension = 0;   ///< values of a template, [1, Embedding::kMaxDimension]
  std::string preset;  ///< name of the preset; may be empty
  bool operator==(const LibraryModel&) const = default;
};

/// A face of a photo.
struct PhotoFace {
  std::int64_t id = 0;  ///< in the library; 0 = it is in none
  int number = 1;       ///< in its photo, from 1
  RectF box;            ///< pixels of the upright photo
  Score detection;
  std::optional<float> inter_eye_px;
  std::optional<float> quality;    ///< unified score, [0, 100]
  std::optional<float> sharpness;  ///< face::QualityMeasure::sharpness
  std::optional<float> yaw;        ///< degrees
  std::optional<float> pitch;      ///< degrees
  Embedding embedding;
  std::vector<std::byte> thumbnail;     ///< JPEG; a library hands it out by itself
  std::optional<std::int64_t> cluster;  ///< empty = not clustered yet
};

/// A photo, known by its bytes: copies of a file are one photo.
struct Photo {
  std::string sha256;
  int width = 0;
  int height = 0;
  std::vector<PhotoFace> faces;
};

/// Where a photo lies.
struct PhotoFile {
  std::string path;           ///< absolute
  std::int64_t bytes = 0;     ///< size of the file
  std::int64_t modified = 0;  ///< its last change, in ticks of the file system's clock
  std::string sha256;         ///< of the photo
  bool operator==(const PhotoFile&) const = default;
};

/// All that a library holds, without thumbnails.
struct Content {
  std::vector<Photo> photos;                                 ///< in the order of their SHA-256
  std::vector<PhotoFile> files;                              ///< in the order of their paths
  std::map<std::int64_t, std::string> names;                 ///< of clusters that have one
  std::vector<std::pair<std::int64_t, std::int64_t>> apart;  ///< faces that the user told to be two people
  std::int64_t next_cluster = 1;                             ///< a number that no cluster ever had
};

struct LibraryOptions {
  std::filesystem::path path;
  LibraryModel model;                         ///< of the caller's templates
  std::chrono::milliseconds busy_wait{5000};  ///< how long to wait while another process writes
};

/// An open library. Move-only, thread-compatible. A change that was answered with success survives the end of the
/// process and of the power. Errors of every member, beside those it names: corrupt_data (damaged pages or rows),
/// resource_limit (no permission, disk full, locked for longer than busy_wait).
class Library {
 public:
  /// Opens a library, or makes it.
  /// @error model_mismatch    the library's templates are of another model: the message names both
  /// @error not_found         no such folder; invalid_argument  the path is no file, or a model without meaning
  /// @error unsupported       made by a newer version of the program
  /// @error corrupt_data      not a photo library, or damaged
  static Result<Library> open(const LibraryOptions& options);

  Library(Library&&) noexcept;
  Library& operator=(Library&&) noexcept;
  ~Library();

  [[nodiscard]] Result<Content> load() const;  ///< all of it
  /// @return empty if the face is not there
  [[nodiscard]] Result<std::vector<std::byte>> thumbnail(std::int64_t face) const;

  /// Keeps photos and where they lie, all or none. A photo that is there already is left as it is; a path that is there
  /// already leads to the new photo. Faces get their ids.
  /// @error invalid_argument  a template of another model, or a file whose photo is not there
  Status add(std::span<Photo> photos, std::span<const PhotoFile> files);
  /// Drops files, and the photos that then lie nowhere, with their faces; their bytes are overwritten.
  Status forget(std::span<const std::string> paths);
  /// Keeps the cluster of faces, the names of clusters and the next number. Names of other clusters are dropped.
  Status keep_clusters(std::span<const std::pair<std::int64_t, std::int64_t>> cluster_of_face,
                       const std::map<std::int64_t, std::string>& names, std::int64_t next_cluster);
  /// Remembers that faces are two people.
  Status keep_apart(std::span<const std::pair<std::int64_t, std::int64_t>> faces);

 private:
  struct Impl;
  explicit Library(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/// The model of a library that is there; empty = no such file. @error as Library::open
[[nodiscard]] Result<std::optional<LibraryModel>> model_of_library(const std::filesystem::path& path);

}  // namespace vultus::library
