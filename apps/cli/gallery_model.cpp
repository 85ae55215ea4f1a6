// vultus gallery re-embed | switch-model: moving to a better model.
#include <memory>
#include <utility>

#include <fmt/format.h>

#include <vultus/engine/enrol.hpp>
#include <vultus/engine/re_embed.hpp>

#include <apps/cli/context.hpp>
#include <apps/cli/gallery_access.hpp>
#include <apps/cli/json_lines.hpp>
#include <apps/cli/sentence.hpp>
#include <apps/cli/settings.hpp>
#include <apps/cli/terminal_text.hpp>

namespace vultus::cli {
namespace {

constexpr const char* kReEmbedExamples =
    "The gallery answers with its present model until vultus gallery switch-model. A run that was stopped goes on "
    "where\n"
    "it was. Faces that cannot be moved are told with their reason:\n"
    "  no_thumbnail   no picture of the face was kept (enroll --no-thumbnails)\n"
    "  encrypted      its picture cannot be read\n"
    "  not_decoded    its picture is damaged\n"
    "  no_face        the new preset finds no face in its picture\n"
    "  too_small      less than 10 pixels lie between the eyes in its picture\n\n"
    "Examples:\n"
    "  vultus gallery re-embed people.vgal --preset accurate";

constexpr const char* kSwitchExamples =
    "All or nothing, for all programs that have the gallery open. The templates and calibrations of the old model are\n"
    "removed; calibrate again afterwards.\n\n"
    "Examples:\n"
    "  vultus gallery re-embed people.vgal --preset accurate && vultus gallery switch-model people.vgal";

struct ModelSettings {
  KeySettings keys;
  EngineSettings engine;
  std::string gallery;
  bool drop = false;
  bool without_them = false;
  bool json = false;
  bool quiet = false;
};

std::string model_text(const GalleryModel& model) {
  return model.preset.empty() ? model.id.text() : fmt::format("{} (preset {})", model.id.text(), model.preset);
}

Json step_json(const engine::ReEmbedStep& step) {
  Json object;
  object["face"] = step.face.number();
  object["subject"] = step.name;
  object["outcome"] = step.reason.empty() ? "embedded" : "left";
  if (!step.reason.empty()) {
    object["reason"] = step.reason;
    object["text"] = step.text;
  }
  return object;
}

Result<ExitCode> drop(const ModelSettings& settings, Context& context) {
  VULTUS_TRY(Gallery gallery, open_gallery(settings.gallery, GalleryAccess::read_write, settings.keys));
  VULTUS_TRY(const auto move, gallery.model_move());
  VULTUS_CHECK(gallery.drop_model_move());
  const std::string to = move ? model_text(move->to) : std::string();
  VULTUS_CHECK(context.out.write(
      settings.json ? json_line({{"dropped", move ? move->to.id.text() : std::string()}})
                    : printable(shown_gallery(settings.gallery) + ": the move to " + to + " was given up.") + "\n"));
  return ExitCode::done;
}

/// Tells each face that was left, and holds on to the first failure of the output.
class Teller {
 public:
  Teller(const ModelSettings& settings, Context& context) : settings_(settings), context_(context) {}
  void tell(const engine::ReEmbedStep& step) {
    context_.console.advance(++done_);
    if (!failed_) return;
    if (settings_.json)
      failed_ = context_.out.write(json_line(step_json(step)));
    else if (!step.reason.empty())
      failed_ = context_.out.write(
          printable(fmt::format("face {} of {}: {}: {}", step.face.number(), step.name, step.reason, step.text)) +
          "\n");
    if (!failed_) stop_.request_stop();
  }
  [[nodiscard]] const Status& failed() const { return failed_; }
  [[nodiscard]] std::stop_source& stop() { return stop_; }
  [[nodiscard]] std::size_t done() const { return done_; }

