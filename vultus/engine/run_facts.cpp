#include <vultus/engine/run_facts.hpp>

#include <fmt/format.h>

#include <vultus/core/version.hpp>

namespace vultus::engine {

void add_run_facts(std::vector<std::pair<std::string, std::string>>& rows, const Engine& engine, double seconds,
                   std::size_t pictures) {
  rows.emplace_back("Program", std::string("vultus ") + kVersion);
  rows.emplace_back("Preset", engine.preset().id + ": " + engine.preset().description);
  rows.emplace_back("Templates", engine.preset().template_model().text());
  rows.emplace_back("Computed with", engine.backend());
  rows.emplace_back("Time", fmt::format("{:.1f} s for {} pictures on {} threads", seconds, pictures, engine.threads()));
  for (const ModelId& id : engine.preset().models())
    if (const auto model = engine.catalogue().find(id))
      rows.emplace_back("SHA-256 of " + id.text(), (*model)->files.front().sha256);
}

}  // namespace vultus::engine
