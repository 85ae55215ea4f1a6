// What every analyser of the catalogue must do, whatever it reads: each row passes unchanged.
#include <algorithm>
#include <cctype>
#include <cmath>
#include <filesystem>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <vultus/engine/analyser_catalogue.hpp>
#include <vultus/engine/engine.hpp>
#include <vultus/engine/follow_video.hpp>
#include <vultus/media/picture.hpp>
#include <vultus/media/transform.hpp>
#include <vultus/media/video_writer.hpp>

namespace vultus::engine {
namespace {

namespace fs = std::filesystem;

const Engine& the_engine(int threads = 1) {
  static const Engine kOne = Engine::load({.models = fs::path(VULTUS_SOURCE_DIR) / "models", .threads = 1}).value();
  static const Engine kTwo = Engine::load({.models = fs::path(VULTUS_SOURCE_DIR) / "models", .threads = 2}).value();
  return threads == 1 ? kOne : kTwo;
}

Image photo(const std::string& name) {
  const auto path = runtime::default_cache_folder().value() / "samples" / name;
  return media::read_picture(path.string()).value().image;
}

std::vector<FaceObservation> faces_in(const Image& picture) {
  static face::FaceFinder finder = the_engine().make_finder().value();
  return finder.find(picture.view()).value();
}

Image made(int width, int height, const std::function<std::array<std::uint8_t, 3>(int, int)>& pixel) {
  Image image = Image::create(width, height, PixelFormat::rgb8).value();
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x) std::ranges::copy(pixel(x, y), image.row(y) + 3 * x);
  return image;
}

std::array<std::uint8_t, 3> at(const Image& image, int x, int y) {
  const std::uint8_t* p = image.row(y) + 3 * x;
  return {p[0], p[1], p[2]};
}

/// A picture with its faces, as the engine hands it over.
struct Scene {
  std::string name;
  Image picture;
  std::vector<FaceObservation> faces;
};

Scene scene(std::string name, Image picture) {
  auto faces = faces_in(picture);
  return {std::move(name), std::move(picture), std::move(faces)};
}

/// One person, mirrored, turned, without colour; many people; nobody; a face of a dozen pixels.
const std::vector<Scene>& scenes() {
  static const std::vector<Scene> kScenes = [] {
    std::vector<Scene> all;
    const Image one = photo("face_recognition-1.3.0/obama.jpg");
    const int w = one.width(), h = one.height();
    all.push_back(scene("one face", one));
    all.push_back(scene("many faces", photo("face-api-1.7.15/sample3.jpg")));
    all.push_back(
        scene("no face", made(320, 240, [](int x, int y) {
                return std::array<std::uint8_t, 3>{static_cast<std::uint8_t>(x), static_cast<std::uint8_t>(y), 90};
              })));
    all.push_back(scene("mirrored", made(w, h, [&](int x, int y) { return at(one, w - 1 - x, y); })));
    all.push_back(scene("grey", made(w, h, [&](int x, int y) {
                          const std::uint8_t g = at(one, x, y)[1];
                          return std::array<std::uint8_t, 3>{g, g, g};
                        })));
    // Turned by half: the detector does not find it, so its points are turned with the picture.
    Scene turned{"turned", made(w, h, [&](int x, int y) { return at(one, w - 1 - x, h - 1 - y); }), all[0].faces};
    const auto turn = [&](Point2f& p) { p = {static_cast<float>(w) - p.x, static_cast<float>(h) - p.y}; };
    for (FaceObservation& face : turned.faces) {
      face.box.x = static_cast<float>(w) - face.box.x - face.box.width;
      face.box.y = static_cast<float>(h) - face.box.y - face.box.height;
      for (Point2f& p : face.keypoints) turn(p);
      if (face.landmarks)
        for (Point2f& p : face.landmarks->points) turn(p);
    }
    all.push_back(std::move(turned));
    const float shrink = all[0].faces.at(0).box.width / 12;
    Scene tiny{"tiny", {}, all[0].faces};
    tiny.picture = Image::create(static_cast<int>(static_cast<float>(w) / shrink),
                                 static_cast<int>(static_cast<float>(h) / shrink), PixelFormat::rgb8)
                       .value();
    EXPECT_TRUE(media::resize_into(one.view(), {0, 0, static_cast<float>(w), static_cast<float>(h)},
                                   tiny.picture.mutable_view()));
    for (FaceObservation& face : tiny.faces) {
      face.box = {face.box.x / shrink, face.box.y / shrink, face.box.width / shrink, face.box.height / shrink};
      for (Point2f& p : face.keypoints) p = {p.x / shrink, p.y / shrink};
      if (face.landmarks)
        for (Point2f& p : face.landmarks->points) p = {p.x / shrink, p.y / shrink};
      if (face.quality && face.quality->inter_eye_px) *face.quality->inter_eye_px /= shrink;
    }
    all.push_back(std::move(tiny));
    // A face that nobody found landmarks for.
    Scene bare{"without landmarks", one, all[0].faces};
    for (FaceObservation& face : bare.faces) face.landmarks.reset(), face.pose.reset(), face.quality.reset();
    all.push_back(std::move(bare));
    return all;
  }();
  return kScenes;
}

/// The scenes as a film of one source, each for some frames, with cuts between them; every scene has its own tracks.
std::vector<AnalysedFrame> film(double rate, int frames_each = 4) {
  std::vector<AnalysedFrame> frames;
  std::int64_t tracks = 0;
  for (const Scene& scene : scenes()) {
    for (int i = 0; i < frames_each; ++i) {
      AnalysedFrame frame{.time = {static_cast<std::int64_t>(frames.size())},
                          .seconds = Seconds(static_cast<double>(frames.size()) / rate),
                          .picture = scene.picture.view(),
                          .cut = i == 0 && !frames.empty(),
                          .faces = {}};
      for (std::size_t f = 0; f < scene.faces.size(); ++f)
        frame.faces.push_back(
            {.track = TrackId(tracks + 1 + static_cast<std::int64_t>(f)), .face = scene.faces[f], .readings = {}});
      frames.push_back(std::move(frame));
    }
    tracks += static_cast<std::int64_t>(scene.faces.size());
  }
  return frames;
}

/// An analyser with those that it reads from, on one source.
class Chain {
 public:
  explicit Chain(std::size_t row) {
    const auto catalogue = analyser_catalogue();
    const std::vector<std::string> wanted{catalogue[row].info().id};
    for (const std::size_t i : plan_analysers(catalogue, wanted).value())
      analysers_.push_back(catalogue[i].make(the_engine(), {}).value());
  }
  [[nodiscard]] const AnalyserInfo& info() const { return analysers_.back()->info(); }

