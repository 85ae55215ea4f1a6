// The analysers of faces: what --channels can name, and how each is made.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <vultus/core/analyser.hpp>
#include <vultus/core/result.hpp>
#include <vultus/expression/neutral_baseline.hpp>
#include <vultus/face/metric_pose.hpp>
#include <vultus/runtime/network.hpp>

namespace vultus::expression {

// Channels that other analysers read.
inline const ChannelId kLandmarks68{"landmarks.68"};
inline const ChannelId kLandmarks478{"landmarks.478"};

/// What analysers are made of.
struct AnalyserResources {
  /// A verified model by its id. @error as runtime::ModelStore::verified() and Catalogue::find()
  std::function<Result<runtime::ModelHandle>(const ModelId&)> model;
  /// What is known of the source's; the rest is assumed from the size of the picture (face::camera_of).
  face::KnownCamera camera;
  /// The faces at rest that were saved before; nothing = each is learnt while looking.
  std::shared_ptr<const NeutralBaseline> baseline;
  /// Gets the face at rest of each track when it ends, to save it; may be empty.
  std::function<void(TrackId, const NeutralBaseline&)> learnt;
};

/// An analyser as a list shows it.
struct AnalyserRow {
  std::string_view id;
  bool by_default = true;                    ///< false: only where it is asked for by name
  std::span<const std::string_view> models;  ///< ids of what it loads
  AnalyserInfo (*declare)(const runtime::ModelHandle*, const AnalyserResources&);  ///< see declared()
  Result<std::unique_ptr<Analyser>> (*make)(const AnalyserResources&);
};

/// What an analyser reads and writes, without loading anything: the model of its evidence is empty.
[[nodiscard]] inline AnalyserInfo declared(const AnalyserRow& row) { return row.declare(nullptr, {}); }

/// In the order in which they read each other.
[[nodiscard]] std::span<const AnalyserRow> face_analysers();

/// @error not_found  no such analyser; the message names those that are known
/// @error invalid_argument, corrupt_data, not_found  a model that is missing or is not what it should be
[[nodiscard]] Result<std::unique_ptr<Analyser>> make_analyser(std::string_view id, const AnalyserResources& resources);

}  // namespace vultus::expression
