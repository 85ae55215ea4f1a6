// vultus enroll: known people go into a gallery.
#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>
#include <set>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include <vultus/engine/enrol.hpp>
#include <vultus/engine/re_embed.hpp>
#include <vultus/media/enrol_list.hpp>

#include <apps/cli/context.hpp>
#include <apps/cli/enroll_inputs.hpp>
#include <apps/cli/gallery_access.hpp>
#include <apps/cli/json_lines.hpp>
#include <apps/cli/picture_run.hpp>
#include <apps/cli/sentence.hpp>
#include <apps/cli/settings.hpp>
#include <apps/cli/terminal_text.hpp>

namespace vultus::cli {
namespace {

constexpr const char* kEnrollExamples =
    "Whose picture is it? One of:\n"
    "  a folder with one subfolder for each person:  people/Ada Lovelace/1.jpg\n"
    "  a folder with pictures named after people:    people/Ada Lovelace.jpg, people/Ada Lovelace_2.jpg\n"
    "  a list with the columns file and subject:     people.csv\n"
    "  --subject NAME:                               all inputs show this person\n"
    "Pictures that were enrolled before are recognised; the same command can be repeated after an interruption.\n\n"
    "A face is refused, with its reason, where it\n"
    "  no_face             is not there\n"
    "  several_faces       has another beside it with more than 40 % of its area\n"
    "  too_small           has less than 10 pixels between the eyes\n"
    "  blurred             has a sharpness below 1.06 (vultus quality tells it)\n"
    "  not_frontal         is turned by more than 50 degrees, or up or down by more than 45\n"
    "  duplicate_of:FACE   resembles a face of the same person with a similarity of 0.97 or more\n"
    "  conflicts_with:NAME matches that other person, and better than the person named\n"
    "--force enrols all but the first.\n\n"
    "Examples:\n"
    "  vultus enroll people.vgal people/\n"
    "  vultus enroll people.vgal a.jpg b.jpg --subject 'Ada Lovelace'\n"
    "  vultus enroll people.vgal people.csv --json";

// Small enough that the bar moves, large enough that the disk's synchronisation does not show.
constexpr std::size_t kBatch = 32;

struct EnrollSettings {
  EngineSettings engine;
  InputSettings inputs;
  FormatSettings format;
  std::string gallery;
  KeySettings keys;
  bool encrypt = false;
  std::string sql_search;
  std::string subject;
  std::vector<std::string> csv;
  bool largest = false;
  bool force = false;
  bool no_thumbnails = false;
};

using Step = engine::EnrolStep;

const char* name_of(Step::Kind kind) {
  switch (kind) {
    case Step::Kind::enrolled: return "enrolled";
    case Step::Kind::already_there: return "already_there";
    case Step::Kind::skipped: break;
  }
  return "skipped";
}

/// Tells each step, and holds on to the first failure of the output: the engine cannot be told of it.
class StepTeller {
 public:
  StepTeller(Context& context, Rows& rows) : context_(context), rows_(rows) {}

  void tell(const Step& step) {
    context_.console.advance(++done_);
    if (step.kind != Step::Kind::skipped) people_.insert(step.subject);
    if (!failed_) return;
    failed_ = write(step);
    if (failed_) failed_ = rows_.flush();
    if (!failed_) stop_.request_stop();
  }

  /// Tells an input that gave no picture.
  Status refuse(const media::InputError& e) {
    if (rows_.format() != Format::table) return rows_.error(e.path, e.error);
    return write({.kind = Step::Kind::skipped,
                  .path = e.path,
                  .subject = {},
                  .face = {},
                  .reason = std::string(vultus::name_of(e.error.code)),
                  .error = e.error});
  }

  [[nodiscard]] std::stop_source& stop() { return stop_; }
  [[nodiscard]] const Status& failed() const { return failed_; }
  [[nodiscard]] std::size_t done() const { return done_; }
  [[nodiscard]] std::int64_t people() const { return static_cast<std::int64_t>(people_.size()); }

