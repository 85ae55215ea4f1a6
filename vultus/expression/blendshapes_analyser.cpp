#include <array>
#include <map>
#include <string>
#include <utility>

#include <vultus/expression/blendshapes.hpp>
#include <vultus/expression/per_face.hpp>

namespace vultus::expression {
namespace {

const ChannelId kWeights{"blendshapes.27"}, kPointsInSpace{"landmarks3d.68"};
constexpr std::array<const char*, 3> kTurns{"pose.rx", "pose.ry", "pose.rz"};
constexpr double kMostTurned = 0.6;  // radians: beyond it the far side is a guess of the mesh

class BlendshapesAnalyser final : public PerFace {
 public:
  using PerFace::end;
  explicit BlendshapesAnalyser(AnalyserInfo info) : PerFace(std::move(info)) {}
  Status end(TrackId track, TimelineSink&) override {
    people_.erase(track);
    return {};
  }

 protected:
  Status look_at(const AnalysedFrame& frame, AnalysedFace& face) override {
    const auto* points = face.readings.values(kPointsInSpace);
    if (points == nullptr) return absent(face, why_absent(face, kPointsInSpace));
    std::array<double, 3> turns{};
    for (std::size_t i = 0; i < turns.size(); ++i) {
      const double* turn = face.readings.number(ChannelId(kTurns.at(i)));
      if (turn == nullptr) return absent(face, why_absent(face, ChannelId(kTurns.at(i))));
      turns.at(i) = *turn;
    }
    if (std::abs(turns[1]) > kMostTurned) return absent(face, "the head is turned too far");
    const auto features = blendshape_features(*points, turns);
    if (!features) return unread(face, features.error());
    RestLearner& rest = people_[face.track];
    rest.add(frame.seconds.value(), *features);
    face.readings.write(kWeights, blendshape_weights(*features, rest.now()));
    return {};
  }

 private:
  std::map<TrackId, RestLearner> people_;
};

}  // namespace

AnalyserInfo declare_blendshapes(const runtime::ModelHandle*, const AnalyserResources&) {
  std::string unit = "0..1 (";
  for (const BlendshapeRow& row : blendshapes()) unit += (unit.ends_with('(') ? "" : ", ") + std::string(row.name);
  AnalyserInfo info{.id = "blendshapes",
                    .help = "weights of face shapes, by the names of ARKit, against the person's face at rest",
                    .reads = {kPointsInSpace},
                    .writes = {{kWeights, unit + ")", "how much of each shape the face shows; unverified on people"}},
                    .evidence = runtime::evidence_of(
                        "blendshapes", nullptr, "linear head trained on planted faces alone; unverified on people")};
  for (const char* turn : kTurns) info.reads.emplace_back(turn);
  return info;
}

Result<std::unique_ptr<Analyser>> make_blendshapes(const AnalyserResources& resources) {
  return std::unique_ptr<Analyser>(std::make_unique<BlendshapesAnalyser>(declare_blendshapes(nullptr, resources)));
}

}  // namespace vultus::expression
