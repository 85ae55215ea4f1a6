// A person's face at rest: what action units are measured against. Learnt while looking, saved, and used again.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>

#include <vultus/core/result.hpp>
#include <vultus/expression/action_unit_signals.hpp>

namespace vultus::expression {

/// A face at rest. A value.
struct NeutralBaseline {
  UnitSignals signals{};  ///< in the order of action_units()
  double seconds = 0;     ///< of looking that it rests on; what was not looked at does not count
  bool operator==(const NeutralBaseline&) const = default;
};

/// As JSON text, schema 1. The signals are distances on a face: personal data, as the recording is.
[[nodiscard]] std::string to_json(const NeutralBaseline& baseline);
/// @param text    of to_json()
/// @param origin  its name, for messages
/// @error corrupt_data  not such a text, or a number outside its range; unsupported  a newer schema
[[nodiscard]] Result<NeutralBaseline> parse_baseline(std::string_view text, std::string_view origin);

/// Learns the face at rest of one person from signals as they come: the 20th percentile of the last minute, mixed with
/// an average face until three seconds of it were seen. The same function for a file and a camera, so that both give
/// the same values. Thread-compatible.
class NeutralLearner {
 public:
  /// @param seconds  later than the last
  void add(double seconds, const UnitSignals& signals);
  /// @return an average face before anything was added
  [[nodiscard]] NeutralBaseline now() const;

  static constexpr double kWindow = 60;       ///< seconds
  static constexpr double kTrusted = 3;       ///< seconds
  static constexpr double kSpacing = 0.1;     ///< seconds between the values that are kept: 600 a minute at most
  static constexpr double kPercentile = 0.2;  ///< of each signal

 private:
  struct Seen {
    double seconds;
    UnitSignals signals;
  };
  std::deque<Seen> seen_;
  mutable bool fresh_ = false;
  mutable NeutralBaseline known_;
};

}  // namespace vultus::expression
