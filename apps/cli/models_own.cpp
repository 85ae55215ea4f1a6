// vultus models add | try | remove: networks of the user's own. They may come from anybody: a file is looked through,
// then tried in a process of its own with limits on memory and time, and kept only then.
#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <system_error>
#include <utility>

#include <fmt/format.h>
#include <sys/resource.h>

#include <vultus/engine/own_model.hpp>
#include <vultus/media/file.hpp>
#include <vultus/runtime/child_process.hpp>
#include <vultus/runtime/store.hpp>

#include <apps/cli/context.hpp>
#include <apps/cli/json_lines.hpp>
#include <apps/cli/model_folder.hpp>
#include <apps/cli/model_shelf.hpp>
#include <apps/cli/sentence.hpp>
#include <apps/cli/settings.hpp>
#include <apps/cli/terminal_text.hpp>

namespace vultus::cli {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kMostRowBytes = std::size_t{1} << 20U;
constexpr std::chrono::seconds kMostTime{60};
constexpr rlim_t kMostMemory = rlim_t{4} << 30U;
constexpr const char* kTold = "vultus: ";  // what the program puts before its errors

struct OwnSettings {
  PlaceSettings places;
  std::string file;
  std::string row;
  std::string id;
  bool json = false;
};

Result<engine::OwnModel> read_model(const OwnSettings& settings) {
  VULTUS_TRY(const auto row, media::read_file(settings.row, kMostRowBytes));
  VULTUS_TRY(const auto onnx, media::read_file(settings.file, engine::kMostOwnModelBytes));
  auto model = engine::own_model({reinterpret_cast<const char*>(row.data()), row.size()}, settings.row, onnx);
  return std::move(model).with_context(settings.file);
}

/// Memory and processor time of this process from now on. Sanitizers keep terabytes of addresses: they stay as they
/// are.
Status limit_this_process() {
  const rlimit time{static_cast<rlim_t>(kMostTime.count()), static_cast<rlim_t>(kMostTime.count())};
  const rlimit no_core{0, 0};
  bool good = ::setrlimit(RLIMIT_CPU, &time) == 0 && ::setrlimit(RLIMIT_CORE, &no_core) == 0;
#ifndef __SANITIZE_ADDRESS__
  const rlimit memory{kMostMemory, kMostMemory};
  good = good && ::setrlimit(RLIMIT_DATA, &memory) == 0;
#endif
  if (!good) return fail(ErrorCode::resource_limit, "the limits of memory and time cannot be set");
  return {};
}

/// What the trial process does. It prints what it saw as one JSON line.
Result<ExitCode> try_model(const OwnSettings& settings, Context& context) {
  VULTUS_CHECK(limit_this_process());
  VULTUS_TRY(const engine::OwnModel model, read_model(settings));
  VULTUS_TRY(const engine::OwnTrial trial, engine::try_own_model(model.manifest, settings.file));
  VULTUS_CHECK(context.out.write(json_line({{"dimension", trial.dimension}, {"seconds", trial.seconds}})));
  return ExitCode::done;
}

ErrorCode error_of(int exit_code) {
  for (const ErrorCode code : {ErrorCode::invalid_argument, ErrorCode::not_found, ErrorCode::corrupt_data,
                               ErrorCode::model_mismatch, ErrorCode::unsupported, ErrorCode::resource_limit})
    if (static_cast<int>(exit_code_of(code)) == exit_code) return code;
  return ErrorCode::corrupt_data;  // it ended the process, or a library failed on it
}

/// Runs `vultus models try` on the same files.
Result<engine::OwnTrial> try_apart(const OwnSettings& settings, const Context& context) {
  std::error_code failed;
  const fs::path program = fs::read_symlink("/proc/self/exe", failed);
  if (failed) return fail(ErrorCode::internal, "/proc/self/exe: " + failed.message());
  std::stop_source out_of_time;
  const std::stop_callback pass_on(context.stop, [&] { out_of_time.request_stop(); });
  const auto begin = std::chrono::steady_clock::now();
  const auto too_long = [&] { return std::chrono::steady_clock::now() - begin > kMostTime; };
  const auto end = runtime::run_child(
      {.arguments = {program.string(), "models", "try", "--manifest", settings.row, "--", settings.file},
       .folder = {},
       .tick =
           [&] {
             if (too_long()) out_of_time.request_stop();
           },
       .stop = out_of_time.get_token()});
  if (!end && end.error().code == ErrorCode::cancelled && too_long())
    return fail(ErrorCode::resource_limit, settings.file + ": the network was tried for " +
                                               std::to_string(kMostTime.count()) + " seconds, that is the limit");
  if (!end) return end.error();
  if (end->exit_code != 0) {
    const std::size_t told = end->output.find(kTold);
    if (told == std::string::npos)
      return fail(ErrorCode::corrupt_data,
                  fmt::format("{}: the network ended the process that tried it (exit code {}); its limits are {} s and "
                              "{} of memory",
                              settings.file, end->exit_code, kMostTime.count(),
                              bytes_text(static_cast<std::int64_t>(kMostMemory))));
    std::string message = end->output.substr(told + std::string_view(kTold).size());
    message = message.substr(0, message.find_last_not_of("\r\n") + 1);
    return fail(error_of(end->exit_code), message);
  }
  const Json seen = Json::parse(end->output, nullptr, false);
  if (!seen.is_object() || !seen.contains("dimension") || !seen["dimension"].is_number_integer())
    return fail(ErrorCode::internal, settings.file + ": the trial gave no answer");
  return engine::OwnTrial{.dimension = seen["dimension"].get<int>(), .seconds = seen.value("seconds", 0.0)};
}

Result<fs::path> own_folder() {
  fs::path folder = own_model_folder();
  if (folder.empty())
    return fail(ErrorCode::not_found, "no folder for own networks: set VULTUS_OWN_MODELS, XDG_CONFIG_HOME or HOME");
  return folder;
}

/// The name must be new: it stands for one network, and for the preset with this embedder.
Status check_new(const ModelShelf& shelf, const ModelId& id) {
  const bool known = shelf.catalogue.find(id).has_value();
  const bool preset = std::ranges::find(shelf.presets, id.text(), &engine::Preset::id) != shelf.presets.end();
  if (!known && !preset) return {};
  return fail(ErrorCode::invalid_argument,
              "model " + id.text() + " is there already" +
                  (preset ? " as a preset: choose another id" : ": remove it, or choose another id"));
}

Result<ExitCode> add_model(const OwnSettings& settings, Context& context) {
  VULTUS_TRY(const fs::path folder, own_folder());
  VULTUS_TRY(const ModelShelf shelf, open_shelf(settings.places));
  VULTUS_TRY(engine::OwnModel model, read_model(settings));
  const ModelId id = model.manifest.id;
  VULTUS_CHECK(check_new(shelf, id));
  VULTUS_TRY(const engine::OwnTrial trial, try_apart(settings, context));
  if (trial.dimension > 0) {
    VULTUS_TRY(model, engine::with_dimension(model, trial.dimension));
  }
  std::error_code failed;
  fs::create_directories(folder, failed);
  if (failed) return fail(ErrorCode::resource_limit, folder.string() + ": " + failed.message());
  VULTUS_TRY(const auto onnx, media::read_file(settings.file, engine::kMostOwnModelBytes));
  const fs::path file = folder / model.manifest.files.front().path;
  VULTUS_CHECK(media::write_file_atomically(file.string(), onnx));
  // Read again between the look and the copy: what is kept must be what was looked at.
  model.manifest.folder = folder.string();
  VULTUS_TRY(const fs::path checked, shelf.store.verified(model.manifest));
  VULTUS_CHECK(media::write_file_atomically((folder / (id.text() + ".json")).string(), model.json));
  if (settings.json) {
    VULTUS_CHECK(
        context.out.write(json_line({{"model", id.text()},
                                     {"task", model.manifest.task},
                                     {"dimension", trial.dimension > 0 ? Json(trial.dimension) : Json(nullptr)},
                                     {"sha256", model.manifest.files.front().sha256},
                                     {"path", checked.string()}})));
    return ExitCode::done;
  }
  std::string text =
      fmt::format("{}: added, {}{}, kept in {}\n", printable(id.text()), printable(model.manifest.task),
                  trial.dimension > 0 ? fmt::format(" of {} values", trial.dimension) : "", printable(folder.string()));
  if (trial.dimension > 0)
    text += fmt::format(
        "Use it with --embedder {0}. Nobody has measured a threshold for it: give --threshold, or let\n"
        "`vultus calibrate` measure one on a gallery of its templates.\n",
        printable(id.text()));
  else
    text += fmt::format("Use it with --detector {}.\n", printable(id.text()));
  VULTUS_CHECK(context.out.write(text));
  return ExitCode::done;
}

Result<ExitCode> remove_model(const OwnSettings& settings, Context& context) {
  VULTUS_TRY(const fs::path folder, own_folder());
  VULTUS_TRY(const ModelShelf shelf, open_shelf(settings.places));
  VULTUS_TRY(const runtime::ModelManifest* const model, shelf.catalogue.find(ModelId(settings.id)));
  if (model->folder != folder.string())
    return fail(ErrorCode::invalid_argument, "model " + settings.id + " is not your own: it came with vultus");
  std::error_code failed;
  fs::remove(folder / (settings.id + ".json"), failed);
  if (failed) return fail(ErrorCode::resource_limit, folder.string() + ": " + failed.message());
  // Only what `models add` has put there; a manifest written by hand may name a file elsewhere.
  const fs::path file = shelf.store.path_of(*model, model->files.front());
  if (file.parent_path() == folder) fs::remove(file, failed);
  VULTUS_CHECK(context.out.write(printable(settings.id) + ": removed\n"));
  return ExitCode::done;
}

CLI::App* command_with_files(CLI::App& models, const char* name, const char* help, OwnSettings& settings) {
  CLI::App* command = models.add_subcommand(name, help);
  command->add_option("FILE", settings.file, "the network, an ONNX file with all its weights inside")
      ->type_name("")
      ->required();
  command->add_option("--manifest", settings.row, "what goes in and what comes out: docs/own-models.md")
      ->type_name("FILE")
      ->required();
  return command;
}

}  // namespace

