// Aligned columns for people.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace vultus::cli {

enum class Align : std::uint8_t { left, right };
enum class Style : std::uint8_t { plain, bold, dim, good, warn, bad };

struct Column {
  std::string title;
  Align align = Align::left;
  int width = 0;  ///< columns; grows to the title
};

struct Cell {
  std::string text;  ///< made printable here
  Style style = Style::plain;
};
using Row = std::vector<Cell>;

/// Rows of one table. Thread-compatible.
class Table {
 public:
  /// @param colour  whether styles are shown
  Table(std::vector<Column> columns, bool colour);

  /// Widens columns so that these rows fit; at most `most` columns each, so that one long name does not spoil all.
  void fit(const std::vector<Row>& rows, int most = 60);
  /// The titles with a line end.
  [[nodiscard]] std::string header() const;
  /// A row with a line end. A cell that is wider than its column pushes the rest aside and is never cut.
  [[nodiscard]] std::string row(const Row& cells) const;

 private:
  std::vector<Column> columns_;
  bool colour_;
};

/// A whole table at once.
[[nodiscard]] std::string table_text(std::vector<Column> columns, const std::vector<Row>& rows, bool colour);

/// Text in a style, where colours are wanted.
[[nodiscard]] std::string styled(const std::string& text, Style style, bool colour);

}  // namespace vultus::cli
