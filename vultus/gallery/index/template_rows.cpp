#include <vultus/gallery/index/template_rows.hpp>

#include <algorithm>
#include <bit>
#include <limits>
#include <vector>

#include <vultus/gallery/index/codes.hpp>

namespace vultus::gallery {
namespace {

/// A section in memory of its own.
template <class T>
Status load_column(const SnapshotFile& file, Section section, Column<T>& column) {
  const std::size_t chunks = (file.rows() + kRowsOfChunk - 1) / kRowsOfChunk;
  if (chunks == 0) return {};
  const std::size_t values = kRowsOfChunk * column.width();
  const std::shared_ptr<void> memory = own_memory(chunks * values * sizeof(T));
  VULTUS_CHECK(file.read(section, static_cast<std::byte*>(memory.get())));
  for (std::size_t chunk = 0; chunk < chunks; ++chunk)
    column.put_chunk({memory, static_cast<T*>(memory.get()) + chunk * values});
  return {};
}

/// A section where it lies. It is not written: see own_chunk.
template <class T>
void map_column(const std::shared_ptr<const SnapshotFile>& file, Section section, Column<T>& column) {
  const std::size_t chunks = (file->rows() + kRowsOfChunk - 1) / kRowsOfChunk;
  const auto* const values = reinterpret_cast<const T*>(file->address(section));
  for (std::size_t chunk = 0; chunk < chunks; ++chunk)
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-const-cast): a column holds chunks of both kinds.
    column.put_chunk({file, const_cast<T*>(values + chunk * kRowsOfChunk * column.width())});
}

}  // namespace

TemplateRows::TemplateRows(std::size_t dimension, Holding holding)
    : shape_(RowShape::of(dimension)),
      holding_(holding),
      rotation_(std::make_shared<const Rotation>(dimension)),
      faces_(1),
      subjects_(1),
      floats_(dimension),
      bytes_(shape_.row_bytes),
      byte_scale_(1),
      byte_error_(1),
      first_(shape_.first_words * sizeof(std::uint64_t)),
      first_scale_(1),
      rest_(shape_.rest_words > 0 ? shape_.rest_words + 1 : 0) {}

Result<TemplateRows> TemplateRows::load(std::shared_ptr<const SnapshotFile> file) {
  TemplateRows rows(file->shape().dimension);
  VULTUS_CHECK(load_column(*file, Section::faces, rows.faces_));
  VULTUS_CHECK(load_column(*file, Section::owners, rows.subjects_));
  VULTUS_CHECK(load_column(*file, Section::byte_scale, rows.byte_scale_));
  VULTUS_CHECK(load_column(*file, Section::byte_error, rows.byte_error_));
  VULTUS_CHECK(load_column(*file, Section::first, rows.first_));
  VULTUS_CHECK(load_column(*file, Section::first_scale, rows.first_scale_));
  if (rows.shape_.rest_words > 0) VULTUS_CHECK(load_column(*file, Section::rest, rows.rest_));
  map_column(file, Section::bytes, rows.bytes_);
  map_column(file, Section::floats, rows.floats_);
  rows.size_ = rows.rows_of_file_ = file->rows();
  rows.last_of_file_ = rows.size_ % kRowsOfChunk != 0;
  rows.file_ = std::move(file);
  for (std::size_t at = 0; at < rows.size_; ++at) {
    if (at > 0 && rows.face(at) <= rows.face(at - 1))
      return fail(ErrorCode::corrupt_data, "damaged snapshot: its faces");
    rows.dead_ += rows.alive(at) ? 0 : 1;
  }
  rows.close();
  return rows;
}

void TemplateRows::make_room(std::size_t rows) {
  if (last_of_file_ && rows > size_) {
    const std::size_t chunk = size_ / kRowsOfChunk, count = size_ % kRowsOfChunk;
    static_cast<void>(floats(size_ - count, count));
    static_cast<void>(bytes(size_ - count, count));
    floats_.own_chunk(chunk, count);
    bytes_.own_chunk(chunk, count);
    last_of_file_ = false;
  }
  faces_.make_room(rows);
  subjects_.make_room(rows);
  if (holding_ == Holding::nothing) return;
  floats_.make_room(rows);
  bytes_.make_room(rows);
  byte_scale_.make_room(rows);
  byte_error_.make_room(rows);
  first_.make_room(rows);
  first_scale_.make_room(rows);
  if (shape_.rest_words > 0) rest_.make_room(rows);
}

