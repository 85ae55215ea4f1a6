// Is it a person who is there now? Steps that nobody could know before, and a video of somebody doing them.
#include <algorithm>

#include <vultus/engine/challenge_run.hpp>
#include <vultus/engine/enrol.hpp>
#include <vultus/engine/identify.hpp>

#include <apps/server/api/answer_json.hpp>
#include <apps/server/api/job_json.hpp>
#include <apps/server/api/liveness_policy.hpp>
#include <apps/server/api/operating_point.hpp>
#include <apps/server/api/operation.hpp>
#include <apps/server/api/videos.hpp>
#include <apps/server/collections/acting_as.hpp>
#include <apps/server/liveness/challenges.hpp>
#include <apps/server/service.hpp>

namespace vultus::server {
namespace {

constexpr std::int64_t kUsualSteps = 3;

ChallengeOwner owner_of(const Call& call) {
  return {.key = call.principal->key.id, .collection = call.request.path_value("collection")};
}

Json steps_json(const std::vector<liveness::Step>& steps) {
  Json list = Json::array();
  for (const liveness::Step step : steps) list.push_back(std::string(liveness::name_of(step)));
  return list;
}

Reply make_challenge(Call& call) {
  VULTUS_TRY(const CollectionLease collection, call.collection());
  VULTUS_TRY(const auto policy, liveness_policy_of(call, LivenessNeeds::challenge));
  static_cast<void>(policy);  // asked for the networks alone: better now than when somebody has done the steps
  const auto steps = static_cast<std::size_t>(call.body.value("steps", kUsualSteps));
  const double limit_s = call.body.value("limit_s", liveness::ChallengeOptions().limit_s);
  VULTUS_TRY(const auto made,
             or_problem(call.service.challenges().make(steps, limit_s, owner_of(call), call.service.utc_now()),
                        ErrorCode::invalid_argument, "body_not_valid"));
  // Who asks for many may wait for the one that fits a film: the log shows it.
  VULTUS_CHECK(collection->gallery().note({.what = "liveness-challenge", .count = 1, .detail = "asked"}));
  // A step that is shown for half of its time is in time, whenever in it the person acts.
  return answer({{"challenge", made.text},
                 {"nonce", std::to_string(made.asked.nonce)},
                 {"steps", steps_json(made.asked.steps)},
                 {"limit_s", made.asked.limit_s},
                 {"show_s", made.asked.limit_s / 2},
                 {"created", to_iso8601(made.asked.created)},
                 {"expires", to_iso8601(made.asked.expires)}},
                201);
}

/// What a job must know of the request.
struct CheckWork {
  std::string collection;
  AskedChallenge asked;
  liveness::Policy policy;
  std::optional<OperatingPoint> at;  ///< where the person is to be named
  std::shared_ptr<const ScratchFile> video;
};

/// Names the person where the answer is live; else says that the name is withheld.
Status add_person(Json& object, const engine::ChallengeRun& run, const OperatingPoint& at, const Gallery& gallery) {
  const bool withheld = run.decision() != liveness::Decision::live || !run.face;
  Decision decision;
  decision.at = at;
  if (!withheld) {
    engine::SeenPicture seen;
    seen.faces.push_back({.face = {}, .embedding = run.face, .thumbnail = {}, .quality = {}});
    VULTUS_TRY(const auto named, engine::identify_seen(std::move(seen), gallery, {.at = at, .limits = {}}));
    decision = named.faces.front().decision;
  }
  add_decision_of(object, decision);
  object["withheld"] = withheld;
  return {};
}

Result<Json> check_video(Service& service, const CheckWork& work, const TellProgress& tell,
                         const std::stop_token& stop) {
  VULTUS_TRY(const CollectionLease collection, service.collections().use(work.collection));
  const engine::Engine& engine = service.faces().engine();
  const engine::ChallengeRunOptions options{
      .challenge = {.limit_s = work.asked.limit_s},
      .policy = work.policy,
      .video = {.limits = service.faces().limits().decode, .isolation = engine.isolation()}};
  std::size_t changes = 0;
  const auto told = [&](liveness::ChallengeState state, liveness::Step step, double seconds) {
    if (state != liveness::ChallengeState::asked) return;
    tell(static_cast<double>(changes++) / static_cast<double>(work.asked.steps.size()));
    tell.part({"step", {{"step", std::string(liveness::name_of(step))}, {"asked", cli::number_json(seconds, 3)}}});
  };
  VULTUS_TRY(const engine::ChallengeRun run,
             engine::run_challenge(engine, work.video->path().string(), work.asked.steps, options, told, stop));
  Json object;
  object["decision"] = std::string(liveness::name_of(run.decision()));
  object["reason"] = std::string(run.reason());
  Json steps = Json::array();
  for (const liveness::StepResult& step : run.steps)
    steps.push_back({{"step", std::string(liveness::name_of(step.step))},
                     {"asked", step.asked ? cli::number_json(*step.asked, 3) : Json(nullptr)},
                     {"done", step.done ? cli::number_json(*step.done, 3) : Json(nullptr)}});
  object["steps"] = std::move(steps);
  add_liveness(object, run.passive);
  object["least_alike"] = run.least_alike ? cli::score_json(static_cast<float>(*run.least_alike)) : Json(nullptr);
  object["frames"] = run.frames;
  object["seconds"] = cli::number_json(run.seconds, 3);
  VULTUS_CHECK(collection->gallery().note(
      {.what = "liveness", .count = 1, .detail = std::string(liveness::name_of(run.decision()))}));
  if (work.at) VULTUS_CHECK(add_person(object, run, *work.at, collection->gallery()));
  return object;
}

std::optional<Problem> refuse(Challenges::Is found) {
  switch (found) {
    case Challenges::Is::fresh: return std::nullopt;
    case Challenges::Is::expired: return problem("challenge_expired", "ask for another one");
    case Challenges::Is::answered: return problem("challenge_answered", "ask for another one");
    case Challenges::Is::unknown: break;
  }
  return problem("challenge_not_found", "");
}

Reply answer_challenge(Call& call) {
  VULTUS_TRY(const CollectionLease collection, call.collection());
  CheckWork work{.collection = collection->name(), .asked = {}, .policy = {}, .at = {}, .video = {}};
  if (call.flag("identify")) {
    VULTUS_CHECK(engine::require_model(call.service.faces().engine(), collection->gallery()));
    VULTUS_TRY(work.at, operating_point_of(call, &collection->gallery()));
  }
  VULTUS_TRY(work.policy, liveness_policy_of(call, LivenessNeeds::challenge));
  VULTUS_TRY(work.video, received_video(call));
  Challenges& challenges = call.service.challenges();
  const std::string text = call.path_text("challenge");
  const UtcTime now = call.service.utc_now();
  // Last, so that a challenge is not used up by a request that is refused for something else.
  VULTUS_TRY(auto claimed, challenges.claim(text, owner_of(call), now));
  if (auto refused = refuse(claimed.is)) return *std::move(refused);
  work.asked = std::move(claimed.asked);
  const JobTells tells = work.at ? JobTells::people : JobTells::numbers;
  auto job = call.service.jobs().add(
      "liveness", collection->name(),
      [&service = call.service, work = std::move(work), actor = current_actor()](
          const TellProgress& tell, const std::stop_token& stop) -> Result<Json> {
        const ActingAs acting(actor);
        auto done = check_video(service, work, tell, stop);
        if (!done) return fail(done.error().code, said_of_video(done.error().message, work.video->path(), service));
        return done;
      },
      nullptr, JobBoard::Lane::somebody_waits, tells);
  VULTUS_CHECK(challenges.settle(text, job ? Challenges::Settled::answered : Challenges::Settled::not_taken, now));
  if (!job) return problem("too_many_jobs", job.error().message, kRetryWhenJobsWait);
  return job_started(*job);
}

constexpr const char* kExampleChallenge =
    R"({"challenge": "9f86d081884c7d659a2feaa0c55ad015", "nonce": "8157", "steps": ["turn_left", "blink", "smile"],
        "limit_s": 6.0, "show_s": 3.0, "created": "2026-02-01T10:00:00Z", "expires": "2026-02-01T10:02:18Z"})";

