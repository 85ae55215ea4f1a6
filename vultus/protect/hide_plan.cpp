#include <vultus/protect/hide_plan.hpp>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

namespace vultus::protect {
namespace {

RectF between(const RectF& a, const RectF& b, float t) {
  const auto mix = [t](float from, float to) { return from + t * (to - from); };
  return {mix(a.x, b.x), mix(a.y, b.y), mix(a.width, b.width), mix(a.height, b.height)};
}

/// The scene of each frame, counted from 0.
std::vector<int> scenes_of(std::size_t frames, const std::vector<std::int64_t>& cuts) {
  std::vector<int> scene(frames, 0);
  for (const std::int64_t cut : cuts)
    for (auto at = static_cast<std::size_t>(std::max<std::int64_t>(cut, 0)); at < frames; ++at) ++scene[at];
  return scene;
}

class Planner {
 public:
  Planner(const std::vector<Seconds>& times, std::vector<int> scene, const HidePlanOptions& options)
      : times_(times), scene_(std::move(scene)), options_(options), plan_(times.size()) {}

  void add_track(TrackId track, const std::vector<SeenBox>& seen) {
    for (const SeenBox& one : seen) put(track, index_of(one), one.box, true);
    hold(track, seen.front(), -1);
    hold(track, seen.back(), +1);
    for (std::size_t i = 0; i + 1 < seen.size(); ++i) {
      const std::size_t a = index_of(seen[i]), b = index_of(seen[i + 1]);
      if (b <= a + 1) continue;
      const bool bridged = scene_[a] == scene_[b] && times_[b].value() - times_[a].value() <= options_.longest.value();
      if (!bridged) {
        hold_until(track, seen[i], +1, b);
        hold_until(track, seen[i + 1], -1, a);
        continue;
      }
      for (std::size_t at = a + 1; at < b; ++at)
        put(track, at,
            between(
                seen[i].box, seen[i + 1].box,
                static_cast<float>((times_[at].value() - times_[a].value()) / (times_[b].value() - times_[a].value()))),
            false);
    }
  }
  std::vector<std::vector<PlannedBox>> take() { return std::move(plan_); }

 private:
  static std::size_t index_of(const SeenBox& seen) { return static_cast<std::size_t>(seen.frame); }
  void put(TrackId track, std::size_t frame, const RectF& box, bool seen) {
    plan_[frame].push_back({.track = track, .box = box, .seen = seen});
  }
  void hold(TrackId track, const SeenBox& from, int step) {
    hold_until(track, from, step, step > 0 ? times_.size() : std::size_t{0} - 1);
  }
  /// The box stays where it was, frame after frame, up to the limit, the hold's length and the end of the scene.
  void hold_until(TrackId track, const SeenBox& from, int step, std::size_t limit) {
    const std::size_t begin = index_of(from);
    for (std::size_t at = begin + static_cast<std::size_t>(step); at != limit && at < times_.size();
         at += static_cast<std::size_t>(step)) {
      const double away = std::abs(times_[at].value() - times_[begin].value());
      if (away > options_.hold.value() || scene_[at] != scene_[begin]) return;
      put(track, at, from.box, false);
    }
  }

  const std::vector<Seconds>& times_;
  std::vector<int> scene_;
  HidePlanOptions options_;
  std::vector<std::vector<PlannedBox>> plan_;
};

}  // namespace

Result<std::vector<std::vector<PlannedBox>>> plan_boxes(const std::vector<Seconds>& times,
                                                        const std::vector<std::int64_t>& cuts,
                                                        const std::vector<SeenBox>& seen,
                                                        const HidePlanOptions& options) {
  if (!(options.hold >= Seconds(0) && options.hold <= Seconds(60)))
    return fail(ErrorCode::invalid_argument, "hide plan: a hold of 0 to 60 s is allowed");
  if (!(options.longest >= Seconds(0) && options.longest <= Seconds(3600)))
    return fail(ErrorCode::invalid_argument, "hide plan: gaps of 0 to 3600 s are bridged");
  std::map<TrackId, std::vector<SeenBox>> tracks;
  for (const SeenBox& one : seen) {
    if (one.frame < 0 || one.frame >= static_cast<std::int64_t>(times.size()))
      return fail(ErrorCode::invalid_argument,
                  "hide plan: frame " + std::to_string(one.frame) + " of " + std::to_string(times.size()) + " frames");
    tracks[one.track].push_back(one);
  }
  Planner planner(times, scenes_of(times.size(), cuts), options);
  for (auto& [track, boxes] : tracks) {
    std::ranges::sort(boxes, {}, &SeenBox::frame);
    planner.add_track(track, boxes);
  }
  return planner.take();
}

}  // namespace vultus::protect
