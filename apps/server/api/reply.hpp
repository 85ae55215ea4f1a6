// What the functions behind the routes return: a value, or a refusal with a code of its own.
#pragma once

#include <string>
#include <utility>
#include <variant>

#include <vultus/core/result.hpp>

#include <apps/server/api/problem_kinds.hpp>
#include <apps/server/http/message.hpp>

namespace vultus::server {

/// A refusal, and what only the log of the server is told.
struct Refusal {
  Problem problem;
  std::string for_log = {};
};

/// A T or a Refusal, with the member names of Result, so that VULTUS_TRY and VULTUS_CHECK work in functions that return
/// one. An Error of the library becomes the problem that problem_of() makes of it.
template <class T>
class [[nodiscard]] Checked {
 public:
  // Implicit on purpose, as those of Result are.
  // NOLINTBEGIN(google-explicit-constructor)
  Checked(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Checked(Problem problem) : state_(std::in_place_index<1>, Refusal{.problem = std::move(problem)}) {}
  Checked(Refusal refusal) : state_(std::in_place_index<1>, std::move(refusal)) {}
  Checked(const Error& error)
      : state_(std::in_place_index<1>, Refusal{.problem = problem_of(error), .for_log = error.message}) {}
  // NOLINTEND(google-explicit-constructor)

  explicit operator bool() const noexcept { return state_.index() == 0; }
  [[nodiscard]] T& operator*() & { return std::get<0>(state_); }
  [[nodiscard]] const T& operator*() const& { return std::get<0>(state_); }
  [[nodiscard]] T operator*() && { return std::get<0>(std::move(state_)); }
  [[nodiscard]] T* operator->() { return &std::get<0>(state_); }
  [[nodiscard]] const Refusal& error() const { return std::get<1>(state_); }

 private:
  std::variant<T, Refusal> state_;
};

using Reply = Checked<Response>;

/// The value of a result, or another refusal for an error of this code.
/// @param detail  empty = the message of the error
template <class T>
[[nodiscard]] Checked<T> or_problem(Result<T> result, ErrorCode code, std::string_view problem_code,
                                    const std::string& detail = {}) {
  if (result) return *std::move(result);
  if (result.error().code != code) return result.error();
  return problem(problem_code, detail.empty() ? result.error().message : detail);
}

}  // namespace vultus::server
