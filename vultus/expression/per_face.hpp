// What the analysers of this room have in common: they look at one face at a time. Not installed.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <vultus/core/analyser.hpp>
#include <vultus/expression/action_unit_signals.hpp>
#include <vultus/expression/analysers.hpp>
#include <vultus/runtime/handle.hpp>

namespace vultus::expression {

/// An analyser whose frames are looked at face by face.
class PerFace : public Analyser {
 public:
  [[nodiscard]] const AnalyserInfo& info() const override { return info_; }
  Status begin(const Source& source) override {
    source_ = source;
    return {};
  }
  Status look(std::span<AnalysedFrame> frames) override {
    for (AnalysedFrame& frame : frames) {
      if (frame.cut) cut();
      for (AnalysedFace& face : frame.faces) VULTUS_CHECK(look_at(frame, face));
    }
    return {};
  }
  Status end(TrackId, TimelineSink&) override { return {}; }
  Status end(TimelineSink&) override { return {}; }

 protected:
  explicit PerFace(AnalyserInfo info) : info_(std::move(info)) {}
  /// Writes what was declared, or why not. @error internal  the backend failed
  virtual Status look_at(const AnalysedFrame& frame, AnalysedFace& face) = 0;
  /// A scene cut: what was remembered of the frames before says nothing any more.
  virtual void cut() {}

  /// Every declared channel is absent for one reason.
  Status absent(AnalysedFace& face, const std::string& reason) const {
    for (const ChannelDeclaration& channel : info_.writes) face.readings.absent(channel.id, reason);
    return {};
  }
  /// A face that cannot be read is absent; a backend that failed ends the run.
  Status unread(AnalysedFace& face, const Error& error) const {
    if (error.code == ErrorCode::internal || error.code == ErrorCode::resource_limit) return error;
    return absent(face, error.message);
  }
  [[nodiscard]] const Source& source() const { return source_; }

 private:
  AnalyserInfo info_;
  Source source_;
};

/// The mesh that the landmarks analyser wrote, without irises; nothing where it is absent.
[[nodiscard]] std::optional<Landmarks> mesh_of(const AnalysedFace& face);
/// The intensity from which a unit counts as present: FACS level A.
inline constexpr double kUnitPresent = 1;
/// au.NN.intensity or au.NN.presence.
[[nodiscard]] ChannelId unit_channel(const UnitRow& unit, std::string_view what);
/// Of the probability of a displayed expression. @param label  below kExpressions
[[nodiscard]] ChannelId expression_channel(std::size_t label);

/// Why a channel that is read has no value.
[[nodiscard]] std::string why_absent(const AnalysedFace& face, const ChannelId& channel);

// What each analyser is, and how it is made. @param model  what its evidence names; null = nothing was loaded
AnalyserInfo declare_landmarks(const runtime::ModelHandle* model, const AnalyserResources& resources);
AnalyserInfo declare_pose(const runtime::ModelHandle* model, const AnalyserResources& resources);
AnalyserInfo declare_gaze(const runtime::ModelHandle* model, const AnalyserResources& resources);
AnalyserInfo declare_eyes(const runtime::ModelHandle* model, const AnalyserResources& resources);
AnalyserInfo declare_mouth(const runtime::ModelHandle* model, const AnalyserResources& resources);
AnalyserInfo declare_expression(const runtime::ModelHandle* model, const AnalyserResources& resources);
AnalyserInfo declare_action_units(const runtime::ModelHandle* model, const AnalyserResources& resources);
AnalyserInfo declare_blendshapes(const runtime::ModelHandle* model, const AnalyserResources& resources);
AnalyserInfo declare_displayed_units(const runtime::ModelHandle* model, const AnalyserResources& resources);
AnalyserInfo declare_attributes(const runtime::ModelHandle* model, const AnalyserResources& resources);
AnalyserInfo declare_quality(const runtime::ModelHandle* model, const AnalyserResources& resources);
Result<std::unique_ptr<Analyser>> make_landmarks(const AnalyserResources& resources);
Result<std::unique_ptr<Analyser>> make_pose(const AnalyserResources& resources);
Result<std::unique_ptr<Analyser>> make_gaze(const AnalyserResources& resources);
Result<std::unique_ptr<Analyser>> make_eyes(const AnalyserResources& resources);
Result<std::unique_ptr<Analyser>> make_mouth(const AnalyserResources& resources);
Result<std::unique_ptr<Analyser>> make_expression(const AnalyserResources& resources);
Result<std::unique_ptr<Analyser>> make_action_units(const AnalyserResources& resources);
Result<std::unique_ptr<Analyser>> make_blendshapes(const AnalyserResources& resources);
Result<std::unique_ptr<Analyser>> make_displayed_units(const AnalyserResources& resources);
Result<std::unique_ptr<Analyser>> make_attributes(const AnalyserResources& resources);
Result<std::unique_ptr<Analyser>> make_quality(const AnalyserResources& resources);

}  // namespace vultus::expression
