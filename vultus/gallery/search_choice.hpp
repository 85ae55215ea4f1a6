// Which way of searching a gallery of some size takes by itself.
#pragma once

#include <cstdint>

#include <vultus/gallery/search_index.hpp>

namespace vultus {

/// What SearchMethod::automatic means for one probe among so many faces in one store. Never automatic itself, and never
/// cells: the index of a gallery is not partitioned.
/// @thread immutable, no state
[[nodiscard]] SearchMethod usual_method(std::int64_t faces);

}  // namespace vultus
