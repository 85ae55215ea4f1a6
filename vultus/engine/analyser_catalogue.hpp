// The analysers that there are, and in which order those that are wanted run.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <vultus/core/analyser.hpp>
#include <vultus/core/result.hpp>
#include <vultus/expression/neutral_baseline.hpp>
#include <vultus/face/metric_pose.hpp>

namespace vultus::engine {

class Engine;

/// How dear an analyser is for a face in a frame.
enum class AnalyserCost : std::uint8_t {
  light,    ///< arithmetic on what others read, or on few pixels
  pixels,   ///< looks at all pixels of the face
  network,  ///< runs a network
};

/// What a user knows beforehand about the people and the camera, and what he wants to keep of them.
struct AnalyserGivens {
  face::KnownCamera camera;  ///< of all sources; what is not known is assumed from the size of the picture
  /// The face at rest that everybody is measured against; nothing = each person's is learnt while looking.
  std::shared_ptr<const expression::NeutralBaseline> baseline;
  /// Gets what was learnt of a track when it ends, in the thread of the analysers; may be empty.
  std::function<void(TrackId, const expression::NeutralBaseline&)> learnt;
};

/// A row of the catalogue: one factory.
struct AnalyserRow {
  AnalyserCost cost = AnalyserCost::light;
  bool by_default = true;            ///< runs where no channels are named
  std::vector<ModelId> models = {};  ///< networks that it loads
  /// What it is, without loading anything.
  std::function<AnalyserInfo()> info;
  /// Makes one for one source at a time. @cost a network is compiled: some 100 ms with a warm cache
  std::function<Result<std::unique_ptr<Analyser>>(const Engine&, const AnalyserGivens&)> make;
};

/// Every analyser. A new one is a row in analyser_catalogue.cpp; the conformance test runs over all of them.
[[nodiscard]] std::span<const AnalyserRow> analyser_catalogue();

/// "light", "pixels" or "network".
[[nodiscard]] std::string_view name_of(AnalyserCost cost);

/// Those that are wanted and those whose channels they read, every one after those it reads from; else in the order of
/// the catalogue.
/// @param wanted  ids of analysers or of channels; "all" and "none"; empty = those of the catalogue that run by default
/// @return positions in the catalogue
/// @error invalid_argument  a name that is neither: the message tells the nearest one that there is
/// @error internal          the catalogue is wrong: two write one channel, nobody writes what is read, or a circle
[[nodiscard]] Result<std::vector<std::size_t>> plan_analysers(std::span<const AnalyserRow> catalogue,
                                                              std::span<const std::string> wanted);

/// Takes out of a plan what may not run because of its networks, and what reads the channels of those.
/// @param may_run  whether a network may run; its error is told
/// @return a sentence for each network that may not: what is not measured, and why; one for those who read from them
[[nodiscard]] std::vector<std::string> leave_out(std::span<const AnalyserRow> catalogue, std::vector<std::size_t>& plan,
                                                 const std::function<Status(const ModelId&)>& may_run);

/// Whether all networks of a plan may run. @error that of `may_run` for the first that may not
[[nodiscard]] Status require_all(std::span<const AnalyserRow> catalogue, std::span<const std::size_t> plan,
                                 const std::function<Status(const ModelId&)>& may_run);

/// leave_out() of networks that were not fetched: the sentences say how to fetch them.
[[nodiscard]] std::vector<std::string> leave_out_unfetched(std::span<const AnalyserRow> catalogue, const Engine& engine,
                                                           std::vector<std::size_t>& plan);

}  // namespace vultus::engine
