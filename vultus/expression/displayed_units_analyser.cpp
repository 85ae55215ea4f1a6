#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <vultus/expression/action_unit_signals.hpp>
#include <vultus/expression/displayed_units.hpp>
#include <vultus/expression/per_face.hpp>

namespace vultus::expression {
namespace {

class DisplayedUnitsAnalyser final : public PerFace {
 public:
  explicit DisplayedUnitsAnalyser(AnalyserInfo info) : PerFace(std::move(info)) {
    for (const UnitRow& unit : action_units())
      if (unit.evidence == UnitEvidence::weak) units_.push_back(&unit);
    for (std::size_t e = 0; e < kExpressions; ++e) expressions_.push_back(expression_channel(e));
  }

 protected:
  Status look_at(const AnalysedFrame&, AnalysedFace& face) override {
    Distribution probabilities{};
    for (std::size_t e = 0; e < kExpressions; ++e) {
      const double* p = face.readings.number(expressions_[e]);
      if (p == nullptr) return absent(face, why_absent(face, expressions_[e]));
      probabilities.at(e) = *p;
    }
    for (const UnitRow* unit : units_) {
      VULTUS_TRY(const double intensity, displayed_intensity(*find_au(unit->number), probabilities));
      face.readings.write(unit_channel(*unit, "intensity"), intensity);
      face.readings.write(unit_channel(*unit, "presence"), intensity >= kUnitPresent ? 1.0 : 0.0);
    }
    return {};
  }

 private:
  std::vector<const UnitRow*> units_;
  std::vector<ChannelId> expressions_;
};

}  // namespace

AnalyserInfo declare_displayed_units(const runtime::ModelHandle* model, const AnalyserResources&) {
  AnalyserInfo info{.id = "displayed_units",
                    .help = "action units of brows, lids, nose and chin as the displayed expression lets expect them",
                    .reads = {},
                    .writes = {},
                    .evidence = runtime::evidence_of(
                        "displayed_units", model,
                        "weak: P(unit | expression) of the AU table under expression.*; nothing of the unit itself")};
  for (std::size_t e = 0; e < kExpressions; ++e) info.reads.push_back(expression_channel(e));
  for (const UnitRow& unit : action_units()) {
    if (unit.evidence != UnitEvidence::weak) continue;
    info.writes.push_back({unit_channel(unit, "intensity"), "0..5",
                           fmt::format("AU{} {}: expected of the displayed expression; weak", unit.number, unit.name)});
    info.writes.push_back({unit_channel(unit, "presence"), "0 or 1",
                           fmt::format("AU{} {}: intensity of 1 or more; weak", unit.number, unit.name)});
  }
  return info;
}

Result<std::unique_ptr<Analyser>> make_displayed_units(const AnalyserResources& resources) {
  VULTUS_TRY(const runtime::ModelHandle model, resources.model(ModelId(std::string(kExpressionModel))));
  return std::unique_ptr<Analyser>(
      std::make_unique<DisplayedUnitsAnalyser>(declare_displayed_units(&model, resources)));
}

}  // namespace vultus::expression
