// Which function answers which request. The table of routes is also the source of the OpenAPI document.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
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
  /// Template: "/v1/collections/{collection}/subjects/{subject}". A value fills one segment and is not empty; a last
  /// segment "{name...}" takes the rest of the path, which may be empty.
  std::string path;
  std::string operation;  ///< operationId, unique: "listSubjects"
  std::string tag;
  std::string summary;
  std::string description;
  Scope scope = Scope::read;
  std::vector<Parameter> parameters;
  std::string request_type;    ///< media types, comma-separated; empty = no body
  std::size_t body_limit = 0;  ///< bytes of a body; 0 = that of the listener
  std::string request_schema;  ///< JSON Schema or {"$ref": "#/components/schemas/..."}
  int success = 200;
  int other_success = 0;  ///< another status of the same answer, e.g. 201 where something was made; 0 = none
  /// Asked by those who watch the server: answered by a worker of its own while all others are busy. Must not wait for
  /// anything.
  bool watches = false;
  std::string response_type = "application/json";
  std::string response_schema;
  std::vector<std::string> response_headers;  ///< of a success, beside those that every route may send: "ETag", ...
  std::vector<std::string> problems;          ///< codes that it may answer beside those of every route
  std::vector<Example> examples;
  /// Decides about a request of this route before its body is read, in place of `scope`; may set the principal.
  std::function<std::optional<Response>(Request& head)> admit;
  /// How a refusal of the transport is told to callers of this route; empty: as problem+json. May throw nothing.
  std::function<Response(const Problem&)> refuse;
  std::function<Response(const Request&)> handle;  ///< on a worker thread; may throw nothing
};

/// One segment of a template.
struct PathSegment {
  enum class Kind : std::uint8_t { literal, value, rest };
  Kind kind = Kind::literal;
  std::string text;  ///< the literal, or the name of the value
};

/// Immutable once it serves; any thread.
class Router {
 public:
  /// @error invalid_argument  the same method and template (names of values do not count), or operation, twice; a
  ///                          template that is none; HEAD or OPTIONS, which are answered by themselves
  Status add(Route route);
  /// Finds the route and its path values. HEAD is answered by GET, OPTIONS by the methods there are. A segment is
  /// compared after decoding, and a literal comes before a value: "/subjects/search" is not the subject "search".
  /// @return the route, or the answer: 404 path_not_found, 405 method_not_allowed with Allow, 400 path_not_decodable,
  ///         204 with Allow for OPTIONS
  struct Match {
    const Route* route = nullptr;  ///< as long as the router
    Response refusal;              ///< where there is no route
    std::string_view code;         ///< of the refusal; empty: OPTIONS were told
  };
  [[nodiscard]] Match match(Request& request) const;
  [[nodiscard]] const std::vector<Route>& routes() const { return routes_; }

 private:
  std::vector<Route> routes_;
  std::vector<std::vector<PathSegment>> patterns_;  // of the route of the same place
};

}  // namespace vultus::server
