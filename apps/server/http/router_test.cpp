#include <apps/server/http/router.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace vultus::server {
namespace {

using ::testing::HasSubstr;

Route route(Method method, std::string path, std::string operation) {
  Route route;
  route.method = method;
  route.path = std::move(path);
  route.operation = std::move(operation);
  return route;
}

Router subjects() {
  Router router;
  EXPECT_TRUE(router.add(route(Method::get, "/v1/subjects", "listSubjects")));
  EXPECT_TRUE(router.add(route(Method::post, "/v1/subjects", "addSubject")));
  EXPECT_TRUE(router.add(route(Method::get, "/v1/subjects/{subject}", "getSubject")));
  EXPECT_TRUE(router.add(route(Method::del, "/v1/subjects/{subject}", "removeSubject")));
  EXPECT_TRUE(router.add(route(Method::post, "/v1/subjects/search", "searchSubjects")));
  EXPECT_TRUE(router.add(route(Method::get, "/v1/subjects/{subject}/faces/{face}", "getFace")));
  EXPECT_TRUE(router.add(route(Method::get, "/{page...}", "page")));
  return router;
}

Request asking(Method method, std::string path) {
  Request request;
  request.method = method;
  request.path = std::move(path);
  request.id = "id-1";
  return request;
}

std::string operation_of(const Router& router, Request& request) {
  const auto match = router.match(request);
  return match.route == nullptr ? "" : match.route->operation;
}

TEST(Router, FindsTheRouteAndDecodesItsValues) {
  const Router router = subjects();
  Request request = asking(Method::get, "/v1/subjects/Ren%C3%A9%2Fe%20B/faces/7");
  EXPECT_EQ(operation_of(router, request), "getFace");
  EXPECT_EQ(request.path_value("subject"), "Ren\xC3\xA9/e B");
  EXPECT_EQ(request.path_value("face"), "7");
  EXPECT_EQ(request.path_value("nothing"), "");
}

TEST(Router, ComparesLiteralsAfterDecoding) {
  const Router router = subjects();
  Request request = asking(Method::get, "/v1/%73ubjects");
  EXPECT_EQ(operation_of(router, request), "listSubjects");
}

TEST(Router, ALiteralComesBeforeAValueForEveryMethod) {
  const Router router = subjects();
  Request search = asking(Method::post, "/v1/subjects/search");
  EXPECT_EQ(operation_of(router, search), "searchSubjects");
  Request get = asking(Method::get, "/v1/subjects/search");
  const auto match = router.match(get);
  EXPECT_EQ(match.route, nullptr);
  EXPECT_EQ(match.refusal.status, 405);
  EXPECT_EQ(match.refusal.headers.find("allow"), "POST, OPTIONS");
}

TEST(Router, TraceIsKnownAndAllowedNowhere) {
  const Router router = subjects();
  Request trace = asking(Method::trace, "/v1/subjects");
  const auto match = router.match(trace);
  ASSERT_EQ(match.route, nullptr);
  EXPECT_EQ(match.refusal.status, 405);
  EXPECT_EQ(name_of(Method::trace), "TRACE");
}

TEST(Router, TheRestOfAPathIsOneValueAndMayBeEmpty) {
  const Router router = subjects();
  Request page = asking(Method::get, "/assets/app.js");
  EXPECT_EQ(operation_of(router, page), "page");
  EXPECT_EQ(page.path_value("page"), "assets/app.js");
  Request root = asking(Method::get, "/");
  EXPECT_EQ(operation_of(router, root), "page");
  EXPECT_EQ(root.path_value("page"), "");
}

TEST(Router, AnEmptySegmentIsNoValue) {
  Router router;
  ASSERT_TRUE(router.add(route(Method::get, "/v1/subjects/{subject}", "getSubject")));
  Request request = asking(Method::get, "/v1/subjects/");
  const auto match = router.match(request);
  EXPECT_EQ(match.route, nullptr);
  EXPECT_EQ(match.refusal.status, 404);
  EXPECT_THAT(match.refusal.body, HasSubstr("\"code\":\"path_not_found\""));
  EXPECT_THAT(match.refusal.body, HasSubstr("\"request_id\":\"id-1\""));
}

TEST(Router, AWrongMethodIsToldTheRightOnes) {
  const Router router = subjects();
  Request request = asking(Method::put, "/v1/subjects/ada");
  const auto match = router.match(request);
  EXPECT_EQ(match.refusal.status, 405);
  EXPECT_EQ(match.refusal.headers.find("Allow"), "GET, HEAD, DELETE, OPTIONS");
}

TEST(Router, HeadIsAnsweredByGetAndOptionsByTheMethods) {
  const Router router = subjects();
  Request head = asking(Method::head, "/v1/subjects");
  EXPECT_EQ(operation_of(router, head), "listSubjects");
  Request options = asking(Method::options, "/v1/subjects");
  const auto match = router.match(options);
  EXPECT_EQ(match.route, nullptr);
  EXPECT_EQ(match.refusal.status, 204);
  EXPECT_EQ(match.refusal.headers.find("Allow"), "GET, HEAD, POST, OPTIONS");
}

TEST(Router, APathThatCannotBeDecodedIsRefused) {
  const Router router = subjects();
  for (const char* path : {"/v1/subjects/%zz", "/v1/subjects/%4", "/v1/subjects/%00", "/v1/subjects/%FF"}) {
    Request request = asking(Method::get, path);
    const auto match = router.match(request);
    EXPECT_EQ(match.route, nullptr) << path;
    EXPECT_EQ(match.refusal.status, 400) << path;
  }
}

TEST(Router, RefusesWhatWouldBeAmbiguous) {
  Router router = subjects();
  EXPECT_FALSE(router.add(route(Method::get, "/v1/subjects/{name}", "other")));
  EXPECT_FALSE(router.add(route(Method::put, "/v1/subjects/{subject}", "getSubject")));
  EXPECT_FALSE(router.add(route(Method::head, "/v1/heads", "heads")));
  for (const char* path : {"", "v1", "/v1/{}", "/v1/{...}", "/{rest...}/more", "/v1/a{b}", "/v1/%41"})
    EXPECT_FALSE(router.add(route(Method::put, path, "o"))) << path;
}

}  // namespace
}  // namespace vultus::server
