// The pulse that skin shows to a camera, from its mean colour in every frame. No medical device.
#pragma once

#include <span>
#include <vector>

#include <vultus/core/result.hpp>
#include <vultus/core/units.hpp>
#include <vultus/physio/band_pass.hpp>

namespace vultus::physio {

/// Mean colour of skin in one frame, each channel in [0, 255].
struct SkinColour {
  double red = 0;
  double green = 0;
  double blue = 0;
  bool operator==(const SkinColour&) const = default;
};

/// GREEN: -G / mean(G), band-passed. Blood takes green light away, hence the sign: the signal rises with blood volume.
/// @param trace  evenly sampled, at least 8 frames, mean green > 0
/// @param rate   frames per second
/// @return a signal as long as the trace, relative
/// @error invalid_argument  too few frames, a colour that is not finite or below 0, no green at all, or a band outside
///                          (0, rate / 2)
/// @thread no state
/// @source W. Verkruysse, L. Svaasand, J. Nelson, Optics Express 16(26), 2008
[[nodiscard]] Result<std::vector<double>> green_pulse(std::span<const SkinColour> trace, double rate,
                                                      const Band& band = {});

/// POS, plane orthogonal to skin: in each window colours are divided by their mean, S1 = G - B, S2 = G + B - 2R,
/// h = S1 + sd(S1) / sd(S2) S2, and h less its mean is added where the window lies. Brightness that changes all
/// channels alike cancels. Where sd(S2) is 0, h = S1.
/// @param trace   as for green_pulse; every channel has a mean > 0 in every window
/// @param window  [2 frames, trace]; the paper's 1.6 s unless told
/// @return a signal as long as the trace, relative, not band-passed; it falls as blood volume rises
/// @error invalid_argument  as green_pulse, or a window outside its range
/// @thread no state
/// @source W. Wang, A. den Brinker, S. Stuijk, G. de Haan, IEEE Transactions on Biomedical Engineering 64(7), 2017,
///         algorithm 1
[[nodiscard]] Result<std::vector<double>> pos_pulse(std::span<const SkinColour> trace, double rate,
                                                    Seconds window = Seconds(1.6));

}  // namespace vultus::physio
