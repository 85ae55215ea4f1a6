// vultus-learn: features of labelled pictures, and training on them.
#include <cstdio>
#include <exception>

#include <CLI/CLI.hpp>

#include <apps/cli/exit_code.hpp>
#include <apps/learn/commands.hpp>

namespace {

int run(int argc, char** argv) {
  using vultus::learning::LearnCommand;
  CLI::App app("Trains heads and networks of Vultus on labelled pictures.", "vultus-learn");
  app.require_subcommand(1);
  vultus::learning::LearnCommands commands;
  vultus::learning::add_features(app, commands);
  vultus::learning::add_faces(app, commands);
  vultus::learning::add_fa3(app, commands);
  vultus::learning::add_slip(app, commands);
  vultus::learning::add_attack(app, commands);
  vultus::learning::add_planted(app, commands);
  vultus::learning::add_train(app, commands);
  vultus::learning::add_expression_systems(app, commands);
  vultus::learning::add_networks(app, commands);
  vultus::learning::add_tokenizer(app, commands);
  CLI11_PARSE(app, argc, argv);
  for (const LearnCommand& command : commands) {
    if (!command.parser->parsed()) continue;
    const auto done = vultus::guarded("vultus-learn", [&] { return command.action(); });
    if (done) return 0;
    std::fprintf(stderr, "vultus-learn: %s\n", done.error().message.c_str());
    return static_cast<int>(vultus::cli::exit_code_of(done.error().code));
  }
  return 2;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::exception& thrown) {
    std::fprintf(stderr, "vultus-learn: %s\n", thrown.what());
    return 1;
  }
}