 private:
  Status write(const Step& step) {
    const std::string face = step.kind == Step::Kind::skipped ? std::string() : fmt::format("{}", step.face.number());
    if (rows_.format() == Format::json) return rows_.json(json_line(json_of(step)));
    if (rows_.format() == Format::csv) {
      if (step.error)
        return rows_.error_row({step.path, step.subject, name_of(step.kind), face, step.reason}, *step.error);
      return rows_.csv({step.path, step.subject, name_of(step.kind), face, step.reason});
    }
    const Style style = step.kind == Step::Kind::enrolled  ? Style::good
                        : step.kind == Step::Kind::skipped ? Style::warn
                                                           : Style::dim;
    const std::string what = step.kind == Step::Kind::enrolled  ? "enrolled"
                             : step.kind == Step::Kind::skipped ? "skipped"
                                                                : "there already";
    return rows_.table({{step.path}, {what, style}, {step.error ? why(step) : step.subject}});
  }

  static Json json_of(const Step& step) {
    Json object = step.error ? error_json(step.path, *step.error) : Json{{"file", step.path}};
    object["subject"] = step.subject.empty() ? Json(nullptr) : Json(step.subject);
    object["outcome"] = name_of(step.kind);
    if (step.kind != Step::Kind::skipped) object["face"] = step.face.number();
    if (!step.reason.empty()) object["reason"] = step.reason;
    return object;
  }

  /// The reason without the file's name, which stands in the same row, and with what helps.
  static std::string why(const Step& step) {
    std::string text = step.error->message;
    if (const std::string prefix = step.path + ": "; text.starts_with(prefix)) text.erase(0, prefix.size());
    if (step.reason == "several_faces") return text + " (--largest takes the largest, most central face)";
    const bool forced =
        step.error->code == ErrorCode::invalid_argument && step.reason != vultus::name_of(step.error->code);
    return forced ? text + " (--force enrols it)" : text;
  }

