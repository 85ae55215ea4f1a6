#include <apps/server/testing/test_examples.hpp>

#include <optional>

#include <gtest/gtest.h>

#include <apps/server/api/body.hpp>
#include <apps/server/api/operation.hpp>
#include <apps/server/openapi/schemas.hpp>
#include <apps/server/service.hpp>
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
      : pictures_(pictures), world_([](ServerOptions& options) { options.faces.lookers = 1; }, engine) {
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
      if (parameter.name == "job") value = job_;
      path = replaced(path, "{" + parameter.name + "}", value);
    }
    std::string sent = replaced(body, kExampleAda, base64_of(pictures_.ada));
    sent = replaced(sent, kExampleAdaAgain, base64_of(pictures_.ada_again));
    sent = replaced(sent, kExampleGrace, base64_of(pictures_.grace));
    return world_.ask(route.method, path, {.body = sent});
  }

 private:
  ExamplePictures pictures_;
  World world_;
  JsonSchemas schemas_{all_schemas()};
  std::string key_, service_, job_;
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
      EXPECT_EQ(answer.status, route.success) << answer.body;
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
