#include <vultus/gallery/index/template_rows.hpp>

#include <algorithm>
#include <bit>

namespace vultus::gallery {
namespace {

constexpr std::size_t kWordBits = 64;
// 256 dimensions are looked at first: half of the bytes of a code of 512, for nearly the same choice.
constexpr std::size_t kMostFirstWords = 4;

std::size_t aligned(std::size_t values) { return (values + kRowAlignment - 1) / kRowAlignment * kRowAlignment; }

}  // namespace

TemplateRows::TemplateRows(std::size_t dimension)
    : dimension_(dimension),
      rotation_(dimension),
      first_words_(std::min(kMostFirstWords, rotation_.size() / kWordBits)),
      rest_words_(rotation_.size() / kWordBits - first_words_),
      floats_(dimension),
      bytes_(aligned(dimension)),
      byte_scale_(1),
      byte_error_(1),
      first_(first_words_),
      first_base_(1),
      first_factor_(1),
      rest_(rest_words_ > 0 ? rest_words_ + 1 : 0),
      rotated_(rotation_.size()) {}

void TemplateRows::make_room(std::size_t rows) {
  floats_.make_room(rows);
  bytes_.make_room(rows);
  byte_scale_.make_room(rows);
  byte_error_.make_room(rows);
  first_.make_room(rows);
  first_base_.make_room(rows);
  first_factor_.make_room(rows);
  if (rest_words_ > 0) rest_.make_room(rows);
}

void TemplateRows::add(std::span<const float> values) {
  const std::size_t at = size_++;
  std::ranges::copy(values, floats_.row(at));
  const ByteCode byte = to_bytes(values, {bytes_.row(at), bytes_.width()});
  *byte_scale_.row(at) = byte.scale;
  *byte_error_.row(at) = byte.error;
  rotation_.turn(values, rotated_);
  const std::size_t first_values = first_words_ * kWordBits;
  const BitCode first = to_bits(std::span(rotated_).first(first_values));
  for (std::size_t w = 0; w < first_words_; ++w) word(at, w) = first.words[w];
  *first_base_.row(at) = static_cast<std::int16_t>(first.base);
  *first_factor_.row(at) = first.factor;
  if (rest_words_ == 0) return;
  const BitCode rest = to_bits(std::span(rotated_).subspan(first_values));
  std::ranges::copy(rest.words, rest_.row(at));
  rest_.row(at)[rest_words_] = std::bit_cast<std::uint64_t>(RestScale{rest.factor, rest.base});
}

void TemplateRows::remove(std::size_t at) {
  const std::size_t last = --size_;
  for (std::size_t w = 0; w < first_words_; ++w) {
    word(at, w) = word(last, w);
    word(last, w) = 0;
  }
  floats_.move_row(last, at);
  bytes_.move_row(last, at);
  byte_scale_.move_row(last, at);
  byte_error_.move_row(last, at);
  first_base_.move_row(last, at);
  first_factor_.move_row(last, at);
  if (rest_words_ > 0) rest_.move_row(last, at);
  // One chunk is kept in reserve, so that adding and removing at a border does not ask the system each time.
  floats_.shrink(size_), bytes_.shrink(size_), byte_scale_.shrink(size_), byte_error_.shrink(size_),
      first_.shrink(size_);
  first_base_.shrink(size_), first_factor_.shrink(size_), rest_.shrink(size_);
}

}  // namespace vultus::gallery
