// Made-up Timelines and a folder that goes away: for the tests of this room.
#pragma once

#include <array>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include <vultus/core/test_folder.hpp>
#include <vultus/core/timeline.hpp>

namespace vultus::timeline::testing {

using Folder = TestFolder;

/// Hands every row of a Timeline to a sink, kind by kind.
/// @return the first error
inline Status replay(const Timeline& timeline, TimelineSink& to) {
  for (const auto& row : timeline.sources()) VULTUS_CHECK(to.add(row));
  for (const auto& row : timeline.evidence()) VULTUS_CHECK(to.add(row));
  for (const auto& row : timeline.channels()) VULTUS_CHECK(to.add(row));
  for (const auto& row : timeline.frames()) VULTUS_CHECK(to.add(row));
  for (const auto& row : timeline.tracks()) VULTUS_CHECK(to.add(row));
  for (const auto& row : timeline.observations()) VULTUS_CHECK(to.add(row));
  for (const auto& row : timeline.readings()) VULTUS_CHECK(to.add(row));
  for (const auto& row : timeline.signals()) VULTUS_CHECK(to.add(row));
  for (const auto& row : timeline.annotations()) VULTUS_CHECK(to.add(row));
  return {};
}

/// A Timeline with every kind of row, every optional part there and missing.
class RandomTimeline {
 public:
  explicit RandomTimeline(unsigned seed) : random_(seed) {}

  Timeline make() {
    Timeline timeline;
    // Ids are in no order: the file must keep the order of arrival, not that of ids.
    for (int i = 0; i < 5; ++i) must(timeline.add(source(100 - 7 * i)));
    for (int i = 0; i < 3; ++i)
      must(timeline.add(Evidence{EvidenceId(9 - i), words(), words(), words(), words(), words(), words(),
                                 static_cast<DataKind>(below(3))}));
    for (int i = 0; i < 4; ++i)
      must(timeline.add(
          Channel{ChannelId("channel." + std::to_string(9 - i)), "unit" + words(), EvidenceId(7 + below(3))}));
    for (int i = 0; i < 10; ++i)
      must(timeline.add(SourceFrame{SourceId(100 - 7 * below(5)), moment(), coin(), coin()}));
    for (int i = 0; i < 6; ++i) must(timeline.add(Track{TrackId(50 - i), SourceId(100 - 7 * below(5))}));
    for (int i = 0; i < 40; ++i) must(timeline.add(observation()));
    for (int i = 0; i < 60; ++i) must(timeline.add(reading()));
    for (int i = 0; i < 4; ++i) must(timeline.add(signal(below(2) == 0 ? 0 : below(70'000))));
    must(timeline.add(signal(140'000)));  // more than two blocks
    for (int i = 0; i < 20; ++i) must(timeline.add(annotation()));
    return timeline;
  }

 private:
  static void must(const Status& status) { status.value(); }
  int below(int limit) { return std::uniform_int_distribution<int>(0, limit - 1)(random_); }
  bool coin() { return below(2) == 0; }
  double number() { return std::normal_distribution<double>(0, 1e3)(random_); }
  float real() { return static_cast<float>(number()); }
  std::string words() {
    static constexpr std::array<const char*, 6> kWords{"",           "plain",         "Zoë 李", "a \"quote\", comma",
                                                       "line\nline", "\xFF\xFE bytes"};
    return kWords[static_cast<std::size_t>(below(6))];
  }
  ChannelId channel() { return ChannelId("channel." + std::to_string(9 - below(4))); }
  TrackId track() { return TrackId(50 - below(6)); }
  std::optional<TrackId> maybe_track() { return coin() ? std::optional(track()) : std::nullopt; }
  Timestamp moment() { return {std::uniform_int_distribution<std::int64_t>(-5, std::int64_t{1} << 62)(random_)}; }

  Source source(int id) {
    Source made{.id = SourceId(id), .path = words(), .width = below(5000), .height = below(5000)};
    made.clock = {below(90'000) + 1, below(1001) + 1, number(), number()};
    if (coin()) made.error = Error{static_cast<ErrorCode>(below(8)), words()};
    return made;
  }
  Observation observation() {
    Observation made{.track = track(), .time = moment(), .face = {}};
    made.face.box = {real(), real(), real(), real()};
    for (Point2f& point : made.face.keypoints) point = {real(), real()};
    made.face.detection = Score(0.5F);
    if (coin()) made.face.face_flag = Score(0.25F);
    if (coin()) {
      const auto scheme = static_cast<LandmarkScheme>(below(3));
      made.face.landmarks = Landmarks{scheme, std::vector<Point2f>(count_of(scheme), Point2f{real(), real()})};
    }
    if (coin()) made.face.pose = HeadPose{Radians(real()), Radians(real()), Radians(real())};
    if (coin()) made.face.quality = Quality();
    if (made.face.quality && coin()) made.face.quality->inter_eye_px = real();
    return made;
  }
  Reading reading() {
    Reading made{channel(), track(), moment(), {}, {}};
    switch (below(5)) {
      case 0: made.value = number(); break;
      case 1: made.value = static_cast<double>(below(5)); break;  // whole numbers stay numbers
      case 2: made.value = words(); break;
      case 3: made.value = std::vector<float>(static_cast<std::size_t>(1 + below(200)), real()); break;
      default: made.reason = words();
    }
    return made;
  }
  Signal signal(int samples) {
    Signal made{.channel = channel(), .source = SourceId(100 - 7 * below(5)), .track = maybe_track()};
    made.rate = 0.5 + below(1000);
    made.start = number();
    for (int i = 0; i < samples; ++i) made.samples.push_back(number());
    return made;
  }
  Annotation annotation() {
    Annotation made{.channel = channel(), .source = SourceId(100 - 7 * below(5)), .track = maybe_track()};
    made.from = number();
    made.to = made.from + (coin() ? 0 : below(50));
    made.label = words();
    made.annotator = words();
    if (coin()) made.confidence = Score(0.125F);
    return made;
  }

  std::mt19937 random_;
};

}  // namespace vultus::timeline::testing
