// Subjects on their way from one shard to another, and the map that all shards agree on. Private to this room.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include <vultus/core/result.hpp>
#include <vultus/gallery/guard.hpp>
#include <vultus/gallery/shards/shard_map.hpp>
#include <vultus/gallery/store/store.hpp>

namespace vultus::gallery {

/// A shard that is open for the work of this file.
struct ShardStore {
  Shard shard;
  Store* store = nullptr;
  Guard* guard = nullptr;  ///< needed by move_subjects alone
};

/// The map as a shard stores it.
/// @error corrupt_data  none, or a damaged one
[[nodiscard]] Result<ShardMap> map_of(Store& store);

/// Refuses to write where the map is not the one that the writer knows: who knows an older one would put subjects where
/// others do not look for them. Inside a write transaction.
/// @error cancelled  another version; open the gallery again
[[nodiscard]] Status require_map(Store& store, std::int64_t version);

/// Writes the map into all shards, one after the other. Until it is in all of them nobody writes: whoever knows the new
/// version waits for the last, and whoever knows the old one is refused by the first.
[[nodiscard]] Status publish_map(std::span<const ShardStore> shards, const ShardMap& map);

/// Moves subjects with all that belongs to them: copied, committed there, then deleted here and committed. Both shards
/// are locked meanwhile, so nobody changes what is being copied. Ids stay. A subject that is at its place already,
/// because an earlier move was interrupted between the two commits, is only deleted here. Links go with a subject: who
/// is linked moves together (linked_groups). What could be taken back of a subject is dropped here. In an encrypted
/// gallery a subject gets another key there, and the one here is overwritten, so that no copy of this shard opens any
/// more. Both logs tell of it.
/// @param between  called between the two commits, for tests
/// @return how many were moved; those that are no longer here are passed over
/// @error invalid_argument  another subject has the same name there
[[nodiscard]] Result<std::int64_t> move_subjects(const ShardStore& from, const ShardStore& to,
                                                 std::span<const SubjectId> subjects, std::int64_t map_version,
                                                 const std::function<void()>& between = {});

/// Subjects of one shard who are linked ("not this person") with each other, directly or over others. They lie in one
/// shard, so that a search there sees who somebody is not.
class LinkedGroups {
 public:
  static Result<LinkedGroups> of(Store& store);
  /// Those of the group of a subject, by id; itself alone where nobody is linked with it.
  [[nodiscard]] std::vector<SubjectId> with(SubjectId id) const;
  [[nodiscard]] bool is_linked(SubjectId id) const { return group_of_.contains(id); }

 private:
  std::unordered_map<SubjectId, std::size_t> group_of_;
  std::vector<std::vector<SubjectId>> groups_;
};

/// Whole groups of one shard that belong to another one: a group belongs where its oldest subject does.
/// @return for each shard of the map the groups that are to go there
[[nodiscard]] Result<std::map<std::size_t, std::vector<std::vector<SubjectId>>>> misplaced_groups(Store& store,
                                                                                                  std::size_t here,
                                                                                                  const ShardMap& map);

}  // namespace vultus::gallery
