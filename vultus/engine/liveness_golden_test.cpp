// The real networks on real faces: portraits, a clip of a person and one of a screen, and crops of both.
#include <cstdlib>
#include <filesystem>

#include <gtest/gtest.h>

#include <vultus/engine/liveness_check.hpp>
#include <vultus/engine/pad_benchmark.hpp>

namespace vultus::engine {
namespace {

namespace fs = std::filesystem;

const Engine& liveness_engine() {
  static const Engine kEngine = Engine::load({.models = fs::path(VULTUS_SOURCE_DIR) / "models"}).value();
  return kEngine;
}

fs::path shared_folder() {
  const char* named = std::getenv("VULTUS_SHARED");
  return named != nullptr ? fs::path(named) : fs::path(VULTUS_SOURCE_DIR) / ".." / "shared";
}

liveness::TrackReading longest_track(const std::string& video) {
  liveness::TrackReading read;
  std::int64_t longest = 0;
  judge_video(liveness_engine(), (shared_folder() / "data/video" / video).string(),
              {.video = {}, .policy = {}, .track = {}, .every_s = 1},
              [&](const JudgedTrack& track) -> Status {
                if (track.frames > longest) longest = track.frames, read = track.read;
                return {};
              })
      .value();
  return read;
}

TEST(LivenessGolden, PortraitsAreLive) {
  const fs::path folder = runtime::default_cache_folder().value() / "samples/face_recognition-1.3.0";
  const auto scored =
      score_files(liveness_engine(), presented_files(folder.string(), false).value(), liveness::kUsualNetwork, {})
          .value();
  int faces = 0;
  for (const ScoredFile& one : scored) {
    if (!one.found) continue;
    ++faces;
    EXPECT_EQ(one.reading.reason, liveness::Reason::live) << one.file.path;
  }
  EXPECT_GE(faces, 5);
}

TEST(LivenessGolden, APersonInAClipIsLiveAndTheSameOnAScreenIsNot) {
  if (!fs::exists(shared_folder() / "data/video")) GTEST_SKIP() << "no clips in the shared data folder";
  EXPECT_EQ(longest_track("live_21s.mp4").reading.decision(), liveness::Decision::live);
  EXPECT_EQ(longest_track("replay_21s.mp4").reading.decision(), liveness::Decision::spoof);
}

// What the reference decoding of both networks reached on these crops is an AUC of .984; the boxes are other ones here.
// Colour alone separates the set: it says that the networks are read as they should be, and nothing of real attacks.
TEST(LivenessGolden, CropsOfPeopleAndScreensAreTold) {
  const fs::path set = shared_folder() / "data/pad/set_a";
  if (!fs::exists(set)) GTEST_SKIP() << "no presentation attacks in the shared data folder";
  PadOptions options;
  options.real = (set / "real").string(), options.fake = (set / "fake").string();
  options.bootstrap.draws = 100;
  const PadBenchmark run = run_pad_benchmark(liveness_engine(), options).value();
  EXPECT_GT(run.result.auc->value, 0.85);
  EXPECT_GT(run.result.saturation->auc, 0.99);
}

}  // namespace
}  // namespace vultus::engine
