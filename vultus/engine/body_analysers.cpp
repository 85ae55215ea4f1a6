#include <vultus/engine/body_analysers.hpp>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>

#include <vultus/body/hand.hpp>
#include <vultus/body/keypoints.hpp>
#include <vultus/body/people.hpp>
#include <vultus/body/pose.hpp>
#include <vultus/engine/engine.hpp>
#include <vultus/expression/analysers.hpp>
#include <vultus/runtime/handle.hpp>

namespace vultus::engine {
namespace {

const ChannelId kBody33{"body.33"}, kBodyPresence{"body.presence"};
const ChannelId kLeftHand{"hand.left"}, kRightHand{"hand.right"};
const ChannelId kHolistic{"holistic.133"}, kVisible68{"landmarks.68.visibility"};
// What is known is followed; new bodies and hands are looked for every so many frames, and after a cut.
constexpr int kSearchEvery = 5;

AnalyserInfo declare_body(const runtime::ModelHandle* model) {
  return {.id = "body",
          .help = "33 points of the body that the face belongs to",
          .reads = {},
          .writes = {{kBody33, "px (x, y, visibility)",
                      "33 points of the body in MediaPipe's order; visibility is a probability, [0, 1]"},
                     {kBodyPresence, "probability", "how sure the network is that there is a body"}},
          .evidence = runtime::evidence_of("body", model, "pose network followed by its own points, docs/body.md")};
}

AnalyserInfo declare_hands(const runtime::ModelHandle* model) {
  return {.id = "hands",
          .help = "21 points on each hand of the body that the face belongs to",
          .reads = {kBody33},
          .writes = {{kLeftHand, "px (x, y, z)", "21 points of the person's left hand, z away from the viewer"},
                     {kRightHand, "px (x, y, z)", "21 points of the person's right hand, z away from the viewer"}},
          .evidence = runtime::evidence_of("hands", model, "hand network followed by its own points, docs/body.md")};
}

AnalyserInfo declare_holistic() {
  return {.id = "holistic",
          .help = "body, feet, face and hands of a person in one list: the 133 joints of COCO-WholeBody",
          .reads = {kBody33, kLeftHand, kRightHand, expression::kLandmarks68, kVisible68},
          .writes = {{kHolistic, "px (x, y, confidence)",
                      "133 joints of COCO-WholeBody; a confidence of 0 is a joint that is missing"}},
          .evidence = runtime::evidence_of("holistic", nullptr,
                                           "body.33, hand.* and landmarks.68 in another order, docs/body.md")};
}

/// Frame by frame, with a memory that a cut and a new source wipe out.
class FollowingAnalyser : public Analyser {
 public:
  explicit FollowingAnalyser(AnalyserInfo info) : info_(std::move(info)) {}
  [[nodiscard]] const AnalyserInfo& info() const override { return info_; }
  Status begin(const Source&) override {
    restart();
    return {};
  }
  Status look(std::span<AnalysedFrame> frames) override {
    for (AnalysedFrame& frame : frames) {
      if (frame.cut || frame.faces.empty()) restart();
      if (frame.faces.empty()) continue;
      VULTUS_CHECK(look_at(frame, since_ % kSearchEvery == 0));
      ++since_;
    }
    return {};
  }
  Status end(TrackId, TimelineSink&) override { return {}; }
  Status end(TimelineSink&) override { return {}; }

 protected:
  virtual Status look_at(AnalysedFrame& frame, bool search) = 0;
  virtual void forget() = 0;

 private:
  void restart() {
    since_ = 0;
    forget();
  }
  AnalyserInfo info_;
  int since_ = 0;
};

class BodyAnalyser final : public FollowingAnalyser {
 public:
  BodyAnalyser(AnalyserInfo info, body::PoseFinder poses)
      : FollowingAnalyser(std::move(info)), poses_(std::move(poses)) {}

