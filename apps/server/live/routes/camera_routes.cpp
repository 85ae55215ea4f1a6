// Cameras: adding, changing, looking at them.
#include <vultus/engine/liveness_check.hpp>

#include <apps/server/api/answer_json.hpp>
#include <apps/server/api/operation.hpp>
#include <apps/server/live/live.hpp>
#include <apps/server/live/routes/live_access.hpp>
#include <apps/server/service.hpp>

namespace vultus::server {
namespace {

constexpr const char* kExampleCamera =
    R"({"camera": "5c0ffee5c0ffee00", "name": "front door", "source": "rtsp://***@192.168.1.20/stream1",
        "collection": "staff", "enabled": true, "loop": false, "require_live": false, "state": "running", "error": null, "frames_per_second": 24.9,
        "rules": {"zones": [{"name": "door", "polygon": [[0.0, 0.0], [0.5, 0.0], [0.5, 1.0], [0.0, 1.0]]}],
                  "minimum_face_px": 40.0, "once_per_visit_s": 60.0}, "created": "2026-02-01T10:00:00Z"})";

Json camera_json(const Camera& camera) {
  const CameraSettings& settings = camera.settings();
  const CameraStatus status = camera.status();
  const auto source = camera_source_from(settings.source);
  return {
      {"camera", settings.id},
      {"name", settings.name},
      {"source", source ? shown_source(*source) : std::string("?")},
      {"collection", settings.collection},
      {"enabled", settings.enabled},
      {"loop", settings.loop},
      {"require_live", settings.require_live},
      {"state", std::string(name_of(status.state))},
      {"error", text_json(status.error)},
      {"frames_per_second", status.frames_per_second ? cli::number_json(*status.frames_per_second, 3) : Json(nullptr)},
      {"rules", rules_json(settings.rules)},
      {"created", to_iso8601(settings.created)}};
}

/// Why a source is not taken, as a problem: what is no source is a fault of the body.
std::optional<Problem> refuse_source(const Call& call, const std::string& source) {
  if (const auto parsed = camera_source_from(source); !parsed)
    return problem("body_not_valid", "/source: " + parsed.error().message);
  const Status allowed = call.service.live().cameras().check_source(source);
  if (allowed) return std::nullopt;
  return problem("target_not_allowed", allowed.error().message);
}

/// A camera that could not judge what it must judge is not made.
std::optional<Problem> refuse_blind(const Call& call, const CameraSettings& wanted) {
  if (!wanted.require_live) return std::nullopt;
  const Status there = engine::check_passive_models(call.service.faces().engine());
  if (there) return std::nullopt;
  return problem("liveness_not_available", there.error().message);
}

Reply list_cameras(Call& call) {
  Json list = Json::array();
  for (const auto& camera : call.service.live().cameras().list())
    if (call.principal->key.sees(camera->settings().collection)) list.push_back(camera_json(*camera));
  return answer({{"cameras", std::move(list)}});
}

Reply show_camera(Call& call) {
  VULTUS_TRY(const auto camera, camera_of(call));
  return answer(camera_json(*camera));
}

Reply add_camera(Call& call) {
  const Json& body = call.body;
  CameraSettings wanted{.name = body.at("name").get<std::string>(),
                        .source = body.at("source").get<std::string>(),
                        .collection = body.at("collection").get<std::string>(),
                        .enabled = body.value("enabled", true),
                        .loop = body.value("loop", false),
                        .require_live = body.value("require_live", false)};
  wanted.created = call.service.utc_now();
  if (!call.principal->key.sees(wanted.collection)) return problem("collection_not_found", "");
  VULTUS_TRY(const CollectionLease collection, or_problem(call.service.collections().use(wanted.collection),
                                                          ErrorCode::not_found, "collection_not_found"));
  if (auto refused = refuse_source(call, wanted.source)) return *std::move(refused);
  if (auto refused = refuse_blind(call, wanted)) return *std::move(refused);
  VULTUS_TRY(wanted.rules,
             or_problem(rules_from(body.value("rules", Json()), {}), ErrorCode::invalid_argument, "body_not_valid"));
  VULTUS_TRY(const auto camera, or_problem(call.service.live().cameras().add(std::move(wanted)),
                                           ErrorCode::resource_limit, "too_many_cameras"));
  Response response = answer(camera_json(*camera), 201);
  response.headers.set("Location", "/v1/cameras/" + camera->settings().id);
  return response;
}

