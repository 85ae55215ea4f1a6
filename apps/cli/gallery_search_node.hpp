// The command that makes a process a search node.
#pragma once

#include <CLI/App.hpp>

#include <apps/cli/context.hpp>

namespace vultus::cli {

/// vultus gallery shards serve.
void add_search_node(CLI::App& shards, Commands& commands);

}  // namespace vultus::cli
