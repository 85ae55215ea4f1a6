// The query of the CompreFace interface.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <apps/server/api/call.hpp>

namespace vultus::server::compreface {

/// What the routes that look at a picture are asked for.
struct FaceQuery {
  std::size_t limit = 0;                                     ///< faces at most, largest first; 0 = all
  std::optional<double> least_detection;                     ///< [0, 1]; empty = whatever the engine takes for a face
  bool landmarks = false, calculator = false, pose = false;  ///< plugins
  bool status = false;                                       ///< tell times and versions
  std::size_t predictions = 1;                               ///< examples of each face, [1, 10000]
  bool detect_faces = true;                                  ///< false: the picture is a face that was cut out
};

/// Reads it. Plugins without a network in this server are passed over, as the original does with unknown ones.
/// What is out of range is told of all parameters at once, with number 26.
[[nodiscard]] Checked<FaceQuery> face_query(const Call& call);

/// A page of a list.
struct PageQuery {
  std::int64_t page = 0;   ///< [0, 1e9]
  std::int64_t size = 20;  ///< [1, 10000]
};
[[nodiscard]] Checked<PageQuery> page_query(const Call& call);

/// A text of the query. @return number 33 where it is missing
[[nodiscard]] Checked<std::string> required_parameter(const Call& call, const std::string& name);

}  // namespace vultus::server::compreface
