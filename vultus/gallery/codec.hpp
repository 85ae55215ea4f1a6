// Between facade and store: makes rows as they lie on the disk out of plain ones, and back. Private to this room.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <vultus/core/result.hpp>
#include <vultus/gallery/store/rows.hpp>

namespace vultus::gallery {

/// How the facade uses it, always holding its lock of the file (so the codec needs none of its own):
/// - `seal` before a row goes to the store, `open` after it came back. Ids are final at that time, so that a ciphertext
///   can be bound to gallery, table, row and column. Both change the fields that rows.hpp marks [sealed], in place, and
///   `name_key` and `source_key`, which the facade leaves empty. `open` leaves the keys as they are.
/// - `add_subjects` inside the write transaction, before rows of new subjects are sealed: what opens them must be
///   durable when it returns. The transaction may still be rolled back, and the same ids be given again.
/// - `taken_from` after ids were reserved: an older copy of the store, put back, gives ids again that others have had.
/// - `forget` before the rows of a subject are removed: nothing opens them afterwards, in any copy.
/// - A face that moves to another subject is opened with its old `subject` and sealed with its new one, with all its
///   templates and its thumbnail, where `binds_to_subject`; else the store moves it alone.
/// A row that does not open (key gone, altered bytes) is corrupt_data, and the message names the row.
class Codec {
 public:
  Codec() = default;
  Codec(const Codec&) = delete;
  Codec& operator=(const Codec&) = delete;
  virtual ~Codec() = default;

  /// The value of meta 'encryption' of its galleries.
  [[nodiscard]] virtual std::string_view encryption() const = 0;
  /// True: sealed rows can neither be sorted nor searched by name, so the facade keeps names in memory for that.
  [[nodiscard]] virtual bool hides_names() const = 0;
  [[nodiscard]] virtual bool binds_to_subject() const = 0;

  /// The key that snapshots of its galleries are sealed with; the memory is the codec's. Nothing: no key is needed, or,
  /// where the encryption is not "none", snapshots are not kept.
  [[nodiscard]] virtual std::optional<std::span<const unsigned char, 32>> snapshot_key() const { return std::nullopt; }

  /// What a name, or the SHA-256 of a source, is found by. Equal texts give equal keys.
  virtual Result<std::string> name_key(std::string_view name) const = 0;
  virtual Result<std::string> source_key(std::string_view sha256) const = 0;

  /// @return the highest id below `end` that has or had a key; nothing where none of `count` ids from `first` is one
  virtual Result<std::optional<SubjectId>> taken_from(SubjectId /*first*/, std::int64_t /*count*/, SubjectId /*end*/) {
    return std::optional<SubjectId>();
  }
  virtual Status add_subjects(std::span<const SubjectId> made) = 0;
  virtual Status forget(SubjectId subject) = 0;

  virtual Status seal(SubjectRow& row) const = 0;
  virtual Status open(SubjectRow& row) const = 0;
  virtual Status seal(FaceRow& row) const = 0;  ///< under the key of row.subject
  virtual Status open(FaceRow& row) const = 0;
  virtual Status seal(TemplateRow& row, SubjectId owner) const = 0;
  virtual Status open(TemplateRow& row, SubjectId owner) const = 0;
  virtual Status seal(ThumbnailRow& row, SubjectId owner) const = 0;
  virtual Status open(ThumbnailRow& row, SubjectId owner) const = 0;
};

/// Leaves everything as it is: meta 'encryption' = "none".
[[nodiscard]] std::unique_ptr<Codec> plain_codec();

}  // namespace vultus::gallery
