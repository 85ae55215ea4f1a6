#include <vultus/gallery/index/snapshot_format.hpp>

#include <algorithm>
#include <bit>
#include <string>
#include <string_view>

#include <vultus/gallery/index/codes.hpp>
#include <vultus/gallery/index/kernels.hpp>

namespace vultus::gallery {
namespace {

// 256 dimensions are looked at first: half of the bytes of a code of 512, for nearly the same choice.
constexpr std::size_t kMostFirstWords = 4;

}  // namespace

RowShape RowShape::of(std::size_t dimension) {
  const std::size_t words = std::max(kWordBits, std::bit_ceil(dimension)) / kWordBits;
  const std::size_t first = std::min(kMostFirstWords, words);
  return {.dimension = dimension,
          .row_bytes = (dimension + kRowAlignment - 1) / kRowAlignment * kRowAlignment,
          .first_words = first,
          .rest_words = words - first};
}

std::uint64_t bytes_of(Section section, const RowShape& shape, std::uint64_t rows) {
  switch (section) {
    case Section::faces:
    case Section::owners: return rows * sizeof(std::int64_t);
    case Section::byte_scale:
    case Section::byte_error: return rows * sizeof(float);
    case Section::first_scale: return rows * sizeof(std::int16_t);
    case Section::first:
      return (rows + kRowsOfBlock - 1) / kRowsOfBlock * kRowsOfBlock * shape.first_words * sizeof(std::uint64_t);
    case Section::rest: return shape.rest_words == 0 ? 0 : rows * (shape.rest_words + 1) * sizeof(std::uint64_t);
    case Section::bytes: return rows * shape.row_bytes;
    case Section::floats: return rows * shape.dimension * sizeof(float);
    default: return 0;
  }
}

std::string salt_of(const SnapshotHeader& header) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (const unsigned char byte : header.salt) {
    text += kDigits[byte >> 4U];
    text += kDigits[byte & 15U];
  }
  return text;
}

}  // namespace vultus::gallery
