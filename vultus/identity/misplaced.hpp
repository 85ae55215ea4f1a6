// Faces under the wrong name, and names that belong together, among a few subjects that resemble each other. Internal
// to the room.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include <vultus/core/embedding.hpp>

namespace vultus::identity {

/// The similarities that count, see HealthLimits.
struct ConflictLimits {
  float match = 0;
  float conflict = 0;
  float weak_conflict = 0;
  float copy = 1;
  /// Spread of the similarity of two faces of one person: 1.4826 times the median distance to the middle.
  float spread = 0.1F;
  /// Similarity of two faces of one person, in the middle.
  float within = 0.7F;
};

/// A face that belongs to another subject.
struct MisplacedFace {
  std::size_t face = 0;  ///< row
  std::uint32_t to = 0;  ///< subject
  std::size_t like = 0;  ///< the nearest face of that subject
  float other = 0;       ///< similarity to it
  float own = 0;         ///< to the nearest face of its own subject
  bool operator==(const MisplacedFace&) const = default;
};

/// What two subjects are to each other.
enum class PairKind : std::uint8_t { same_picture, same_person, lookalikes, matches_other };

struct SubjectPair {
  PairKind kind{};
  std::size_t a = 0;     ///< the most similar faces: of the lower subject,
  std::size_t b = 0;     ///< and of the other
  float similarity = 0;  ///< of those two
  float between = 0;     ///< mean over all pairs of their faces
  float within = 0;      ///< mean over the pairs within each subject; without any, that of the gallery
  bool operator==(const SubjectPair&) const = default;
};

struct Conflicts {
  std::vector<MisplacedFace> misplaced;  ///< the clearest first
  std::vector<SubjectPair> pairs;        ///< what is left when they are put where they belong
};

/// Explains why faces of different subjects match. The clearest misplaced face is put where it belongs, then everything
/// is looked at again, so that one wrong face does not accuse all whom it resembles. A subject that would lose all its
/// faces to another one, or whose other faces resemble that one's too, is that person under two names.
/// A face is misplaced where another subject is nearer than its own and
///  - it does not match its own and reaches `weak_conflict` with the other, or
///  - it reaches `conflict` with the other and is nearer to it by more than 2.33 spreads.
/// Two subjects are one person where the mean similarity between them lies no more than 2.33 spreads (the 1 % point of
/// a normal distribution) below that within them, and lookalikes where it still reaches `match`.
/// @param faces    templates
/// @param subject  of each face; any numbers
/// @cost n^2 inner products, and n^2 for each face that is moved
[[nodiscard]] Conflicts explain_conflicts(std::span<const Embedding> faces, std::span<const std::uint32_t> subject,
                                          const ConflictLimits& limits);

}  // namespace vultus::identity