Parameter challenge_parameter() {
  return {.name = "challenge",
          .place = Parameter::Place::path,
          .description = "`challenge` of the answer that asked for the steps.",
          .schema = R"({"type": "string", "maxLength": 400, "examples": ["9f86d081884c7d659a2feaa0c55ad015"]})",
          .required = true};
}

}  // namespace

std::vector<Operation> liveness_operations() {
  const std::vector<std::string> problems{"collection_not_found", "collection_not_usable", "liveness_not_available"};
  Route asking{.method = Method::post,
               .path = "/v1/collections/{collection}/liveness/challenges",
               .operation = "askForSteps",
               .tag = "liveness",
               .summary = "Draw steps that a person is to do before a camera",
               .description =
                   "In random order, with a time for each. Tell the person one after the other, each for `show_s` "
                   "seconds, while you record: once, then straight ahead again. The answer must come before `expires`, "
                   "once, with the key that asked. Servers of one database know each other's challenges.",
               .scope = Scope::identify,
               .parameters = {collection_parameter(), purpose_parameter()},
               .request_type = kJsonBody,
               .request_schema = schema_ref("NewChallenge"),
               .success = 201,
               .response_schema = schema_ref("LivenessChallenge"),
               .problems = problems,
               .examples = {{"three steps", R"({"steps": 3})", kExampleChallenge}}};
  Route answering{
      .method = Method::post,
      .path = "/v1/collections/{collection}/liveness/challenges/{challenge}/video",
      .operation = "checkLiveness",
      .tag = "liveness",
      .summary = "Judge a video of a person doing the steps",
      .description =
          "A job. Its `result` has `decision` (live, spoof, unknown), `reason` (passed, spoof, timeout, wrong_action, "
          "face_lost, identity_changed, unfinished, not_judged), `steps` with the seconds at which each was asked and "
          "done, what "
          "the networks say of the same frames (`live`, `live_decision`, `live_reason`) and, with `identify`, who of "
          "the collection it is: nobody is named who is not judged live. The video is not kept.",
      .scope = Scope::identify,
      .parameters = {collection_parameter(), challenge_parameter(),
                     query_parameter("identify", "Also say who it is.", R"({"type": "boolean", "default": false})"),
                     fmr_parameter(), threshold_parameter(), liveness_camera_parameter(), idempotency_parameter(),
                     purpose_parameter()},
      .request_type = kPictureBody,
      .request_schema = schema_ref("Video"),
      .success = 202,
      .response_schema = schema_ref("Job"),
      .response_headers = {"Location"},
      .problems = problems,
      .examples = {{"a film of Ada", std::string(R"({"video": ")") + kExampleFilm + "\"}",
                    R"({"job": "9f86d081884c7d65", "kind": "liveness", "collection": "staff", "state": "waiting",
                        "progress": null, "created": "2026-02-01T10:00:00Z", "ended": null, "result": null,
                        "error": null})"}}};
  answering.problems.insert(answering.problems.end(), {"challenge_not_found", "challenge_expired", "challenge_answered",
                                                       "model_mismatch", "rate_not_measured", "too_many_jobs"});
  return {{std::move(asking), &make_challenge}, {std::move(answering), &answer_challenge}};
}

}  // namespace vultus::server
