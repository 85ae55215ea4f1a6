// Two processes of vultus serve on one PostgreSQL: what is done at one is so at the other, and outlives both.
#include <csignal>

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include <vultus/postgres/test_server.hpp>

#include <apps/server/http/test_client.hpp>
#include <tests/e2e/world.hpp>

namespace vultus::e2e {
namespace {

using server::TestAnswer;
using server::TestClient;

std::uint16_t port_told(const std::string& out) {
  return static_cast<std::uint16_t>(std::stoi(out.substr(out.rfind(':') + 1)));
}

TestAnswer ask_at(std::uint16_t port, const std::string& text) { return TestClient(port).ask(text); }

/// Serves on a database until `visit`, which gets the port, returns.
template <class Visit>
Answer serve_on(const World& world, const std::string& url, const std::string& data, Visit visit) {
  bool visited = false;
  const std::vector<std::string> arguments{"serve",  "--data",     data, "--listen",   "127.0.0.1:0",
                                           "--fast", "--database", url,  "--key-file", "gallery.key"};
  return world.vultus(Call{.arguments = arguments, .folder = {}, .watch = [&](pid_t child, const std::string& out) {
                             if (visited || out.find('\n') == std::string::npos) return;
                             visited = true;
                             visit(port_told(out));
                             ::kill(child, SIGTERM);
                           }});
}

std::string one_picture(const std::string& path, const std::string& key, const std::filesystem::path& picture,
                        const std::string& subject = {}) {
  std::string body;
  if (!subject.empty()) body += "--b\r\nContent-Disposition: form-data; name=\"subject\"\r\n\r\n" + subject + "\r\n";
  body += "--b\r\nContent-Disposition: form-data; name=\"image\"; filename=\"a.jpg\"\r\n\r\n" + read_bytes(picture) +
          "\r\n--b--\r\n";
  return server::post_text(path, body, "X-Api-Key: " + key + "\r\nContent-Type: multipart/form-data; boundary=b\r\n");
}

TEST(ServeShared, TwoProcessesActAsOne) {
  const World world;
  const std::string url = postgres::testing::fresh_database();
  ASSERT_EQ(
      world.shell("head -c 32 /dev/urandom | od -An -tx1 | tr -d ' \\n' > gallery.key && chmod 600 gallery.key").code,
      0);
  std::string key;
  Answer second;
  const Answer first = serve_on(world, url, "one", [&](std::uint16_t port) {
    key = read_bytes(world / "one/admin.key");
    while (!key.empty() && key.back() == '\n') key.pop_back();
    const std::string json = "X-Api-Key: " + key + "\r\nContent-Type: application/json\r\n";
    second = serve_on(world, url, "two", [&](std::uint16_t other) {
      EXPECT_EQ(ask_at(port, server::post_text("/v1/collections", R"({"collection": "staff"})", json)).status, 201);
      const TestAnswer enrolled =
          ask_at(port, one_picture("/v1/collections/staff/faces", key, samples().obama, "Barack Obama"));
      EXPECT_EQ(enrolled.status, 200) << enrolled.body;
      const TestAnswer named = ask_at(other, one_picture("/v1/collections/staff/identify", key, samples().obama_2));
      ASSERT_EQ(named.status, 200) << named.body;
      EXPECT_EQ(Json::parse(named.body).at("faces")[0].at("subject"), "Barack Obama");
    });
  });
  EXPECT_EQ(first.code, 0) << first.err;
  EXPECT_EQ(second.code, 0) << second.err;
  EXPECT_FALSE(std::filesystem::exists(world / "two/admin.key")) << "the second one found a key";

  // A third server with an empty data folder takes over.
  const Answer third = serve_on(world, url, "three", [&](std::uint16_t port) {
    const TestAnswer named = ask_at(port, one_picture("/v1/collections/staff/identify", key, samples().obama_2));
    ASSERT_EQ(named.status, 200) << named.body;
    EXPECT_EQ(Json::parse(named.body).at("faces")[0].at("subject"), "Barack Obama");
  });
  EXPECT_EQ(third.code, 0) << third.err;
}

}  // namespace
}  // namespace vultus::e2e
