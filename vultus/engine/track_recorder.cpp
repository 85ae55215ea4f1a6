// What was followed, on its way into a Timeline: through the analysers, in order.
#include <algorithm>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <thread>
#include <utility>
#include <variant>

#include <vultus/engine/follow_video.hpp>
#include <vultus/engine/identify.hpp>

namespace vultus::engine {
namespace {

// Frames that wait for the analysers, and how many they are given at once: memory stays that of a handful of frames.
constexpr std::size_t kMostWaiting = 8;
// Evidence of analysers is numbered from here; below are the networks that find and name faces.
constexpr std::int64_t kFirstAnalyserEvidence = 1000;

/// A frame with everything that goes into the Timeline with it.
struct RecordedFrame {
  SourceFrame frame;
  std::vector<TrackId> fresh;  // tracks seen for the first time
  Image pixels;                // only where another thread looks at them
  AnalysedFrame analysed;
  std::vector<Reading> told;  // answers that have changed
};

/// A track that has ended, with the last answers about it.
struct RecordedEnd {
  TrackId track;
  std::vector<Reading> told;
};

struct RecordedFinish {};

using RecordedStep = std::variant<RecordedFrame, RecordedEnd, RecordedFinish>;

/// The identity channels of an answer.
std::vector<Reading> readings_of(TrackId track, Timestamp time, const Decision& decision, bool enough) {
  std::vector<Reading> told;
  const auto write = [&](const ChannelId& channel, ReadingValue value, std::string reason) {
    told.push_back(Reading{channel, track, time, std::move(value), std::move(reason)});
  };
  if (decision.match) {
    write(kIdentitySubject, decision.match->name, "");
  } else {
    write(kIdentitySubject, {},
          !enough         ? "unknown: not enough evidence"
          : decision.best ? "unknown: nobody reaches the threshold"
                          : "the gallery is empty");
  }
  if (decision.best)
    write(kIdentitySimilarity, double{decision.best->similarity.value()}, "");
  else
    write(kIdentitySimilarity, {}, enough ? "the gallery is empty" : "no template yet");
  if (decision.told() && decision.told()->probability)
    write(kIdentityProbability, *decision.told()->probability, "");
  else
    write(kIdentityProbability, {}, decision.told() ? "no calibration tells a probability" : "nobody to compare with");
  write(kIdentityThreshold, double{decision.at.threshold.value()}, "");
  write(kIdentityFmr, decision.at.false_match_rate, "");
  return told;
}

}  // namespace

class TrackRecorder::Impl {
 public:
  Impl(TimelineSink& sink, const Engine& engine, RecordOptions options)
      : sink_(&sink), engine_(&engine), options_(std::move(options)) {}
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  Impl(Impl&&) = delete;
  Impl& operator=(Impl&&) = delete;
  ~Impl() { (void)join(); }

  Status start();
  Status begin(Source source, bool live_thread);
  Status add(const FollowedFrame& frame);
  Status end(const TrackSummary& summary);
  Status finish();
  Status add_picture(const std::string& path, ImageView picture, std::span<const FaceObservation> faces);
  Status add_unread(const std::string& path, const Error& error);

 private:
  Status make_analysers();
  /// Hands a step over, or takes it at once where there is no thread.
  Status hand_over(RecordedStep step);
  /// Writes steps, consecutive frames at once.
  Status take(std::vector<RecordedStep>& steps);
  Status look_and_write(std::span<RecordedFrame*> frames);
  Status write(RecordedFrame& frame);
  Status take_end(const RecordedEnd& end);
  Status take_finish();
  void run();
  Status join();

