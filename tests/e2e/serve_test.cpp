// vultus serve from its first start to its end, asked over connections as callers do.
#include <csignal>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <apps/server/http/test_client.hpp>
#include <tests/e2e/world.hpp>

namespace vultus::e2e {
namespace {

using server::TestAnswer;
using server::TestClient;
using ::testing::HasSubstr;

/// One request on a connection of its own.
TestAnswer ask(std::uint16_t port, const std::string& text) {
  TestClient client(port);
  return client.ask(text);
}

std::uint16_t port_in(const std::string& out) {
  return static_cast<std::uint16_t>(std::stoi(out.substr(out.rfind(':') + 1)));
}

/// A form with one picture and, where wanted, other fields.
std::string picture_form(const std::string& path, const std::string& key, const std::filesystem::path& picture,
                         const std::string& subject = {}) {
  std::string body;
  if (!subject.empty()) body += "--b\r\nContent-Disposition: form-data; name=\"subject\"\r\n\r\n" + subject + "\r\n";
  body += "--b\r\nContent-Disposition: form-data; name=\"image\"; filename=\"a.jpg\"\r\n\r\n" + read_bytes(picture) +
          "\r\n--b--\r\n";
  return server::post_text(path, body, "X-Api-Key: " + key + "\r\nContent-Type: multipart/form-data; boundary=b\r\n");
}

/// Serves until `visit`, which gets the port, returns; then asks the program to end.
template <class Visit>
Answer serve(const World& world, const std::vector<std::string>& arguments, int signal, Visit visit) {
  bool visited = false;
  return world.vultus(Call{.arguments = arguments, .folder = {}, .watch = [&](pid_t child, const std::string& out) {
                             if (visited || out.find('\n') == std::string::npos) return;
                             visited = true;
                             visit(port_in(out));
                             ::kill(child, signal);
                           }});
}

const std::vector<std::string> kServe{"serve", "--data", "faces", "--listen", "127.0.0.1:0", "--fast"};

TEST(Serve, FromTheFirstKeyToANameAndKeepsBothOverARestart) {
  const World world;
  std::string key;
  const Answer first = serve(world, kServe, SIGTERM, [&](std::uint16_t port) {
    key = read_bytes(world / "faces/admin.key");
    while (!key.empty() && key.back() == '\n') key.pop_back();
    const std::string json = "X-Api-Key: " + key + "\r\nContent-Type: application/json\r\n";
    EXPECT_EQ(ask(port, server::get_text("/v1/health")).status, 200);
    EXPECT_EQ(ask(port, server::get_text("/v1/collections")).status, 401);
    EXPECT_EQ(ask(port, server::post_text("/v1/collections", R"({"collection": "staff"})", json)).status, 201);
    const TestAnswer enrolled =
        ask(port, picture_form("/v1/collections/staff/faces", key, samples().obama, "Barack Obama"));
    EXPECT_EQ(enrolled.status, 200) << enrolled.body;
  });
  EXPECT_EQ(first.code, 0) << first.err;
  EXPECT_EQ(first.err.find(key), std::string::npos) << "a key in the log";
  EXPECT_EQ(first.err.find("Obama"), std::string::npos) << "a name in the log";
  EXPECT_THAT(first.err, HasSubstr("\"route\":\"/v1/collections/{collection}/faces\""));
  EXPECT_EQ(std::filesystem::status(world / "faces/admin.key").permissions(),
            std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);

  const Answer second = serve(world, kServe, SIGINT, [&](std::uint16_t port) {
    const TestAnswer named = ask(port, picture_form("/v1/collections/staff/identify", key, samples().obama_2));
    ASSERT_EQ(named.status, 200) << named.body;
    const Json faces = Json::parse(named.body).at("faces");
    ASSERT_EQ(faces.size(), 1U);
    EXPECT_EQ(faces[0].at("subject"), "Barack Obama");
    EXPECT_GE(faces[0].at("similarity").get<double>(), faces[0].at("threshold").get<double>());
    EXPECT_GT(faces[0].at("fmr").get<double>(), 0);
    const TestAnswer broken =
        ask(port, server::post_text("/v1/detect", "{\"image\": \"AAAA\"}",
                                    "X-Api-Key: " + key + "\r\nContent-Type: application/json\r\n"));
    EXPECT_GE(broken.status, 400);
    EXPECT_LT(broken.status, 500) << broken.body;
  });
  EXPECT_EQ(second.code, 0) << second.err;
  EXPECT_EQ(world.checked("faces/collections/staff.vgal")["faces"], 1);
}

/// Processes that another one started: their names and whether what they may call is filtered.
std::vector<std::pair<std::string, bool>> children_of(pid_t parent) {
  std::vector<std::pair<std::string, bool>> children;
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    std::ifstream status(entry.path() / "status");
    std::string name, line;
    bool ours = false, filtered = false;
    while (std::getline(status, line)) {
      if (line.starts_with("Name:\t")) name = line.substr(6);
      if (line == "PPid:\t" + std::to_string(parent)) ours = true;
      if (line == "Seccomp:\t2") filtered = true;
    }
    if (ours) children.emplace_back(name, filtered);
  }
  return children;
}

TEST(Serve, DecodesInProcessesWithoutRightsThatEndWithIt) {
  const World world;
  for (const bool here : {false, true}) {
    std::vector<std::string> arguments = kServe;
    if (here) arguments.emplace_back("--no-isolation");
    bool visited = false;
    const Answer served =
        world.vultus(Call{.arguments = arguments, .folder = {}, .watch = [&](pid_t child, const std::string& out) {
                            if (visited || out.find('\n') == std::string::npos) return;
                            visited = true;
                            std::string key = read_bytes(world / "faces/admin.key");
                            while (!key.empty() && key.back() == '\n') key.pop_back();
                            const TestAnswer found =
                                ask(port_in(out), picture_form("/v1/detect", key, samples().obama));
                            EXPECT_EQ(found.status, 200) << found.body;
                            const auto children = children_of(child);
                            EXPECT_EQ(children.empty(), here);
                            for (const auto& [name, filtered] : children) {
                              EXPECT_EQ(name, "vultus-decode");
                              EXPECT_TRUE(filtered);
                            }
                            ::kill(child, SIGTERM);
                          }});
    EXPECT_EQ(served.code, 0) << served.err;
  }
}

TEST(Serve, AnswersDeepfaceOnAnAddressOfItsOwnWhereItIsAsked) {
  const World world;
  bool visited = false;
  const Answer served = world.vultus(
      Call{.arguments = {"serve", "--data", "faces", "--listen", "127.0.0.1:0", "--deepface", "127.0.0.1:0", "--fast"},
           .folder = {},
           .watch = [&](pid_t child, const std::string& out) {
             if (visited || std::ranges::count(out, '\n') < 2) return;
             visited = true;
             std::string key = read_bytes(world / "faces/admin.key");
             while (!key.empty() && key.back() == '\n') key.pop_back();
             const std::string body =
                 "--b\r\nContent-Disposition: form-data; name=\"img1\"; filename=\"a.jpg\"\r\n\r\n" +
                 read_bytes(samples().obama) +
                 "\r\n--b\r\nContent-Disposition: form-data; name=\"img2\"; filename=\"b.jpg\"\r\n\r\n" +
                 read_bytes(samples().obama_2) + "\r\n--b--\r\n";
             const std::string type = "Content-Type: multipart/form-data; boundary=b\r\n";
             const TestAnswer same =
                 ask(port_in(out), server::post_text("/verify", body, "Authorization: Bearer " + key + "\r\n" + type));
             EXPECT_EQ(same.status, 200) << same.body;
             EXPECT_EQ(Json::parse(same.body).at("verified"), true);
             EXPECT_EQ(ask(port_in(out), server::post_text("/verify", body, type)).status, 401);
             EXPECT_EQ(ask(port_in(out), server::get_text("/v1/health")).status, 404) << "nothing else stands there";
             ::kill(child, SIGTERM);
           }});
  EXPECT_EQ(served.code, 0) << served.err;
}

TEST(Serve, ExamplesOfItsHelpListen) {
  const World world;
  ASSERT_EQ(world.shell("vultus gallery new-key gallery.key").code, 0);
  const std::string help = world.vultus({"serve", "--help"}).out;
  int examples = 0;
  for (std::size_t at = help.find("\n  vultus serve"); at != std::string::npos;
       at = help.find("\n  vultus serve", at + 1)) {
    std::string line = help.substr(at + 3, help.find('\n', at + 1) - at - 3);
    // Those of tests/e2e/serve_shared_test.cpp and shards_test.cpp have databases.
    if (line.find("postgresql://") != std::string::npos || line.find("shards.json") != std::string::npos) continue;
    // Ports that may be taken here.
    if (const std::size_t port = line.find(":8443"); port != std::string::npos)
      line.replace(port, 5, ":0");
    else
      line += " --listen 127.0.0.1:0";
    // Ends by itself when somebody has connected: the shell waits for the first line and sends the signal.
    const Answer answer =
        world.shell(line +
                    " --fast > url & pid=$!; for i in $(seq 600); do [ -s url ] && break; sleep 0.1; done; "
                    "kill -TERM $pid; wait $pid");
    EXPECT_EQ(answer.code, 0) << line << "\n" << answer.err;
    EXPECT_THAT(read_bytes(world / "url"), ::testing::StartsWith("http")) << line;
    std::filesystem::remove(world / "url");
    ++examples;
  }
  EXPECT_GE(examples, 3);
}

TEST(Serve, WhatCannotBeServedSaysWhy) {
  const World world;
  const Answer open = world.vultus({"serve", "--data", "faces", "--listen", "0.0.0.0:0", "--fast"});
  EXPECT_EQ(open.code, 3) << open.err;
  EXPECT_THAT(open.err, HasSubstr("0.0.0.0"));
  const Answer nowhere = world.vultus({"serve", "--data", "faces", "--listen", "localhost", "--fast"});
  EXPECT_EQ(nowhere.code, 3) << nowhere.err;
  EXPECT_THAT(nowhere.err, HasSubstr("ADDRESS:PORT"));
  const Answer twice = serve(world, kServe, SIGTERM, [&](std::uint16_t) {
    const Answer other = world.vultus(kServe);
    EXPECT_EQ(other.code, 8) << other.err;
    EXPECT_THAT(other.err, HasSubstr("faces"));
  });
  EXPECT_EQ(twice.code, 0) << twice.err;
}

}  // namespace
}  // namespace vultus::e2e
