#include <vultus/gallery/shards/shard_map.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <fstream>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <system_error>

#include <sodium.h>
#include <nlohmann/json.hpp>

#include <vultus/postgres/connection.hpp>

namespace vultus::gallery {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::int64_t kFormat = 1;
constexpr std::int64_t kMaxNumber = 65'535;
constexpr double kMaxWeight = 1000;
constexpr std::size_t kMaxName = 32;
constexpr std::size_t kMaxUrls = 16;
constexpr std::string_view kMark = "vultus_shards";

bool is_shard_name(std::string_view name) {
  return !name.empty() && name.size() <= kMaxName && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
}

Error refuse(const std::string& what) { return fail(ErrorCode::invalid_argument, what); }

Status only_fields(const Json& object, const std::set<std::string>& known, const std::string& what) {
  for (const auto& [key, value] : object.items())
    if (!known.contains(key)) return refuse(what + " has the unknown field \"" + key.substr(0, kMaxName) + "\"");
  return {};
}

Result<std::int64_t> whole(const Json& object, const char* key, std::int64_t most, const std::string& what) {
  const auto at = object.find(key);
  const std::string wanted = what + " needs \"" + key + "\", 0 to " + std::to_string(most);
  if (at == object.end() || !at->is_number_integer()) return refuse(wanted);
  const bool large = at->is_number_unsigned() && at->get<std::uint64_t>() > static_cast<std::uint64_t>(most);
  if (large || at->get<std::int64_t>() < 0) return refuse(wanted);
  return at->get<std::int64_t>();
}

Result<std::vector<std::string>> read_urls(const Json& object, const std::string& what) {
  const auto at = object.find("urls");
  if (at == object.end() || !at->is_array() || at->empty() || at->size() > kMaxUrls)
    return refuse(what + " needs \"urls\", a list of 1 to " + std::to_string(kMaxUrls) + " URLs");
  std::vector<std::string> urls;
  for (const Json& one : *at) {
    if (!one.is_string() || !postgres::shown_url(one.get<std::string>()))
      return refuse(what + ": number " + std::to_string(urls.size() + 1) +
                    " of its \"urls\" is no URL like postgresql://user:password@host:5432/database");
    urls.push_back(one.get<std::string>());
  }
  return urls;
}

/// True where a host cannot be reached from another machine.
bool is_loopback(std::string_view authority) {
  if (authority.starts_with("[::1]")) return true;
  const std::string_view host = authority.substr(0, authority.rfind(':'));
  const bool numbers = host.find_first_not_of("0123456789.") == std::string_view::npos;
  return host == "localhost" || (numbers && host.starts_with("127."));
}

/// The URL of a search node: "https://host:port", nothing behind it.
std::optional<std::string> wrong_node(std::string_view url, const NodeAccess& access) {
  constexpr std::size_t kMaxUrl = 512;
  const bool secure = url.starts_with("https://");
  if (url.size() > kMaxUrl || (!secure && !url.starts_with("http://"))) return "no URL like https://node1:9443";
  const std::string_view authority = url.substr(url.find("//") + 2);
  const auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view(".-_:[]").find(c) != std::string_view::npos;
  };
  if (authority.empty() || !std::ranges::all_of(authority, plain)) return "no URL like https://node1:9443";
  if (!secure && !access.plain_http && !is_loopback(authority))
    return "unencrypted and not on this machine: https, or \"plain_http\": true in \"search_nodes\"";
  return std::nullopt;
}

Result<std::vector<std::string>> read_nodes(const Json& object, const NodeAccess& access, const std::string& what) {
  const auto at = object.find("searched_by");
  std::vector<std::string> nodes;
  if (at == object.end()) return nodes;
  if (!at->is_array() || at->empty() || at->size() > kMaxUrls)
    return refuse(what + " has a \"searched_by\" that is no list of 1 to " + std::to_string(kMaxUrls) + " URLs");
  if (access.token_file.empty())
    return refuse(what + " is \"searched_by\" nodes: the file needs \"search_nodes\" with a \"token_file\"");
  for (const Json& one : *at) {
    const std::string number = std::to_string(nodes.size() + 1);
    if (!one.is_string()) return refuse(what + ": number " + number + " of its \"searched_by\" is no text");
    if (const auto wrong = wrong_node(one.get<std::string>(), access))
      return refuse(what + ": number " + number + " of its \"searched_by\" is " + *wrong);
    if (std::ranges::find(nodes, one.get<std::string>()) != nodes.end())
      return refuse(what + " names a node twice in its \"searched_by\"");
    nodes.push_back(one.get<std::string>());
  }
  return nodes;
}

