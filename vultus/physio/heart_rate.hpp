// The rate of a pulse from its spectrum. No medical device.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include <vultus/core/result.hpp>
#include <vultus/core/units.hpp>
#include <vultus/physio/band_pass.hpp>

namespace vultus::physio {

/// Beats per minute.
using BeatsPerMinute = Quantity<struct BeatsPerMinuteTag, double>;
/// Ten times the decimal logarithm of a ratio of powers.
using Decibel = Quantity<struct DecibelTag, double>;

struct HeartRateOptions {
  Band band;            ///< where pulses are looked for
  Seconds shortest{8};  ///< signals shorter than this are not measured, >= 4
  Seconds segment{20};  ///< of Welch's method, >= shortest: below 20 s a rate is wider than the .1 Hz of its SNR. A
                        ///< shorter signal is one segment
};

struct HeartRate {
  std::optional<BeatsPerMinute> rate;  ///< absent: see reason
  std::string reason;                  ///< "5.2 s are shorter than 8 s"
  Decibel snr;                         ///< of power at the rate and twice it to the rest of the band; of a rate alone
  bool operator==(const HeartRate&) const = default;
};

/// The power of an evenly sampled signal at a frequency: mean over segments that overlap by half, each less its mean
/// and under a Hann window.
/// @param hertz  frequencies that are wanted, each in [0, rate / 2]
/// @param rate   samples per second, > 0
/// @return for each frequency its power, relative
/// @error invalid_argument  no values, one that is not finite, or rate, segment or a frequency outside its range
/// @thread no state
/// @cost values times frequencies
/// @source P. Welch, IEEE Transactions on Audio and Electroacoustics 15(2), 1967
[[nodiscard]] Result<std::vector<double>> power_at(std::span<const double> values, double rate,
                                                   std::span<const double> hertz, Seconds segment);

/// The strongest frequency of the band, refined by a parabola through the logarithms of three powers; its SNR is
/// 10 log10(power within .1 Hz of it and of twice it / rest of the band).
/// A signal without power and one that is too short have no rate, and say so.
/// @param values  evenly sampled; drift below the band does no harm
/// @param rate    samples per second, > twice band.high
/// @error invalid_argument  a value that is not finite, or an option or the rate outside its range
/// @thread no state
/// @source SNR: G. de Haan, V. Jeanne, IEEE Transactions on Biomedical Engineering 60(10), 2013
[[nodiscard]] Result<HeartRate> heart_rate(std::span<const double> values, double rate,
                                           const HeartRateOptions& options = {});

}  // namespace vultus::physio
