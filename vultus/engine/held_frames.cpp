#include <algorithm>
#include <iterator>
#include <utility>

#include <vultus/engine/held_frames.hpp>

namespace vultus::engine {
namespace {

// Frames whose memory is kept for the next ones.
constexpr std::size_t kMostSpare = 4;

bool in_doubt(const HeldFrame& held) {
  return std::ranges::any_of(held.followed.faces, [](const FollowedFace& face) { return !face.confirmed; });
}

std::size_t bytes_of(const HeldFrame& held) {
  const ImageView pixels = held.frame.image.view();
  return static_cast<std::size_t>(pixels.stride) * static_cast<std::size_t>(pixels.height);
}

void forget_doubtful(HeldFrame& held) {
  std::erase_if(held.followed.faces, [](const FollowedFace& face) { return !face.confirmed; });
}

}  // namespace

media::VideoFrame HeldFrames::spare() {
  if (spare_.empty()) return {};
  media::VideoFrame frame = std::move(spare_.back());
  spare_.pop_back();
  return frame;
}

void HeldFrames::settle(std::span<const SettledTrack> settled) {
  for (const SettledTrack& track : settled)
    for (HeldFrame& held : waiting_) {
      auto& faces = held.followed.faces;
      const auto young = std::ranges::find(faces, track.young, &FollowedFace::track);
      if (young == faces.end() || young->confirmed) continue;
      // The track that it goes on as may have been seen in this frame, too: one face is told once.
      if (!track.as || (*track.as != track.young && std::ranges::count(faces, *track.as, &FollowedFace::track) > 0)) {
        faces.erase(young);
        continue;
      }
      young->track = *track.as;
      young->confirmed = true;
      std::ranges::sort(faces, {}, &FollowedFace::track);
    }
}

Status HeldFrames::pass_on() {
  HeldFrame held = std::move(waiting_.front());
  waiting_.pop_front();
  bytes_ -= bytes_of(held);
  held.followed.frame = &held.frame;
  VULTUS_CHECK(deliver_(held));
  if (spare_.size() < kMostSpare) spare_.push_back(std::move(held.frame));
  return {};
}

Status HeldFrames::release() {
  while (!waiting_.empty()) {
    const bool full = waiting_.size() > kMostFrames || bytes_ > kMostBytes;
    if (in_doubt(waiting_.front()) && !full) return {};
    forget_doubtful(waiting_.front());
    VULTUS_CHECK(pass_on());
  }
  return {};
}

Status HeldFrames::add(HeldFrame frame, std::span<const SettledTrack> settled) {
  bytes_ += bytes_of(frame);
  waiting_.push_back(std::move(frame));
  settle(settled);
  return release();
}

Status HeldFrames::finish(std::span<const SettledTrack> settled) {
  settle(settled);
  for (HeldFrame& held : waiting_) forget_doubtful(held);
  return release();
}

}  // namespace vultus::engine