Reply change_camera(Call& call) {
  VULTUS_TRY(const auto camera, camera_of(call));
  CameraSettings wanted = camera->settings();
  wanted.name = call.body.value("name", wanted.name);
  wanted.enabled = call.body.value("enabled", wanted.enabled);
  wanted.loop = call.body.value("loop", wanted.loop);
  wanted.require_live = call.body.value("require_live", wanted.require_live);
  if (auto refused = refuse_blind(call, wanted)) return *std::move(refused);
  if (call.body.contains("source")) {
    wanted.source = call.body.at("source").get<std::string>();
    if (auto refused = refuse_source(call, wanted.source)) return *std::move(refused);
  }
  VULTUS_TRY(wanted.rules, or_problem(rules_from(call.body.value("rules", Json()), wanted.rules),
                                      ErrorCode::invalid_argument, "body_not_valid"));
  VULTUS_TRY(const auto changed, or_problem(call.service.live().cameras().change(std::move(wanted)),
                                            ErrorCode::not_found, "camera_not_found", "gone"));
  return answer(camera_json(*changed));
}

Reply remove_camera(Call& call) {
  VULTUS_TRY(const auto camera, camera_of(call));
  const std::string id = camera->settings().id;
  VULTUS_TRY(const std::int64_t events,
             or_problem(call.service.live().remove_camera(id), ErrorCode::not_found, "camera_not_found", "gone"));
  VULTUS_CHECK(call.service.answers().forget(camera->settings().collection));
  return answer({{"removed", id}, {"events", events}});
}

Reply camera_picture(Call& call) {
  VULTUS_TRY(const auto camera, camera_of(call));
  auto picture = camera->preview().latest();
  if (!picture) return problem("no_camera_picture", "the camera is " + std::string(name_of(camera->status().state)));
  Response response;
  response.headers.set("Content-Type", "image/jpeg");
  response.body = *std::move(picture);
  return response;
}

Reply camera_stream(Call& call) {
  VULTUS_TRY(const auto camera, camera_of(call));
  Seat seat = camera->preview().take_seat();
  if (seat == nullptr)
    return problem("too_many_viewers", std::to_string(Preview::kMostViewers) + " look at this camera", 5);
  Response response;
  response.headers.set("Content-Type", std::string("multipart/x-mixed-replace; boundary=") + Preview::kBoundary);
  response.headers.set("X-Accel-Buffering", "no");
  response.stream = [camera, seat, allowed = still_allowed(call, camera->settings().collection)](
                        std::shared_ptr<StreamWriter> writer) {
    camera->preview().add_viewer(std::move(writer), seat, allowed);
  };
  return response;
}

Route camera_route(Method method, const std::string& behind, std::string operation, std::string summary,
                   std::string description, Scope scope) {
  return {.method = method,
          .path = "/v1/cameras/{camera}" + behind,
          .operation = std::move(operation),
          .tag = "cameras",
          .summary = std::move(summary),
          .description = std::move(description),
          .scope = scope,
          .parameters = {{.name = "camera",
                          .place = Parameter::Place::path,
                          .description = "Id of a camera.",
                          .schema = R"({"type": "string", "maxLength": 64, "examples": ["5c0ffee5c0ffee00"]})",
                          .required = true}},
          .response_schema = schema_ref("Camera"),
          .problems = {"camera_not_found"}};
}

Route stream_route() {
  Route stream = camera_route(Method::get, "/stream", "getCameraStream", "Pictures with boxes and names, as they come",
                              "Motion JPEG, at most ten pictures a second, for an <img> element or a player. Who takes "
                              "too little loses pictures.",
                              Scope::read);
  stream.response_type = "multipart/x-mixed-replace";
  stream.response_schema = R"({"type": "string", "contentMediaType": "image/jpeg"})";
  stream.problems.emplace_back("too_many_viewers");
  return stream;
}

}  // namespace

