// Expected failures as values: Result<T> holds a T or an Error, and cannot be dropped in silence.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>

namespace vultus {

/// The stable codes of every expected failure. Their names reach JSON output and exit codes.
enum class ErrorCode : std::uint8_t {
  invalid_argument,  ///< the caller asked for something that has no meaning
  not_found,         ///< a file, model, subject or face that is not there
  corrupt_data,      ///< bytes that do not follow their format
  model_mismatch,    ///< templates or files of different models
  unsupported,       ///< understood, but not something this build or version does
  resource_limit,    ///< a limit on size, memory, disk or permission
  cancelled,         ///< the caller asked to stop
  internal,          ///< a fault of ours or of a vendor library
};

/// The name of a code as scripts see it, for example "corrupt_data".
[[nodiscard]] std::string_view name_of(ErrorCode code) noexcept;

/// What went wrong: a code for programs, a message for people that names the thing, the limit and the value.
struct Error {
  ErrorCode code = ErrorCode::internal;
  std::string message;

  /// The same error with "context: " before its message.
  [[nodiscard]] Error with_context(std::string_view context) const;
  bool operator==(const Error&) const = default;
};

/// A T, or the Error that kept it from being made. Member names follow std::expected.
/// Asking for the side that is not there is a bug of the caller and throws std::logic_error.
template <class T>
class [[nodiscard]] Result {
 public:
  using value_type = T;

  // Implicit on purpose: `return value;` and `return fail(...)` are the two ends of every function. The constraint
  // keeps the first one away from copies, moves and errors.
  // NOLINTBEGIN(google-explicit-constructor,bugprone-forwarding-reference-overload)
  template <class U = T>
  requires(std::is_convertible_v<U&&, T> && !std::is_same_v<std::remove_cvref_t<U>, Error> &&
           !std::is_same_v<std::remove_cvref_t<U>, Result>) Result(U&& value)
      : state_(std::in_place_index<0>, std::forward<U>(value)) {}
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}
  // NOLINTEND(google-explicit-constructor,bugprone-forwarding-reference-overload)

  [[nodiscard]] bool has_value() const noexcept { return state_.index() == 0; }
  explicit operator bool() const noexcept { return has_value(); }

  [[nodiscard]] T& value() & { return require_value(), std::get<0>(state_); }  ///< or throws
  [[nodiscard]] const T& value() const& { return require_value(), std::get<0>(state_); }
  // By value: a reference into a temporary would not outlive the loop that iterates over it.
  [[nodiscard]] T value() && { return require_value(), std::get<0>(std::move(state_)); }  ///< or throws
  [[nodiscard]] T& operator*() & { return value(); }
  [[nodiscard]] const T& operator*() const& { return value(); }
  [[nodiscard]] T operator*() && { return std::move(*this).value(); }
  [[nodiscard]] T* operator->() { return &value(); }
  [[nodiscard]] const T* operator->() const { return &value(); }

  [[nodiscard]] const Error& error() const& {
    if (has_value()) throw std::logic_error("Result::error() asked of a success");
    return std::get<1>(state_);
  }
  template <class U>
  [[nodiscard]] T value_or(U&& fallback) const& {
    return has_value() ? std::get<0>(state_) : static_cast<T>(std::forward<U>(fallback));
  }  ///< the fallback stands for a failure
  /// The same success, or the error with "context: " before its message.
  [[nodiscard]] Result with_context(std::string_view context) && {
    if (has_value()) return std::move(*this);
    return std::get<1>(state_).with_context(context);
  }

 private:
  void require_value() const {
    if (!has_value()) throw std::logic_error("Result::value() asked of a failure: " + std::get<1>(state_).message);
  }
  std::variant<T, Error> state_;
};

/// Success without a value, or an Error.
template <>
class [[nodiscard]] Result<void> {
 public:
  using value_type = void;
  Result() = default;
  Result(Error error) : error_(std::in_place_index<1>, std::move(error)) {}  // NOLINT(google-explicit-constructor)

  [[nodiscard]] bool has_value() const noexcept { return error_.index() == 0; }
  explicit operator bool() const noexcept { return has_value(); }
  void value() const {
    if (!has_value()) throw std::logic_error("Status::value() asked of a failure: " + std::get<1>(error_).message);
  }  ///< throws std::logic_error for a failure
  [[nodiscard]] const Error& error() const& {
    if (has_value()) throw std::logic_error("Status::error() asked of a success");
    return std::get<1>(error_);
  }
  [[nodiscard]] Result with_context(std::string_view context) && {
    if (has_value()) return {};
    return std::get<1>(error_).with_context(context);
  }  ///< as that of Result<T>

 private:
  std::variant<std::monostate, Error> error_;
};

using Status = Result<void>;

/// An Error ready to be returned from a function that gives Result<T> or Status.
[[nodiscard]] inline Error fail(ErrorCode code, std::string message) { return Error{code, std::move(message)}; }

/// Runs `body` and turns what it throws into Error{internal}. Only for the borders where vendor code is called,
/// a thread or a request begins: everywhere else an exception is a bug that should be seen.
/// std::bad_alloc becomes resource_limit.
template <class Body>
[[nodiscard]] auto guarded(std::string_view what, Body&& body) noexcept -> std::invoke_result_t<Body> {
  try {
    return std::forward<Body>(body)();
  } catch (const std::bad_alloc&) {
    return Error{ErrorCode::resource_limit, std::string(what) + ": out of memory"};
  } catch (const std::exception& thrown) {
    return Error{ErrorCode::internal, std::string(what) + ": " + thrown.what()};
  } catch (...) {
    return Error{ErrorCode::internal, std::string(what) + ": unknown exception"};
  }
}

}  // namespace vultus

#define VULTUS_JOIN_INNER(a, b) a##b
#define VULTUS_JOIN(a, b) VULTUS_JOIN_INNER(a, b)

/// VULTUS_TRY(const auto x, expression): x = the value, or return the error from the calling function.
#define VULTUS_TRY(declaration, expression) \
  VULTUS_TRY_AS(VULTUS_JOIN(vultus_result_, __LINE__), declaration, expression)
#define VULTUS_TRY_AS(name, declaration, expression) \
  auto name = (expression);                          \
  if (!name) return name.error();                    \
  declaration = *std::move(name)

/// VULTUS_CHECK(expression): return the error of a Status from the calling function.
#define VULTUS_CHECK(expression)                                                           \
  do {                                                                                     \
    if (auto&& vultus_status = (expression); !vultus_status) return vultus_status.error(); \
  } while (false)
