// A Parquet file of one flat table, written as it comes. Private to this room.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <vultus/core/result.hpp>

namespace vultus::timeline {

enum class ParquetType : std::uint8_t { int64, real32, real64, text };

struct ParquetColumn {
  std::string name;
  ParquetType type = ParquetType::real64;
};

/// Writes optional columns in plain encoding, uncompressed, format version 1. Rows are gathered until their values fill
/// `group_bytes`, then become a row group: memory does not grow with the file. Thread-compatible; the stream must
/// outlive it.
/// @source Apache Parquet format 2.10 (parquet.thrift, Encodings.md); Apache Thrift compact protocol
class ParquetWriter {
 public:
  /// @param columns  names differ
  /// @param notes    keys and values of the file's metadata, UTF-8
  ParquetWriter(std::ostream& to, std::vector<ParquetColumn> columns,
                std::vector<std::pair<std::string, std::string>> notes, std::size_t group_bytes = kGroupBytes);

  /// A cell of the row at hand, once a row; a column without one is null there. @param column  of real32 or real64
  void number(std::size_t column, double value);
  /// @param column  of int64
  void whole(std::size_t column, std::int64_t value);
  /// Bytes that are no UTF-8 become U+FFFD. @param column  of texts
  void text(std::size_t column, std::string_view value);

  /// @error resource_limit  the stream failed
  Status end_row();
  /// The last rows and the footer; nothing may follow.
  /// @error resource_limit  the stream failed, or the footer passes 2 GiB
  Status finish();

  static constexpr std::size_t kGroupBytes = std::size_t{32} << 20U;

 private:
  /// A column of the row group at hand.
  struct Chunk {
    std::string values;
    std::vector<bool> defined;  // one for each row; shorter: the rest is null
  };
  /// A column of a row group that was written.
  struct Written {
    std::int64_t offset = 0, bytes = 0;
  };
  struct Group {
    std::vector<Written> columns;
    std::int64_t rows = 0;
  };

  Chunk& define(std::size_t column);
  void put(std::string_view bytes);
  Status flush();
  [[nodiscard]] std::string footer() const;
  [[nodiscard]] Status state() const;

  std::ostream* to_;
  std::vector<ParquetColumn> columns_;
  std::vector<std::pair<std::string, std::string>> notes_;
  std::size_t group_bytes_;
  std::vector<Chunk> chunks_;
  std::size_t rows_ = 0, gathered_ = 0;
  std::int64_t at_ = 0;
  std::vector<Group> groups_;
};

}  // namespace vultus::timeline
