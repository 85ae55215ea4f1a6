// Values as JSON objects, one a line: finite short numbers, and text that is UTF-8 whatever a file is called.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include <vultus/core/decision.hpp>
#include <vultus/core/face.hpp>
#include <vultus/core/result.hpp>
#include <vultus/face/quality.hpp>
#include <vultus/gallery/search_index.hpp>

namespace vultus::cli {

/// Keeps the order in which keys were added.
using Json = nlohmann::ordered_json;

/// A number with so many digits after the point; null where it is not finite.
[[nodiscard]] Json number_json(double value, int digits);

/// Cosines and scores: six digits.
[[nodiscard]] Json score_json(double value);

/// A false match rate or the like: three significant digits.
[[nodiscard]] Json rate_json(double rate);
/// What every answer of a program tells of its error rate: "fmr", always a number, and "fmr_bound": true where the
/// threshold lies outside what was measured, so that the rate is at most that; a bound of 1 says nothing.
void add_fmr(Json& object, const OperatingPoint& at);
/// The false match rate of a threshold; null where nobody measured it.
[[nodiscard]] Json fmr_json(const OperatingPoint& at);

/// A probability: three significant digits of its distance from 0 or 1.
[[nodiscard]] Json probability_json(double probability);

/// [x, y, width, height], tenths of a pixel.
[[nodiscard]] Json box_json(const RectF& box);

/// What every command tells of a face: box, detection, keypoints and what else was measured.
void add_face(Json& object, const FaceObservation& face);
/// The beginning of a face's line: "file", "face" and what add_face() tells.
/// @param number  of the faces of this picture, from 1 on
[[nodiscard]] Json picture_face_json(const std::string& file, int number, const FaceObservation& face);

/// "quality": the unified score, and of each measure its value, score and unit; null where it was not measured.
void add_quality(Json& object, const face::QualityReport& report);

/// {"file": ..., "error": {"code": ..., "message": ...}}
[[nodiscard]] Json error_json(const std::string& file, const Error& error);

/// {"subject", "similarity", "face", "probability"} of a candidate.
[[nodiscard]] Json candidate_json(const Candidate& candidate);

/// What every answer tells of its certainty: "probability" (null where none is known), "calibration" ("preset" or
/// "gallery"), and "calibration_stale" where the gallery has grown since.
/// @param probability  of what was answered; empty = not known
void add_calibration(Json& object, const OperatingPoint& at, const std::optional<double>& probability);

/// What a search by cells may miss: {"method": "cells", "recall_at_1", "recall_at_10", "share", ...}.
[[nodiscard]] Json cells_json(const SearchCells& cells);

/// One line with its end. Bytes that are not UTF-8 become U+FFFD.
[[nodiscard]] std::string json_line(const Json& object);

}  // namespace vultus::cli
