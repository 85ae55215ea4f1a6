// vultus protect dp-video: a video with differential privacy, what it costs and what it leaves.
#include <memory>

#include <fmt/format.h>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <CLI/Validators.hpp>

#include <vultus/engine/dp_video.hpp>

#include <apps/cli/context.hpp>
#include <apps/cli/json_lines.hpp>
#include <apps/cli/originals.hpp>
#include <apps/cli/sentence.hpp>
#include <apps/cli/settings.hpp>
#include <apps/cli/terminal_text.hpp>

namespace vultus::cli {
namespace {

constexpr const char* kDpVideoExamples =
    "Our reading of Video-DPRP (arXiv 2503.02132): frames are shrunk to --side, clipped, projected and given noise of "
    "the\n"
    "exact Gaussian mechanism. The guarantee is for one unit: a frame is not a person, who is in many; --unit video is "
    "the\n"
    "person. What a recogniser or an eye sees is no guarantee. The report is made with the original: keep it there.\n\n"
    "Examples:\n"
    "  vultus protect dp-video clip.mp4 -o private.mp4 --eps 5 --delta 1e-4\n"
    "  vultus protect dp-video clip.mp4 -o private.mp4 --unit block --side 48 --block 8 --json";

constexpr const char* kDpWarning =
    "PSNR, pulse, expression and recognition are measurements of today's tools on this video: no privacy guarantee. "
    "The guarantee "
    "is (epsilon, delta) for one unit, for noise of real numbers; floating point is not proved.";

struct DpVideoSettings {
  EngineSettings engine;
  InputSettings limits;
  FormatSettings format;
  ThresholdSettings threshold;
  std::string input, output;
  std::string unit = "frame", relation = "add-remove", projection = "orthonormal";
  engine::DpVideoOptions options;
};

engine::DpUnit dp_unit_of(const std::string& name) {
  return name == "block" ? engine::DpUnit::block : name == "video" ? engine::DpUnit::video : engine::DpUnit::frame;
}

Json dp_budget_json(const protect::PrivacyBudget& budget) {
  return {{"epsilon", number_json(budget.epsilon, 6)}, {"delta", budget.delta}};
}

Json dp_mechanism_json(const protect::GaussianMechanism& one) {
  Json object = dp_budget_json(one.budget);
  object["sensitivity"] = number_json(one.sensitivity, 6);
  object["sigma"] = number_json(one.sigma, 6);
  return object;
}

Json dp_pulse_json(const physio::HeartRate& pulse) {
  if (!pulse.rate) return {{"bpm", nullptr}, {"reason", pulse.reason}};
  return {{"bpm", number_json(pulse.rate->value(), 2)}, {"snr_db", number_json(pulse.snr.value(), 2)}};
}

Json dp_expression_json(const engine::DpExpression& expression) {
  const auto number = [](const std::optional<double>& value) { return value ? score_json(*value) : Json(nullptr); };
  Json object{{"model", expression.model.empty() ? Json(nullptr) : Json(expression.model)},
              {"frames", expression.frames},
              {"unread", expression.unread},
              {"without_face", expression.without_face},
              {"compared", expression.compared},
              {"agreement", number(expression.agreement)},
              {"chance", number(expression.chance)},
              {"kappa", number(expression.kappa)},
              {"probability_difference", number(expression.probability_difference)}};
  if (!expression.reason.empty()) object["reason"] = expression.reason;
  if (!expression.kappa_reason.empty()) object["kappa_reason"] = expression.kappa_reason;
  return object;
}

Json dp_privacy_json(const engine::DpVideoReport& report, const DpVideoSettings& settings) {
  const protect::DpReleaseOptions& release = settings.options.release;
  Json object{{"method", "Video-DPRP, our reading"},
              {"unit", settings.unit},
              {"relation", settings.relation},
              {"epsilon", release.budget.epsilon},
              {"delta", release.budget.delta},
              {"budget", release.projection_share},
              {"clip", number_json(report.clip, 3)},
              {"rank", release.rank},
              {"projection_kind", settings.projection},
              {"projection_norm", number_json(report.projection_norm, 6)},
              {"projection_seed", std::to_string(report.projection_seed)},
              {"projection", dp_mechanism_json(report.mechanisms.projection)},
              {"covariance", dp_mechanism_json(report.mechanisms.covariance)}};
  object["composition"] = {{"videos", settings.options.videos},
                           {"basic", dp_budget_json(report.basic)},
                           {"gaussian", dp_budget_json(report.gaussian)}};
  object["everything_filmed"] = {
      {"units", report.units},
      {"epsilon", report.whole_epsilon ? number_json(*report.whole_epsilon, 3) : Json(nullptr)},
      {"delta", release.budget.delta}};
  object["public"] = {"frame size", "number of frames", "times of frames", "all options", "projection_seed"};
  if (settings.options.planted_noise) object["planted_noise"] = true;
  return object;
}

Json dp_identity_json(const engine::DpIdentifiability& identity, const OperatingPoint& at) {
  const auto share = [&](double count) {
    return identity.samples > 0 ? score_json(count / identity.samples) : Json(nullptr);
  };
  Json object{{"samples", identity.samples},
              {"before", share(identity.before)},
              {"after", share(identity.after)},
              {"faces_found", share(identity.found)}};
  object["similarity_before"] = identity.samples > 0 ? score_json(identity.similarity_before) : Json(nullptr);
  object["similarity_after"] = identity.samples > 0 ? score_json(identity.similarity_after) : Json(nullptr);
  object["similarity_of_mean_frame"] =
      identity.similarity_of_mean ? score_json(*identity.similarity_of_mean) : Json(nullptr);
  object["threshold"] = score_json(at.threshold.value());
  add_fmr(object, at);
  return object;
}

Json dp_report_json(const engine::DpVideoReport& report, const DpVideoSettings& settings) {
  Json object{{"file", settings.input},        {"output", settings.output},
              {"frames", report.frames},       {"released_size", {report.width, report.height}},
              {"rows", report.rows},           {"values_per_row", report.columns},
              {"rows_clipped", report.clipped}};
  object["privacy"] = dp_privacy_json(report, settings);
  object["audit"] = report.audit ? Json{{"runs", report.audit->runs},
                                        {"epsilon_at_least", score_json(report.audit->lower_bound)},
                                        {"miss", report.audit->miss},
                                        {"passed", report.audit->passed()}}
                                 : Json(nullptr);
  object["utility"] = {{"psnr_db", number_json(report.psnr_db, 3)},
                       {"skin_frames", report.skin_frames},
                       {"pulse_before", dp_pulse_json(report.pulse_before)},
                       {"pulse_after", dp_pulse_json(report.pulse_after)},
                       {"expression", dp_expression_json(report.expression)}};
  object["identifiability"] = dp_identity_json(report.identity, settings.options.at);
  object["warning"] = kDpWarning;
  return object;
}

std::string dp_pulse_text(const physio::HeartRate& pulse) {
  return pulse.rate ? fmt::format("{:.1f} beats a minute (SNR {:.1f} dB)", pulse.rate->value(), pulse.snr.value())
                    : "not measurable: " + pulse.reason;
}

std::string dp_expression_text(const engine::DpExpression& expression) {
  const std::string counts =
      expression.frames == 0 ? std::string()
                             : fmt::format(" {} with a face in the original, {} of them without one in the release.",
                                           counted(expression.frames, "frame"), grouped(expression.without_face));
  if (!expression.agreement) return fmt::format("Expression: not measurable: {}.{}\n", expression.reason, counts);
  return fmt::format(
      "Expression: the same label in {:.1f} % of {} (chance {:.1f} %, kappa {}); probabilities differ by {:.3f} on "
      "average.{}\n",
      100 * *expression.agreement, counted(expression.compared, "frame"), 100 * expression.chance.value_or(0),
      expression.kappa ? fmt::format("{:.3f}", *expression.kappa) : "undefined: " + expression.kappa_reason,
      expression.probability_difference.value_or(0), counts);
}

std::string dp_privacy_text(const engine::DpVideoReport& report, const DpVideoSettings& settings) {
  const protect::DpReleaseOptions& release = settings.options.release;
  std::string text = fmt::format(
      "Guarantee: (epsilon {:g}, delta {:g}) for one {}, relation {}; our reading of Video-DPRP.\n"
      "Noise: sigma {:.4g} of the projection (epsilon {:g}), {:.4g} of the covariance (epsilon {:g}).\n",
      release.budget.epsilon, release.budget.delta, settings.unit, settings.relation,
      report.mechanisms.projection.sigma, report.mechanisms.projection.budget.epsilon,
      report.mechanisms.covariance.sigma, report.mechanisms.covariance.budget.epsilon);
  text += fmt::format(
      "Composition: {} of the same people: epsilon {:.4g} by sums, {:.4g} by Gaussian composition, at delta {:g}.\n",
      counted(settings.options.videos, "video"), report.basic.epsilon, report.gaussian.epsilon, report.basic.delta);
  if (settings.unit != "video")
    text += fmt::format("Who is in all {} units is protected with epsilon {} alone.\n", grouped(report.units),
                        report.whole_epsilon ? fmt::format("{:.4g}", *report.whole_epsilon) : "above 100000");
  if (report.audit)
    text += fmt::format("Audit: {} runs prove epsilon of at least {:.3f}; {}.\n", grouped(report.audit->runs),
                        report.audit->lower_bound,
                        report.audit->passed() ? "no fault found" : "MORE than was promised: do not release this");
  return text;
}

std::string dp_report_text(const engine::DpVideoReport& report, const DpVideoSettings& settings) {
  std::string text = fmt::format("{}: {} of {} x {} pixels, enlarged.\n", printable(settings.output),
                                 counted(report.frames, "frame"), report.width, report.height);
  text += dp_privacy_text(report, settings);
  text += fmt::format("Use: PSNR {:.2f} dB. Pulse by POS before: {}; after: {}.\n", report.psnr_db,
                      dp_pulse_text(report.pulse_before), dp_pulse_text(report.pulse_after));
  text += dp_expression_text(report.expression);
  const engine::DpIdentifiability& identity = report.identity;
  if (identity.samples == 0) {
    text += "Identity: not measured, for there is no face in two frames.\n";
  } else {
    text += fmt::format(
        "Identity: {} frames of {} recognised before, {} after (threshold {:.3f}); mean similarity {:.3f} and {:.3f}; "
        "faces found in {}.\n",
        identity.before, identity.samples, identity.after, settings.options.at.threshold.value(),
        identity.similarity_before, identity.similarity_after, identity.found);
    if (identity.similarity_of_mean)
      text += fmt::format(
          "The mean of all released frames: similarity {:.3f}, {}.\n", *identity.similarity_of_mean,
          *identity.similarity_of_mean >= settings.options.at.threshold.value() ? "RECOGNISED" : "not recognised");
  }
  return text + std::string(kDpWarning) + "\n";
}

Result<ExitCode> dp_video(const DpVideoSettings& given, Context& context) {
  DpVideoSettings settings = given;
  context.console.set_quiet(settings.format.quiet);
  VULTUS_CHECK(Originals({&settings.input, 1}).spare(settings.output));
  settings.options.unit = dp_unit_of(settings.unit);
  settings.options.release.relation =
      settings.relation == "replace" ? protect::NeighbourRelation::replace : protect::NeighbourRelation::add_remove;
  settings.options.release.kind =
      settings.projection == "gaussian" ? protect::ProjectionKind::gaussian : protect::ProjectionKind::orthonormal;
  settings.options.limits = settings.limits.limits();
  VULTUS_TRY(const engine::Engine engine, load_engine(settings.engine));
  VULTUS_TRY(settings.options.at, operating_point(engine, settings.threshold));
  Status may_read;
  if (settings.options.expression) may_read = may_use(settings.engine, engine, *settings.options.expression);
  if (!may_read && may_read.error().code == ErrorCode::unsupported) settings.options.expression.reset();
  VULTUS_TRY(engine::DpVideoReport report,
             engine::release_video(engine, settings.input, settings.output, settings.options, context.stop));
  if (!may_read && report.expression.model.empty()) report.expression.reason = may_read.error().message;
  VULTUS_CHECK(context.out.write(settings.format.json ? json_line(dp_report_json(report, settings))
                                                      : dp_report_text(report, settings)));
  return report.audit && !report.audit->passed() ? ExitCode::some_failed : ExitCode::done;
}

void add_dp_rows(CLI::App& command, DpVideoSettings& settings) {
  engine::DpVideoOptions& options = settings.options;
  command.add_option("--side", options.side, "pixels of the longer side that frames are shrunk to; 32 unless told")
      ->type_name("N");
  command
      .add_option("--block", options.block, "cut frames into blocks of so many pixels squared; 0 (none) unless told")
      ->type_name("N");
  command
      .add_option("--contrast", options.contrast,
                  "rows are clipped to this root mean square distance from middle grey; 64 unless told")
      ->type_name("LEVELS");
  command.add_option("--dimensions", options.release.dimensions, "of the projection; 64 unless told")->type_name("K");
  command.add_option("--rank", options.release.rank, "directions that are kept; 2 unless told")->type_name("R");
  command
      .add_option("--projection", settings.projection,
                  "orthonormal, or gaussian as the paper has it; orthonormal unless told")
      ->type_name("KIND")
      ->check(CLI::IsMember({"orthonormal", "gaussian"}).description(""));
  command
      .add_option("--seed", options.seed,
                  "of the projection, to draw it again; a fresh one unless told. The noise is "
                  "always fresh")
      ->type_name("N");
}

void add_dp_privacy(CLI::App& command, DpVideoSettings& settings) {
  engine::DpVideoOptions& options = settings.options;
  options.release.projection_share = .8;
  options.release.rank = 2;
  command.add_option("--eps", options.release.budget.epsilon, "privacy loss of one unit; 5 unless told")
      ->type_name("EPSILON");
  command.add_option("--delta", options.release.budget.delta, "chance that it is more; 1e-4 unless told")
      ->type_name("DELTA");
  command
      .add_option("--budget", options.release.projection_share,
                  "share of both for the pictures, the rest is for their covariance; 0.8 unless told")
      ->type_name("SHARE");
  command.add_option("--unit", settings.unit, "what is protected: frame, block or video; frame unless told")
      ->type_name("NAME")
      ->check(CLI::IsMember({"frame", "block", "video"}).description(""));
  command
      .add_option("--relation", settings.relation,
                  "neighbours differ by a unit that is there or grey (add-remove), or exchanged (replace); add-remove "
                  "unless told")
      ->type_name("NAME")
      ->check(CLI::IsMember({"add-remove", "replace"}).description(""));
  command.add_option("--videos", options.videos, "so many videos of the same people are released; 1 unless told")
      ->type_name("N");
  command.add_option("--audit", options.audit_runs, "runs that try to refute epsilon, 0 for none; 10000 unless told")
      ->type_name("RUNS");
}

}  // namespace

void add_protect_dp_video(CLI::App& protect, Commands& commands) {
  CLI::App* command = protect.add_subcommand("dp-video", "release a video with differential privacy");
  auto settings = std::make_shared<DpVideoSettings>();
  command->add_option("INPUT", settings->input, "a video file")->type_name("")->required();
  command->add_option("-o,--output", settings->output, "the release")->type_name("FILE.mp4")->required();
  add_dp_privacy(*command, *settings);
  add_dp_rows(*command, *settings);
  add_limit_option(*command, settings->limits);
  add_threshold_options(*command, settings->threshold);
  command->add_flag("--json", settings->format.json, "one JSON object")->group("Output");
  command->add_flag("-q,--quiet", settings->format.quiet, "no notes")->group("Output");
  add_engine_options(*command, settings->engine);
  command->footer(kDpVideoExamples);
  commands.push_back({command, [settings](Context& context) { return dp_video(*settings, context); }});
}

}  // namespace vultus::cli
