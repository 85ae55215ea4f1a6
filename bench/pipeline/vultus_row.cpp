#include <memory>
#include <utility>

#include <vultus/engine/engine.hpp>

#include "row.hpp"

namespace vultus::bench {
namespace {

class VultusWorker final : public Worker {
 public:
  explicit VultusWorker(engine::Looker looker) : looker_(std::move(looker)) {}
  Result<std::optional<Embedding>> look(const std::string& path, engine::StageSeconds& stages) override {
    engine::SeenPicture seen = looker_.look({.path = path}, {.depth = engine::Depth::embed_main});
    if (seen.error) return *seen.error;
    stages.decode += seen.stages.decode;
    stages.detect += seen.stages.detect;
    stages.describe += seen.stages.describe;
    stages.embed += seen.stages.embed;
    if (seen.faces.empty()) return std::optional<Embedding>();
    return std::move(seen.faces.front().embedding);
  }

 private:
  engine::Looker looker_;
};

}  // namespace

Result<Row> vultus_row(const std::string& models, const std::string& preset, const std::string& precision) {
  const auto wanted = precision == "f32"    ? runtime::Precision::f32
                      : precision == "bf16" ? runtime::Precision::bf16
                                            : runtime::Precision::automatic;
  VULTUS_TRY(auto loaded, engine::Engine::load({.models = models, .preset = preset, .precision = wanted}));
  const auto engine = std::make_shared<engine::Engine>(std::move(loaded));
  return Row{.describe = "Vultus preset " + preset + ", " + engine->backend(),
             .dimension = engine->dimension(),
             .model = engine->preset().template_model(),
             .make = [engine]() -> Result<std::unique_ptr<Worker>> {
               VULTUS_TRY(engine::Looker looker, engine->make_looker());
               return std::make_unique<VultusWorker>(std::move(looker));
             }};
}

}  // namespace vultus::bench
