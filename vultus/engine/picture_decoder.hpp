// Where an engine decodes pictures. Internal to the room.
#pragma once

#include <vultus/core/result.hpp>
#include <vultus/engine/engine.hpp>
#include <vultus/media/picture.hpp>

namespace vultus::engine {

/// A decoder for one thread: in this process, or in one of its own where the engine is isolated.
/// @error as media::Decoder::isolated
[[nodiscard]] inline Result<media::Decoder> make_decoder(const Engine& engine) {
  if (!engine.isolation()) return media::Decoder();
  return media::Decoder::isolated(*engine.isolation());
}

}  // namespace vultus::engine
