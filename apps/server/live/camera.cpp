#include <apps/server/live/camera.hpp>

#include <algorithm>
#include <array>
#include <condition_variable>
#include <deque>
#include <random>
#include <utility>

#include <vultus/engine/enrol.hpp>
#include <vultus/engine/face_picture.hpp>
#include <vultus/engine/tracks_judge.hpp>

#include <apps/server/collections/acting_as.hpp>
#include <apps/server/live/camera_source.hpp>

namespace vultus::server {
namespace {

using SteadyClock = std::chrono::steady_clock;

/// A camera that ran for so long has recovered: the next failure is the first one again.
constexpr std::chrono::seconds kRecovered{30};
constexpr double kRateOver = 5;  // s
/// A camera runs for months on one connection, and its collection changes in other programs.
constexpr std::chrono::seconds kTakeInEvery{2};
constexpr std::chrono::seconds kTakeInAfterFault{10};
/// Between looks at a face that must be live: five of them decide, so a name takes two seconds and a half.
constexpr double kJudgeEvery = 0.5;  // s

double random_share() {
  thread_local std::mt19937_64 numbers{std::random_device{}()};
  return std::uniform_real_distribution<double>(0, 1)(numbers);
}

}  // namespace

std::chrono::milliseconds BackOff::wait(int failures, double random) const {
  auto step = first;
  for (int i = 1; i < failures && step < longest; ++i) step *= 2;
  step = std::min(step, longest);
  return std::chrono::duration_cast<std::chrono::milliseconds>(step * (0.5 + random / 2));
}

std::string_view name_of(CameraStatus::State state) {
  constexpr std::array<std::string_view, 4> kNames{"running", "connecting", "waiting", "stopped"};
  return kNames.at(static_cast<std::size_t>(state));
}

/// From the opening of a source to its end.
class Camera::Watch {
 public:
  /// @param judge  where faces must be live
  Watch(Camera& camera, CollectionLease collection, engine::Follower follower, std::optional<engine::TracksJudge> judge,
        std::unique_ptr<CameraFrames> frames)
      : camera_(camera),
        collection_(std::move(collection)),
        follower_(std::move(follower)),
        judge_(std::move(judge)),
        frames_(std::move(frames)),
        width_(frames_->info().width),
        height_(frames_->info().height) {}

  /// @return at the end of a file
  Status run() {
    const Status looked = look_at_all();
    const auto rest = follower_.finish();
    const auto happened = camera_.visits_.ended(rest, camera_.now_s(), live_of());
    const Status told = record(happened, nullptr);
    count_dropped();
    return looked ? told : looked;
  }

 private:
  Status look_at_all() {
    media::VideoFrame frame;
    for (;;) {
      VULTUS_TRY(const bool more, frames_->next(frame));
      if (!more) return {};
      if (frame.image.width() != width_ || frame.image.height() != height_)
        return fail(ErrorCode::unsupported, "the frames have another size now");
      VULTUS_CHECK(look_at_one(frame));
    }
  }

  Status look_at_one(media::VideoFrame& frame) {
    VULTUS_CHECK(take_in_changes());
    const Seconds time = frames_->info().clock.seconds(frame.time);
    VULTUS_TRY(auto faces, follower_.look(frame.image.view(), time,
                                          frame.damaged ? engine::Pixels::damaged : engine::Pixels::whole));
    const double now = camera_.now_s();
    if (judge_) VULTUS_CHECK(judge(frame, time, faces));
    VULTUS_CHECK(record(camera_.visits_.see(faces, width_, height_, now, live_of()), &frame.image));
    const auto ended = follower_.take_ended();
    VULTUS_CHECK(record(camera_.visits_.ended(ended, now, live_of()), nullptr));
    if (judge_)
      for (const engine::TrackSummary& track : ended) static_cast<void>(judge_->take(track.track));
    ++camera_.around_.counters->frames;
    count_dropped();
    measure_rate(now);
    const auto moment = SteadyClock::now();
    // Last: it draws on the frame.
    if (camera_.preview_.wants(moment)) VULTUS_CHECK(camera_.preview_.show(frame.image, faces, moment));
    return {};
  }

  /// Who was enrolled or removed by another server or program is known here, too, from now on.
  Status take_in_changes() {
    if (SteadyClock::now() < take_in_at_) return {};
    const auto used = camera_.around_.collections->use(camera_.settings_.collection);
    if (!used && used.error().code == ErrorCode::not_found) return used.error();
    // A database that is away for a while ends no camera: it goes on with what it knows.
    take_in_at_ = SteadyClock::now() + (used ? kTakeInEvery : kTakeInAfterFault);
    return {};
  }

  /// Looks whether the faces are live, and takes the names off those that are not judged so: no picture shows them.
  Status judge(const media::VideoFrame& frame, Seconds time, std::vector<engine::FollowedFace>& faces) {
    if (const std::int64_t cuts = follower_.counts().cuts; cuts != cuts_) {
      judge_->forget();
      cuts_ = cuts;
    }
    if (!frame.damaged) VULTUS_CHECK(judge_->look(frame.image.view(), time, faces));
    for (engine::FollowedFace& face : faces) {
      if (judge_->so_far(face.track).reading.decision() == liveness::Decision::live) continue;
      face.decision.match.reset();
      face.decision.best.reset();
    }
    return {};
  }

