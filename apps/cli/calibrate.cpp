// vultus calibrate: the threshold for a wanted false match rate, from the user's own pictures.
#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <thread>
#include <utility>

#include <fmt/format.h>

#include <vultus/engine/calibrate.hpp>
#include <vultus/engine/calibration_report.hpp>
#include <vultus/media/file.hpp>

#include <apps/cli/calibrate_text.hpp>
#include <apps/cli/context.hpp>
#include <apps/cli/enroll_inputs.hpp>
#include <apps/cli/gallery_access.hpp>
#include <apps/cli/originals.hpp>
#include <apps/cli/sentence.hpp>
#include <apps/cli/settings.hpp>

namespace vultus::cli {
namespace {

constexpr const char* kCalibrateExamples =
    "Every picture is compared with every other. A rate needs 3 / RATE pairs of different people: one that the "
    "pictures\n"
    "cannot show is refused. What is measured is kept in the gallery; from then on its answers rest on it.\n\n"
    "Examples:\n"
    "  vultus calibrate people.vgal --fmr 0.1 --cohort cohort/\n"
    "  vultus calibrate people.vgal --fmr 0.1 --cohort cohort/ --json --report calibration.html\n"
    "  vultus calibrate people.vgal --fmr 0.1 --cohort cohort/ --groups groups.csv --dry-run";

constexpr std::size_t kMaxGroupsBytes = std::size_t{64} << 20U;

struct CalibrateSettings {
  EngineSettings engine;
  engine::CalibrateOptions options;
  std::string gallery;
  KeySettings keys;
  std::string cohort;
  std::string groups;
  std::string report;
  bool dry_run = false;
  bool json = false;
  bool quiet = false;
};

/// The pictures of a cohort: those of its folder, or those that its list names.
EnrollInputs cohort_pictures(const CalibrateSettings& settings) {
  InputSettings inputs;
  inputs.names = {settings.cohort};
  return enroll_inputs(inputs, {}, {});
}

Result<engine::FaceSet> cohort_faces(const CalibrateSettings& settings, const engine::Engine& engine,
                                     Context& context) {
  const EnrollInputs pictures = cohort_pictures(settings);
  for (const media::InputError& e : pictures.errors) context.console.error(e.error.message);
  if (pictures.pictures.empty())
    return fail(ErrorCode::not_found, settings.cohort +
                                          ": no pictures of known people; a cohort is a folder with one "
                                          "subfolder a person, or a CSV file with file and subject");
  context.console.begin("calibrate", pictures.pictures.size());
  auto faces = engine::faces_of_cohort(
      engine, pictures.pictures, settings.cohort, [&](std::size_t done, std::size_t) { context.console.advance(done); },
      context.stop);
  context.console.end();
  if (!faces) return faces.error();
  for (const std::string& why : faces->failed) context.console.error(why);
  return faces;
}

/// The curve that answers had before: that of the preset that the templates belong to.
Result<std::optional<LogisticCurve>> preset_curve(const CalibrateSettings& settings, const std::string& name) {
  VULTUS_TRY(const auto folder, model_folder_of(settings.engine.places));
  VULTUS_TRY(const auto presets, engine::load_presets(folder));
  const auto preset = std::ranges::find(presets, name, &engine::Preset::id);
  return preset == presets.end() ? std::nullopt : preset->probability;
}

Result<std::vector<engine::Grouping>> groupings_of(const CalibrateSettings& settings,
                                                   const std::vector<std::string>& names) {
  if (settings.groups.empty()) return std::vector<engine::Grouping>();
  VULTUS_TRY(const auto bytes, media::read_file(settings.groups, kMaxGroupsBytes));
  return engine::parse_groups(std::string(bytes.begin(), bytes.end()), names, settings.groups);
}

Result<ExitCode> calibrate(const CalibrateSettings& settings, Context& context) {
  context.console.set_quiet(settings.quiet);
  Originals originals(std::array{settings.gallery, settings.cohort, settings.groups});
  if (!settings.cohort.empty()) {
    originals.add_pictures(settings.cohort);
    for (const engine::EnrolInput& picture : cohort_pictures(settings).pictures) originals.add(picture.input.path);
  }
  VULTUS_CHECK(originals.spare(settings.report, "--report"));
  VULTUS_CHECK(has_place(settings.report, "--report"));
  VULTUS_TRY(Gallery gallery,
             open_gallery(settings.gallery, settings.dry_run ? GalleryAccess::read_only : GalleryAccess::read_write,
                          settings.keys));
  Result<engine::FaceSet> gathered = engine::FaceSet();
  if (settings.cohort.empty()) {
    gathered = engine::faces_of_gallery(gallery);
  } else {
    VULTUS_TRY(const engine::Engine engine, load_engine(settings.engine, gallery.info().model.preset));
    VULTUS_CHECK(engine::require_model(engine, gallery));
    gathered = cohort_faces(settings, engine, context);
  }
  VULTUS_TRY(engine::FaceSet faces, std::move(gathered));
  const bool all_read = faces.failed.empty();
  VULTUS_TRY(const auto groupings, groupings_of(settings, faces.names));
  VULTUS_TRY(const auto curve, preset_curve(settings, faces.preset));
  engine::CalibrateOptions options = settings.options;
  options.threads = settings.engine.threads > 0
                        ? settings.engine.threads
                        : std::clamp(static_cast<int>(std::thread::hardware_concurrency()), 1, 256);
  VULTUS_TRY(const auto result, engine::calibrate(std::move(faces), gallery, curve, groupings, options, context.stop));
  if (!settings.dry_run) VULTUS_CHECK(gallery.add_calibration(result.record));
  if (!settings.report.empty()) {
    VULTUS_TRY(const std::string page, engine::calibration_report(result));
    VULTUS_CHECK(media::write_file_atomically(settings.report, page));
  }
  const CalibrateOutcome outcome{
      .gallery = shown_gallery(settings.gallery), .stored = !settings.dry_run, .report = settings.report};
  VULTUS_CHECK(context.out.write(settings.json ? calibration_json(result, outcome)
                                               : calibration_text(result, outcome, context.out.colour())));
  return all_read ? ExitCode::done : ExitCode::some_failed;
}

}  // namespace

void add_calibrate(CLI::App& app, Commands& commands) {
  CLI::App* command = app.add_subcommand("calibrate", "find the threshold for a wanted false match rate");
  auto settings = std::make_shared<CalibrateSettings>();
  command->add_option("GALLERY", settings->gallery, "the gallery's file")->type_name("")->required();
  command->add_option("--fmr", settings->options.fmr, "wanted share of pairs of different people taken for one")
      ->type_name("RATE")
      ->required();
  command
      ->add_option("--cohort", settings->cohort,
                   "measure on these people instead: a folder with one subfolder a person, or a CSV file")
      ->type_name("DIR|CSV");
  command->add_option("--groups", settings->groups, "rates of groups too: CSV with subject and a column a grouping")
      ->type_name("FILE");
  command
      ->add_option("--prior", settings->options.prior,
                   "probability of one person before looking, for the calibrated probability; 0.5 unless told")
      ->type_name("P");
  command->add_option("--seed", settings->options.seed, "of the random draws; 1 unless told")->type_name("N");
  command->add_flag("--dry-run", settings->dry_run, "measure, and leave the gallery as it is");
  command->add_option("--report", settings->report, "write a page with curves, numbers and groups")->type_name("FILE");
  command->add_flag("--json", settings->json, "one JSON object")->group("Output");
  command->add_flag("-q,--quiet", settings->quiet, "no progress bar, no remarks")->group("Output");
  add_engine_options(*command, settings->engine);
  add_key_options(*command, settings->keys);
  command->footer(kCalibrateExamples);
  commands.push_back({command, [settings](Context& context) { return calibrate(*settings, context); }});
}

}  // namespace vultus::cli
