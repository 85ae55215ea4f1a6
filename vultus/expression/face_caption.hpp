// Captions of a face at two levels, action units and displayed expression, in a grammar that is read back exactly.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <vultus/core/au_table.hpp>
#include <vultus/core/result.hpp>
#include <vultus/expression/label_space.hpp>

namespace vultus::expression {

/// The units that networks of captions know: those that a crop of 64 pixels can show.
inline constexpr std::array kFoundationUnits{1, 2, 4, 5, 6, 7, 9, 12, 15, 20, 25, 26};

/// What a caption tells of one action unit.
struct CaptionedUnit {
  int facs = 0;   ///< of the AU table
  int level = 0;  ///< [0, 5]: absent, then FACS A to E
  bool operator==(const CaptionedUnit&) const = default;
};

/// What a caption tells of a face.
struct FaceCaption {
  std::vector<CaptionedUnit> units;  ///< rising numbers; units that are not named are not told
  std::size_t expression = 0;        ///< place in kExpressionNames: what is displayed
  bool operator==(const FaceCaption&) const = default;
};

/// The level of an intensity: the nearest whole number. @param intensity  clipped to [0, 5]; not a number gives 0
[[nodiscard]] int caption_level(double intensity);
/// What units tell: those of `told` in the table's order, each at the mean of both sides, 0 where it is not active.
[[nodiscard]] std::vector<CaptionedUnit> captioned(std::span<const AuActivation> active, std::span<const int> told);

/// A unit's sentence, e.g. "AU12 lip corner puller active, intensity C." and "AU4 brow lowerer absent, intensity -."
/// A and B are slightly active, C is active, D and E are strongly active.
/// @error invalid_argument  a unit that the table does not know, a level outside [0, 5]
/// @source grammar: our reading of the captions of MF2 (arXiv 2504.10351), which are not published
[[nodiscard]] Result<std::string> unit_caption(const CaptionedUnit& unit);
/// The sentence of the whole face, e.g. "The face shows happiness with AU6, AU12." or "... with no action unit."
/// @error invalid_argument  as above, units that do not rise, an expression outside kExpressionNames
[[nodiscard]] Result<std::string> expression_caption(const FaceCaption& caption);
/// All sentences, one space between them: units first, then the face. @error as above
[[nodiscard]] Result<std::string> caption_text(const FaceCaption& caption);

/// The exact inverse: text -> caption -> text gives the same bytes, or it is refused.
/// @param text  at most 64 KiB
/// @error corrupt_data  what is no caption: the message names the sentence and what is wrong with it
/// @thread safe, no state
[[nodiscard]] Result<FaceCaption> read_caption(std::string_view text);

}  // namespace vultus::expression
