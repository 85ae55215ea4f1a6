#include <vultus/expression/face_caption.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>

namespace vultus::expression {
namespace {

constexpr std::array<std::string_view, 6> kStates{"absent", "slightly active", "slightly active",
                                                  "active", "strongly active", "strongly active"};
constexpr std::array<std::string_view, 6> kLetters{"-", "A", "B", "C", "D", "E"};
constexpr std::size_t kLongest = std::size_t{1} << 16U;

Error not_a_caption(std::string_view sentence, const std::string& why) {
  return fail(ErrorCode::corrupt_data, "caption: \"" + std::string(sentence.substr(0, 120)) + "\": " + why);
}

/// "AU12 ..." -> 12; nothing where no number stands there.
std::optional<int> number_at_front(std::string_view sentence) {
  if (!sentence.starts_with("AU")) return std::nullopt;
  int facs = 0;
  const auto [end, failed] = std::from_chars(sentence.data() + 2, sentence.data() + sentence.size(), facs);
  if (failed != std::errc() || end == sentence.data() + 2) return std::nullopt;
  return facs;
}

Result<CaptionedUnit> read_unit(std::string_view sentence) {
  const auto facs = number_at_front(sentence);
  if (!facs) return not_a_caption(sentence, "neither a unit (\"AU...\") nor \"The face shows ...\"");
  if (find_au(*facs) == nullptr) return not_a_caption(sentence, "AU" + std::to_string(*facs) + " is not in the table");
  for (int level = 0; level < static_cast<int>(kLetters.size()); ++level) {
    VULTUS_TRY(const std::string told, unit_caption({*facs, level}));
    if (told == sentence) return CaptionedUnit{*facs, level};
  }
  return not_a_caption(sentence, "name, state and intensity of AU" + std::to_string(*facs) + " do not fit together");
}

}  // namespace

int caption_level(double intensity) {
  if (!(intensity > 0)) return 0;
  return static_cast<int>(std::lround(std::min(intensity, kAuMaximum)));
}

std::vector<CaptionedUnit> captioned(std::span<const AuActivation> active, std::span<const int> told) {
  std::vector<CaptionedUnit> units;
  for (const ActionUnit& row : au_table()) {
    if (std::ranges::find(told, row.facs) == told.end()) continue;
    const auto at = std::ranges::find(active, row.facs, &AuActivation::facs);
    units.push_back({row.facs, at == active.end() ? 0 : caption_level((at->right + at->left) / 2)});
  }
  return units;
}

Result<std::string> unit_caption(const CaptionedUnit& unit) {
  const ActionUnit* const row = find_au(unit.facs);
  if (row == nullptr)
    return fail(ErrorCode::invalid_argument, "caption: AU " + std::to_string(unit.facs) + " is not in the table");
  if (unit.level < 0 || unit.level >= static_cast<int>(kLetters.size()))
    return fail(ErrorCode::invalid_argument, "caption: level " + std::to_string(unit.level) + " of AU " +
                                                 std::to_string(unit.facs) + " is outside 0 to 5");
  const auto level = static_cast<std::size_t>(unit.level);
  return "AU" + std::to_string(unit.facs) + " " + std::string(row->name) + " " + std::string(kStates.at(level)) +
         ", intensity " + std::string(kLetters.at(level)) + ".";
}

Result<std::string> expression_caption(const FaceCaption& caption) {
  if (caption.expression >= kExpressions)
    return fail(ErrorCode::invalid_argument,
                "caption: expression " + std::to_string(caption.expression) + " is outside 0 to 6");
  std::string active;
  int before = 0;
  for (const CaptionedUnit& unit : caption.units) {
    if (unit.facs <= before)
      return fail(ErrorCode::invalid_argument, "caption: AU " + std::to_string(unit.facs) + " after AU " +
                                                   std::to_string(before) + ": units must rise");
    before = unit.facs;
    VULTUS_CHECK(unit_caption(unit));
    if (unit.level > 0) active += (active.empty() ? "AU" : ", AU") + std::to_string(unit.facs);
  }
  return "The face shows " + std::string(kExpressionNames.at(caption.expression)) + " with " +
         (active.empty() ? "no action unit" : active) + ".";
}

Result<std::string> caption_text(const FaceCaption& caption) {
  VULTUS_TRY(const std::string whole, expression_caption(caption));
  std::string text;
  for (const CaptionedUnit& unit : caption.units) {
    VULTUS_TRY(const std::string sentence, unit_caption(unit));
    text += sentence + " ";
  }
  return text + whole;
}

Result<FaceCaption> read_caption(std::string_view text) {
  if (text.size() > kLongest)
    return fail(ErrorCode::corrupt_data,
                "caption: " + std::to_string(text.size()) + " bytes, at most 65536 are allowed");
  FaceCaption caption;
  std::string_view rest = text;
  while (!rest.starts_with("The face shows ")) {
    const std::size_t end = rest.find(". ");
    if (end == std::string_view::npos) return not_a_caption(rest, "the sentence of the whole face is missing");
    VULTUS_TRY(caption.units.emplace_back(), read_unit(rest.substr(0, end + 1)));
    const std::size_t told = caption.units.size();
    if (told > 1 && caption.units[told - 2].facs >= caption.units[told - 1].facs)
      return not_a_caption(rest.substr(0, end + 1), "units must rise, each at most once");
    rest.remove_prefix(end + 2);
  }
  for (caption.expression = 0; caption.expression < kExpressions; ++caption.expression) {
    VULTUS_TRY(const std::string whole, expression_caption(caption));
    if (whole == rest) return caption;
  }
  return not_a_caption(rest, "no expression of the list, or other units than those that are told active");
}

}  // namespace vultus::expression
