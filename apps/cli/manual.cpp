#include <algorithm>
#include <sstream>
#include <utility>
#include <vector>

#include <vultus/core/version.hpp>

#include <apps/cli/context.hpp>
#include <apps/cli/exit_code.hpp>
#include <apps/cli/manual.hpp>

namespace vultus::cli {
namespace {

/// Lines as they stand, for examples and tables.
std::string as_written(const std::string& text) {
  std::string roff = ".nf\n";
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) roff += roff_text(line) + "\n";
  return roff + ".fi\n";
}

/// Remarks and examples of a help text: paragraphs are filled, indented lines stand as they are.
std::string remarks(const std::string& footer) {
  std::string roff;
  std::string indented;
  const auto flush = [&] {
    if (!indented.empty()) roff += ".RS 4\n" + as_written(indented) + ".RE\n";
    indented.clear();
  };
  std::istringstream in(footer);
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("  ")) {
      indented += line.substr(2) + "\n";
      continue;
    }
    flush();
    roff += line.empty() ? ".PP\n" : roff_text(line) + "\n";
  }
  flush();
  return roff;
}

/// "\-o, \-\-output FILE" of an option, "GALLERY" of an argument.
std::string term_of(const CLI::Option& option) {
  if (option.get_positional()) return "\\fI" + roff_text(option.get_name(true)) + "\\fR";
  std::string names;
  for (const std::string& name : option.get_snames()) names += (names.empty() ? "-" : ", -") + name;
  for (const std::string& name : option.get_lnames()) names += (names.empty() ? "--" : ", --") + name;
  std::string term = "\\fB" + roff_text(names) + "\\fR";
  if (option.get_type_size_max() > 0 && !option.get_type_name().empty())
    term += " \\fI" + roff_text(option.get_type_name()) + "\\fR";
  return term;
}

std::string options_of(const CLI::App& command) {
  std::string roff;
  for (const bool positional : {true, false})
    for (const CLI::Option* option : command.get_options()) {
      if (option->get_positional() != positional || option->get_name(false, true) == "-h,--help") continue;
      roff += ".TP\n" + term_of(*option) + "\n" + roff_text(option->get_description()) + "\n";
    }
  return roff;
}

/// The rest of the line behind "Usage: ", as the help text has it.
std::string usage_of(const CLI::App& command, const std::string& name) {
  const std::string help = command.help(name);
  const std::size_t begin = help.find("Usage: ");
  if (begin == std::string::npos) return name;
  const std::size_t from = begin + 7;
  return help.substr(from, help.find('\n', from) - from);
}

std::string section_of(const CLI::App& command, const std::string& before) {
  const std::string name = before + " " + command.get_name();
  std::string roff = ".SS \"" + roff_text(usage_of(command, before)) + "\"\n";
  roff += roff_text(command.get_description()) + "\n" + options_of(command);
  if (!command.get_footer().empty()) roff += ".PP\n" + remarks(command.get_footer());
  for (const CLI::App* inner : command.get_subcommands([](const CLI::App* one) { return !one->get_group().empty(); }))
    roff += section_of(*inner, name);
  return roff;
}

constexpr const char* kFiles =
    ".SH FILES\n"
    ".TP\n~/.cache/vultus\nnetworks that were fetched, and compiled ones\n"
    ".TP\n*.vgal\ngalleries: known people, one SQLite file each\n"
    ".TP\n*.vultus\nTimelines: what was seen where and when, SQLite too\n"
    ".SH ENVIRONMENT\n"
    ".TP\n\\fBVULTUS_CACHE\\fR\nfolder of networks, instead of ~/.cache/vultus\n"
    ".TP\n\\fBVULTUS_MODELS\\fR\nfolder of the manifests of networks and presets\n"
    ".TP\n\\fBVULTUS_NPM\\fR\nthe npm client that fetches networks\n"
    ".TP\n\\fBNO_COLOR\\fR\nno colours, whatever it holds\n"
    ".SH SEE ALSO\n"
    "share/doc/vultus/docs/cli.md below the folder where Vultus is installed, with worked examples\n";

}  // namespace

std::string roff_text(std::string_view text) {
  std::string roff;
  if (text.starts_with('.') || text.starts_with('\'')) roff += "\\&";
  for (const char c : text) switch (c) {
      case '\\': roff += "\\e"; break;
      case '-': roff += "\\-"; break;
      case '"': roff += "\\(dq"; break;
      case '\'': roff += "\\(aq"; break;
      case '`': roff += "\\(ga"; break;
      case '^': roff += "\\(ha"; break;
      case '~': roff += "\\(ti"; break;
      case '\n': roff += ' '; break;
      default: roff += c;
    }
  return roff;
}

std::string manual_page(const CLI::App& app) {
  std::string roff =
      ".\\\" Made by vultus manual.\n.TH VULTUS 1 \"\" \"vultus " + std::string(kVersion) +
      "\" \"User Commands\"\n.SH NAME\nvultus \\- name the people in pictures and videos" +
      "\n.SH SYNOPSIS\n.B vultus\n\\fICOMMAND\\fR [\\fIOPTION\\fR...] [\\fIARGUMENT\\fR...]\n.SH COMMANDS\n";
  for (const CLI::App* command : app.get_subcommands([](const CLI::App* one) { return !one->get_group().empty(); }))
    roff += section_of(*command, app.get_name());
  roff += ".SH OPTIONS\n" + options_of(app);
  std::string codes = kExitCodesText;
  codes.erase(0, codes.find('\n') + 1);  // its title
  return roff + ".SH EXIT STATUS\n" + as_written(codes) + kFiles;
}

void add_manual(CLI::App& app, Commands& commands) {
  CLI::App* command = app.add_subcommand("manual", "the manual page, as roff for man");
  command->footer(
      "An installed Vultus brings it along: man vultus\n\n"
      "Examples:\n  vultus manual > vultus.1");
  const CLI::App* root = &app;
  commands.push_back({command, [root](Context& context) -> Result<ExitCode> {
                        VULTUS_CHECK(context.out.write(manual_page(*root)));
                        return ExitCode::done;
                      }});
}

}  // namespace vultus::cli
