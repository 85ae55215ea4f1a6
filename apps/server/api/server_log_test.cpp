// The server's audit log: what belongs to no collection, over all interfaces.
#include <fstream>

#include <gtest/gtest.h>

#include <apps/server/deepface/front.hpp>
#include <apps/server/service.hpp>
#include <apps/server/testing/test_compreface.hpp>
#include <apps/server/testing/test_engine.hpp>

namespace vultus::server {
namespace {

using testing::base64_of;
using testing::ComprefaceWorld;
using testing::files;
using testing::picture_of;
using testing::picture_of_nobody;
using testing::TestJson;
using testing::World;

class ServerLog : public ::testing::Test {
 protected:
  /// "what count detail" of each record.
  std::vector<std::string> acts() {
    std::vector<std::string> all;
    for (const auto& record : records())
      all.push_back(record.at("what").get<std::string>() + " " + record.at("count").dump() +
                    (record.at("detail").is_null() ? "" : " " + record.at("detail").get<std::string>()));
    return all;
  }
  TestJson records() { return World::json(world_.get("/v1/audit")).at("records"); }
  TestJson one(const std::string& picture) { return {{"image", base64_of(picture)}}; }
  TestJson two() { return {{"image_a", base64_of(ada_)}, {"image_b", base64_of(grace_)}}; }

