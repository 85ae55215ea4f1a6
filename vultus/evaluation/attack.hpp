// Presentation attacks: how many fakes pass, how many live people are turned away.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include <vultus/core/result.hpp>

namespace vultus::evaluation {

/// One presentation and its liveness score.
struct Presentation {
  double score = 0;     ///< finite; at or above the threshold = taken for live
  std::string species;  ///< kind of attack, e.g. "replay"; empty = a live person
  bool operator==(const Presentation&) const = default;
};

/// Errors of one kind of attack.
struct SpeciesErrors {
  std::string species;
  std::size_t attacks = 0;
  std::size_t passed = 0;  ///< taken for live
  double apcer = 0;        ///< passed / attacks
  bool operator==(const SpeciesErrors&) const = default;
};

struct AttackErrors {
  std::vector<SpeciesErrors> species;  ///< by name
  double apcer = 0;                    ///< of the species that passes most often
  double bpcer = 0;                    ///< live people who are taken for attacks
  double acer = 0;                     ///< (APCER + BPCER) / 2
  double far = 0;                      ///< attacks of all species together that pass
  double hter = 0;                     ///< (FAR + BPCER) / 2
  std::size_t live = 0;
  std::size_t attacks = 0;
  bool operator==(const AttackErrors&) const = default;
};

/// Error rates at a threshold, which must come from other data than these.
/// @error invalid_argument  a score that is not finite, no live person, or no attack
/// @thread no state
/// @source ISO/IEC 30107-3:2023, sections 13.2 and 13.3; HTER: S. Bengio, J. Mariethoz, Odyssey 2004
[[nodiscard]] Result<AttackErrors> attack_errors(std::span<const Presentation> presentations, double threshold);

/// The lowest threshold at which no species passes more often than `apcer`; chosen on validation data only.
/// @param apcer  [0, 1)
/// @return a value just above an attack's score: scores of live people equal to it pass
/// @error invalid_argument  apcer outside its range; else as attack_errors
[[nodiscard]] Result<double> threshold_at_apcer(std::span<const Presentation> presentations, double apcer);

/// Where as large a share of the attacks passes as of the live people is turned away.
struct EqualError {
  double rate = 0;       ///< [0, 1], linear between neighbouring scores
  double threshold = 0;  ///< a score at or just above which both are closest
  bool operator==(const EqualError&) const = default;
};

/// The equal error rate over all species together. A threshold taken from it belongs on other data than these.
/// @error invalid_argument  as attack_errors
/// @thread no state
[[nodiscard]] Result<EqualError> equal_error(std::span<const Presentation> presentations);

}  // namespace vultus::evaluation
