// Examples of a collection that resemble a template, and how that is told.
#pragma once

#include <span>
#include <vector>

#include <vultus/gallery/gallery.hpp>

#include <apps/server/api/call.hpp>
#include <apps/server/compreface/similarity_scale.hpp>

namespace vultus::server::compreface {

/// The examples most similar to a probe, best first.
struct SimilarExamples {
  std::vector<Candidate> subjects;                       ///< each once, by its best example
  std::vector<std::pair<std::string, Cosine>> examples;  ///< subject and similarity; a subject can repeat
};

/// Looks through a gallery for every probe, and writes the decision at an operating point into its audit log.
/// @param count  examples of each at most, [1, 10000]
/// @error as Gallery::search
/// @cost with `count` above 1 the templates of up to `count` subjects are read for each probe
[[nodiscard]] Result<std::vector<SimilarExamples>> similar_examples(const Gallery& gallery,
                                                                    std::span<const Embedding> probes,
                                                                    std::size_t count, const OperatingPoint& at);

/// [{"subject", "similarity"}, ...]
[[nodiscard]] Json similar_json(const SimilarExamples& similar, const SimilarityScale& scale);

/// What the original does not tell: "threshold", "fmr_estimate", "decision", "subject_level".
void add_decision(Json& object, const SimilarExamples& similar, const SimilarityScale& scale, const OperatingPoint& at);
/// The same of two faces that were compared.
void add_decision(Json& object, Cosine similarity, const SimilarityScale& scale, const OperatingPoint& at);

}  // namespace vultus::server::compreface
