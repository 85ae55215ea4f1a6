// For tests without weights: an engine whose networks are no networks. People are colours: two pictures with the same
// red show one person; green tells pictures of one person apart; white shows nobody,
// and much blue shows the person twice.
#pragma once

#include <memory>
#include <string>

#include <vultus/engine/engine.hpp>

namespace vultus::server::testing {

/// Made once in a process.
[[nodiscard]] std::shared_ptr<const engine::Engine> fake_engine();

/// A PNG of 160 x 160 pixels.
[[nodiscard]] std::string picture_of(int red, int green);
[[nodiscard]] std::string picture_of_two(int red, int green);  ///< the same person twice
[[nodiscard]] std::string picture_of_nobody();

}  // namespace vultus::server::testing
