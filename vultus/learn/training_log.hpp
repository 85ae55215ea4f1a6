// What a training run tells while it runs: lines of JSON, and a page with curves that renews itself.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <vultus/core/result.hpp>

namespace vultus::learn {

/// Numbers of one epoch, by name: "loss", "learning_rate", "expression.accuracy" ...
struct EpochRecord {
  int epoch = 0;  ///< from 1
  std::map<std::string, double> numbers;
  bool operator==(const EpochRecord&) const = default;
};

/// One line of the log, with its end.
[[nodiscard]] std::string log_line(const EpochRecord& record);
/// Reads a log back; a last line that was cut off is left out. @error corrupt_data  by line
[[nodiscard]] Result<std::vector<EpochRecord>> read_log(std::string_view text);

/// A page without anything from elsewhere: a curve for each name, renewed every five seconds while it runs.
/// @param running  false: it stays as it is
[[nodiscard]] std::string log_page(std::string_view title, const std::vector<EpochRecord>& records, bool running);

/// Replaces a file as a whole: what was there before stays until the new bytes are on the disk.
/// @error resource_limit  the folder or the disk
Status replace_file(const std::filesystem::path& path, std::string_view bytes);

}  // namespace vultus::learn
