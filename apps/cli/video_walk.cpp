#include <apps/cli/video_walk.hpp>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include <vultus/media/content.hpp>
#include <vultus/media/draw.hpp>
#include <vultus/media/file.hpp>
#include <vultus/media/video.hpp>

#include <apps/cli/option_values.hpp>
#include <apps/cli/sentence.hpp>

namespace vultus::cli {
namespace fs = std::filesystem;
namespace {

bool names_a_video_file(const std::string& path) {
  return path.ends_with(".mp4") || path.ends_with(".m4v") || path.ends_with(".mov") || path.ends_with(".mkv");
}

media::Mark mark_of(const engine::FollowedFace& face) {
  media::Mark mark;
  mark.box = face.face.box;
  mark.label = face.decision.match
                   ? fmt::format("{}  {:.2f}", face.decision.match->name, face.decision.match->similarity.value())
                   : fmt::format("{} {}", face.decision.best ? "unknown" : "track", face.track.number());
  mark.colour = face.decision.match ? media::kKnownColour : media::kUnknownColour;
  return mark;
}

void add(engine::FollowCounts& sum, const engine::FollowCounts& more) {
  sum.frames += more.frames, sum.thorough_looks += more.thorough_looks, sum.quick_looks += more.quick_looks;
  sum.followed += more.followed, sum.templates += more.templates, sum.cuts += more.cuts;
}

}  // namespace

media::VideoOptions VideoSettings::options(const InputSettings& inputs, int threads) const {
  return {.limits = inputs.limits(),
          .sequence_rate = rate,
          .threads = std::clamp(threads, 1, 4),
          .patience = std::chrono::milliseconds(std::llround(patience_s * 1000))};
}

void add_video_options(CLI::App& command, VideoSettings& settings) {
  command.add_option("--rate", settings.rate, "frames per second of pictures in a row; 25 unless told")
      ->type_name("N")
      ->check(within(0.001, 1000.0));
  command
      .add_option("--patience", settings.patience_s,
                  "how long a camera, stream, pipe or standard input may be silent, seconds; 15 unless told")
      ->type_name("S")
      ->check(within(0.1, 3600.0));
  command
      .add_option("--detect-every", settings.detect_every_s,
                  "seconds between looks for new faces; 0 = every frame; 0.16 unless told")
      ->type_name("S")
      ->check(within(0.0, 1.0));
}

bool is_video(const std::string& name) {
  return media::is_stream_name(name) || media::is_camera_name(name) || media::is_video_file(name);
}

Status spare(const Originals& originals, const KeptFiles& kept) {
  VULTUS_CHECK(originals.spare(kept.report, "--report"));
  VULTUS_CHECK(has_place(kept.report, "--report"));
  if (names_a_video_file(kept.annotate)) VULTUS_CHECK(has_place(kept.annotate, "--annotate"));
  return originals.spare(kept.annotate, "--annotate");
}

std::string VideoTally::text() const {
  std::string text = (videos > 0 || pictures == 0 ? counted(videos, "video") + ", " : "") +
                     (pictures > 0 ? counted(pictures, "picture") + ", " : "") + counted(frames, "frame") + ", " +
                     counted(tracks, "track") + ", " + grouped(known) + " of known people";
  if (dropped > 0) text += ", " + counted(dropped, "frame") + " dropped because they came too fast";
  if (damaged > 0) text += ", " + counted(damaged, "packet") + " damaged";
  if (damaged_frames > 0) text += ", " + counted(damaged_frames, "frame") + " damaged";
  if (failed > 0) text += ", " + counted(failed, "input") + " could not be read";
  return text;
}

Result<VideoWalk> VideoWalk::start(const engine::Engine& engine, const engine::FollowOptions& follow,
                                   const KeptFiles& kept, bool several) {
  VideoWalk walk(engine, follow, kept);
  walk.follow_.thumbnails = !kept.report.empty();
  if (!kept.annotate.empty() && !names_a_video_file(kept.annotate)) {
    std::error_code failed;
    fs::create_directories(kept.annotate, failed);
    if (failed) return fail(ErrorCode::resource_limit, kept.annotate + ": cannot be made: " + failed.message());
  } else if (!kept.annotate.empty() && several) {
    return fail(ErrorCode::invalid_argument, kept.annotate + ": several videos need a folder to be annotated into");
  }
  if (!kept.timeline.empty()) {
    VULTUS_TRY(walk.place_, TimelinePlace::make(kept.timeline, kept.force));
    VULTUS_TRY(TimelineWriter writer, TimelineWriter::open({.path = kept.timeline}));
    walk.file_ = std::make_unique<TimelineWriter>(std::move(writer));
    VULTUS_TRY(walk.recorder_, engine::TrackRecorder::start(*walk.file_, engine,
                                                            {.at = follow.at,
                                                             .catalogue = engine::analyser_catalogue(),
                                                             .analysers = kept.analysers,
                                                             .givens = kept.givens}));
  }
  return walk;
}

std::string VideoWalk::annotated_name(const std::string& name) const {
  if (names_a_video_file(kept_.annotate)) return kept_.annotate;
  std::string stem = media::is_stream_name(name) ? "stream" : fs::path(name).stem().string();
  if (stem.empty() || name == "-") stem = "stdin";
  std::error_code failed;
  for (int number = 1;; ++number) {
    fs::path path = fs::path(kept_.annotate) / (number == 1 ? stem + ".mp4" : fmt::format("{}-{}.mp4", stem, number));
    if (!fs::exists(path, failed) || number > 9999) return path.string();
  }
}

Status VideoWalk::open_writer(const media::VideoInfo& info) {
  if (kept_.annotate.empty()) return {};
  const std::string path = annotated_name(info.name);
  std::error_code failed;
  if (fs::equivalent(path, info.name, failed))
    return fail(ErrorCode::invalid_argument, path + ": is the video itself; it is not overwritten");
  VULTUS_TRY(writer_, media::VideoWriter::open(path, info.width, info.height));
  return {};
}

Status VideoWalk::draw(const engine::FollowedFrame& frame) {
  if (!writer_) return {};
  std::vector<media::Mark> marks;
  marks.reserve(frame.faces.size());
  for (const engine::FollowedFace& face : frame.faces) marks.push_back(mark_of(face));
  Image image = frame.frame->image;
  VULTUS_CHECK(media::draw_marks(image, marks));
  return writer_->add(image.view(), frame.time);
}

void VideoWalk::count(const engine::FollowedVideo& followed) {
  ++tally_.videos;
  tally_.seconds += followed.last.value();
  tally_.dropped += followed.dropped;
  tally_.damaged += followed.counts.damaged_packets;
  tally_.damaged_frames += followed.counts.damaged_frames;
  add(tally_.work, followed.work);
}

Status VideoWalk::walk(const std::string& name, const media::VideoOptions& options, Rows& rows, const VideoRows& tell,
                       Context& context) {
  std::string shown = media::without_secrets(name);
  std::optional<Seconds> last;  // time of the last frame
  engine::FollowReceivers receivers;
  receivers.opened = [&](const media::VideoInfo& info) -> Status {
    const double frames = info.duration.value_or(0) * info.rate.value_or(0);
    context.console.begin(shown, static_cast<std::size_t>(std::clamp(frames, 0.0, 1e12)));
    keeper_.begin(info);
    if (recorder_) VULTUS_CHECK(recorder_->begin(info));
    return open_writer(info);
  };
  receivers.frame = [&](engine::FollowedFrame& frame) -> Status {
    tally_.frames += 1;
    last = frame.time;
    if (recorder_) VULTUS_CHECK(recorder_->add(frame));
    VULTUS_CHECK(draw(frame));
    if (tell.frame) {
      VULTUS_CHECK(tell.frame(shown, frame));
      // A live picture is told at once.
      if (!frame.faces.empty()) VULTUS_CHECK(rows.flush());
    }
    context.console.advance(static_cast<std::size_t>(frame.frame->number + 1));
    return {};
  };
  receivers.track = [&](engine::TrackSummary& track) -> Status {
    ++tally_.tracks;
    tally_.known += track.decision.match ? 1 : 0;
    if (recorder_) VULTUS_CHECK(recorder_->end(track));
    if (tell.track) {
      VULTUS_CHECK(tell.track(shown, track));
      VULTUS_CHECK(rows.flush());
    }
    if (!kept_.report.empty()) keeper_.add(std::move(track));
    return {};
  };
  const auto followed = engine::follow_video(*engine_, name, options, follow_, receivers, context.stop);
  context.console.end();
  const bool stopped = !followed && followed.error().code == ErrorCode::cancelled;
  const bool seen = followed || stopped || last;
  // What was seen before an end of any kind stays.
  if (recorder_) {
    const Status recorded = recorder_->finish();
    if (seen) VULTUS_CHECK(recorded);
  }
  if (writer_ && seen) VULTUS_CHECK(writer_->finish());
  writer_.reset();
  if (file_ != nullptr) VULTUS_CHECK(file_->commit());
  if (!followed && last && !kept_.report.empty()) stories_.push_back(keeper_.finish(*last));
  if (stopped) return followed.error();
  if (!followed) {
    ++tally_.failed;
    return rows.error(shown, followed.error());
  }
  count(*followed);
  if (!kept_.report.empty()) stories_.push_back(keeper_.finish(followed->last));
  return rows.flush();
}

Status VideoWalk::walk_picture(const std::string& name, const media::DecodeLimits& limits, Rows& rows,
                               const VideoRows& tell) {
  const auto unread = [&](const Error& error) -> Status {
    ++tally_.failed;
    if (recorder_) VULTUS_CHECK(recorder_->add_unread(name, error));
    return rows.error(name, error);
  };
  if (!finder_) {
    VULTUS_TRY(finder_, engine_->make_finder());
  }
  const auto picture = media::read_picture(name, {.limits = limits});
  if (!picture) return unread(picture.error());
  auto faces = finder_->find(picture->image.view());
  if (!faces) return faces.error().code == ErrorCode::internal ? Status(faces.error()) : unread(faces.error());
  if (recorder_) VULTUS_CHECK(recorder_->add_picture(name, picture->image.view(), *faces));
  ++tally_.pictures;
  std::int64_t number = 0;
  for (const FaceObservation& face : *faces) {
    ++tally_.tracks;
    engine::TrackSummary summary;
    summary.track = TrackId(++number);
    summary.frames = 1;
    summary.best = face;
    if (tell.track) VULTUS_CHECK(tell.track(name, summary));
  }
  return rows.flush();
}

Status VideoWalk::finish(const std::vector<Evidence>& evidence) {
  if (file_ != nullptr) VULTUS_CHECK(file_->commit());
  place_.keep();
  if (kept_.report.empty()) return {};
  return media::write_file_atomically(kept_.report,
                                      engine::track_report(stories_, "Who is in this video, and when", evidence));
}

}  // namespace vultus::cli
