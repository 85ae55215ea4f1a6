// What every page of a benchmark tells about how its numbers were made. Internal to the room.
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include <vultus/engine/engine.hpp>

namespace vultus::engine {

/// Adds program, preset, templates, backend, time and the sums of the networks.
/// @param seconds   that the run took
/// @param pictures  that were looked at
void add_run_facts(std::vector<std::pair<std::string, std::string>>& rows, const Engine& engine, double seconds,
                   std::size_t pictures);

}  // namespace vultus::engine