Result<NodeAccess> read_access(const Json& root) {
  NodeAccess access;
  const auto at = root.find("search_nodes");
  if (at == root.end()) return access;
  if (!at->is_object()) return refuse("\"search_nodes\" is no object");
  VULTUS_CHECK(only_fields(*at, {"token_file", "ca_file", "plain_http"}, "\"search_nodes\""));
  const auto path = [&](const char* key, std::filesystem::path& to) -> Status {
    const auto one = at->find(key);
    if (one == at->end()) return {};
    if (!one->is_string() || one->get<std::string>().empty() || one->get<std::string>().find('\0') != std::string::npos)
      return refuse("\"search_nodes\" has a \"" + std::string(key) + "\" that is no path");
    to = one->get<std::string>();
    return {};
  };
  VULTUS_CHECK(path("token_file", access.token_file));
  VULTUS_CHECK(path("ca_file", access.ca_file));
  if (const auto plain = at->find("plain_http"); plain != at->end()) {
    if (!plain->is_boolean()) return refuse("\"search_nodes\" has a \"plain_http\" that is neither true nor false");
    access.plain_http = plain->get<bool>();
  }
  return access;
}

Json json_of(const NodeAccess& access) {
  Json object = Json::object();
  if (!access.token_file.empty()) object["token_file"] = access.token_file.string();
  if (!access.ca_file.empty()) object["ca_file"] = access.ca_file.string();
  if (access.plain_http) object["plain_http"] = true;
  return object;
}

enum class Urls : std::uint8_t { wanted, none };

Result<Shard> read_shard(const Json& object, std::size_t at, Urls urls, const NodeAccess& access) {
  std::string what = "shard " + std::to_string(at + 1);
  if (!object.is_object()) return refuse(what + " is no object");
  Shard shard;
  const auto name = object.find("name");
  if (name == object.end() || !name->is_string() || !is_shard_name(name->get<std::string>()))
    return refuse(what + " needs a \"name\" of 1 to " + std::to_string(kMaxName) + " of a-z, 0-9, - and _");
  shard.name = name->get<std::string>();
  what = "shard \"" + shard.name + "\"";
  VULTUS_CHECK(only_fields(object, {"name", "number", "weight", "urls", "searched_by"}, what));
  VULTUS_TRY(shard.number, whole(object, "number", kMaxNumber, what));
  if (const auto weight = object.find("weight"); weight != object.end()) {
    if (!weight->is_number()) return refuse(what + " has a \"weight\" that is no number");
    shard.weight = weight->get<double>();
    if (!(shard.weight >= 0 && shard.weight <= kMaxWeight)) return refuse(what + " has a \"weight\" outside 0 to 1000");
  }
  if (urls == Urls::wanted) {
    VULTUS_TRY(shard.urls, read_urls(object, what));
    if (const auto one = joined_url(shard); !one) return one.error();
    VULTUS_TRY(shard.searched_by, read_nodes(object, access, what));
  }
  return shard;
}

Result<std::vector<Shard>> read_list(const Json& root, Urls urls, const NodeAccess& access = {}) {
  const auto list = root.find("shards");
  if (list == root.end() || !list->is_array() || list->empty() || list->size() > ShardMap::kMaxShards)
    return refuse("needs \"shards\", a list of 1 to " + std::to_string(ShardMap::kMaxShards));
  std::vector<Shard> shards;
  std::set<std::string> names;
  std::set<std::int64_t> numbers;
  bool weighs = false;
  for (const Json& one : *list) {
    VULTUS_TRY(Shard shard, read_shard(one, shards.size(), urls, access));
    if (!names.insert(shard.name).second) return refuse("two shards are called \"" + shard.name + "\"");
    if (!numbers.insert(shard.number).second)
      return refuse("two shards have the number " + std::to_string(shard.number));
    weighs = weighs || shard.weight > 0;
    shards.push_back(std::move(shard));
  }
  if (!weighs) return refuse("no shard has a weight above 0");
  return shards;
}

