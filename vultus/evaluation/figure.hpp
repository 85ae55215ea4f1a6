// A reported number with everything that must stand beside it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <vultus/core/timeline.hpp>

namespace vultus::evaluation {

/// A confidence interval, both ends included.
struct Interval {
  double low = 0;
  double high = 0;
  double level = 0.95;  ///< (0, 1)
  bool operator==(const Interval&) const = default;
};

/// A reported number: what it is, how sure it is, and what it was measured on.
struct Figure {
  std::string name;  ///< e.g. "accuracy", "TAR at FAR 0.001"
  double value = 0;
  std::optional<Interval> interval;  ///< empty: no interval was computed
  std::int64_t groups = 0;           ///< independent groups behind the interval; 0 = not grouped
  std::string group_kind;            ///< what a group is, e.g. "persons"
  std::int64_t samples = 0;          ///< pairs, pictures or clips that were scored
  int draws = 0;                     ///< bootstrap draws behind the interval
  std::uint64_t seed = 0;            ///< of those draws
  std::optional<double> baseline;    ///< majority or chance
  std::optional<double> ceiling;     ///< agreement of people, or what the codec leaves
  std::string protocol;              ///< e.g. "LFW View 2, ten folds, threshold from the nine others"
  std::string data_sha256;           ///< of the data set, empty where it was not hashed
  DataKind data = DataKind::user;
  bool operator==(const Figure&) const = default;
};

/// One line for people, e.g. `accuracy 0.9940 [0.9912, 0.9965] (95 %, 1000 draws over 4281 persons, 6000 samples)`.
/// @param digits  digits after the point, [0, 17]; values outside are moved to the nearer end
/// @thread no state
[[nodiscard]] std::string text_of(const Figure& figure, int digits = 4);

}  // namespace vultus::evaluation
