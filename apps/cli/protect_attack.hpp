// vultus protect attack.
#pragma once

#include <apps/cli/context.hpp>

namespace vultus::cli {

/// Hands over to vultus-learn, where that program is.
void add_protect_attack(CLI::App& group, Commands& commands);

}  // namespace vultus::cli
