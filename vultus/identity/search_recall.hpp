// How often the fast ways of searching a gallery find what comparing everything finds. Internal to the room.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include <vultus/identity/gallery_health.hpp>
#include <vultus/identity/gallery_scan.hpp>

namespace vultus::identity {

/// Searches with faces of the gallery, their own subjects left out of the answers: what is sought are the nearest
/// strangers, who lie farther away and closer together than the faces of one person do, so a person's own faces are
/// missed no more often.
/// @param probes  that many faces, drawn by lot; fewer where there are fewer
/// @return for automatic, bytes and cascade; empty where there are no two subjects
[[nodiscard]] Result<std::vector<SearchRecall>> measure_recall(const Gallery& gallery, const GalleryScan& scan,
                                                               std::size_t probes, std::uint64_t seed);

}  // namespace vultus::identity
