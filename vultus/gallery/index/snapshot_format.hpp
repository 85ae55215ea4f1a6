// The layout of a snapshot: the columns of an index as a file. docs/index-format.md describes it. Internal to the room.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include <vultus/core/ids.hpp>

namespace vultus::gallery {

/// What a snapshot must belong to.
struct SnapshotIdentity {
  std::string gallery;  ///< id of the gallery, at most 64 bytes
  ModelId model;        ///< at most 1,024 bytes
  std::size_t dimension = 0;
};

/// The key of a sealed snapshot. The caller keeps the memory.
using SnapshotKey = std::span<const unsigned char, 32>;

/// Everything in the file lies in blocks of this size, each with a checksum of its own.
inline constexpr std::size_t kSnapshotBlock = 16384;
inline constexpr std::array<char, 8> kSnapshotMagic{'V', 'U', 'L', 'T', 'I', 'N', 'D', 'X'};
inline constexpr std::uint32_t kSnapshotVersion = 2;
inline constexpr std::uint32_t kSnapshotByteOrder = 0x01020304;

/// Parts of the file. Those before `subjects` have an entry for each row, in rising order of the faces.
enum class Section : std::uint8_t {
  faces,            ///< int64: id of the face
  owners,           ///< int64: id of its subject
  byte_scale,       ///< float32
  byte_error,       ///< float32
  first,            ///< uint8: first bits, in blocks of 64 rows: [block][byte][place of the row]
  first_scale,      ///< int16
  rest,             ///< uint64: the other bits and their scale
  bytes,            ///< uint8: aligned to 64 values a row
  floats,           ///< float32: the template
  subjects,         ///< int64: ids, rising
  rows_begin,       ///< uint64: where the rows of each subject begin in rows_of_subjects, and the end
  rows_of_subject,  ///< uint32
  names_begin,      ///< uint64: where the name of each subject begins in names, and the end; empty = it has none
  names,            ///< UTF-8
};
inline constexpr std::size_t kSections = 14;
inline constexpr std::size_t kRowSections = 9;

struct SnapshotExtent {
  std::uint64_t offset = 0;  ///< from the beginning of the file; a multiple of kSnapshotBlock
  std::uint64_t bytes = 0;   ///< behind them zeros as far as the next block
};

/// The first block of the file, filled up with zeros. Integers in the byte order that `byte_order` shows.
struct SnapshotHeader {
  // Known before the first row is written; what is sealed is bound to it.
  std::array<char, 8> magic = kSnapshotMagic;
  std::uint32_t version = kSnapshotVersion;
  std::uint32_t byte_order = kSnapshotByteOrder;
  std::uint32_t sealed = 0;
  std::uint32_t block = kSnapshotBlock;
  std::uint64_t rotation = 0;  ///< seed of the rotation that the bits were made with
  std::uint64_t dimension = 0;
  std::int64_t sequence = 0;             ///< number of the last change that is in it
  std::array<char, 64> gallery{};        ///< filled up with zeros, as the next
  std::array<char, 1024> model{};        ///< id of the model
  std::array<unsigned char, 16> salt{};  ///< random
  // Known at the end.
  std::uint64_t rows = 0;
  std::uint64_t subjects = 0;
  SnapshotExtent table;  ///< an entry for each block from the second to the one before the table
  std::uint64_t file_bytes = 0;
  std::array<SnapshotExtent, kSections> sections{};
  std::int64_t erased = 0;  ///< number of the newest change for which something was overwritten in it; 0 = none
  std::array<unsigned char, 32> table_sum{};
  std::array<unsigned char, 32> sum{};  ///< of the bytes before
};
inline constexpr std::size_t kSnapshotIdentityBytes = offsetof(SnapshotHeader, rows);
inline constexpr std::size_t kSnapshotSummedBytes = offsetof(SnapshotHeader, sum);
static_assert(kSnapshotIdentityBytes == 1152 && kSnapshotSummedBytes == 1456 && sizeof(SnapshotHeader) == 1488,
              "a file is read as it lies in memory");

/// How wide the rows of an index are.
struct RowShape {
  std::size_t dimension = 0;
  std::size_t row_bytes = 0;    ///< of the bytes of a row
  std::size_t first_words = 0;  ///< of the bits that are looked at first
  std::size_t rest_words = 0;   ///< of the others; 0 for short templates

  /// @param dimension  [1, Embedding::kMaxDimension]
  static RowShape of(std::size_t dimension);
};

/// Bytes of a section of rows.
[[nodiscard]] std::uint64_t bytes_of(Section section, const RowShape& shape, std::uint64_t rows);

/// What tells one snapshot from another, as hexadecimal digits.
[[nodiscard]] std::string salt_of(const SnapshotHeader& header);

/// Rounded up to whole blocks.
[[nodiscard]] constexpr std::uint64_t whole_blocks(std::uint64_t bytes) {
  return (bytes + kSnapshotBlock - 1) / kSnapshotBlock * kSnapshotBlock;
}

}  // namespace vultus::gallery
