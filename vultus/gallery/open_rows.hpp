// Rows of a store as they are meant: opened where they are read, sealed where they are written. Private to this room.
#pragma once

#include <string>
#include <vector>

#include <vultus/core/result.hpp>
#include <vultus/gallery/guard.hpp>
#include <vultus/gallery/store/store.hpp>

namespace vultus::gallery {

/// Knows neither memory nor locks nor the log: what it reads and writes belongs to the transaction that is running.
/// Store and guard must outlive it. Thread-compatible: used under the lock of the gallery's file, but for damaged().
class OpenRows {
 public:
  OpenRows(Store& store, Guard& guard) : store_(store), guard_(guard) {}

  [[nodiscard]] Codec& codec() const { return guard_.codec(); }
  /// True where rows that are still there belong to a forgetting that was interrupted.
  [[nodiscard]] bool is_forgotten(SubjectId id) const { return guard_.is_forgotten(id); }
  [[nodiscard]] Error damaged(const std::string& what) const {
    return store_.fail(ErrorCode::corrupt_data, "damaged gallery: " + what);
  }

  /// A subject as messages call it: by the name, which users know; by the number where that cannot be read.
  [[nodiscard]] std::string called(SubjectId id) const;
  /// @error not_found  no such subject
  Result<SubjectRow> require_subject(SubjectId id) const;
  Result<Subject> opened(SubjectRow row) const;
  Result<std::vector<EnrolledFace>> opened(std::vector<FaceRow> rows) const;
  Result<std::vector<float>> values_of(TemplateRow row, SubjectId owner, const GalleryModel& model) const;
  /// A face with all that belongs to it, as `to` seals it under the key of `owner`.
  Result<WholeFace> sealed_for(FaceRow row, SubjectId owner, Codec& to) const;

  /// Ids that neither a row nor a key has had before.
  Result<ReservedIds> reserve_ids(std::int64_t subjects, std::int64_t faces) const;
  /// @error invalid_argument  the name is taken
  Result<SubjectId> add_subject(const std::string& name, UtcTime now) const;
  Status move_faces(const std::vector<FaceRow>& rows, SubjectId to) const;
  /// Every row as `to` seals it. Steps that can be taken back are dropped: they hold rows as they lay there before.
  Status write_all_again(Codec& to) const;

 private:
  Store& store_;
  Guard& guard_;
};

}  // namespace vultus::gallery
