#include <algorithm>
#include <csignal>
#include <filesystem>
#include <sstream>
#include <system_error>
#include <utility>
#include <vector>

#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include <unistd.h>

#include <vultus/core/version.hpp>

#include <apps/cli/application.hpp>
#include <apps/cli/audit_commands.hpp>
#include <apps/cli/body_commands.hpp>
#include <apps/cli/liveness.hpp>
#include <apps/cli/one_output.hpp>
#include <apps/cli/option_values.hpp>
#include <apps/cli/stop_signal.hpp>
#include <apps/cli/studio.hpp>
#include <apps/cli/wrong_usage.hpp>

namespace vultus::cli {
namespace {

constexpr const char* kApplicationExamples =
    "Examples:\n"
    "  vultus enroll people.vgal people/\n"
    "  vultus identify people.vgal photos/\n"
    "  vultus verify a.jpg b.jpg";

constexpr std::size_t kOptionColumns = 30;

/// Names of positional arguments without the brackets of their types, footers as they were written.
class HelpFormatter : public CLI::Formatter {
 public:
  HelpFormatter() { column_width(kOptionColumns); }
  std::string make_footer(const CLI::App* app) const override {
    const std::string footer = app->get_footer();
    return footer.empty() ? "" : "\n" + footer + "\n";
  }
};

void add_all(CLI::App& app, Commands& commands) {
  add_detect(app, commands);
  add_embed(app, commands);
  add_enroll(app, commands);
  add_identify(app, commands);
  add_track(app, commands);
  add_verify(app, commands);
  add_cluster(app, commands);
  add_quality_command(app, commands);
  add_liveness_commands(app, commands);
  add_expression(app, commands);
  add_calibrate(app, commands);
  add_gallery(app, commands);
  add_body(app, commands);
  add_protect(app, commands);
  add_sealed(app, commands);
  add_models(app, commands);
  add_bench(app, commands);
  add_audit(app, commands);
  add_tokenizers(app, commands);
  add_import(app, commands);
  add_export(app, commands);
  add_report(app, commands);
  add_studio(app, commands);
  add_serve(app, commands);
  add_doctor(app, commands);
  add_completion(app, commands);
  add_manual(app, commands);
  add_version(app, commands);
}

/// The parser takes "[a,b]" among several values for a list of them. A file or folder of that name is meant as it is.
std::string shielded(const std::string& argument) {
  std::error_code failed;
  const bool bracketed = argument.starts_with('[') && argument.ends_with(']');
  return bracketed && std::filesystem::exists(argument, failed) ? "./" + argument : argument;
}

/// The command that was called: of a group of commands the one inside.
const Command* called(const Commands& commands) {
  const auto at = std::ranges::find_if(commands, [](const Command& c) { return c.parser->parsed(); });
  return at == commands.end() ? nullptr : &*at;
}

ExitCode answer_parse_error(const CLI::App& app, const CLI::ParseError& error, Context& context) {
  if (error.get_exit_code() == static_cast<int>(CLI::ExitCodes::Success)) {  // --help, --version
    std::ostringstream text;
    std::ostringstream unused;
    (void)app.exit(error, text, unused);
    const Status written = context.out.write(text.str());
    const Status flushed = written ? context.out.flush() : written;
    if (flushed) return ExitCode::done;
    if (context.out.reader_gone()) return ExitCode::reader_gone;
    context.console.error(flushed.error().message);
    return ExitCode::resource_limit;
  }
  context.console.error(usage_message(app, error) + "\nSee: " + called_name(app) + " --help");
  return ExitCode::usage;
}

ExitCode ended_by(int signal) { return signal == SIGTERM ? ExitCode::terminated : ExitCode::interrupted; }

ExitCode perform(const Command& command, Context& context, const StopSignal& signals) {
  Result<ExitCode> result = guarded("vultus", [&] { return command.action(context); });
  const Status flushed = context.out.flush();
  context.console.end();
  if (context.out.reader_gone()) return ExitCode::reader_gone;  // nobody is left to be told
  if (result && !flushed) result = flushed.error();
  if (result) return *result;
  context.console.error(result.error().message);
  if (result.error().code == ErrorCode::cancelled) return ended_by(signals.received());
  return exit_code_of(result.error().code);
}

}  // namespace

Application make_application() {
  Application made;
  made.parser = std::make_unique<CLI::App>("Vultus names the people in pictures.", "vultus");
  CLI::App& app = *made.parser;
  app.formatter(std::make_shared<HelpFormatter>());
  app.require_subcommand(1);
  app.set_version_flag("--version", std::string("vultus ") + kVersion);
  app.footer(std::string(kApplicationExamples) + "\n\n" + kExitCodesText +
             "\n`vultus COMMAND --help` tells the options of a command.");
  add_all(app, made.commands);
  check_values(app);
  return made;
}

ExitCode run(std::span<const std::string> arguments) {
  const StopSignal signals;
  Output out(STDOUT_FILENO);
  Console console(STDERR_FILENO);
  out.before_showing([&console] { console.hide(); });
  Context context{.out = out, .console = console, .stop = signals.token()};
  Application made = make_application();
  if (const std::string option = option_without_value(arguments); !option.empty()) {
    console.error(option + ": an empty value; leave the option out where nothing is meant\nSee: vultus --help");
    return ExitCode::usage;
  }
  try {
    std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());  // the parser takes them from the end
    std::ranges::transform(reversed, reversed.begin(), shielded);
    made.parser->parse(std::move(reversed));
  } catch (const CLI::ParseError& error) {
    return answer_parse_error(*made.parser, error, context);
  }
  if (const std::string wrong = two_outputs_of_one_name(*made.parser); !wrong.empty()) {
    console.error(wrong + "\nSee: " + called_name(*made.parser) + " --help");
    return ExitCode::usage;
  }
  const Command* command = called(made.commands);
  if (command == nullptr) {
    console.error("no command\nSee: vultus --help");
    return ExitCode::usage;
  }
  return perform(*command, context, signals);
}

}  // namespace vultus::cli
