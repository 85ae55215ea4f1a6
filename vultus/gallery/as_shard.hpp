// What makes a gallery in one store a shard of a larger one. Private to this room.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <unordered_set>
#include <vector>

#include <vultus/core/result.hpp>
#include <vultus/gallery/guard.hpp>
#include <vultus/gallery/index/template_index.hpp>
#include <vultus/gallery/store/store.hpp>

namespace vultus::gallery {

/// What a shard of a larger gallery needs beside the options.
struct AsShard {
  std::int64_t number = 0;
  std::string map;                           ///< the map of shards, for a new shard; empty = no shard
  ShardKeys keys = {};                       ///< its name, and the id of the whole gallery for a new one
  std::function<Status(Store&)> guard = {};  ///< asked at the beginning of every write transaction
  Holding holding = Holding::templates;      ///< nothing: search nodes search it
};

/// Rows that are not in the store any more.
struct Gone {
  std::vector<SubjectId> subjects;
  std::vector<FaceId> faces;
  std::int64_t readings = 0;  ///< so often memory was read as a whole, which does not tell who had gone before
  Sequence up_to = 0;         ///< these are all who had gone by this change; 0 = they are only some
};

/// What others took away and memory still shows, so that a subject which moves from one shard to another is at no time
/// in neither. Thread-compatible.
class KeptGone {
 public:
  /// From now on what others take away is kept.
  void begin() { keeps_ = true; }
  /// Memory was read as a whole: who had gone before is not known, so nothing is settled.
  void read_anew() { ++readings_; }
  /// True where all that memory does not show any more was dropped, and nothing is kept.
  [[nodiscard]] bool settled() const { return readings_ == settled_readings_ && subjects_.empty() && faces_.empty(); }
  /// What memory has to drop for changes by others: nothing where it is kept.
  [[nodiscard]] IndexChanges to_drop(const Changes& changes);
  [[nodiscard]] Gone all() const;
  /// Of these subjects alone.
  /// @param view  memory, which tells the owners of faces
  [[nodiscard]] Gone of(std::span<const SubjectId> subjects, const TemplateView& view) const;
  [[nodiscard]] bool holds(SubjectId id) const { return subjects_.contains(id); }
  /// Ends the keeping of some.
  /// @return what memory has to drop for it
  [[nodiscard]] IndexChanges drop(const Gone& gone);

 private:
  bool keeps_ = false;
  std::int64_t readings_ = 0;
  std::int64_t settled_readings_ = 0;
  std::unordered_set<SubjectId> subjects_;
  std::unordered_set<FaceId> faces_;
};

}  // namespace vultus::gallery
