#include <vultus/expression/analysers.hpp>

#include <array>

#include <vultus/expression/expression_net.hpp>
#include <vultus/expression/per_face.hpp>

namespace vultus::expression {
namespace {

constexpr std::array<std::string_view, 2> kMeshModels{"mp_face_mesh", "human_iris"};
constexpr std::array<std::string_view, 1> kEyeModels{"fr_eye"};
constexpr std::array<std::string_view, 1> kExpressionModels{kExpressionModel};
constexpr std::array<std::string_view, 1> kAttributeModels{"human_faceres"};

constexpr std::array<AnalyserRow, 11> kRows{
    {{"landmarks", true, kMeshModels, declare_landmarks, make_landmarks},
     {"pose", true, {}, declare_pose, make_pose},
     {"gaze", true, {}, declare_gaze, make_gaze},
     {"eyes", true, kEyeModels, declare_eyes, make_eyes},
     {"mouth", true, {}, declare_mouth, make_mouth},
     {"action_units", true, {}, declare_action_units, make_action_units},
     {"blendshapes", true, {}, declare_blendshapes, make_blendshapes},
     {"expression", true, kExpressionModels, declare_expression, make_expression},
     {"displayed_units", true, kExpressionModels, declare_displayed_units, make_displayed_units},
     {"quality", true, {}, declare_quality, make_quality},
     {"attributes", false, kAttributeModels, declare_attributes, make_attributes}}};

}  // namespace

std::span<const AnalyserRow> face_analysers() { return kRows; }

Result<std::unique_ptr<Analyser>> make_analyser(std::string_view id, const AnalyserResources& resources) {
  std::string known;
  for (const AnalyserRow& row : kRows) {
    if (row.id == id) return row.make(resources);
    known += (known.empty() ? "" : ", ") + std::string(row.id);
  }
  return fail(ErrorCode::not_found, "analyser \"" + std::string(id) + "\"; known are " + known);
}

}  // namespace vultus::expression
