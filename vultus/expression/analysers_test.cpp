// What every analyser promises, on networks that are none.
#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vultus/expression/analysers.hpp>
#include <vultus/expression/expression_net.hpp>
#include <vultus/face/fake_network.hpp>

namespace vultus::expression {
namespace {

using ::testing::HasSubstr;
namespace fake = face::test;

/// The standard head as the mesh network would see it, 192 pixels wide, other points in its middle.
fake::Outputs mesh_answer(float flag) {
  std::vector<float> points(3 * 468);
  for (std::size_t i = 0; i < 468; ++i) points[3 * i] = 96, points[3 * i + 1] = 96, points[3 * i + 2] = -10;
  const auto put = [&](std::size_t i, float x, float y, float z) {
    points[3 * i] = x, points[3 * i + 1] = y, points[3 * i + 2] = z;
  };
  for (const face::MeshAnchor& anchor : face::mesh_anchors())
    put(anchor.point, 96 + 0.6F * static_cast<float>(anchor.place[0]), 80 + 0.6F * static_cast<float>(anchor.place[1]),
        0.6F * static_cast<float>(anchor.place[2]));
  // Lids, and what the detector's eyes are made of.
  put(160, 74, 76, 0), put(158, 80, 76, 0), put(144, 74, 84, 0), put(153, 80, 84, 0);
  put(387, 118, 76, 0), put(385, 112, 76, 0), put(373, 118, 84, 0), put(380, 112, 84, 0);
  put(13, 96, 120, 0), put(14, 96, 124, 0);
  return {{"points", points}, {"flag", {flag}}};
}

/// An eye that fills its crop; the outline in the order of face::eye_outline.
fake::Outputs iris_answer() {
  std::vector<float> points(228);
  const auto put = [&](std::size_t i, float x, float y) { points[3 * i] = x, points[3 * i + 1] = y; };
  for (std::size_t i = 0; i < 9; ++i) put(i, 18 + 3.5F * static_cast<float>(i), i % 8 == 0 ? 32.0F : 36.0F);
  for (std::size_t i = 9; i < 16; ++i) put(i, 21.5F + 3.5F * static_cast<float>(i - 9), 28);
  for (std::size_t i = 71; i < 76; ++i) put(i, 32, 32);
  return {{"points", points}};
}

struct Fakes {
  float flag = 5;
  [[nodiscard]] AnalyserResources resources() const {
    const float logit = flag;
    return {
        .model = [logit](const ModelId& id) -> Result<runtime::ModelHandle> {
          using runtime::Network;
          const std::string& name = id.text();
          if (name == "mp_face_mesh")
            return fake::fake_model("mesh468", {1, 3, 192, 192}, [logit](Network&) { return mesh_answer(logit); });
          if (name == "human_iris")
            return fake::fake_model("iris71", {1, 3, 64, 64}, [](Network&) { return iris_answer(); });
          if (name == "fr_eye")
            return fake::fake_model("eye_state", {1, 1, 24, 24}, [](Network&) {
              return fake::Outputs{{"logits", {0, 2}}};
            });
          if (name == kExpressionModel)
            // The crop and its mirror image: their mean is 0.1 anger, disgust and sadness, 0.5 happiness, 0.2 neutral.
            return fake::fake_model("expression7_aligned", {2, 3, 112, 112}, [](Network&) {
              return fake::Outputs{{"probabilities", {0, 0, 0.2F, 0.4F, 0, 0.2F, 0.2F, 0, 0, 0, 0.6F, 0.2F, 0, 0.2F}}};
            });
          if (name == "human_faceres")
            return fake::fake_model("faceres", {1, 3, 224, 224}, [](Network&) {
              std::vector<float> ages(100);
              ages[20] = ages[40] = 0.5F;
              return fake::Outputs{{"age", ages}, {"gender", {0.2F}}};
            });
          return fail(ErrorCode::not_found, "no fake for " + name);
        },
        .camera = {},
        .baseline = {},
        .learnt = {}};
  }
};

Source video() {
  Source source;
  source.id = SourceId(1), source.path = "clip.mp4", source.width = 400, source.height = 300;
  source.clock.numerator = 30;
  return source;
}

AnalysedFace face_in(std::int64_t track, const RectF& box) {
  AnalysedFace face{TrackId(track), {}, {}};
  face.face.box = box;
  face.face.detection = Score(0.9F);
  const Point2f c = box.centre();
  face.face.keypoints = {
      {{c.x - 20, c.y - 15}, {c.x + 20, c.y - 15}, {c.x, c.y}, {c.x - 15, c.y + 20}, {c.x + 15, c.y + 20}}};
  return face;
}

std::vector<AnalysedFrame> frames(const Image& picture, int count, const std::vector<RectF>& boxes) {
  std::vector<AnalysedFrame> made;
  for (int i = 0; i < count; ++i) {
    AnalysedFrame frame{
        .time = {i}, .seconds = Seconds(i / 30.0), .picture = picture.view(), .cut = i == 4, .faces = {}};
    for (std::size_t f = 0; f < boxes.size(); ++f)
      frame.faces.push_back(face_in(static_cast<std::int64_t>(f) + 1, boxes[f]));
    made.push_back(std::move(frame));
  }
  return made;
}

std::vector<std::unique_ptr<Analyser>> everybody(Fakes fakes = {}) {
  std::vector<std::unique_ptr<Analyser>> all;
  for (const AnalyserRow& row : face_analysers()) {
    auto made = row.make(fakes.resources());
    if (!made) throw std::logic_error(made.error().message);
    made.value()->begin(video()).value();
    all.push_back(*std::move(made));
  }
  return all;
}

class Analysers : public ::testing::Test {
 protected:
  Image picture_ = Image::create(400, 300, PixelFormat::rgb8).value();
  const std::vector<RectF> two_{{60, 60, 100, 120}, {220, 80, 90, 110}};
};

TEST_F(Analysers, ReadOnlyWhatThoseBeforeThemWriteAndShareNoChannel) {
  std::set<ChannelId> written;
  for (const auto& analyser : everybody()) {
    const AnalyserInfo& info = analyser->info();
    EXPECT_FALSE(info.help.empty());
    EXPECT_FALSE(info.evidence.producer.empty()) << info.id;
    for (const ChannelId& read : info.reads) EXPECT_TRUE(written.contains(read)) << info.id << " reads " << read.text();
    for (const ChannelDeclaration& channel : info.writes) {
      EXPECT_TRUE(written.insert(channel.id).second) << channel.id.text();
      EXPECT_FALSE(channel.unit.empty()) << channel.id.text();
      EXPECT_FALSE(channel.meaning.empty()) << channel.id.text();
    }
  }
}

TEST_F(Analysers, WriteEveryDeclaredChannelOfEveryFaceOrSayWhyNot) {
  auto run = frames(picture_, 8, two_);
  for (const auto& analyser : everybody()) {
    std::vector<std::set<ChannelId>> before;
    for (const AnalysedFrame& frame : run)
      for (const AnalysedFace& face : frame.faces) {
        before.emplace_back();
        for (const auto& [channel, entry] : face.readings.entries()) before.back().insert(channel);
      }
    ASSERT_TRUE(analyser->look(run));
    std::size_t at = 0;
    for (const AnalysedFrame& frame : run)
      for (const AnalysedFace& face : frame.faces) {
        std::set<ChannelId> want = before[at++];
        for (const ChannelDeclaration& channel : analyser->info().writes) want.insert(channel.id);
        std::set<ChannelId> have;
        for (const auto& [channel, entry] : face.readings.entries()) {
          have.insert(channel);
          EXPECT_EQ(std::holds_alternative<std::monostate>(entry.value), !entry.reason.empty()) << channel.text();
        }
        EXPECT_EQ(have, want) << analyser->info().id;
      }
  }
}

TEST_F(Analysers, AnswerTheSameWhetherFramesComeSinglyOrTogether) {
  auto together = frames(picture_, 8, two_), singly = together;
  for (const auto& analyser : everybody()) ASSERT_TRUE(analyser->look(together));
  for (const auto& analyser : everybody())
    for (AnalysedFrame& frame : singly) ASSERT_TRUE(analyser->look(std::span(&frame, 1)));
  for (std::size_t i = 0; i < together.size(); ++i)
    for (std::size_t f = 0; f < together[i].faces.size(); ++f)
      EXPECT_EQ(together[i].faces[f].readings, singly[i].faces[f].readings) << i << " " << f;
}

TEST_F(Analysers, TakeFramesWithoutFacesAndSourcesWithoutFrames) {
  auto none = frames(picture_, 3, {});
  Timeline sink;
  for (const auto& analyser : everybody()) {
    EXPECT_TRUE(analyser->look(none));
    EXPECT_TRUE(analyser->look({}));
    EXPECT_TRUE(analyser->end(TrackId(9), sink));  // a track that was never seen
    EXPECT_TRUE(analyser->end(sink));
  }
  EXPECT_TRUE(sink.annotations().empty());
}

TEST_F(Analysers, WhereTheMeshSeesNoFaceEverythingThatNeedsItSaysSo) {
  auto run = frames(picture_, 1, {two_[0]});
  for (const auto& analyser : everybody({.flag = -5})) ASSERT_TRUE(analyser->look(run));
  const auto& entries = run[0].faces[0].readings.entries();
  for (const char* channel :
       {"landmarks.478", "pose.ry", "gaze.angle.x", "eye.aspect.left", "mouth.open", "au.12.intensity"})
    EXPECT_THAT(entries.at(ChannelId(channel)).reason, HasSubstr("sees no face")) << channel;
  EXPECT_NE(run[0].faces[0].readings.number(ChannelId("expression.happiness")), nullptr);
}

TEST_F(Analysers, PutThe68PointsWhereTheyProjectFrom) {
  auto run = frames(picture_, 1, {{150, 90, 100, 120}});
  for (const auto& analyser : everybody()) ASSERT_TRUE(analyser->look(run));
  const FaceReadings& readings = run[0].faces[0].readings;
  const auto* space = readings.values(ChannelId("landmarks3d.68"));
  const auto* points = readings.values(ChannelId("landmarks.68"));
  ASSERT_TRUE(space != nullptr && points != nullptr);
  ASSERT_EQ(space->size(), 204U);
  const face::PinholeCamera camera = face::assumed_camera(400, 300);
  for (std::size_t i = 0; i < 68; ++i) {
    const double z = (*space)[3 * i + 2];
    EXPECT_NEAR(camera.cx + camera.fx * (*space)[3 * i] / z, (*points)[2 * i], 1e-3) << i;
    EXPECT_NEAR(camera.cy + camera.fy * (*space)[3 * i + 1] / z, (*points)[2 * i + 1], 1e-3) << i;
  }
  // The outer eye corners (36, 45) are as far apart as on the standard head, points 33 and 263 of its mesh.
  const auto place = [](std::uint16_t point) {
    for (const face::MeshAnchor& anchor : face::mesh_anchors())
      if (anchor.point == point) return anchor.place;
    throw std::logic_error("no such anchor");
  };
  const auto apart = [&](std::size_t i) { return double{(*space)[3 * 45 + i]} - (*space)[3 * 36 + i]; };
  EXPECT_NEAR(std::hypot(apart(0), apart(1), apart(2)), place(263)[0] - place(33)[0], 4);
  EXPECT_NEAR((*space)[3 * 36 + 2], *readings.number(ChannelId("pose.tz")) + place(33)[2], 4);
}

TEST_F(Analysers, ReadWhatTheNetworksSay) {
  auto run = frames(picture_, 1, {{150, 90, 100, 120}});  // in the middle: the pose is told in the camera's axes
  for (const auto& analyser : everybody()) ASSERT_TRUE(analyser->look(run));
  const FaceReadings& readings = run[0].faces[0].readings;
  const auto number = [&](const char* channel) {
    const double* value = readings.number(ChannelId(channel));
    return value == nullptr ? NAN : *value;
  };
  // The network's fourth probability of seven is "happy", its seventh "neutral".
  EXPECT_NEAR(number("expression.happiness"), 0.5, 1e-6);
  EXPECT_NEAR(number("expression.neutral"), 0.2, 1e-6);
  EXPECT_EQ(*readings.text(ChannelId("expression.label")), "happiness");
  EXPECT_NEAR(number("attribute.age"), 30, 1e-6);
  EXPECT_EQ(*readings.text(ChannelId("attribute.gender")), "female");
  EXPECT_NEAR(number("eye.openness.left"), 1 / (1 + std::exp(-2.0)), 1e-6);
  // A head seen from the front.
  EXPECT_NEAR(number("pose.rx"), 0, 0.2);
  EXPECT_NEAR(number("pose.ry"), 0, 0.2);
  EXPECT_GT(number("pose.tz"), 100);
  EXPECT_LT(number("gaze.right.z"), -0.8);
  // 8 of 28 crop pixels high: the mean of two equal heights over the width.
  EXPECT_NEAR(number("eye.aspect.right"), 8.0 / 28, 0.02);
}

TEST_F(Analysers, BlinksComeAsAnnotationsWhenTheTrackEnds) {
  // A network whose upper lids fall between the frames 60 and 66.
  int frame = 0;
  Fakes fakes;
  AnalyserResources resources = fakes.resources();
  const auto others = resources.model;
  resources.model = [&, others](const ModelId& id) -> Result<runtime::ModelHandle> {
    if (id.text() != "human_iris") return others(id);
    return fake::fake_model("iris71", {1, 3, 64, 64}, [&](runtime::Network&) {
      auto answer = iris_answer();
      if (frame >= 60 && frame < 66)
        for (std::size_t i = 9; i < 16; ++i) answer["points"][3 * i + 1] = 35;
      return answer;
    });
  };
  const auto landmarks = make_analyser("landmarks", resources).value(), eyes = make_analyser("eyes", resources).value();
  ASSERT_TRUE(landmarks->begin(video()) && eyes->begin(video()));
  auto run = frames(picture_, 120, {two_[0]});
  for (AnalysedFrame& one : run) {
    frame = static_cast<int>(one.time.ticks);
    one.cut = false;
    ASSERT_TRUE(landmarks->look(std::span(&one, 1)) && eyes->look(std::span(&one, 1)));
  }
  Timeline sink;
  ASSERT_TRUE(sink.add(video()));
  Evidence evidence = eyes->info().evidence;
  evidence.id = EvidenceId(1);
  ASSERT_TRUE(sink.add(evidence) && sink.add(Channel{ChannelId("eye.blink"), "0 or 1", EvidenceId(1)}));
  ASSERT_TRUE(sink.add(Track{TrackId(1), SourceId(1)}));
  ASSERT_TRUE(eyes->end(TrackId(1), sink));
  ASSERT_EQ(sink.annotations().size(), 1U);
  EXPECT_EQ(sink.annotations()[0].label, "blink");
  EXPECT_NEAR(sink.annotations()[0].from, 2.0, 0.05);
  EXPECT_NEAR(sink.annotations()[0].to, 2.2, 0.05);
}

TEST_F(Analysers, AnUnknownNameIsAnsweredWithThoseThatAreKnown) {
  Fakes fakes;
  const auto made = make_analyser("smell", fakes.resources());
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, ErrorCode::not_found);
  EXPECT_THAT(made.error().message, HasSubstr("action_units"));
}

TEST_F(Analysers, AttributesAreOffUnlessAskedFor) {
  for (const AnalyserRow& row : face_analysers()) EXPECT_EQ(row.by_default, row.id != "attributes") << row.id;
}

TEST_F(Analysers, ASavedFaceAtRestIsUsedAndALearntOneHandedOver) {
  Fakes fakes;
  AnalyserResources resources = fakes.resources();
  auto run = frames(picture_, 8, {two_[0]});
  for (const char* id : {"landmarks", "pose", "eyes"}) {
    const auto analyser = make_analyser(id, resources).value();
    ASSERT_TRUE(analyser->begin(video()) && analyser->look(run));
  }
  std::optional<NeutralBaseline> learnt;
  resources.learnt = [&](TrackId, const NeutralBaseline& one) { learnt = one; };
  const auto first = make_analyser("action_units", resources).value();
  ASSERT_TRUE(first->begin(video()) && first->look(run));
  Timeline sink;
  ASSERT_TRUE(first->end(TrackId(1), sink));
  ASSERT_TRUE(learnt);
  // Against a rest that lies one "full" below what is seen every unit is at its strongest.
  auto rest = std::make_shared<NeutralBaseline>(*learnt);
  const auto* rows = run[0].faces[0].readings.values(ChannelId("landmarks.478"));
  const auto angle = [&](const char* name) { return *run[0].faces[0].readings.number(ChannelId(name)); };
  const auto now = unit_signals(*rows, {angle("pose.rx"), angle("pose.ry"), angle("pose.rz")}).value();
  for (std::size_t i = 0; i < now.size(); ++i) rest->signals.at(i) = now.at(i) - action_units().at(i).full;
  resources.baseline = rest;
  const auto second = make_analyser("action_units", resources).value();
  ASSERT_TRUE(second->begin(video()) && second->look(std::span(run.data(), 1)));
  EXPECT_NEAR(*run[0].faces[0].readings.number(ChannelId("au.12.intensity")), 5, 1e-9);
  EXPECT_EQ(*run[0].faces[0].readings.number(ChannelId("au.14.presence")), 1);
}

TEST_F(Analysers, ASquintIsNoBlinkOfAUnit) {
  Fakes fakes;
  auto run = frames(picture_, 2, {two_[0]});
  for (const char* id : {"landmarks", "pose"}) {
    const auto analyser = make_analyser(id, fakes.resources()).value();
    ASSERT_TRUE(analyser->begin(video()) && analyser->look(run));
  }
  run[0].faces[0].readings.write(ChannelId("eye.closure"), 0.385);
  run[1].faces[0].readings.write(ChannelId("eye.closure"), 0.6);
  const auto units = make_analyser("action_units", fakes.resources()).value();
  ASSERT_TRUE(units->begin(video()) && units->look(run));
  const auto read = [&](std::size_t frame, const char* channel) {
    return *run[frame].faces[0].readings.number(ChannelId(channel));
  };
  EXPECT_EQ(read(0, "au.45.presence"), 0);
  EXPECT_NEAR(read(0, "au.45.intensity"), 1.925, 1e-9);
  EXPECT_EQ(read(1, "au.45.presence"), 1);
}

}  // namespace
}  // namespace vultus::expression
