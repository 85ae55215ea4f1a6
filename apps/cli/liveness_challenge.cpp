// vultus liveness challenge: does the face do what it is asked, in its order and in time?
#include <memory>
#include <random>

#include <fmt/format.h>

#include <vultus/engine/challenge_run.hpp>

#include <apps/cli/liveness.hpp>
#include <apps/cli/sentence.hpp>
#include <apps/cli/settings.hpp>
#include <apps/cli/video_walk.hpp>

namespace vultus::cli {
namespace {

constexpr const char* kLivenessChallengeExamples =
    "Steps: blink, turn_left, turn_right (the person's left and right), smile. Each begins from rest: frontal, and "
    "with\n"
    "open eyes or a serious face where the step is about them. Without --steps they are drawn at random from the "
    "nonce,\n"
    "which is drawn too unless told and stands in the answer. Of a camera each step is told when it is asked.\n"
    "The answer is live only where every step was done, and frames could be judged and do not look like a spoof.\n\n"
    "Examples:\n"
    "  vultus liveness challenge clip.mp4 --steps blink,turn_left,smile --json\n"
    "  vultus liveness challenge clip.mp4 --count 4 --nonce 8157 --limit 5 --json";

struct LivenessChallengeSettings {
  EngineSettings engine;
  InputSettings inputs;
  VideoSettings video;
  engine::LivenessChoice choice;
  std::string name;
  std::vector<std::string> steps;
  std::size_t count = 3;
  std::optional<std::uint64_t> nonce;
  liveness::ChallengeOptions challenge;
  bool json = false, quiet = false;
};

/// 53 bits: a number that every reader of JSON keeps.
std::uint64_t fresh_nonce() {
  std::random_device device;
  return ((std::uint64_t{device()} << 32U) | device()) >> 11U;
}

Json challenge_json(const LivenessChallengeSettings& settings, const engine::ChallengeRun& run,
                    const std::optional<std::uint64_t>& nonce) {
  Json object;
  object["file"] = media::without_secrets(settings.name);
  object["passed"] = run.state == liveness::ChallengeState::passed;
  object["decision"] = std::string(name_of(run.decision()));
  object["reason"] = std::string(run.reason());
  object["state"] = std::string(name_of(run.state));
  object["nonce"] = nonce ? Json(*nonce) : Json(nullptr);
  object["steps"] = Json::array();
  for (const liveness::StepResult& step : run.steps)
    object["steps"].push_back({{"step", std::string(name_of(step.step))},
                               {"asked", step.asked ? number_json(*step.asked, 3) : Json(nullptr)},
                               {"done", step.done ? number_json(*step.done, 3) : Json(nullptr)}});
  Json passive;
  add_liveness(passive, run.passive);
  object["passive"] = std::move(passive);
  object["least_similarity"] = run.least_alike ? score_json(*run.least_alike) : Json(nullptr);
  object["frames"] = run.frames;
  object["seconds"] = number_json(run.seconds, 3);
  return object;
}

std::string challenge_text(const engine::ChallengeRun& run, const std::optional<std::uint64_t>& nonce) {
  std::string text;
  for (const liveness::StepResult& step : run.steps)
    text += fmt::format("{:<12} {}\n", name_of(step.step),
                        step.done    ? fmt::format("done after {:.1f} s", *step.done - *step.asked)
                        : step.asked ? std::string("not done")
                                     : std::string("not asked"));
  text += fmt::format("\n{} ({}). By its frames alone: {} ({}).", name_of(run.decision()), run.reason(),
                      name_of(run.passive.decision()), name_of(run.passive.reason));
  if (nonce) text += fmt::format(" Nonce {}.", *nonce);
  return text + "\n";
}

Result<ExitCode> liveness_challenge(const LivenessChallengeSettings& settings, Context& context) {
  context.console.set_quiet(settings.quiet);
  std::vector<liveness::Step> steps;
  std::optional<std::uint64_t> nonce;
  if (settings.steps.empty()) {
    nonce = settings.nonce ? *settings.nonce : fresh_nonce();
    VULTUS_TRY(steps, liveness::draw_steps(settings.count, *nonce));
  } else if (settings.nonce) {
    return fail(ErrorCode::invalid_argument, "--nonce draws the steps: it excludes --steps");
  }
  for (const std::string& name : settings.steps) {
    VULTUS_TRY(const liveness::Step step, liveness::step_of(name));
    steps.push_back(step);
  }
  engine::ChallengeRunOptions options{.challenge = settings.challenge, .policy = {}, .video = {}};
  VULTUS_TRY(options.policy, engine::liveness_policy(settings.choice));
  VULTUS_CHECK(liveness::check(options.challenge));
  VULTUS_TRY(const engine::Engine engine, load_engine(settings.engine));
  VULTUS_TRY(const auto models, engine::challenge_models());
  for (const ModelId& id : models) VULTUS_CHECK(may_use(settings.engine, engine, id));
  options.video = settings.video.options(settings.inputs, engine.threads());
  VULTUS_TRY(const engine::ChallengeRun run,
             engine::run_challenge(
                 engine, settings.name, steps, options,
                 [&](liveness::ChallengeState state, liveness::Step step, double seconds) {
                   context.console.note(fmt::format("{:6.2f} s  {}: {}", seconds, name_of(state), name_of(step)));
                 },
                 context.stop));
  VULTUS_CHECK(
      context.out.write(settings.json ? json_line(challenge_json(settings, run, nonce)) : challenge_text(run, nonce)));
  return ExitCode::done;
}

}  // namespace

void add_liveness_challenge(CLI::App& group, Commands& commands) {
  CLI::App* command = group.add_subcommand("challenge", "ask a face to blink, turn and smile, and see whether it does");
  auto settings = std::make_shared<LivenessChallengeSettings>();
  command->add_option("VIDEO", settings->name, "a video, camera (camera:0) or stream of one person")
      ->type_name("")
      ->required();
  command->add_option("--steps", settings->steps, "what is asked, in this order, e.g. blink,turn_left,smile")
      ->type_name("STEPS")
      ->delimiter(',');
  command->add_option("--count", settings->count, "how many steps are drawn, 1 to 20")
      ->type_name("N")
      ->capture_default_str();
  command->add_option("--nonce", settings->nonce, "number that the steps are drawn from; random unless told")
      ->type_name("N");
  command->add_option("--limit", settings->challenge.limit_s, "time for each step, seconds, 0.5 to 120")
      ->type_name("S")
      ->capture_default_str();
  add_liveness_choice(*command, settings->choice);
  add_video_options(*command, settings->video);
  add_limit_option(*command, settings->inputs);
  command->add_flag("--json", settings->json, "one JSON object")->group("Output");
  command->add_flag("-q,--quiet", settings->quiet, "no messages while it runs")->group("Output");
  add_engine_options(*command, settings->engine);
  command->footer(kLivenessChallengeExamples);
  commands.push_back({command, [settings](Context& context) { return liveness_challenge(*settings, context); }});
}

}  // namespace vultus::cli
