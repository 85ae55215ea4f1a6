// The example that a request names by its image_id.
#pragma once

#include <span>
#include <string>
#include <vector>

#include <vultus/gallery/gallery.hpp>

#include <apps/server/api/call.hpp>

namespace vultus::server::compreface {

struct ChosenExample {
  EnrolledFace face;
  std::string subject;
  Embedding embedding;
};

/// @return the example of the path's image_id, or number 44
[[nodiscard]] Checked<ChosenExample> example_of(const Call& call, const Gallery& gallery);

/// Compares probes with an example, and writes that into the audit log. @return one cosine for each
[[nodiscard]] Result<std::vector<Cosine>> compared(const Gallery& gallery, const ChosenExample& example,
                                                   std::span<const Embedding> probes, const OperatingPoint& at);

}  // namespace vultus::server::compreface
