// A small part of JSON Schema 2020-12: what the schemas of the API use, to check bodies, parameters and answers with
// the very text that the document shows.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <apps/cli/json_lines.hpp>

namespace vultus::server {

using Json = cli::Json;

/// Schemas by name, and checks against them. Immutable; any thread.
class JsonSchemas {
 public:
  /// @param components  {"Name": schema, ...}: what {"$ref": "#/components/schemas/Name"} means
  explicit JsonSchemas(Json components) : components_(std::move(components)) {}

  /// The first thing of a value that a schema does not allow: "/top_k: 200 is more than 100".
  [[nodiscard]] std::optional<std::string> violation(const Json& value, const Json& schema) const;

  /// What is wrong with a schema itself: keywords that violation() does not know, references that lead nowhere,
  /// patterns without a limit of length.
  [[nodiscard]] std::vector<std::string> faults(const Json& schema) const;

  /// The schema that is meant: follows references.
  [[nodiscard]] const Json& resolved(const Json& schema) const;
  [[nodiscard]] const Json& components() const { return components_; }

 private:
  Json components_;
};

}  // namespace vultus::server
