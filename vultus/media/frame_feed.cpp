#include <vultus/media/frame_feed.hpp>

#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

namespace vultus::media {
namespace {
constexpr std::size_t kAhead = 4;  // frames decoded but not taken
}

class FrameFeed::Impl {
 public:
  Impl(VideoReader reader, WhenBehind when_behind)
      : reader_(std::move(reader)),
        info_(reader_.info()),
        when_behind_(when_behind),
        thread_([this](std::stop_token t) {
          const Status read = guarded("reading " + info_.name, [&] { return run(t); });
          const std::lock_guard lock(mutex_);
          if (!read) error_ = read.error();
          counts_at_end_ = reader_.counts();
          ended_ = true;
          ready_.notify_all();
        }) {}

  Result<bool> next(VideoFrame& into) {
    std::unique_lock lock(mutex_);
    ready_.wait(lock, [&] { return ended_ || !waiting_.empty(); });
    if (waiting_.empty()) {
      counts_ = counts_at_end_;
      if (error_) return *error_;
      return false;
    }
    std::swap(into, waiting_.front().frame);
    counts_ = waiting_.front().counts;
    spare_.push_back(std::move(waiting_.front().frame));
    waiting_.pop_front();
    room_.notify_all();
    return true;
  }
  [[nodiscard]] const VideoInfo& info() const { return info_; }
  [[nodiscard]] VideoCounts counts() const {
    const std::lock_guard lock(mutex_);
    return counts_;
  }
  [[nodiscard]] std::int64_t dropped() const {
    const std::lock_guard lock(mutex_);
    return dropped_;
  }

 private:
  struct Waiting {
    VideoFrame frame;
    VideoCounts counts;
  };

  Status run(const std::stop_token& stop) {
    VideoFrame frame;
    while (!stop.stop_requested()) {
      VULTUS_TRY(const bool more, reader_.next(frame));
      std::unique_lock lock(mutex_);
      if (!more) return {};
      if (when_behind_ == WhenBehind::drop && !waiting_.empty()) {
        ++dropped_;
        spare_.push_back(std::move(waiting_.front().frame));
        waiting_.pop_front();
      }
      if (!room_.wait(lock, stop, [&] { return waiting_.size() < kAhead; })) return {};
      waiting_.push_back({std::move(frame), reader_.counts()});
      frame = {};
      if (!spare_.empty()) {
        frame = std::move(spare_.back());
        spare_.pop_back();
      }
      ready_.notify_all();
    }
    return {};
  }

  VideoReader reader_;
  VideoInfo info_;
  WhenBehind when_behind_;
  mutable std::mutex mutex_;
  std::condition_variable_any ready_, room_;
  std::deque<Waiting> waiting_;
  std::vector<VideoFrame> spare_;
  std::optional<Error> error_;
  VideoCounts counts_;         // up to the frame taken last
  VideoCounts counts_at_end_;  // with what was damaged behind the last frame
  std::int64_t dropped_ = 0;
  bool ended_ = false;
  std::jthread thread_;  // last: it uses all of the above
};

FrameFeed::FrameFeed(VideoReader reader, WhenBehind when_behind)
    : impl_(std::make_unique<Impl>(std::move(reader), when_behind)) {}
FrameFeed::FrameFeed(FrameFeed&&) noexcept = default;
FrameFeed& FrameFeed::operator=(FrameFeed&&) noexcept = default;
FrameFeed::~FrameFeed() = default;
const VideoInfo& FrameFeed::info() const { return impl_->info(); }
VideoCounts FrameFeed::counts() const { return impl_->counts(); }
std::int64_t FrameFeed::dropped() const { return impl_->dropped(); }
Result<bool> FrameFeed::next(VideoFrame& into) { return impl_->next(into); }

}  // namespace vultus::media
