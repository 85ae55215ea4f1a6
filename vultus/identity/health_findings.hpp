// From what was compared to findings, one function for each kind of fault. Internal to the room.
#pragma once

#include <cstdint>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include <vultus/identity/gallery_health.hpp>
#include <vultus/identity/gallery_scan.hpp>
#include <vultus/identity/misplaced.hpp>

namespace vultus::identity {

/// A command behind `vultus`.
using MendCommand = std::vector<std::string>;

// The commands that mend a gallery, in one place: their words are those of apps/cli.

[[nodiscard]] MendCommand show_command(const std::string& gallery, const std::string& name);
[[nodiscard]] MendCommand remove_face_command(const std::string& gallery, FaceId face);
[[nodiscard]] MendCommand remove_command(const std::string& gallery, const std::string& name);
/// Gives all faces of a subject to another one.
[[nodiscard]] MendCommand merge_command(const std::string& gallery, const std::string& from, const std::string& into);
/// Makes a new subject of some faces of another one.
[[nodiscard]] MendCommand split_command(const std::string& gallery, std::span<const FaceId> faces,
                                        const std::string& name);
/// Notes that a face does not show a subject.
[[nodiscard]] MendCommand not_command(const std::string& gallery, FaceId face, const std::string& subject);
[[nodiscard]] MendCommand calibrate_command(const std::string& gallery);

/// What all functions look at.
struct HealthGround {
  const Gallery& gallery;
  const GalleryScan& scan;
  const HealthOptions& options;
  std::string path;  ///< of the gallery, for commands

  [[nodiscard]] HealthPlace place(std::uint32_t subject) const;
  [[nodiscard]] HealthPlace place(std::uint32_t subject, std::size_t face) const;  ///< face: row of the scan
};

/// Conflicts between subjects, with what other functions must know of them.
struct ConflictFindings {
  std::vector<HealthFinding> findings;
  std::vector<bool> misplaced;                        ///< of each face
  std::vector<std::vector<std::uint32_t>> explained;  ///< of each subject those it conflicts with; sorted
};

/// The middle and the spread of the similarities within one person, as this gallery shows them.
/// @return within and spread of ConflictLimits; those of its defaults where fewer than ten people have two faces
[[nodiscard]] ConflictLimits conflict_limits(const GalleryScan& scan, const HealthLimits& limits);

/// @error those of the gallery, cancelled
[[nodiscard]] Result<ConflictFindings> find_conflicts(const HealthGround& ground, const std::stop_token& stop);

/// Faces that do not match those of their own subject.
void find_outliers(const HealthGround& ground, const std::vector<bool>& misplaced, std::vector<HealthFinding>& into);
/// Faces that were poor when they were enrolled.
void find_poor_faces(const HealthGround& ground, std::vector<HealthFinding>& into);
/// Consent and retention.
void find_undone(const HealthGround& ground, std::vector<HealthFinding>& into);
/// @error those of the gallery
[[nodiscard]] Status find_stale_calibration(const HealthGround& ground, std::vector<HealthFinding>& into);

}  // namespace vultus::identity
