// Bodies of JSON that are not meant to be read.
#include <gtest/gtest.h>

#include <apps/server/api/json_sent.hpp>
#include <apps/server/deepface/front.hpp>
#include <apps/server/testing/test_compreface.hpp>
#include <apps/server/testing/test_world.hpp>

namespace vultus::server {
namespace {

using testing::Ask;
using testing::ComprefaceWorld;
using testing::TestJson;
using testing::World;

std::string nested(std::size_t levels, const std::string& inside = "") {
  return std::string(levels, '[') + inside + std::string(levels, ']');
}

TEST(JsonThatWasSent, IsReadAsDeepAsTheLimitAndNoDeeper) {
  EXPECT_TRUE(json_sent(nested(kMostJsonDepth)));
  EXPECT_EQ(json_sent(nested(kMostJsonDepth + 1)).error().code, ErrorCode::resource_limit);
  EXPECT_EQ(json_sent(R"({"a": )" + nested(kMostJsonDepth) + "}").error().code, ErrorCode::resource_limit);
  EXPECT_TRUE(json_sent("[" + std::string(1000, ' ') + nested(2) + ",{},[],{}]")) << "side by side is not deep";
  EXPECT_EQ(json_sent("[1").error().code, ErrorCode::invalid_argument);
}

TEST(JsonThatWasSent, HasBracketsInItsTextsThatDoNotCount) {
  const std::string many(1000, '[');
  EXPECT_EQ(json_sent(TestJson(many + "\"" + many + "\\").dump()).value(), many + "\"" + many + "\\");
}

TEST(BodiesOfManyLevels, AreRefusedByEveryInterface) {
  // A megabyte, the most that a body without pictures may have.
  const std::string deep = nested(500'000);
  ComprefaceWorld world;
  for (const char* path : {"/v1/detect", "/v1/collections/staff/expire", "/v1/collections/staff/audit/verify"})
    for (const std::string& body : {deep, R"({"head": )" + deep + "}"}) {
      const Response refused = world.ask(Method::post, path, {.body = body});
      EXPECT_EQ(refused.status, 400) << path;
      EXPECT_EQ(World::code(refused), "body_not_valid");
      EXPECT_NE(refused.body.find("64"), std::string::npos) << refused.body;
    }
  const Response compreface =
      world.call(Method::post, "/recognition/faces/delete", world.keys().recognition, {.body = deep});
  EXPECT_EQ(compreface.status, 400);
  EXPECT_NE(compreface.body.find("64"), std::string::npos) << compreface.body;
  Router router;
  ASSERT_TRUE(add_deepface_routes(router, world.service()));
  for (const char* member : {"enforce_detection", "max_faces", "actions"}) {
    Request request{.method = Method::post, .path = "/analyze", .body = "{\"" + std::string(member) + "\": "};
    request.body += deep + "}";
    request.headers.add("Authorization", "Bearer " + world.key("identify", {"staff"}));
    request.headers.add("Content-Type", "application/json");
    const Response deepface = router.match(request).route->handle(request);
    EXPECT_EQ(deepface.status, 400) << member;
    EXPECT_NE(deepface.body.find("64"), std::string::npos) << deepface.body;
  }
}

}  // namespace
}  // namespace vultus::server