  TimelineSink* sink_;
  const Engine* engine_;
  RecordOptions options_;
  std::vector<std::unique_ptr<Analyser>> analysers_;
  SourceId source_{0};
  Timestamp now_;
  std::int64_t first_track_ = 0;  // of this source, less one: tracks are numbered over all sources
  std::int64_t last_track_ = 0;
  std::map<TrackId, std::optional<std::string>> told_;  // of tracks that are alive
  bool open_ = false;                                   // between begin and finish

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<RecordedStep> waiting_;  // guarded by mutex_
  Status failed_;                     // guarded by mutex_
  std::thread thread_;
};

Status TrackRecorder::Impl::make_analysers() {
  analysers_.clear();
  for (const std::size_t at : options_.analysers) {
    VULTUS_TRY(auto made, options_.catalogue[at].make(*engine_, options_.givens));
    analysers_.push_back(std::move(made));
  }
  return {};
}

Status TrackRecorder::Impl::start() {
  if (options_.at) VULTUS_CHECK(record_identity_evidence(*sink_, *engine_, *options_.at));
  if (!options_.at) VULTUS_CHECK(record_model_evidence(*sink_, *engine_, EvidenceId(1)));
  VULTUS_CHECK(make_analysers());
  std::int64_t number = kFirstAnalyserEvidence;
  for (const auto& analyser : analysers_) {
    Evidence evidence = analyser->info().evidence;
    evidence.id = EvidenceId(number++);
    VULTUS_CHECK(sink_->add(evidence));
    for (const ChannelDeclaration& channel : analyser->info().writes)
      VULTUS_CHECK(sink_->add(Channel{channel.id, channel.unit, evidence.id}));
  }
  return {};
}

Status TrackRecorder::Impl::begin(Source source, bool live_thread) {
  VULTUS_CHECK(finish());
  source_ = SourceId(source_.number() + 1);
  source.id = source_;
  first_track_ = last_track_;
  told_.clear();
  now_ = {};
  failed_ = Status();
  VULTUS_CHECK(sink_->add(source));
  for (const auto& analyser : analysers_) VULTUS_CHECK(analyser->begin(source));
  open_ = true;
  if (live_thread && !analysers_.empty() && engine_->threads() > 1) thread_ = std::thread([this] { run(); });
  return {};
}

void TrackRecorder::Impl::run() {
  for (bool more = true; more;) {
    std::vector<RecordedStep> steps;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return !waiting_.empty(); });
      while (!waiting_.empty()) {
        steps.push_back(std::move(waiting_.front()));
        waiting_.pop_front();
      }
      // After an error steps are thrown away until the end comes.
      more = !std::holds_alternative<RecordedFinish>(steps.back());
      if (!failed_ && more) {
        changed_.notify_all();
        continue;
      }
    }
    changed_.notify_all();
    Status taken;
    {
      const std::scoped_lock lock(mutex_);
      taken = failed_;
    }
    if (taken) taken = guarded("analysers", [&] { return take(steps); });
    const std::scoped_lock lock(mutex_);
    if (failed_) failed_ = taken;
  }
}

Status TrackRecorder::Impl::join() {
  if (!thread_.joinable()) return {};
  {
    const std::scoped_lock lock(mutex_);
    waiting_.emplace_back(RecordedFinish{});
  }
  changed_.notify_all();
  thread_.join();
  Status how = failed_;
  failed_ = Status();
  return how;
}

Status TrackRecorder::Impl::hand_over(RecordedStep step) {
  if (!thread_.joinable()) {
    std::vector<RecordedStep> steps;
    steps.push_back(std::move(step));
    return take(steps);
  }
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return waiting_.size() < kMostWaiting || !failed_; });
  if (!failed_) return failed_;
  waiting_.push_back(std::move(step));
  lock.unlock();
  changed_.notify_all();
  return {};
}

Status TrackRecorder::Impl::take(std::vector<RecordedStep>& steps) {
  std::vector<RecordedFrame*> frames;
  for (RecordedStep& step : steps) {
    if (auto* frame = std::get_if<RecordedFrame>(&step)) {
      frames.push_back(frame);
      continue;
    }
    VULTUS_CHECK(look_and_write(frames));
    frames.clear();
    if (const auto* end = std::get_if<RecordedEnd>(&step)) VULTUS_CHECK(take_end(*end));
    if (std::holds_alternative<RecordedFinish>(step)) VULTUS_CHECK(take_finish());
  }
  return look_and_write(frames);
}

Status TrackRecorder::Impl::look_and_write(std::span<RecordedFrame*> frames) {
  if (frames.empty()) return {};
  if (!analysers_.empty()) {
    std::vector<AnalysedFrame> analysed;
    analysed.reserve(frames.size());
    for (RecordedFrame* frame : frames) analysed.push_back(std::move(frame->analysed));
    for (const auto& analyser : analysers_)
      VULTUS_CHECK(analyser->look(analysed).with_context("analyser " + analyser->info().id));
    for (std::size_t i = 0; i < frames.size(); ++i) frames[i]->analysed = std::move(analysed[i]);
  }
  for (RecordedFrame* frame : frames) VULTUS_CHECK(write(*frame));
  return {};
}

Status TrackRecorder::Impl::write(RecordedFrame& frame) {
  VULTUS_CHECK(sink_->add(frame.frame));
  for (const TrackId track : frame.fresh) VULTUS_CHECK(sink_->add(Track{track, frame.frame.source}));
  for (AnalysedFace& face : frame.analysed.faces) {
    VULTUS_CHECK(sink_->add(Observation{face.track, frame.frame.time, face.face}));
    for (const auto& [channel, entry] : face.readings.entries())
      VULTUS_CHECK(sink_->add(Reading{channel, face.track, frame.frame.time, entry.value, entry.reason}));
  }
  for (const Reading& reading : frame.told) VULTUS_CHECK(sink_->add(reading));
  return {};
}

Status TrackRecorder::Impl::take_end(const RecordedEnd& end) {
  for (const auto& analyser : analysers_)
    VULTUS_CHECK(analyser->end(end.track, *sink_).with_context("analyser " + analyser->info().id));
  for (const Reading& reading : end.told) VULTUS_CHECK(sink_->add(reading));
  return {};
}

Status TrackRecorder::Impl::take_finish() {
  for (const auto& analyser : analysers_)
    VULTUS_CHECK(analyser->end(*sink_).with_context("analyser " + analyser->info().id));
  return {};
}

