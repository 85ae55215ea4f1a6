// Which function answers which request. The table of routes is also the source of the OpenAPI document.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <apps/server/http/message.hpp>

namespace vultus::server {

/// What a key must allow for a route.
enum class Scope : std::uint8_t { none, read, identify, enrol, admin };

/// A parameter in the path, the query or the head, for the document and for checking.
struct Parameter {
  enum class Place : std::uint8_t { path, query, header };
  std::string name;
  Place place = Place::query;
  std::string description;
  std::string schema;  ///< JSON Schema
  bool required = false;
};

/// One way of calling a route that really works: the tests run every one.
struct Example {
  std::string name;
  std::string request;   ///< JSON of a body, or empty
  std::string response;  ///< JSON
};

/// One operation.
struct Route {
  Method method = Method::get;
  std::string path;       ///< template: "/v1/collections/{collection}/subjects/{subject}"
  std::string operation;  ///< operationId, unique: "listSubjects"
  std::string tag;
  std::string summary;
  std::string description;
  Scope scope = Scope::read;
  std::vector<Parameter> parameters;
  std::string request_type;    ///< media types, comma-separated; empty = no body
  std::string request_schema;  ///< JSON Schema or {"$ref": "#/components/schemas/..."}
  int success = 200;
  std::string response_type = "application/json";
  std::string response_schema;
  std::vector<std::string> problems;  ///< codes that it may answer beside those of every route
  std::vector<Example> examples;
  std::function<Response(const Request&)> handle;  ///< on a worker thread; may throw nothing
};

/// Immutable once it serves; any thread.
class Router {
 public:
  /// @error invalid_argument  the same method and template, or operation, twice
  Status add(Route route);
  /// Finds the route and its path values. HEAD is answered by GET, OPTIONS by the methods there are.
  /// @return the route, or the problem: 404 not_found, 405 method_not_allowed with Allow
  struct Match {
    const Route* route = nullptr;
    Response refusal;  ///< where there is no route
  };
  [[nodiscard]] Match match(Request& request) const;
  [[nodiscard]] const std::vector<Route>& routes() const { return routes_; }

 private:
  std::vector<Route> routes_;
};

}  // namespace vultus::server
