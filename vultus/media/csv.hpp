// Comma-separated values as RFC 4180 tells: reading strictly, with the line of every fault, and writing.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <vultus/core/result.hpp>

namespace vultus::media {

/// One record and where it began.
struct CsvRow {
  std::size_t line = 0;  ///< of its first field, from 1; a quoted field may run over several
  std::vector<std::string> fields;
  bool operator==(const CsvRow&) const = default;
};

/// Reads records one after the other. Lines end with LF or CRLF, a byte order mark before the first is skipped, empty
/// lines are skipped. Commas separate; quotes may only enclose a whole field, doubled inside it.
/// Thread-compatible; the text must outlive the reader.
class CsvReader {
 public:
  explicit CsvReader(std::string_view text);

  /// @return the next record; nothing at the end of the text
  /// @error corrupt_data  a quote that is not closed or stands amid a field: "line 7: ...". The reader goes on behind
  ///        that line.
  [[nodiscard]] Result<std::optional<CsvRow>> next();

 private:
  Result<std::string> field();
  Result<std::string> quoted_field();
  [[nodiscard]] bool at_line_end() const;
  void skip_line_end();
  void skip_line();
  Error fault(std::size_t line, std::string_view what);

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t line_ = 1;
};

/// One record with its line end (CRLF). Fields with a comma, quote or line break are quoted; so is a record of one
/// empty field, which would otherwise be an empty line.
/// Values are written as they are: a field that begins with = + - or @ is not changed to please spreadsheets, because
/// what is read back must be what was written. Programs that show such files in a spreadsheet import them as text.
/// @thread immutable, no state
[[nodiscard]] std::string csv_row(std::span<const std::string> fields);

}  // namespace vultus::media
