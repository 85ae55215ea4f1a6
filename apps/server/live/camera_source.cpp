#include <apps/server/live/camera_source.hpp>

#include <condition_variable>
#include <mutex>
#include <utility>

namespace vultus::server {
namespace {

constexpr std::int64_t kMostCameraPixels = 3840 * 2160 * 2;
/// A file that is looked at later than this leaves frames out.
constexpr std::chrono::milliseconds kLate{200};

void wait_until(std::chrono::steady_clock::time_point due, const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any stopped;
  std::unique_lock lock(mutex);
  stopped.wait_until(lock, stop, due, [] { return false; });
}

}  // namespace

Result<std::unique_ptr<CameraFrames>> CameraFrames::open(const CameraSettings& settings,
                                                         const CameraSurroundings& around,
                                                         const std::stop_token& stop) {
  std::unique_ptr<CameraFrames> frames(new CameraFrames);
  frames->stop_ = stop;
  frames->on_stop_.emplace(stop,
                           std::function<void()>([source = frames->reading_]() mutable { source.request_stop(); }));
  VULTUS_TRY(const CameraSource source, camera_source_from(settings.source));
  frames->shown_ = shown_source(source);
  std::string name;
  if (const auto* file = std::get_if<FileSource>(&source)) {
    VULTUS_TRY(const auto path, camera_file(around.folder, file->name));
    name = path.string();
  } else if (const auto* device = std::get_if<DeviceSource>(&source)) {
    VULTUS_CHECK(around.outbound->targets.check_device(device->name));
    name = device->name;
  } else {
    VULTUS_TRY(frames->relay_, StreamRelay::open(std::get<TargetUrl>(source), *around.outbound, around.patience, stop));
    name = frames->relay_->name();
  }
  const media::VideoOptions options{
      .limits = {.max_pixels = kMostCameraPixels}, .patience = around.patience, .trust = media::StreamTrust::of_caller};
  auto reader = media::VideoReader::open(name, options, frames->reading_.get_token());
  if (!reader) {
    if (frames->relay_ != nullptr)
      if (const auto known = frames->relay_->error()) return *known;
    // What FFmpeg was given is the relay or a path of this machine: nobody's business.
    std::string why = reader.error().message;
    const std::string inside = media::without_secrets(name);
    for (auto at = why.find(inside); at != std::string::npos; at = why.find(inside, at + frames->shown_.size()))
      why.replace(at, inside.size(), frames->shown_);
    return fail(reader.error().code, why);
  }
  if (reader->info().live)
    frames->feed_.emplace(*std::move(reader), media::WhenBehind::drop);
  else
    frames->reader_.emplace(*std::move(reader));
  return frames;
}

CameraFrames::~CameraFrames() {
  reading_.request_stop();
  feed_.reset();
}

Result<bool> CameraFrames::next(media::VideoFrame& into) {
  if (!feed_) return next_of_file(into);
  auto more = feed_->next(into);
  if (more && *more) return true;
  if (stop_.stop_requested()) return fail(ErrorCode::cancelled, shown_ + ": stopped");
  if (relay_ != nullptr)
    if (const auto known = relay_->error()) return *known;
  if (!more) return fail(more.error().code, shown_ + ": gives no frames");
  return fail(ErrorCode::not_found, shown_ + ": the stream has ended");
}

Result<bool> CameraFrames::next_of_file(media::VideoFrame& into) {
  for (;;) {
    VULTUS_TRY(const bool more, reader_->next(into));
    if (!more) return false;
    const auto now = std::chrono::steady_clock::now();
    if (!began_) began_ = now;
    const auto due = *began_ + std::chrono::duration_cast<std::chrono::steady_clock::duration>(
                                   std::chrono::duration<double>(reader_->info().clock.seconds(into.time).value()));
    if (now > due + kLate) {
      ++skipped_;
      continue;
    }
    wait_until(due, stop_);
    if (stop_.stop_requested()) return fail(ErrorCode::cancelled, shown_ + ": stopped");
    return true;
  }
}

}  // namespace vultus::server