Status TrackRecorder::Impl::add(const FollowedFrame& frame) {
  now_ = frame.frame->time;
  RecordedFrame step{.frame = {.source = source_, .time = now_, .damaged = frame.frame->damaged, .cut = frame.cut},
                     .fresh = {},
                     .pixels = {},
                     .analysed = {.time = now_, .seconds = frame.time, .picture = {}, .cut = frame.cut, .faces = {}},
                     .told = {}};
  step.analysed.picture = frame.frame->image.view();
  for (const FollowedFace& face : frame.faces) {
    const TrackId track(first_track_ + face.track.number());
    const auto [at, is_new] = told_.try_emplace(track);
    if (is_new) {
      last_track_ = std::max(last_track_, track.number());
      step.fresh.push_back(track);
    }
    step.analysed.faces.push_back({.track = track, .face = face.face, .readings = {}});
    if (!options_.at || !face.decision.best) continue;
    const std::string name = face.decision.match ? face.decision.match->name : "";
    if (at->second == name) continue;
    at->second = name;
    std::ranges::move(readings_of(track, now_, face.decision, face.enough), std::back_inserter(step.told));
  }
  if (thread_.joinable() && !step.analysed.faces.empty()) {
    // The pixels of the frame are gone when this returns.
    step.pixels = frame.frame->image;
    step.analysed.picture = step.pixels.view();
  }
  return hand_over(std::move(step));
}

Status TrackRecorder::Impl::end(const TrackSummary& summary) {
  const TrackId track(first_track_ + summary.track.number());
  if (told_.erase(track) == 0) return {};
  RecordedEnd step{.track = track, .told = {}};
  if (options_.at) step.told = readings_of(track, now_, summary.decision, summary.enough);
  return hand_over(std::move(step));
}

Status TrackRecorder::Impl::finish() {
  if (!std::exchange(open_, false)) return {};
  // Where the source broke off there are tracks whose end was not told.
  Status handed;
  for (const auto& [track, answer] : std::exchange(told_, {}))
    if (handed) handed = hand_over(RecordedEnd{.track = track, .told = {}});
  if (thread_.joinable()) return join();
  VULTUS_CHECK(handed);
  return take_finish();
}

Status TrackRecorder::Impl::add_picture(const std::string& path, ImageView picture,
                                        std::span<const FaceObservation> faces) {
  VULTUS_CHECK(begin(
      Source{
          .id = {}, .path = path, .width = picture.width, .height = picture.height, .clock = {}, .error = std::nullopt},
      false));
  RecordedFrame step{.frame = {.source = source_, .time = {}},
                     .fresh = {},
                     .pixels = {},
                     .analysed = {.time = {}, .seconds = Seconds(0), .picture = picture, .cut = false, .faces = {}},
                     .told = {}};
  for (const FaceObservation& face : faces) {
    step.fresh.emplace_back(++last_track_);
    step.analysed.faces.push_back({.track = step.fresh.back(), .face = face, .readings = {}});
  }
  const std::vector<TrackId> tracks = step.fresh;
  VULTUS_CHECK(hand_over(std::move(step)));
  for (const TrackId track : tracks) VULTUS_CHECK(hand_over(RecordedEnd{.track = track, .told = {}}));
  return finish();
}

Status TrackRecorder::Impl::add_unread(const std::string& path, const Error& error) {
  VULTUS_CHECK(finish());
  source_ = SourceId(source_.number() + 1);
  return sink_->add(Source{.id = source_, .path = path, .width = 0, .height = 0, .clock = {}, .error = error});
}

TrackRecorder::TrackRecorder(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
TrackRecorder::TrackRecorder(TrackRecorder&&) noexcept = default;
TrackRecorder& TrackRecorder::operator=(TrackRecorder&&) noexcept = default;
TrackRecorder::~TrackRecorder() = default;

Result<TrackRecorder> TrackRecorder::start(TimelineSink& sink, const Engine& engine, RecordOptions options) {
  auto impl = std::make_unique<Impl>(sink, engine, std::move(options));
  VULTUS_CHECK(impl->start());
  return TrackRecorder(std::move(impl));
}

Result<TrackRecorder> TrackRecorder::start(TimelineSink& sink, const Engine& engine,
                                           const std::optional<OperatingPoint>& at) {
  return start(sink, engine, RecordOptions{.at = at, .catalogue = {}});
}

Status TrackRecorder::begin(const media::VideoInfo& info) {
  return impl_->begin(Source{.id = {},
                             .path = info.name,
                             .width = info.width,
                             .height = info.height,
                             .clock = info.clock,
                             .error = std::nullopt},
                      true);
}

Status TrackRecorder::add(const FollowedFrame& frame) { return impl_->add(frame); }
Status TrackRecorder::end(const TrackSummary& track) { return impl_->end(track); }
Status TrackRecorder::finish() { return impl_->finish(); }

Status TrackRecorder::add_picture(const std::string& path, ImageView picture, std::span<const FaceObservation> faces) {
  return impl_->add_picture(path, picture, faces);
}

Status TrackRecorder::add_unread(const std::string& path, const Error& error) { return impl_->add_unread(path, error); }

}  // namespace vultus::engine
