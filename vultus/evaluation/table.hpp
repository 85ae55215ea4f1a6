// A table of text as it came from a file: samples of a protocol, predictions, attributes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <vultus/core/result.hpp>

namespace vultus::evaluation {

/// One row and where it stands in its file.
struct TableRow {
  std::size_t line = 0;  ///< from 1; 0 = unknown
  std::vector<std::string> fields;
  bool operator==(const TableRow&) const = default;
};

/// Named columns of text. Immutable: share freely between threads.
class Table {
 public:
  /// @param source   name of the file, for messages
  /// @param columns  names, each once, none empty
  /// @error corrupt_data      a column without name or twice, or a row with another number of fields, by its line
  /// @error invalid_argument  no rows
  static Result<Table> of(std::string source, std::vector<std::string> columns, std::vector<TableRow> rows);

  [[nodiscard]] const std::string& source() const { return source_; }
  [[nodiscard]] const std::vector<std::string>& columns() const { return columns_; }
  [[nodiscard]] std::size_t rows() const { return rows_.size(); }
  /// @param row, column  below rows() and columns().size()
  [[nodiscard]] const std::string& at(std::size_t row, std::size_t column) const { return rows_[row].fields[column]; }
  [[nodiscard]] std::size_t line(std::size_t row) const { return rows_[row].line; }  ///< in the file

  [[nodiscard]] std::optional<std::size_t> find(std::string_view column) const;  ///< position of a column, if there
  /// @error invalid_argument  no such column: the message lists those that are there
  [[nodiscard]] Result<std::size_t> column(std::string_view name) const;
  /// A field as a finite number.
  /// @error corrupt_data  anything else, by line and column
  [[nodiscard]] Result<double> number(std::size_t row, std::size_t column) const;
  /// All fields of a column, none of them empty.
  /// @error corrupt_data  an empty field, by its line
  [[nodiscard]] Result<std::vector<std::string>> names(std::size_t column) const;

 private:
  Table() = default;
  std::string source_;
  std::vector<std::string> columns_;
  std::vector<TableRow> rows_;
};

/// Names as numbers, in the order of the names.
struct NumberedNames {
  std::vector<std::string> names;     ///< ascending, each once
  std::vector<std::uint32_t> of_row;  ///< index into `names`
};
/// @param values  a name for each row
[[nodiscard]] NumberedNames numbered(const std::vector<std::string>& values);

}  // namespace vultus::evaluation
