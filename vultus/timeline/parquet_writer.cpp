#include <vultus/timeline/parquet_writer.hpp>

#include <algorithm>
#include <bit>
#include <limits>
#include <ostream>

#include <vultus/core/utf8.hpp>
#include <vultus/timeline/thrift_compact.hpp>

namespace vultus::timeline {
namespace {

// @source parquet.thrift: Type, FieldRepetitionType, ConvertedType, Encoding, PageType, CompressionCodec
constexpr std::int32_t kInt64 = 2, kFloat = 4, kDouble = 5, kByteArray = 6;
constexpr std::int32_t kOptional = 1, kUtf8 = 0, kPlain = 0, kRunLength = 3, kDataPage = 0, kUncompressed = 0;
constexpr std::string_view kMagic = "PAR1";

std::int32_t physical(ParquetType type) {
  switch (type) {
    case ParquetType::int64: return kInt64;
    case ParquetType::real32: return kFloat;
    case ParquetType::real64: return kDouble;
    default: return kByteArray;
  }
}

/// Little-endian, whatever the machine.
template <class Bits>
void append(std::string& to, Bits bits) {
  for (unsigned i = 0; i < sizeof bits; ++i) to += static_cast<char>((bits >> (8U * i)) & 0xFFU);
}

/// Which rows have a value: runs of equal levels behind their length in bytes.
std::string levels_of(const std::vector<bool>& defined) {
  std::string runs;
  for (std::size_t from = 0; from < defined.size();) {
    std::size_t to = from;
    while (to < defined.size() && defined[to] == defined[from]) ++to;
    std::uint64_t header = static_cast<std::uint64_t>(to - from) << 1U;
    for (; header >= 0x80; header >>= 7U) runs += static_cast<char>((header & 0x7FU) | 0x80U);
    runs += static_cast<char>(header);
    runs += defined[from] ? '\1' : '\0';
    from = to;
  }
  std::string levels;
  append(levels, static_cast<std::uint32_t>(runs.size()));
  return levels + runs;
}

std::string page_header(std::size_t bytes, std::size_t rows) {
  ThriftCompact header;
  header.whole32(1, kDataPage);
  header.whole32(2, static_cast<std::int32_t>(bytes));
  header.whole32(3, static_cast<std::int32_t>(bytes));
  header.begin_struct(5);
  header.whole32(1, static_cast<std::int32_t>(rows));
  header.whole32(2, kPlain);
  header.whole32(3, kRunLength);
  header.whole32(4, kRunLength);
  header.end_struct();
  return std::move(header).done();
}

std::string as_utf8(std::string_view text) {
  if (is_utf8(text)) return std::string(text);
  std::string made;
  for (std::size_t at = 0; at < text.size();) {
    // A character has four bytes at most; the shortest prefix that is whole is one.
    std::size_t length = 1;
    while (length <= 4 && at + length <= text.size() && !is_utf8(text.substr(at, length))) ++length;
    if (length <= 4 && at + length <= text.size()) {
      made += text.substr(at, length);
      at += length;
    } else {
      made += "\xEF\xBF\xBD";
      ++at;
    }
  }
  return made;
}

}  // namespace

ParquetWriter::ParquetWriter(std::ostream& to, std::vector<ParquetColumn> columns,
                             std::vector<std::pair<std::string, std::string>> notes, std::size_t group_bytes)
    : to_(&to),
      columns_(std::move(columns)),
      notes_(std::move(notes)),
      group_bytes_(group_bytes),
      chunks_(columns_.size()) {
  put(kMagic);
}

void ParquetWriter::put(std::string_view bytes) {
  to_->write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  at_ += static_cast<std::int64_t>(bytes.size());
}

Status ParquetWriter::state() const {
  if (!*to_) return fail(ErrorCode::resource_limit, "the Parquet file could not be written to the end");
  return {};
}

ParquetWriter::Chunk& ParquetWriter::define(std::size_t column) {
  Chunk& chunk = chunks_.at(column);
  chunk.defined.resize(rows_, false);
  chunk.defined.push_back(true);
  gathered_ += sizeof(double);
  return chunk;
}

void ParquetWriter::number(std::size_t column, double value) {
  std::string& values = define(column).values;
  if (columns_[column].type == ParquetType::real32)
    append(values, std::bit_cast<std::uint32_t>(static_cast<float>(value)));
  else
    append(values, std::bit_cast<std::uint64_t>(value));
}

void ParquetWriter::whole(std::size_t column, std::int64_t value) {
  append(define(column).values, static_cast<std::uint64_t>(value));
}

void ParquetWriter::text(std::size_t column, std::string_view value) {
  const std::string text = as_utf8(value);
  std::string& values = define(column).values;
  append(values, static_cast<std::uint32_t>(text.size()));
  values += text;
  gathered_ += text.size();
}

Status ParquetWriter::end_row() {
  ++rows_;
  // Lengths of pages are 32 bits; a million rows of nothing end a group too.
  constexpr std::size_t kMostRows = 1U << 20U;
  return gathered_ >= group_bytes_ || rows_ >= kMostRows ? flush() : state();
}

Status ParquetWriter::flush() {
  if (rows_ == 0) return state();
  Group& group = groups_.emplace_back();
  group.rows = static_cast<std::int64_t>(rows_);
  for (Chunk& chunk : chunks_) {
    chunk.defined.resize(rows_, false);
    const std::string levels = levels_of(chunk.defined);
    const std::size_t bytes = levels.size() + chunk.values.size();
    if (bytes > static_cast<std::size_t>(std::numeric_limits<std::int32_t>::max()))
      return fail(ErrorCode::resource_limit, "the texts of one moment pass 2 GiB");
    Written& written = group.columns.emplace_back();
    written.offset = at_;
    put(page_header(bytes, rows_));
    put(levels);
    put(chunk.values);
    written.bytes = at_ - written.offset;
    chunk.values.clear();
    chunk.defined.clear();
  }
  rows_ = gathered_ = 0;
  return state();
}

std::string ParquetWriter::footer() const {
  ThriftCompact file;
  file.whole32(1, 1);
  file.begin_structs(2, columns_.size() + 1);
  file.element();
  file.text(4, "schema");
  file.whole32(5, static_cast<std::int32_t>(columns_.size()));
  file.end_struct();
  for (const ParquetColumn& column : columns_) {
    file.element();
    file.whole32(1, physical(column.type));
    file.whole32(3, kOptional);
    file.text(4, column.name);
    if (column.type == ParquetType::text) file.whole32(6, kUtf8);
    file.end_struct();
  }
  std::int64_t rows = 0;
  for (const Group& group : groups_) rows += group.rows;
  file.whole64(3, rows);
  file.begin_structs(4, groups_.size());
  for (const Group& group : groups_) {
    file.element();
    file.begin_structs(1, group.columns.size());
    std::int64_t bytes = 0;
    for (std::size_t i = 0; i < group.columns.size(); ++i) {
      const Written& written = group.columns[i];
      bytes += written.bytes;
      file.element();
      file.whole64(2, written.offset);
      file.begin_struct(3);
      file.whole32(1, physical(columns_[i].type));
      file.whole32s(2, {kPlain, kRunLength});
      file.texts(3, {columns_[i].name});
      file.whole32(4, kUncompressed);
      file.whole64(5, group.rows);
      file.whole64(6, written.bytes);
      file.whole64(7, written.bytes);
      file.whole64(9, written.offset);
      file.end_struct();
      file.end_struct();
    }
    file.whole64(2, bytes);
    file.whole64(3, group.rows);
    file.end_struct();
  }
  if (!notes_.empty()) {
    file.begin_structs(5, notes_.size());
    for (const auto& [key, value] : notes_) {
      file.element();
      file.text(1, key);
      file.text(2, value);
      file.end_struct();
    }
  }
  file.text(6, "vultus");
  return std::move(file).done();
}

Status ParquetWriter::finish() {
  VULTUS_CHECK(flush());
  std::string end = footer();
  if (end.size() > static_cast<std::size_t>(std::numeric_limits<std::int32_t>::max()))
    return fail(ErrorCode::resource_limit, "the footer of the Parquet file passes 2 GiB");
  append(end, static_cast<std::uint32_t>(end.size()));
  end += kMagic;
  put(end);
  to_->flush();
  return state();
}

}  // namespace vultus::timeline