/// The text as JSON, without an exception and without recursion that a hostile text could make deep.
std::optional<Json> json_from(std::string_view text) {
  constexpr int kDepth = 4;
  int depth = 0;
  bool deep = false;
  const auto watch = [&](int at, Json::parse_event_t, Json&) {
    depth = std::max(depth, at);
    deep = deep || at > kDepth;
    return !deep;
  };
  Json root = Json::parse(text, watch, false);
  if (deep || root.is_discarded() || !root.is_object()) return std::nullopt;
  return root;
}

Json json_of(const ShardMap& map, Urls urls) {
  Json list = Json::array();
  for (const Shard& shard : map.shards) {
    Json one{{"name", shard.name}, {"number", shard.number}, {"weight", shard.weight}};
    if (urls == Urls::wanted) one["urls"] = shard.urls;
    if (urls == Urls::wanted && !shard.searched_by.empty()) one["searched_by"] = shard.searched_by;
    list.push_back(std::move(one));
  }
  return list;
}

/// u of (0, 1) from the hash of a shard's name and a key: the first 8 bytes (little-endian) of the BLAKE2b hash of 16
/// bytes over the length of the name (8 bytes, little-endian), the name and the key; of them the upper 53 bits.
double draw(std::string_view name, std::string_view key) {
  crypto_generichash_state state;
  crypto_generichash_init(&state, nullptr, 0, crypto_generichash_BYTES_MIN);
  std::array<unsigned char, 8> length{};
  for (std::size_t i = 0; i < length.size(); ++i) length[i] = static_cast<unsigned char>(name.size() >> (8 * i));
  crypto_generichash_update(&state, length.data(), length.size());
  for (const std::string_view part : {name, key})
    crypto_generichash_update(&state, reinterpret_cast<const unsigned char*>(part.data()), part.size());
  std::array<unsigned char, crypto_generichash_BYTES_MIN> hash{};
  crypto_generichash_final(&state, hash.data(), hash.size());
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < 8; ++i) value |= std::uint64_t{hash[i]} << (8 * i);
  return (static_cast<double>(value >> 11) + 0.5) / 9007199254740992.0;  // 2^53
}

}  // namespace

Result<ShardMap> parse_shards(std::string_view text, const std::string& from) {
  const auto read = [&]() -> Result<ShardMap> {
    const std::optional<Json> root = json_from(text);
    if (!root) return refuse("not a JSON object");
    VULTUS_TRY(const std::int64_t format, whole(*root, kMark.data(), std::numeric_limits<int>::max(), "the file"));
    if (format != kFormat)
      return fail(ErrorCode::unsupported,
                  "a configuration of shards of format " + std::to_string(format) + ", this program knows 1");
    VULTUS_CHECK(only_fields(*root, {std::string(kMark), "shards", "search_nodes"}, "the file"));
    ShardMap map;
    VULTUS_TRY(map.nodes, read_access(*root));
    VULTUS_TRY(map.shards, read_list(*root, Urls::wanted, map.nodes));
    return map;
  };
  return read().with_context(from);
}

