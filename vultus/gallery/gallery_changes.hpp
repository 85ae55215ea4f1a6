// What the changes of a gallery are told, and what they answer.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <vultus/core/ids.hpp>
#include <vultus/gallery/utc_time.hpp>

namespace vultus {

/// What a renaming does when another subject has the new name.
enum class IfNameTaken : std::uint8_t { refuse, merge };

/// Whether something is said or no longer said.
enum class Say : std::uint8_t { yes, no_longer };

/// What a removal took away.
struct Removal {
  std::int64_t faces = 0;
  /// True: the bytes are overwritten in the file and its log. False: another process was reading, and old bytes may
  /// stay in the log beside the file until the next removal, or until the last process closes the gallery. A copy that
  /// SQLite left behind when it spread the rows of a full page may outlive the row either way: forget() looks for
  /// those.
  bool bytes_gone = false;
};

/// What the owner has said about who is not whom: one of `subject` and `other` is there.
struct NotSame {
  FaceId face;
  std::optional<SubjectId> subject;  ///< whom the face does not show
  std::optional<FaceId> other;       ///< the face of another person; the greater id of the two
  bool operator==(const NotSame&) const = default;
};

/// A change that can be taken back.
struct UndoEntry {
  std::int64_t number = 0;
  UtcTime at{};
  std::string kind;  ///< "merge", "split", "link"
  std::string what;  ///< a sentence, e.g. "Ada was merged into Bea, 3 faces"
  bool operator==(const UndoEntry&) const = default;
};

}  // namespace vultus
