// The document says what the server does.
#include <algorithm>
#include <set>

#include <gtest/gtest.h>

#include <apps/server/api/body.hpp>
#include <apps/server/api/operation.hpp>
#include <apps/server/openapi/schemas.hpp>
#include <apps/server/service.hpp>
#include <apps/server/testing/test_engine.hpp>
#include <apps/server/testing/test_examples.hpp>
#include <apps/server/testing/test_world.hpp>

namespace vultus::server {
namespace {

using testing::World;

void collect_references(const Json& json, std::set<std::string>& into) {
  if (json.is_object() && json.contains("$ref")) into.insert(json.at("$ref").get<std::string>());
  if (json.is_structured())
    for (const Json& value : json) collect_references(value, into);
}

TEST(Document, IsServedWithoutAKeyAndNamesEveryRoute) {
  World world;
  const Response answer = world.get("/v1/openapi.json", "");
  ASSERT_EQ(answer.status, 200);
  const auto document = World::json(answer);
  EXPECT_EQ(document.at("openapi"), "3.1.0");
  std::set<std::string> operations;
  for (const auto& [path, methods] : document.at("paths").items())
    for (const auto& [method, operation] : methods.items()) {
      EXPECT_TRUE(operations.insert(operation.at("operationId")).second);
      for (const char* member : {"summary", "description", "responses", "tags"})
        EXPECT_TRUE(operation.contains(member)) << path << " " << method << " " << member;
      EXPECT_TRUE(operation.contains("x-scope") || operation.at("security").empty());
    }
  // The CompreFace interface is that of its original, and described there.
  const auto own =
      std::ranges::count_if(world.router().routes(), [](const Route& route) { return route.tag != "compreface"; });
  EXPECT_EQ(std::ssize(operations), own);
}

TEST(Document, HasNoReferenceThatLeadsNowhereAndNoSchemaThatIsNotUsed) {
  World world;
  const Json document = Json::parse(world.get("/v1/openapi.json").body);
  std::set<std::string> references;
  collect_references(document, references);
  for (const std::string& reference : references)
    EXPECT_NO_THROW(static_cast<void>(document.at(Json::json_pointer(reference.substr(1))))) << reference;
  for (const auto& [name, schema] : document.at("components").at("schemas").items())
    EXPECT_TRUE(references.contains("#/components/schemas/" + name)) << name << " is not used";
}

TEST(Document, TellsTheHeadersOfAnswersAndThatNothingHasChanged) {
  World world;
  const auto paths = World::json(world.get("/v1/openapi.json")).at("paths");
  const auto subject = paths.at("/v1/collections/{collection}/subjects/{subject}");
  EXPECT_TRUE(subject.at("get").at("responses").at("200").at("headers").contains("ETag"));
  EXPECT_TRUE(subject.at("get").at("responses").at("304").at("headers").contains("ETag"));
  EXPECT_NE(subject.at("get").at("parameters").dump().find("\"If-None-Match\""), std::string::npos);
  EXPECT_FALSE(paths.at("/v1/sealed/{sealed}").at("put").at("responses").contains("304")) << "there it is a condition";
  const auto made = paths.at("/v1/collections").at("post").at("responses");
  for (const char* header : {"Location", "Idempotency-Replayed"})
    EXPECT_TRUE(made.at("201").at("headers").contains(header)) << header;
  for (const char* status : {"429", "503"})
    EXPECT_TRUE(made.at(status).at("headers").contains("Retry-After")) << status;
}

TEST(Document, ItsSchemasAreWhatTheServerChecksWith) {
  const JsonSchemas schemas(all_schemas());
  for (const auto& [name, schema] : schemas.components().items())
    EXPECT_EQ(schemas.faults(schema), std::vector<std::string>()) << name;
  for (const Operation& operation : all_operations()) {
    SCOPED_TRACE(operation.route.operation);
    EXPECT_EQ(schemas.faults(Json::parse(operation.route.response_schema)), std::vector<std::string>());
    for (const Parameter& parameter : operation.route.parameters)
      EXPECT_EQ(schemas.faults(Json::parse(parameter.schema)), std::vector<std::string>()) << parameter.name;
    if (operation.route.request_type.find("multipart") != std::string::npos) {
      EXPECT_EQ(schemas.faults(form_schema_of(operation.route)), std::vector<std::string>());
    }
    for (const std::string& code : operation.route.problems) EXPECT_NE(find_problem_kind(code), nullptr) << code;
  }
}

TEST(Document, ItsExamplesFollowTheirSchemas) {
  const JsonSchemas schemas(all_schemas());
  for (const Operation& operation : all_operations())
    for (const Example& example : operation.route.examples) {
      SCOPED_TRACE(operation.route.operation + ": " + example.name);
      const auto wrong = [&](const std::string& text, const std::string& schema) {
        return schemas.violation(Json::parse(text), Json::parse(schema)).value_or("");
      };
      EXPECT_EQ(example.request.empty() ? "" : wrong(example.request, operation.route.request_schema), "");
      EXPECT_EQ(example.response.empty() ? "" : wrong(example.response, operation.route.response_schema), "");
    }
}

TEST(Document, ItsExamplesRun) {
  testing::run_all_examples({.ada = testing::picture_of(50, 60),
                             .ada_again = testing::picture_of(50, 100),
                             .grace = testing::picture_of(120, 60)},
                            testing::fake_engine());
}

TEST(Problems, HaveTheStatusThatTheLibrarysErrorsHave) {
  for (int code = 0; code <= static_cast<int>(ErrorCode::internal); ++code) {
    const Problem told = problem_of(fail(static_cast<ErrorCode>(code), ""));
    const ProblemKind* kind = find_problem_kind(told.code);
    ASSERT_NE(kind, nullptr) << told.code;
    EXPECT_EQ(kind->status, told.status) << told.code;
    EXPECT_EQ(kind->title, told.title) << told.code;
  }
}

}  // namespace
}  // namespace vultus::server
