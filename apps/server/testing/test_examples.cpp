#include <apps/server/testing/test_examples.hpp>

#include <chrono>
#include <fstream>
#include <iterator>
#include <optional>
#include <thread>

#include <gtest/gtest.h>

#include <vultus/core/test_folder.hpp>
#include <vultus/media/picture.hpp>
#include <vultus/media/video_writer.hpp>

#include <apps/server/api/body.hpp>
#include <apps/server/api/operation.hpp>
#include <apps/server/live/live.hpp>
#include <apps/server/live/live_options.hpp>
#include <apps/server/openapi/schemas.hpp>
#include <apps/server/service.hpp>
#include <apps/server/testing/test_sealed.hpp>
#include <apps/server/testing/test_world.hpp>

namespace vultus::server::testing {
namespace {

std::string replaced(std::string text, const std::string& what, const std::string& with) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size()))
    text.replace(at, what.size(), with);
  return text;
}

/// A world in which everything that the examples name is there.
class ExampleWorld {
 public:
  ExampleWorld(const ExamplePictures& pictures, const std::shared_ptr<const engine::Engine>& engine)
      : pictures_(pictures),
        world_(
            [](ServerOptions& options) {
              LiveOptions live;
              live.allow_targets = {"192.168.1.20", "hooks.example.org"};
              live.resolve = [](const std::string& host, const std::stop_token&) -> Result<std::vector<IpAddress>> {
                return fail(ErrorCode::not_found, host + ": examples leave this machine alone");
              };
              options.live = std::make_shared<const LiveOptions>(std::move(live));
              options.faces.lookers = 1;
            },
            engine) {
    world_.make_collection("staff");
    EXPECT_EQ(world_.enrol("staff", "Ada Lovelace", pictures.ada), 1);
    EXPECT_EQ(world_.enrol("staff", "Grace Hopper", pictures.grace), 2);
    // A second face, so that one can be taken away.
    EXPECT_EQ(world_.enrol("staff", "Ada Lovelace", pictures.ada_again), 1);
    const Response key = world_.post("/v1/keys", {{"name", "front desk"}, {"scope", "identify"}});
    key_ = World::json(key).at("id");
    const Response service = world_.post("/v1/compatibility/compreface/services",
                                         {{"name", "door"}, {"kind", "recognition"}, {"collection", "staff"}});
    service_ = World::json(service).at("id");
    const Response job = world_.post("/v1/collections/staff/calibrations", {{"fmr", 0.1}});
    job_ = World::json(job).at("job");
    const Response camera = world_.post("/v1/cameras", {{"name", "front door"},
                                                        {"source", "rtsp://192.168.1.20/stream1"},
                                                        {"enabled", false},
                                                        {"collection", "staff"}});
    camera_ = World::json(camera).at("camera");
    const Response webhook =
        world_.post("/v1/webhooks", {{"name", "door opener"}, {"url", "https://hooks.example.org/faces"}});
    webhook_ = World::json(webhook).at("webhook");
    happen();
    const Response sealed = world_.ask(Method::put, "/v1/sealed/office", bytes_ask(office()));
    EXPECT_EQ(sealed.status, 201) << sealed.body;
  }

  /// Somebody known came before the camera, whose picture is there to be seen.
  void happen() {
    const auto collection = world_.service().collections().use("staff").value();
    Live& live = world_.service().live();
    const auto camera = live.cameras().find(camera_);
    const Happening known{.kind = EventKind::known,
                          .track = TrackId(1),
                          .subject = SubjectId(1),
                          .similarity = 0.71,
                          .threshold = 0.443,
                          .zone = "door",
                          .box = {100, 80, 120, 150},
                          .picture = {0xff, 0xd8}};
    EXPECT_TRUE(live.record(camera->settings(), *collection, known));
    Image frame = Image::create(64, 64, PixelFormat::rgb8).value();
    EXPECT_TRUE(camera->preview().show(frame, {}, Preview::Clock::now()));
  }

