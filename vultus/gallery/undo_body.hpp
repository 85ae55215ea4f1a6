// What is written down of a change so that it can be taken back: the body of a row of `undo`. Private to this room.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <vultus/core/result.hpp>
#include <vultus/gallery/store/rows.hpp>

namespace vultus::gallery {

/// `from` was merged into `into`.
struct MergeUndo {
  SubjectRow from;  ///< as it lay in the store
  SubjectId into;
  std::vector<FaceId> faces;     ///< that moved
  std::vector<FaceId> not_from;  ///< faces that were linked as not showing `from`
  std::vector<FaceId> not_into;  ///< of these, those that were thereby newly linked as not showing `into`
  bool operator==(const MergeUndo&) const = default;
};

/// Faces were split off `from`, as a new subject.
struct SplitUndo {
  SubjectId from;
  SubjectId made;
  std::vector<FaceId> faces;
  bool operator==(const SplitUndo&) const = default;
};

/// A link was added or taken away.
struct LinkUndo {
  LinkRow link;
  bool added = true;
  bool operator==(const LinkUndo&) const = default;
};

inline constexpr std::string_view kMergeKind = "merge";
inline constexpr std::string_view kSplitKind = "split";
inline constexpr std::string_view kLinkKind = "link";

// Texts are written in base64: a path or a note need not be UTF-8.
[[nodiscard]] std::string body_of(const MergeUndo& undo);
[[nodiscard]] std::string body_of(const SplitUndo& undo);
[[nodiscard]] std::string body_of(const LinkUndo& undo);
/// @error corrupt_data  not such a body
[[nodiscard]] Result<MergeUndo> merge_from(const std::string& body);
[[nodiscard]] Result<SplitUndo> split_from(const std::string& body);
[[nodiscard]] Result<LinkUndo> link_from(const std::string& body);

/// Whether taking the change back would bring something of a subject to light.
[[nodiscard]] bool mentions(const UndoRow& row, SubjectId subject);

}  // namespace vultus::gallery
