// What a server takes of encrypted search, and that it gives a search up.
#include <stop_token>

#include <gtest/gtest.h>

#include <apps/server/http/router.hpp>
#include <apps/server/service.hpp>
#include <apps/server/testing/test_office.hpp>

namespace vultus::server {
namespace {

using testing::base64_of;
using testing::bytes_ask;
using testing::office_of;
using testing::picture_of;
using testing::sealed_probe;
using testing::SealedOffice;
using testing::template_of;
using testing::TestJson;
using testing::text_of;
using testing::World;

using SealedSearches = SealedOffice;

TEST(SealedLimitsOfAServer, AreKept) {
  std::size_t file_size = 0;
  World world([&](ServerOptions& options) {
    options.sealed.max_galleries = 2;
    options.sealed.max_logs = 3;
    if (file_size > 0) options.sealed.max_gallery_bytes = file_size;
    options.sealed.max_open_bytes = file_size;
    options.sealed.max_compared = 1;
  });
  const std::string ada = picture_of(50, 60);
  const std::string file = text_of(sealed::encode(office_of(world, ada, picture_of(120, 60))));
  file_size = file.size();
  world.restart();
  const auto put = [&](const std::string& name, const std::string& bytes) {
    return world.ask(Method::put, "/v1/sealed/" + name, bytes_ask(bytes));
  };
  EXPECT_EQ(World::code(put("a", file + "x")), "body_too_large");
  for (const Route& route : world.router().routes()) {
    if (route.operation == "putSealed") {
      EXPECT_EQ(route.body_limit, file_size) << "the listener refuses more before it reads it";
    }
    if (route.operation == "searchWithSealedProbe") {
      EXPECT_EQ(route.body_limit, std::size_t{4} << 20U);
    }
  }
  EXPECT_EQ(put("a", file).status, 201);
  EXPECT_EQ(put("b", file).status, 201);
  EXPECT_EQ(World::code(put("c", file)), "too_many_sealed");
  EXPECT_EQ(put("b", file).status, 200) << "replacing takes no room";
  for (int round = 0; round < 2; ++round)
    for (const char* name : {"a", "b"})
      EXPECT_EQ(world.post("/v1/sealed/" + std::string(name) + "/search", {{"image", base64_of(ada)}}).status, 200);
  EXPECT_EQ(world.service().sealed()->open_count(), 1U) << "the other one is read again";
  EXPECT_EQ(world.ask(Method::del, "/v1/sealed/a").status, 200);
  EXPECT_EQ(put("c", file).status, 201);
  EXPECT_EQ(world.ask(Method::del, "/v1/sealed/c").status, 200);
  EXPECT_EQ(World::code(put("d", file)), "too_many_sealed") << "three names have logs";
  EXPECT_EQ(put("a", file).status, 201) << "one of them is among the three";

  world.make_collection("staff");
  world.enrol("staff", "Ada Lovelace", ada);
  const auto probe = text_of(sealed::encode(sealed_probe(world, ada)));
  EXPECT_EQ(world.ask(Method::post, "/v1/collections/staff/sealed-search", bytes_ask(probe)).status, 200);
  world.enrol("staff", "Grace Hopper", picture_of(120, 60));
  EXPECT_EQ(World::code(world.ask(Method::post, "/v1/collections/staff/sealed-search", bytes_ask(probe))),
            "collection_too_large");
}

TEST_F(SealedSearches, GiveASearchUpWhenTheServerStops) {
  EXPECT_EQ(put("office", file_).status, 201);
  world_.restart();  // so that it is opened, too
  std::stop_source stop;
  stop.request_stop();
  const TestJson body{{"template", template_of(world_, ada_)}};
  Request request{.method = Method::post, .path = "/v1/sealed/office/search"};
  request.headers.add("X-Api-Key", world_.admin_key());
  request.headers.add("Content-Type", "application/json");
  request.body = body.dump();
  request.stop = stop.get_token();
  const Router::Match match = world_.router().match(request);
  ASSERT_NE(match.route, nullptr);
  const Response given_up = match.route->handle(request);
  EXPECT_EQ(given_up.status, 503);
  EXPECT_EQ(World::code(given_up), "cancelled");
  EXPECT_EQ(search("office", body).status, 200);
}

}  // namespace
}  // namespace vultus::server
