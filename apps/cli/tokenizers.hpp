// What the commands about tokenizers tell alike.
#pragma once

#include <apps/cli/context.hpp>
#include <apps/cli/json_lines.hpp>

#include <vultus/engine/tokenizer_score.hpp>

namespace vultus::cli {

/// Counts, similarity by size with intervals, PSNR, SSIM, rank correlation, and the words where they were read; without
/// single pictures.
[[nodiscard]] Json kept_summary_json(const engine::TokenizerScore& score);

/// --orig, --ann, --text-ann, --setting, --revision and --draws.
void add_tokenizer_options(CLI::App& command, engine::TokenizerScorePlan& plan);

/// vultus tokenizers sweep.
void add_tokenizers_sweep(CLI::App& tokenizers, Commands& commands);

}  // namespace vultus::cli
