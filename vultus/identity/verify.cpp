#include <vultus/identity/verify.hpp>

#include <fmt/format.h>

namespace vultus::identity {

Result<Verification> verify(const Embedding& a, const Embedding& b, const OperatingPoint& at) {
  VULTUS_TRY(const Cosine cosine, similarity(a, b));
  return Verification{.match = cosine >= at.threshold, .similarity = cosine, .at = at};
}

Result<SubjectVerification> verify_subject(const Embedding& probe, std::span<const Embedding> templates,
                                           const OperatingPoint& at) {
  if (templates.empty()) return fail(ErrorCode::invalid_argument, "the subject has no templates to compare with");
  SubjectVerification best;
  for (std::size_t i = 0; i < templates.size(); ++i) {
    VULTUS_TRY(const Verification one, verify(probe, templates[i], at).with_context(fmt::format("template {}", i)));
    if (i == 0 || one.similarity > best.result.similarity) best = {one, i};
  }
  return best;
}

}  // namespace vultus::identity
