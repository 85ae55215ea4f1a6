// Which network judges a face, by name: the same question to each, the same kind of answer.
#pragma once

#include <array>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <vultus/core/ids.hpp>
#include <vultus/core/result.hpp>
#include <vultus/liveness/cue_map.hpp>
#include <vultus/liveness/passive.hpp>
#include <vultus/liveness/reading.hpp>

namespace vultus::liveness {

/// Judges faces by one network or by several. Thread-compatible: each worker makes its own.
class FaceJudge {
 public:
  FaceJudge() = default;
  FaceJudge(const FaceJudge&) = delete;
  FaceJudge& operator=(const FaceJudge&) = delete;
  virtual ~FaceJudge() = default;

  /// @param picture  rgb8, upright. @param box  of the face
  /// @return a reading; a face that cannot be assessed has a reason and no score
  /// @error internal, resource_limit  the backend failed
  virtual Result<Reading> judge(ImageView picture, const RectF& box) = 0;
  /// Where the answer comes from: SLIP's own map, or what changes when parts of the face lose their texture.
  /// @error as cue_map()
  virtual Result<CueMap> cues(ImageView picture, const RectF& box) = 0;
  [[nodiscard]] virtual const Policy& policy() const = 0;
};

/// The networks that are used unless another is named.
inline constexpr std::string_view kUsualNetwork = "passive";

/// A name of what judges; ids of the catalogue whose decoder is "fa3" or "slip" are names too.
struct JudgeRow {
  std::string_view name;
  std::string_view help;
  std::span<const std::string_view> models;  ///< ids that it loads
};
inline constexpr std::array<std::string_view, 1> kFa3Models{"liveness_fa3"};
inline constexpr std::array<std::string_view, 1> kSlipModels{"liveness_slip"};
inline constexpr std::array kJudges{
    JudgeRow{kUsualNetwork, "two networks for prints and screens", kPassiveModels},
    JudgeRow{"fa3", "FA3-CLIP: image and words, with a stream of fine structure", kFa3Models},
    JudgeRow{"slip", "SLIP: a map of spoof cues, taught on live faces alone", kSlipModels}};

/// Ids of the networks that a name stands for.
[[nodiscard]] std::vector<ModelId> models_of(std::string_view network);

/// Loads what a name stands for.
/// @error not_found  a network that is not there; invalid_argument  the policy, or a network that judges no liveness
[[nodiscard]] Result<std::unique_ptr<FaceJudge>> make_judge(const ModelSource& models, std::string_view network,
                                                            const Policy& policy = {});

}  // namespace vultus::liveness
