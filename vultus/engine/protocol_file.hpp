// A protocol as a file: which samples, which split, what must not leak, and what is measured.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <vultus/core/result.hpp>
#include <vultus/core/timeline.hpp>
#include <vultus/evaluation/figure.hpp>
#include <vultus/evaluation/leakage.hpp>
#include <vultus/evaluation/split.hpp>
#include <vultus/evaluation/table.hpp>
#include <vultus/evaluation/task.hpp>

namespace vultus::engine {

/// How the samples are divided.
struct SplitPlan {
  enum class Kind : std::uint8_t { official, exclusive, group_k_fold, leave_one_out, double_blocked };
  Kind kind = Kind::official;
  std::string key;         ///< column of the groups; of `official` the column of the parts
  std::string second_key;  ///< of `double_blocked`
  std::size_t folds = 5;
  std::uint64_t seed = 1;
  evaluation::SplitShares shares;
};

/// A protocol file (JSON, docs/evaluation.md). Paths in it are relative to its folder.
struct Protocol {
  std::string name;
  std::string samples;   ///< file of the sample table
  std::string pictures;  ///< folder of the pictures, for near-duplicates; empty = not looked at
  DataKind data = DataKind::user;
  SplitPlan split;
  evaluation::LeakageOptions leakage;
  std::string predictions;       ///< file; empty = nothing is measured
  evaluation::TaskOptions task;  ///< columns of samples and predictions
};

/// What came of a protocol.
struct ProtocolRun {
  Protocol protocol;
  evaluation::Split split;
  evaluation::LeakageReport leakage;
  std::vector<evaluation::Figure> figures;  ///< empty where the split was refused or nothing is to be measured
  std::string samples_sha256;
  std::string predictions_sha256;  ///< empty where nothing was read
};

/// @param origin  name of the file, for messages
/// @error corrupt_data, unsupported  as runtime::JsonReader says; an unknown name anywhere, so that a typo is no
/// silence
[[nodiscard]] Result<Protocol> parse_protocol(std::string_view json, std::string_view origin);

/// Reads a protocol, makes its split, audits it and, if it was not refused, measures the predictions on the test parts.
/// @param measure  false: audit alone
/// @error of reading files; corrupt_data  a tested sample without prediction or with two, by its name
[[nodiscard]] Result<ProtocolRun> run_protocol(const std::string& path, bool measure);

}  // namespace vultus::engine
