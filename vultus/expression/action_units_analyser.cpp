#include <array>
#include <cmath>
#include <map>
#include <string>

#include <fmt/format.h>

#include <vultus/expression/action_unit_signals.hpp>
#include <vultus/expression/blink.hpp>
#include <vultus/expression/neutral_baseline.hpp>
#include <vultus/expression/per_face.hpp>

namespace vultus::expression {
namespace {

const ChannelId kEyeClosure{"eye.closure"};
constexpr std::array<const char*, 3> kAngles{"pose.rx", "pose.ry", "pose.rz"};
// Turned farther the far side of the face is a guess of the mesh.
constexpr double kMostTurn = 0.9;

class ActionUnitsAnalyser final : public PerFace {
 public:
  using PerFace::end;
  ActionUnitsAnalyser(AnalyserInfo info, const AnalyserResources& resources)
      : PerFace(std::move(info)), saved_(resources.baseline), learnt_(resources.learnt) {
    for (const UnitRow& unit : action_units())
      channels_.emplace_back(unit_channel(unit, "intensity"), unit_channel(unit, "presence"));
  }
  Status end(TrackId track, TimelineSink&) override {
    if (const auto at = people_.find(track); at != people_.end()) {
      if (learnt_) learnt_(track, at->second.now());
      people_.erase(at);
    }
    return {};
  }

 protected:
  Status look_at(const AnalysedFrame& frame, AnalysedFace& face) override {
    const auto* rows = face.readings.values(kLandmarks478);
    if (rows == nullptr) return absent(face, why_absent(face, kLandmarks478));
    std::array<double, 3> angles{};
    for (std::size_t i = 0; i < angles.size(); ++i) {
      const double* angle = face.readings.number(ChannelId(kAngles.at(i)));
      if (angle == nullptr) return absent(face, why_absent(face, ChannelId(kAngles.at(i))));
      angles.at(i) = *angle;
    }
    if (std::abs(angles[1]) > kMostTurn) return absent(face, "the head is turned too far");
    const auto signals = unit_signals(*rows, angles);
    if (!signals) return unread(face, signals.error());
    NeutralLearner& learner = people_[face.track];
    learner.add(frame.seconds.value(), *signals);
    const NeutralBaseline neutral = saved_ ? *saved_ : learner.now();
    for (std::size_t i = 0; i < signals->size(); ++i) {
      if (action_units().at(i).evidence == UnitEvidence::weak) continue;
      const double intensity = unit_intensity(action_units().at(i), signals->at(i), neutral.signals.at(i));
      write(i, intensity, intensity >= kUnitPresent, face);
    }
    write_blink(face);
    return {};
  }

 private:
  void write(std::size_t unit, double intensity, bool present, AnalysedFace& face) const {
    face.readings.write(channels_.at(unit).first, intensity);
    face.readings.write(channels_.at(unit).second, present ? 1.0 : 0.0);
  }
  void write_blink(AnalysedFace& face) const {
    // A squint is no blink: the unit is there where a blink would begin.
    if (const double* closure = face.readings.number(kEyeClosure))
      return write(kUnits - 1, 5 * *closure, *closure > BlinkDetector::kBegins, face);
    const std::string reason = why_absent(face, kEyeClosure);
    face.readings.absent(channels_.at(kUnits - 1).first, reason);
    face.readings.absent(channels_.at(kUnits - 1).second, reason);
  }

  std::shared_ptr<const NeutralBaseline> saved_;
  std::function<void(TrackId, const NeutralBaseline&)> learnt_;
  std::vector<std::pair<ChannelId, ChannelId>> channels_;
  std::map<TrackId, NeutralLearner> people_;
};

}  // namespace

AnalyserInfo declare_action_units(const runtime::ModelHandle*, const AnalyserResources& resources) {
  AnalyserInfo info{
      .id = "action_units",
      .help = "strength and presence of action units of mouth and eyes against the person's face at rest",
      .reads = {kLandmarks478, kEyeClosure},
      .writes = {},
      .evidence = runtime::evidence_of("action_units", nullptr,
                                       resources.baseline ? "geometry of the mesh against a saved face at rest"
                                                          : "geometry of the mesh against a learnt face at rest")};
  for (const char* angle : kAngles) info.reads.emplace_back(angle);
  for (const UnitRow& unit : action_units()) {
    if (unit.evidence == UnitEvidence::weak) continue;
    const std::string trust = unit.evidence == UnitEvidence::transfers ? "measured on posed faces" : "unverified";
    info.writes.push_back({unit_channel(unit, "intensity"), "0..5",
                           fmt::format("AU{} {}: {}; {}", unit.number, unit.name, unit.geometry, trust)});
    const bool blink = &unit == &action_units().back();
    info.writes.push_back(
        {unit_channel(unit, "presence"), "0 or 1",
         fmt::format("AU{} {}: {}; {}", unit.number, unit.name,
                     blink ? "the eyes are more than half closed" : "intensity of 1 or more", trust)});
  }
  return info;
}

Result<std::unique_ptr<Analyser>> make_action_units(const AnalyserResources& resources) {
  return std::unique_ptr<Analyser>(
      std::make_unique<ActionUnitsAnalyser>(declare_action_units(nullptr, resources), resources));
}

}  // namespace vultus::expression
