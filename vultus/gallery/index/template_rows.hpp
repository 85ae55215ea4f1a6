// The rows of an index: each template as floats, bytes and bits. Internal to the room.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <vultus/gallery/index/codes.hpp>
#include <vultus/gallery/index/column.hpp>

namespace vultus::gallery {

/// Thread rule: const members from many threads at once; others by one thread alone.
class TemplateRows {
 public:
  explicit TemplateRows(std::size_t dimension);

  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] std::size_t dimension() const { return dimension_; }
  [[nodiscard]] const Rotation& rotation() const { return rotation_; }
  [[nodiscard]] std::size_t first_words() const { return first_words_; }
  /// Words of the bits that are looked at afterwards; 0 for short templates.
  [[nodiscard]] std::size_t rest_words() const { return rest_words_; }
  [[nodiscard]] ProbeCode probe(std::span<const float> values) const {
    return to_probe(values, rotation_, bytes_.width(), first_words_);
  }

  /// @throws std::bad_alloc  before anything is changed
  void make_room(std::size_t rows);
  /// @param values  `dimension` values of unit length; there must be room
  void add(std::span<const float> values);
  /// The last row takes the place of this one.
  void remove(std::size_t at);

  [[nodiscard]] const float* floats(std::size_t at) const { return floats_.row(at); }
  [[nodiscard]] const std::uint8_t* bytes(std::size_t at) const { return bytes_.row(at); }
  [[nodiscard]] const float* byte_scale(std::size_t at) const { return byte_scale_.row(at); }
  [[nodiscard]] const float* byte_error(std::size_t at) const { return byte_error_.row(at); }
  /// Words of the bits that are looked at first, in blocks. @param at  a multiple of kRowsOfBlock
  [[nodiscard]] const std::uint64_t* first(std::size_t at) const {
    return first_.chunk(at / kRowsOfChunk) + at % kRowsOfChunk * first_words_;
  }
  [[nodiscard]] const std::int16_t* first_base(std::size_t at) const { return first_base_.row(at); }
  [[nodiscard]] const float* first_factor(std::size_t at) const { return first_factor_.row(at); }
  /// Rows of rest_words() words and behind them a RestScale, in chunks of kRowsOfChunk rows.
  [[nodiscard]] const std::uint64_t* const* rest() const { return rest_.chunks(); }

 private:
  [[nodiscard]] std::uint64_t& word(std::size_t at, std::size_t number) {
    std::uint64_t* const block =
        first_.chunk(at / kRowsOfChunk) + at % kRowsOfChunk / kRowsOfBlock * kRowsOfBlock * first_words_;
    return block[number * kRowsOfBlock + at % kRowsOfBlock];
  }

  std::size_t dimension_;
  std::size_t size_ = 0;
  Rotation rotation_;
  std::size_t first_words_;
  std::size_t rest_words_;
  Column<float> floats_;
  Column<std::uint8_t> bytes_;
  Column<float> byte_scale_;
  Column<float> byte_error_;
  Column<std::uint64_t> first_;
  Column<std::int16_t> first_base_;
  Column<float> first_factor_;
  Column<std::uint64_t> rest_;
  std::vector<float> rotated_;
};

}  // namespace vultus::gallery
