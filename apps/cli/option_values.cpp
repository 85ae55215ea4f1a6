#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <functional>
#include <optional>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include <apps/cli/option_values.hpp>

namespace vultus::cli {
namespace {

constexpr const char* kMayBeEmpty = "may be empty";

/// What stands for a number in the help of an option.
constexpr std::array<std::string_view, 26> kNumberKinds{"N",      "S",
                                                        "X",      "P",
                                                        "T",      "A",
                                                        "F",      "K",
                                                        "R",      "A,B",
                                                        "GAP",    "RATE",
                                                        "COSINE", "LEVELS",
                                                        "SHARE",  "SECONDS",
                                                        "BYTES",  "DELTA",
                                                        "RUNS",   "EPSILON",
                                                        "INT",    "NUMBER",
                                                        "FLOAT",  "UINT",
                                                        "0..100", "FX,FY[,CX,CY]"};

/// @return nothing for what is no number to its last character
std::optional<double> number_in(const std::string& text) {
  if (text.empty()) return std::nullopt;
  char* end = nullptr;
  const double value = std::strtod(text.c_str(), &end);
  return end == text.c_str() + text.size() ? std::optional(value) : std::nullopt;
}

template <class Fits>
CLI::Validator number_that(std::string range, std::string wanted, Fits fits) {
  return {[wanted = std::move(wanted), fits = std::move(fits)](std::string& text) {
            const std::optional<double> value = number_in(text);
            return value && fits(*value) ? std::string() : text + " is not " + wanted;
          },
          std::move(range)};
}

std::string empty_value(const std::string& text) {
  return text.empty() ? "an empty value; leave the option out where nothing is meant" : "";
}

/// An overflow is infinite too.
std::string infinite_value(const std::string& text) {
  const std::optional<double> value = number_in(text);
  return value && !std::isfinite(*value) ? text + " is not a finite number" : "";
}

bool is_marked(CLI::Option& option) {
  try {
    return option.get_validator(kMayBeEmpty) != nullptr;
  } catch (const CLI::OptionNotFound&) {
    return false;
  }
}

bool wants_number(const CLI::Option& option) {
  const std::string type = option.get_type_name();
  const std::string_view kind = std::string_view(type).substr(0, type.find(':'));
  return std::ranges::find(kNumberKinds, kind) != kNumberKinds.end();
}

/// Another option in the place of a value, which was forgotten: the parser would take it. @param app  stays where it is
std::string option_as_value(const CLI::App& app, const std::string& text) {
  if (!text.starts_with("--")) return {};
  const std::string name = text.substr(2);
  const auto options = app.get_options();
  const bool known = std::ranges::any_of(options, [&](const CLI::Option* one) { return one->check_lname(name); });
  return known ? "a value is missing before " + text : "";
}

/// Comes before the checks that an option has of its own. @param refused  tells why a value is refused, or nothing
void check_first(CLI::Option& option, std::function<std::string(const std::string&)> refused) {
  option.transform(CLI::Validator([refused = std::move(refused)](std::string& text) { return refused(text); }, ""));
}

}  // namespace

CLI::Validator whole_number_within(std::int64_t low, std::int64_t high) {
  return number_that(fmt::format("{} to {}", low, high), fmt::format("a whole number from {} to {}", low, high),
                     [low, high](double value) {
                       return value == std::trunc(value) && value >= static_cast<double>(low) &&
                              value <= static_cast<double>(high);
                     });
}

CLI::Validator number_within(double low, double high) {
  return number_that(fmt::format("{} to {}", low, high), fmt::format("a number from {} to {}", low, high),
                     [low, high](double value) { return value >= low && value <= high; });
}

CLI::Validator number_between(double low, double high) {
  return number_that(fmt::format("above {}, below {}", low, high),
                     fmt::format("a number above {} and below {}", low, high),
                     [low, high](double value) { return value > low && value < high; });
}

CLI::Option* may_be_empty(CLI::Option* option) {
  return option->check(CLI::Validator([](std::string&) { return std::string(); }, "", kMayBeEmpty));
}

void check_values(CLI::App& app) {
  for (CLI::Option* const option : app.get_options()) {
    if (option->get_items_expected_max() == 0) continue;  // a flag
    if (wants_number(*option)) check_first(*option, infinite_value);
    if (!is_marked(*option)) check_first(*option, empty_value);
    if (!option->get_positional())  // who writes -- means what follows
      check_first(*option, [&app](const std::string& text) { return option_as_value(app, text); });
  }
  for (CLI::App* const command : app.get_subcommands([](CLI::App*) { return true; })) check_values(*command);
}

std::string option_without_value(std::span<const std::string> arguments) {
  for (const std::string& argument : arguments) {
    if (argument == "--") break;
    if (argument.starts_with("--") && argument.size() > 3 && argument.find('=') == argument.size() - 1)
      return argument.substr(0, argument.size() - 1);
  }
  return {};
}

}  // namespace vultus::cli
