#include <vultus/identity/neighbours.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <thread>

namespace vultus::identity {
namespace {

// Eight columns fill two vector registers of the smallest processors; four queries use each of them four times.
constexpr std::size_t kPanelColumns = 8;
constexpr std::size_t kQueries = 4;
// Queries that stay in the second-level cache while all columns pass over them.
constexpr std::size_t kBlock = 64;

bool comes_before(const Neighbour& a, const Neighbour& b) {
  return a.similarity != b.similarity ? a.similarity > b.similarity : a.row < b.row;
}

/// Columns side by side: panel p holds value t of its eight rows at [t * 8].
std::vector<float> panels_of(std::span<const float> rows, std::size_t dimension, std::size_t count) {
  const std::size_t panels = (count + kPanelColumns - 1) / kPanelColumns;
  std::vector<float> packed(panels * kPanelColumns * dimension, 0.0F);
  for (std::size_t row = 0; row < count; ++row) {
    float* panel = packed.data() + row / kPanelColumns * kPanelColumns * dimension;
    for (std::size_t t = 0; t < dimension; ++t)
      panel[t * kPanelColumns + row % kPanelColumns] = rows[row * dimension + t];
  }
  return packed;
}

using Products = std::array<std::array<float, kPanelColumns>, kQueries>;

/// Every sum runs over the dimensions in order, so that a pair has the same bits wherever it stands.
Products multiply(const std::array<const float*, kQueries>& queries, const float* panel, std::size_t dimension) {
  Products sums{};
  for (std::size_t t = 0; t < dimension; ++t)
    for (std::size_t q = 0; q < kQueries; ++q) {
      const float value = queries[q][t];
      for (std::size_t c = 0; c < kPanelColumns; ++c) sums[q][c] += value * panel[t * kPanelColumns + c];
    }
  return sums;
}

/// Keeps the best of one row: a heap whose front is the worst.
void offer(std::vector<Neighbour>& kept, const Neighbour& one, std::size_t most) {
  if (kept.size() == most) {
    if (!comes_before(one, kept.front())) return;
    std::ranges::pop_heap(kept, comes_before);
    kept.back() = one;
  } else {
    kept.push_back(one);
  }
  std::ranges::push_heap(kept, comes_before);
}

struct Matrix {
  std::span<const float> rows;
  std::size_t dimension = 0;
  std::size_t count = 0;
  std::vector<float> panels;
};

void look_at_block(const Matrix& m, std::size_t from, const NeighbourOptions& options,
                   std::vector<std::vector<Neighbour>>& found) {
  const std::size_t to = std::min(from + kBlock, m.count);
  for (std::size_t column = 0; column < m.count; column += kPanelColumns) {
    const float* panel = m.panels.data() + column * m.dimension;
    for (std::size_t first = from; first < to; first += kQueries) {
      std::array<const float*, kQueries> queries{};
      // Behind the last row the last one is looked at again, and its answer not taken.
      for (std::size_t q = 0; q < kQueries; ++q)
        queries[q] = m.rows.data() + std::min(first + q, m.count - 1) * m.dimension;
      const Products products = multiply(queries, panel, m.dimension);
      for (std::size_t q = 0; q < kQueries && first + q < to; ++q)
        for (std::size_t c = 0; c < kPanelColumns; ++c) {
          if (!(products[q][c] >= options.floor)) continue;
          const auto row = static_cast<std::uint32_t>(first + q);
          const auto other = static_cast<std::uint32_t>(column + c);
          if (other >= m.count || other == row || (options.allowed && !options.allowed(row, other))) continue;
          offer(found[row], {other, products[q][c]}, options.most);
        }
    }
  }
  for (std::size_t row = from; row < to; ++row) std::ranges::sort(found[row], comes_before);
}

}  // namespace

Result<std::vector<std::vector<Neighbour>>> nearest_rows(std::span<const float> rows, std::size_t dimension,
                                                         const NeighbourOptions& options, const std::stop_token& stop) {
  const std::size_t count = dimension == 0 ? 0 : rows.size() / dimension;
  const Matrix matrix{rows, dimension, count, panels_of(rows, dimension, count)};
  std::vector<std::vector<Neighbour>> found(count);
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    for (;;) {
      const std::size_t from = next.fetch_add(kBlock);
      if (from >= count || stop.stop_requested()) return;
      look_at_block(matrix, from, options, found);
    }
  };
  {
    std::vector<std::jthread> others;
    for (int i = 1; i < options.threads && static_cast<std::size_t>(i) * kBlock < count; ++i) others.emplace_back(work);
    work();
  }
  if (stop.stop_requested()) return fail(ErrorCode::cancelled, "stopped while comparing all faces with each other");
  return found;
}

void make_mutual(std::vector<std::vector<Neighbour>>& near) {
  std::vector<std::size_t> own;
  own.reserve(near.size());
  for (const auto& list : near) own.push_back(list.size());
  for (std::uint32_t row = 0; row < near.size(); ++row)
    for (std::size_t i = 0; i < own[row]; ++i) {
      const Neighbour to = near[row][i];
      near[to.row].push_back({row, to.similarity});
    }
  for (auto& list : near) {
    std::ranges::sort(list, comes_before);
    list.erase(std::unique(list.begin(), list.end()), list.end());
  }
}

}  // namespace vultus::identity
