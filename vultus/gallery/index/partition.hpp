// Rows grouped by what they resemble, so that a search may leave most groups out. Internal to the room.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <stop_token>
#include <vector>

#include <vultus/gallery/index/codes.hpp>
#include <vultus/gallery/index/kernels.hpp>
#include <vultus/gallery/index/template_rows.hpp>
#include <vultus/gallery/search_index.hpp>

namespace vultus::gallery {

/// How an index is partitioned.
struct PartitionOptions {
  std::size_t cells = 0;     ///< groups of rows, up to kMostCells; 0: about the square root of the rows
  double recall = 0.99;      ///< of the most similar template that a search is to find, [0.5, 1]
  std::size_t probes = 256;  ///< templates of the index by which this is measured, 1 at least
  bool usual = true;         ///< a search that names no method uses them too
  std::stop_token stop = {};
  static constexpr std::size_t kMostCells = 65'536;
};

using PartitionReport = SearchCells;

/// The rows of a cell: their first bits as a search looks at them.
struct Cell {
  const std::uint8_t* first;
  const std::int16_t* scales;
  const std::uint32_t* rows;
  std::size_t count;
};

/// Cells around centroids (spherical k-means on a sample; Dhillon and Modha 2001), and the first bits of the rows of
/// each, side by side. Rows that are added later are in no cell. Immutable.
class Partition {
 public:
  /// @cost  a byte product of every row and centroid, and ten times that of the sample
  /// @param cells  at least 1, at most the rows
  /// @param stop   where it was asked before this has returned, what was made is of no use
  Partition(const TemplateRows& rows, const Kernels& kernels, std::size_t cells, const std::stop_token& stop = {});

  [[nodiscard]] std::size_t cells() const { return begins_.size() - 1; }
  /// Rows that are in cells: those before this number.
  [[nodiscard]] std::size_t rows() const { return rows_.size(); }
  [[nodiscard]] Cell cell(std::size_t number) const;
  /// All cells, those whose centroids resemble a probe most first.
  [[nodiscard]] std::vector<std::uint32_t> nearest(std::span<const float> probe, const Kernels& kernels) const;

  /// What was measured; decides how many cells a search looks at.
  PartitionReport report;
  bool usual = true;  ///< as PartitionOptions::usual

 private:
  std::size_t dimension_, code_bytes_;
  std::vector<float> centroids_;
  std::vector<std::size_t> begins_;  // of each cell in rows_, and the end
  std::vector<std::uint32_t> rows_;
  std::vector<std::size_t> blocks_;  // where the blocks of each cell begin, in rows with those that fill up
  std::vector<std::uint8_t> first_;
  std::vector<std::int16_t> scales_;
};

}  // namespace vultus::gallery
