// Videos of callers: a job follows the faces in one and names them; its Timeline can be fetched.
#include <algorithm>
#include <fstream>
#include <iterator>

#include <vultus/engine/enrol.hpp>
#include <vultus/engine/follow_video.hpp>
#include <vultus/timeline/timeline_file.hpp>

#include <apps/cli/track_json.hpp>
#include <apps/server/api/answer_json.hpp>
#include <apps/server/api/job_json.hpp>
#include <apps/server/api/operating_point.hpp>
#include <apps/server/api/operation.hpp>
#include <apps/server/api/videos.hpp>
#include <apps/server/collections/acting_as.hpp>
#include <apps/server/service.hpp>

namespace vultus::server {
namespace {

constexpr const char* kTimelineType = "application/vnd.vultus.timeline";

Json track_json(const engine::TrackSummary& track) {
  Json object;
  cli::add_track(object, track, add_decision_of);
  return object;
}

struct TrackWork {
  std::string collection;
  OperatingPoint at;
  std::shared_ptr<const ScratchFile> video;
  std::shared_ptr<const ScratchFile> timeline;
};

Result<Json> follow(Service& service, const TrackWork& work, const TellProgress& tell, const std::stop_token& stop) {
  VULTUS_TRY(const CollectionLease collection, service.collections().use(work.collection));
  const engine::Engine& engine = service.faces().engine();
  VULTUS_CHECK(engine::require_model(engine, collection->gallery()));
  VULTUS_TRY(TimelineWriter writer, TimelineWriter::open({.path = work.timeline->path()}));
  VULTUS_TRY(auto recorder, engine::TrackRecorder::start(writer, engine, work.at));
  Json tracks = Json::array();
  double duration = 0;
  engine::FollowReceivers receivers;
  receivers.opened = [&](const media::VideoInfo& info) {
    duration = info.duration.value_or(0);
    media::VideoInfo named = info;
    named.name = "video";  // where it lies here is no caller's business
    return recorder.begin(named);
  };
  receivers.frame = [&](engine::FollowedFrame& frame) {
    if (duration > 0) tell(std::min(1.0, frame.time.value() / duration));
    return recorder.add(frame);
  };
  receivers.track = [&](engine::TrackSummary& track) {
    Json object = track_json(track);
    tell.part({"track", object});
    tracks.push_back(std::move(object));
    return recorder.end(track);
  };
  // One thread: requests come first.
  VULTUS_TRY(const auto followed,
             engine::follow_video(engine, work.video->path().string(),
                                  {.limits = service.faces().limits().decode, .isolation = engine.isolation()},
                                  {.gallery = &collection->gallery(), .at = work.at}, receivers, stop));
  VULTUS_CHECK(writer.commit());
  Json object;
  object["frames"] = followed.counts.frames;
  object["seconds"] = cli::number_json(followed.last.value(), 3);
  object["damaged_frames"] = followed.counts.damaged_frames;
  object["tracks"] = std::move(tracks);
  return object;
}

Reply start_track(Call& call) {
  VULTUS_TRY(const CollectionLease collection, call.collection());
  TrackWork work{.collection = collection->name(), .at = {}, .video = {}, .timeline = {}};
  VULTUS_TRY(work.at, operating_point_of(call, &collection->gallery()));
  VULTUS_TRY(work.video, received_video(call));
  VULTUS_TRY(work.timeline, ScratchFile::reserve(call.service.scratch(), ".vultus"));
  const auto timeline = work.timeline;
  auto job = call.service.jobs().add(
      "track", collection->name(),
      [&service = call.service, work = std::move(work), actor = current_actor()](
          const TellProgress& tell, const std::stop_token& stop) -> Result<Json> {
        const ActingAs acting(actor);
        auto done = follow(service, work, tell, stop);
        if (!done) return fail(done.error().code, said_of_video(done.error().message, work.video->path(), service));
        return done;
      },
      timeline);
  if (!job) return problem("too_many_jobs", job.error().message, kRetryWhenJobsWait);
  return job_started(*job);
}

Reply show_timeline(Call& call) {
  VULTUS_TRY(const Job job, job_of(call));
  if (job.file == nullptr || job.state != Job::State::done)
    return problem("timeline_not_found", "the job is " + std::string(name_of(job.state)) + ", of kind " + job.kind);
  std::ifstream file(job.file->path(), std::ios::binary);
  if (!file) return problem("timeline_not_found", "the file is gone");
  Response response{.status = 200};
  response.headers.set("Content-Type", kTimelineType);
  response.headers.set("Content-Disposition", "attachment; filename=\"" + job.id + ".vultus\"");
  response.body.assign(std::istreambuf_iterator<char>(file), {});
  return response;
}

}  // namespace

std::vector<Operation> track_operations() {
  Route starting{
      .method = Method::post,
      .path = "/v1/collections/{collection}/track",
      .operation = "track",
      .tag = "videos",
      .summary = "Say who is in a video, and when",
      .description =
          "A job. Its `result` has `frames`, `seconds`, `damaged_frames` and `tracks`: from and to in seconds, who it "
          "is by all the evidence, and the best view. Everything that was seen is in its Timeline. Video and Timeline "
          "are kept until the server ends or somebody of the collection is removed.",
      .scope = Scope::identify,
      .parameters = {collection_parameter(), fmr_parameter(), threshold_parameter(), idempotency_parameter(),
                     purpose_parameter()},
      .request_type = kPictureBody,
      .request_schema = schema_ref("Video"),
      .success = 202,
      .response_schema = schema_ref("Job"),
      .response_headers = {"Location"},
      .problems = {"collection_not_found", "collection_not_usable", "rate_not_measured", "too_many_jobs"},
      .examples = {{"a film of Ada", std::string(R"({"video": ")") + kExampleFilm + "\"}",
                    R"({"job": "9f86d081884c7d65", "kind": "track", "collection": "staff", "state": "waiting",
                        "progress": null, "created": "2026-02-01T10:00:00Z", "ended": null, "result": null,
                        "error": null})"}}};
  Route showing{.method = Method::get,
                .path = "/v1/jobs/{job}/timeline",
                .operation = "getTimeline",
                .tag = "videos",
                .summary = "The Timeline of a video that was followed",
                .description = "A file for `vultus report`; its tables are those of docs/timeline-format.md.",
                .scope = Scope::identify,
                .parameters = {job_parameter()},
                .response_type = kTimelineType,
                .response_schema = R"({"type": "string", "contentMediaType": "application/vnd.vultus.timeline"})",
                .problems = {"job_not_found", "timeline_not_found"}};
  return {{std::move(starting), &start_track}, {std::move(showing), &show_timeline}};
}

}  // namespace vultus::server
