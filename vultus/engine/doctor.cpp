#include <vultus/engine/doctor.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <map>
#include <memory>
#include <system_error>

#include <fmt/format.h>

#include <unistd.h>

#include <vultus/engine/choose_parts.hpp>
#include <vultus/engine/doctor_parts.hpp>
#include <vultus/engine/engine.hpp>
#include <vultus/runtime/package_client.hpp>

namespace vultus::engine {
namespace {

namespace fs = std::filesystem;
using runtime::ModelManifest;

/// Values of an output of a network that has run on a pattern.
Result<std::map<std::string, std::vector<float>>> run_on_pattern(const runtime::ModelHandle& model,
                                                                 double& milliseconds) {
  VULTUS_TRY(const auto network, model.load());
  constexpr int kRuns = 3;  // the first one allocates
  milliseconds = std::numeric_limits<double>::infinity();
  for (int run = 0; run < kRuns; ++run) {
    // A slope that repeats itself: no face, but not all the same either.
    std::uint8_t value = 0;
    for (std::uint8_t& byte : network->input()) byte = value = static_cast<std::uint8_t>(value + 7);
    const auto begin = std::chrono::steady_clock::now();
    VULTUS_CHECK(network->run());
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - begin;
    milliseconds = std::min(milliseconds, took.count());
  }
  std::map<std::string, std::vector<float>> outputs;
  for (const auto& [name, tensor] : model.manifest.outputs) {
    VULTUS_TRY(const auto values, network->output(name));
    for (const float v : values)
      if (!std::isfinite(v))
        return fail(ErrorCode::internal, "output " + name + " of model " + model.manifest.id.text() + " is not finite");
    outputs.emplace(name, std::vector<float>(values.begin(), values.end()));
  }
  return outputs;
}

Finding npm_finding(const DoctorOptions& options, bool all_models_here) {
  Finding found{.area = "optional", .subject = "npm client", .facts = {}};
  const auto client = runtime::npm_client(options.cache, options.stop);
  found.facts.emplace_back("present", client.has_value());
  if (client) {
    found.text = "present, fetches networks: " + *client;
    return found;
  }
  found.health = all_models_here ? Health::fine : Health::note;
  found.text = all_models_here ? "none; not needed: every network is here" : client.error().message;
  if (!all_models_here) found.fix = "tools/setup npm   (or: apt-get install npm)";
  return found;
}

Finding cameras_finding() {
  Finding found{.area = "optional", .subject = "cameras", .facts = {}};
  std::int64_t usable = 0;
  std::string closed;
  std::error_code failed;
  for (const auto& entry : fs::directory_iterator("/dev", failed)) {
    if (!entry.path().filename().string().starts_with("video")) continue;
    if (::access(entry.path().c_str(), R_OK | W_OK) == 0)
      ++usable;
    else
      closed += " " + entry.path().string();
  }
  found.facts.emplace_back("usable", usable);
  found.text = usable == 0 ? "none attached; files and network streams need none" : fmt::format("{} usable", usable);
  if (!closed.empty()) {
    found.health = Health::note;
    found.text += "; not open to this user:" + closed;
    found.fix = "sudo usermod -aG video \"$USER\"   (then log in again)";
  }
  return found;
}

/// What the models of a catalogue are to the main job, and the networks that can be tried.
struct ModelsSeen {
  std::vector<Finding> findings;
  std::vector<const ModelManifest*> usable;  ///< of the preset
  bool all_here = true;
};

ModelsSeen examine_models(const runtime::Catalogue& catalogue, const runtime::ModelStore& store,
                          const std::vector<ModelId>& needed, const fs::path& own_models) {
  ModelsSeen seen;
  for (const ModelManifest& model : catalogue.models()) {
    const bool is_needed = std::ranges::find(needed, model.id) != needed.end();
    Finding finding = examine_model(model, store, is_needed, own_models);
    if (finding.health != Health::fine)
      seen.all_here = false;
    else if (is_needed)
      seen.usable.push_back(&model);
    seen.findings.push_back(std::move(finding));
  }
  return seen;
}

/// Cosine of two lists of numbers; 1 for two lists of zeros, 0 where only one holds nothing else.
double agreement(std::span<const float> a, std::span<const float> b) {
  double ab = 0, aa = 0, bb = 0;
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
    ab += double{a[i]} * b[i];
    aa += double{a[i]} * a[i];
    bb += double{b[i]} * b[i];
  }
  if (aa == 0 || bb == 0) return aa == bb ? 1 : 0;
  return ab / std::sqrt(aa * bb);
}

}  // namespace

std::string_view name_of(Health health) noexcept {
  switch (health) {
    case Health::fine: return "fine";
    case Health::note: return "note";
    case Health::problem: break;
  }
  return "problem";
}

std::optional<ErrorCode> first_problem(std::span<const Finding> findings) {
  for (const Finding& finding : findings)
    if (finding.health == Health::problem) return finding.code.value_or(ErrorCode::internal);
  return std::nullopt;
}

