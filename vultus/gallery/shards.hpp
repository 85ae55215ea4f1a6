// Looking after the shards of a gallery that lies on several servers: who has what, one more, and a fair share for
// each.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include <vultus/core/result.hpp>
#include <vultus/gallery/gallery.hpp>

namespace vultus {

/// What a search node says of itself.
struct NodeStatus {
  std::string node;            ///< its URL
  std::optional<Error> error;  ///< it does not answer, or not for this shard; what follows is then not known
  std::int64_t faces = 0;      ///< that it searches
  std::int64_t sequence = 0;   ///< number of the last change that it has seen
  std::int64_t bytes = 0;      ///< of templates in its memory
};

/// What a shard says of itself.
struct ShardStatus {
  std::string name;
  std::int64_t number = 0;
  double weight = 1;
  std::string server;          ///< URL without password: of the server that answered, or of all
  std::optional<Error> error;  ///< it does not answer; what follows is then not known
  std::int64_t subjects = 0;
  std::int64_t faces = 0;
  std::int64_t misplaced = 0;     ///< subjects that belong to another shard, and will be moved by rebalancing
  std::int64_t map_version = 0;   ///< of the map of shards; where shards differ, a change of it was interrupted
  std::int64_t sequence = 0;      ///< number of the last change
  std::vector<NodeStatus> nodes;  ///< those that search it; empty = every process that opens the gallery does
};

struct ShardsOptions {
  std::chrono::milliseconds server_deadline{10'000};  ///< of every call
  AskNode ask_node = nullptr;                         ///< as in GalleryOptions
};

/// How the search nodes of a configuration are reached.
/// @return paths as they can be opened from here; no token file where it names none
/// (errors: not_found no such configuration, invalid_argument it cannot be used)
[[nodiscard]] Result<NodeAccess> search_node_access(const std::filesystem::path& configuration);

/// Asks every shard that the configuration names, and the search nodes of each.
/// @return one for each, in the order of the configuration
/// (errors: not_found no such configuration, invalid_argument it cannot be used)
[[nodiscard]] Result<std::vector<ShardStatus>> shard_status(const std::filesystem::path& configuration,
                                                            const ShardsOptions& options);

struct ShardToAdd {
  std::string name;               ///< 1 to 32 of a-z, 0-9, - and _
  std::vector<std::string> urls;  ///< of a database without a gallery, and of its standbys
  double weight = 1;              ///< (0, 1000]
};

/// What looks after shards needs of an encrypted gallery, and for the audit log; as in GalleryOptions.
struct ShardsProtection {
  std::optional<KeySource> key = std::nullopt;
  std::filesystem::path keyring = {};
  std::string who = {};
  std::string purpose = {};
};

struct AddShardOptions {
  SqlSearch sql_search = SqlSearch::none;  ///< as the other shards have it
  std::chrono::milliseconds server_deadline{10'000};
  ShardsProtection protection = {};
  PassphraseCost passphrase_cost = {};  ///< of its keyring
};

/// Makes the gallery of one more shard, tells all shards of it, and writes it into the configuration. Subjects stay
/// where they are until rebalance_shards. The gallery may be in service: programs that have it open take the new shard
/// in at their next refresh, and are refused to write until then.
/// @return the number of the new shard
/// @error invalid_argument  a name that is taken or wrong, a database that has a gallery already
/// @error resource_limit    a shard does not answer
Result<std::int64_t> add_shard(const std::filesystem::path& configuration, const ShardToAdd& shard,
                               const AddShardOptions& options);

struct RebalanceOptions {
  std::chrono::milliseconds server_deadline{60'000};
  /// Of one move, [1, 1000]: both shards are locked for writing meanwhile. Who is linked moves together, however many.
  std::size_t subjects_at_once = 50;
  std::function<void(std::int64_t moved, std::int64_t of)> progress = nullptr;
  std::stop_token stop = {};
  ShardsProtection protection = {};
};

struct RebalanceReport {
  std::int64_t moved = 0;
  std::int64_t map_version = 0;
};

/// Makes the weights of the configuration those of the gallery, finishes what was interrupted, and moves every subject
/// to the shard it belongs to, while the gallery is in service. May be interrupted and repeated.
/// @return how many were moved
/// (errors: resource_limit a shard does not answer, cancelled asked to stop)
Result<RebalanceReport> rebalance_shards(const std::filesystem::path& configuration, const RebalanceOptions& options);

}  // namespace vultus
