// Tables of text from files: CSV with a line of names, or a JSON list of objects.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include <vultus/core/result.hpp>
#include <vultus/evaluation/table.hpp>

namespace vultus::engine {

/// A table is no larger than this.
inline constexpr std::size_t kMaxTableBytes = std::size_t{256} << 20U;

/// A table and the hash of its bytes.
struct TableFile {
  evaluation::Table table;
  std::string sha256;
};

/// Reads a table. What begins with `[` is JSON: a list of objects with texts, numbers, true, false and null (empty) of
/// the same names; anything else is CSV.
/// @error not_found, invalid_argument, resource_limit  as media::read_file; corrupt_data  a broken file, by its line
[[nodiscard]] Result<TableFile> read_table(const std::string& path);

/// The same from text. @param source  name of the file, for messages
[[nodiscard]] Result<evaluation::Table> parse_table(std::string_view text, const std::string& source);

/// The table with a column "picture_hash": the hash of the picture that each row names.
/// @param id      column of the file names
/// @param folder  where they lie
/// @error the first picture that cannot be read; invalid_argument  the table has such a column already
[[nodiscard]] Result<evaluation::Table> with_picture_hashes(const evaluation::Table& table, const std::string& id,
                                                            const std::string& folder);

}  // namespace vultus::engine
