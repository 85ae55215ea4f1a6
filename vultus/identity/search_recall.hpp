// How often the fast ways of searching a gallery find what comparing everything finds. Internal to the room.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include <vultus/identity/gallery_health.hpp>
#include <vultus/identity/gallery_scan.hpp>

namespace vultus::identity {

/// Searches with faces of the gallery that are left out of it: a probe has the similarity to the nearest other face of
/// its person that the face has, and a random direction otherwise, so that the face itself is not what is found. A face
/// that has no other, or matches none, gives a probe at the match limit: the farthest that still matters.
/// @param scan    compared
/// @param probes  that many faces, drawn by lot; fewer where there are fewer
/// @return for automatic, bytes and cascade, and for cells where the gallery has some or is searched by them; empty
/// where there are no two subjects
[[nodiscard]] Result<std::vector<SearchRecall>> measure_recall(const Gallery& gallery, const GalleryScan& scan,
                                                               Cosine match, std::size_t probes, std::uint64_t seed);

/// A vector of unit length with a given cosine to another one, and a random direction otherwise.
/// @param cosine  [-1, 1]
/// @param noise   values that are not all along `to`
[[nodiscard]] std::vector<float> at_cosine(std::span<const float> to, double cosine, std::vector<float> noise);

}  // namespace vultus::identity
