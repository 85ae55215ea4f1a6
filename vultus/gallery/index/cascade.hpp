// Search by bits: most rows are left out after a look at a few of their bits. Internal to the room.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>

#include <vultus/gallery/index/best_subjects.hpp>
#include <vultus/gallery/index/codes.hpp>
#include <vultus/gallery/index/kernels.hpp>
#include <vultus/gallery/index/template_rows.hpp>

namespace vultus::gallery {

class Partition;

/// A probe and what it found.
struct CascadeTask {
  const ProbeCode* code;
  BestSubjects* best;
};

/// Rows that a search is limited to: bit r tells that row r may be found.
using RowSet = std::span<const std::uint64_t>;

/// What a search by bits is told.
struct CascadeOptions {
  /// Compares a row exactly and offers it to the task's best.
  std::function<void(std::size_t task, std::size_t row)> compare;
  RowSet only{};  ///< empty: all rows
  /// Null: every row is looked at. Else the rows of so many cells, those nearest to each probe, and those in no cell.
  const Partition* partition = nullptr;
  std::size_t cells = 0;
};

/// Holds every row's first bits against each probe, then the rest of the bits, then bytes, then compares exactly: each
/// step for those rows alone that may still be among the best. By bits a row's similarity is known to within an error
/// whose deviation the theory tells (Gao and Long, RaBitQ, SIGMOD 2024); a row is left out where it would have to be
/// off by three deviations to matter. So how many rows go on depends on how far the best stand out, not on a count.
/// What a task finds does not depend on the other tasks.
/// @cost  34 bytes a row for all tasks together, 40 of each row in twenty for each, some hundred kilobytes
void search_by_bits(const TemplateRows& rows, const Kernels& kernels, std::span<const CascadeTask> tasks,
                    const CascadeOptions& options);

}  // namespace vultus::gallery
