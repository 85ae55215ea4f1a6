#include <vultus/evaluation/table.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace vultus::evaluation {

Result<Table> Table::of(std::string source, std::vector<std::string> columns, std::vector<TableRow> rows) {
  for (std::size_t c = 0; c < columns.size(); ++c) {
    if (columns[c].empty())
      return fail(ErrorCode::corrupt_data, fmt::format("{}: column {} has no name", source, c + 1));
    if (std::find(columns.begin(), columns.begin() + static_cast<std::ptrdiff_t>(c), columns[c]) !=
        columns.begin() + static_cast<std::ptrdiff_t>(c))
      return fail(ErrorCode::corrupt_data, fmt::format("{}: two columns are called \"{}\"", source, columns[c]));
  }
  for (const TableRow& row : rows)
    if (row.fields.size() != columns.size())
      return fail(ErrorCode::corrupt_data, fmt::format("{}: line {} has {} fields, the first line {}", source, row.line,
                                                       row.fields.size(), columns.size()));
  if (rows.empty()) return fail(ErrorCode::invalid_argument, source + ": there are no rows");
  Table table;
  table.source_ = std::move(source);
  table.columns_ = std::move(columns);
  table.rows_ = std::move(rows);
  return table;
}

std::optional<std::size_t> Table::find(std::string_view column) const {
  const auto at = std::find(columns_.begin(), columns_.end(), column);
  if (at == columns_.end()) return std::nullopt;
  return static_cast<std::size_t>(at - columns_.begin());
}

Result<std::size_t> Table::column(std::string_view name) const {
  if (const auto at = find(name)) return *at;
  return fail(ErrorCode::invalid_argument,
              fmt::format("{}: no column \"{}\"; there are: {}", source_, name, fmt::join(columns_, ", ")));
}

Result<double> Table::number(std::size_t row, std::size_t column) const {
  const std::string& text = at(row, column);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value))
    return fail(ErrorCode::corrupt_data, fmt::format("{}: line {}, column \"{}\": \"{}\" is not a finite number",
                                                     source_, line(row), columns_[column], text));
  return value;
}

Result<std::vector<std::string>> Table::names(std::size_t column) const {
  std::vector<std::string> all;
  all.reserve(rows_.size());
  for (const TableRow& row : rows_) {
    if (row.fields[column].empty())
      return fail(ErrorCode::corrupt_data,
                  fmt::format("{}: line {}: column \"{}\" is empty", source_, row.line, columns_[column]));
    all.push_back(row.fields[column]);
  }
  return all;
}

NumberedNames numbered(const std::vector<std::string>& values) {
  NumberedNames all{.names = values, .of_row = {}};
  std::sort(all.names.begin(), all.names.end());
  all.names.erase(std::unique(all.names.begin(), all.names.end()), all.names.end());
  all.of_row.reserve(values.size());
  for (const std::string& value : values)
    all.of_row.push_back(
        static_cast<std::uint32_t>(std::lower_bound(all.names.begin(), all.names.end(), value) - all.names.begin()));
  return all;
}

}  // namespace vultus::evaluation
