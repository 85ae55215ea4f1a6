// The unchanged clients of CompreFace against vultus serve: only address and keys are new to them.
#include <csignal>

#include <filesystem>
#include <map>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <apps/server/http/test_client.hpp>
#include <tests/e2e/world.hpp>

namespace vultus::e2e {
namespace {

using server::TestAnswer;
using server::TestClient;
using ::testing::HasSubstr;

/// What tools/setup clients has installed. A missing one fails the test.
std::string clients_folder() {
  const Answer path =
      run({.arguments = {std::string(VULTUS_SOURCE_DIR) + "/tools/setup", "clients-path"}, .folder = {}});
  std::string folder = path.out.substr(0, path.out.find('\n'));
  EXPECT_TRUE(std::filesystem::exists(folder + "/complete")) << folder << ": tools/setup clients installs it";
  return folder;
}

/// The administrator's side of a server.
class Server {
 public:
  Server(std::uint16_t port, std::string key) : port_(port), key_(std::move(key)) {}
  Json post(const std::string& path, const Json& body) const {
    TestClient client(port_);
    const TestAnswer answer = client.ask(
        server::post_text(path, body.dump(), "X-Api-Key: " + key_ + "\r\nContent-Type: application/json\r\n"));
    EXPECT_EQ(answer.status, 201) << answer.body;
    return Json::parse(answer.body);
  }
  std::string service(const std::string& kind, const Json& collection) const {
    return post("/v1/compatibility/compreface/services", {{"name", kind}, {"kind", kind}, {"collection", collection}})
        .at("secret")
        .get<std::string>();
  }

 private:
  std::uint16_t port_;
  std::string key_;
};

TEST(ComprefaceClients, UseVultusUnchanged) {
  const World world;
  const std::string clients = clients_folder();
  Answer python, javascript;
  std::string keys;
  bool visited = false;
  const Answer served = world.vultus(Call{
      .arguments = {"serve", "--data", "faces", "--listen", "127.0.0.1:0", "--fast"},
      .folder = {},
      .watch = [&](pid_t child, const std::string& out) {
        if (visited || out.find('\n') == std::string::npos) return;
        visited = true;
        const std::string port = std::to_string(std::stoi(out.substr(out.rfind(':') + 1)));
        std::string admin = read_bytes(world / "faces/admin.key");
        while (!admin.empty() && admin.back() == '\n') admin.pop_back();
        const Server server(static_cast<std::uint16_t>(std::stoi(port)), admin);
        for (const char* collection : {"python", "javascript"})
          server.post("/v1/collections", {{"collection", collection}});
        std::map<std::string, std::string> environment{{"CLIENTS", clients},
                                                       {"PORT", port},
                                                       {"DETECTION", server.service("detection", nullptr)},
                                                       {"VERIFICATION", server.service("verification", nullptr)},
                                                       {"PYTHONDONTWRITEBYTECODE", "1"}};
        const std::string scripts = std::string(VULTUS_SOURCE_DIR) + "/tests/clients/compreface/";
        const auto use = [&](const std::string& line, const std::string& collection) {
          environment["RECOGNITION"] = server.service("recognition", collection);
          keys += environment["RECOGNITION"] + "\n";
          return run({.arguments = {"sh", "-c", line}, .folder = world.folder().string(), .environment = environment});
        };
        python = use("exec python3 '" + scripts + "use_python.py'", "python");
        javascript =
            use("PATH=\"$PATH:" + cache_folder().string() + "/tools/npm/bin\"; exec node '" + scripts + "use_js.mjs'",
                "javascript");
        ::kill(child, SIGTERM);
      }});
  EXPECT_EQ(python.code, 0) << python.out << python.err;
  EXPECT_THAT(python.out, HasSubstr("the Python client is content"));
  EXPECT_EQ(javascript.code, 0) << javascript.out << javascript.err;
  EXPECT_THAT(javascript.out, HasSubstr("the JavaScript client is content"));
  EXPECT_EQ(served.code, 0) << served.err;
  EXPECT_THAT(served.err, HasSubstr("\"route\":\"/api/v1/recognition/recognize\""));
  EXPECT_EQ(served.err.find("Obama"), std::string::npos) << "a name in the log";
  for (std::size_t at = 0; at < keys.size(); at = keys.find('\n', at) + 1)
    EXPECT_EQ(served.err.find(keys.substr(at, keys.find('\n', at) - at)), std::string::npos) << "a key in the log";
}

}  // namespace
}  // namespace vultus::e2e
