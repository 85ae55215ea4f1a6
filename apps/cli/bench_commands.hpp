// The commands of `vultus bench` that measure what faces do.
#pragma once

#include <apps/cli/context.hpp>

namespace vultus::cli {

void add_bench_au(CLI::App& bench, Commands& commands);
void add_bench_landmarks(CLI::App& bench, Commands& commands);

}  // namespace vultus::cli
