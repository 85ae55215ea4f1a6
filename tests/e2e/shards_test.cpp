// Galleries on servers from the command line: the examples of `vultus gallery shards --help`, on a real server.
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
