#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include <vultus/evaluation/text_distance.hpp>

#include <apps/cli/wrong_usage.hpp>

namespace vultus::cli {
namespace {

std::vector<std::string> names_of_commands(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* one : app.get_subcommands([](const CLI::App* sub) { return !sub->get_group().empty(); }))
    names.push_back(one->get_name());
  return names;
}

std::vector<std::string> names_of_options(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options())
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  return names;
}

/// The first argument that nobody took: an option, or a word. @return empty = there is none
std::string first_left(const CLI::App& app, bool option) {
  for (const std::string& argument : app.remaining())
    if (argument != "--" && (argument.size() > 1 && argument.front() == '-') == option) return argument;
  return {};
}

std::string with_proposal(std::string text, const std::optional<std::string>& meant) {
  return meant ? std::move(text) + "; did you mean " + *meant + "?" : text;
}

/// The name that was probably meant: the one that differs in the fewest letters, if it differs in few.
std::optional<std::string> probably_meant(const std::string& written, const std::vector<std::string>& names) {
  constexpr std::size_t kLettersPerMistake = 4;
  return evaluation::nearest_text(written, names, 2 + written.size() / kLettersPerMistake);
}

}  // namespace

const CLI::App& innermost(const CLI::App& app) {
  const CLI::App* at = &app;
  while (!at->get_subcommands().empty()) at = at->get_subcommands().front();
  return *at;
}

std::string called_name(const CLI::App& app) {
  std::string name = "vultus";
  for (const CLI::App* at = &app; !at->get_subcommands().empty();) {
    at = at->get_subcommands().front();
    name += " " + at->get_name();
  }
  return name;
}

std::string usage_message(const CLI::App& app, const CLI::ParseError& error) {
  const CLI::App& called = innermost(app);
  const std::vector<std::string> commands = names_of_commands(called);
  for (const CLI::App* at = &app; at != &called; at = at->get_subcommands().front())
    if (const std::string early = first_left(*at, true); !early.empty())
      return early + " stands before the command; options stand behind it";
  // What stands behind a command that is none is not looked at.
  if (const std::string word = first_left(called, false); !word.empty() && !commands.empty())
    return with_proposal("there is no command " + word, probably_meant(word, commands));
  if (const std::string option = first_left(called, true); !option.empty())
    return with_proposal("there is no option " + option,
                         probably_meant(option.substr(0, option.find('=')), names_of_options(called)));
  return !commands.empty() && error.get_name() == "RequiredError" ? "a command is wanted" : error.what();
}

}  // namespace vultus::cli
