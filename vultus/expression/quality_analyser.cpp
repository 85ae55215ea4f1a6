#include <string>
#include <vector>

#include <vultus/expression/per_face.hpp>
#include <vultus/face/quality.hpp>

namespace vultus::expression {
namespace {

const ChannelId kUnified{"quality.unified"};

class QualityAnalyser final : public PerFace {
 public:
  explicit QualityAnalyser(AnalyserInfo info) : PerFace(std::move(info)) {
    for (const face::QualityMeasureInfo& measure : face::quality_measures())
      channels_.emplace_back("quality." + std::string(measure.name));
  }

 protected:
  Status look_at(const AnalysedFrame& frame, AnalysedFace& face) override {
    const auto report = face::assess(frame.picture, face.face);
    if (!report) return unread(face, report.error());
    face.readings.write(kUnified, double{report->unified});
    for (std::size_t i = 0; i < channels_.size(); ++i)
      if (const auto& value = report->measures.at(i))
        face.readings.write(channels_[i], double{value->value});
      else
        face.readings.absent(channels_[i], "could not be measured on this face");
    return {};
  }

 private:
  std::vector<ChannelId> channels_;
};

}  // namespace

AnalyserInfo declare_quality(const runtime::ModelHandle*, const AnalyserResources&) {
  AnalyserInfo info{
      .id = "quality",
      .help = "how usable the face is",
      .reads = {},
      .writes = {{kUnified, "0..100", "how likely recognition succeeds as far as this face is concerned"}},
      .evidence = runtime::evidence_of("quality", nullptr, "sixteen measures, docs/quality.md")};
  for (const face::QualityMeasureInfo& measure : face::quality_measures())
    info.writes.push_back({ChannelId("quality." + std::string(measure.name)),
                           measure.unit.empty() ? "ratio" : std::string(measure.unit),
                           "one of the measures of quality"});
  return info;
}

Result<std::unique_ptr<Analyser>> make_quality(const AnalyserResources& resources) {
  return std::unique_ptr<Analyser>(std::make_unique<QualityAnalyser>(declare_quality(nullptr, resources)));
}

}  // namespace vultus::expression
