// What a store says of its gallery as a whole, and what a new one is filled with. Private to this room.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <vultus/gallery/records.hpp>
#include <vultus/gallery/utc_time.hpp>

namespace vultus::gallery {

/// Keys of the table meta. A store keeps what it does not know.
inline constexpr std::string_view kMetaModel = "model";            // models.id that the gallery is searched with
inline constexpr std::string_view kMetaCreated = "created";        // ISO 8601
inline constexpr std::string_view kMetaEncryption = "encryption";  // name of the codec: "none", "sealed-1"
inline constexpr std::string_view kMetaGallery = "gallery";        // random id of the gallery, 32 hex digits
inline constexpr std::string_view kMetaSequence = "sequence";      // number of the last write transaction
inline constexpr std::string_view kMetaSnapshot = "snapshot";      // which snapshot of the index is ours, 32 hex digits
inline constexpr std::string_view kMetaLinks = "links";            // number of the last change of links
inline constexpr std::string_view kMetaShards = "shards";          // map of the shards, JSON (shards/shard_map.hpp)
inline constexpr std::string_view kMetaSwitched = "switched";      // number of the last change of 'model'

/// What a new store is filled with, in the transaction that makes it.
struct NewStore {
  GalleryModel model;
  UtcTime created{};
  std::vector<std::pair<std::string, std::string>> meta;  ///< beside model, created, sequence
};

/// A random id for meta 'gallery'.
[[nodiscard]] std::string new_gallery_id();

}  // namespace vultus::gallery
