// Makes a voice sound like somebody else's: McAdams' coefficient.
#pragma once

#include <complex>
#include <span>
#include <vector>

#include <vultus/core/result.hpp>

namespace vultus::protect {

struct McAdamsOptions {
  double alpha = .8;   ///< exponent of the angles of the poles, [0.5, 1.5]; 1 leaves the voice as it is
  int order = 20;      ///< of linear prediction, [2, 64]
  double frame = .02;  ///< seconds, [0.005, 0.1]; a new frame begins every half of it
};

/// An exponent nearer to 1 than this moves formants by a few hundredths, and 1 by nothing: it hides no voice.
inline constexpr double kLeastVoiceChange = .02;
/// @error invalid_argument  an alpha within kLeastVoiceChange of 1
[[nodiscard]] Status check_voice_changes(double alpha);

/// Coefficients of linear prediction: x[n] is about -sum a[k] x[n - k], with a[0] = 1 left out.
/// @param autocorrelation  r[0] to r[order]; r[0] > 0
/// @return a[1] to a[order]; all roots of the polynomial lie inside the unit circle
/// @source N. Levinson 1946, J. Durbin 1960
[[nodiscard]] std::vector<double> linear_prediction(std::span<const double> autocorrelation);

/// Moves a pole: r e^(j phi) becomes r e^(j phi^alpha), its angle kept within (0, pi); real poles stay.
[[nodiscard]] std::complex<double> moved_pole(std::complex<double> pole, double alpha);

/// The polynomial 1 + a[1] z^-1 + ... with all its roots moved. @return as linear_prediction()
/// @param a  a[1] to a[order]
[[nodiscard]] std::vector<double> moved_poles(std::span<const double> a, double alpha);

/// Changes a voice piece by piece, as mcadams_voice() changes it whole: sample for sample the same. It holds a frame of
/// the sound and what was added last. Thread-compatible.
class McAdamsVoice {
 public:
  /// @param rate  samples a second, [8000, 48000]
  /// @error invalid_argument  a rate or option outside its range
  static Result<McAdamsVoice> start(int rate, const McAdamsOptions& options = {});
  /// @param samples  one channel, about [-1, 1]
  /// @return what is done so far: it comes up to a frame later than it was added
  /// @error invalid_argument  a sample that is not finite; nothing was added
  Result<std::vector<float>> add(std::span<const float> samples);
  /// @return the rest: all together are as many samples as were added. Nothing may be added afterwards.
  [[nodiscard]] std::vector<float> finish();

 private:
  McAdamsVoice(int rate, const McAdamsOptions& options);
  /// One frame, from where it begins in waiting_; gives half a frame, except for the first one.
  void take_frame(std::size_t begin, std::vector<float>& into);

  McAdamsOptions options_;
  std::size_t hop_;
  std::vector<double> window_;
  std::vector<float> waiting_;  ///< from where the next frame begins
  std::vector<double> sum_;     ///< a frame: what later frames are added to
  bool first_ = true;
  std::size_t added_ = 0, given_ = 0;
};

/// Changes the formants of a voice frame by frame; what is said and when stays.
/// @param samples  one channel, about [-1, 1]
/// @param rate     samples a second, [8000, 48000]
/// @return as many samples
/// @error invalid_argument  a rate or option outside its range, a sample that is not finite
/// @thread safe, no state
/// @cost the roots of one polynomial every half frame: some 10 s of a processor for an hour of speech
/// @source S. McAdams 1984; J. Patino et al., Speaker anonymisation using the McAdams coefficient, Interspeech 2021
[[nodiscard]] Result<std::vector<float>> mcadams_voice(std::span<const float> samples, int rate,
                                                       const McAdamsOptions& options = {});

}  // namespace vultus::protect