 private:
  const ModelSettings& settings_;
  Context& context_;
  Status failed_;
  std::stop_source stop_;
  std::size_t done_ = 0;
};

Result<ExitCode> re_embed(const ModelSettings& settings, Context& context) {
  context.console.set_quiet(settings.quiet);
  if (settings.drop) return drop(settings, context);
  VULTUS_TRY(Gallery gallery, open_gallery(settings.gallery, GalleryAccess::read_write, settings.keys));
  VULTUS_TRY(const auto under_way, gallery.model_move());
  VULTUS_TRY(const engine::Engine engine,
             load_engine(settings.engine, under_way ? under_way->to.preset : std::string()));
  VULTUS_CHECK(gallery.begin_model_move(engine::gallery_model(engine)));
  VULTUS_TRY(const auto move, gallery.model_move());
  context.console.begin("re-embed", static_cast<std::size_t>(move ? move->missing : 0));
  Teller teller(settings, context);
  const std::stop_callback pass_on(context.stop, [&teller] { teller.stop().request_stop(); });
  const auto report = engine::re_embed(
      engine, gallery, {}, [&](const engine::ReEmbedStep& step) { teller.tell(step); }, teller.stop().get_token());
  context.console.end();
  VULTUS_CHECK(teller.failed());
  if (!report) {
    if (report.error().code != ErrorCode::cancelled) return report.error();
    return fail(ErrorCode::cancelled, fmt::format("stopped: {} done and safe in {}; the same command goes on from here",
                                                  counted(static_cast<std::int64_t>(teller.done()), "face"),
                                                  shown_gallery(settings.gallery)));
  }
  const std::string text = fmt::format(
      "{} embedded again by {}, {} left. {}", counted(report->embedded, "face"),
      engine.preset().template_model().text(), grouped(report->left),
      report->left == 0 ? "Switch with: vultus gallery switch-model " + shown_gallery(settings.gallery)
                        : "Enrol those again from better pictures, or leave them behind: vultus gallery switch-model " +
                              shown_gallery(settings.gallery) + " --without-them");
  if (settings.json)
    VULTUS_CHECK(context.out.write(json_line(
        {{"embedded", report->embedded}, {"left", report->left}, {"model", engine.preset().template_model().text()}})));
  else
    VULTUS_CHECK(context.out.write(printable(text) + "\n"));
  return report->left > 0 ? ExitCode::some_failed : ExitCode::done;
}

Result<ExitCode> switch_model(const ModelSettings& settings, Context& context) {
  VULTUS_TRY(Gallery gallery, open_gallery(settings.gallery, GalleryAccess::read_write, settings.keys));
  const auto done = gallery.switch_model(settings.without_them ? IfNotMoved::remove : IfNotMoved::refuse);
  if (!done) {
    const bool missing = done.error().code == ErrorCode::invalid_argument && !settings.without_them;
    const bool none = done.error().code == ErrorCode::not_found;
    return fail(done.error().code,
                done.error().message +
                    (missing ? "; vultus gallery re-embed tells why, --without-them removes them" : "") +
                    (none ? "; begin with vultus gallery re-embed" : ""));
  }
  const Json object{{"from", done->from.id.text()},
                    {"to", done->to.id.text()},
                    {"removed_faces", done->removed},
                    {"bytes_gone", done->bytes_gone}};
  const std::string text = fmt::format(
      "{} has model {} now; {} removed. Calibrations of {} are gone: vultus calibrate measures new ones.",
      shown_gallery(settings.gallery), model_text(done->to), counted(done->removed, "face"), done->from.id.text());
  VULTUS_CHECK(context.out.write(settings.json ? json_line(object) : printable(text) + "\n"));
  return ExitCode::done;
}

}  // namespace

void add_gallery_models(CLI::App& gallery, Commands& commands) {
  auto settings = std::make_shared<ModelSettings>();
  CLI::App* command = gallery.add_subcommand("re-embed", "make templates of another model from the stored pictures");
  command->add_option("GALLERY", settings->gallery, "the gallery's file")->type_name("")->required();
  add_key_options(*command, settings->keys);
  command->add_flag("--drop", settings->drop, "give the move up, and remove what was made for it");
  command->add_flag("--json", settings->json, "JSON Lines: one object for each face, then a summary")->group("Output");
  command->add_flag("-q,--quiet", settings->quiet, "no progress bar, no remarks")->group("Output");
  add_engine_options(*command, settings->engine);
  command->footer(kReEmbedExamples);
  commands.push_back({command, [settings](Context& context) { return re_embed(*settings, context); }});

  settings = std::make_shared<ModelSettings>();
  command = gallery.add_subcommand("switch-model", "search with the model of re-embed from now on");
  command->add_option("GALLERY", settings->gallery, "the gallery's file")->type_name("")->required();
  add_key_options(*command, settings->keys);
  command->add_flag("--without-them", settings->without_them, "remove faces that could not be moved");
  command->add_flag("--json", settings->json, "one JSON object")->group("Output");
  command->footer(kSwitchExamples);
  commands.push_back({command, [settings](Context& context) { return switch_model(*settings, context); }});
}

}  // namespace vultus::cli
