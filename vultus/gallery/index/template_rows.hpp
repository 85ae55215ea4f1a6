// The rows of an index: each template as floats, bytes and bits, and whose it is. Internal to the room.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include <vultus/core/ids.hpp>
#include <vultus/core/result.hpp>
#include <vultus/gallery/index/codes.hpp>
#include <vultus/gallery/index/column.hpp>
#include <vultus/gallery/index/snapshot_file.hpp>
#include <vultus/gallery/index/snapshot_format.hpp>

namespace vultus::gallery {

/// Rows that lie together in one piece: a search may read so many from first() in one go, if it begins at a multiple.
inline constexpr std::size_t kRowsOfPiece = 2048;

/// What rows hold beside the face and whose it is.
enum class Holding : std::uint8_t {
  templates,
  nothing,  ///< the templates are searched elsewhere: such rows tell who has which face, and cannot be searched
};

/// A copy is cheap: it shares the memory, and sees for ever the rows that were there. Rows are added behind the others;
/// a row that goes is marked as dead, and no method of search finds it then.
/// Thread rule: const members from many threads at once; others by one thread alone, on a copy that others do not see,
/// and of two copies only one may grow.
class TemplateRows {
 public:
  explicit TemplateRows(std::size_t dimension, Holding holding = Holding::templates);
  /// The rows of a snapshot. Floats and bytes stay where they are, and are verified when they are read; the rest is
  /// read and verified now.
  /// @error corrupt_data  @throws std::bad_alloc
  static Result<TemplateRows> load(std::shared_ptr<const SnapshotFile> file);

  /// Rows, dead ones too.
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] std::size_t dead() const { return dead_; }
  [[nodiscard]] std::size_t dimension() const { return shape_.dimension; }
  [[nodiscard]] Holding holding() const { return holding_; }
  /// Memory of templates, in all their forms, also where it is mapped from a snapshot.
  [[nodiscard]] std::size_t bytes_of_templates() const {
    return floats_.bytes() + bytes_.bytes() + byte_scale_.bytes() + byte_error_.bytes() + first_.bytes() +
           first_scale_.bytes() + rest_.bytes();
  }
  /// Bytes of a row of bytes.
  [[nodiscard]] std::size_t row_bytes() const { return shape_.row_bytes; }
  [[nodiscard]] const Rotation& rotation() const { return *rotation_; }
  [[nodiscard]] std::size_t first_words() const { return shape_.first_words; }
  /// Words of the bits that are looked at afterwards; 0 for short templates.
  [[nodiscard]] std::size_t rest_words() const { return shape_.rest_words; }
  [[nodiscard]] ProbeCode probe(std::span<const float> values) const {
    return to_probe(values, *rotation_, shape_.row_bytes, shape_.first_words);
  }

  /// @throws std::bad_alloc  before anything is changed
  void make_room(std::size_t rows);
  /// @param values  `dimension` values of unit length, which are not looked at where no templates are held; there must
  ///                be room
  void add(FaceId face, SubjectId subject, std::span<const float> values);
  /// A row of others of the same dimension, as it is; there must be room.
  void add(const TemplateRows& others, std::size_t at);
  /// To be called after the last addition, before a search.
  /// @throws std::bad_alloc
  void close();
  /// Marks a row as dead. @throws std::bad_alloc  nothing is changed then
  void kill(std::size_t at);
  /// Gives a row to another subject. @throws std::bad_alloc  nothing is changed then
  void give(std::size_t at, SubjectId to);

  /// Calls take(section, column) for the columns of a snapshot.
  template <class Take>
  void each_column(const Take& take) const {
    take(Section::faces, faces_), take(Section::owners, subjects_);
    take(Section::byte_scale, byte_scale_), take(Section::byte_error, byte_error_);
    take(Section::first, first_), take(Section::first_scale, first_scale_);
    if (shape_.rest_words > 0) take(Section::rest, rest_);
    take(Section::bytes, bytes_), take(Section::floats, floats_);
  }