Finding examine_model(const ModelManifest& model, const runtime::ModelStore& store, bool needed,
                      const fs::path& own_models) {
  Finding found{.area = "models", .subject = model.id.text(), .facts = {}};
  const bool own = !own_models.empty() && fs::path(model.folder) == own_models;
  const auto verified = store.verified(model);
  found.facts = {{"task", model.task},
                 {"needed", needed},
                 {"own", own},
                 {"present", verified.has_value() || verified.error().code != ErrorCode::not_found},
                 {"sha256", model.files.front().sha256},
                 {"licence", model.licence.package},
                 {"commercial", std::string(runtime::name_of(model.licence.commercial))},
                 {"weights", model.licence.weights},
                 {"path", store.path_of(model, model.files.front()).string()}};
  if (verified) {
    found.text = fmt::format("{}{}, unaltered; {}, commercial use: {}", own ? "your own " : "", model.task,
                             model.licence.package, runtime::name_of(model.licence.commercial));
    return found;
  }
  found.health = needed ? Health::problem : Health::note;
  const bool missing = verified.error().code == ErrorCode::not_found;
  found.text =
      needed ? verified.error().message : model.task + (missing ? ": not fetched" : ": " + verified.error().message);
  if (needed) found.code = verified.error().code;
  found.fix =
      own ? fmt::format("vultus models remove {}   (then vultus models add FILE --manifest ROW)", model.id.text())
          : "vultus models fetch " + model.id.text();
  return found;
}

Finding examine_network(const runtime::ModelHandle& model, const runtime::Backend* exact) {
  double milliseconds = 0;
  const auto outputs = run_on_pattern(model, milliseconds);
  if (!outputs) return problem("networks", model.manifest.id.text(), outputs.error(), "vultus doctor --precision f32");
  Finding found{.area = "networks", .subject = model.manifest.id.text(), .facts = {}};
  found.text = fmt::format("ran on {} in {:.1f} ms", model.backend->description(), milliseconds);
  found.facts = {{"backend", model.backend->description()}, {"milliseconds", milliseconds}};
  if (exact == nullptr || exact->description() == model.backend->description()) return found;
  runtime::ModelHandle again = model;
  again.backend = std::shared_ptr<const runtime::Backend>(model.backend, exact);  // lives as long as the caller says
  const auto reference = run_on_pattern(again, milliseconds);
  if (!reference) return found;
  double least = 1;
  for (const auto& [name, values] : *reference) least = std::min(least, agreement(values, outputs->at(name)));
  found.text += fmt::format(", cosine to f32 {:.4f}", least);
  found.facts.emplace_back("cosine_to_f32", least);
  return found;
}

namespace {

/// The networks of the preset: whether they are there, and whether they run.
/// @return whether every network of the catalogue is there
bool examine_preset(const DoctorOptions& options, std::vector<Finding>& findings) {
  auto catalogue = load_catalogue(options.models, {});
  const auto presets = catalogue ? load_presets(options.models) : Result<std::vector<Preset>>(catalogue.error());
  if (!presets) {
    findings.push_back(problem("models", options.models.string(), presets.error(),
                               "name the folder of the manifests with --models or VULTUS_MODELS"));
    return false;
  }
  // One row that cannot be read stops every command; the rest is examined all the same.
  if (auto with_own = load_catalogue(options.models, options.own_models); with_own)
    catalogue = std::move(with_own);
  else
    findings.push_back(problem("models", options.own_models.string(), with_own.error(),
                               "mend the file that is named, or take it out of " + shell_word(options.own_models)));
  const auto preset = choose_parts(
      *presets, *catalogue,
      {.preset = options.preset, .detector = ModelId(options.detector), .embedder = ModelId(options.embedder)});
  if (!preset) {
    findings.push_back(problem("models", "preset " + options.preset, preset.error(), "vultus models list"));
    return false;
  }
  const runtime::ModelStore store(options.cache);
  ModelsSeen seen = examine_models(*catalogue, store, preset->models(), options.own_models);
  std::ranges::move(seen.findings, std::back_inserter(findings));
  auto made = runtime::make_openvino_backend({options.precision, store.compiled()});
  if (!made) {
    findings.push_back(problem("networks", "backend", made.error(), "vultus doctor --precision auto"));
    return seen.all_here;
  }
  const std::shared_ptr<const runtime::Backend> backend = std::move(made).value();
  const auto exact = runtime::make_openvino_backend({runtime::Precision::f32, store.compiled()});
  for (const ModelManifest* model : seen.usable) {
    if (options.stop.stop_requested()) break;
    const runtime::ModelHandle handle{backend, *model, store.path_of(*model, model->files.front())};
    findings.push_back(examine_network(handle, exact ? exact->get() : nullptr));
  }
  return seen.all_here;
}

}  // namespace

std::vector<Finding> examine(const DoctorOptions& options) {
  std::vector<Finding> findings =
      examine_machine(runtime::machine_facts(), runtime::inference_facts(), options.precision);
  findings.push_back(examine_cache(options.cache));
  const bool all_here = examine_preset(options, findings);
  if (options.stop.stop_requested()) return findings;
  findings.push_back(examine_gallery(options.folder.empty() ? options.cache : options.folder));
  findings.push_back(npm_finding(options, all_here));
  findings.push_back(cameras_finding());
  return findings;
}

}  // namespace vultus::engine