  Context& context_;
  Rows& rows_;
  Status failed_;
  std::stop_source stop_;
  std::set<std::string> people_;
  std::size_t done_ = 0;
};

Rows make_rows(Context& context, Format format, const EnrollInputs& inputs) {
  std::vector<media::Input> pictures;
  for (const engine::EnrolInput& in : inputs.pictures) pictures.push_back(in.input);
  return {context,
          format,
          {file_column(pictures), {"OUTCOME", Align::left, 13}, {"WHO, OR WHY NOT"}},
          {"file", "subject", "outcome", "face", "reason"}};
}

/// @param gallery  null = nothing was there to be enrolled, and it was not made
std::string summary(const EnrollSettings& settings, const engine::EnrolReport& report, const Gallery* gallery,
                    std::int64_t failed) {
  std::string text = counted(report.enrolled, "face") + " enrolled";
  if (report.already_there > 0) text += ", " + grouped(report.already_there) + " there already";
  if (report.skipped + failed > 0) text += ", " + counted(report.skipped + failed, "input") + " skipped";
  if (gallery == nullptr) return text + ". " + shown_gallery(settings.gallery) + " was not made.";
  const GalleryInfo info = gallery->info();
  return text + fmt::format(". {} holds {} of {}.", shown_gallery(settings.gallery), counted(info.faces, "face"),
                            counted(info.subjects, "person", "people"));
}

/// How the gallery is opened, or made.
Result<GalleryOptions> options_of(const EnrollSettings& settings, const engine::Engine& engine) {
  GalleryOptions how = gallery_options(settings.gallery, GalleryAccess::create_or_open, settings.keys);
  how.model = engine::gallery_model(engine);
  if (!settings.sql_search.empty()) how.sql_search = settings.sql_search == "hnsw" ? SqlSearch::hnsw : SqlSearch::exact;
  if (on_servers(settings.gallery)) {
    if (settings.encrypt) how.encryption = GalleryEncryption::sealed;
    return how;
  }
  std::error_code failed;
  if (!settings.encrypt || std::filesystem::exists(settings.gallery, failed)) return how;
  how.encryption = GalleryEncryption::sealed;
  if (!how.key) {
    VULTUS_TRY(how.key, new_key_of(settings.keys));
  }
  return how;
}

/// A gallery that moves to another model gets the templates of both. What was enrolled stays enrolled whatever happens.
void follow_move(const EnrollSettings& settings, Gallery& gallery, Context& context) {
  const auto move = gallery.model_move();
  if (!move || !*move) return;
  EngineSettings next = settings.engine;
  next.preset = (*move)->to.preset;
  next.fast = next.accurate = false;
  next.embedder.clear();
  const auto engine = load_engine(next);
  std::int64_t left = 0;
  Result<engine::ReEmbedReport> report =
      engine ? Result<engine::ReEmbedReport>(engine::ReEmbedReport()) : Result<engine::ReEmbedReport>(engine.error());
  if (engine)
    report = engine::re_embed(
        *engine, gallery, {}, [&](const engine::ReEmbedStep& step) { left += step.reason.empty() ? 0 : 1; },
        context.stop);
  const std::string model = (*move)->to.id.text();
  if (!report)
    context.console.error("templates of " + model +
                          ", to which the gallery moves, were not made: " + report.error().message);
  else if (left > 0)
    context.console.note(counted(left, "face") + " without a template of " + model +
                         ", to which the gallery moves: vultus gallery re-embed tells why");
}

/// What is wrong with the command line itself. @return empty = nothing
std::string wrong_usage(const EnrollSettings& settings) {
  if (settings.inputs.names.empty() && settings.csv.empty())
    return "nothing to enrol: name folders, pictures or a list";
  if (settings.subject.empty()) return {};
  const auto list = std::ranges::find_if(settings.inputs.names, [](const std::string& name) {
    std::error_code failed;
    return names_a_list(name) && !std::filesystem::is_directory(name, failed);
  });
  return list == settings.inputs.names.end()
             ? std::string()
             : *list + ": a list says whose pictures are whose; leave out --subject, or the list";
}

/// Where faces go: into the gallery that is there, or into one that is made for the first face. On servers it is opened
/// at once, so that nothing is looked at in vain.
Result<std::unique_ptr<engine::EnrolTarget>> target_of(const EnrollSettings& settings, const engine::Engine& engine,
                                                       std::optional<Gallery>& opened) {
  VULTUS_TRY(GalleryOptions how, options_of(settings, engine));
  std::error_code failed;
  if (!on_servers(settings.gallery) && !std::filesystem::exists(settings.gallery, failed))
    return std::make_unique<engine::EnrolTarget>([how = std::move(how), &settings]() -> Result<Gallery> {
      VULTUS_TRY(Gallery made, Gallery::open(how));
      if (settings.encrypt) VULTUS_CHECK(require_encrypted(made, settings.gallery));
      return made;
    });
  VULTUS_TRY(opened, Gallery::open(std::move(how)));
  if (settings.encrypt) VULTUS_CHECK(require_encrypted(*opened, settings.gallery));
  return std::make_unique<engine::EnrolTarget>(*opened);
}

Result<ExitCode> enroll(const EnrollSettings& settings, Context& context) {
  context.console.set_quiet(settings.format.quiet);
  if (const std::string wrong = wrong_usage(settings); !wrong.empty()) {
    context.console.error(wrong + "\nSee: vultus enroll --help");
    return ExitCode::usage;
  }
  if (!settings.subject.empty()) VULTUS_CHECK(media::check_subject_name(settings.subject).with_context("--subject"));
  const EnrollInputs inputs = enroll_inputs(settings.inputs, settings.csv, settings.subject);
  VULTUS_TRY(const std::string preset, preset_of_gallery(settings.gallery, settings.keys));
  VULTUS_TRY(const engine::Engine engine, load_engine(settings.engine, preset));
  Rows rows = make_rows(context, settings.format.format(), inputs);
  StepTeller teller(context, rows);
  VULTUS_CHECK(rows.begin());
  for (const media::InputError& e : inputs.errors) VULTUS_CHECK(teller.refuse(e));
  VULTUS_CHECK(rows.flush());
  if (inputs.pictures.empty()) {
    context.console.error(shown_gallery(settings.gallery) + ": nothing was enrolled: no input gave a picture");
    return ExitCode::some_failed;
  }
  std::optional<Gallery> opened;
  VULTUS_TRY(const auto into, target_of(settings, engine, opened));
  const std::stop_callback pass_on(context.stop, [&teller] { teller.stop().request_stop(); });
  context.console.begin("enroll", inputs.pictures.size());
  const engine::EnrolOptions options{.limits = settings.inputs.limits(),
                                     .gate = {},
                                     .force = settings.force,
                                     .largest = settings.largest,
                                     .thumbnails = !settings.no_thumbnails,
                                     .batch = kBatch};
  const auto report = engine::enrol_pictures(
      engine, *into, inputs.pictures, options, [&](const Step& step) { teller.tell(step); }, teller.stop().get_token());
  context.console.end();
  VULTUS_CHECK(teller.failed());
  if (!report) {
    if (report.error().code != ErrorCode::cancelled) return report.error();
    return fail(ErrorCode::cancelled,
                fmt::format("stopped: {} of {} done and safe in {}; the same command goes on from here",
                            grouped(static_cast<std::int64_t>(teller.done())),
                            counted(static_cast<std::int64_t>(inputs.pictures.size()), "picture"),
                            shown_gallery(settings.gallery)));
  }
  if (into->opened() != nullptr) follow_move(settings, *into->opened(), context);
  const auto failed = static_cast<std::int64_t>(inputs.errors.size());
  const std::string text = summary(settings, *report, into->opened(), failed);
  if (rows.format() == Format::table)
    VULTUS_CHECK(context.out.write("\n" + printable(text) + "\n"));
  else
    context.console.note(text);
  return report->skipped + failed > 0 ? ExitCode::some_failed : ExitCode::done;
}

}  // namespace

void add_enroll(CLI::App& app, Commands& commands) {
  CLI::App* command = app.add_subcommand("enroll", "put known people into a gallery");
  auto settings = std::make_shared<EnrollSettings>();
  command
      ->add_option(
          "GALLERY", settings->gallery,
          "the gallery's file, made if it is not there; or a database, postgresql://..., or a configuration of shards")
      ->type_name("")
      ->required();
  add_input_options(*command, settings->inputs, "folders, pictures, patterns, or lists ending in .csv")
      ->required(false);
  CLI::Option* const subject =
      command->add_option("--subject", settings->subject, "all inputs show this person")->type_name("NAME");
  command->add_option("--from-csv", settings->csv, "a list with the columns file and subject")
      ->type_name("FILE")
      ->allow_extra_args(false)
      ->excludes(subject);
  command->add_flag("--largest", settings->largest,
                    "take the largest, most central face where several people are shown");
  command->add_flag("--force", settings->force,
                    "enrol also what is refused for its quality, as a copy or a conflict, or for several faces");
  command->add_flag("--no-thumbnails", settings->no_thumbnails, "keep no small pictures of the faces");
  add_format_options(*command, settings->format);
  add_engine_options(*command, settings->engine);
  command
      ->add_option("--sql-search", settings->sql_search,
                   "a new gallery on servers keeps templates in plain, so that SQL clients can search them: "
                   "exact, or hnsw for an approximate index")
      ->check(CLI::IsMember({"exact", "hnsw"}))
      ->type_name("KIND")
      ->group("Gallery on servers");
  command
      ->add_flag("--encrypt", settings->encrypt,
                 "make the new gallery encrypted; an existing one is encrypted by vultus gallery encrypt")
      ->group("Key and log");
  add_key_options(*command, settings->keys);
  command->footer(kEnrollExamples);
  commands.push_back({command, [settings](Context& context) { return enroll(*settings, context); }});
}

}  // namespace vultus::cli
