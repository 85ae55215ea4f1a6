// Writing people of a gallery with their templates into an export (docs/export-format.md).
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <vultus/core/result.hpp>
#include <vultus/gallery/export_file.hpp>
#include <vultus/gallery/gallery.hpp>

namespace vultus::engine {

/// Who is to be exported, as they stood at one moment. What is written is held against it, so that no export tells of
/// a gallery that there never was. Thread-compatible; the gallery must outlive it.
class GalleryExport {
 public:
  /// Everyone. @cost reads all subjects
  static Result<GalleryExport> of_everyone(const Gallery& gallery);
  /// One person. @param subject  as Gallery tells of them now
  static GalleryExport of(const Gallery& gallery, Subject subject);

  [[nodiscard]] const std::vector<Subject>& people() const { return people_; }
  [[nodiscard]] std::int64_t subjects() const { return static_cast<std::int64_t>(people_.size()); }
  [[nodiscard]] std::int64_t faces() const;

  /// Hands over the lines of the export.
  /// @param gallery_id  32 hex digits; empty = not known
  /// @error resource_limit  somebody of it was changed meanwhile, so what was handed over is no export; or what `take`
  ///                        says
  Status write(const std::string& gallery_id, UtcTime made, const std::function<Status(std::string_view)>& take) const;

 private:
  enum class Whom : std::uint8_t { everyone, one };
  GalleryExport(const Gallery& gallery, std::vector<Subject> people, Whom whom)
      : gallery_(&gallery), people_(std::move(people)), whom_(whom) {}
  Status write_faces(const Subject& subject, ExportLines& lines,
                     const std::function<Status(std::string_view)>& take) const;
  /// As they stand now.
  [[nodiscard]] Result<std::vector<Subject>> now() const;
  [[nodiscard]] Error changed() const;

  const Gallery* gallery_;
  std::vector<Subject> people_;
  Whom whom_;
};

}  // namespace vultus::engine
