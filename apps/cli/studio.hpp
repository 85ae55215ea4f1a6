// vultus studio: test data whose truth is known.
#pragma once

#include <string_view>
#include <vector>

#include <vultus/core/au_table.hpp>

#include <apps/cli/context.hpp>

namespace vultus::cli {

void add_studio(CLI::App& app, Commands& commands);

/// "6=3,12R=4": a unit, R or L for one side of the subject alone, its intensity. @error invalid_argument  another text
Status read_units(std::string_view text, std::vector<AuActivation>& units);

}  // namespace vultus::cli
