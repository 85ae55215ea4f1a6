// Looking through a whole gallery: what the store finds, and what its rows mean. Private to this room.
#pragma once

#include <vultus/core/result.hpp>
#include <vultus/gallery/codec.hpp>
#include <vultus/gallery/store/store.hpp>

namespace vultus::gallery {

/// @param codec  nullptr where the key is not known: then only what needs no key is looked at
[[nodiscard]] Result<GalleryCheck> check_rows(Store& store, const Codec* codec);

}  // namespace vultus::gallery
