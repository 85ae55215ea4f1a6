// A search node: holds the templates of some shards in memory and searches them for routers that hold none.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <vultus/core/result.hpp>
#include <vultus/gallery/gallery_options.hpp>

namespace vultus {

struct SearchNodeOptions {
  /// Of the configuration of shards, and how the shards are opened: for reading only, taking in changes at once.
  GalleryOptions gallery;
  std::vector<std::string> shards;  ///< names of those that are searched here, at least one
};

/// What a search node tells of a shard.
struct ServedShard {
  std::string name;
  std::int64_t faces = 0;
  std::int64_t sequence = 0;  ///< number of the last change that is searched
  std::int64_t bytes = 0;     ///< of templates in memory
};

/// Thread-safe. docs/postgres.md tells what it is for, and how it keeps up with what others change.
class SearchNode {
 public:
  /// The largest question that is read.
  static constexpr std::size_t kMaxQuestion = std::size_t{32} << 20U;

  /// Opens the shards and loads their templates.
  /// @error invalid_argument  no such shard in the configuration, or one twice
  /// (errors: as Gallery::open)
  static Result<SearchNode> open(const SearchNodeOptions& options);
  SearchNode(SearchNode&&) noexcept;
  SearchNode& operator=(SearchNode&&) noexcept;
  ~SearchNode();

  /// Answers a question as AskNode carries it. Whoever may ask may search everybody: the caller of this has checked who
  /// asks. A question that is no question, or cannot be answered, has an answer too, which says why.
  /// @cost a search in the shard that the question names; where this node is behind the router, a look at the server
  [[nodiscard]] std::string answer(std::string_view question) const;
  [[nodiscard]] std::vector<ServedShard> status() const;

 private:
  struct Parts;
  explicit SearchNode(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace vultus
