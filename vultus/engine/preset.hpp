// A preset: which networks make the main job, how they are used, and the thresholds measured with them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <vultus/core/decision.hpp>
#include <vultus/core/ids.hpp>
#include <vultus/core/result.hpp>
#include <vultus/face/detector.hpp>
#include <vultus/face/embedder.hpp>
#include <vultus/identity/scale.hpp>
#include <vultus/identity/threshold_table.hpp>

namespace vultus::engine {

/// A further network of a preset whose templates are made by several.
struct FusedNetwork {
  ModelId model;
  face::Mirror mirror = face::Mirror::no;
};

/// One models/presets/*.json file.
struct Preset {
  std::string id;           ///< "default", "fast"
  std::string description;  ///< one line for people
  ModelId detector;
  face::DetectorOptions detection;
  ModelId landmarks;
  std::optional<ModelId> face_flag;  ///< empty = detections are believed without a second opinion
  ModelId embedder;
  face::Mirror mirror = face::Mirror::no;
  std::vector<FusedNetwork> fused_with;  ///< networks whose vectors stand behind that of `embedder` in a template
  double default_fmr = 0;               ///< the false match rate whose threshold is used unless the user says otherwise
  identity::ThresholdTable thresholds;  ///< without rows: nobody measured a threshold for these templates
  std::optional<LogisticCurve> probability;         ///< empty = answers tell no probability
  std::optional<LogisticCurve> search_probability;  ///< the same fitted for searching a gallery
  std::string probability_source;                   ///< people and command it was fitted with

  /// What its templates are bound to.
  [[nodiscard]] ModelId template_model() const;
  /// What answers rest on where the gallery has no measurement of its own. Of a preset
  /// without measured thresholds the usual point means nothing; identity::operating_point() refuses it.
  [[nodiscard]] identity::Scale scale() const;
  /// Every model it needs.
  [[nodiscard]] std::vector<ModelId> models() const;
};

/// @param json    text of a preset file, at most 1 MiB
/// @param origin  its name, for messages
/// @error corrupt_data  not JSON, or a field missing, of the wrong kind or outside its range
/// @error unsupported   a schema newer than this program
[[nodiscard]] Result<Preset> parse_preset(std::string_view json, std::string_view origin);

}  // namespace vultus::engine
