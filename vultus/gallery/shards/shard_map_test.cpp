#include <vultus/gallery/shards/shard_map.hpp>

#include <array>
#include <cmath>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace vultus::gallery {
namespace {

std::vector<Shard> shards_of(const std::vector<std::pair<std::string, double>>& places) {
  std::vector<Shard> shards;
  for (const auto& [name, weight] : places)
    shards.push_back({.name = name, .number = static_cast<std::int64_t>(shards.size()), .weight = weight, .urls = {}});
  return shards;
}

// From Python's hashlib.blake2b(len(name).to_bytes(8, "little") + name + key, digest_size=16) and math.log.
TEST(ShardMap, HomesAreThoseOfAnIndependentProgram) {
  const auto three = shards_of({{"a", 1}, {"b", 1}, {"c", 2}});
  EXPECT_EQ(home_of("Ada Lovelace", three), 1U);
  EXPECT_EQ(home_of("Grace Hopper", three), 2U);
  EXPECT_EQ(home_of("Zoë", three), 2U);
  EXPECT_EQ(home_of("", three), 2U);
  EXPECT_EQ(home_of("Alan Turing", three), 0U);
  EXPECT_EQ(home_of("Mary Jackson", three), 1U);
}

std::string searched_by(const std::string& nodes, const std::string& access) {
  return R"({"vultus_shards": 1, )" + access +
         R"("shards": [{"name": "a", "number": 1, "urls": ["postgresql://db/x"], "searched_by": )" + nodes + "}]}";
}

constexpr const char* kToken = R"("search_nodes": {"token_file": "nodes.token", "ca_file": "/etc/ca.pem"}, )";

TEST(ShardMap, TellsWhichNodesSearchAShardAndHowTheyAreReached) {
  const std::string text = searched_by(R"(["https://node1:9443", "http://127.0.0.1:9001", "http://[::1]:9"])", kToken);
  const ShardMap map = parse_shards(text, "x").value();
  EXPECT_EQ(map.shards[0].searched_by,
            (std::vector<std::string>{"https://node1:9443", "http://127.0.0.1:9001", "http://[::1]:9"}));
  const NodeAccess access = node_access(map, "/srv/faces/shards.json");
  EXPECT_EQ(access.token_file, "/srv/faces/nodes.token");
  EXPECT_EQ(access.ca_file, "/etc/ca.pem");
  EXPECT_EQ(parse_shards(shards_text(map), "again").value(), map) << "commands that write the file keep it";
  EXPECT_EQ(stored_map(map).find("node1"), std::string::npos) << "where nodes are is no business of the shards";
}

TEST(ShardMap, RefusesNodesThatAreNoneOrThatAnybodyCouldListenTo) {
  for (const char* nodes :
       {R"([])", R"("https://node1")", R"([7])", R"(["node1:9443"])", R"(["ftp://node1"])", R"(["https://"])",
        R"(["https://user@node1"])", R"(["https://node1/path"])", R"(["https://node1?x"])", R"(["https://a b"])",
        R"(["https://node1", "https://node1"])", R"(["http://node1:9443"])", R"(["http://127.evil.example:1"])",
        R"(["http://localhost.example:1"])"})
    EXPECT_FALSE(parse_shards(searched_by(nodes, kToken), "x")) << nodes;
  const std::string plain = R"("search_nodes": {"token_file": "t", "plain_http": true}, )";
  EXPECT_TRUE(parse_shards(searched_by(R"(["http://node1:9443"])", plain), "x"));
  for (const char* access :
       {"", R"("search_nodes": 7, )", R"("search_nodes": {}, )", R"("search_nodes": {"token_file": ""}, )",
        R"("search_nodes": {"token_file": 7}, )", R"("search_nodes": {"token_file": "t", "plain_http": 1}, )",
        R"("search_nodes": {"token_file": "t", "secret": "x"}, )"})
    EXPECT_FALSE(parse_shards(searched_by(R"(["https://node1"])", access), "x")) << access;
}

TEST(ShardMap, HomesDoNotHangOnTheOrderOfTheFile) {
  const auto one = shards_of({{"a", 1}, {"b", 3}, {"c", 2}});
  const auto other = shards_of({{"c", 2}, {"a", 1}, {"b", 3}});
  for (int i = 0; i < 1000; ++i) {
    const std::string key = "subject " + std::to_string(i);
    EXPECT_EQ(one[home_of(key, one)].name, other[home_of(key, other)].name);
  }
}

TEST(ShardMap, EveryShardGetsItsShare) {
  const auto shards = shards_of({{"a", 1}, {"b", 1}, {"c", 2}, {"empty", 0}});
  std::array<int, 4> counts{};
  constexpr int kSubjects = 40'000;
  for (int i = 0; i < kSubjects; ++i) ++counts[home_of("subject " + std::to_string(i), shards)];
  const std::array<double, 4> share{0.25, 0.25, 0.5, 0};
  for (std::size_t i = 0; i < share.size(); ++i) {
    // Five standard deviations of the binomial distribution.
    const double spread = 5 * std::sqrt(kSubjects * share[i] * (1 - share[i]));
    EXPECT_NEAR(counts[i], kSubjects * share[i], spread) << shards[i].name;
  }
}

TEST(ShardMap, ANewShardTakesFromAllAndMovesNothingBetweenThem) {
  const auto before = shards_of({{"a", 1}, {"b", 1}, {"c", 1}});
  const auto after = shards_of({{"a", 1}, {"b", 1}, {"c", 1}, {"d", 1}});
  std::array<int, 3> taken{};
  for (int i = 0; i < 8000; ++i) {
    const std::string key = "subject " + std::to_string(i);
    const std::size_t old = home_of(key, before);
    const std::size_t now = home_of(key, after);
    if (now == 3)
      ++taken[old];
    else
      EXPECT_EQ(now, old);
  }
  for (const int one : taken) EXPECT_NEAR(one, 8000.0 / 3 / 4, 130);  // five deviations of 26
}

constexpr const char* kSound = R"({"vultus_shards": 1, "shards": [
  {"name": "a", "number": 0, "urls": ["postgresql://u:s3cret@one/db"]},
  {"name": "b-2", "number": 7, "weight": 0.5, "urls": ["postgres://u:p@h1:6000/db?sslmode=require",
                                                       "postgresql://u:p@h2/db?sslmode=require"]}]})";

TEST(ShardMap, AConfigurationIsRead) {
  const ShardMap map = parse_shards(kSound, "f").value();
  ASSERT_EQ(map.shards.size(), 2U);
  EXPECT_EQ(map.shards[1].name, "b-2");
  EXPECT_EQ(map.shards[1].number, 7);
  EXPECT_EQ(map.shards[1].weight, 0.5);
  EXPECT_EQ(map.shards[0].weight, 1);
  EXPECT_EQ(joined_url(map.shards[1]).value(), "postgresql://u:p@h1:6000,h2/db?sslmode=require");
  EXPECT_EQ(joined_url(map.shards[0]).value(), "postgresql://u:s3cret@one/db");
  EXPECT_EQ(parse_shards(shards_text(map), "again").value(), map);
}

TEST(ShardMap, WhatIsStoredHoldsNoUrl) {
  ShardMap map = parse_shards(kSound, "f").value();
  map.version = 12;
  const std::string text = stored_map(map);
  EXPECT_EQ(text.find("s3cret"), std::string::npos);
  const ShardMap back = map_from_stored(text).value();
  EXPECT_EQ(back.version, 12);
  EXPECT_TRUE(same_places(back, map));
  map.shards[0].weight = 2;
  EXPECT_FALSE(same_places(back, map));
  for (const char* wrong : {"", "[]", "{}", "{\"version\":1}", "{\"version\":-1,\"shards\":[]}"})
    EXPECT_EQ(map_from_stored(wrong).error().code, ErrorCode::corrupt_data) << wrong;
}

TEST(ShardMap, AFaultyConfigurationIsRefusedAndNoPasswordSaid) {
  const auto with = [](const std::string& shards) { return R"({"vultus_shards": 1, "shards": [)" + shards + "]}"; };
  const std::string url = R"("urls": ["postgresql://u:s3cret@h/db"])";
  for (
      const std::string& text : std::vector<std::string>{
          "",
          "[]",
          "{",
          "null",
          std::string(100'000, '['),
          R"({"shards": []})",
          with(""),
          with(R"({"name": "a", "number": 0})"),
          with(R"({"name": "A", "number": 0, )" + url + "}"),
          with(R"({"name": "a", "number": -1, )" + url + "}"),
          with(R"({"name": "a", "number": 65536, )" + url + "}"),
          with(R"({"name": "a", "number": 18446744073709551615, )" + url + "}"),
          with(R"({"name": "a", "number": 0, "weight": -1, )" + url + "}"),
          with(R"({"name": "a", "number": 0, "weight": 0, )" + url + "}"),
          with(R"({"name": "a", "number": 0, "colour": 1, )" + url + "}"),
          with(R"({"name": "a", "number": 0, "urls": ["http://u:s3cret@h"]})"),
          with(R"({"name": "a", "number": 0, "urls": []})"),
          with(
              R"({"name": "a", "number": 0, "urls": ["postgresql://u:s3cret@h/db", "postgresql://u:s3cret@h/other"]})"),
          with(R"({"name": "a", "number": 0, )" + url + R"(}, {"name": "a", "number": 1, )" + url + "}"),
          with(R"({"name": "a", "number": 0, )" + url + R"(}, {"name": "b", "number": 0, )" + url + "}"),
          R"({"vultus_shards": 1, "more": 1, "shards": [{"name": "a", "number": 0, )" + url + "}]}"}) {
    const auto map = parse_shards(text, "f");
    ASSERT_FALSE(map) << text.substr(0, 200);
    EXPECT_EQ(map.error().code, ErrorCode::invalid_argument);
    EXPECT_EQ(map.error().message.find("s3cret"), std::string::npos) << map.error().message;
    EXPECT_TRUE(map.error().message.starts_with("f: ")) << map.error().message;
  }
  EXPECT_EQ(parse_shards(R"({"vultus_shards": 2})", "f").error().code, ErrorCode::unsupported);
}

}  // namespace
}  // namespace vultus::gallery
