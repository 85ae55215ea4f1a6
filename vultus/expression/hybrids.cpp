#include <vultus/expression/hybrids.hpp>

#include <algorithm>
#include <cmath>
#include <random>
#include <string>

#include <vultus/expression/label_space.hpp>

namespace vultus::expression {

Result<std::vector<Hybrid>> plan_hybrids(std::span<const std::size_t> labels, std::size_t count, std::uint64_t seed) {
  if (count > 1'000'000)
    return fail(ErrorCode::invalid_argument, std::to_string(count) + " hybrids: allowed are at most 1,000,000");
  std::array<std::vector<std::size_t>, kExpressions> of_label;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (labels[i] >= kExpressions)
      return fail(ErrorCode::invalid_argument, "picture " + std::to_string(i) + " has a label beyond the seven");
    of_label.at(labels[i]).push_back(i);
  }
  std::mt19937_64 engine(seed);
  std::vector<Hybrid> hybrids;
  for (std::size_t k = 0; k < count; ++k) {
    Hybrid hybrid{.compound = k % kCompounds};
    const Compound& compound = kCompoundTable.at(hybrid.compound);
    for (const auto& [member, into] : {std::pair{compound.first, &hybrid.first}, {compound.second, &hybrid.second}}) {
      const std::vector<std::size_t>& from = of_label.at(member);
      if (from.empty())
        return fail(ErrorCode::invalid_argument,
                    "hybrids need pictures of " + std::string(kExpressionNames.at(member)));
      *into = from[engine() % from.size()];
    }
    const double drawn = static_cast<double>(engine() >> 11U) * 0x1p-53;
    if (k / kCompounds % 2 == 1) hybrid.share = 0.3 + 0.4 * drawn;
    hybrids.push_back(hybrid);
  }
  return hybrids;
}

std::array<float, kCompoundParts> parts_of_label(std::size_t label) {
  std::array<float, kCompoundParts> parts{};
  if (label < kCompoundParts) parts.at(label) = 1;
  return parts;
}

std::array<float, kCompoundParts> parts_of_hybrid(const Hybrid& hybrid) {
  const Compound& compound = kCompoundTable.at(hybrid.compound);
  std::array<float, kCompoundParts> parts{};
  parts.at(compound.first) = hybrid.share ? static_cast<float>(*hybrid.share) : 1;
  parts.at(compound.second) = hybrid.share ? static_cast<float>(1 - *hybrid.share) : 1;
  return parts;
}

Status mix_into(std::span<std::uint8_t> first, std::span<const std::uint8_t> second, int side, const Hybrid& hybrid) {
  const auto width = static_cast<std::size_t>(std::max(side, 0)) * 3;
  const std::size_t wanted = width * static_cast<std::size_t>(std::max(side, 0));
  if (side < 2 || first.size() != wanted || second.size() != wanted)
    return fail(ErrorCode::invalid_argument, "hybrids are made of two square pictures of one size, 2 pixels or more");
  const std::size_t middle = static_cast<std::size_t>(side / 2) * 3;
  for (std::size_t i = 0; i < wanted; ++i) {
    if (hybrid.share)
      first[i] = static_cast<std::uint8_t>(std::lround(*hybrid.share * first[i] + (1 - *hybrid.share) * second[i]));
    else if (i % width >= middle)
      first[i] = second[i];
  }
  return {};
}

}  // namespace vultus::expression
