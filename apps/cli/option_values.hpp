// What every option refuses, and the ranges of numbers: the same words for all commands.
#pragma once

#include <concepts>
#include <cstdint>
#include <span>
#include <string>

#include <CLI/App.hpp>
#include <CLI/Option.hpp>
#include <CLI/Validators.hpp>

namespace vultus::cli {

/// A whole number from `low` to `high`, both allowed.
[[nodiscard]] CLI::Validator whole_number_within(std::int64_t low, std::int64_t high);
/// A number from `low` to `high`, both allowed; nothing that is no number, such as nan.
[[nodiscard]] CLI::Validator number_within(double low, double high);
/// A number above `low` and below `high`; nothing that is no number.
[[nodiscard]] CLI::Validator number_between(double low, double high);

/// A number from `low` to `high`, both allowed, whole where the limits are.
template <class Number>
[[nodiscard]] CLI::Validator within(Number low, Number high) {
  if constexpr (std::integral<Number>)
    return whole_number_within(static_cast<std::int64_t>(low), static_cast<std::int64_t>(high));
  else
    return number_within(low, high);
}

/// Marks an option whose value may be "" (see check_values()), e.g. a text that takes away the one that was there.
CLI::Option* may_be_empty(CLI::Option* option);

/// Gives all options of all commands the checks that none may lack: a value that is given is not empty, because "" is
/// what a script says whose variable is not set; another option is no value (--report --json); and where a number is
/// wanted (the name of the value says so, e.g. N or RATE), it is finite.
/// @param app  stays where it is
void check_values(CLI::App& app);

/// An option whose value is missing behind "=": --report=. The parser would take the next argument for it.
/// @param arguments  of the command line, without the program
/// @return empty = there is none
[[nodiscard]] std::string option_without_value(std::span<const std::string> arguments);

}  // namespace vultus::cli
