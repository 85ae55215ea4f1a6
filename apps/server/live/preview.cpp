#include <apps/server/live/preview.hpp>

#include <algorithm>
#include <utility>

#include <vultus/media/draw.hpp>
#include <vultus/media/transform.hpp>

namespace vultus::server {
namespace {

constexpr std::chrono::milliseconds kWhileLookedAt{100};
constexpr std::chrono::seconds kOtherwise{1};
constexpr std::chrono::seconds kAskEvery{5};
constexpr media::JpegEncoding kPreviewEncoding{.quality = 80};

std::vector<media::Mark> marks_of(const std::vector<engine::FollowedFace>& faces) {
  std::vector<media::Mark> marks;
  for (const engine::FollowedFace& face : faces) {
    const auto& match = face.decision.match;
    marks.push_back({.box = face.face.box,
                     .points = {},
                     .label = match         ? match->name
                              : face.enough ? "unknown"
                                            : "",
                     .colour = match ? media::kKnownColour : media::kUnknownColour});
  }
  return marks;
}

}  // namespace

bool Preview::wants(Clock::time_point now) const {
  const std::scoped_lock lock(lock_);
  return latest_ == nullptr || now - shown_ >= (viewers_.empty() ? kOtherwise : kWhileLookedAt);
}

Status Preview::show(Image& frame, const std::vector<engine::FollowedFace>& faces, Clock::time_point now) {
  VULTUS_CHECK(media::draw_marks(frame, marks_of(faces)));
  Image small;
  if (frame.width() > kMostWidth) {
    const int height = std::max(1, frame.height() * kMostWidth / frame.width());
    VULTUS_TRY(small, Image::create(kMostWidth, height, PixelFormat::rgb8));
    const RectF whole{0, 0, static_cast<float>(frame.width()), static_cast<float>(frame.height())};
    VULTUS_CHECK(media::resize_into(frame.view(), whole, small.mutable_view()));
  }
  VULTUS_TRY(const auto bytes, media::encode_jpeg(small.empty() ? frame.view() : small.view(), kPreviewEncoding));
  const auto jpeg = std::make_shared<const std::string>(bytes.begin(), bytes.end());
  const std::string part = std::string("--") + kBoundary +
                           "\r\nContent-Type: image/jpeg\r\nContent-Length: " + std::to_string(jpeg->size()) +
                           "\r\n\r\n" + *jpeg + "\r\n";
  const std::scoped_lock lock(lock_);
  latest_ = jpeg;
  shown_ = now;
  std::erase_if(viewers_, [&](Viewer& viewer) {
    if (now - viewer.asked >= kAskEvery) {
      viewer.asked = now;
      if (!viewer.allowed()) {
        viewer.writer->close();
        return true;
      }
    }
    // Who has not taken the last picture yet does without this one.
    return viewer.writer->waiting() == 0 && !viewer.writer->write(part);
  });
  return {};
}

std::optional<std::string> Preview::latest() const {
  const std::scoped_lock lock(lock_);
  return latest_ == nullptr ? std::nullopt : std::optional(*latest_);
}

void Preview::clear() {
  const std::scoped_lock lock(lock_);
  latest_.reset();
  // Viewers that have gone are noticed though no picture comes.
  std::erase_if(viewers_, [](const Viewer& viewer) { return !viewer.writer->write(""); });
}

void Preview::add_viewer(std::shared_ptr<StreamWriter> writer, Seat seat, std::function<bool()> allowed) {
  const std::scoped_lock lock(lock_);
  viewers_.push_back({std::move(writer), std::move(seat), std::move(allowed), Clock::now()});
}

std::size_t Preview::viewers() const {
  const std::scoped_lock lock(lock_);
  return viewers_.size();
}

void Preview::close() {
  const std::scoped_lock lock(lock_);
  for (const Viewer& viewer : viewers_) viewer.writer->close();
  viewers_.clear();
}

}  // namespace vultus::server
