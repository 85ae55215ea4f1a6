#include <vultus/engine/audit_pairs.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include <vultus/media/csv.hpp>

namespace vultus::engine {
namespace {

/// How bad a picture is by one measure, in the unit of the measure, larger = worse; the score would not do, because it
/// stops at 100 where more than half of the pictures are.
std::optional<float> badness(const face::QualityReport& quality, const face::QualityMeasureInfo& measure) {
  const auto& got = quality.at(measure.id);
  if (!got) return std::nullopt;
  const float value = measure.magnitude ? std::abs(got->value) : got->value;
  return measure.best > measure.worst ? -value : value;
}

/// Whether each picture is worse than the median by one measure; empty = not measured.
std::vector<std::optional<bool>> worse_half(std::span<const MeasuredPicture> pictures,
                                            const face::QualityMeasureInfo& measure) {
  std::vector<float> all;
  for (const MeasuredPicture& picture : pictures)
    if (const auto bad = badness(picture.quality, measure)) all.push_back(*bad);
  std::vector<std::optional<bool>> worse(pictures.size());
  if (all.empty()) return worse;
  const auto middle = all.begin() + static_cast<std::ptrdiff_t>((all.size() - 1) / 2);
  std::nth_element(all.begin(), middle, all.end());
  for (std::size_t i = 0; i < pictures.size(); ++i)
    if (const auto bad = badness(pictures[i].quality, measure)) worse[i] = *bad > *middle;
  return worse;
}

std::string both(const std::optional<bool>& first, const std::optional<bool>& second) {
  if (!first || !second || *first != *second) return "";
  return *first ? "1" : "0";
}

}  // namespace

Result<std::string> measured_pairs(std::span<const MeasuredPicture> pictures, const std::string& group,
                                   const evaluation::ScoreOfPair& score) {
  std::vector<std::string> row{"person", group, "score"};
  std::array<std::vector<std::optional<bool>>, face::kQualityMeasures> worse;
  for (std::size_t i = 0; i < face::kQualityMeasures; ++i) {
    row.push_back(fmt::format("worse_{}", face::quality_measures().at(i).name));
    worse.at(i) = worse_half(pictures, face::quality_measures().at(i));
  }
  for (std::size_t i = 0; i < row.size(); ++i)
    if (i != 1 && row[i] == group)
      return fail(ErrorCode::invalid_argument, fmt::format("\"{}\" is the name of another column of the pairs", group));
  std::map<std::string, std::vector<std::size_t>> pictures_of;
  for (std::size_t i = 0; i < pictures.size(); ++i) {
    auto& own = pictures_of[pictures[i].person];
    if (!pictures[i].group.empty() && own.size() < kMostPicturesOfPairs) own.push_back(i);
  }
  std::string text = media::csv_row(row);
  const std::size_t head = text.size();
  for (const auto& [person, own] : pictures_of)
    for (std::size_t a = 0; a < own.size(); ++a)
      for (std::size_t b = a + 1; b < own.size(); ++b) {
        row = {person, pictures[own[a]].group, fmt::format("{:.6f}", score(own[a], own[b]))};
        for (const auto& one : worse) row.push_back(both(one[own[a]], one[own[b]]));
        text += media::csv_row(row);
      }
  if (text.size() == head) return fail(ErrorCode::invalid_argument, "nobody of a group has two pictures with a face");
  return text;
}

}  // namespace vultus::engine
