// What has happened before cameras: looking back, listening, removing.
#include <apps/server/api/answer_json.hpp>
#include <apps/server/api/operation.hpp>
#include <apps/server/api/paging.hpp>
#include <apps/server/api/parameters.hpp>
#include <apps/server/live/live.hpp>
#include <apps/server/live/routes/live_access.hpp>
#include <apps/server/service.hpp>

namespace vultus::server {
namespace {

constexpr const char* kExampleEvent =
    R"({"event": 1, "time": "2026-02-01T10:00:00Z", "camera": "5c0ffee5c0ffee00", "collection": "staff",
        "kind": "known", "subject": "Ada Lovelace", "subject_id": 1, "similarity": 0.71, "threshold": 0.443, "track": 1,
        "zone": "door", "box": [100.0, 80.0, 120.0, 150.0], "live": null, "live_decision": null, "live_reason": null,
        "picture": true})";

Checked<std::optional<UtcTime>> time_of_query(const Call& call, const char* name) {
  const auto text = call.text(name);
  if (!text) return std::optional<UtcTime>();
  const auto time = from_iso8601(*text);
  if (!time) return problem("parameter_not_valid", std::string(name) + ": is no time such as 2026-01-31T12:00:00Z");
  return time;
}

/// What the query asks for, of what the key sees.
Checked<EventFilter> filter_of(const Call& call) {
  EventFilter filter{.collections = call.principal->key.collections, .camera = call.text("camera").value_or("")};
  if (const auto kind = call.text("kind")) filter.kind = event_kind_from(*kind);
  filter.subject = call.text("subject").value_or("");
  if (!filter.subject.empty() && !filter.collections) {
    VULTUS_TRY(filter.collections, call.service.collections().names());
    if (filter.collections->empty()) filter.collections->emplace_back();
  }
  VULTUS_TRY(filter.from, time_of_query(call, "from"));
  VULTUS_TRY(filter.to, time_of_query(call, "to"));
  return filter;
}

Reply list_events(Call& call) {
  VULTUS_TRY(const EventFilter filter, filter_of(call));
  VULTUS_TRY(const std::string begin, page_begin(call));
  const std::int64_t before = begin.empty() ? 0 : integer_of(begin).value_or(-1);
  if (before < 0) return problem("parameter_not_valid", "cursor: is none that was given out");
  const std::size_t limit = page_size(call);
  VULTUS_TRY(auto events, call.service.live().events().list(filter, before, limit + 1));
  const bool more = events.size() > limit;
  if (more) events.resize(limit);
  Json list = Json::array();
  for (const LiveEvent& event : events) list.push_back(event_json(event));
  return answer({{"events", std::move(list)},
                 {"next", more ? Json(cursor_behind(std::to_string(events.back().id))) : Json(nullptr)}});
}

Checked<LiveEvent> event_of_path(const Call& call) {
  VULTUS_TRY(auto event, call.service.live().events().find(call.path_number("event")));
  if (!event || !call.principal->key.sees(event->collection)) return problem("event_not_found", "");
  return *std::move(event);
}

Reply show_event(Call& call) {
  VULTUS_TRY(const LiveEvent event, event_of_path(call));
  return answer(event_json(event));
}

Reply event_picture(Call& call) {
  VULTUS_TRY(const LiveEvent event, event_of_path(call));
  VULTUS_TRY(auto picture, call.service.live().events().picture(event.id));
  if (!picture) return problem("no_event_picture", "");
  Response response;
  response.headers.set("Content-Type", "image/jpeg");
  response.body = *std::move(picture);
  return response;
}

Reply remove_event(Call& call) {
  VULTUS_TRY(const LiveEvent event, event_of_path(call));
  VULTUS_CHECK(call.service.live().events().remove(event.id));
  return answer({{"removed", 1}});
}

Reply remove_events(Call& call) {
  VULTUS_TRY(const EventFilter filter, filter_of(call));
  VULTUS_TRY(const std::int64_t removed, call.service.live().events().remove(filter));
  return answer({{"removed", removed}});
}

