// vultus cluster: who is in these photos, when nobody has told?
#include <algorithm>
#include <charconv>
#include <filesystem>
#include <memory>
#include <optional>
#include <utility>

#include <fmt/format.h>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include <vultus/engine/contact_sheet.hpp>
#include <vultus/engine/enrol.hpp>
#include <vultus/engine/enrol_clusters.hpp>
#include <vultus/engine/photo_clusters.hpp>
#include <vultus/engine/photo_set.hpp>
#include <vultus/media/file.hpp>

#include <apps/cli/cluster_options.hpp>
#include <apps/cli/cluster_rows.hpp>
#include <apps/cli/context.hpp>
#include <apps/cli/gallery_access.hpp>
#include <apps/cli/option_values.hpp>
#include <apps/cli/originals.hpp>
#include <apps/cli/picture_run.hpp>
#include <apps/cli/sentence.hpp>
#include <apps/cli/settings.hpp>
#include <apps/cli/terminal_text.hpp>

namespace vultus::cli {
namespace {

constexpr const char* kClusterExamples =
    "Two faces of one photo are never one person. A face that resembles no other is a cluster of one.\n\n"
    "Examples:\n"
    "  vultus cluster photos/\n"
    "  vultus cluster photos/ --json\n"
    "  vultus cluster photos/ --library photos.vlib\n"
    "  vultus cluster photos/ --library photos.vlib --name '1=Ada Lovelace'\n"
    "  vultus cluster photos/ --library photos.vlib --html faces.html --into found.vgal --unnamed\n"
    "  vultus cluster photos/ --known people.vgal";

struct ClusterSettings {
  EngineSettings engine;
  InputSettings inputs;
  FormatSettings format;
  JoiningSettings joining;
  std::string library;
  KeySettings keys;
  std::string known;
  std::string html;
  std::string into;
  engine::ClusterEnrolOptions enrol;
  std::vector<std::string> names;
  std::vector<std::string> negative;
};

/// "3=Ada" as number and text.
Result<std::pair<std::int64_t, std::string>> number_and_text(const std::string& option, const std::string& text) {
  const std::size_t at = text.find('=');
  std::int64_t number = 0;
  const char* end = text.data() + std::min(at, text.size());
  const auto [parsed, failed] = std::from_chars(text.data(), end, number);
  if (at == std::string::npos || failed != std::errc() || parsed != end || number < 1)
    return fail(ErrorCode::invalid_argument,
                fmt::format("{} \"{}\": the number of a cluster, = and a text are wanted", option, text));
  return std::pair(number, text.substr(at + 1));
}

/// --name and --negative on clusters of an earlier run.
Status tell_what_is_known(const ClusterSettings& settings, engine::PhotoSet& set, library::Library* library) {
  for (const std::string& text : settings.negative) {
    VULTUS_TRY(const auto told, number_and_text("--negative", text));
    const auto file = std::ranges::find(set.files, told.second, &engine::PhotoSetFile::path);
    if (file == set.files.end())
      return fail(ErrorCode::not_found, fmt::format("--negative {}: no such photo among those clustered", text));
    VULTUS_TRY(const auto pairs,
               engine::take_out(set.content, told.first, file->sha256).with_context("--negative " + text));
    VULTUS_CHECK(library->keep_apart(pairs));
  }
  for (const std::string& text : settings.names) {
    VULTUS_TRY(const auto told, number_and_text("--name", text));
    VULTUS_CHECK(engine::name_cluster(set.content, told.first, told.second).with_context("--name " + text));
  }
  return {};
}

Status keep(const engine::PhotoSet& set, library::Library& library) {
  std::vector<std::pair<std::int64_t, std::int64_t>> clusters;
  for (const library::Photo& photo : set.content.photos)
    for (const library::PhotoFace& face : photo.faces)
      if (face.cluster) clusters.emplace_back(face.id, *face.cluster);
  return library.keep_clusters(clusters, set.content.names, set.content.next_cluster);
}

/// What a gallery knows; nothing where none was named.
/// @param at  becomes the point that faces were held against
Result<engine::KnownFaces> known_to(const ClusterSettings& settings, const engine::Engine& engine,
                                    const library::Content& content, std::optional<OperatingPoint>& at) {
  if (settings.known.empty()) return engine::KnownFaces();
  VULTUS_TRY(const Gallery gallery, open_gallery(settings.known, GalleryAccess::read_only, settings.keys));
  VULTUS_CHECK(engine::require_model(engine, gallery));
  VULTUS_TRY(at, operating_point(engine, gallery, {}));
  return engine::known_faces(content, gallery, *at);
}

Result<engine::PhotoSet> gather(const ClusterSettings& settings, const engine::Engine& engine,
                                const media::InputList& list, library::Library* library, Rows& rows, Context& context) {
  context.console.begin("cluster", list.inputs.size());
  auto set = engine::gather_photos(
      engine, list.inputs, library,
      {.limits = settings.inputs.limits(),
       .thumbnails = !settings.html.empty() || !settings.into.empty(),
       .roots = settings.inputs.names},
      [&](std::size_t done, const std::optional<media::InputError>& error) -> Status {
        context.console.advance(done);
        return error ? rows.error(error->path, error->error) : Status();
      },
      context.stop);
  context.console.end();
  if (!set && set.error().code == ErrorCode::cancelled && library != nullptr)
    return fail(ErrorCode::cancelled, fmt::format("stopped; what was looked at is safe in {}; the same command goes on "
                                                  "from here",
                                                  settings.library));
  return set;
}

Result<std::optional<library::Library>> open_library(const ClusterSettings& settings, const engine::Engine& engine) {
  if (settings.library.empty()) return std::optional<library::Library>();
  VULTUS_TRY(library::Library opened,
             library::Library::open({.path = settings.library, .model = engine::library_model(engine)}));
  return std::optional(std::move(opened));
}

/// The preset that a library or gallery was made with.
Result<std::string> preset_of(const ClusterSettings& settings) {
  if (!settings.library.empty()) {
    VULTUS_TRY(const auto model, library::model_of_library(settings.library));
    if (model) return model->preset;
  }
  if (!settings.known.empty()) return preset_of_gallery(settings.known, settings.keys);
  if (!settings.into.empty()) return preset_of_gallery(settings.into, settings.keys);
  return std::string();
}

/// Before the photos are looked at: that their faces can be enrolled at all.
Status check_into(const ClusterSettings& settings) {
  VULTUS_TRY(const std::string gallery, preset_of_gallery(settings.into, settings.keys));
  VULTUS_TRY(const std::string own, preset_of(settings));
  const std::string wanted = settings.engine.fast       ? "fast"
                             : settings.engine.accurate ? "accurate"
                                                        : settings.engine.preset;
  const std::string used = !wanted.empty() ? wanted : own;
  if (gallery.empty() || used.empty() || gallery == used) return {};
  return fail(ErrorCode::model_mismatch, fmt::format("{}: made with preset {}, the photos are looked at with preset {}",
                                                     shown_gallery(settings.into), gallery, used));
}

engine::ThumbnailSource thumbnails_of(const library::Library* library) {
  return [library](const library::PhotoFace& face) -> Result<std::vector<std::byte>> {
    if (library == nullptr) return face.thumbnail;
    return library->thumbnail(face.id);
  };
}

Status write_page(const ClusterSettings& settings, const ClusterView& view, const library::Library* library) {
  engine::ContactSheetOptions options;
  options.folder = std::filesystem::path(settings.html).parent_path().string();
  VULTUS_TRY(const std::string page,
             engine::contact_sheet(*view.set, view.clusters, *view.known, thumbnails_of(library), options));
  return media::write_file_atomically(settings.html, page);
}

/// Enrols clusters; what the gate refuses is told on standard error.
/// @return what was done, in a sentence
Result<std::string> enrol_into(const ClusterSettings& settings, const engine::Engine& engine, const ClusterView& view,
                               const library::Library* library, Context& context) {
  VULTUS_TRY(auto faces, engine::faces_to_enrol(*view.set, view.clusters, thumbnails_of(library), settings.enrol));
  if (faces.empty())
    return fail(ErrorCode::invalid_argument,
                "--into: no cluster has a name: give one with --name, or take all with --unnamed");
  GalleryOptions how = gallery_options(settings.into, GalleryAccess::create_or_open, settings.keys);
  how.model = engine::gallery_model(engine);
  VULTUS_TRY(Gallery gallery, Gallery::open(std::move(how)));
  const auto tell = [&context](const engine::EnrolStep& step) {
    if (step.error)
      context.console.note(fmt::format("not enrolled as {}: {} [{}]", printable(step.subject),
                                       printable(step.error->message), printable(step.reason)));
  };
  VULTUS_TRY(const auto report,
             engine::enrol_seen(engine, gallery, std::move(faces), {.thumbnails = true}, tell, context.stop));
  const GalleryInfo info = gallery.info();
  return fmt::format("{} enrolled, {} there already, {} refused. {} holds {} of {}.", counted(report.enrolled, "face"),
                     grouped(report.already_there), grouped(report.skipped), shown_gallery(settings.into),
                     counted(info.faces, "face"), counted(info.subjects, "person", "people"));
}

Result<ExitCode> cluster(ClusterSettings settings, Context& context) {
  context.console.set_quiet(settings.format.quiet);
  if (!settings.negative.empty() && settings.library.empty())
    return fail(ErrorCode::invalid_argument, "--negative is remembered in a library: name one with --library");
  if (!settings.into.empty()) VULTUS_CHECK(check_into(settings));
  const media::InputList list = expand(settings.inputs);
  Originals originals(list.inputs);
  for (const std::string& name : {settings.library, settings.known, settings.into}) originals.add(name);
  VULTUS_CHECK(originals.spare(settings.html, "--html"));
  VULTUS_CHECK(has_place(settings.html, "--html"));
  VULTUS_TRY(const std::string preset, preset_of(settings));
  VULTUS_TRY(const engine::Engine engine, load_engine(settings.engine, preset));
  VULTUS_TRY(const OperatingPoint at, joining_point(engine, settings.joining));
  VULTUS_TRY(auto library, open_library(settings, engine));
  library::Library* kept = library ? &*library : nullptr;
  Rows rows = cluster_rows(context, settings.format.format());
  VULTUS_CHECK(rows.begin());
  for (const media::InputError& e : list.errors) VULTUS_CHECK(rows.error(e.path, e.error));
  VULTUS_TRY(engine::PhotoSet set, gather(settings, engine, list, kept, rows, context));
  const bool names_first = set.content.next_cluster > 1;  // there are clusters that the user has seen
  if (names_first) VULTUS_CHECK(tell_what_is_known(settings, set, kept));
  std::optional<OperatingPoint> known_at;
  VULTUS_TRY(const engine::KnownFaces known, known_to(settings, engine, set.content, known_at));
  settings.joining.options.threshold = at.threshold;
  settings.joining.options.threads = engine.threads();
  VULTUS_CHECK(engine::cluster_photos(set.content, known, settings.joining.options, context.stop));
  if (!names_first) VULTUS_CHECK(tell_what_is_known(settings, set, kept));
  if (kept != nullptr) VULTUS_CHECK(keep(set, *kept));
  const ClusterView view{.set = &set,
                         .clusters = engine::clusters_of(set.content),
                         .known = &known,
                         .library = kept != nullptr,
                         .known_at = known_at};
  VULTUS_CHECK(tell_clusters(rows, view));
  std::string summary = cluster_summary(view);
  if (!settings.html.empty()) {
    VULTUS_CHECK(write_page(settings, view, kept));
    summary += "\nPage: " + settings.html;
  }
  if (!settings.into.empty()) {
    VULTUS_TRY(const std::string enrolled, enrol_into(settings, engine, view, kept, context));
    summary += "\n" + enrolled;
  }
  if (rows.format() == Format::table)
    VULTUS_CHECK(context.out.write("\n" + summary + "\n"));
  else
    context.console.note(summary);
  return list.errors.empty() && set.errors.empty() ? ExitCode::done : ExitCode::some_failed;
}

void add_cluster_options(CLI::App& command, ClusterSettings& settings) {
  command
      .add_option("--library", settings.library,
                  "keep faces, clusters and names in this file, so that the next run looks at new photos only")
      ->type_name("FILE");
  command.add_option("--name", settings.names, "give a cluster a name; nothing after = takes it away")
      ->type_name("N=NAME")
      ->allow_extra_args(false);
  command
      .add_option("--negative", settings.negative,
                  "the face of this photo in cluster N is somebody else; with --library")
      ->type_name("N=FILE")
      ->allow_extra_args(false);
  command.add_option("--known", settings.known, "name the faces that this gallery knows instead of clustering them")
      ->type_name("GALLERY");
  command.add_option("--html", settings.html, "write a page with the faces of each cluster side by side")
      ->type_name("FILE");
  auto* into = command.add_option("--into", settings.into, "enrol the clusters that have a name in this gallery")
                   ->type_name("GALLERY");
  command.add_flag("--unnamed", settings.enrol.unnamed, "with --into: also clusters without a name, as person-0001")
      ->needs(into);
  command
      .add_option("--most-faces", settings.enrol.most_faces,
                  "with --into: at most so many faces of a cluster, the best ones; 10 unless told")
      ->type_name("N")
      ->check(within(1, 10'000))
      ->needs(into);
  add_joining_options(command, settings.joining);
}

}  // namespace

void add_cluster(CLI::App& app, Commands& commands) {
  CLI::App* command = app.add_subcommand("cluster", "sort the unknown faces of photos by person");
  auto settings = std::make_shared<ClusterSettings>();
  add_input_options(*command, settings->inputs, "folders, pictures, patterns");
  add_cluster_options(*command, *settings);
  add_format_options(*command, settings->format);
  add_engine_options(*command, settings->engine);
  add_key_options(*command, settings->keys);
  command->footer(kClusterExamples);
  commands.push_back({command, [settings](Context& context) { return cluster(*settings, context); }});
}

}  // namespace vultus::cli
