// vultus-learn attack: how robust a recogniser is against small changes of a face.
#include <cstdio>
#include <filesystem>
#include <memory>
#include <system_error>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <vultus/media/file.hpp>

#include <apps/learn/attack_run.hpp>
#include <apps/learn/commands.hpp>

namespace vultus::learning {
namespace {

constexpr const char* kAttackExamples =
    "For testing one's own recogniser. PEOPLE holds one folder a person with two pictures: the first is changed, the "
    "second is\nenrolled. Attacks see the surrogates' gradients alone; victims are run as their users run them, by "
    "preset or by the id of an\nembedder of one's own. aaa is our reading of the attention-aggregated attack.\n\n"
    "Examples:\n"
    "  vultus-learn attack people/ --surrogate fr_feature --victim default --people 10\n"
    "  vultus-learn attack people/ --method mi --method aaa --budget 8 --defences --json -o attacks/";

#ifdef VULTUS_LEARN_TORCH
Status attack(const AttackSettings& settings) {
  const auto progress = [&](std::size_t done, std::size_t all) {
    if (!settings.quiet && (done % 10 == 0 || done == all)) std::fprintf(stderr, "%zu of %zu attacks\n", done, all);
  };
  if (!settings.out.empty()) {
    std::error_code failed;
    std::filesystem::create_directories(settings.out, failed);
    if (failed) return fail(ErrorCode::resource_limit, settings.out + ": " + failed.message());
  }
  VULTUS_TRY(const AttackRun run, run_attacks(settings, progress));
  const std::string json = attack_json(run, settings);
  std::fputs((settings.json ? json : attack_text(run, settings)).c_str(), stdout);
  if (settings.out.empty()) return {};
  VULTUS_TRY(const std::string page, attack_page(run, settings));
  VULTUS_CHECK(media::write_file_atomically(settings.out + "/attack.json", json));
  return media::write_file_atomically(settings.out + "/index.html", page);
}
#else
Status attack(const AttackSettings&) {
  return fail(ErrorCode::unsupported,
              "this vultus-learn was built without libtorch: run tools/setup packages --learn and build again");
}
#endif

}  // namespace

void add_attack(CLI::App& app, LearnCommands& commands) {
  CLI::App* command = app.add_subcommand("attack", "how robust a recogniser is against small changes of a face");
  auto settings = std::make_shared<AttackSettings>();
  settings->surrogates = {"fr_feature", "dlib_resnet"};
  settings->victims = {"default", "fast", "commercial"};
  settings->methods = {"mi", "aaa"};
  command->add_option("PEOPLE", settings->people, "folder of folders of pictures")->type_name("")->required();
  command
      ->add_option("--method", settings->methods,
                   "fgsm, pgd, mi, di, ti, dfa, fia or aaa; can be repeated; mi and aaa unless told")
      ->type_name("NAME")
      ->allow_extra_args(false)
      ->check(CLI::IsMember({"fgsm", "pgd", "mi", "di", "ti", "dfa", "fia", "aaa"}).description(""));
  command->add_option("--goal", settings->goal, "dodging (not to be oneself) or impersonation (to be the next person)")
      ->type_name("NAME")
      ->check(CLI::IsMember({"dodging", "impersonation"}).description(""));
  command->add_option("--budget", settings->budgets, "largest change of a byte, of 255; can be repeated; 8 unless told")
      ->type_name("N")
      ->allow_extra_args(false)
      ->check(CLI::Range(1, 64).description(""));
  command->add_option("--steps", settings->steps, "of each attack; 20 unless told")
      ->type_name("N")
      ->check(CLI::Range(1, 10'000).description(""));
  command
      ->add_option("--surrogate", settings->surrogates,
                   "embedder whose gradients are used; can be repeated; fr_feature and dlib_resnet unless told")
      ->type_name("MODEL")
      ->allow_extra_args(false);
  command
      ->add_option("--victim", settings->victims,
                   "preset or own embedder, with =THRESHOLD where none was measured; can be repeated; default, fast "
                   "and commercial unless told")
      ->type_name("NAME")
      ->allow_extra_args(false);
  command->add_option("--people", settings->most, "how many at most; 40 unless told")
      ->type_name("N")
      ->check(CLI::Range(2, 100'000).description(""));
  command->add_option("--seed", settings->seed, "who is drawn, and the attacks; 1 unless told")->type_name("N");
  command->add_flag("--defences", settings->defences, "the victims also behind JPEG, blur, four bits, and a border");
  command->add_option("-o,--output", settings->out, "folder for attacked photos, a page and the JSON")
      ->type_name("DIR");
  command->add_flag("--json", settings->json, "one JSON object");
  command->add_flag("-q,--quiet", settings->quiet, "no progress");
  cli::add_engine_options(*command, settings->engine);
  command->footer(kAttackExamples);
  commands.push_back({command, [settings] { return attack(*settings); }});
}

}  // namespace vultus::learning
