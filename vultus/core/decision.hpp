// The answers of recognition: who, how similar, at which threshold, and how often that threshold is wrong.
#pragma once

#include <cmath>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <vultus/core/ids.hpp>
#include <vultus/core/units.hpp>

namespace vultus {

/// Which measurement an answer rests on.
enum class CalibratedOn : std::uint8_t {
  preset,   ///< the public data that the preset's numbers were measured on
  gallery,  ///< the user's own pictures, by `vultus calibrate`
};

/// "preset" or "gallery", as scripts see it.
[[nodiscard]] constexpr std::string_view name_of(CalibratedOn calibrated) {
  return calibrated == CalibratedOn::gallery ? "gallery" : "preset";
}

/// Turns a similarity into the probability that two faces show one person: 1 / (1 + exp(-(slope * s + intercept))).
struct LogisticCurve {
  double slope = 0;  ///< finite
  double intercept = 0;
  double prior = 0.5;  ///< the probability before looking that it was fitted for, (0, 1)
  [[nodiscard]] double probability(double similarity) const {
    return 1 / (1 + std::exp(-(slope * similarity + intercept)));
  }  ///< [0, 1]
  bool operator==(const LogisticCurve&) const = default;
};

/// A threshold and the false match rate it stands for.
struct OperatingPoint {
  Cosine threshold;                                      ///< a pair at or above it matches
  double false_match_rate = 0;                           ///< share of impostor pairs at or above it, by `source`
  std::string source;                                    ///< data and command the rate comes from, for people
  CalibratedOn calibrated = CalibratedOn::preset;        ///< where the threshold and its rate come from
  std::optional<LogisticCurve> logistic = std::nullopt;  ///< of two faces; empty = no probability can be told
  /// The same fitted for a low prior, as it is for each person of a gallery that is searched.
  std::optional<LogisticCurve> search_logistic = std::nullopt;
  /// Share of strangers that got a name at this threshold in a search of the whole gallery; empty = not measured.
  std::optional<double> fpir = std::nullopt;
  bool stale = false;  ///< measured on the gallery when it was clearly smaller: to be measured again
  /// The threshold lies outside what was measured: the rate is at most `false_match_rate`, and 1 says nothing of it.
  bool rate_is_bound = false;

  /// The calibrated probability that a pair of this similarity shows one person.
  [[nodiscard]] std::optional<double> probability(Cosine similarity) const {
    if (!logistic) return std::nullopt;
    return logistic->probability(double{similarity.value()});
  }
  bool operator==(const OperatingPoint&) const = default;
};

/// A measured threshold of a table.
struct ThresholdRow {
  double false_match_rate = 0;  ///< (0, 1)
  Cosine threshold;             ///< [-1, 1]
  bool operator==(const ThresholdRow&) const = default;
};

/// A known person that a probe resembles.
struct Candidate {
  SubjectId subject;
  std::string name;
  FaceId face;  ///< the most similar template of the subject
  Cosine similarity;
  std::optional<double> probability = std::nullopt;  ///< that the probe shows this person, [0, 1]; empty = not known
  bool operator==(const Candidate&) const = default;
};

/// The open-set answer: the best candidate, and whether it reaches the threshold.
struct Decision {
  std::optional<Candidate> match;  ///< nobody = empty; that is an answer, not an error
  std::optional<Candidate> best;   ///< the most similar subject whatever its similarity; empty in an empty gallery
  OperatingPoint at;

  /// The candidate that the answer speaks of: who it is, or else who it would be.
  [[nodiscard]] const std::optional<Candidate>& told() const { return match ? match : best; }
  bool operator==(const Decision&) const = default;
};

}  // namespace vultus
