// Options that many commands share, and what becomes of them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <CLI/App.hpp>

#include <vultus/core/decision.hpp>
#include <vultus/core/result.hpp>
#include <vultus/engine/engine.hpp>
#include <vultus/media/inputs.hpp>
#include <vultus/media/picture.hpp>
#include <vultus/runtime/network.hpp>

#include <apps/cli/context.hpp>

namespace vultus::cli {

/// Where networks and manifests lie.
struct PlaceSettings {
  std::string models;  ///< empty = found by find_model_folder()
  std::string cache;   ///< empty = runtime::default_cache_folder()
};

struct EngineSettings {
  PlaceSettings places;
  std::string preset;  ///< empty = that of the gallery, else "default"
  bool fast = false;
  bool accurate = false;
  std::string detector;  ///< empty = that of the preset
  std::string embedder;  ///< empty = that of the preset
  int threads = 0;
  runtime::Precision precision = runtime::Precision::automatic;
  bool tiles = false;
  bool commercial_only = false;
  bool isolated = false;  ///< pictures are decoded in a process of its own
};

struct InputSettings {
  std::vector<std::string> names;
  bool recursive = false;
  double max_megapixels = 80;

  [[nodiscard]] media::DecodeLimits limits() const;
};

enum class Format : std::uint8_t { table, json, csv };

struct FormatSettings {
  bool json = false;
  bool csv = false;
  bool quiet = false;

  [[nodiscard]] Format format() const { return json ? Format::json : csv ? Format::csv : Format::table; }
};

struct ThresholdSettings {
  std::optional<double> fmr;
  std::optional<double> threshold;
};

void add_place_options(CLI::App& command, PlaceSettings& settings);
CLI::Option* add_preset_option(CLI::App& command, EngineSettings& settings);
void add_precision_option(CLI::App& command, EngineSettings& settings);
/// --detector and --embedder.
void add_part_options(CLI::App& command, EngineSettings& settings);
void add_engine_options(CLI::App& command, EngineSettings& settings);
/// @param help  of the positional argument INPUT
CLI::Option* add_input_options(CLI::App& command, InputSettings& settings, const std::string& help);
void add_limit_option(CLI::App& command, InputSettings& settings);
void add_format_options(CLI::App& command, FormatSettings& settings);
void add_threshold_options(CLI::App& command, ThresholdSettings& settings);

/// The folder of the manifests that is meant.
/// @error not_found  as find_model_folder()
[[nodiscard]] Result<std::filesystem::path> model_folder_of(const PlaceSettings& settings);

/// Models, preset and backend.
/// @param gallery_preset  name of the preset that a gallery was made with: used where the user chose none; may be empty
/// @error unsupported  --commercial-only, and a model of the preset may not be used commercially or does not say so
[[nodiscard]] Result<engine::Engine> load_engine(const EngineSettings& settings,
                                                 const std::string& gallery_preset = {});

/// Whether a network beside the preset's may be used as --commercial-only wants it.
/// @error unsupported  it may not, or does not say so; not_found  no such network
[[nodiscard]] Status may_use(const EngineSettings& settings, const engine::Engine& engine, const ModelId& model);

/// @error invalid_argument  a rate or threshold outside what was measured
[[nodiscard]] Result<OperatingPoint> operating_point(const engine::Engine& engine, const ThresholdSettings& settings);
/// The same for faces of a gallery: what `vultus calibrate` measured on it comes first.
[[nodiscard]] Result<OperatingPoint> operating_point(const engine::Engine& engine, const Gallery& gallery,
                                                     const ThresholdSettings& settings);

}  // namespace vultus::cli
