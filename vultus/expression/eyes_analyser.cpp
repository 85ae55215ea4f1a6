#include <array>
#include <map>
#include <string>

#include <vultus/expression/blink.hpp>
#include <vultus/expression/per_face.hpp>
#include <vultus/face/eyes.hpp>

namespace vultus::expression {
namespace {

const ChannelId kAspectRight{"eye.aspect.right"}, kAspectLeft{"eye.aspect.left"};
const ChannelId kOpenRight{"eye.openness.right"}, kOpenLeft{"eye.openness.left"};
const ChannelId kClosure{"eye.closure"}, kRate{"eye.blink.rate"}, kBlink{"eye.blink"};

face::EyeReading outline_of(const Landmarks& mesh, face::EyeSide side) {
  face::EyeReading eye{};
  const auto& outline = face::eye_outline(side);
  for (std::size_t i = 0; i < outline.size(); ++i) eye.outline.at(i) = mesh.points[outline.at(i)];
  return eye;
}

class EyesAnalyser final : public PerFace {
 public:
  using PerFace::end;
  EyesAnalyser(AnalyserInfo info, face::EyeStateNet net) : PerFace(std::move(info)), net_(std::move(net)) {}

  Status end(TrackId track, TimelineSink& sink) override {
    const auto at = people_.find(track);
    if (at == people_.end()) return {};
    for (const EyeClosure& closure : at->second.closures)
      VULTUS_CHECK(sink.add(Annotation{.channel = kBlink,
                                       .source = source().id,
                                       .track = track,
                                       .from = closure.from,
                                       .to = closure.to,
                                       .label = closure.kept_shut() ? "shut" : "blink",
                                       .annotator = info().evidence.producer,
                                       .confidence = Score(static_cast<float>(closure.deepest))}));
    people_.erase(at);
    return {};
  }

 protected:
  Status look_at(const AnalysedFrame& frame, AnalysedFace& face) override {
    Person& person = people_[face.track];
    const auto mesh = mesh_of(face);
    if (!mesh) {
      person.blinks.add(frame.seconds.value(), std::nullopt);
      return absent(face, why_absent(face, kLandmarks478));
    }
    double sum = 0;
    for (const face::EyeSide side : {face::EyeSide::right, face::EyeSide::left}) {
      const bool right = side == face::EyeSide::right;
      const face::EyeReading eye = outline_of(*mesh, side);
      const auto aspect = face::eye_aspect(eye);
      if (!aspect) return unread(face, aspect.error());
      sum += *aspect;
      face.readings.write(right ? kAspectRight : kAspectLeft, *aspect);
      VULTUS_CHECK(openness(frame, eye, right ? kOpenRight : kOpenLeft, face));
    }
    if (const auto closure = person.blinks.add(frame.seconds.value(), sum / 2)) person.closures.push_back(*closure);
    if (const auto closed = person.blinks.closure()) {
      face.readings.write(kClosure, *closed);
      face.readings.write(kBlink, *closed > BlinkDetector::kBegins ? 1.0 : 0.0);
    } else {
      for (const ChannelId& channel : {kClosure, kBlink})
        face.readings.absent(channel, "too little was seen of this face yet");
    }
    if (const auto rate = person.blinks.rate())
      face.readings.write(kRate, *rate);
    else
      face.readings.absent(kRate, person.blinks.too_seldom()
                                      ? "frames lie more than 0.25 s apart: a blink has room between them"
                                      : "less than ten seconds of the last minute were seen");
    return {};
  }
  void cut() override {
    for (auto& [track, person] : people_) person.blinks.forget();
  }

 private:
  struct Person {
    BlinkDetector blinks;
    std::vector<EyeClosure> closures;
  };

  Status openness(const AnalysedFrame& frame, const face::EyeReading& eye, const ChannelId& channel,
                  AnalysedFace& face) {
    Point2f centre;
    for (const Point2f& p : eye.outline) centre = {centre.x + p.x / 16, centre.y + p.y / 16};
    const auto open = net_.open(frame.picture, std::array{eye.outline[0], eye.outline[8]}, centre);
    if (open)
      face.readings.write(channel, *open);
    else if (open.error().code == ErrorCode::internal)
      return open.error();
    else
      face.readings.absent(channel, open.error().message);
    return {};
  }

  face::EyeStateNet net_;
  std::map<TrackId, Person> people_;
};

}  // namespace

AnalyserInfo declare_eyes(const runtime::ModelHandle* model, const AnalyserResources&) {
  AnalyserInfo info{
      .id = "eyes",
      .help = "how far open the eyes are, blinks and their rate",
      .reads = {kLandmarks478},
      .writes = {{kAspectRight, "ratio", "height over width of the subject's right eye (EAR)"},
                 {kAspectLeft, "ratio", "height over width of the subject's left eye (EAR)"},
                 {kOpenRight, "probability", "the subject's right eye is open, by the eye network"},
                 {kOpenLeft, "probability", "the subject's left eye is open, by the eye network"},
                 {kClosure, "0..1", "how far both eyes are closed against what is usual for this person"},
                 {kRate, "1/min", "blinks a minute in what was seen of the last minute"},
                 {kBlink, "0 or 1",
                  "the eyes are shut now; as annotations the stretches: blink, or shut where it took longer"}},
      .evidence =
          runtime::evidence_of("eyes", model, "aspect of the refined lids; blinks measured on planted sequences")};
  return info;
}

Result<std::unique_ptr<Analyser>> make_eyes(const AnalyserResources& resources) {
  VULTUS_TRY(const runtime::ModelHandle model, resources.model(ModelId("fr_eye")));
  VULTUS_TRY(auto net, face::EyeStateNet::load(model));
  return std::unique_ptr<Analyser>(std::make_unique<EyesAnalyser>(declare_eyes(&model, resources), std::move(net)));
}

}  // namespace vultus::expression
