#include <map>

#include <vultus/expression/mouth.hpp>
#include <vultus/expression/per_face.hpp>

namespace vultus::expression {
namespace {

const ChannelId kMouthOpen{"mouth.open"}, kSpeaking{"mouth.speaking"};

class MouthAnalyser final : public PerFace {
 public:
  using PerFace::end;
  explicit MouthAnalyser(AnalyserInfo info) : PerFace(std::move(info)) {}
  Status end(TrackId track, TimelineSink&) override {
    people_.erase(track);
    return {};
  }

 protected:
  Status look_at(const AnalysedFrame& frame, AnalysedFace& face) override {
    SpeakingEstimate& estimate = people_[face.track];
    const auto mesh = mesh_of(face);
    const auto opening = mesh ? mouth_opening(*mesh) : std::nullopt;
    const auto speaking = estimate.add(frame.seconds.value(), opening);
    if (!opening) return absent(face, mesh ? "the eyes are one point" : why_absent(face, kLandmarks478));
    face.readings.write(kMouthOpen, *opening);
    if (speaking)
      face.readings.write(kSpeaking, *speaking);
    else
      face.readings.absent(kSpeaking, "less than half a second was seen");
    return {};
  }
  void cut() override {
    for (auto& [track, estimate] : people_) estimate.forget();
  }

 private:
  std::map<TrackId, SpeakingEstimate> people_;
};

}  // namespace

AnalyserInfo declare_mouth(const runtime::ModelHandle*, const AnalyserResources&) {
  AnalyserInfo info{
      .id = "mouth",
      .help = "how far open the mouth is, and whether it seems to speak",
      .reads = {kLandmarks478},
      .writes = {{kMouthOpen, "eye distances", "height between the inner lips over the outer eye corners"},
                 {kSpeaking, "0..1", "score that the mouth speaks, by its movement alone: no sound is heard"}},
      .evidence = runtime::evidence_of("mouth", nullptr, "geometry of the mesh; the score is set by hand, unverified")};
  return info;
}

Result<std::unique_ptr<Analyser>> make_mouth(const AnalyserResources& resources) {
  return std::unique_ptr<Analyser>(std::make_unique<MouthAnalyser>(declare_mouth(nullptr, resources)));
}

}  // namespace vultus::expression