  /// True if no row of the chunk of `at` was killed or given away between the other state and this one.
  [[nodiscard]] bool same_owners(const TemplateRows& other, std::size_t at) const {
    return subjects_.chunk(at / kRowsOfChunk) == other.subjects_.chunk(at / kRowsOfChunk);
  }
  [[nodiscard]] bool alive(std::size_t at) const { return *subjects_.row(at) != kNobody; }
  [[nodiscard]] FaceId face(std::size_t at) const { return FaceId(*faces_.row(at)); }
  [[nodiscard]] SubjectId subject(std::size_t at) const { return SubjectId(*subjects_.row(at)); }

  /// @param count  so many rows will be read, in one chunk
  [[nodiscard]] const float* floats(std::size_t at, std::size_t count) const {
    need(Section::floats, shape_.dimension * sizeof(float), at, count);
    return floats_.row(at);
  }
  [[nodiscard]] const std::uint8_t* bytes(std::size_t at, std::size_t count) const {
    need(Section::bytes, shape_.row_bytes, at, count);
    return bytes_.row(at);
  }
  /// Where the bytes of a row lie, not to be read: for prefetching.
  [[nodiscard]] const std::uint8_t* place_of_bytes(std::size_t at) const { return bytes_.row(at); }
  [[nodiscard]] const SnapshotFile* snapshot() const { return file_.get(); }
  [[nodiscard]] const float* place_of_floats(std::size_t at) const { return floats_.row(at); }
  /// True if what was read from the snapshot may not be believed: an answer is of no use then.
  [[nodiscard]] bool damaged() const { return file_ != nullptr && file_->damaged(); }
  [[nodiscard]] const float* byte_scale(std::size_t at) const { return byte_scale_.row(at); }
  [[nodiscard]] const float* byte_error(std::size_t at) const { return byte_error_.row(at); }
  /// The bits that are looked at first, in blocks, as far as the end of the piece.
  /// @param at  a multiple of kRowsOfBlock
  [[nodiscard]] const std::uint8_t* first(std::size_t at) const {
    if (at >= last_piece_) return last_first_->data() + (at - last_piece_) * first_.width();
    return first_.chunk(at / kRowsOfChunk) + at % kRowsOfChunk * first_.width();
  }
  /// As far as the end of the block of the last row.
  [[nodiscard]] const std::int16_t* first_scale(std::size_t at) const { return first_scale_.row(at); }
  /// Rows of rest_words() words and behind them a RestScale, in chunks of kRowsOfChunk rows.
  [[nodiscard]] const std::uint64_t* const* rest() const { return rest_.chunks(); }

 private:
  static constexpr std::int64_t kNobody = INT64_MIN;

  void need(Section section, std::size_t width, std::size_t at, std::size_t count) const {
    if (at < rows_of_file_) file_->need(section, at * width, std::min(count, rows_of_file_ - at) * width);
  }
  /// Where a byte of the first bits lies in its chunk.
  [[nodiscard]] std::size_t place(std::size_t at, std::size_t byte) const {
    const std::size_t block = at % kRowsOfChunk / kRowsOfBlock;
    return (block * first_.width() + byte) * kRowsOfBlock + place_in_block(at % kRowsOfBlock);
  }

  RowShape shape_;
  Holding holding_;
  std::size_t size_ = 0;
  std::size_t dead_ = 0;
  std::shared_ptr<const Rotation> rotation_;
  std::shared_ptr<const SnapshotFile> file_;  // null: all rows lie in memory of their own
  std::size_t rows_of_file_ = 0;
  bool last_of_file_ = false;  // floats and bytes of the last chunk lie in the file, and cannot be written
  Column<std::int64_t> faces_;
  Column<std::int64_t> subjects_;  // kNobody: the row is dead
  Column<float> floats_;
  Column<std::uint8_t> bytes_;
  Column<float> byte_scale_;  // of a dead row not a number: no bound with it reaches anything
  Column<float> byte_error_;
  Column<std::uint8_t> first_;
  Column<std::int16_t> first_scale_;
  Column<std::uint64_t> rest_;
  // The bits of rows that share a block with rows to come would be written while others read them, so the last piece
  // is read from a copy.
  std::size_t last_piece_ = 0;
  std::shared_ptr<const std::vector<std::uint8_t>> last_first_;
};

}  // namespace vultus::gallery
