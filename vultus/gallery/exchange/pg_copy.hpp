// Rows of a plain pg_dump: the COPY blocks of its text. Private to this room.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <vultus/core/result.hpp>

namespace vultus::gallery {

/// Reads a dump line by line. Everything outside COPY blocks is passed over.
/// @source PostgreSQL 16, manual, COPY, "Text Format"
class PgCopyReader {
 public:
  static constexpr std::size_t kMaxLineBytes = 64 << 20;  ///< a picture of 30 MB as hex digits
  static constexpr std::size_t kMaxColumns = 1600;        ///< of PostgreSQL

  /// @param line  without its line end
  /// @return true if the line was a row
  /// @error corrupt_data  a row that does not fit its table: "line 7: ..."
  /// @error unsupported   a dump in another form: the message says how to make this one
  Result<bool> take(std::string_view line);
  /// @error corrupt_data  the dump ends inside a table
  [[nodiscard]] Status finish() const;

  /// Table of the row, without its schema.
  [[nodiscard]] const std::string& table() const { return table_; }
  /// The value of a column of the row; nothing for NULL, or where the table has no such column.
  [[nodiscard]] const std::optional<std::string>& field(std::string_view column) const;
  [[nodiscard]] std::int64_t line() const { return line_; }

 private:
  Status begin_table(std::string_view line);
  Status read_row(std::string_view line);
  [[nodiscard]] Error refuse(ErrorCode code, const std::string& what) const;

  std::int64_t line_ = 0;
  bool in_table_ = false;
  std::string table_;
  std::vector<std::string> columns_;
  std::vector<std::optional<std::string>> fields_;
  std::optional<std::string> none_;
};

}  // namespace vultus::gallery
