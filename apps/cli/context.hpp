// What a command is given beside its own options.
#pragma once

#include <functional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include <CLI/App.hpp>

#include <vultus/core/result.hpp>

#include <apps/cli/console.hpp>
#include <apps/cli/exit_code.hpp>
#include <apps/cli/output.hpp>

namespace vultus::cli {

struct Context {
  Output& out;       ///< data
  Console& console;  ///< messages and progress
  std::stop_token stop;
};

/// Does the work of a command that was parsed. An error ends the program with its message and exit code.
using Action = std::function<Result<ExitCode>(Context&)>;

/// A command of the command line and what it does.
struct Command {
  CLI::App* parser = nullptr;
  Action action;
};
using Commands = std::vector<Command>;

// One function for each file of this folder that holds commands; each adds its parsers below `app`.
void add_detect(CLI::App& app, Commands& commands);
void add_embed(CLI::App& app, Commands& commands);
void add_calibrate(CLI::App& app, Commands& commands);
void add_cluster(CLI::App& app, Commands& commands);
void add_enroll(CLI::App& app, Commands& commands);
void add_identify(CLI::App& app, Commands& commands);
void add_track(CLI::App& app, Commands& commands);
void add_protect(CLI::App& app, Commands& commands);
void add_protect_voice(CLI::App& group, Commands& commands);
void add_protect_dp_video(CLI::App& protect, Commands& commands);
void add_sealed(CLI::App& app, Commands& commands);
void add_sealed_answers(CLI::App& group, Commands& commands);
void add_serve(CLI::App& app, Commands& commands);
void add_verify(CLI::App& app, Commands& commands);
void add_gallery(CLI::App& app, Commands& commands);
void add_gallery_care(CLI::App& gallery, Commands& commands);
void add_gallery_people(CLI::App& gallery, Commands& commands);
void add_gallery_changes(CLI::App& gallery, Commands& commands);
void add_gallery_doctor(CLI::App& gallery, Commands& commands);
void add_gallery_models(CLI::App& gallery, Commands& commands);
void add_gallery_exchange(CLI::App& gallery, Commands& commands);
void add_gallery_log(CLI::App& gallery, Commands& commands);
void add_gallery_privacy(CLI::App& gallery, Commands& commands);
void add_gallery_protection(CLI::App& gallery, Commands& commands);
void add_gallery_shards(CLI::App& gallery, Commands& commands);
void add_models(CLI::App& app, Commands& commands);
void add_models_fetch(CLI::App& models, Commands& commands);
void add_models_own(CLI::App& models, Commands& commands);
void add_bench(CLI::App& app, Commands& commands);
void add_bench_cluster(CLI::App& bench, Commands& commands);
void add_bench_expression(CLI::App& bench, Commands& commands);
void add_bench_quality(CLI::App& bench, Commands& commands);
void add_expression(CLI::App& app, Commands& commands);
void add_quality_command(CLI::App& app, Commands& commands);
void add_bench_identify(CLI::App& bench, Commands& commands);
void add_import(CLI::App& app, Commands& commands);
void add_export(CLI::App& app, Commands& commands);
void add_report(CLI::App& app, Commands& commands);
void add_completion(CLI::App& app, Commands& commands);
void add_manual(CLI::App& app, Commands& commands);
void add_doctor(CLI::App& app, Commands& commands);
void add_version(CLI::App& app, Commands& commands);

}  // namespace vultus::cli
