#include <vultus/liveness/analyser.hpp>

#include <map>
#include <optional>
#include <string>
#include <utility>

#include <vultus/runtime/handle.hpp>

namespace vultus::liveness {
namespace {

constexpr double kMostSeconds = 60;
// Frame times are rounded: a look is due a little before its time.
constexpr double kNearlyDue = 1e-6;

AnalyserInfo info_of(const runtime::ModelHandle* model) {
  Evidence evidence =
      runtime::evidence_of("liveness", model, "median over the track of two networks, fused; not calibrated");
  if (model != nullptr) evidence.model = std::string(kPassiveModels[0]) + "+" + std::string(kPassiveModels[1]);
  return {.id = "liveness",
          .help = "is the face that of a person in front of the camera, or of a print or a screen",
          .reads = {},
          .writes = {{kLive, "0..1", "the face is live, by the frames of its track so far"},
                     {kFrame, "0..1", "the face is live, by this frame alone"},
                     {kDecision, "name", "live, spoof or unknown; as an annotation, of the whole track"},
                     {kReason, "name", "why: live, spoof, uncertain, too_small, too_few_frames ..."}},
          .evidence = std::move(evidence)};
}

class LivenessAnalyser final : public Analyser {
 public:
  LivenessAnalyser(AnalyserInfo info, PassiveLiveness passive, const AnalyserOptions& options)
      : info_(std::move(info)), passive_(std::move(passive)), options_(options) {}

  [[nodiscard]] const AnalyserInfo& info() const override { return info_; }

  Status begin(const Source& source) override {
    source_ = source.id;
    people_.clear();
    return {};
  }

  Status look(std::span<AnalysedFrame> frames) override {
    for (AnalysedFrame& frame : frames) {
      if (frame.cut)
        for (auto& [track, person] : people_) person.frames.forget();
      for (AnalysedFace& face : frame.faces) VULTUS_CHECK(look_at(frame, face));
    }
    return {};
  }

  Status end(TrackId track, TimelineSink& sink) override {
    const auto at = people_.find(track);
    if (at == people_.end()) return {};
    const TrackReading whole = at->second.frames.so_far();
    const Annotation annotation{.channel = kDecision,
                                .source = source_,
                                .track = track,
                                .from = at->second.first,
                                .to = at->second.last,
                                .label = std::string(name_of(whole.reading.decision())),
                                .annotator = info_.evidence.producer,
                                .confidence = whole.reading.live
                                                  ? std::optional(Score(static_cast<float>(*whole.reading.live)))
                                                  : std::nullopt};
    people_.erase(at);
    return sink.add(annotation);
  }

  Status end(TimelineSink&) override { return {}; }

 private:
  struct Person {
    TrackLiveness frames;
    double first = 0, last = 0;      // seconds
    std::optional<double> looked{};  // when it was judged last
  };

  Status look_at(const AnalysedFrame& frame, AnalysedFace& face) {
    const double now = frame.seconds.value();
    const auto at =
        people_
            .try_emplace(face.track,
                         Person{.frames = TrackLiveness(options_.policy, options_.track), .first = now, .last = now})
            .first;
    Person& person = at->second;
    person.last = now;
    if (!person.looked || now - *person.looked >= options_.every_s - kNearlyDue) {
      const auto read = passive_.judge(frame.picture, face.face.box);
      if (!read && (read.error().code == ErrorCode::internal || read.error().code == ErrorCode::resource_limit))
        return read.error();
      person.looked = now;
      if (read) person.frames.add(*read);
      if (read && read->live)
        face.readings.write(kFrame, *read->live);
      else
        face.readings.absent(kFrame, read ? std::string(name_of(read->reason)) : read.error().message);
    } else {
      face.readings.absent(kFrame, "a face is judged now and then, not in every frame");
    }
    const TrackReading so_far = person.frames.so_far();
    if (so_far.reading.live)
      face.readings.write(kLive, *so_far.reading.live);
    else
      face.readings.absent(kLive, std::string(name_of(so_far.reading.reason)));
    face.readings.write(kDecision, std::string(name_of(so_far.reading.decision())));
    face.readings.write(kReason, std::string(name_of(so_far.reading.reason)));
    return {};
  }

  AnalyserInfo info_;
  PassiveLiveness passive_;
  AnalyserOptions options_;
  SourceId source_;
  std::map<TrackId, Person> people_;
};

}  // namespace

AnalyserInfo declared_liveness() { return info_of(nullptr); }

Result<std::unique_ptr<Analyser>> make_liveness(const ModelSource& models, const AnalyserOptions& options) {
  VULTUS_CHECK(check(options.track));
  if (!(options.every_s >= 0 && options.every_s <= kMostSeconds))
    return fail(ErrorCode::invalid_argument,
                "liveness every " + std::to_string(options.every_s) + " seconds: allowed are 0 to 60");
  VULTUS_TRY(const runtime::ModelHandle model, models(ModelId(std::string(kPassiveModels[0]))));
  VULTUS_TRY(auto passive, PassiveLiveness::load(models, options.policy));
  return std::unique_ptr<Analyser>(std::make_unique<LivenessAnalyser>(info_of(&model), std::move(passive), options));
}

}  // namespace vultus::liveness
