// The re-identification attack on hidden faces. Internal to the room.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <vultus/engine/deid.hpp>
#include <vultus/identity/track_evidence.hpp>
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

/// What the attacker has seen of one track while it was hidden frame by frame.
struct HiddenTrack {
  std::optional<OriginalFace> original;  ///< in its best view
  DeidAttack best;                       ///< the attack on that view
  std::vector<Embedding> views;
  /// No view begins anew, however different: what is hidden may look like anybody.
  identity::TrackEvidence mean{{.same_person = Cosine{-2}}};
};

/// Who was seen in which frame of a video.
using SeenFaces = std::map<std::pair<std::int64_t, TrackId>, FaceObservation>;

/// The views that are attacked: all of a track, or `most` of it at equal distances.
[[nodiscard]] std::set<std::pair<std::int64_t, TrackId>> attacked_views(const SeenFaces& seen, std::size_t most);

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

  /// Takes in one hidden view of a track. @param face  where the face was before it was hidden
  Status gather(HiddenTrack& track, const FaceObservation& face, ImageView hidden);
  /// The attack on the best view of a track, and on all its views together. Nothing was attacked where the best view
  /// was not.
  Result<DeidAttack> judge(const HiddenTrack& track) const;

  static constexpr std::size_t kMostPictures = 500;
  static constexpr std::size_t kMostViews = 100;  ///< of a track

 private:
  Result<bool> is_reidentified(const Embedding& original, const Embedding& probe,
                               const std::optional<Candidate>& who) const;
  FaceParts* parts_;
  const Gallery* gallery_;
  OperatingPoint at_;
  std::vector<std::pair<std::string, Embedding>> adapted_;  ///< subject and template of its hidden picture
};

}  // namespace vultus::engine
