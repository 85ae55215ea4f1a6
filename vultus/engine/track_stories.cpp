// Stories told again from a Timeline file.
#include <algorithm>
#include <map>
#include <unordered_map>
#include <utility>

#include <vultus/engine/face_picture.hpp>
#include <vultus/engine/identify.hpp>
#include <vultus/engine/track_report.hpp>
#include <vultus/identity/track_evidence.hpp>

namespace vultus::engine {
namespace {

/// A track on its way to a summary.
struct Gathered {
  SourceId source;
  TrackSummary summary;
  Timestamp best;
  double best_value = -1;
};

using Tracks = std::map<TrackId, Gathered>;

Tracks gather(const Timeline& timeline) {
  Tracks tracks;
  for (const Observation& seen : timeline.observations()) {
    const Track* track = timeline.find(seen.track);
    const Source* source = track == nullptr ? nullptr : timeline.find(track->source);
    if (source == nullptr) continue;
    auto [at, is_new] = tracks.try_emplace(seen.track);
    Gathered& g = at->second;
    const Seconds time = source->clock.seconds(seen.time);
    if (is_new) g.source = source->id, g.summary.track = seen.track, g.summary.from = time;
    g.summary.to = time;
    ++g.summary.frames;
    if (const double value = identity::evidence_weight(seen.face); value > g.best_value) {
      g.best_value = value;
      g.best = seen.time;
      g.summary.best_time = time;
      g.summary.best = seen.face;
    }
  }
  return tracks;
}

/// The last reading of a channel is the answer by all the evidence.
void name_them(const Timeline& timeline, Tracks& tracks) {
  std::map<TrackId, double> similarity;
  std::map<TrackId, double> probability;
  for (const Reading& reading : timeline.readings()) {
    const auto at = tracks.find(reading.track);
    if (at == tracks.end()) continue;
    TrackSummary& track = at->second.summary;
    const auto* number = std::get_if<double>(&reading.value);
    if (reading.channel == kIdentitySubject) {
      const auto* name = std::get_if<std::string>(&reading.value);
      track.decision.match.reset();
      if (name != nullptr) track.decision.match = Candidate{.name = *name};
      track.enough = name != nullptr || reading.reason.find("not enough") == std::string::npos;
    } else if (reading.channel == kIdentitySimilarity && number != nullptr) {
      similarity[reading.track] = *number;
    } else if (reading.channel == kIdentityProbability && number != nullptr) {
      probability[reading.track] = *number;
    } else if (reading.channel == kIdentityThreshold && number != nullptr) {
      track.decision.at.threshold = Cosine(static_cast<float>(*number));
    } else if (reading.channel == kIdentityFmr && number != nullptr) {
      track.decision.at.false_match_rate = *number;
    }
  }
  for (const auto& [id, value] : similarity) {
    Decision& decision = tracks.at(id).summary.decision;
    decision.best = decision.match.value_or(Candidate{});
    decision.best->similarity = Cosine(static_cast<float>(value));
    if (const auto known = probability.find(id); known != probability.end()) decision.best->probability = known->second;
    if (decision.match) decision.match = decision.best;
  }
}

/// Goes through the video once and cuts out the best view of each track. A video that is gone or changed gives none.
Status add_pictures(const std::string& path, std::vector<Gathered*> tracks, const media::VideoOptions& options,
                    const std::stop_token& stop) {
  std::ranges::sort(tracks, {}, &Gathered::best);
  auto reader = media::VideoReader::open(path, options, stop);
  if (!reader) return {};
  media::VideoFrame frame;
  for (std::size_t next = 0; next < tracks.size();) {
    const auto more = reader->next(frame);
    if (stop.stop_requested()) return fail(ErrorCode::cancelled, "report: stopped");
    if (!more || !*more) return {};
    for (; next < tracks.size() && tracks[next]->best <= frame.time; ++next) {
      TrackSummary& track = tracks[next]->summary;
      if (tracks[next]->best != frame.time) continue;
      auto picture = face_picture(frame.image.view(), track.best.box);
      // A box that this video has no pixels for: the file is another one by now.
      if (!picture && picture.error().code == ErrorCode::invalid_argument) continue;
      if (!picture) return picture.error();
      track.thumbnail = *std::move(picture);
    }
  }
  return {};
}

}  // namespace

bool tells_of_video(const Timeline& timeline) {
  // A photo is a source whose only frame is at tick 0 of a clock of one tick a second.
  return std::ranges::any_of(timeline.sources(), [](const Source& s) { return !s.error && s.clock != Clock(); });
}

Result<std::vector<VideoStory>> stories_of(const Timeline& timeline, const media::VideoOptions& video,
                                           const std::stop_token& stop) {
  Tracks tracks = gather(timeline);
  name_them(timeline, tracks);
  std::vector<VideoStory> stories;
  for (const Source& source : timeline.sources()) {
    if (source.error) continue;
    VideoStory story{.name = source.path, .width = source.width, .height = source.height};
    std::vector<Gathered*> here;
    for (auto& [id, track] : tracks)
      if (track.source == source.id) here.push_back(&track);
    if (!media::is_stream_name(source.path) && !media::is_camera_name(source.path) && source.path != "-")
      VULTUS_CHECK(add_pictures(source.path, here, video, stop));
    for (Gathered* track : here) {
      story.duration = std::max(story.duration, track->summary.to);
      story.tracks.push_back(std::move(track->summary));
    }
    std::ranges::stable_sort(story.tracks, {}, &TrackSummary::from);
    stories.push_back(std::move(story));
  }
  return stories;
}

}  // namespace vultus::engine
