// One request on its way through a function behind a route: checked, with its caller known.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <apps/server/api/reply.hpp>
#include <apps/server/collections/collections.hpp>
#include <apps/server/http/message.hpp>
#include <apps/server/http/multipart.hpp>
#include <apps/server/keys/principal.hpp>
#include <apps/server/openapi/json_schema.hpp>

namespace vultus::server {

class Service;

struct Call {
  const Request& request;
  Service& service;
  const Principal* principal = nullptr;  ///< null where the route needs no key
  Json body = nullptr;                   ///< of a JSON body; of a form its texts
  std::vector<FormPart> form = {};       ///< of a form
  std::int64_t pictures_seen = 0;        ///< by look_at() and look_at_bytes(), readable or not
  std::int64_t faces_seen = 0;           ///< in them, or templates that were sent instead

  // What is there has been checked against its schema.
  [[nodiscard]] std::optional<std::string> text(std::string_view name) const;
  [[nodiscard]] std::optional<double> number(std::string_view name) const;
  [[nodiscard]] std::optional<std::int64_t> integer(std::string_view name) const;
  [[nodiscard]] bool flag(std::string_view name) const;
  /// A number of the path; 0 where it is none, which nothing has.
  [[nodiscard]] std::int64_t path_number(std::string_view name) const;
  [[nodiscard]] std::string path_text(std::string_view name) const { return std::string(request.path_value(name)); }

  /// The collection of the path. One that the caller's key does not see is answered like one that is not there.
  [[nodiscard]] Checked<CollectionLease> collection() const;
};

/// An answer of JSON.
[[nodiscard]] Response answer(const Json& json, int status = 200);

}  // namespace vultus::server
