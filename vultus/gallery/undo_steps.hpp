// Changes of a gallery that can be taken back, as rows of its store. Private to this room.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <vultus/core/result.hpp>
#include <vultus/gallery/gallery_changes.hpp>
#include <vultus/gallery/open_rows.hpp>
#include <vultus/gallery/store/store.hpp>

namespace vultus::gallery {

/// Works inside the transaction that is running, and remembers whose keys are of no use once that is committed: of
/// subjects that no row and no step needs any more. Store and rows must outlive it. Thread-compatible.
class UndoSteps {
 public:
  UndoSteps(Store& store, const OpenRows& rows) : store_(store), rows_(rows) {}

  /// A change begins: what one before it has left, which was rolled back, is not to be forgotten.
  void begin() { unused_.clear(); }
  /// Destroys the keys that nothing is left to open with.
  Status forget_unused();
  /// The same after the commit. The change is done: a key that cannot be destroyed now is remembered for the next call.
  Status forget_committed();

  /// Writes a step down, and drops the oldest where there are too many.
  Status write(std::string_view kind, std::string body, UtcTime now);
  /// @return a sentence about each, newest first
  [[nodiscard]] Result<std::vector<UndoEntry>> told() const;
  /// Takes a change back, as far as its faces are still where it put them.
  /// @param number  the newest if empty
  /// @error as Gallery::undo
  Result<UndoEntry> take_back(std::optional<std::int64_t> number);
  /// The key of the name of the subject that taking back a merge would bring back; nothing for other changes.
  Result<std::optional<std::string>> name_key_back(std::int64_t number) const;
  Status drop_all();
  /// Drops what would bring a subject back to light that is removed, or anybody who was merged into it, also over
  /// others.
  /// @return how many
  Result<std::int64_t> drop_of(SubjectId subject);

 private:
  Status drop(const UndoRow& row);
  Result<UndoEntry> told(const UndoRow& row) const;
  [[nodiscard]] std::string name_of(SubjectId id) const;
  /// The faces that are still with `owner`.
  Result<std::vector<FaceRow>> still_with(const std::vector<FaceId>& faces, SubjectId owner) const;
  Status undo_merge(const UndoRow& row);
  Status undo_split(const UndoRow& row);
  Status undo_link(const UndoRow& row);

  Store& store_;
  const OpenRows& rows_;
  Status forget(std::vector<SubjectId>& keys) const;

  std::vector<SubjectId> unused_;
  std::vector<SubjectId> committed_;  // unused_ of changes that are committed
};

}  // namespace vultus::gallery
