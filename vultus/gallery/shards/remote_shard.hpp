// A shard whose templates are held by search nodes, as a router asks them. Private to this room.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include <vultus/gallery/ask_node.hpp>
#include <vultus/gallery/shards/node_wire.hpp>
#include <vultus/gallery/shards/shard_map.hpp>

namespace vultus::gallery {

/// The search nodes of one shard. Thread-safe.
class RemoteShard {
 public:
  /// @param gallery   its id
  /// @param deadline  of each node; the next one is asked then
  RemoteShard(const Shard& shard, NodeAccess access, AskNode ask, std::string gallery,
              std::chrono::milliseconds deadline)
      : name_(shard.name),
        nodes_(shard.searched_by),
        access_(std::move(access)),
        ask_(std::move(ask)),
        gallery_(std::move(gallery)),
        deadline_(deadline) {}

  /// Asks the node that answered last, then the others.
  /// @param at_least  the answer shows this change
  /// @error resource_limit  none answers as it should: the message names each with its reason
  /// @error cancelled       all that answer are behind `at_least`, and cannot catch up
  /// @error model_mismatch  a node holds templates of another model
  [[nodiscard]] Result<ShardHits> search(std::span<const Embedding> probes, const SearchOptions& options,
                                         const GalleryModel& model, Sequence at_least) const;

  /// Where partial answers are allowed: no node answered, so it is left out until it is tried again.
  void leave_out(bool out) const { left_out_ = out; }
  [[nodiscard]] bool is_left_out() const { return left_out_; }

 private:
  Result<ShardHits> ask(const NodeQuestion& question, std::span<const Embedding> probes) const;

  std::string name_;
  std::vector<std::string> nodes_;
  NodeAccess access_;
  AskNode ask_;
  std::string gallery_;
  std::chrono::milliseconds deadline_;
  mutable std::atomic<std::size_t> first_ = 0;  // the node that is asked first
  mutable std::atomic<bool> left_out_ = false;
};

}  // namespace vultus::gallery
