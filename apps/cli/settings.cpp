#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <utility>

#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <CLI/Validators.hpp>

#include <apps/cli/model_folder.hpp>
#include <apps/cli/option_values.hpp>
#include <apps/cli/settings.hpp>

namespace vultus::cli {
namespace {

constexpr const char* kEngineGroup = "Recognition";
constexpr const char* kPlaceGroup = "Places";
constexpr const char* kOutputGroup = "Output";
constexpr double kPixelsOfMegapixel = 1e6;
constexpr double kMostMegapixels = 4294;  // Image::kMaxSide squared

}  // namespace

media::DecodeLimits InputSettings::limits() const {
  media::DecodeLimits limits;
  limits.max_pixels = std::max<std::int64_t>(1, std::llround(max_megapixels * kPixelsOfMegapixel));
  // A file that holds so many pixels may be larger than the default allows: three bytes for each at most.
  limits.max_bytes =
      std::max(limits.max_bytes, static_cast<std::size_t>(limits.max_pixels) * 3 + (std::size_t{1} << 20U));
  return limits;
}

void add_place_options(CLI::App& command, PlaceSettings& settings) {
  command
      .add_option("--models", settings.models, "folder of the model manifests (else $VULTUS_MODELS, else installed)")
      ->type_name("DIR")
      ->group(kPlaceGroup);
  command
      .add_option("--cache", settings.cache, "folder of downloaded networks (else $VULTUS_CACHE, else ~/.cache/vultus)")
      ->type_name("DIR")
      ->group(kPlaceGroup);
}

CLI::Option* add_preset_option(CLI::App& command, EngineSettings& settings) {
  return command
      .add_option("--preset", settings.preset, "default, fast, accurate or commercial; see `vultus models list`")
      ->type_name("PRESET")
      ->group(kEngineGroup);
}

void add_precision_option(CLI::App& command, EngineSettings& settings) {
  static const std::map<std::string, runtime::Precision> kPrecisions{
      {"auto", runtime::Precision::automatic}, {"f32", runtime::Precision::f32}, {"bf16", runtime::Precision::bf16}};
  // The names themselves are checked: a transformer of an enum tells its bytes in the message.
  command
      .add_option_function<std::string>(
          "--precision", [&settings](const std::string& name) { settings.precision = kPrecisions.at(name); },
          "arithmetic; auto takes what this processor has")
      ->type_name("auto|f32|bf16")
      ->check(CLI::IsMember({"auto", "f32", "bf16"}).description(""))
      ->group(kEngineGroup);
}

void add_part_options(CLI::App& command, EngineSettings& settings) {
  command
      .add_option("--detector", settings.detector, "another detector than the preset's; galleries do not depend on it")
      ->type_name("MODEL")
      ->group(kEngineGroup);
  command
      .add_option("--embedder", settings.embedder,
                  "another embedder than the preset's, perhaps your own (vultus models add)")
      ->type_name("MODEL")
      ->group(kEngineGroup);
}

void add_engine_options(CLI::App& command, EngineSettings& settings) {
  auto* preset = add_preset_option(command, settings);
  auto* fast =
      command.add_flag("--fast", settings.fast, "the same as --preset fast")->excludes(preset)->group(kEngineGroup);
  command.add_flag("--accurate", settings.accurate, "the same as --preset accurate: two networks, twice the time")
      ->excludes(preset)
      ->excludes(fast)
      ->group(kEngineGroup);
  add_part_options(command, settings);
  command.add_option("--threads", settings.threads, "pictures looked at side by side; 0 = one a processor")
      ->type_name("N")
      ->check(within(0, 256))
      ->group(kEngineGroup);
  add_precision_option(command, settings);
  command.add_flag("--tiles", settings.tiles, "search large pictures piece by piece: finds small faces, takes longer")
      ->group(kEngineGroup);
  command
      .add_flag("--commercial-only", settings.commercial_only,
                "refuse models that are not stated to be free for commercial use; takes preset commercial unless told")
      ->group(kEngineGroup);
  add_place_options(command, settings.places);
}

void add_limit_option(CLI::App& command, InputSettings& settings) {
  command
      .add_option("--max-megapixels", settings.max_megapixels,
                  "larger pictures are refused before they are decoded; 80 unless told")
      ->type_name("N")
      ->check(within(0.001, kMostMegapixels));
}

CLI::Option* add_input_options(CLI::App& command, InputSettings& settings, const std::string& help) {
  // One name among many that is empty is told as an input that cannot be read; the others are answered.
  CLI::Option* input = may_be_empty(command.add_option("INPUT", settings.names, help)->type_name("")->required());
  command.add_flag("-r,--recursive", settings.recursive, "enter the folders of folders");
  add_limit_option(command, settings);
  return input;
}

void add_format_options(CLI::App& command, FormatSettings& settings) {
  auto* json = command.add_flag("--json", settings.json, "JSON Lines instead of a table")->group(kOutputGroup);
  command.add_flag("--csv", settings.csv, "comma-separated values instead of a table")
      ->excludes(json)
      ->group(kOutputGroup);
  command.add_flag("-q,--quiet", settings.quiet, "no progress bar, no remarks; errors are still told")
      ->group(kOutputGroup);
}

void add_threshold_options(CLI::App& command, ThresholdSettings& settings) {
  auto* fmr =
      command
          .add_option("--fmr", settings.fmr,
                      "threshold for this false match rate, for example 1e-3; else the one calibrated, else 1e-4")
          ->type_name("RATE")
          ->check(number_between(0, 1))
          ->group(kEngineGroup);
  command.add_option("--threshold", settings.threshold, "similarity from which two faces are the same person")
      ->type_name("COSINE")
      ->check(within(-1.0, 1.0))
      ->excludes(fmr)
      ->group(kEngineGroup);
}

Result<std::filesystem::path> model_folder_of(const PlaceSettings& settings) {
  if (!settings.models.empty()) return std::filesystem::path(settings.models);
  return find_model_folder();
}

Result<engine::Engine> load_engine(const EngineSettings& settings, const std::string& gallery_preset) {
  engine::EngineOptions options;
  VULTUS_TRY(options.models, model_folder_of(settings.places));
  options.cache = settings.places.cache;
  options.own_models = own_model_folder();
  options.detector = settings.detector;
  options.embedder = settings.embedder;
  options.preset = settings.fast               ? "fast"
                   : settings.accurate         ? "accurate"
                   : !settings.preset.empty()  ? settings.preset
                   : settings.embedder.empty() ? gallery_preset
                                               : std::string();
  if (options.preset.empty()) options.preset = settings.commercial_only ? "commercial" : "default";
  options.precision = settings.precision;
  options.threads = settings.threads;
  options.tiles = settings.tiles;
  options.commercial_only = settings.commercial_only;
  if (settings.isolated) {
    options.isolation.emplace();
    VULTUS_TRY(options.isolation->program, media::decode_program());
  }
  return engine::Engine::load(options);
}

Status may_use(const EngineSettings& settings, const engine::Engine& engine, const ModelId& model) {
  VULTUS_TRY(const runtime::ModelManifest* const manifest, engine.catalogue().find(model));
  return settings.commercial_only ? runtime::require_commercial(*manifest) : Status();
}

Result<OperatingPoint> operating_point(const engine::Engine& engine, const ThresholdSettings& settings) {
  if (settings.threshold) return engine.operating_point_at(Cosine(static_cast<float>(*settings.threshold)));
  return engine.operating_point(settings.fmr);
}

Result<OperatingPoint> operating_point(const engine::Engine& engine, const Gallery& gallery,
                                       const ThresholdSettings& settings) {
  identity::PointWanted wanted{.fmr = settings.fmr, .threshold = {}};
  if (settings.threshold) wanted.threshold = Cosine(static_cast<float>(*settings.threshold));
  return engine.operating_point(gallery, wanted);
}

}  // namespace vultus::cli
