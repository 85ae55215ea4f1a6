// Which way of searching a gallery of some size takes by itself.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include <vultus/gallery/search_index.hpp>

namespace vultus {

/// What SearchMethod::automatic means for one probe among so many faces in one store. Never automatic itself, and never
/// cells: where a gallery has them for every search (GalleryOptions::cells_from), they take the place of the cascade.
/// @thread immutable, no state
[[nodiscard]] SearchMethod usual_method(std::int64_t faces);

/// The method of a name, as name_of tells it. @return nothing for a name that is none
[[nodiscard]] std::optional<SearchMethod> search_method_from(std::string_view name);

}  // namespace vultus