 protected:
  void forget() override { known_.clear(); }
  Status look_at(AnalysedFrame& frame, bool search) override {
    VULTUS_TRY(known_, poses_.find(frame.picture, known_, search));
    std::vector<Point2f> middles, heads;
    std::vector<float> reach;
    for (const AnalysedFace& face : frame.faces) {
      middles.push_back(face.face.box.centre());
      reach.push_back(std::max(face.face.box.width, face.face.box.height) / 2);
    }
    for (const BodyObservation& body : known_) heads.push_back(body::head_of(body));
    const std::vector<int> of = body::nearest_pairs(middles, heads, reach);
    for (std::size_t i = 0; i < frame.faces.size(); ++i) {
      FaceReadings& readings = frame.faces[i].readings;
      if (of[i] < 0) {
        for (const ChannelDeclaration& channel : info().writes)
          readings.absent(channel.id, "no body was found with its head at this face");
        continue;
      }
      const BodyObservation& body = known_[static_cast<std::size_t>(of[i])];
      std::vector<float> values;
      for (const BodyPoint& p : body.points) values.insert(values.end(), {p.place.x, p.place.y, p.visibility.value()});
      readings.write(kBody33, std::move(values));
      readings.write(kBodyPresence, double{body.presence.value()});
    }
    return {};
  }

 private:
  body::PoseFinder poses_;
  std::vector<BodyObservation> known_;
};

class HandsAnalyser final : public FollowingAnalyser {
 public:
  HandsAnalyser(AnalyserInfo info, body::HandFinder hands)
      : FollowingAnalyser(std::move(info)), hands_(std::move(hands)) {}

 protected:
  void forget() override { known_.clear(); }
  Status look_at(AnalysedFrame& frame, bool search) override {
    std::vector<BodyObservation> bodies;
    std::vector<FaceReadings*> of;
    for (AnalysedFace& face : frame.faces) {
      const auto* values = face.readings.values(kBody33);
      if (values == nullptr || values->size() != 3 * kBodyPoints) {
        for (const ChannelDeclaration& channel : info().writes)
          face.readings.absent(channel.id, "no body was found with its head at this face");
        continue;
      }
      BodyObservation& body = bodies.emplace_back();
      for (std::size_t i = 0; i < kBodyPoints; ++i)
        body.points.at(i) = {{(*values)[3 * i], (*values)[3 * i + 1]}, 0, Score((*values)[3 * i + 2]), Score(1)};
      of.push_back(&face.readings);
    }
    // Arms are asked in every frame; the network that looks for palms is run now and then.
    VULTUS_TRY(known_, hands_.find(frame.picture, known_, bodies, search));
    const auto people = body::join_people(bodies, known_);
    for (std::size_t i = 0; i < of.size(); ++i) {
      tell(*of[i], kLeftHand, people[i].left_hand);
      tell(*of[i], kRightHand, people[i].right_hand);
    }
    return {};
  }

 private:
  static void tell(FaceReadings& readings, const ChannelId& channel, const std::optional<HandObservation>& hand) {
    if (!hand) return readings.absent(channel, "no hand was found at the end of this arm");
    std::vector<float> values;
    for (std::size_t i = 0; i < kHandPoints; ++i)
      values.insert(values.end(), {hand->points.at(i).x, hand->points.at(i).y, hand->depths.at(i)});
    readings.write(channel, std::move(values));
  }
  body::HandFinder hands_;
  std::vector<HandObservation> known_;
};

/// Copies what the analysers before it found; remembers nothing.
class HolisticAnalyser final : public Analyser {
 public:
  [[nodiscard]] const AnalyserInfo& info() const override { return info_; }
  Status begin(const Source&) override { return {}; }
  Status look(std::span<AnalysedFrame> frames) override {
    for (AnalysedFrame& frame : frames)
      for (AnalysedFace& face : frame.faces) look_at(face.readings);
    return {};
  }
  Status end(TrackId, TimelineSink&) override { return {}; }
  Status end(TimelineSink&) override { return {}; }

