// Memory for one property of many rows, which never moves. Internal to the room.
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <new>
#include <utility>
#include <vector>

#include <sys/mman.h>

namespace vultus::gallery {

/// Rows that lie together: what a search reads in one go. Growing copies nothing.
inline constexpr unsigned kChunkShift = 14;
inline constexpr std::size_t kRowsOfChunk = std::size_t{1} << kChunkShift;

/// Memory of the system, filled with zeros: pages that were never written take none, and large ones spare the processor
/// its address tables.
/// @throws std::bad_alloc
[[nodiscard]] inline std::shared_ptr<void> own_memory(std::size_t bytes) {
  void* const memory = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) throw std::bad_alloc();
  ::madvise(memory, bytes, MADV_HUGEPAGE);  // a wish: without it search is slower, not wrong
  return {memory, [bytes](void* at) { ::munmap(at, bytes); }};
}

/// One property, `width` values a row, in chunks of kRowsOfChunk rows. A copy shares the chunks, which makes it cheap;
/// what a copy may read is never written again (see own_chunk and fresh_row).
/// Thread rule: const members from many threads at once; others by one thread alone, on a column that others do not
/// see.
template <class T>
class Column {
 public:
  explicit Column(std::size_t width) : width_(width) {}

  [[nodiscard]] std::size_t width() const { return width_; }
  [[nodiscard]] const T* chunk(std::size_t number) const { return begins_[number]; }
  /// Where each chunk begins.
  [[nodiscard]] const T* const* chunks() const { return begins_.data(); }
  [[nodiscard]] const T* row(std::size_t at) const { return chunk(at / kRowsOfChunk) + (at % kRowsOfChunk) * width_; }
  /// A row that no copy reads, in a chunk of make_room.
  [[nodiscard]] T* fresh_row(std::size_t at) { return fresh_chunk(at / kRowsOfChunk) + (at % kRowsOfChunk) * width_; }
  [[nodiscard]] T* fresh_chunk(std::size_t number) { return chunks_[number].get(); }

  /// Memory of its chunks.
  [[nodiscard]] std::size_t bytes() const { return chunks_.size() * bytes_of_chunk(); }

  /// Room for so many rows at least, filled with zeros.
  /// @throws std::bad_alloc
  void make_room(std::size_t rows) {
    while (chunks_.size() * kRowsOfChunk < rows) {
      auto memory = own_memory(bytes_of_chunk());
      put_chunk({memory, static_cast<T*>(memory.get())});
    }
  }
  /// Memory that somebody else filled; read only until own_chunk.
  void put_chunk(std::shared_ptr<T> memory) {
    begins_.reserve(begins_.size() + 1);
    chunks_.push_back(std::move(memory));
    begins_.push_back(chunks_.back().get());
  }
  /// Copies a chunk that other columns see too, so that its rows may be written.
  /// @param rows  so many of its rows are copied
  /// @throws std::bad_alloc
  T* own_chunk(std::size_t number, std::size_t rows = kRowsOfChunk) {
    // Alone in this column since it was copied: then it was made here. (What others hold is also in the column that
    // this one was copied from, which lives longer.)
    if (chunks_[number].use_count() > 1) {
      auto memory = own_memory(bytes_of_chunk());
      std::shared_ptr<T> copy(memory, static_cast<T*>(memory.get()));
      std::copy_n(begins_[number], rows * width_, copy.get());
      chunks_[number] = std::move(copy);
      begins_[number] = chunks_[number].get();
    }
    return chunks_[number].get();
  }

 private:
  [[nodiscard]] std::size_t bytes_of_chunk() const { return kRowsOfChunk * width_ * sizeof(T); }

  std::size_t width_;
  std::vector<std::shared_ptr<T>> chunks_;
  std::vector<const T*> begins_;
};

}  // namespace vultus::gallery