  Response run(const Route& route, const std::string& body) {
    std::string path = route.path;
    for (const Parameter& parameter : route.parameters) {
      if (parameter.place != Parameter::Place::path) continue;
      const Json schema = schemas_.resolved(Json::parse(parameter.schema));
      std::string value = schema.at("examples").at(0).is_string() ? schema.at("examples").at(0).get<std::string>()
                                                                  : schema.at("examples").at(0).dump();
      if (parameter.name == "key") value = key_;
      if (parameter.name == "service") value = service_;
      if (parameter.name == "job") value = route.operation == "getTimeline" ? followed_film() : job_;
      if (parameter.name == "camera") value = camera_;
      if (parameter.name == "webhook") value = webhook_;
      if (parameter.name == "challenge") value = fresh_challenge();
      path = replaced(path, "{" + parameter.name + "}", value);
    }
    if (route.request_type == kBytesBody)
      return world_.ask(route.method, path, bytes_ask(route.operation == "putSealed" ? office() : probe()));
    std::string sent = replaced(body, kExampleAda, base64_of(pictures_.ada));
    sent = replaced(sent, kExampleAdaAgain, base64_of(pictures_.ada_again));
    sent = replaced(sent, kExampleGrace, base64_of(pictures_.grace));
    if (sent.find(kExampleFilm) != std::string::npos) sent = replaced(sent, kExampleFilm, base64_of(film()));
    return world_.ask(route.method, path, {.body = sent});
  }

 private:
  [[nodiscard]] std::string office() {
    return text_of(sealed::encode(office_of(world_, pictures_.ada, pictures_.grace)));
  }
  [[nodiscard]] std::string probe() { return text_of(sealed::encode(sealed_probe(world_, pictures_.ada))); }
  /// Ada's photo, shown for half a second.
  [[nodiscard]] std::string film() const {
    const std::span bytes(reinterpret_cast<const std::uint8_t*>(pictures_.ada.data()), pictures_.ada.size());
    const Image picture = media::decode_picture(bytes).value().image;
    const TestFolder folder;
    const std::filesystem::path path = folder / "film.mp4";
    auto writer = media::VideoWriter::open(path.string(), picture.width(), picture.height()).value();
    for (int frame = 0; frame < 12; ++frame) EXPECT_TRUE(writer.add(picture.view(), Seconds(frame / 24.0)));
    EXPECT_TRUE(writer.finish());
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  std::string fresh_challenge() {
    const Response asked = world_.post("/v1/collections/staff/liveness/challenges", {{"steps", 1}});
    return World::json(asked).at("challenge");
  }
  /// The job of a film that was followed to its end.
  std::string followed_film() {
    const Response started = world_.post("/v1/collections/staff/track", {{"video", base64_of(film())}});
    std::string id = World::json(started).at("job");
    for (int i = 0; i < 6000; ++i) {
      const Json job = World::json(world_.get("/v1/jobs/" + id));
      if (job.at("state") == "done") {
        EXPECT_EQ(job.at("result").at("frames"), 12) << job;
        return id;
      }
      if (job.at("state") == "failed") {
        ADD_FAILURE() << job;
        break;
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return id;
  }

  ExamplePictures pictures_;
  World world_;
  JsonSchemas schemas_{all_schemas()};
  std::string key_, service_, job_, camera_, webhook_;
};

}  // namespace

void run_all_examples(const ExamplePictures& pictures, const std::shared_ptr<const engine::Engine>& engine) {
  const JsonSchemas schemas(all_schemas());
  std::optional<ExampleWorld> world;
  for (const Operation& operation : all_operations()) {
    const Route& route = operation.route;
    SCOPED_TRACE(route.operation);
    std::vector<Example> examples = route.examples;
    if (examples.empty()) examples.emplace_back();
    for (const Example& example : examples) {
      if (!world) world.emplace(pictures, engine);
      const Response answer = world->run(route, example.request);
      EXPECT_TRUE(answer.status == route.success || answer.status == route.other_success)
          << answer.status << ' ' << answer.body;
      EXPECT_TRUE(answer.headers.find("Content-Type").value_or("").starts_with(route.response_type));
      if (route.response_type != "application/json") continue;
      const auto wrong = schemas.violation(Json::parse(answer.body), Json::parse(route.response_schema));
      EXPECT_FALSE(wrong) << *wrong << "\n" << answer.body;
      // What was changed is not there for the next one.
      if (route.method != Method::get && route.scope >= Scope::enrol) world.reset();
    }
  }
}

}  // namespace vultus::server::testing
