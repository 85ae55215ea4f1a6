// Clips with known truth, made of the sample photos.
#pragma once

#include <string>

#include <tests/e2e/world.hpp>

namespace vultus::e2e {

/// Writes a clip of 640 x 360 pixels at 25 frames per second: Obama (another photo than people/Ada Lovelace/1.jpg)
/// wanders through it; the ending chooses the container.
void make_clip(const World& world, const std::string& name, int frames = 50);

/// The same with a hum beside it.
void make_humming_clip(const World& world, const std::string& name, int frames = 50);

/// A clip in which nobody is.
void make_empty_clip(const World& world, const std::string& name, int frames = 20);

}  // namespace vultus::e2e
