// What a liveness network is worth on faces that it was not trained on, and the row of the catalogue that it gets.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include <vultus/core/result.hpp>
#include <vultus/learn/presentations.hpp>
#include <vultus/learn/training/liveness/spoof_run.hpp>

namespace vultus::learning {

using ReportJson = nlohmann::ordered_json;

/// Which of the two systems.
enum class SpoofSystem : std::uint8_t { fa3, slip };

/// log-odds of live = scale (offset - score), score as of learn::FaceScore.
struct SpoofScale {
  double scale = 1;
  double offset = 0;
};

/// FA3-CLIP: the offset is the score of equal error on validation, the scale gives the median face of validation +-2.
/// SLIP: of live faces of validation alone: 5 % of them lie beyond the offset, the median has +2.
/// @param left_out  kinds that have no part in it
/// @error invalid_argument  no live face, or for FA3-CLIP no attack in validation
[[nodiscard]] Result<SpoofScale> scale_on_validation(SpoofSystem system, const learn::Presentations& faces,
                                                     std::span<const learn::FaceScore> scores,
                                                     const std::vector<std::string>& left_out);

/// Rates of ISO/IEC 30107-3 on the faces of Part::test with 95 % intervals over subjects: over all kinds, and against
/// each kind by itself.
[[nodiscard]] Result<ReportJson> test_report(const learn::Presentations& faces,
                                             std::span<const learn::FaceScore> scores, const SpoofScale& scale,
                                             const std::vector<std::string>& left_out);

/// Where SLIP sees attacks on a part of the face, against where they are: mean intersection over union of cells above a
/// level that 1 of 200 cells of live validation faces exceeds; the control takes the map of another face.
[[nodiscard]] ReportJson place_report(const learn::Presentations& faces, std::span<const learn::FaceScore> scores);

/// How well a number tells attacks of the test from live faces, kind by kind: area under the curve.
/// @param number  of a score; higher = more like an attack
[[nodiscard]] ReportJson auc_report(const learn::Presentations& faces, std::span<const learn::FaceScore> scores,
                                    const std::function<double(const learn::FaceScore&)>& number);

/// A row for models/: decoder, sums, input, scale.
[[nodiscard]] ReportJson spoof_manifest(SpoofSystem system, const std::string& name, const std::string& onnx,
                                        const learn::Presentations& faces, const SpoofScale& scale,
                                        const learn::TensorNotes& card);

}  // namespace vultus::learning
