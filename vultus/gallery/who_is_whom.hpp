// Who is whom: merging, splitting, and what the owner says about it, as rows of a store. Private to this room.
#pragma once

#include <span>
#include <string>
#include <vector>

#include <vultus/core/result.hpp>
#include <vultus/gallery/gallery_changes.hpp>
#include <vultus/gallery/negatives.hpp>
#include <vultus/gallery/open_rows.hpp>
#include <vultus/gallery/store/store.hpp>
#include <vultus/gallery/undo_body.hpp>
#include <vultus/gallery/undo_steps.hpp>

namespace vultus::gallery {

/// Works inside the transaction that is running, and writes a step for each change, so that it can be taken back.
/// Knows neither memory nor the log. What it is made with must outlive it. Thread-compatible. Errors as Gallery says.
class WhoIsWhom {
 public:
  WhoIsWhom(Store& store, const OpenRows& rows, UndoSteps& steps) : store_(store), rows_(rows), steps_(steps) {}

  Status merge(SubjectId from, SubjectId into, UtcTime now);
  /// @return what was done
  Result<SplitUndo> split(std::span<const FaceId> faces, const std::string& name, UtcTime now);
  Status not_this_person(FaceId face, SubjectId subject, Say how, UtcTime now);
  Status not_same_person(FaceId a, FaceId b, Say how, UtcTime now);

  [[nodiscard]] Result<std::vector<NotSame>> all() const;
  /// The faces of which it was said that they do not show a subject.
  [[nodiscard]] Result<Negatives::BySubject> negatives(const ModelRow& model) const;

 private:
  /// Refuses to put together what was said to be two people.
  [[nodiscard]] Status require_mergeable(const std::vector<FaceRow>& from, SubjectId from_id, SubjectId into) const;
  Status say(const LinkRow& link, Say how, UtcTime now);

  Store& store_;
  const OpenRows& rows_;
  UndoSteps& steps_;
};

}  // namespace vultus::gallery