  ComprefaceWorld world_;
  const std::string ada_ = picture_of(50, 60), grace_ = picture_of(120, 60);
};

TEST_F(ServerLog, TellsWhoLookedAtPicturesOutsideCollectionsAndWhy) {
  EXPECT_TRUE(acts().empty());
  const std::string key = world_.key("identify", {"staff"});
  const std::string id = World::json(world_.get("/v1/whoami", key)).at("id");
  const Response detected = world_.ask(Method::post, "/v1/detect",
                                       {.body = one(ada_).dump(), .key = key, .headers = {{"X-Purpose", "doors"}}});
  EXPECT_EQ(detected.status, 200) << detected.body;
  EXPECT_EQ(world_.post("/v1/embed", one(ada_)).status, 200);
  EXPECT_EQ(world_.post("/v1/compare", two()).status, 200);
  EXPECT_EQ(world_.post("/v1/verify", two()).status, 200);
  EXPECT_EQ(acts(), (std::vector<std::string>{"detect 1", "embed 1", "compare 2", "verify 2"}));
  const TestJson first = records().at(0);
  EXPECT_TRUE(first.at("who").get<std::string>().starts_with("key " + id + " request request-")) << first;
  EXPECT_EQ(first.at("purpose"), "doors");
}

TEST_F(ServerLog, TellsWhatWasRefusedAfterALook) {
  EXPECT_EQ(World::code(
                world_.post("/v1/verify", {{"image_a", base64_of(ada_)}, {"image_b", base64_of(picture_of_nobody())}})),
            "no_face");
  EXPECT_EQ(World::code(world_.post("/v1/detect", one("no picture"))), "picture_not_readable");
  EXPECT_EQ(World::code(world_.post("/v1/detect", {{"picture", "x"}})), "body_not_valid") << "nothing was looked at";
  EXPECT_EQ(acts(), (std::vector<std::string>{"verify 1 no_face", "detect 0 picture_not_readable"}));
}

TEST_F(ServerLog, HoldsWhatIsAskedOverForeignInterfaces) {
  EXPECT_EQ(world_.call(Method::post, "/detection/detect", world_.keys().detection, files({{"file", ada_}})).status,
            200);
  EXPECT_EQ(world_
                .call(Method::post, "/verification/verify", world_.keys().verification,
                      files({{"source_image", ada_}, {"target_image", grace_}}))
                .status,
            200);
  const auto values =
      World::json(world_.post("/v1/embed", one(ada_))).at("faces").at(0).at("embedding").get<std::vector<double>>();
  EXPECT_EQ(world_
                .call_json(Method::post, "/verification/embeddings/verify", world_.keys().verification,
                           {{"source", values}, {"targets", {values, values}}})
                .status,
            200);
  Router router;
  ASSERT_TRUE(add_deepface_routes(router, world_.service()));
  const auto deepface = [&](const std::string& path, const TestJson& body) {
    Request request{.method = Method::post, .path = path, .body = body.dump(), .id = "test"};
    request.headers.add("Authorization", "Bearer " + world_.admin_key());
    request.headers.add("Content-Type", "application/json");
    return router.match(request).route->handle(request).status;
  };
  const auto sent = [](const std::string& picture) { return "data:image/png;base64," + base64_of(picture); };
  EXPECT_EQ(deepface("/represent", {{"img", sent(ada_)}}), 200);
  EXPECT_EQ(deepface("/verify", {{"img1", sent(ada_)}, {"img2", sent(grace_)}}), 200);
  EXPECT_EQ(deepface("/analyze", {{"img", sent(ada_)}, {"actions", TestJson::array()}}), 200);
  EXPECT_EQ(acts(), (std::vector<std::string>{"detect 1", "verify 2", "embed 1", "compare 3", "embed 1", "verify 2",
                                              "detect 1"}));
}

// A new route that takes a picture and no collection is found here when it forgets the log.
TEST_F(ServerLog, HasARecordOfEveryRouteThatTakesAPictureForNoCollection) {
  std::size_t looks = 0;
  for (const Route& route : world_.router().routes()) {
    const bool one_picture = route.request_schema.ends_with("/Picture\"}");
    const bool two_pictures = route.request_schema.ends_with("/TwoPictures\"}");
    if ((!one_picture && !two_pictures) || route.path.find('{') != std::string::npos) continue;
    const Response seen = world_.post(route.path, one_picture ? one(ada_) : two());
    EXPECT_EQ(seen.status, 200) << route.operation << seen.body;
    EXPECT_EQ(acts().size(), ++looks) << route.operation;
  }
  EXPECT_GE(looks, 4U);
}

TEST_F(ServerLog, IsChainedReadInPagesAndOutlivesTheProcess) {
  for (int i = 0; i < 3; ++i) EXPECT_EQ(world_.post("/v1/detect", one(ada_)).status, 200);
  const TestJson head = World::json(world_.get("/v1/audit/head"));
  world_.restart();
  EXPECT_EQ(world_.post("/v1/embed", one(ada_)).status, 200);
  const TestJson page = World::json(world_.get("/v1/audit?limit=3"));
  EXPECT_EQ(page.at("records").size(), 3U);
  const TestJson rest = World::json(world_.get("/v1/audit?cursor=" + page.at("next").get<std::string>()));
  ASSERT_EQ(rest.at("records").size(), 1U);
  EXPECT_EQ(rest.at("records").at(0).at("what"), "embed");
  TestJson verdict = World::json(world_.post("/v1/audit/verify", {{"head", head}}));
  EXPECT_EQ(verdict.at("ok"), true) << verdict;
  // The file of another server's log in its place: each is sound, but not the one that the head is of.
  ComprefaceWorld other;
  EXPECT_TRUE(world_.service().rest());
  EXPECT_TRUE(other.service().rest());
  std::filesystem::copy(other.data() / "audit", world_.data() / "audit",
                        std::filesystem::copy_options::overwrite_existing | std::filesystem::copy_options::recursive);
  verdict = World::json(world_.post("/v1/audit/verify", {{"head", head}}));
  EXPECT_EQ(verdict.at("ok"), false) << verdict;
}

TEST_F(ServerLog, IsForAdministratorsOfAllCollections) {
  EXPECT_EQ(World::code(world_.get("/v1/audit", world_.key("enrol"))), "scope_too_small");
  const std::string tenant = world_.key("admin", {"staff"});
  for (const char* path : {"/v1/audit", "/v1/audit/head"})
    EXPECT_EQ(World::code(world_.get(path, tenant)), "scope_too_small") << path;
  EXPECT_EQ(World::code(world_.post("/v1/audit/verify", TestJson::object(), tenant)), "scope_too_small");
}

TEST_F(ServerLog, WhatCannotBeWrittenIsNotAnswered) {
  EXPECT_TRUE(world_.service().rest());
  std::ofstream(world_.data() / "audit" / "server.vgal", std::ios::trunc) << "no log";
  const Response refused = world_.post("/v1/embed", one(ada_));
  EXPECT_EQ(refused.status, 500);
  EXPECT_EQ(refused.body.find("embedding"), std::string::npos);
}

}  // namespace
}  // namespace vultus::server
