// What a router and a search node say to each other, as bytes. Private to this room.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <vultus/core/embedding.hpp>
#include <vultus/core/result.hpp>
#include <vultus/gallery/local_gallery.hpp>
#include <vultus/gallery/search_node.hpp>

namespace vultus::gallery {

/// Bounds of one question; a router asks in parts what is larger.
inline constexpr std::size_t kMostValues = std::size_t{4} << 20U;  ///< of all its probes: 16 MiB
inline constexpr std::size_t kMostHits = 1'000'000;                ///< probes times top_k
inline constexpr std::size_t kMostSubjects = 1'000'000;            ///< that it is restricted to

/// What a router wants to know of one shard. Both sides must mean the same gallery, shard and model.
struct NodeQuestion {
  enum class Kind : std::uint8_t { status, search };
  Kind kind = Kind::status;
  std::string gallery;  ///< its id; these and what follows are of a search alone
  std::string shard;
  GalleryModel model;     ///< id, dimension and SHA-256 alone
  Sequence at_least = 0;  ///< the answer must show this change
  SearchOptions options;
  std::vector<Embedding> probes;  ///< 1 or more, of that model
};

struct NodeReport {
  std::vector<ServedShard> shards;
};

/// @param probes  those of the question, which need not lie in it
[[nodiscard]] std::string wire_bytes(const NodeQuestion& question, std::span<const Embedding> probes = {});
/// @error invalid_argument  no question, one that is cut off or goes on, or values outside the bounds above: the
/// message
///                          names the field
[[nodiscard]] Result<NodeQuestion> question_from(std::string_view bytes);

[[nodiscard]] std::string wire_bytes(const ShardHits& hits);
[[nodiscard]] std::string wire_bytes(const NodeReport& report);
[[nodiscard]] std::string wire_bytes(const Error& error);
/// @param probes, top_k  of the question
/// @error corrupt_data  no answer to that question; else what the node says, with its code
[[nodiscard]] Result<ShardHits> hits_from(std::string_view bytes, std::size_t probes, std::size_t top_k);
/// @error corrupt_data  no report; else what the node says, with its code
[[nodiscard]] Result<NodeReport> report_from(std::string_view bytes);

}  // namespace vultus::gallery
