// Galleries on servers from the command line: the examples of `vultus gallery shards --help`, on a real server.
#include <csignal>
#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <tests/e2e/world.hpp>

namespace vultus::e2e {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

/// A throw-away server with a password, and databases on it.
class ServerWorld {
 public:
  ServerWorld() {
    const Answer started = world_.shell(tool("start") + " --tcp");
    EXPECT_EQ(started.code, 0) << started.err;
    url_ = started.out.substr(0, started.out.find_last_not_of('\n') + 1);
  }
  ~ServerWorld() { (void)world_.shell(tool("remove")); }
  ServerWorld(const ServerWorld&) = delete;
  ServerWorld& operator=(const ServerWorld&) = delete;

  [[nodiscard]] const World& world() const { return world_; }
  /// The URL of a new database.
  [[nodiscard]] std::string database(const std::string& name) const {
    const Answer made = world_.shell(tool("psql") + " -q -c 'CREATE DATABASE " + name + "'");
    EXPECT_EQ(made.code, 0) << made.err;
    return url_.substr(0, url_.rfind('/')) + "/" + name;
  }
  /// Between the user's name and the host.
  [[nodiscard]] std::string password() const {
    const std::size_t from = url_.find(':', url_.find("//") + 2) + 1;
    return url_.substr(from, url_.find('@') - from);
  }
  Answer vultus(std::vector<std::string> arguments) const {
    Answer answer = world_.vultus(std::move(arguments));
    EXPECT_THAT(answer.out + answer.err, Not(HasSubstr(password())));
    return answer;
  }

