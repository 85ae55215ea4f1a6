// The commands below `vultus body`.
#pragma once

#include <apps/cli/context.hpp>

namespace vultus::cli {

void add_body(CLI::App& app, Commands& commands);
void add_body_files(CLI::App& body, Commands& commands);

}  // namespace vultus::cli
