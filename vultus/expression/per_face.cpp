#include <vultus/expression/per_face.hpp>

#include <fmt/format.h>

#include <vultus/expression/label_space.hpp>

namespace vultus::expression {

std::optional<Landmarks> mesh_of(const AnalysedFace& face) {
  const auto* rows = face.readings.values(kLandmarks478);
  if (rows == nullptr || rows->size() != 3 * count_of(LandmarkScheme::mesh478)) return std::nullopt;
  Landmarks mesh{LandmarkScheme::mesh478, {}};
  mesh.points.reserve(rows->size() / 3);
  for (std::size_t i = 0; i < rows->size(); i += 3) mesh.points.push_back({(*rows)[i], (*rows)[i + 1]});
  return mesh;
}

ChannelId unit_channel(const UnitRow& unit, std::string_view what) {
  return ChannelId(fmt::format("au.{:02}.{}", unit.number, what));
}

ChannelId expression_channel(std::size_t label) {
  return ChannelId("expression." + std::string(kExpressionNames.at(label)));
}

std::string why_absent(const AnalysedFace& face, const ChannelId& channel) {
  const auto entry = face.readings.entries().find(channel);
  if (entry == face.readings.entries().end()) return channel.text() + " was not looked at";
  return channel.text() + ": " + entry->second.reason;
}

}  // namespace vultus::expression
