// Following real faces through clips that are made here: their truth is known.
#include <algorithm>
#include <filesystem>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <vultus/engine/enrol.hpp>
#include <vultus/engine/follow_video.hpp>
#include <vultus/engine/track_report.hpp>
#include <vultus/media/picture.hpp>
#include <vultus/media/transform.hpp>
#include <vultus/media/video_writer.hpp>

namespace vultus::engine {
namespace {

namespace fs = std::filesystem;

constexpr int kWidth = 960;
constexpr int kHeight = 540;
constexpr double kRate = 25;

std::string sample(const std::string& name) {
  return (runtime::default_cache_folder().value() / "samples" / "face_recognition-1.3.0" / name).string();
}

const Engine& engine(int threads = 1) {
  static std::map<int, Engine> engines;
  const auto at = engines.find(threads);
  if (at != engines.end()) return at->second;
  auto made = Engine::load({.models = fs::path(VULTUS_SOURCE_DIR) / "models", .threads = threads});
  if (!made) throw std::runtime_error(made.error().message);
  return engines.emplace(threads, *std::move(made)).first->second;
}

/// A square around the face of a photo, with some of its surroundings.
Image cut_out(const std::string& name, RectF square) {
  const auto photo = media::read_picture(sample(name)).value();
  Image face = Image::create(240, 240, PixelFormat::rgb8).value();
  EXPECT_TRUE(media::resize_into(photo.image.view(), square, face.mutable_view()));
  return face;
}

const Image& obama() {
  static const Image kFace = cut_out("obama.jpg", {330, 60, 560, 560});
  return kFace;
}
const Image& biden() {
  static const Image kFace = cut_out("biden.jpg", {180, 60, 760, 760});
  return kFace;
}

struct Placed {
  const Image* face;
  int x, y;
};

/// A clip whose frames show faces where `place` puts them, later ones in front.
std::string clip(
    const std::string& name, int frames, const std::function<std::vector<Placed>(int)>& place,
    const std::function<int(int)>& background = [](int) { return 90; }) {
  std::string path = (fs::path(VULTUS_BINARY_DIR) / name).string();
  auto writer = media::VideoWriter::open(path, kWidth, kHeight, {.quality = 16}).value();
  Image frame = Image::create(kWidth, kHeight, PixelFormat::rgb8).value();
  for (int i = 0; i < frames; ++i) {
    for (int y = 0; y < kHeight; ++y) std::fill_n(frame.row(y), 3 * kWidth, static_cast<std::uint8_t>(background(i)));
    for (const Placed& p : place(i))
      for (int y = std::max(0, p.y); y < std::min(kHeight, p.y + p.face->height()); ++y)
        for (int x = std::max(0, p.x); x < std::min(kWidth, p.x + p.face->width()); ++x)
          std::copy_n(p.face->row(y - p.y) + 3 * (x - p.x), 3, frame.row(y) + 3 * x);
    EXPECT_TRUE(writer.add(frame.view(), Seconds(i / kRate)));
  }
  EXPECT_TRUE(writer.finish());
  return path;
}

Gallery people(const std::string& name) {
  const fs::path path = fs::path(VULTUS_BINARY_DIR) / name;
  for (const char* beside : {"", "-wal", "-shm"}) fs::remove(path.string() + beside);
  Gallery gallery =
      Gallery::open({.path = path, .access = GalleryAccess::create_or_open, .model = gallery_model(engine())}).value();
  const std::vector<EnrolInput> inputs{{{.path = sample("obama2.jpg")}, "Obama"},
                                       {{.path = sample("biden.jpg")}, "Biden"}};
  const auto report = enrol_pictures(engine(), gallery, inputs, {}, [](const EnrolStep&) {});
  EXPECT_EQ(report.value().enrolled, 2);
  return gallery;
}

struct Story {
  std::vector<TrackSummary> tracks;
  /// Of each frame: track and centre of each face.
  std::vector<std::map<TrackId, Point2f>> frames;
  FollowedVideo video;
};

Story follow(const std::string& path, const Gallery* gallery, int threads = 1) {
  Story story;
  FollowOptions options{.gallery = gallery};
  if (gallery != nullptr) options.at = engine().operating_point().value();
  const FollowReceivers receivers{.opened = nullptr,
                                  .frame = [&](FollowedFrame& frame) -> Status {
                                    auto& faces = story.frames.emplace_back();
                                    for (const FollowedFace& f : frame.faces) faces[f.track] = f.face.box.centre();
                                    return {};
                                  },
                                  .track = [&](TrackSummary& track) -> Status {
                                    story.tracks.push_back(track);
                                    return {};
                                  }};
  auto video = follow_video(engine(threads), path, {}, options, receivers);
  EXPECT_TRUE(video) << video.error().message;
  if (video) story.video = *video;
  return story;
}

const TrackSummary* named(const Story& story, const std::string& name) {
  for (const TrackSummary& track : story.tracks)
    if (track.decision.match && track.decision.match->name == name) return &track;
  return nullptr;
}

TEST(FollowVideo, OneFaceIsOneTrackWithANameAndFewTemplates) {
  const Gallery gallery = people("follow_one.vgal");
  const std::string path = clip("follow_one.mp4", 100, [](int i) {
    return std::vector<Placed>{{&obama(), 50 + 4 * i, 120 + i}};
  });
  const Story story = follow(path, &gallery);
  ASSERT_EQ(story.tracks.size(), 1U);
  ASSERT_NE(named(story, "Obama"), nullptr);
  EXPECT_LT(story.tracks[0].from.value(), 0.2);
  EXPECT_GT(story.tracks[0].to.value(), 3.9);
  EXPECT_GT(story.tracks[0].frames, 95);
  EXPECT_LE(story.video.work.templates, 12) << "templates are made only where they can change the answer";
  EXPECT_LE(story.video.work.quick_looks + story.video.work.thorough_looks, 40);
  const auto& first = story.frames[20].begin()->second;
  const auto& last = story.frames[90].begin()->second;
  EXPECT_NEAR(last.x - first.x, 280, 25);
  // A track is confirmed by its third detection, and told from its first.
  EXPECT_EQ(story.frames[0].size(), 1U);
  EXPECT_EQ(std::ranges::count_if(story.frames, [](const auto& faces) { return !faces.empty(); }),
            story.tracks[0].frames);
}

TEST(FollowVideo, AClipOfFewFramesHasItsPeople) {
  const Gallery gallery = people("follow_few.vgal");
  const std::string path = clip("follow_few.mp4", 3, [](int i) {
    return std::vector<Placed>{{&obama(), 100 + 4 * i, 150}, {&biden(), 600, 150}};
  });
  const Story story = follow(path, &gallery);
  EXPECT_EQ(story.video.work.thorough_looks, 1);
  EXPECT_EQ(story.tracks.size(), 2U);
  EXPECT_NE(named(story, "Obama"), nullptr);
  EXPECT_NE(named(story, "Biden"), nullptr);
  for (const auto& faces : story.frames) EXPECT_EQ(faces.size(), 2U);
}

TEST(FollowVideo, PeopleWhoCrossKeepTheirNames) {
  const Gallery gallery = people("follow_cross.vgal");
  const std::string path = clip("follow_cross.mp4", 80, [](int i) {
    return std::vector<Placed>{{&biden(), 660 - 8 * i, 150}, {&obama(), 60 + 8 * i, 140}};  // Obama in front
  });
  const Story story = follow(path, &gallery);
  const TrackSummary* front = named(story, "Obama");
  const TrackSummary* behind = named(story, "Biden");
  ASSERT_NE(front, nullptr);
  ASSERT_NE(behind, nullptr);
  EXPECT_EQ(story.tracks.size(), 2U) << "one track a person";
  const auto& before = story.frames[15];
  const auto& after = story.frames[70];
  ASSERT_TRUE(before.contains(front->track) && before.contains(behind->track));
  ASSERT_TRUE(after.contains(front->track) && after.contains(behind->track));
  EXPECT_NEAR(after.at(front->track).x - before.at(front->track).x, 8 * 55, 30);
  EXPECT_NEAR(after.at(behind->track).x - before.at(behind->track).x, -8 * 55, 30);
}

TEST(FollowVideo, FacesAreFoundAgainAfterACut) {
  const Gallery gallery = people("follow_cut.vgal");
  const std::string path = clip(
      "follow_cut.mp4", 80,
      [](int i) {
        return i < 40 ? std::vector<Placed>{{&obama(), 80, 150}, {&biden(), 600, 150}}
                      : std::vector<Placed>{{&obama(), 640, 180}, {&biden(), 100, 120}};
      },
      [](int i) { return i < 40 ? 60 : 190; });
  const Story story = follow(path, &gallery);
  EXPECT_EQ(story.video.work.cuts, 1);
  EXPECT_EQ(story.tracks.size(), 2U);
  const TrackSummary* obama_track = named(story, "Obama");
  ASSERT_NE(obama_track, nullptr);
  EXPECT_LT(story.frames[30].at(obama_track->track).x, 400);
  EXPECT_GT(story.frames[70].at(obama_track->track).x, 500);
}

TEST(FollowVideo, AFaceThatLeavesEndsItsTrackAndNobodyIsNobody) {
  const std::string path = clip("follow_leave.mp4", 150, [](int i) {
    return i < 50 ? std::vector<Placed>{{&obama(), 300, 150}} : std::vector<Placed>();
  });
  const Story story = follow(path, nullptr);
  ASSERT_EQ(story.tracks.size(), 1U);
  EXPECT_NEAR(story.tracks[0].to.value(), 49 / kRate, 0.15);
  EXPECT_FALSE(story.tracks[0].decision.match);
  const Story none = follow(clip("follow_none.mp4", 30, [](int) { return std::vector<Placed>(); }), nullptr);
  EXPECT_TRUE(none.tracks.empty());
  EXPECT_EQ(none.video.work.templates, 0);
}

TEST(FollowVideo, DamagedFramesAreFollowedButAreNoEvidence) {
  auto follower = Follower::start(engine(), {}).value();
  Image frame = Image::create(kWidth, kHeight, PixelFormat::rgb8).value();
  const auto show = [&](const Image& face) {
    for (int y = 0; y < face.height(); ++y) std::copy_n(face.row(y), 3 * face.width(), frame.row(y + 100) + 3 * 300);
  };
  show(biden());
  std::size_t seen = 0;
  for (int i = 0; i < 25; ++i) seen = follower.look(frame.view(), Seconds(i / kRate), Pixels::damaged).value().size();
  EXPECT_EQ(seen, 1U);
  EXPECT_EQ(follower.counts().templates, 0);
  show(obama());
  for (int i = 25; i < 50; ++i) ASSERT_TRUE(follower.look(frame.view(), Seconds(i / kRate)));
  const auto ended = follower.finish();
  ASSERT_FALSE(ended.empty());
  EXPECT_GT(ended.back().templates, 0);
  EXPECT_GE(ended.back().best_time.value(), 25 / kRate) << "the best view is a whole one";
}

TEST(FollowVideo, TwoThreadsGiveTheAnswersOfOne) {
  const Gallery gallery = people("follow_threads.vgal");
  const std::string path = clip("follow_threads.mp4", 60, [](int i) {
    return std::vector<Placed>{{&obama(), 50 + 6 * i, 120}, {&biden(), 650, 40 + 3 * i}};
  });
  const Story one = follow(path, &gallery, 1), two = follow(path, &gallery, 2);
  ASSERT_EQ(one.frames.size(), two.frames.size());
  for (std::size_t i = 0; i < one.frames.size(); ++i) EXPECT_EQ(one.frames[i], two.frames[i]) << i;
  ASSERT_EQ(one.tracks.size(), two.tracks.size());
  for (std::size_t t = 0; t < one.tracks.size(); ++t) EXPECT_EQ(one.tracks[t].decision, two.tracks[t].decision);
}

TEST(FollowVideo, ATimelineTellsTheSameStory) {
  const Gallery gallery = people("follow_timeline.vgal");
  const std::string path = clip("follow_timeline.mp4", 60, [](int i) {
    return std::vector<Placed>{{&obama(), 50 + 6 * i, 120}, {&biden(), 650, 40 + 3 * i}};
  });
  Timeline timeline;
  const OperatingPoint at = engine().operating_point().value();
  auto recorder = TrackRecorder::start(timeline, engine(), at).value();
  std::vector<TrackSummary> tracks;
  const auto video = follow_video(engine(), path, {}, {.gallery = &gallery, .at = at},
                                  {.opened = [&](const media::VideoInfo& info) { return recorder.begin(info); },
                                   .frame = [&](FollowedFrame& frame) { return recorder.add(frame); },
                                   .track = [&](TrackSummary& track) -> Status {
                                     tracks.push_back(track);
                                     return recorder.end(track);
                                   }});
  ASSERT_TRUE(video) << video.error().message;
  EXPECT_TRUE(tells_of_video(timeline));
  const auto stories = stories_of(timeline, {}).value();
  ASSERT_EQ(stories.size(), 1U);
  ASSERT_EQ(stories[0].tracks.size(), tracks.size());
  std::set<std::string> names;
  for (const TrackSummary& track : stories[0].tracks) {
    ASSERT_TRUE(track.decision.match);
    names.insert(track.decision.match->name);
    EXPECT_FALSE(track.thumbnail.empty()) << "cut out of the video again";
  }
  EXPECT_EQ(names, (std::set<std::string>{"Biden", "Obama"}));
  const std::string page = track_report(stories, "A page", timeline.evidence());
  for (const char* part : {"Obama", "Biden", "data:image/jpeg;base64", "track-1-1"})
    EXPECT_NE(page.find(part), std::string::npos) << part;
}

}  // namespace
}  // namespace vultus::engine
