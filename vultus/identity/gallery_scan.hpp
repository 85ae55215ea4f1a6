// Every face of a gallery held against all others, leaving itself out. Internal to the room.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include <vultus/core/embedding.hpp>
#include <vultus/core/result.hpp>
#include <vultus/gallery/gallery.hpp>

namespace vultus::identity {

/// The nearest face of another subject.
struct NearSubject {
  std::uint32_t subject = 0;  ///< index into GalleryScan::subjects
  FaceId face;
  float similarity = 0;
  bool operator==(const NearSubject&) const = default;
};

/// One face against the rest.
struct FaceStanding {
  std::optional<float> own;         ///< similarity to the nearest other face of its subject; empty = it has no other
  std::uint32_t own_face = 0;       ///< that face, counted within the subject
  std::uint32_t group = 0;          ///< faces of one subject that hang together by matches have the same
  std::vector<NearSubject> others;  ///< the nearest other subjects, best first
  bool operator==(const FaceStanding&) const = default;
};

/// How a subject stands among strangers.
struct StrangerStanding {
  double similarity_sum = 0;             ///< of all faces to all references but the subject's own
  std::int64_t pairs = 0;                ///< that were summed
  std::int64_t matches = 0;              ///< of them at or above the match limit
  std::vector<std::uint32_t> taken_for;  ///< references of which a face matches, rising
  bool operator==(const StrangerStanding&) const = default;
};

/// What is known of a face without looking at its template.
struct ScannedFace {
  FaceId id;
  std::optional<float> quality;
  std::optional<float> inter_eye_px;
  std::optional<UtcTime> retain_until;
};

struct ScannedSubject {
  SubjectId id;
  std::string name;
  bool consent = false;
  std::optional<UtcTime> retain_until;
  std::size_t first_face = 0;  ///< index into GalleryScan::faces
  std::size_t faces = 0;
  std::optional<float> apart;     ///< the best similarity between its two largest groups; empty = it is one group
  std::optional<float> together;  ///< similarity of its first two faces; empty = it has no two
};

struct GalleryScan {
  std::vector<ScannedSubject> subjects;     ///< in the order of their names
  std::vector<ScannedFace> faces;           ///< subject after subject
  std::vector<FaceStanding> standing;       ///< of each face
  std::vector<StrangerStanding> strangers;  ///< of each subject
  std::vector<std::uint32_t> references;    ///< subjects that stand for strangers
  std::int64_t reused = 0;                  ///< faces that were taken from an earlier run
};

/// Other subjects that are kept of each face.
inline constexpr std::size_t kNearSubjects = 8;

/// Subjects and faces without their standing. @error those of the gallery
[[nodiscard]] Result<GalleryScan> list_gallery(const Gallery& gallery, const std::stop_token& stop);

/// The templates of a subject, as many as were listed.
/// @error invalid_argument  the gallery was changed since
[[nodiscard]] Result<std::vector<Embedding>> templates_of(const Gallery& gallery, const ScannedSubject& subject);

/// What one subject's comparison gives.
struct SubjectStanding {
  std::vector<FaceStanding> faces;
  StrangerStanding strangers;
  std::optional<float> apart;
  std::optional<float> together;
  bool operator==(const SubjectStanding&) const = default;
};

/// How the faces of one subject stand to each other: own, own_face, group, apart and together.
/// @param match  from here on faces hang together
[[nodiscard]] SubjectStanding stand_together(std::span<const Embedding> faces, float match);

struct CompareOptions {
  float match = 0;  ///< from here on faces match
  float keep = 0;   ///< other subjects from here on are kept, beside the nearest one
  int threads = 1;
  std::uint64_t seed = 1;
  std::size_t references = 1000;
};

/// Hands over finished subjects, for a checkpoint; called on the calling thread, in any order.
using TakeStanding = std::function<Status(std::uint32_t subject, const SubjectStanding&)>;

/// Compares all faces of subjects whose `known` is empty; fills standing, strangers and apart.
/// @param known     of each subject what an earlier run found, or nothing; taken over
/// @param progress  gets the faces that are done
[[nodiscard]] Status compare_gallery(const Gallery& gallery, GalleryScan& scan,
                                     std::vector<std::optional<SubjectStanding>> known, const CompareOptions& options,
                                     const TakeStanding& take, const std::function<void(std::size_t)>& progress,
                                     const std::stop_token& stop);

}  // namespace vultus::identity
