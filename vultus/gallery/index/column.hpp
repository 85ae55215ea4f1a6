// Memory for one property of many rows, which never moves. Internal to the room.
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <new>
#include <vector>

#include <sys/mman.h>

namespace vultus::gallery {

/// Rows that lie together: what a search reads in one go. Growing copies nothing.
inline constexpr unsigned kChunkShift = 14;
inline constexpr std::size_t kRowsOfChunk = std::size_t{1} << kChunkShift;

/// One property, `width` values a row, in chunks of kRowsOfChunk rows. Chunks come from the system directly: pages that
/// were never written take no memory, and large ones spare the processor its address tables.
template <class T>
class Column {
 public:
  explicit Column(std::size_t width) : width_(width) {}

  [[nodiscard]] std::size_t width() const { return width_; }
  [[nodiscard]] T* chunk(std::size_t number) { return chunks_[number].get(); }
  [[nodiscard]] const T* chunk(std::size_t number) const { return chunks_[number].get(); }
  /// Where each chunk begins.
  [[nodiscard]] const T* const* chunks() const { return begins_.data(); }
  [[nodiscard]] T* row(std::size_t at) { return chunk(at / kRowsOfChunk) + (at % kRowsOfChunk) * width_; }
  [[nodiscard]] const T* row(std::size_t at) const { return chunk(at / kRowsOfChunk) + (at % kRowsOfChunk) * width_; }

  /// Room for so many rows at least, filled with zeros; nothing is lost.
  /// @throws std::bad_alloc
  void make_room(std::size_t rows) {
    while (chunks_.size() * kRowsOfChunk < rows) {
      const std::size_t bytes = kRowsOfChunk * width_ * sizeof(T);
      void* const memory = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
      if (memory == MAP_FAILED) throw std::bad_alloc();
      ::madvise(memory, bytes, MADV_HUGEPAGE);  // a wish: without it search is slower, not wrong
      chunks_.emplace_back(static_cast<T*>(memory), Unmap{bytes});
      begins_.push_back(chunks_.back().get());
    }
  }
  /// Gives back what lies beyond so many rows, but for one chunk in reserve.
  void shrink(std::size_t rows) {
    while (chunks_.size() > 1 && (chunks_.size() - 2) * kRowsOfChunk >= rows) {
      chunks_.pop_back();
      begins_.pop_back();
    }
  }
  /// The last row takes the place of another; nothing of either stays where it was.
  void move_row(std::size_t from, std::size_t to) {
    if (from != to) std::copy_n(row(from), width_, row(to));
    std::fill_n(row(from), width_, T{});
  }

 private:
  struct Unmap {
    std::size_t bytes;
    void operator()(T* memory) const { ::munmap(memory, bytes); }
  };
  std::size_t width_;
  std::vector<std::unique_ptr<T, Unmap>> chunks_;
  std::vector<const T*> begins_;
};

}  // namespace vultus::gallery
