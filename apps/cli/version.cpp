// vultus version.
#include <memory>

#include <vultus/core/version.hpp>
#include <vultus/runtime/network.hpp>

#include <apps/cli/context.hpp>
#include <apps/cli/json_lines.hpp>

namespace vultus::cli {
namespace {

constexpr const char* kVersionExamples =
    "Examples:\n"
    "  vultus version\n"
    "  vultus version --json";

Result<ExitCode> version(bool json, Context& context) {
  VULTUS_TRY(const auto backend, runtime::make_openvino_backend({}));
  if (json) {
    const Json object{{"version", kVersion}, {"backend", backend->description()}, {"compiler", __VERSION__}};
    VULTUS_CHECK(context.out.write(json_line(object)));
  } else {
    VULTUS_CHECK(context.out.write(std::string("vultus ") + kVersion + "\n" + backend->description() + "\n"));
  }
  return ExitCode::done;
}

}  // namespace

void add_version(CLI::App& app, Commands& commands) {
  CLI::App* command = app.add_subcommand("version", "version of the program and of what it computes with");
  auto json = std::make_shared<bool>(false);
  command->add_flag("--json", *json, "one JSON object");
  command->footer(kVersionExamples);
  commands.push_back({command, [json](Context& context) { return version(*json, context); }});
}

}  // namespace vultus::cli