void TemplateRows::add(FaceId face, SubjectId subject, std::span<const float> values) {
  const std::size_t at = size_++;
  *faces_.fresh_row(at) = face.number();
  *subjects_.fresh_row(at) = subject.number();
  if (holding_ == Holding::nothing) return;
  std::ranges::copy(values, floats_.fresh_row(at));
  const ByteCode byte = to_bytes(values, {bytes_.fresh_row(at), bytes_.width()});
  *byte_scale_.fresh_row(at) = byte.scale;
  *byte_error_.fresh_row(at) = byte.error;
  std::vector<float> rotated(rotation_->size());
  rotation_->turn(values, rotated);
  const std::size_t first_values = shape_.first_words * kWordBits;
  const BitCode first = to_bits(std::span(rotated).first(first_values));
  std::uint8_t* const chunk = first_.fresh_chunk(at / kRowsOfChunk);
  for (std::size_t b = 0; b < first_.width(); ++b)
    chunk[place(at, b)] = static_cast<std::uint8_t>(first.words[b / 8] >> (b % 8 * 8));
  *first_scale_.fresh_row(at) = look_scale(first.factor, rotated.size());
  if (shape_.rest_words == 0) return;
  const BitCode rest = to_bits(std::span(rotated).subspan(first_values));
  std::ranges::copy(rest.words, rest_.fresh_row(at));
  rest_.fresh_row(at)[shape_.rest_words] =
      std::bit_cast<std::uint64_t>(RestScale{.first = first.factor, .rest = rest.factor});
}

void TemplateRows::add(const TemplateRows& others, std::size_t from) {
  const std::size_t at = size_++;
  const auto copy = [&](auto& to, const auto& of) { std::copy_n(of.row(from), of.width(), to.fresh_row(at)); };
  copy(faces_, others.faces_);
  copy(subjects_, others.subjects_);
  if (holding_ == Holding::nothing) return;
  std::copy_n(others.floats(from, 1), shape_.dimension, floats_.fresh_row(at));
  std::copy_n(others.bytes(from, 1), shape_.row_bytes, bytes_.fresh_row(at));
  copy(byte_scale_, others.byte_scale_);
  copy(byte_error_, others.byte_error_);
  std::uint8_t* const chunk = first_.fresh_chunk(at / kRowsOfChunk);
  const std::uint8_t* const of = others.first_.chunk(from / kRowsOfChunk);
  for (std::size_t b = 0; b < first_.width(); ++b) chunk[place(at, b)] = of[place(from, b)];
  copy(first_scale_, others.first_scale_);
  if (shape_.rest_words > 0) copy(rest_, others.rest_);
}

void TemplateRows::close() {
  if (holding_ == Holding::nothing) return;
  const std::size_t begin = size_ / kRowsOfPiece * kRowsOfPiece;
  if (begin == size_) {
    last_piece_ = size_;
    return;
  }
  const std::size_t blocks = (size_ - begin + kRowsOfBlock - 1) / kRowsOfBlock;
  const std::size_t bytes = blocks * kRowsOfBlock * first_.width();
  const std::uint8_t* const from = first_.chunk(begin / kRowsOfChunk) + begin % kRowsOfChunk * first_.width();
  last_first_ = std::make_shared<const std::vector<std::uint8_t>>(from, from + bytes);
  last_piece_ = begin;
}

void TemplateRows::kill(std::size_t at) {
  const std::size_t chunk = at / kRowsOfChunk, row = at % kRowsOfChunk;
  const std::size_t rows = std::min(kRowsOfChunk, size_ - chunk * kRowsOfChunk);
  std::int64_t* const subjects = subjects_.own_chunk(chunk, rows);
  if (holding_ == Holding::templates) byte_scale_.own_chunk(chunk, rows)[row] = std::numeric_limits<float>::quiet_NaN();
  subjects[row] = kNobody;
  ++dead_;
}

void TemplateRows::give(std::size_t at, SubjectId to) {
  const std::size_t chunk = at / kRowsOfChunk;
  subjects_.own_chunk(chunk, std::min(kRowsOfChunk, size_ - chunk * kRowsOfChunk))[at % kRowsOfChunk] = to.number();
}

}  // namespace vultus::gallery