Checked<std::shared_ptr<Camera>> camera_of(const Call& call) {
  auto camera = call.service.live().cameras().find(call.path_text("camera"));
  if (camera == nullptr || !call.principal->key.sees(camera->settings().collection))
    return problem("camera_not_found", "");
  return camera;
}

std::function<bool()> still_allowed(const Call& call, std::string collection) {
  return [&service = call.service, id = call.principal->key.id, collection = std::move(collection)] {
    const auto key = service.keys().still_usable(id);
    // A state that does not answer allows nothing.
    return key && *key && (collection.empty() || (*key)->sees(collection));
  };
}

std::vector<Operation> camera_operations() {
  Route listing{.method = Method::get,
                .path = "/v1/cameras",
                .operation = "listCameras",
                .tag = "cameras",
                .summary = "Cameras of the collections that the key sees",
                .description = "With how they fare now.",
                .scope = Scope::read,
                .response_schema = schema_ref("CameraList"),
                .examples = {{"one", "", std::string(R"({"cameras": [)") + kExampleCamera + "]}"}}};
  Route adding{.method = Method::post,
               .path = "/v1/cameras",
               .operation = "addCamera",
               .tag = "cameras",
               .summary = "Look for people before a camera",
               .description =
                   "The source must be one that the server's allow-list names; of a file, one below its camera "
                   "folder. Passwords in it are kept sealed and never told again.",
               .scope = Scope::admin,
               .parameters = {idempotency_parameter()},
               .request_type = kJsonBody,
               .request_schema = schema_ref("NewCamera"),
               .success = 201,
               .response_schema = schema_ref("Camera"),
               .response_headers = {"Location"},
               .problems = {"collection_not_found", "collection_not_usable", "target_not_allowed", "too_many_cameras",
                            "liveness_not_available"},
               .examples = {{"front door",
                             R"({"name": "front door", "source": "rtsp://user:password@192.168.1.20/stream1",
                                 "collection": "staff", "rules": {"minimum_face_px": 40, "zones": [
                                   {"name": "door", "polygon": [[0, 0], [0.5, 0], [0.5, 1], [0, 1]]}]}})",
                             kExampleCamera}}};
  Route showing = camera_route(Method::get, "", "getCamera", "One camera", "", Scope::read);
  showing.examples = {{"front door", "", kExampleCamera}};
  Route changing = camera_route(Method::patch, "", "changeCamera", "Change a camera",
                                "What the body does not name stays. The camera starts again.", Scope::admin);
  changing.parameters.push_back(idempotency_parameter());
  changing.request_type = kJsonBody;
  changing.request_schema = schema_ref("CameraChange");
  changing.problems.insert(changing.problems.end(), {"target_not_allowed", "liveness_not_available"});
  changing.examples = {{"pause", R"({"enabled": false})", kExampleCamera}};
  Route removing = camera_route(Method::del, "", "removeCamera", "Remove a camera",
                                "It stops within a second; its events go with it.", Scope::admin);
  removing.parameters.push_back(idempotency_parameter());
  removing.response_schema = schema_ref("CameraRemoval");
  removing.examples = {{"removed", "", R"({"removed": "5c0ffee5c0ffee00", "events": 12})"}};
  Route picture = camera_route(Method::get, "/picture", "getCameraPicture", "The picture of now, with boxes and names",
                               "At most a second old while the camera runs.", Scope::read);
  picture.response_type = "image/jpeg";
  picture.response_schema = R"({"type": "string", "contentMediaType": "image/jpeg"})";
  picture.problems.emplace_back("no_camera_picture");
  return {{std::move(listing), &list_cameras},   {std::move(adding), &add_camera},
          {std::move(showing), &show_camera},    {std::move(changing), &change_camera},
          {std::move(removing), &remove_camera}, {std::move(picture), &camera_picture},
          {stream_route(), &camera_stream}};
}

}  // namespace vultus::server