 private:
  static std::string tool(const std::string& command) {
    return "\"" VULTUS_SOURCE_DIR "/tools/postgres\" " + command + " server";
  }
  World world_;
  std::string url_;
};

std::vector<Json> who(const Answer& answer) {
  EXPECT_EQ(answer.code, 0) << answer.err;
  return json_lines(answer.out);
}

TEST(Shards, NamePeopleLikeAFileAndTakeOneMoreServer) {
  const ServerWorld servers;
  Json configuration{{"vultus_shards", 1}, {"shards", Json::array()}};
  for (const char* name : {"a", "b"})
    configuration["shards"].push_back({{"name", name},
                                       {"number", configuration["shards"].size() + 1},
                                       {"urls", {servers.database(std::string("shard_") + name)}}});
  servers.world().write("shards.json", configuration.dump());

  const Answer enrolled = servers.vultus({"enroll", "shards.json", "people", "--sql-search", "exact", "--json"});
  ASSERT_EQ(enrolled.code, 0) << enrolled.err;
  servers.world().enroll_people();
  const auto told = who(servers.vultus({"identify", "shards.json", "b.jpg", "c.jpg", "--json"}));
  const auto file = who(servers.vultus({"identify", "people.vgal", "b.jpg", "c.jpg", "--json"}));
  ASSERT_EQ(told.size(), file.size());
  for (std::size_t i = 0; i < told.size(); ++i) {
    EXPECT_EQ(told[i]["subject"], file[i]["subject"]);
    EXPECT_EQ(told[i]["similarity"], file[i]["similarity"]);
    EXPECT_EQ(told[i]["shards_asked"], 2);
    EXPECT_EQ(told[i]["partial"], false);
  }

  const std::string third = servers.database("shard_c");
  const Answer added = servers.vultus(
      {"gallery", "shards", "add", "shards.json", "--name", "c", "--url", third, "--sql-search", "exact"});
  ASSERT_EQ(added.code, 0) << added.err;
  ASSERT_EQ(servers.vultus({"gallery", "shards", "rebalance", "shards.json"}).code, 0);
  const Answer status = servers.vultus({"gallery", "shards", "status", "shards.json", "--json"});
  ASSERT_EQ(status.code, 0) << status.err;
  std::int64_t faces = 0;
  for (const Json& line : json_lines(status.out)) faces += line.value("faces", std::int64_t{0});
  EXPECT_EQ(faces, 2);
  EXPECT_EQ(who(servers.vultus({"identify", "shards.json", "b.jpg", "--json"}))[0]["subject"], "Ada Lovelace");
}

TEST(Shards, AreSearchedByANodeThatTakesTheTemplatesOffThoseWhoAsk) {
  const ServerWorld servers;
  const World& world = servers.world();
  Json configuration{{"vultus_shards", 1}, {"shards", Json::array()}};
  for (const char* name : {"a", "b"})
    configuration["shards"].push_back({{"name", name},
                                       {"number", configuration["shards"].size() + 1},
                                       {"urls", {servers.database(std::string("node_") + name)}}});
  world.write("shards.json", configuration.dump());
  ASSERT_EQ(servers.vultus({"enroll", "shards.json", "people", "--sql-search", "exact", "--quiet"}).code, 0);
  const auto file = who(servers.vultus({"identify", "shards.json", "b.jpg", "c.jpg", "--json"}));
  const std::string secret(40, 's');
  for (const char* token : {"nodes.token", "other.token"}) {
    world.write(token, token == std::string("nodes.token") ? secret : std::string(40, 'o'));
    std::filesystem::permissions(world / token, std::filesystem::perms::owner_read);
  }
  Answer asked, alone, info, status, wrong;
  bool visited = false;
  const Answer node =
      world.vultus(Call{.arguments = {"gallery", "shards", "serve", "shards.json", "--name", "a", "--name", "b",
                                      "--listen", "127.0.0.1:0", "--token-file", "nodes.token"},
                        .folder = {},
                        .watch = [&](pid_t child, const std::string& out) {
                          if (visited || out.find('\n') == std::string::npos) return;
                          visited = true;
                          const std::string url = out.substr(0, out.find('\n'));
                          configuration["search_nodes"] = {{"token_file", "nodes.token"}};
                          for (Json& shard : configuration["shards"])
                            shard["searched_by"] = {"http://127.0.0.1:1", url};
                          world.write("routed.json", configuration.dump());
                          configuration["search_nodes"]["token_file"] = "other.token";
                          world.write("wrong.json", configuration.dump());
                          asked = servers.vultus({"identify", "routed.json", "b.jpg", "c.jpg", "--json"});
                          info = servers.vultus({"gallery", "info", "routed.json", "--json"});
                          status = servers.vultus({"gallery", "shards", "status", "routed.json", "--json"});
                          wrong = servers.vultus({"identify", "wrong.json", "b.jpg"});
                          ::kill(child, SIGTERM);
                        }});
  EXPECT_EQ(node.code, 0) << node.err;
  const auto told = who(asked);
  EXPECT_EQ(told, file) << "the second of the two nodes, as if the templates were here";
  EXPECT_EQ(who(info)[0]["templates_here"], 0);
  EXPECT_EQ(status.code, 1) << "one node does not answer";
  std::int64_t faces = 0;
  for (const Json& shard : json_lines(status.out)) {
    EXPECT_EQ(shard["searched_by"][0]["answers"], false);
    EXPECT_EQ(shard["searched_by"][1]["behind"], 0);
    faces += shard["searched_by"][1].value("faces", std::int64_t{0});
  }
  EXPECT_EQ(faces, 2);
  EXPECT_NE(wrong.code, 0);
  EXPECT_THAT(wrong.err, HasSubstr("does not take the secret"));
  for (const Answer& one : {node, asked, status, wrong}) EXPECT_THAT(one.out + one.err, Not(HasSubstr(secret)));

  const Answer refused = servers.vultus({"identify", "routed.json", "b.jpg"});
  EXPECT_NE(refused.code, 0) << "the node has gone";
  EXPECT_THAT(refused.err, HasSubstr("0 of 2 shards answer"));
}

TEST(OneServer, KeepsAnEncryptedGalleryThatOnlyItsKeyOpens) {
  const ServerWorld servers;
  const std::string url = servers.database("faces");
  ASSERT_EQ(servers.vultus({"gallery", "new-key", "gallery.key"}).code, 0);
  const std::vector<std::string> key{"--key-file", "gallery.key", "--keyring", "gallery.keyring"};
  const auto with_key = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), key.begin(), key.end());
    return servers.vultus(std::move(arguments));
  };
  EXPECT_EQ(servers.vultus({"enroll", url, "people"}).code, 3) << "neither a key nor the choice of plain templates";
  const Answer enrolled = with_key({"enroll", url, "people"});
  ASSERT_EQ(enrolled.code, 0) << enrolled.err;
  EXPECT_EQ(who(with_key({"identify", url, "b.jpg", "--json"}))[0]["subject"], "Ada Lovelace");
  EXPECT_NE(servers.vultus({"identify", url, "b.jpg", "--keyring", "gallery.keyring"}).code, 0);
  const Answer list = with_key({"gallery", "list", url});
  EXPECT_THAT(list.out, HasSubstr("Ada Lovelace")) << list.err;
  // Where the gallery is named, its password is not.
  EXPECT_EQ(with_key({"gallery", "permit", url, "bulk-export", "on"}).code, 0);
  EXPECT_EQ(with_key({"gallery", "expire", url, "--json"}).code, 0);
  const Answer given = with_key({"gallery", "subject-export", url, "Ada Lovelace", "ada"});
  ASSERT_EQ(given.code, 0) << given.err;
  EXPECT_THAT(read_bytes(servers.world() / "ada/subject.json"), Not(HasSubstr(servers.password())));
}

}  // namespace
}  // namespace vultus::e2e
