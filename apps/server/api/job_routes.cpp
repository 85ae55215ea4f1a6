// Jobs: looking after long work.
#include <apps/server/api/answer_json.hpp>
#include <apps/server/api/job_json.hpp>
#include <apps/server/api/operation.hpp>
#include <apps/server/api/parameters.hpp>
#include <apps/server/live/routes/live_access.hpp>
#include <apps/server/service.hpp>

namespace vultus::server {
namespace {

Reply list_jobs(Call& call) {
  Json list = Json::array();
  for (const Job& job : call.service.jobs().list())
    if (call.principal->key.sees(job.collection)) list.push_back(job_json(job));
  return answer({{"jobs", std::move(list)}});
}

Reply show_job(Call& call) {
  VULTUS_TRY(const Job job, job_of(call));
  return answer(job_json(job));
}

Reply follow_job(Call& call) {
  VULTUS_TRY(const Job job, job_of(call));
  std::int64_t had = 0;
  if (const auto header = call.request.headers.find("Last-Event-ID"); header && !header->empty()) {
    had = integer_of(*header).value_or(-1);
    if (had < 0) return problem("parameter_not_valid", "Last-Event-ID: is none that was given out");
  }
  JobFeed& feed = call.service.feed();
  Seat seat = feed.take_seat(call.principal->key.id);
  if (seat == nullptr)
    return problem("too_many_viewers",
                   "at most " + std::to_string(JobFeed::kMostListeners) + " follow jobs, " +
                       std::to_string(JobFeed::kMostOfOneKey) + " of them with one key",
                   5);
  return event_stream_response([&feed, seat, id = job.id, had = static_cast<std::size_t>(had),
                                allowed = still_allowed(call, job.collection)](std::shared_ptr<EventStream> stream) {
    stream->send_heartbeat();  // so that the caller knows that it is heard
    feed.add({.stream = std::move(stream), .seat = seat, .job = id, .had = had, .allowed = allowed});
  });
}

Reply cancel_job(Call& call) {
  VULTUS_TRY(const Job job, job_of(call));
  const auto now = call.service.jobs().cancel(job.id);
  return answer(job_json(now.value_or(job)));
}

Route job_route(Method method, std::string operation, std::string summary, std::string description, Scope scope) {
  return {.method = method,
          .path = "/v1/jobs/{job}",
          .operation = std::move(operation),
          .tag = "jobs",
          .summary = std::move(summary),
          .description = std::move(description),
          .scope = scope,
          .parameters = {job_parameter()},
          .response_schema = schema_ref("Job"),
          .problems = {"job_not_found"},
          .examples = {{"waiting", "", kExampleJob}}};
}

}  // namespace

Checked<Job> job_of(const Call& call) {
  auto job = call.service.jobs().find(call.path_text("job"));
  if (!job || !call.principal->key.sees(job->collection)) return problem("job_not_found", "");
  return *std::move(job);
}

Parameter job_parameter() {
  return {.name = "job",
          .place = Parameter::Place::path,
          .description = "Id of a job.",
          .schema = R"({"type": "string", "maxLength": 16, "examples": ["9f86d081884c7d65"]})",
          .required = true};
}

Json job_json(const Job& job) {
  Json object;
  object["job"] = job.id;
  object["kind"] = job.kind;
  object["collection"] = job.collection;
  object["state"] = std::string(name_of(job.state));
  object["progress"] = job.progress ? cli::number_json(*job.progress, 3) : Json(nullptr);
  object["created"] = to_iso8601(job.created);
  object["ended"] = time_json(job.ended);
  object["result"] = job.result;
  object["error"] = nullptr;
  if (job.error)
    object["error"] = {
        {"code", std::string(name_of(job.error->code))},
        {"message", job.error->code == ErrorCode::internal ? "a fault of the server" : job.error->message}};
  return object;
}

Response job_started(const Job& job) {
  Response response = answer(job_json(job), 202);
  response.headers.set("Location", "/v1/jobs/" + job.id);
  return response;
}

std::vector<Operation> job_operations() {
  Route listing{.method = Method::get,
                .path = "/v1/jobs",
                .operation = "listJobs",
                .tag = "jobs",
                .summary = "Jobs of the collections that the key sees",
                .description = "Newest first. A restart forgets them.",
                .scope = Scope::read,
                .response_schema = schema_ref("JobList"),
                .examples = {{"one", "", std::string(R"({"jobs": [)") + kExampleJob + "]}"}}};
  Route following = job_route(
      Method::get, "followJob", "What a job tells while it works",
      "Server-sent events: `track` for each face that was followed to its end (`data` as in the result), `step` for "
      "each step of a liveness check that is asked for, `progress`, and `end` with the whole job, which ends the "
      "stream. "
      "`id` counts what belongs to the result; with Last-Event-ID it goes on behind that.",
      Scope::read);
  following.path += "/stream";
  following.parameters.push_back({.name = "Last-Event-ID",
                                  .place = Parameter::Place::header,
                                  .description = "Number of the last event that the caller has.",
                                  .schema = R"({"type": "string", "maxLength": 20})"});
  following.response_type = "text/event-stream";
  following.response_schema = R"({"type": "string"})";
  following.problems.emplace_back("too_many_viewers");
  following.examples.clear();
  Route cancelling =
      job_route(Method::del, "cancelJob", "Ask a job to stop", "One that has ended stays as it is.", Scope::admin);
  cancelling.parameters.push_back(idempotency_parameter());
  return {{std::move(listing), &list_jobs},
          {std::move(following), &follow_job},
          {job_route(Method::get, "getJob", "How a job fares", "", Scope::read), &show_job},
          {std::move(cancelling), &cancel_job}};
}

}  // namespace vultus::server
