// Filling a gallery from templates that were made elsewhere: exports of Vultus, CSV files, dumps of CompreFace.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <vultus/core/result.hpp>
#include <vultus/gallery/gallery.hpp>

namespace vultus::engine {

enum class ImportFormat : std::uint8_t {
  automatic,  ///< by the beginning of the file, then by its name
  vultus,     ///< docs/export-format.md
  csv,        ///< name,source,value,value,...
  compreface  ///< a plain pg_dump
};

struct ImportOptions {
  ImportFormat format = ImportFormat::automatic;
  std::string model;       ///< id of the model that made the embeddings of a CSV file; needed for it
  std::string calculator;  ///< of a dump with several
  std::string collection;  ///< of a dump with several: API key, or name of the service
};

struct ImportReport {
  std::int64_t subjects = 0;         ///< that were not there before
  std::int64_t added = 0;            ///< faces
  std::int64_t already_there = 0;    ///< faces whose template the subject has already
  std::vector<std::string> refused;  ///< one sentence for each face that could not be taken, at most 100
  std::int64_t refused_count = 0;
  bool operator==(const ImportReport&) const = default;
};

/// A file that was looked through, so that it is known which gallery it fits into.
class ImportFile {
 public:
  /// @error not_found         no such file
  /// @error invalid_argument  what must be chosen is not: the message lists what there is
  /// @error corrupt_data      damaged: the message names the line
  /// @error unsupported       no format that this reads
  static Result<ImportFile> open(const std::string& path, const ImportOptions& options);

  /// The model that the embeddings belong to. Only a gallery of this model can take them.
  [[nodiscard]] const GalleryModel& model() const { return model_; }
  [[nodiscard]] std::int64_t faces() const { return faces_; }
  [[nodiscard]] ImportFormat format() const { return options_.format; }

  /// Enrols everything, in batches; what was acknowledged before an error stays. Details of a subject are taken where
  /// the gallery has none.
  /// @error model_mismatch  the gallery belongs to another model; corrupt_data  the file was changed since
  Result<ImportReport> into(Gallery& gallery) const;

 private:
  ImportFile(std::string path, ImportOptions options) : path_(std::move(path)), options_(std::move(options)) {}
  Status look_at_export();
  Status look_at_csv();
  Status look_at_dump();

  std::string path_;
  ImportOptions options_;
  GalleryModel model_;
  std::int64_t faces_ = 0;
};

}  // namespace vultus::engine
