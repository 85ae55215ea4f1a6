// Looking for some people of a gallery alone.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include <vultus/core/ids.hpp>
#include <vultus/core/result.hpp>
#include <vultus/gallery/gallery.hpp>

namespace vultus::cli {

struct OnlySettings {
  std::vector<std::string> names;
  std::vector<std::string> tags;
};

/// --only NAME and --only-tag TAG, each as often as wanted.
void add_only_options(CLI::App& command, OnlySettings& settings);

/// Who has one of the names or one of the tags; nothing where neither is asked for.
/// @error not_found  nobody has a name, or nobody any of the tags: an answer of "unknown" would mean something else
[[nodiscard]] Result<std::optional<std::vector<SubjectId>>> only_people(const Gallery& gallery,
                                                                        const OnlySettings& settings);

}  // namespace vultus::cli
