// Commands of expression systems that need more than pictures of faces: clips, captions, attributes of pictures.
#pragma once

#include <apps/cli/context.hpp>

namespace vultus::cli {

/// @param group  `vultus expression SYSTEM`
void add_foundation_caption(CLI::App& group, Commands& commands);
void add_scene_measure(CLI::App& group, Commands& commands);
void add_dynamic_predict(CLI::App& group, Commands& commands);

}  // namespace vultus::cli
