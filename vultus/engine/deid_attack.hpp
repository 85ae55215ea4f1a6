// The re-identification attack on hidden faces. Internal to the room.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <vultus/engine/deid.hpp>
#include <vultus/media/picture.hpp>

namespace vultus::engine {

/// Hides one face of a picture in place, as the command does.
using HideOne = std::function<Status(Image& picture, const FaceObservation& face)>;

/// What is known of a face before it is hidden.
struct OriginalFace {
  FaceObservation face;
  Embedding embedding;
  std::optional<Candidate> who;  ///< by the gallery; nothing where nobody reaches the threshold
};

/// Thread-compatible.
class Reidentifier {
 public:
  /// @param parts  of the attacker; must outlive the object
  /// @param gallery  what the attacker knows; null = the very originals
  Reidentifier(FaceParts& parts, const Gallery* gallery, const OperatingPoint& at)
      : parts_(&parts), gallery_(gallery), at_(at) {}

  /// Hides the pictures of the gallery, too, for the adapted attack. At most kMostPictures; those that are encrypted or
  /// cannot be decoded are left out.
  Status adapt(media::Decoder& decoder, const HideOne& hide);

  /// Looks at a face of the original picture.
  Result<OriginalFace> look(ImageView original, const FaceObservation& face);
  /// What an attacker without a gallery holds of a picture: a JPEG of it. Nothing where there is a gallery.
  [[nodiscard]] Result<std::optional<Image>> copy_of(ImageView original) const;

  /// Attacks one face. @param copy   copy_of() its picture
  /// @param found  the faces that the detector finds in `hidden`
  Result<DeidAttack> attack(const OriginalFace& original, const std::optional<Image>& copy, ImageView hidden,
                            const std::vector<FaceObservation>& found);

  static constexpr std::size_t kMostPictures = 500;

 private:
  Result<bool> is_reidentified(const Embedding& original, const Embedding& probe,
                               const std::optional<Candidate>& who) const;
  FaceParts* parts_;
  const Gallery* gallery_;
  OperatingPoint at_;
  std::vector<std::pair<std::string, Embedding>> adapted_;  ///< subject and template of its hidden picture
};

}  // namespace vultus::engine
