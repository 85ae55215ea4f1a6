#include <vultus/timeline/import_tracks.hpp>

namespace vultus::timeline {

std::optional<std::int64_t> BoxFollower::follow(const RectF& box) {
  std::erase_if(followed_, [&](const Followed& one) { return frame_ - one.frame > kForgetFrames; });
  Followed* best = nullptr;
  float most = kLeastOverlap;
  for (Followed& one : followed_) {
    if (one.frame == frame_) continue;
    if (const float overlap = intersection_over_union(one.box, box); overlap > most) most = overlap, best = &one;
  }
  if (best == nullptr) return std::nullopt;
  best->box = box;
  best->frame = frame_;
  return best->face;
}

std::int64_t BoxFollower::begin(const RectF& box) {
  followed_.push_back({.face = faces_, .frame = frame_, .box = box});
  return faces_++;
}

}  // namespace vultus::timeline
