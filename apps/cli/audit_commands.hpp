// Commands that measure and audit: parsers of their own below `bench` and `audit`.
#pragma once

#include <apps/cli/context.hpp>
#include <apps/cli/json_lines.hpp>

#include <vultus/evaluation/figure.hpp>

namespace vultus::cli {

/// vultus audit: groups of people before a classifier, a data set or a recogniser.
void add_audit(CLI::App& app, Commands& commands);
void add_audit_attributes(CLI::App& audit, Commands& commands);
void add_audit_dataset(CLI::App& audit, Commands& commands);
void add_audit_frequency(CLI::App& audit, Commands& commands);
void add_audit_recogniser(CLI::App& audit, Commands& commands);
/// vultus bench audit, metrics and run.
void add_bench_protocol(CLI::App& bench, Commands& commands);

/// vultus bench tokbench.
void add_bench_tokbench(CLI::App& bench, Commands& commands);
/// vultus tokenizers: what codecs leave of faces.
void add_tokenizers(CLI::App& app, Commands& commands);

/// {"name", "value", "interval", "groups" ...} of a figure.
[[nodiscard]] Json figure_json(const evaluation::Figure& figure);
/// Figures as a table.
[[nodiscard]] std::string figures_text(const std::vector<evaluation::Figure>& figures, bool colour);

}  // namespace vultus::cli
