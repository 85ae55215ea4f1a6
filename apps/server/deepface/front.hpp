// What happens to every request of the deepface interface around the function behind its route.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include <vultus/engine/looker.hpp>

#include <apps/server/api/call.hpp>
#include <apps/server/service.hpp>

namespace vultus::server::deepface {

/// A row of the table of routes. All are POST with a body: JSON, or a form of texts and files.
struct Row {
  std::string path;
  std::string operation;
  Scope scope = Scope::identify;
  std::function<Reply(Call&)> act;
};

/// What cannot be done, and why: 400.
[[nodiscard]] Problem refusal(std::string why);

/// The one collection that the caller's key sees.
[[nodiscard]] Checked<CollectionLease> collection_of(const Call& call);

// The rows of each topic.
[[nodiscard]] std::vector<Row> picture_rows();
[[nodiscard]] std::vector<Row> people_rows();

}  // namespace vultus::server::deepface

namespace vultus::server {

/// Adds the routes of the deepface interface, which stand at the root of a listener of their own.
/// @param service  must outlive the router
/// @error as Router::add
Status add_deepface_routes(Router& router, Service& service);

}  // namespace vultus::server
