// vultus-learn planted: samples whose truth is known, for the systems that learn expressions.
#include <cstdio>
#include <memory>
#include <string>

#include <CLI/CLI.hpp>

#include <apps/cli/stop_signal.hpp>
#include <apps/learn/commands.hpp>
#include <apps/learn/planted_sets.hpp>

namespace vultus::learning {
namespace {

constexpr const char* kPlantedExamples =
    "Everything in these files is planted: drawn from a seed, with no person behind it. They show whether a system "
    "learns\nwhat is there, never how well it reads people.\n\n"
    "Example:\n"
    "  vultus-learn planted scenes --count 2000 --seed 1 -o scenes.safetensors";

using PlantedWriter = Status (*)(const PlantedSetOptions&, const std::filesystem::path&, const PlantedProgress&,
                                 const std::stop_token&);

struct PlantedSettings {
  PlantedSetOptions options;
  std::string out;
};

Status plant(const PlantedSettings& settings, PlantedWriter write) {
  const cli::StopSignal signals;
  return write(
      settings.options, settings.out,
      [&](std::size_t done) {
        if (done % 200 == 0) std::fprintf(stderr, "%zu of %zu planted\n", done, settings.options.count);
      },
      signals.token());
}

void add_kind(CLI::App& group, LearnCommands& commands, const char* name, const char* what, PlantedWriter write) {
  CLI::App* command = group.add_subcommand(name, what);
  auto settings = std::make_shared<PlantedSettings>();
  command->add_option("--count", settings->options.count, "samples")->capture_default_str();
  command->add_option("--seed", settings->options.seed, "same seed, same samples")->capture_default_str();
  command->add_option("--side", settings->options.side, "of the pictures, pixels")->capture_default_str();
  if (write == write_planted_bursts)
    command->add_option("--frames", settings->options.frames, "of each clip")->capture_default_str();
  if (write == write_planted_faces)
    command->add_option("--of-person", settings->options.of_person, "pictures of each face")->capture_default_str();
  command->add_option("-o,--output", settings->out, "file of tensors")->type_name("FILE")->required();
  command->footer(kPlantedExamples);
  commands.push_back({command, [settings, write] { return plant(*settings, write); }});
}

}  // namespace

void add_planted(CLI::App& app, LearnCommands& commands) {
  CLI::App* group = app.add_subcommand("planted", "samples whose truth is known");
  group->require_subcommand(1);
  add_kind(*group, commands, "scenes", "pictures whose label is a function of light, colour, place and face",
           write_planted_scenes);
  add_kind(*group, commands, "bursts", "clips of a face that displays something for a moment", write_planted_bursts);
  add_kind(*group, commands, "faces", "aligned faces with action units and expressions", write_planted_faces);
}

}  // namespace vultus::learning
