#include <vultus/learn/curriculum.hpp>

#include <string>

namespace vultus::learn {

Status validate(std::span<const CurriculumStage> stages) {
  if (stages.empty()) return fail(ErrorCode::invalid_argument, "a curriculum without stages");
  for (const CurriculumStage& stage : stages)
    if (stage.epochs < 1 || stage.epochs > 1000 || !(stage.share >= 0 && stage.share <= 1))
      return fail(ErrorCode::invalid_argument, "a stage of " + std::to_string(stage.epochs) + " epochs with share " +
                                                   std::to_string(stage.share) +
                                                   ": allowed are 1 to 1000 epochs and shares 0 to 1");
  return {};
}

Result<double> curriculum_share(std::span<const CurriculumStage> stages, int epoch) {
  VULTUS_CHECK(validate(stages));
  if (epoch < 1) return fail(ErrorCode::invalid_argument, "epochs count from 1, got " + std::to_string(epoch));
  int end = 0;
  for (const CurriculumStage& stage : stages)
    if (epoch <= (end += stage.epochs)) return stage.share;
  return stages.back().share;
}

}  // namespace vultus::learn
