// Every refusal that the API knows: a stable code, its status and its title.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <apps/server/http/message.hpp>

namespace vultus::server {

struct ProblemKind {
  std::string_view code;
  int status = 500;
  std::string_view title;
};

[[nodiscard]] std::span<const ProblemKind> problem_kinds();
/// @return null for a code that is none
[[nodiscard]] const ProblemKind* find_problem_kind(std::string_view code);

/// A problem of a kind that is in the table; another code is a fault of ours.
[[nodiscard]] Problem problem(std::string_view code, std::string detail, std::optional<int> retry_after = std::nullopt);

}  // namespace vultus::server