  /// Looks at everything, so many frames at once. @return what the last of the chain told at the ends
  Timeline run(std::vector<AnalysedFrame>& frames, std::size_t at_once, double rate) {
    Timeline told;
    Source source{.id = SourceId(1), .path = "film", .width = 640, .height = 480};
    source.clock.numerator = std::llround(rate);
    EXPECT_TRUE(told.add(source));
    EXPECT_TRUE(told.add(Evidence{.id = EvidenceId(1), .producer = "test"}));
    std::set<TrackId> tracks;
    for (const AnalysedFrame& frame : frames)
      for (const AnalysedFace& face : frame.faces)
        if (tracks.insert(face.track).second) {
          EXPECT_TRUE(told.add(Track{face.track, source.id}));
        }
    // Only what it declared: others are refused by the Timeline.
    for (const auto& analyser : analysers_)
      for (const ChannelDeclaration& channel : analyser->info().writes)
        EXPECT_TRUE(told.add(Channel{channel.id, channel.unit, EvidenceId(1)}));
    for (const auto& analyser : analysers_) must(analyser->begin(source));
    for (std::size_t from = 0; from < frames.size(); from += at_once)
      for (const auto& analyser : analysers_)
        must(analyser->look(std::span(frames).subspan(from, std::min(at_once, frames.size() - from))));
    for (const TrackId track : tracks)
      for (const auto& analyser : analysers_) must(analyser->end(track, told));
    for (const auto& analyser : analysers_) must(analyser->end(told));
    return told;
  }

