// Moving a gallery to another model: both models' templates side by side until the switch.
#pragma once

#include <cstddef>
#include <cstdint>

#include <vultus/core/embedding.hpp>
#include <vultus/core/ids.hpp>
#include <vultus/gallery/records.hpp>

namespace vultus {

/// A move that was begun and is not over.
struct ModelMove {
  GalleryModel to;
  std::int64_t missing = 0;  ///< faces that have no template of it yet
  std::int64_t faces = 0;    ///< all of the gallery
  bool operator==(const ModelMove&) const = default;
};

/// A template of a face by the model that the gallery moves to.
struct MovedTemplate {
  FaceId face;
  Embedding embedding;
};

/// What a switch does with faces that have no template of the new model: nothing could find them afterwards.
enum class IfNotMoved : std::uint8_t { refuse, remove };

/// What a switch has done.
struct ModelSwitch {
  GalleryModel from;
  GalleryModel to;
  std::int64_t removed = 0;  ///< faces that had no template of the new model
  bool bytes_gone = false;   ///< of the old templates, as Removal says
};

}  // namespace vultus
