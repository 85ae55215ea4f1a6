// Numbers as Python prints them.
#pragma once

#include <string>

namespace vultus::compat {

/// The shortest text that reads back as the same number, as repr(float) of Python gives it: "0.35", "1.0", "1e-05".
/// @param value  finite
[[nodiscard]] std::string number_text(double value);

}  // namespace vultus::compat