 private:
  void must(const Status& status) const {
    EXPECT_TRUE(status) << info().id << ": " << (status ? "" : status.error().message);
  }
  std::vector<std::unique_ptr<Analyser>> analysers_;
};

class EveryAnalyser : public ::testing::TestWithParam<std::size_t> {};  // NOLINT

INSTANTIATE_TEST_SUITE_P(Catalogue, EveryAnalyser, ::testing::Range(std::size_t{0}, analyser_catalogue().size()),
                         [](const auto& row) { return analyser_catalogue()[row.param].info().id; });

TEST_P(EveryAnalyser, SaysWhatItIs) {
  const AnalyserInfo info = analyser_catalogue()[GetParam()].info();
  const auto lower = [](const std::string& text, bool dots) {
    return !text.empty() && std::ranges::all_of(text, [&](unsigned char c) {
      return std::islower(c) != 0 || std::isdigit(c) != 0 || c == '_' || (dots && c == '.');
    });
  };
  EXPECT_TRUE(lower(info.id, false)) << info.id;
  EXPECT_FALSE(info.help.empty());
  EXPECT_FALSE(info.evidence.producer.empty()) << "figures say where they come from";
  EXPECT_FALSE(info.writes.empty());
  for (const ChannelDeclaration& channel : info.writes) {
    EXPECT_TRUE(lower(channel.id.text(), true) && channel.id.text().find('.') != std::string::npos)
        << channel.id.text();
    EXPECT_FALSE(channel.unit.empty()) << channel.id.text();
    EXPECT_FALSE(channel.meaning.empty()) << channel.id.text();
  }
  EXPECT_EQ(Chain(GetParam()).info().id, info.id) << "the row tells what its factory makes";
  EXPECT_EQ(Chain(GetParam()).info().writes.size(), info.writes.size());
}

TEST_P(EveryAnalyser, ReadsEveryFaceOrSaysWhyNot) {
  Chain chain(GetParam());
  auto frames = film(25);
  (void)chain.run(frames, 3, 25);
  const auto& declared = chain.info().writes;
  // A channel of events alone has no reading at any moment; every other one has one for each face.
  std::set<ChannelId> of_moments;
  for (const AnalysedFrame& frame : frames)
    for (const AnalysedFace& face : frame.faces)
      for (const auto& [channel, entry] : face.readings.entries()) of_moments.insert(channel);
  for (const AnalysedFrame& frame : frames)
    for (const AnalysedFace& face : frame.faces)
      for (const ChannelDeclaration& channel : declared) {
        if (!of_moments.contains(channel.id)) continue;
        const auto at = face.readings.entries().find(channel.id);
        ASSERT_NE(at, face.readings.entries().end())
            << channel.id.text() << " says nothing about track " << face.track.number();
        const auto& [value, reason] = at->second;
        EXPECT_EQ(std::holds_alternative<std::monostate>(value), !reason.empty()) << channel.id.text();
        if (const auto* number = std::get_if<double>(&value)) {
          EXPECT_TRUE(std::isfinite(*number)) << channel.id.text();
        }
        if (const auto* values = std::get_if<std::vector<float>>(&value)) {
          EXPECT_FALSE(values->empty()) << channel.id.text();
          EXPECT_TRUE(std::ranges::all_of(*values, [](float v) { return std::isfinite(v); })) << channel.id.text();
        }
      }
  std::set<ChannelId> known;
  const std::vector<std::string> wanted{chain.info().id};
  for (const std::size_t i : plan_analysers(analyser_catalogue(), wanted).value())
    for (const ChannelDeclaration& channel : analyser_catalogue()[i].info().writes) known.insert(channel.id);
  for (const ChannelId& channel : of_moments) EXPECT_TRUE(known.contains(channel)) << channel.text();
}

TEST_P(EveryAnalyser, AnswersTheSameInBatchesAndInAStream) {
  auto single = film(25), many = film(25), whole = film(25);
  const Timeline told = Chain(GetParam()).run(single, 1, 25);
  const Timeline told_many = Chain(GetParam()).run(many, 5, 25);
  const Timeline told_whole = Chain(GetParam()).run(whole, whole.size(), 25);
  for (std::size_t i = 0; i < single.size(); ++i)
    for (std::size_t f = 0; f < single[i].faces.size(); ++f) {
      EXPECT_TRUE(single[i].faces[f].readings == many[i].faces[f].readings) << "frame " << i;
      EXPECT_TRUE(single[i].faces[f].readings == whole[i].faces[f].readings) << "frame " << i;
    }
  EXPECT_TRUE(told == told_many);
  EXPECT_TRUE(told == told_whole);
}

TEST_P(EveryAnalyser, BeginsAgainAsIfItWereNew) {
  Chain chain(GetParam());
  auto first = film(25), second = film(25);
  const Timeline told_first = chain.run(first, 2, 25);
  const Timeline told_second = chain.run(second, 2, 25);
  for (std::size_t i = 0; i < first.size(); ++i)
    for (std::size_t f = 0; f < first[i].faces.size(); ++f)
      EXPECT_TRUE(first[i].faces[f].readings == second[i].faces[f].readings) << "frame " << i;
  EXPECT_TRUE(told_first == told_second);
}

TEST_P(EveryAnalyser, TakesFramesOfAnyRateAndEventsLieInTheFilm) {
  for (const double rate : {1.0, 8.0, 120.0}) {
    Chain chain(GetParam());
    auto frames = film(rate);
    const Timeline told = chain.run(frames, 4, rate);
    const double length = static_cast<double>(frames.size()) / rate;
    for (const Annotation& event : told.annotations()) {
      EXPECT_LE(event.from, event.to);
      EXPECT_GE(event.from, 0);
      EXPECT_LE(event.to, length + 1e-9);
    }
  }
}

TEST_P(EveryAnalyser, TakesASourceWithoutFrames) {
  std::vector<AnalysedFrame> none;
  EXPECT_TRUE(Chain(GetParam()).run(none, 1, 25).annotations().empty());
}

/// A clip of a real face, recorded with and without a thread for the analysers.
TEST(Recording, IsTheSameWithOneThreadAndWithTwo) {
  const std::string path = (fs::path(VULTUS_BINARY_DIR) / "analysed.mp4").string();
  const Image one = photo("face_recognition-1.3.0/obama.jpg");
  {
    auto writer = media::VideoWriter::open(path, one.width() / 2 * 2, one.height() / 2 * 2, {.quality = 16}).value();
    for (int i = 0; i < 40; ++i) {
      const int shift = i;
      const Image moved = made(one.width() / 2 * 2, one.height() / 2 * 2, [&](int x, int y) {
        return at(one, std::min(one.width() - 1, x + shift), std::min(one.height() - 1, y));
      });
      ASSERT_TRUE(writer.add(moved.view(), Seconds(i / 25.0)));
    }
    ASSERT_TRUE(writer.finish());
  }
  const auto record = [&](int threads, int every) {
    Timeline timeline;
    const std::vector<std::string> all{"all"};
    auto recorder = TrackRecorder::start(timeline, the_engine(threads),
                                         RecordOptions{.at = std::nullopt,
                                                       .catalogue = analyser_catalogue(),
                                                       .analysers = plan_analysers(analyser_catalogue(), all).value()})
                        .value();
    FollowReceivers receivers;
    receivers.opened = [&](const media::VideoInfo& info) { return recorder.begin(info); };
    receivers.frame = [&](FollowedFrame& frame) { return recorder.add(frame); };
    receivers.track = [&](TrackSummary& track) { return recorder.end(track); };
    FollowOptions options;
    options.every = every;
    EXPECT_TRUE(follow_video(the_engine(threads), path, {}, options, receivers));
    EXPECT_TRUE(recorder.finish());
    return timeline;
  };
  const Timeline one_thread = record(1, 1);
  EXPECT_EQ(one_thread.frames().size(), 40U);
  EXPECT_EQ(one_thread.tracks().size(), 1U);
  EXPECT_GT(one_thread.observations().size(), 30U);
  std::size_t channels = 0;
  for (const AnalyserRow& row : analyser_catalogue()) channels += row.info().writes.size();
  EXPECT_EQ(one_thread.channels().size(), channels);
  EXPECT_GE(one_thread.readings().size(), one_thread.observations().size());
  const Timeline two_threads = record(2, 1);
  EXPECT_TRUE(one_thread.readings() == two_threads.readings());
  EXPECT_TRUE(one_thread.observations() == two_threads.observations());
  EXPECT_TRUE(one_thread.frames() == two_threads.frames());
  EXPECT_EQ(record(2, 3).frames().size(), 14U) << "frames 0, 3 ... 39";
}

}  // namespace
}  // namespace vultus::engine
