// What the owner has said about who is not whom: such findings are not told again. Internal to the room.
#pragma once

#include <set>
#include <utility>

#include <vultus/identity/gallery_health.hpp>
#include <vultus/identity/gallery_scan.hpp>

namespace vultus::identity {

/// Immutable.
class ToldApart {
 public:
  /// @error those of the gallery
  static Result<ToldApart> read(const Gallery& gallery, const GalleryScan& scan);

  /// A pair of subjects of which some faces were told apart, or a face that is said not to show the other subject.
  [[nodiscard]] bool covers(const HealthFinding& finding) const;

 private:
  std::set<std::pair<SubjectId, SubjectId>> subjects_;  ///< the lower first
  std::set<std::pair<FaceId, SubjectId>> faces_;
};

}  // namespace vultus::identity
