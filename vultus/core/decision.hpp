// The answers of recognition: who, how similar, at which threshold, and how often that threshold is wrong.
#pragma once

#include <optional>
#include <string>

#include <vultus/core/ids.hpp>
#include <vultus/core/units.hpp>

namespace vultus {

/// A threshold and the false match rate it stands for.
struct OperatingPoint {
  Cosine threshold;             ///< a pair at or above it matches
  double false_match_rate = 0;  ///< share of impostor pairs at or above it, in the protocol named by `source`
  std::string source;           ///< data and command the rate comes from, for people
  bool operator==(const OperatingPoint&) const = default;
};

/// A known person that a probe resembles.
struct Candidate {
  SubjectId subject;
  std::string name;
  FaceId face;  ///< the most similar template of the subject
  Cosine similarity;
  bool operator==(const Candidate&) const = default;
};

/// The open-set answer: the best candidate, and whether it reaches the threshold.
struct Decision {
  std::optional<Candidate> match;  ///< nobody = empty; that is an answer, not an error
  std::optional<Candidate> best;   ///< the most similar subject whatever its similarity; empty in an empty gallery
  OperatingPoint at;
  bool operator==(const Decision&) const = default;
};

}  // namespace vultus
