// What is served under `/`: types, caching, compression and the policies of the page.
#include <array>
#include <set>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <apps/server/http/listener.hpp>
#include <apps/server/http/test_client.hpp>
#include <apps/server/testing/test_world.hpp>
#include <apps/server/web/web_routes.hpp>

namespace vultus::server {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::array<WebFile, 3> kPlantedFiles{
    WebFile{.path = "/assets/a-0123abcd.js",
            .type = "text/javascript; charset=utf-8",
            .etag = "\"abc\"",
            .plain = "plain text",
            .gzip = "packed",
            .lasting = true},
    WebFile{.path = "/icon.svg", .type = "image/svg+xml", .etag = "\"icon\"", .plain = "<svg/>"},
    WebFile{.path = "/index.html",
            .type = "text/html; charset=utf-8",
            .etag = "\"page\"",
            .plain = "<meta content=%VULTUS_NONCE%><b class=%VULTUS_NONCE%>"}};

class WebPage : public ::testing::Test {
 protected:
  void serve(std::span<const WebFile> files) {
    const auto router = std::make_shared<Router>();
    ASSERT_TRUE(add_web_routes(*router, files));
    listener_ = Listener::start({}, router).value();
  }
  void SetUp() override { serve(kPlantedFiles); }
  TestAnswer ask(const std::string& path, const std::string& fields = {}, const std::string& method = "GET") {
    TestClient client(listener_->port());
    return client.ask(method + " " + path + " HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n");
  }
  static std::string field(const TestAnswer& answer, const char* name) {
    return std::string(answer.headers.find(name).value_or(""));
  }
  std::unique_ptr<Listener> listener_;
};

TEST_F(WebPage, ThePageHasANonceOfItsOwnInEveryAnswerAndNoOtherStyleOrScriptRuns) {
  std::set<std::string> nonces;
  for (int i = 0; i < 3; ++i) {
    const TestAnswer page = ask("/");
    ASSERT_EQ(page.status, 200);
    EXPECT_EQ(field(page, "Content-Type"), "text/html; charset=utf-8");
    EXPECT_EQ(field(page, "Cache-Control"), "no-store");
    const std::string nonce = page.body.substr(14, 32);
    EXPECT_EQ(page.body, "<meta content=" + nonce + "><b class=" + nonce + ">");
    nonces.insert(nonce);
    const std::string policy = field(page, "Content-Security-Policy");
    EXPECT_THAT(policy, HasSubstr("default-src 'none'; script-src 'self'; style-src 'self' 'nonce-" + nonce + "';"));
    EXPECT_THAT(policy, HasSubstr("frame-ancestors 'none'"));
    EXPECT_THAT(policy, Not(HasSubstr("unsafe")));
  }
  EXPECT_EQ(nonces.size(), 3U);
}

TEST_F(WebPage, EveryFileForbidsFramesGuessedTypesAndReferrersAndAllowsTheCameraToThisPageAlone) {
  for (const char* path : {"/", "/icon.svg", "/assets/a-0123abcd.js"}) {
    const TestAnswer answer = ask(path);
    EXPECT_EQ(field(answer, "X-Content-Type-Options"), "nosniff") << path;
    EXPECT_EQ(field(answer, "Referrer-Policy"), "no-referrer") << path;
    EXPECT_THAT(field(answer, "Permissions-Policy"), HasSubstr("camera=(self)")) << path;
    EXPECT_THAT(field(answer, "Content-Security-Policy"), HasSubstr("frame-ancestors 'none'")) << path;
    EXPECT_EQ(field(answer, "Set-Cookie"), "") << path;
  }
}

TEST_F(WebPage, AFileWithItsHashInThePathIsKeptForAYearAndOthersAreAskedForAgain) {
  EXPECT_EQ(field(ask("/assets/a-0123abcd.js"), "Cache-Control"), "public, max-age=31536000, immutable");
  EXPECT_EQ(field(ask("/icon.svg"), "Cache-Control"), "no-cache");
  EXPECT_EQ(field(ask("/icon.svg"), "ETag"), "\"icon\"");
}

TEST_F(WebPage, AFileThatTheBrowserHasIsNotSentAgain) {
  for (const char* known : {"\"icon\"", "\"other\", \"icon\"", "*"}) {
    const TestAnswer same = ask("/icon.svg", std::string("If-None-Match: ") + known + "\r\n");
    EXPECT_EQ(same.status, 304) << known;
    EXPECT_EQ(same.body, "");
  }
  EXPECT_EQ(ask("/icon.svg", "If-None-Match: \"icons\"\r\n").status, 200);
}

TEST_F(WebPage, IsCompressedForThoseWhoReadThat) {
  const std::string path = "/assets/a-0123abcd.js";
  const TestAnswer packed = ask(path, "Accept-Encoding: br, GZIP;q=0.5\r\n");
  EXPECT_EQ(packed.body, "packed");
  EXPECT_EQ(field(packed, "Content-Encoding"), "gzip");
  EXPECT_EQ(field(packed, "Vary"), "Accept-Encoding");
  for (const char* fields :
       {"", "Accept-Encoding: br\r\n", "Accept-Encoding: gzip;q=0\r\n", "Accept-Encoding: gzip;q=0.000\r\n"}) {
    const TestAnswer plain = ask(path, fields);
    EXPECT_EQ(plain.body, "plain text") << fields;
    EXPECT_EQ(field(plain, "Content-Encoding"), "") << fields;
  }
}

TEST_F(WebPage, NothingElseIsServedAndNothingIsChanged) {
  EXPECT_EQ(ask("/index.html").status, 404);
  EXPECT_EQ(ask("/assets/").status, 404);
  EXPECT_EQ(ask("/assets/..%2f..%2fetc/passwd").status, 404);
  EXPECT_EQ(ask("/", "Content-Length: 0\r\n", "POST").status, 405);
}

TEST_F(WebPage, AProgramWithoutThePageSaysHowToGetIt) {
  serve({});
  const TestAnswer page = ask("/");
  EXPECT_EQ(page.status, 200);
  EXPECT_THAT(page.body, HasSubstr("tools/setup npm"));
  EXPECT_THAT(page.body, HasSubstr("VULTUS_WEB=ON"));
}

TEST(WebFiles, AreServedBesideTheRoutesOfTheApiAndEachIsWhatItsTagSays) {
  testing::World world;
  ASSERT_TRUE(add_web_routes(world.router(), web_files()));
  EXPECT_EQ(world.get("/", "").status, 200);
  EXPECT_EQ(world.get("/v1/health", "").status, 200);
  for (const WebFile& file : web_files()) {
    EXPECT_FALSE(file.plain.empty()) << file.path;
    EXPECT_LT(file.gzip.size(), file.plain.size()) << file.path;
    EXPECT_TRUE(file.gzip.empty() || file.gzip.starts_with("\x1f\x8b")) << file.path;
    EXPECT_EQ(file.lasting, file.path.starts_with("/assets/")) << file.path;
  }
  EXPECT_THAT(world.get("/v1/openapi.json", "").body, Not(HasSubstr("/assets/")));
}

}  // namespace
}  // namespace vultus::server
