// What happens to every request of the CompreFace interface around the function behind its route.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <apps/server/api/call.hpp>
#include <apps/server/api/operating_point.hpp>
#include <apps/server/compreface/answer.hpp>
#include <apps/server/compreface/errors.hpp>
#include <apps/server/compreface/image_id.hpp>
#include <apps/server/service.hpp>

namespace vultus::server::compreface {

inline constexpr std::size_t kMaxFileBytes = std::size_t{5} << 20U;   ///< of one picture
inline constexpr std::size_t kMaxBodyBytes = std::size_t{10} << 20U;  ///< of a request

/// What a route reads of a body.
enum class Body : std::uint8_t {
  none,
  json,     ///< in Call::body
  picture,  ///< a form, in Call::form, or JSON with base64
};

/// A row of the table of routes.
struct Row {
  Method method = Method::get;
  std::string path;  ///< behind /api/v1
  std::string operation;
  std::optional<ServiceKind> kind;  ///< whose key it wants; nothing = none
  Body body = Body::none;
  std::function<Reply(Call&)> act;
};

/// The route of a row. @param service  must outlive the route
[[nodiscard]] Route route_of(Row row, Service& service);

/// A route for what the table does not have: 404 with the number 0.
/// @param service  must outlive the route
[[nodiscard]] Route nothing_here(Method method, std::string path, Service& service);

/// The collection that the key of a call belongs to.
[[nodiscard]] Checked<CollectionLease> collection_of(const Call& call);
/// Its UUIDs.
[[nodiscard]] ImageIds image_ids_of(const Call& call);

/// Does the caller ask for what the original does not tell? "vultus=true" in the query, or the header "x-vultus: 1".
[[nodiscard]] bool wants_more(const Call& call);

// The rows of each topic.
[[nodiscard]] std::vector<Row> subject_rows();
[[nodiscard]] std::vector<Row> face_rows();
[[nodiscard]] std::vector<Row> recognition_rows();
[[nodiscard]] std::vector<Row> detection_rows();
[[nodiscard]] std::vector<Row> verification_rows();
[[nodiscard]] std::vector<Row> embedding_rows();
[[nodiscard]] std::vector<Row> system_rows();

}  // namespace vultus::server::compreface

namespace vultus::server {

/// Adds the routes of /api/v1.
/// @param service  must outlive the router
/// @error as Router::add
Status add_compreface_routes(Router& router, Service& service);

}  // namespace vultus::server
