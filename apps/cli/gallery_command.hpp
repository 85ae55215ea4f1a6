// What the commands of `vultus gallery` have in common: GALLERY, --json, the key; one answer as text or as JSON.
#pragma once

#include <memory>
#include <string>

#include <apps/cli/context.hpp>
#include <apps/cli/gallery_keys.hpp>
#include <apps/cli/json_lines.hpp>
#include <apps/cli/terminal_text.hpp>

namespace vultus::cli {

/// Makes a command whose settings have `gallery`, `keys` and `json`.
template <class Settings>
CLI::App* add_gallery_command(CLI::App& parent, Commands& commands, const char* name, const char* help,
                              const std::shared_ptr<Settings>& settings,
                              Result<ExitCode> (*act)(const Settings&, Context&),
                              const char* json_help = "one JSON object") {
  CLI::App* command = parent.add_subcommand(name, help);
  command->add_option("GALLERY", settings->gallery, "the gallery's file")->type_name("")->required();
  command->add_flag("--json", settings->json, json_help)->group("Output");
  add_key_options(*command, settings->keys);
  commands.push_back({command, [settings, act](Context& context) { return act(*settings, context); }});
  return command;
}

/// The one answer of a command. @param text  a line
template <class Settings>
Status tell_answer(const Settings& settings, Context& context, const Json& object, const std::string& text) {
  return context.out.write(settings.json ? json_line(object) : printable(text) + "\n");
}

}  // namespace vultus::cli
