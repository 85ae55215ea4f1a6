// vultus studio attacks: planted presentation attacks with their truth.
#include <memory>
#include <sstream>

#include <fmt/format.h>

#include <vultus/engine/attack_set.hpp>

#include <apps/cli/liveness.hpp>
#include <apps/cli/picture_run.hpp>
#include <apps/cli/sentence.hpp>
#include <apps/cli/settings.hpp>

namespace vultus::cli {
namespace {

constexpr const char* kStudioAttacksExamples =
    "Families: halftone (a print), moire and banding (screens), mask (a thing over a part of the face), seam "
    "(somebody\n"
    "else's inner face) and generator (a picture enlarged by a network). They are planted: recipes of our own, which "
    "real\n"
    "attacks need not look like. live/, attack/FAMILY/, mask/FAMILY/ (white where the attack is) and truth.json are "
    "made.\n\n"
    "Examples:\n"
    "  vultus studio attacks photos/ --out planted\n"
    "  vultus studio attacks photos/ --out planted --families moire,banding --strength 0.8,1 --seed 7 --json\n"
    "  vultus bench pad --real planted/live --fake planted/attack --leave-one-family-out";

struct StudioAttacksSettings {
  EngineSettings engine;
  InputSettings inputs;
  engine::AttackSetOptions options;
  std::vector<std::string> families;
  std::vector<double> strength;
  std::string out;
  bool no_masks = false, json = false, quiet = false;
};

Result<ExitCode> studio_attacks(StudioAttacksSettings& settings, Context& context) {
  context.console.set_quiet(settings.quiet);
  if (!settings.families.empty()) {
    settings.options.families.clear();
    for (const std::string& name : settings.families) {
      VULTUS_TRY(const studio::AttackFamily family, studio::attack_family_of(name));
      settings.options.families.push_back(family);
    }
  }
  if (!settings.strength.empty()) {
    settings.options.least = settings.strength.front();
    settings.options.most = settings.strength.back();
  }
  settings.options.masks = !settings.no_masks;
  settings.options.limits = settings.inputs.limits();
  const media::InputList list = expand(settings.inputs);
  VULTUS_TRY(const engine::Engine engine, load_engine(settings.engine));
  context.console.begin("studio attacks", list.inputs.size());
  const auto made = engine::make_attack_set(
      engine, list.inputs, settings.options, settings.out, [&](std::size_t done) { context.console.advance(done); },
      context.stop);
  context.console.end();
  for (const media::InputError& e : list.errors) context.console.error(e.error.message);
  if (!made) return made.error();
  for (const media::InputError& e : made->unread) context.console.error(e.error.message);
  const std::size_t unread = list.errors.size() + made->unread.size();
  if (settings.json) {
    Json object;
    object["planted"] = true;
    object["people"] = made->people;
    object["attacks"] = made->attacks;
    object["without_face"] = made->without_face;
    object["not_planted"] = made->not_planted;
    object["unreadable"] = unread;
    object["truth"] = made->truth;
    object["seed"] = settings.options.seed;
    VULTUS_CHECK(context.out.write(json_line(object)));
  } else {
    VULTUS_CHECK(context.out.write(fmt::format("{} planted in {} of people in {}, seed {}; what is true of them: {}\n",
                                               counted(static_cast<std::int64_t>(made->attacks), "attack"),
                                               counted(static_cast<std::int64_t>(made->people), "picture"),
                                               settings.out, settings.options.seed, made->truth)));
    if (made->without_face > 0)
      VULTUS_CHECK(context.out.write(counted(static_cast<std::int64_t>(made->without_face), "picture") +
                                     " without a face left out.\n"));
    if (made->not_planted > 0)
      VULTUS_CHECK(context.out.write(counted(static_cast<std::int64_t>(made->not_planted), "attack") +
                                     " not planted: the picture is grey, or the face too small.\n"));
  }
  return unread == 0 ? ExitCode::done : ExitCode::some_failed;
}

}  // namespace

void add_studio_attacks(CLI::App& studio, Commands& commands) {
  CLI::App* command = studio.add_subcommand("attacks", "plant prints, screens, masks and swaps in pictures of people");
  auto settings = std::make_shared<StudioAttacksSettings>();
  add_input_options(*command, settings->inputs, "pictures of people, folders of them, patterns such as 'photos/*.jpg'");
  command->add_option("--out", settings->out, "folder for the pictures and truth.json; is made")
      ->type_name("DIR")
      ->required();
  command->add_option("--families", settings->families, "these alone, e.g. halftone,moire; all unless told")
      ->type_name("NAMES")
      ->delimiter(',');
  command->add_option("--strength", settings->strength, "how plain the traces are, from,to, above 0 up to 1; 0.3,1")
      ->type_name("A,B")
      ->delimiter(',')
      ->expected(1, 2);
  command->add_option("--seed", settings->options.seed, "same seed, same attacks")
      ->type_name("N")
      ->capture_default_str();
  command->add_flag("--no-masks", settings->no_masks, "do not write where the attacks are");
  command->add_flag("--json", settings->json, "one JSON object")->group("Output");
  command->add_flag("-q,--quiet", settings->quiet, "no progress bar")->group("Output");
  add_engine_options(*command, settings->engine);
  command->footer(kStudioAttacksExamples);
  commands.push_back({command, [settings](Context& context) { return studio_attacks(*settings, context); }});
}

}  // namespace vultus::cli