void add_models_own(CLI::App& models, Commands& commands) {
  auto settings = std::make_shared<OwnSettings>();
  CLI::App* command = command_with_files(models, "add", "a network of your own: an embedder or a detector", *settings);
  add_place_options(*command, settings->places);
  command->add_flag("--json", settings->json, "one JSON object")->group("Output");
  command->footer(
      "The file is tried in a process with limits and kept with its SHA-256 in $VULTUS_OWN_MODELS, else\n"
      "~/.config/vultus/models. It may come from anybody; what it recognises is for you to measure.\n\n"
      "Examples:\n"
      "  vultus models add mine.onnx --manifest mine.json\n"
      "  vultus verify a.jpg b.jpg --embedder mine --threshold 0.5\n"
      "  vultus models remove mine");
  commands.push_back({command, [settings](Context& context) { return add_model(*settings, context); }});

  settings = std::make_shared<OwnSettings>();
  command = command_with_files(models, "try", "what models add runs apart", *settings);
  command->group("");  // not for people
  commands.push_back({command, [settings](Context& context) { return try_model(*settings, context); }});

  settings = std::make_shared<OwnSettings>();
  command = models.add_subcommand("remove", "forget a network of your own");
  add_place_options(*command, settings->places);
  command->add_option("MODEL", settings->id, "its name")->type_name("")->required();
  command->footer("Examples:\n  vultus models add mine.onnx --manifest mine.json\n  vultus models remove mine");
  commands.push_back({command, [settings](Context& context) { return remove_model(*settings, context); }});
}

}  // namespace vultus::cli
