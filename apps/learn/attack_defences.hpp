// What can be done to a photo before a recogniser looks at it, in the hope that an attack does not survive.
#pragma once

#include <span>
#include <string_view>

#include <vultus/core/image.hpp>
#include <vultus/core/result.hpp>

namespace vultus::learning {

struct Defence {
  std::string_view name;
  Result<Image> (*apply)(ImageView);
};

/// "none" first; then a JPEG file of quality 75, a Gaussian blur of one pixel, four bits a colour, and nine tenths of
/// the size inside a black border. @thread no state
[[nodiscard]] std::span<const Defence> attack_defences();

}  // namespace vultus::learning
