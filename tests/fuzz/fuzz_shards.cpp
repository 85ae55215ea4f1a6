// Any bytes as a configuration of shards: an error with a message, or a map whose promises hold. The first byte says
// whether they are a file or what a shard has stored.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include <tests/fuzz/fuzz_target.hpp>
#include <vultus/gallery/shards/shard_map.hpp>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace vultus::gallery;  // NOLINT(google-build-using-namespace): the room under test
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const bool file = data[0] != 's';
  const auto map = file ? parse_shards(text, "fuzz") : map_from_stored(text);
  if (!map) {
    vultus::fuzz::require(!map.error().message.empty(), "an error says something");
    return 0;
  }
  vultus::fuzz::require(!map->shards.empty() && map->shards.size() <= ShardMap::kMaxShards, "1 to 1000 shards");
  for (const Shard& shard : map->shards) {
    vultus::fuzz::require(!shard.name.empty() && shard.number >= 0 && shard.number <= 65535, "names and numbers");
    vultus::fuzz::require(shard.weight >= 0 && shard.weight <= 1000, "weights");
    vultus::fuzz::require(!file || joined_url(shard).has_value(), "one URL");
  }
  vultus::fuzz::require(map->shards[home_of(text, map->shards)].weight > 0, "a home has a weight");
  const auto again = file ? parse_shards(shards_text(*map), "again") : map_from_stored(stored_map(*map));
  vultus::fuzz::require(again && same_places(*again, *map) && again->version == map->version,
                        "what is written is read");
  return 0;
}