  [[nodiscard]] LivenessOf live_of() const {
    if (!judge_) return {};
    return [this](TrackId track) { return std::optional(judge_->so_far(track).reading); };
  }

  /// One event that cannot be written down does not end a camera.
  Status record(std::vector<Happening> happened, const Image* frame) {
    for (Happening& one : happened) {
      if (one.picture.empty() && frame != nullptr) {
        auto picture = engine::face_picture(frame->view(), one.box);
        if (picture) one.picture = *std::move(picture);
      }
      const Status done = camera_.around_.record(camera_.settings_, *collection_, std::move(one));
      if (!done) ++camera_.around_.counters->events_failed;
    }
    return {};
  }

  void count_dropped() {
    const std::int64_t now = frames_->dropped();
    camera_.around_.counters->dropped += now - dropped_;
    dropped_ = now;
  }

  void measure_rate(double now) {
    times_.push_back(now);
    while (times_.front() < now - kRateOver) times_.pop_front();
    const double over = times_.back() - times_.front();
    const std::scoped_lock lock(camera_.lock_);
    camera_.had_frames_ = true;
    camera_.status_.state = CameraStatus::State::running;
    camera_.status_.error.clear();
    if (over > 0.5) camera_.status_.frames_per_second = static_cast<double>(times_.size() - 1) / over;
  }

  Camera& camera_;
  CollectionLease collection_;
  engine::Follower follower_;
  std::optional<engine::TracksJudge> judge_;
  std::unique_ptr<CameraFrames> frames_;
  int width_, height_;
  std::int64_t dropped_ = 0;
  std::int64_t cuts_ = 0;
  SteadyClock::time_point take_in_at_ = SteadyClock::now() + kTakeInEvery;
  std::deque<double> times_;
};

Camera::Camera(CameraSettings settings, const CameraSurroundings& around)
    : settings_(std::move(settings)), around_(around), visits_(settings_.rules) {}

Camera::~Camera() = default;

void Camera::start() {
  tell(CameraStatus::State::connecting, {});
  thread_ = std::jthread([this](const std::stop_token& stop) { work(stop); });
}

void Camera::end() {
  if (thread_.joinable()) thread_.join();
}

CameraStatus Camera::status() const {
  const std::scoped_lock lock(lock_);
  return status_;
}

void Camera::tell(CameraStatus::State state, std::string error) {
  const std::scoped_lock lock(lock_);
  status_ = {.state = state, .error = std::move(error), .frames_per_second = std::nullopt};
}

double Camera::now_s() const { return std::chrono::duration<double>(SteadyClock::now() - made_).count(); }

void Camera::work(const std::stop_token& stop) {
  const ActingAs acting({.who = "camera " + settings_.id, .purpose = {}});
  std::mutex mutex;
  std::condition_variable_any stopped;
  int failures = 0;
  std::string error;
  while (!stop.stop_requested()) {
    had_frames_ = false;
    tell(CameraStatus::State::connecting, error);
    const auto began = SteadyClock::now();
    const auto ended = guarded("camera", [&]() -> Result<bool> { return watch(stop); });
    preview_.clear();
    if (stop.stop_requested()) break;
    if (ended && !settings_.loop) return tell(CameraStatus::State::stopped, {});
    if (ended && had_frames_) {
      error.clear();
      continue;
    }
    ++around_.counters->failures;
    failures = SteadyClock::now() - began >= kRecovered && had_frames_ ? 1 : failures + 1;
    // The fault of an own part is for the log; here it is enough that there is one.
    error = ended ? "no frame came" : ended.error().message;
    tell(CameraStatus::State::waiting, error);
    std::unique_lock lock(mutex);
    stopped.wait_for(lock, stop, around_.back_off.wait(failures, random_share()), [] { return false; });
  }
  tell(CameraStatus::State::stopped, error);
}

liveness::Policy Camera::live_policy() const {
  liveness::Policy policy;
  if (around_.thresholds == nullptr) return policy;
  if (const auto measured = around_.thresholds->find(settings_.name); measured != around_.thresholds->end())
    policy.threshold = measured->second.threshold;
  return policy;
}

Result<bool> Camera::watch(const std::stop_token& stop) {
  VULTUS_TRY(CollectionLease collection, around_.collections->use(settings_.collection));
  engine::FollowOptions options;
  options.gallery = &collection->gallery();
  options.thumbnails = true;
  VULTUS_CHECK(engine::require_model(*around_.engine, collection->gallery()));
  VULTUS_TRY(options.at, around_.engine->operating_point(collection->gallery(), {}));
  VULTUS_TRY(engine::Follower follower, engine::Follower::start(*around_.engine, options));
  std::optional<engine::TracksJudge> judge;
  if (settings_.require_live) {
    VULTUS_TRY(judge, engine::TracksJudge::start(*around_.engine,
                                                 {.policy = live_policy(), .track = {}, .every_s = kJudgeEvery}));
  }
  VULTUS_TRY(auto frames, CameraFrames::open(settings_, around_, stop));
  ++around_.counters->connections;
  Watch watch(*this, std::move(collection), std::move(follower), std::move(judge), std::move(frames));
  VULTUS_CHECK(watch.run());
  return true;
}

}  // namespace vultus::server
