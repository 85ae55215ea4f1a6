#include <vultus/gallery/index/template_rows.hpp>

#include <algorithm>
#include <bit>
#include <limits>
#include <vector>

namespace vultus::gallery {
namespace {

constexpr std::size_t kWordBits = 64;
// 256 dimensions are looked at first: half of the bytes of a code of 512, for nearly the same choice.
constexpr std::size_t kMostFirstWords = 4;

std::size_t aligned(std::size_t values) { return (values + kRowAlignment - 1) / kRowAlignment * kRowAlignment; }

}  // namespace

TemplateRows::TemplateRows(std::size_t dimension)
    : dimension_(dimension),
      rotation_(std::make_shared<const Rotation>(dimension)),
      first_words_(std::min(kMostFirstWords, rotation_->size() / kWordBits)),
      rest_words_(rotation_->size() / kWordBits - first_words_),
      faces_(1),
      subjects_(1),
      floats_(dimension),
      bytes_(aligned(dimension)),
      byte_scale_(1),
      byte_error_(1),
      first_(first_words_),
      first_base_(1),
      first_factor_(1),
      rest_(rest_words_ > 0 ? rest_words_ + 1 : 0) {}

void TemplateRows::make_room(std::size_t rows) {
  faces_.make_room(rows);
  subjects_.make_room(rows);
  floats_.make_room(rows);
  bytes_.make_room(rows);
  byte_scale_.make_room(rows);
  byte_error_.make_room(rows);
  first_.make_room(rows);
  first_base_.make_room(rows);
  first_factor_.make_room(rows);
  if (rest_words_ > 0) rest_.make_room(rows);
}

void TemplateRows::add(FaceId face, SubjectId subject, std::span<const float> values) {
  const std::size_t at = size_++;
  *faces_.fresh_row(at) = face.number();
  *subjects_.fresh_row(at) = subject.number();
  std::ranges::copy(values, floats_.fresh_row(at));
  const ByteCode byte = to_bytes(values, {bytes_.fresh_row(at), bytes_.width()});
  *byte_scale_.fresh_row(at) = byte.scale;
  *byte_error_.fresh_row(at) = byte.error;
  std::vector<float> rotated(rotation_->size());
  rotation_->turn(values, rotated);
  const std::size_t first_values = first_words_ * kWordBits;
  const BitCode first = to_bits(std::span(rotated).first(first_values));
  std::uint64_t* const words = first_.fresh_chunk(at / kRowsOfChunk);
  for (std::size_t w = 0; w < first_words_; ++w) words[word(at, w)] = first.words[w];
  *first_base_.fresh_row(at) = static_cast<std::int16_t>(first.base);
  *first_factor_.fresh_row(at) = first.factor;
  if (rest_words_ == 0) return;
  const BitCode rest = to_bits(std::span(rotated).subspan(first_values));
  std::ranges::copy(rest.words, rest_.fresh_row(at));
  rest_.fresh_row(at)[rest_words_] = std::bit_cast<std::uint64_t>(RestScale{rest.factor, rest.base});
}

void TemplateRows::add(const TemplateRows& others, std::size_t from) {
  const std::size_t at = size_++;
  const auto copy = [&](auto& to, const auto& of) { std::copy_n(of.row(from), of.width(), to.fresh_row(at)); };
  copy(faces_, others.faces_);
  copy(subjects_, others.subjects_);
  copy(floats_, others.floats_);
  copy(bytes_, others.bytes_);
  copy(byte_scale_, others.byte_scale_);
  copy(byte_error_, others.byte_error_);
  std::uint64_t* const words = first_.fresh_chunk(at / kRowsOfChunk);
  const std::uint64_t* const of = others.first_.chunk(from / kRowsOfChunk);
  for (std::size_t w = 0; w < first_words_; ++w) words[word(at, w)] = of[word(from, w)];
  copy(first_base_, others.first_base_);
  copy(first_factor_, others.first_factor_);
  if (rest_words_ > 0) copy(rest_, others.rest_);
}

void TemplateRows::close() {
  const std::size_t begin = size_ / kRowsOfPiece * kRowsOfPiece;
  if (begin == size_) {
    last_piece_ = size_;
    return;
  }
  const std::size_t blocks = (size_ - begin + kRowsOfBlock - 1) / kRowsOfBlock;
  const std::size_t words = blocks * kRowsOfBlock * first_words_;
  const std::uint64_t* const from = first_.chunk(begin / kRowsOfChunk) + begin % kRowsOfChunk * first_words_;
  last_first_ = std::make_shared<const std::vector<std::uint64_t>>(from, from + words);
  last_piece_ = begin;
}

void TemplateRows::kill(std::size_t at) {
  const std::size_t chunk = at / kRowsOfChunk, row = at % kRowsOfChunk;
  const std::size_t rows = std::min(kRowsOfChunk, size_ - chunk * kRowsOfChunk);
  std::int64_t* const subjects = subjects_.own_chunk(chunk, rows);
  float* const scales = byte_scale_.own_chunk(chunk, rows);
  float* const factors = first_factor_.own_chunk(chunk, rows);
  subjects[row] = kNobody;
  scales[row] = std::numeric_limits<float>::quiet_NaN();
  factors[row] = std::numeric_limits<float>::quiet_NaN();
  ++dead_;
}

void TemplateRows::give(std::size_t at, SubjectId to) {
  const std::size_t chunk = at / kRowsOfChunk;
  subjects_.own_chunk(chunk, std::min(kRowsOfChunk, size_ - chunk * kRowsOfChunk))[at % kRowsOfChunk] = to.number();
}

}  // namespace vultus::gallery
