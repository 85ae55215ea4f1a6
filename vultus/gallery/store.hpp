// The gallery's file: what is on the disk, and nothing of what is searched. Private to this room.
// Thread-compatible. Members that change need a write transaction around them, which the caller commits.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <vultus/gallery/gallery.hpp>
#include <vultus/gallery/records.hpp>
#include <vultus/sqlite/database.hpp>

namespace vultus::gallery {

class Store {
 public:
  static Result<Store> open(const GalleryOptions& options);

  [[nodiscard]] const GalleryModel& model() const { return model_; }
  [[nodiscard]] UtcTime created() const { return created_; }
  [[nodiscard]] const sqlite::Database& file() const { return file_; }

  Result<sqlite::Transaction> begin(sqlite::Transaction::Kind kind) { return sqlite::Transaction::begin(file_, kind); }
  /// A number that changes when another connection has changed the file.
  Result<std::int64_t> data_version() { return file_.integer("PRAGMA data_version"); }
  Result<bool> empty_log() { return file_.empty_log(); }

  /// Names of all subjects.
  Result<std::vector<std::pair<SubjectId, std::string>>> names();
  /// All faces with their subjects, without reading templates.
  Result<std::vector<std::pair<FaceId, SubjectId>>> owners();
  using TakeTemplate = std::function<Status(FaceId, SubjectId, std::span<const float>)>;
  /// Hands over every template, checked.
  Status each_template(const TakeTemplate& take);
  /// Hands over the template of one face, checked.
  Status one_template(FaceId id, const TakeTemplate& take);

  /// @param faces  every one checked by check_new_face
  Result<std::vector<EnrolOutcome>> enrol(std::span<const NewFace> faces, UtcTime now);

  Result<std::vector<Subject>> subjects(const ListOptions& options);
  Result<std::optional<Subject>> find_subject(std::string_view name);
  Result<Subject> subject(SubjectId id);
  Result<std::vector<EnrolledFace>> faces(SubjectId id);
  Result<std::vector<EnrolledFace>> faces_of_source(std::string_view sha256);
  Result<std::optional<Thumbnail>> thumbnail(FaceId id);

  Status rename(SubjectId id, const std::string& to);
  Status merge(SubjectId from, SubjectId into);
  Status describe(SubjectId id, const SubjectDetails& details);
  /// @return the number of faces that went
  Result<std::int64_t> remove(SubjectId id);
  Status remove(FaceId id);

  Status add_calibration(const Calibration& measured, UtcTime now);
  Result<std::vector<Calibration>> calibrations();

  Result<GalleryCheck> check();

 private:
  explicit Store(sqlite::Database file) : file_(std::move(file)) {}
  Status read_identity();
  Status check_subjects(GalleryCheck& result);
  Status check_faces(GalleryCheck& result);
  Status require_model(const GalleryModel& wanted) const;
  [[nodiscard]] Error damaged(const std::string& what) const {
    return file_.fail(ErrorCode::corrupt_data, "damaged gallery: " + what);
  }
  Result<Subject> subject_row(const sqlite::Statement& row) const;
  Result<EnrolledFace> face_row(const sqlite::Statement& row) const;
  Result<std::optional<UtcTime>> time_at(const sqlite::Statement& row, int column) const;
  Result<UtcTime> required_time_at(const sqlite::Statement& row, int column) const;

  sqlite::Database file_;
  GalleryModel model_;
  std::int64_t model_row_ = 0;
  UtcTime created_{};
};

/// Refuses a face that this gallery could not keep.
[[nodiscard]] Status check_new_face(const NewFace& face, const GalleryModel& model);
/// Refuses details that are outside their limits.
[[nodiscard]] Status check_details(const SubjectDetails& details);
/// Refuses a moment that ISO 8601 with four digits cannot name.
[[nodiscard]] Status check_time(std::string_view what, UtcTime time);
/// Refuses what is not 64 lower-case hex digits.
[[nodiscard]] Status check_sha256(std::string_view what, std::string_view sha256);

}  // namespace vultus::gallery
