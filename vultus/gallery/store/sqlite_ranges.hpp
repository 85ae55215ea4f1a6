// Reading a table of a damaged file: row by row, and around what cannot be read. Private to this room.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include <vultus/core/result.hpp>
#include <vultus/sqlite/database.hpp>

namespace vultus::gallery {

struct TableToRead {
  std::string_view table;
  std::string_view columns;  ///< to be read; the number of the row follows behind them
  int width = 0;             ///< how many columns
};

/// Hands over every row that can be read, in the order of their numbers.
/// @param take  gets the row
/// @param lost  gets the first and last number of a range that cannot be read; the last is the greatest of all numbers
///              where the rest of the table is lost
/// @error of take and lost; resource_limit. Damage is no error.
[[nodiscard]] Status read_around_damage(sqlite::Database& file, const TableToRead& what,
                                        const std::function<Status(const sqlite::Statement&)>& take,
                                        const std::function<void(std::int64_t first, std::int64_t last)>& lost);

}  // namespace vultus::gallery
