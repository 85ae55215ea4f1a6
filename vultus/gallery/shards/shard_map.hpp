// Which shards a gallery has, where each lies, and which of them a subject belongs to. Private to this room.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <vultus/core/result.hpp>
#include <vultus/gallery/ask_node.hpp>

namespace vultus::gallery {

/// One shard as the configuration names it. docs/postgres.md describes the file.
struct Shard {
  std::string name;               ///< 1 to 32 of a-z, 0-9, - and _; never changes, because places hang on it
  std::int64_t number = 0;        ///< upper 16 bits of the ids that are given here, 0 to 65535; never changes
  double weight = 1;              ///< its share of the subjects, 0 to 1000; 0 = is to be emptied
  std::vector<std::string> urls;  ///< of the primary and its standbys, at least one; empty in what the gallery stores
  /// URLs of search nodes that hold its templates, each all of them; empty = every process that opens the gallery does.
  std::vector<std::string> searched_by = {};
  bool operator==(const Shard&) const = default;
};

struct ShardMap {
  std::int64_t version = 0;  ///< counted up with every change of shards or weights; 0 = a file, which has none
  std::vector<Shard> shards;
  NodeAccess nodes = {};  ///< paths as written; of a file alone
  bool operator==(const ShardMap&) const = default;

  static constexpr std::size_t kMaxShards = 1000;
  static constexpr std::size_t kMaxFileBytes = 1 << 20;
};

/// Reads a configuration. `from` is named in errors; passwords of URLs never are.
/// @error invalid_argument  no JSON, or a field that is missing, unknown or outside its range; two shards of one name
/// or
///                          number; no shard that has a weight
[[nodiscard]] Result<ShardMap> parse_shards(std::string_view text, const std::string& from);
/// @error not_found, invalid_argument, resource_limit  no such file; as parse_shards; too large or not to be read
[[nodiscard]] Result<ShardMap> read_shards(const std::filesystem::path& path);
/// How the search nodes of a configuration are reached: paths count from its folder.
[[nodiscard]] NodeAccess node_access(const ShardMap& map, const std::filesystem::path& configuration);
/// The text that parse_shards reads, for a person to read and change.
[[nodiscard]] std::string shards_text(const ShardMap& map);
/// True for a file that begins like a configuration; a gallery in a file does not.
[[nodiscard]] bool looks_like_shards(const std::filesystem::path& path);

/// What every shard stores of the map: no URLs.
[[nodiscard]] std::string stored_map(const ShardMap& map);
/// @error corrupt_data  not what stored_map wrote
[[nodiscard]] Result<ShardMap> map_from_stored(std::string_view text);
/// True if both have the same shards with the same weights, in any order.
[[nodiscard]] bool same_places(const ShardMap& a, const ShardMap& b);

/// All servers of a shard in one URL, for libpq to choose from.
/// @error invalid_argument  URLs that differ in more than their servers
[[nodiscard]] Result<std::string> joined_url(const Shard& shard);

/// The shard that a subject belongs to, by rendezvous hashing: each shard draws -ln(u) / weight with u from (0, 1) by a
/// hash of its name and the key, and the lowest wins. So each gets its share, and a new shard takes subjects from all
/// others and moves none between them.
/// @param name_key  of the subject (store/rows.hpp)
/// @return index in `shards`; at least one must have a weight
/// @source Schindelhauer, Schomaker: Weighted distributed hash tables (SPAA 2005), logarithmic method
[[nodiscard]] std::size_t home_of(std::string_view name_key, std::span<const Shard> shards);

}  // namespace vultus::gallery
