#include <algorithm>
#include <utility>

#include <apps/cli/table.hpp>
#include <apps/cli/terminal_text.hpp>

namespace vultus::cli {
namespace {

const char* escape_of(Style style) {
  switch (style) {
    case Style::bold: return "\x1b[1m";
    case Style::dim: return "\x1b[2m";
    case Style::good: return "\x1b[32m";
    case Style::warn: return "\x1b[33m";
    case Style::bad: return "\x1b[31m";
    case Style::plain: break;
  }
  return "";
}

std::string padding(int columns) { return std::string(static_cast<std::size_t>(std::max(0, columns)), ' '); }

}  // namespace

std::string styled(const std::string& text, Style style, bool colour) {
  if (!colour || style == Style::plain || text.empty()) return text;
  return escape_of(style) + text + "\x1b[0m";
}

Table::Table(std::vector<Column> columns, bool colour) : columns_(std::move(columns)), colour_(colour) {
  for (Column& c : columns_) c.width = std::max(c.width, columns_of(c.title));
}

void Table::fit(const std::vector<Row>& rows, int most) {
  for (const Row& row : rows)
    for (std::size_t i = 0; i < row.size() && i < columns_.size(); ++i)
      columns_[i].width = std::max(columns_[i].width, std::min(most, columns_of(printable(row[i].text))));
}

std::string Table::header() const {
  Row titles;
  for (const Column& c : columns_) titles.push_back({c.title, Style::bold});
  return row(titles);
}

std::string Table::row(const Row& cells) const {
  std::string line;
  int owed = 0;  // blanks before the next cell: none are left at the end of a line
  for (std::size_t i = 0; i < cells.size() && i < columns_.size(); ++i) {
    const std::string text = printable(cells[i].text);
    const int free = columns_[i].width - columns_of(text);
    if (columns_[i].align == Align::right) owed += std::max(0, free);
    if (!text.empty()) {
      line += padding(owed) + styled(text, cells[i].style, colour_);
      owed = 0;
    }
    if (columns_[i].align == Align::left) owed += std::max(0, text.empty() ? columns_[i].width : free);
    owed += 2;
  }
  return line + "\n";
}

std::string table_text(std::vector<Column> columns, const std::vector<Row>& rows, bool colour) {
  Table table(std::move(columns), colour);
  table.fit(rows);
  std::string text = table.header();
  for (const Row& row : rows) text += table.row(row);
  return text;
}

}  // namespace vultus::cli
