// Looking through a whole gallery: what the store finds, and what its rows mean. Private to this room.
#pragma once

#include <functional>

#include <vultus/core/ids.hpp>
#include <vultus/core/result.hpp>
#include <vultus/gallery/codec.hpp>
#include <vultus/gallery/store/store.hpp>

namespace vultus::gallery {

struct CheckedRows {
  const Codec* codec = nullptr;  ///< nullptr where the key is not known: then only what needs no key is looked at
  /// True of who is being removed: the key is destroyed, and rows are left. Empty = nobody.
  std::function<bool(SubjectId)> is_going = nullptr;
};

[[nodiscard]] Result<GalleryCheck> check_rows(Store& store, const CheckedRows& how);

}  // namespace vultus::gallery
