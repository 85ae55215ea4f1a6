#include <apps/cli/one_output.hpp>

#include <algorithm>
#include <array>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <CLI/Option.hpp>

#include <apps/cli/wrong_usage.hpp>

namespace vultus::cli {
namespace {

/// Options that name what is written, in all commands that have them. --pairs is written by the one command alone that
/// has an option for a page beside it and makes the pairs itself.
constexpr std::array<std::string_view, 15> kOutputs{
    "output", "report",  "annotate", "html",         "plot",       "plots",          "scores", "probes",
    "out",    "library", "into",     "save-neutral", "secret-key", "admin-key-file", "cue-map"};

bool is_output(const CLI::Option& option) {
  return std::ranges::any_of(option.get_lnames(), [](const std::string& name) {
    return std::ranges::find(kOutputs, std::string_view(name)) != kOutputs.end();
  });
}

/// Where a name leads, whether something is there already or not.
std::filesystem::path place_of(const std::string& name) {
  std::error_code failed;
  const std::filesystem::path place =
      std::filesystem::weakly_canonical(std::filesystem::absolute(name, failed), failed);
  return failed ? std::filesystem::path(name) : place.has_filename() ? place : place.parent_path();
}

bool are_one(const std::string& one, const std::string& other) {
  std::error_code failed;
  return place_of(one) == place_of(other) || std::filesystem::equivalent(one, other, failed);
}

}  // namespace

std::string two_outputs_of_one_name(const CLI::App& app) {
  std::vector<std::pair<std::string, std::string>> outputs;  // option, name
  for (const CLI::Option* option : innermost(app).get_options()) {
    if (!is_output(*option) || option->count() == 0 || option->results().front() == "-") continue;
    const std::string& name = option->results().front();
    for (const auto& [before, taken] : outputs)
      if (are_one(name, taken))
        return before + " and --" + option->get_lnames().front() + " both name " + name +
               ": the one would replace the other";
    outputs.emplace_back("--" + option->get_lnames().front(), name);
  }
  return {};
}

}  // namespace vultus::cli