 private:
  static void look_at(FaceReadings& readings) {
    body::Keypoints person{body::Layout::mediapipe75, std::vector<body::Joint>(kBodyPoints + 2 * kHandPoints)};
    if (const auto* rows = readings.values(kBody33); rows != nullptr && rows->size() == 3 * kBodyPoints)
      for (std::size_t i = 0; i < kBodyPoints; ++i)
        if (const float visible = (*rows)[3 * i + 2]; visible >= kVisibleJoint)
          person.joints[i] = {{(*rows)[3 * i], (*rows)[3 * i + 1]}, visible, true};
    for (const auto& [channel, first] :
         {std::pair(&kLeftHand, kBodyPoints), std::pair(&kRightHand, kBodyPoints + kHandPoints)})
      if (const auto* rows = readings.values(*channel); rows != nullptr && rows->size() == 3 * kHandPoints)
        for (std::size_t i = 0; i < kHandPoints; ++i)
          person.joints[first + i] = {{(*rows)[3 * i], (*rows)[3 * i + 1]}, 1, true};
    body::Keypoints whole = body::projected(person, body::Layout::wholebody133);
    const auto* face = readings.values(expression::kLandmarks68);
    const auto* visible = readings.values(kVisible68);
    if (face != nullptr && face->size() == 2 * kFaceJoints)
      for (std::size_t i = 0; i < kFaceJoints; ++i) {
        const float sure = visible != nullptr && i < visible->size() ? (*visible)[i] : 1;
        if (sure > 0) whole.joints[kFirstFaceJoint + i] = {{(*face)[2 * i], (*face)[2 * i + 1]}, sure, true};
      }
    if (std::ranges::none_of(whole.joints, &body::Joint::seen))
      return readings.absent(kHolistic, "neither body nor hands nor landmarks were found");
    std::vector<float> values;
    for (const body::Joint& joint : whole.joints)
      values.insert(values.end(), {joint.place.x, joint.place.y, joint.seen ? joint.confidence : 0});
    readings.write(kHolistic, std::move(values));
  }
  static constexpr float kVisibleJoint = 0.5F;  // as body::keypoints_of() takes it
  static constexpr std::size_t kFirstFaceJoint = 23, kFaceJoints = 68;
  AnalyserInfo info_ = declare_holistic();
};

Result<std::unique_ptr<Analyser>> make_body(const Engine& engine, const AnalyserGivens&) {
  VULTUS_TRY(const auto detector, engine.model(ModelId("mp_pose_detect")));
  VULTUS_TRY(const auto points, engine.model(ModelId("mp_pose_full")));
  VULTUS_TRY(auto persons, body::PointDetector::load(detector));
  VULTUS_TRY(auto pose, body::PoseNet::load(points));
  return std::unique_ptr<Analyser>(
      std::make_unique<BodyAnalyser>(declare_body(&points), body::PoseFinder(std::move(persons), std::move(pose))));
}

Result<std::unique_ptr<Analyser>> make_hands(const Engine& engine, const AnalyserGivens&) {
  VULTUS_TRY(const auto detector, engine.model(ModelId("mp_palm_full")));
  VULTUS_TRY(const auto points, engine.model(ModelId("mp_hand_full")));
  VULTUS_TRY(auto palms, body::PointDetector::load(detector));
  VULTUS_TRY(auto hand, body::HandNet::load(points));
  return std::unique_ptr<Analyser>(
      std::make_unique<HandsAnalyser>(declare_hands(&points), body::HandFinder(std::move(palms), std::move(hand))));
}

}  // namespace

std::vector<AnalyserRow> body_analyser_rows() {
  return {{.cost = AnalyserCost::network,
           .by_default = false,
           .models = {ModelId("mp_pose_detect"), ModelId("mp_pose_full")},
           .info = [] { return declare_body(nullptr); },
           .make = make_body},
          {.cost = AnalyserCost::network,
           .by_default = false,
           .models = {ModelId("mp_palm_full"), ModelId("mp_hand_full")},
           .info = [] { return declare_hands(nullptr); },
           .make = make_hands},
          {.cost = AnalyserCost::light,
           .by_default = false,
           .models = {},
           .info = declare_holistic,
           .make = [](const Engine&, const AnalyserGivens&) -> Result<std::unique_ptr<Analyser>> {
             return std::unique_ptr<Analyser>(std::make_unique<HolisticAnalyser>());
           }}};
}

}  // namespace vultus::engine
