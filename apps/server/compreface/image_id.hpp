// image_id of the CompreFace interface: a UUID that is the number of a face, sealed.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <vultus/core/ids.hpp>

#include <apps/server/data/server_secret.hpp>

namespace vultus::server::compreface {

/// Numbers of faces and UUIDs of version 8 (RFC 9562) for one collection. No table: 64 bits are the number under a
/// mask, 58 bits a keyed hash of number and collection, of which the mask is made (a synthetic initialisation vector).
/// The same face has the same UUID as long as the server keeps its secret and the collection its name; a UUID of
/// another collection, or one that nobody was told, is nothing. Immutable.
class ImageIds {
 public:
  /// @param secret  must outlive the object
  ImageIds(const ServerSecret& secret, std::string collection) : secret_(secret), collection_(std::move(collection)) {}

  [[nodiscard]] std::string of(FaceId face) const;
  /// @param uuid  in letters of any case
  [[nodiscard]] std::optional<FaceId> face_of(std::string_view uuid) const;

 private:
  using Half = std::uint64_t;
  [[nodiscard]] Half proof_of(Half face) const;
  [[nodiscard]] Half mask_of(Half proof) const;

  const ServerSecret& secret_;
  std::string collection_;
};

}  // namespace vultus::server::compreface
