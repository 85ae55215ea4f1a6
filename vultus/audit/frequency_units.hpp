// From pictures of people to what each band is worth to their scores.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include <vultus/audit/frequency_bands.hpp>
#include <vultus/audit/frequency_bias.hpp>
#include <vultus/core/embedding.hpp>
#include <vultus/core/image.hpp>
#include <vultus/core/result.hpp>

namespace vultus::audit {

/// A picture as the recogniser sees it, whole and without each band.
struct BandTemplates {
  Embedding whole;
  std::vector<Embedding> without;  ///< one a band
  std::vector<double> energy;      ///< share of each band, mean of the channels, sums to 1 (0 for a flat picture)
  std::vector<double> clipped;     ///< MaskedPicture::clipped of each band
};

/// The recogniser: a template of an aligned face.
using TemplateOf = std::function<Result<Embedding>(ImageView)>;

/// @param picture  aligned, side x side pixels of the bands
/// @error as without_each_band() and of `template_of`
/// @cost bands + 1 templates
[[nodiscard]] Result<BandTemplates> band_templates(const FrequencyBands& bands, ImageView picture,
                                                   const TemplateOf& template_of);

/// Which scores are looked at.
enum class FrequencyPairs : std::uint8_t {
  self,      ///< a picture against itself without the band: one unit a person
  mated,     ///< two pictures of a person: one unit a person
  strangers  ///< pictures of two people of one group, each person in one such pair: one unit a pair
};

enum class MaskedSide : std::uint8_t {
  both,  ///< the band is missing in both pictures
  probe  ///< in one of them: each is the probe once
};

struct FrequencyUnitOptions {
  MaskedSide masked = MaskedSide::both;
  /// Importance is cs_ref - cs_b, above 0 where the band raises the score, instead of its absolute value.
  bool directed = false;
  std::uint64_t seed = 1;  ///< of the pairs of strangers
};

/// Importance of each band, h_b = |cs_ref - cs_b|, mean over the pairs of a unit.
/// @param people    pictures of each person; people without the pictures that the pairs need have no unit
/// @param group_of  of each person; empty = in no group, and in no unit
/// @error invalid_argument  as many groups as people are needed; pictures of different numbers of bands
/// @error model_mismatch    templates of different models
/// @thread no state
/// @source Frequency Matters, arXiv 2501.16896 (h_b, directed h_b); units are our reading
[[nodiscard]] Result<std::vector<FrequencyUnit>> frequency_units(std::span<const std::vector<BandTemplates>> people,
                                                                 std::span<const std::optional<std::uint32_t>> group_of,
                                                                 FrequencyPairs pairs,
                                                                 const FrequencyUnitOptions& options);

}  // namespace vultus::audit
