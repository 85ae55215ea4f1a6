// Encrypted search with the server as the searcher: the command line makes keys, galleries and probes, the server
// compares, the command line reads what it answered.
#include <csignal>

#include <string>
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
using ::testing::Not;

class SealedServe : public ::testing::Test {
 protected:
  Json run(const std::string& line, int code = 0) {
    const Answer answer = world_.shell(line);
    EXPECT_EQ(answer.code, code) << line << "\n" << answer.out << answer.err;
    return code == 0 ? json_lines(answer.out).at(0) : Json();
  }
  TestAnswer send(const std::string& method, const std::string& path, const std::string& type,
                  const std::string& body) const {
    const std::string post = server::post_text(path, body, "X-Api-Key: " + key_ + "\r\nContent-Type: " + type + "\r\n");
    return TestClient(port_).ask(method + post.substr(std::string("POST").size()));
  }
  TestAnswer send_file(const std::string& method, const std::string& path, const std::string& file) const {
    return send(method, path, "application/octet-stream", read_bytes(world_ / file));
  }
  TestAnswer send_picture(const std::string& path, const std::string& picture, const std::string& subject = {}) const {
    std::string body;
    if (!subject.empty()) body += "--b\r\nContent-Disposition: form-data; name=\"subject\"\r\n\r\n" + subject + "\r\n";
    body += "--b\r\nContent-Disposition: form-data; name=\"image\"; filename=\"a.jpg\"\r\n\r\n" +
            read_bytes(world_ / picture) + "\r\n--b--\r\n";
    return send("POST", path, "multipart/form-data; boundary=b", body);
  }
  /// What the key holder reads of an answer of the server.
  Json read(const TestAnswer& answer, const std::string& more = {}) {
    EXPECT_EQ(answer.status, 200) << answer.body;
    world_.write("far.result", answer.body);
    return run("vultus sealed answer far.result --key office.key --json " + more);
  }
  /// Serves until `visit` returns.
  template <class Visit>
  Answer serve(const std::vector<std::string>& more, Visit visit) {
    bool visited = false;
    std::vector<std::string> arguments{"serve", "--data", "data", "--listen", "127.0.0.1:0"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    Answer answer = world_.vultus(
        Call{.arguments = std::move(arguments), .folder = {}, .watch = [&](pid_t child, const std::string& out) {
               if (visited || out.find('\n') == std::string::npos) return;
               visited = true;
               port_ = static_cast<std::uint16_t>(std::stoi(out.substr(out.rfind(':') + 1)));
               if (key_.empty()) key_ = read_bytes(world_ / "data/admin.key");
               while (key_.ends_with('\n')) key_.pop_back();
               visit();
               ::kill(child, SIGTERM);
             }});
    EXPECT_EQ(answer.code, 0) << answer.err;
    return answer;
  }

  World world_;
  std::uint16_t port_ = 0;
  std::string key_;
};

TEST_F(SealedServe, AnswersWhatTheSearchOnThisMachineAnswersAndKnowsNothing) {
  run("vultus sealed keygen office.key --bits 1024 --json");
  run("vultus sealed keygen other.key --bits 1024 --json");
  run("vultus sealed enroll office.vsg people/ --public-key office.key.pub --json");
  Answer log = serve({}, [&] {
    const TestAnswer put = send_file("PUT", "/v1/sealed/office", "office.vsg");
    EXPECT_EQ(put.status, 201) << put.body;
    EXPECT_EQ(Json::parse(put.body)["rows"], 2);
    for (const auto& [picture, name] : {std::pair("b.jpg", "Ada Lovelace"), std::pair("c.jpg", "Joe Biden")}) {
      const TestAnswer answer = send_picture("/v1/sealed/office/search", picture);
      EXPECT_THAT(answer.body, Not(HasSubstr(name)));
      const Json far = read(answer);
      run("vultus sealed search office.vsg " + std::string(picture) + " -o near.result --json");
      EXPECT_EQ(far, run("vultus sealed answer near.result --key office.key --json"))
          << "the same ranking, names and whole numbers";
      EXPECT_EQ(far["rows"][0]["name"], name);
    }
    run("vultus sealed answer far.result --key other.key", 6);
    EXPECT_EQ(read(send_picture("/v1/sealed/office/search?row=1", "c.jpg"))["searched"], 1);

    // The other way round.
    EXPECT_EQ(send("POST", "/v1/collections", "application/json", R"({"collection": "staff"})").status, 201);
    EXPECT_EQ(send_picture("/v1/collections/staff/faces", "a.jpg", "Ada Lovelace").status, 200);
    EXPECT_EQ(send_picture("/v1/collections/staff/faces", "c.jpg", "Joe Biden").status, 200);
    run("vultus sealed probe b.jpg --public-key office.key.pub -o b.probe --json");
    const Json named = read(send_file("POST", "/v1/collections/staff/sealed-search", "b.probe"));
    EXPECT_EQ(named["searched"], 2);
    EXPECT_EQ(named["rows"][0]["name"], "Ada Lovelace");

    const TestAnswer secret = send_file("PUT", "/v1/sealed/office", "office.key");
    EXPECT_EQ(secret.status, 422);
    EXPECT_EQ(Json::parse(secret.body)["code"], "secret_key_refused");
  });
  EXPECT_THAT(log.err, Not(HasSubstr("Lovelace")));
  EXPECT_THAT(log.err, HasSubstr("\"sealed\":\"office\""));

  // Kept over the end of the process; more than the limit is refused before it is read.
  serve({"--max-sealed-bytes", "5000"}, [&] {
    const TestAnswer large = send_file("PUT", "/v1/sealed/office", "office.vsg");
    EXPECT_EQ(large.status, 413) << large.body;
    EXPECT_EQ(Json::parse(large.body)["code"], "body_too_large");
    EXPECT_EQ(read(send_picture("/v1/sealed/office/search", "b.jpg"))["rows"][0]["name"], "Ada Lovelace");
  });
}

}  // namespace
}  // namespace vultus::e2e
