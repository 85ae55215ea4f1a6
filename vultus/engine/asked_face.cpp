#include <vultus/engine/asked_face.hpp>

#include <algorithm>
#include <cmath>

#include <vultus/face/prominence.hpp>

namespace vultus::engine {
namespace {

const ChannelId kYawRead{"pose.ry"}, kClosureRead{"eye.closure"}, kSmileRead{"expression.happiness"};
// Between comparisons of the face with that of the first moments, and how far it may be turned for one.
constexpr double kCompareEvery = 0.5, kComparableYaw = 0.3;

std::optional<double> number_read(const AnalysedFace& face, const ChannelId& channel) {
  const double* value = face.readings.number(channel);
  return value == nullptr ? std::nullopt : std::optional(*value);
}

}  // namespace

bool AskedFace::is_due(const AnalysedFrame& frame, const AnalysedFace& face) const {
  const double* yaw = face.readings.number(kYawRead);
  if (yaw == nullptr || std::abs(*yaw) > kComparableYaw) return false;
  return face.track != track_ || !compared_ || frame.seconds.value() - *compared_ >= kCompareEvery;
}

Result<AskedMoment> AskedFace::look(const AnalysedFrame& frame) {
  AskedMoment moment{.sample = {.seconds = frame.seconds.value(), .face = false}};
  if (frame.faces.empty()) return moment;
  const auto same = std::ranges::find_if(frame.faces, [&](const AnalysedFace& face) { return face.track == track_; });
  const AnalysedFace& face =
      same != frame.faces.end()
          ? *same
          : face::most_prominent(frame.faces, frame.picture.width, frame.picture.height, &AnalysedFace::face);
  const bool due = is_due(frame, face);
  if (face.track != track_) {
    // Before anything was done there is nobody whose place could be taken.
    const bool anew = !first_ && !settled_;
    if (!anew && !(first_ && due)) return moment;
    moment.anew = anew;
    track_ = face.track;
    compared_.reset();
  }
  if (due) {
    VULTUS_TRY(Embedding made, embed_(frame.picture, face.face));
    compared_ = frame.seconds.value();
    if (!first_) {
      first_ = std::move(made);
    } else {
      VULTUS_TRY(const Cosine cosine, similarity(*first_, made));
      moment.sample.similarity = double{cosine.value()};
    }
  }
  moment.face = &face;
  moment.sample.face = true;
  moment.sample.closure = number_read(face, kClosureRead);
  moment.sample.yaw = number_read(face, kYawRead);
  moment.sample.smile = number_read(face, kSmileRead);
  return moment;
}

}  // namespace vultus::engine
