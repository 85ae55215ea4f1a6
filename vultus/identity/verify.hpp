// Verification, 1:1: do two faces show one person, is this face that subject?
#pragma once

#include <cstddef>
#include <span>

#include <vultus/core/decision.hpp>
#include <vultus/core/embedding.hpp>

namespace vultus::identity {

/// The 1:1 answer.
struct Verification {
  bool match = false;
  Cosine similarity;
  OperatingPoint at;
  bool operator==(const Verification&) const = default;
};

/// The 1:1 answer against a subject with several templates.
struct SubjectVerification {
  Verification result;             ///< similarity of the closest template
  std::size_t template_index = 0;  ///< of that template; the first of equally close ones
  bool operator==(const SubjectVerification&) const = default;
};

/// Compares two faces: a match if their cosine is at or above the threshold.
/// @error model_mismatch  the templates come from different models or differ in dimension
/// @thread no state
[[nodiscard]] Result<Verification> verify(const Embedding& a, const Embedding& b, const OperatingPoint& at);

/// Compares a face with all templates of a subject; the closest one decides.
/// @param templates  at least one
/// @error invalid_argument  no templates
/// @error model_mismatch    a template comes from another model; named by its position
/// @thread no state
[[nodiscard]] Result<SubjectVerification> verify_subject(const Embedding& probe, std::span<const Embedding> templates,
                                                         const OperatingPoint& at);

}  // namespace vultus::identity