Result<ShardMap> read_shards(const std::filesystem::path& path) {
  std::error_code failed;
  if (!std::filesystem::exists(path, failed)) return fail(ErrorCode::not_found, path.string() + ": no such file");
  if (!std::filesystem::is_regular_file(path, failed)) return refuse(path.string() + ": not a file");
  const auto bytes = std::filesystem::file_size(path, failed);
  if (failed || bytes > ShardMap::kMaxFileBytes)
    return fail(ErrorCode::resource_limit, path.string() + ": a configuration of more than " +
                                               std::to_string(ShardMap::kMaxFileBytes) +
                                               " bytes, or one that cannot be read");
  std::ifstream in(path, std::ios::binary);
  std::string text(static_cast<std::size_t>(bytes), '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (!in) return fail(ErrorCode::resource_limit, path.string() + ": cannot be read");
  return parse_shards(text, path.string());
}

NodeAccess node_access(const ShardMap& map, const std::filesystem::path& configuration) {
  NodeAccess access = map.nodes;
  for (auto* const path : {&access.token_file, &access.ca_file})
    if (!path->empty()) *path = configuration.parent_path() / *path;
  return access;
}

std::string shards_text(const ShardMap& map) {
  Json root{{kMark, kFormat}};
  if (map.nodes != NodeAccess()) root["search_nodes"] = json_of(map.nodes);
  root["shards"] = json_of(map, Urls::wanted);
  return root.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

bool looks_like_shards(const std::filesystem::path& path) {
  std::error_code failed;
  if (!std::filesystem::is_regular_file(path, failed)) return false;
  std::ifstream in(path, std::ios::binary);
  std::array<char, 512> head{};
  in.read(head.data(), head.size());
  const std::string_view text(head.data(), static_cast<std::size_t>(in.gcount()));
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && text[first] == '{';
}

std::string stored_map(const ShardMap& map) {
  return Json{{"version", map.version}, {"shards", json_of(map, Urls::none)}}.dump();
}

Result<ShardMap> map_from_stored(std::string_view text) {
  const auto read = [&]() -> Result<ShardMap> {
    const std::optional<Json> root = json_from(text);
    if (!root) return refuse("not a JSON object");
    ShardMap map;
    VULTUS_TRY(map.version, whole(*root, "version", std::numeric_limits<std::int64_t>::max(), "it"));
    VULTUS_TRY(map.shards, read_list(*root, Urls::none));
    return map;
  };
  auto map = read();
  if (!map) return fail(ErrorCode::corrupt_data, "damaged map of shards: " + map.error().message);
  return map;
}

bool same_places(const ShardMap& a, const ShardMap& b) {
  const auto places = [](const ShardMap& map) {
    std::map<std::string, std::pair<std::int64_t, double>> all;
    for (const Shard& shard : map.shards) all[shard.name] = {shard.number, shard.weight};
    return all;
  };
  return places(a) == places(b);
}

Result<std::string> joined_url(const Shard& shard) {
  if (shard.urls.empty()) return refuse("shard \"" + shard.name + "\" has no URL");
  // scheme "://" [user [":" password] "@"] servers ["/" rest]
  std::string before;
  std::string servers;
  std::string behind;
  for (std::size_t i = 0; i < shard.urls.size(); ++i) {
    const std::string& url = shard.urls[i];
    const std::size_t host = url.find("://") + 3;
    const std::size_t end = std::min(url.find_first_of("/?", host), url.size());
    const std::size_t at = url.rfind('@', end);
    const std::size_t from = at == std::string::npos || at < host || at >= end ? host : at + 1;
    const std::string head = url.substr(url.find("://"), from - url.find("://"));
    const std::string tail = url.substr(end);
    if (i > 0 && (head != before || tail != behind))
      return refuse("the \"urls\" of shard \"" + shard.name + "\" differ in more than their servers");
    before = head;
    behind = tail;
    servers += (i > 0 ? "," : "") + url.substr(from, end - from);
  }
  return "postgresql" + before + servers + behind;
}

std::size_t home_of(std::string_view name_key, std::span<const Shard> shards) {
  std::size_t best = shards.size();
  double lowest = std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < shards.size(); ++i) {
    if (!(shards[i].weight > 0)) continue;
    const double drawn = -std::log(draw(shards[i].name, name_key)) / shards[i].weight;
    // Of equals, which need 2^53 luck, the name decides, so that the order in the file does not matter.
    if (best == shards.size() || drawn < lowest || (drawn == lowest && shards[i].name < shards[best].name)) {
      best = i;
      lowest = drawn;
    }
  }
  if (best == shards.size()) throw std::logic_error("home_of without a shard that has a weight");
  return best;
}

}  // namespace vultus::gallery
