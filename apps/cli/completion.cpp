#include <algorithm>
#include <array>
#include <string_view>

#include <apps/cli/completion.hpp>

namespace vultus::cli {
namespace {

std::vector<const CLI::App*> commands_of(const CLI::App& app) {
  return app.get_subcommands([](const CLI::App* one) { return !one->get_group().empty(); });
}

const CLI::App* command_named(const CLI::App& app, const std::string& name) {
  for (const CLI::App* command : commands_of(app))
    if (command->get_name() == name) return command;
  return nullptr;
}

/// "--output" or "-o" as they were added, with their dashes.
std::vector<std::string> names_of(const CLI::Option& option) {
  std::vector<std::string> names;
  for (const std::string& name : option.get_snames()) names.push_back("-" + name);
  for (const std::string& name : option.get_lnames()) names.push_back("--" + name);
  return names;
}

const CLI::Option* option_named(const CLI::App& app, const std::string& name) {
  for (const CLI::Option* option : app.get_options())
    if (const auto names = names_of(*option); std::ranges::find(names, name) != names.end()) return option;
  return nullptr;
}

std::vector<const CLI::Option*> arguments_of(const CLI::App& app) {
  return app.get_options([](const CLI::Option* option) { return option->get_positional(); });
}

bool takes_value(const CLI::Option& option) { return option.get_items_expected_max() > 0; }

/// What was written before the last word.
struct Place {
  const CLI::App* app;                    ///< the command that was reached
  const CLI::Option* awaiting = nullptr;  ///< whose value comes now
  std::size_t arguments = 0;              ///< without dashes, since the command
  bool only_arguments = false;            ///< behind --
  std::vector<const CLI::Option*> given;
};

void step(Place& at, const std::string& word) {
  if (word == "=" && at.awaiting != nullptr) return;
  if (at.awaiting != nullptr) {
    at.awaiting = nullptr;
    return;
  }
  if (!at.only_arguments && word == "--") {
    at.only_arguments = true;
    return;
  }
  if (!at.only_arguments && word.size() > 1 && word.front() == '-') {
    const std::size_t equals = word.find('=');
    const CLI::Option* option = option_named(*at.app, word.substr(0, equals));
    if (option == nullptr) return;
    at.given.push_back(option);
    if (equals == std::string::npos && takes_value(*option)) at.awaiting = option;
    return;
  }
  if (const CLI::App* command = command_named(*at.app, word); command != nullptr && at.arguments == 0) {
    at = Place{.app = command, .given = {}};
    return;
  }
  ++at.arguments;
}

/// Collects what begins with a prefix.
class Offers {
 public:
  Offers(Completion& into, std::string_view prefix) : into_(into), prefix_(prefix) {}
  void add(const std::string& word, const std::string& help) {
    if (!word.starts_with(prefix_)) return;
    std::string line = help;
    std::ranges::replace(line, '\n', ' ');
    std::ranges::replace(line, '\t', ' ');
    into_.offers.push_back({word, std::move(line)});
  }

 private:
  Completion& into_;
  std::string_view prefix_;
};

/// The words of `a|b|c`; nothing where the text is no such choice.
std::vector<std::string> choices_of(const std::string& type) {
  if (type.find('|') == std::string::npos || std::ranges::any_of(type, [](char c) { return c >= 'A' && c <= 'Z'; }))
    return {};
  std::vector<std::string> words(1);
  for (const char c : type)
    if (c == '|')
      words.emplace_back();
    else
      words.back() += c;
  return words;
}

void complete_value(const std::string& kind, const KnownNames& known, std::string_view prefix, Completion& into) {
  Offers offers(into, prefix);
  if (kind == "PRESET")
    for (const std::string& name : known.presets) offers.add(name, "preset");
  else if (kind == "MODEL")
    for (const std::string& name : known.models) offers.add(name, "network");
  else if (kind == "DIR")
    into.also = AlsoFits::folders;
  else if (static constexpr std::array kFiles{"FILE", "GALLERY", "INPUT", "A", "B", "FOLDER", "DIR|CSV", "FILE|DIR"};
           std::ranges::find(kFiles, kind) != kFiles.end() || kind.starts_with("FILE."))
    into.also = AlsoFits::files;
  for (const std::string& word : choices_of(kind)) offers.add(word, "");
}

std::string kind_of(const CLI::Option& option) {
  return option.get_positional() ? option.get_name(true) : option.get_type_name();
}

void complete_option(const Place& at, const std::string& prefix, Completion& into) {
  Offers offers(into, prefix);
  for (const CLI::Option* option : at.app->get_options()) {
    const bool repeats = option->get_items_expected_max() > 1;
    if (!repeats && std::ranges::find(at.given, option) != at.given.end()) continue;
    for (const std::string& name : names_of(*option)) offers.add(name, option->get_description());
  }
}

void complete_argument(const Place& at, const KnownNames& known, const std::string& prefix, Completion& into) {
  Offers offers(into, prefix);
  if (at.arguments == 0)
    for (const CLI::App* command : commands_of(*at.app)) offers.add(command->get_name(), command->get_description());
  std::size_t before = 0;
  for (const CLI::Option* argument : arguments_of(*at.app)) {
    before += static_cast<std::size_t>(argument->get_items_expected_max());
    if (at.arguments < before) return complete_value(kind_of(*argument), known, prefix, into);
  }
}

}  // namespace

Completion complete(const CLI::App& app, std::span<const std::string> words, const KnownNames& known) {
  Completion found;
  if (words.empty()) return found;
  Place at{.app = &app, .given = {}};
  for (const std::string& word : words.first(words.size() - 1)) step(at, word);
  std::string last = words.back();
  if (at.awaiting != nullptr) {
    if (last == "=") last.clear();
    complete_value(kind_of(*at.awaiting), known, last, found);
    return found;
  }
  const bool option = !at.only_arguments && last.starts_with('-');
  if (const std::size_t equals = last.find('='); option && equals != std::string::npos) {
    // A shell that does not split at "=" replaces the whole word.
    const CLI::Option* named = option_named(*at.app, last.substr(0, equals));
    if (named == nullptr) return found;
    complete_value(kind_of(*named), known, last.substr(equals + 1), found);
    for (Offer& offer : found.offers) offer.word.insert(0, last.substr(0, equals + 1));
    return found;
  }
  if (option)
    complete_option(at, last, found);
  else
    complete_argument(at, known, last, found);
  return found;
}

}  // namespace vultus::cli