Reply listen(Call& call) {
  VULTUS_TRY(const EventFilter filter, filter_of(call));
  Live& live = call.service.live();
  VULTUS_TRY(std::int64_t last, live.events().newest());
  if (const auto header = call.request.headers.find("Last-Event-ID"); header && !header->empty()) {
    const auto had = integer_of(*header);
    if (!had || *had < 0) return problem("parameter_not_valid", "Last-Event-ID: is none that was given out");
    last = std::min(last, *had);
  }
  Seat seat = live.hub().take_seat(call.principal->key.id);
  if (seat == nullptr)
    return problem("too_many_viewers",
                   "at most " + std::to_string(EventHub::kMostListeners) + " listen to events, " +
                       std::to_string(EventHub::kMostOfOneKey) + " of them with one key",
                   5);
  return event_stream_response(
      [&live, seat, filter, last, allowed = still_allowed(call, "")](std::shared_ptr<EventStream> stream) {
        stream->send_heartbeat();  // so that the caller knows that it is heard
        live.hub().add({.stream = std::move(stream), .seat = seat, .filter = filter, .last = last, .allowed = allowed});
      });
}

std::vector<Parameter> filter_parameters() {
  return {query_parameter("camera", "Of this camera.", R"({"type": "string", "maxLength": 64})"),
          query_parameter("kind", "Of this kind.", R"({"type": "string", "enum": ["known", "unknown", "lost"]})"),
          query_parameter("subject", "Of the person with this name.", R"({"$ref": "#/components/schemas/PersonName"})"),
          query_parameter("from", "Not before this time.", R"({"type": "string", "maxLength": 20})"),
          query_parameter("to", "Before this time.", R"({"type": "string", "maxLength": 20})")};
}

Route event_route(Method method, const std::string& path, std::string operation, std::string summary,
                  std::string description, Scope scope) {
  Route route{.method = method,
              .path = path,
              .operation = std::move(operation),
              .tag = "events",
              .summary = std::move(summary),
              .description = std::move(description),
              .scope = scope};
  if (path.find("{event}") != std::string::npos) {
    route.parameters = {{.name = "event",
                         .place = Parameter::Place::path,
                         .description = "Number of an event.",
                         .schema = R"({"type": "integer", "minimum": 1, "examples": [1]})",
                         .required = true}};
    route.problems = {"event_not_found"};
  } else {
    route.parameters = filter_parameters();
  }
  return route;
}

}  // namespace

std::vector<Operation> event_operations() {
  Route listing = event_route(Method::get, "/v1/events", "listEvents", "What has happened before cameras",
                              "Newest first, of the collections that the key sees.", Scope::read);
  listing.parameters.push_back(limit_parameter());
  listing.parameters.push_back(cursor_parameter());
  listing.response_schema = schema_ref("EventList");
  listing.examples = {{"one", "", std::string(R"({"events": [)") + kExampleEvent + R"(], "next": null})"}};
  Route listening = event_route(Method::get, "/v1/events/stream", "streamEvents", "Events as they happen",
                                "Server-sent events: `event` is the kind, `data` the event, `id` its number. With "
                                "Last-Event-ID it goes on behind that event, as browsers do by themselves.",
                                Scope::read);
  listening.parameters.push_back({.name = "Last-Event-ID",
                                  .place = Parameter::Place::header,
                                  .description = "Number of the last event that the caller has.",
                                  .schema = R"({"type": "string", "maxLength": 20})"});
  listening.response_type = "text/event-stream";
  listening.response_schema = R"({"type": "string"})";
  listening.problems = {"too_many_viewers"};
  Route showing = event_route(Method::get, "/v1/events/{event}", "getEvent", "One event", "", Scope::read);
  showing.response_schema = schema_ref("Event");
  showing.examples = {{"known", "", kExampleEvent}};
  Route picture = event_route(Method::get, "/v1/events/{event}/picture", "getEventPicture", "The face of an event",
                              "JPEG of 112 x 112 pixels, for as long as it is kept.", Scope::read);
  picture.response_type = "image/jpeg";
  picture.response_schema = R"({"type": "string", "contentMediaType": "image/jpeg"})";
  picture.problems.emplace_back("no_event_picture");
  Route removing = event_route(Method::del, "/v1/events/{event}", "removeEvent", "Remove an event with its picture", "",
                               Scope::admin);
  removing.response_schema = schema_ref("EventRemoval");
  removing.parameters.push_back(idempotency_parameter());
  removing.examples = {{"removed", "", R"({"removed": 1})"}};
  Route emptying = event_route(Method::del, "/v1/events", "removeEvents", "Remove many events with their pictures",
                               "Those that the query names; without one all that the key sees.", Scope::admin);
  emptying.response_schema = schema_ref("EventRemoval");
  emptying.parameters.push_back(idempotency_parameter());
  emptying.examples = {{"all", "", R"({"removed": 12})"}};
  return {{std::move(listing), &list_events},   {std::move(listening), &listen},
          {std::move(showing), &show_event},    {std::move(picture), &event_picture},
          {std::move(removing), &remove_event}, {std::move(emptying), &remove_events}};
}

}  // namespace vultus::server
