#include <vultus/engine/choose_parts.hpp>

#include <algorithm>
#include <array>
#include <string_view>

#include <fmt/format.h>

namespace vultus::engine {
namespace {

using runtime::ModelManifest;

constexpr std::array<std::string_view, 3> kDetectors{"rfb", "blazeface", "scrfd"};
constexpr std::array<std::string_view, 2> kEmbedders{"embedding", "dlib_descriptor"};

bool is_one_of(const ModelManifest& model, std::span<const std::string_view> decoders) {
  return std::ranges::find(decoders, model.decoder) != decoders.end();
}

Result<const ModelManifest*> find(const runtime::Catalogue& catalogue, const ModelId& id,
                                  std::span<const std::string_view> decoders, std::string_view task) {
  VULTUS_TRY(const ModelManifest* const model, catalogue.find(id));
  if (!is_one_of(*model, decoders))
    return fail(ErrorCode::invalid_argument, fmt::format("model {} is no {}: its manifest says {}, decoder {}",
                                                         id.text(), task, model->task, model->decoder));
  return model;
}

/// A number of the manifest, in a range.
Result<double> setting(const ModelManifest& model, const std::string& name, double otherwise, double least,
                       double most) {
  const auto at = model.parameters.find(name);
  if (at == model.parameters.end()) return otherwise;
  if (!(at->second >= least && at->second <= most))
    return fail(ErrorCode::invalid_argument, fmt::format("model {}: parameter {} is {}, allowed are {} to {}",
                                                         model.id.text(), name, at->second, least, most));
  return at->second;
}

/// What the authors of SCRFD detect with: 640 pixels, score 0.5, suppression at 0.4.
Result<face::DetectorOptions> detection_of(const ModelManifest& model) {
  VULTUS_TRY(const double threshold, setting(model, "threshold", 0.5, 0.05, 0.999));
  VULTUS_TRY(const double overlap, setting(model, "overlap", 0.4, 0.01, 1));
  VULTUS_TRY(const double coarse, setting(model, "coarse_side", 640, 64, 4096));
  VULTUS_TRY(const double fine, setting(model, "fine_side", 0, 0, 4096));
  face::DetectorOptions options;
  options.threshold = Score(static_cast<float>(threshold));
  options.overlap = static_cast<float>(overlap);
  options.reach.coarse_side = static_cast<int>(coarse);
  options.reach.fine_side = static_cast<int>(fine);
  return options;
}

Status change_detector(Preset& preset, std::span<const Preset> presets, const ModelManifest& model) {
  const auto measured = std::ranges::find(presets, model.id, &Preset::detector);
  preset.detector = model.id;
  if (measured != presets.end()) {
    preset.detection = measured->detection;
    return {};
  }
  VULTUS_TRY(preset.detection, detection_of(model));
  return {};
}

Status change_embedder(Preset& preset, std::span<const Preset> presets, const ModelManifest& model) {
  VULTUS_TRY(const double mirror, setting(model, "mirror", 0, 0, 1));
  preset.id = model.id.text();
  preset.embedder = model.id;
  preset.mirror = mirror >= 1 ? face::Mirror::average : face::Mirror::no;
  preset.fused_with.clear();
  const ModelId templates = preset.template_model();
  const auto measured = std::ranges::find_if(presets, [&](const Preset& p) { return p.template_model() == templates; });
  const Preset none;
  const Preset& numbers = measured == presets.end() ? none : *measured;
  if (measured != presets.end()) preset.default_fmr = numbers.default_fmr;
  preset.thresholds = numbers.thresholds;
  preset.thresholds.model = templates;
  preset.probability = numbers.probability;
  preset.search_probability = numbers.search_probability;
  preset.probability_source = numbers.probability_source;
  return {};
}

}  // namespace

Result<Preset> choose_parts(std::span<const Preset> presets, const runtime::Catalogue& catalogue,
                            const PartChoice& choice) {
  ModelId embedder = choice.embedder;
  auto chosen = std::ranges::find(presets, choice.preset, &Preset::id);
  if (chosen == presets.end()) {
    const auto model = catalogue.find(ModelId(choice.preset));
    const bool own = model && is_one_of(**model, kEmbedders);
    if (own && embedder.empty()) embedder = (*model)->id;
    if (own) chosen = std::ranges::find(presets, "default", &Preset::id);
  }
  if (chosen == presets.end()) {
    std::string known;
    for (const Preset& p : presets) known += (known.empty() ? "" : ", ") + p.id;
    return fail(ErrorCode::not_found, "preset \"" + choice.preset + "\" is not known; known are " + known);
  }
  Preset preset = *chosen;
  if (!choice.detector.empty()) {
    VULTUS_TRY(const ModelManifest* const model, find(catalogue, choice.detector, kDetectors, "face detector"));
    VULTUS_CHECK(change_detector(preset, presets, *model));
  }
  if (!embedder.empty()) {
    VULTUS_TRY(const ModelManifest* const model, find(catalogue, embedder, kEmbedders, "embedder"));
    VULTUS_CHECK(change_embedder(preset, presets, *model));
  }
  return preset;
}

}  // namespace vultus::engine
