// What keeps a face out of a gallery: too few pixels, blur, a turned head, a copy of a face that is there, another
// person's face.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <vultus/core/decision.hpp>
#include <vultus/engine/engine.hpp>

namespace vultus::engine {

/// The limits of the gate. Forgiving: a usual photo of a person passes. How they were chosen: docs/quality.md, "The
/// enrolment gate".
struct EnrolGate {
  float min_inter_eye_px = 10;  ///< too_small below; pixels of the file
  float min_sharpness = 1.06F;  ///< blurred below; QualityMeasure::sharpness
  /// The edges that JPEG puts between its blocks pass for fine detail: so much more sharpness is wanted for each level
  /// of QualityMeasure::compression_artifacts.
  float sharpness_of_grid = 0.03F;
  float max_yaw_degrees = 50;         ///< not_frontal above
  float max_pitch_degrees = 45;       ///< not_frontal above
  float max_rival_area = 0.4F;        ///< several_faces: area of the second face over that of the main one
  Cosine duplicate{0.97F};            ///< duplicate_of from here on, to a face of the same subject
  double conflicts_expected = 0.005;  ///< share of faces of new people that may conflict with someone by chance
  bool operator==(const EnrolGate&) const = default;
};

/// Why a face is not enrolled.
struct Refusal {
  std::string reason;  ///< a code: "no_face", "several_faces", "too_small", "blurred", "not_frontal",
                       ///< "duplicate_of:<face>", "conflicts_with:<subject>", or the name of an error code
  Error error;         ///< names the picture, the value and the limit
};

/// What the picture alone tells against enrolling its main face.
/// @param seen     looked at with LookOptions::quality
/// @param largest  take the main face of a picture that shows several people
/// @param force    refuse only what cannot be enrolled: no face, or a picture that was not read
[[nodiscard]] std::optional<Refusal> refuse_picture(const SeenPicture& seen, const EnrolGate& gate, bool largest,
                                                    bool force);

/// The most similar face of the same subject and of all others, where there are any.
struct Rivals {
  std::optional<Candidate> own;
  std::optional<Candidate> other;
};

/// What the gallery tells against enrolling a face: a copy of one that the subject has, or one that matches somebody
/// else, better than it matches the subject's own faces.
/// @param conflict  from conflict_threshold()
[[nodiscard]] std::optional<Refusal> refuse_rivals(const std::string& path, const std::string& subject,
                                                   const Rivals& rivals, const EnrolGate& gate, Cosine conflict);

/// From which similarity a face conflicts with another subject: the preset's operating threshold, and in a gallery so
/// large that strangers would often reach it by chance, the threshold at which they do for no more than
/// `gate.conflicts_expected` of the faces. Beyond the measured rates the last two rows are continued in a straight line
/// over the logarithm of the rate.
/// @param subjects  in the gallery, >= 0
/// @error  of Engine::operating_point
[[nodiscard]] Result<Cosine> conflict_threshold(const Engine& engine, const EnrolGate& gate, std::int64_t subjects);

/// The threshold that so large a share of the faces of new people reaches with somebody of a gallery by chance, or that
/// of `most` where it is higher. Rates between rows and beyond them as above.
/// @param table     measured thresholds; at least one row
/// @param most      false match rate of two faces that is never exceeded, (0, 1)
/// @param expected  share of faces, > 0
/// @param subjects  in the gallery, >= 0
/// @error invalid_argument  a table that is not valid
[[nodiscard]] Result<Cosine> chance_threshold(const identity::ThresholdTable& table, double most, double expected,
                                              std::int64_t subjects);

}  // namespace vultus::engine
