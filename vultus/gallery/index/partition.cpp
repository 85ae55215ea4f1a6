#include <vultus/gallery/index/partition.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

namespace vultus::gallery {
namespace {

// Of the sample for each cell: more make the centroids hardly better (Johnson et al., FAISS, take 256 at most).
constexpr std::size_t kSampleOfCell = 48;
constexpr int kRounds = 8;

/// Centroids as bytes, in the form of probes, and what makes their products comparable.
struct ByteCentroids {
  std::size_t width;
  std::vector<std::int8_t> bytes;
  std::vector<float> scale;
  std::vector<std::int32_t> zero;

  ByteCentroids(std::span<const float> centroids, std::size_t dimension, std::size_t row_bytes) : width(row_bytes) {
    std::vector<std::uint8_t> row(width);
    for (std::size_t c = 0; c < centroids.size(); c += dimension) {
      scale.push_back(to_bytes(centroids.subspan(c, dimension), row).scale);
      std::int32_t sum = 0;
      for (const std::uint8_t byte : row) {
        bytes.push_back(static_cast<std::int8_t>(int{byte} - kByteZero));
        sum += bytes.back();
      }
      zero.push_back(sum * kByteZero);
    }
  }
};

/// The nearest centroid of some rows that lie together.
void assign(const std::uint8_t* rows, std::size_t count, const ByteCentroids& to, const Kernels& kernels,
            std::uint32_t* nearest) {
  constexpr std::size_t kTile = 64;
  std::array<std::int32_t, kTile * kProbesAtOnce> sums{};
  std::array<float, kTile> best{};
  for (std::size_t from = 0; from < count; from += kTile) {
    const std::size_t some = std::min(kTile, count - from);
    for (std::size_t c = 0; c < to.scale.size(); c += kProbesAtOnce) {
      const std::size_t group = std::min(kProbesAtOnce, to.scale.size() - c);
      kernels.byte_products(rows + from * to.width, to.width, some, to.bytes.data() + c * to.width, group, sums.data());
      for (std::size_t i = 0; i < group; ++i)
        for (std::size_t r = 0; r < some; ++r) {
          // The row's own scale is the same for all centroids.
          const float like = static_cast<float>(sums[i * some + r] - to.zero[c + i]) * to.scale[c + i];
          if (c + i > 0 && like <= best[r]) continue;
          best[r] = like;
          nearest[from + r] = static_cast<std::uint32_t>(c + i);
        }
    }
  }
}

void normalise(std::span<float> values) {
  double square = 0;
  for (const float v : values) square += double{v} * double{v};
  if (!(square > 0)) return;
  for (float& v : values) v = static_cast<float>(v / std::sqrt(square));
}

/// Rows spread over all, every so many.
std::vector<std::size_t> sample_of(std::size_t rows, std::size_t count) {
  std::vector<std::size_t> sample(std::min(rows, count));
  for (std::size_t i = 0; i < sample.size(); ++i) sample[i] = rows * i / sample.size();
  return sample;
}

std::vector<float> centroids_of(const TemplateRows& rows, const Kernels& kernels, std::size_t cells,
                                const std::stop_token& stop) {
  const std::size_t dimension = rows.dimension(), width = rows.row_bytes();
  const std::vector<std::size_t> sample = sample_of(rows.size(), cells * kSampleOfCell);
  std::vector<std::uint8_t> bytes(sample.size() * width);
  for (std::size_t i = 0; i < sample.size(); ++i)
    std::copy_n(rows.bytes(sample[i], 1), width, bytes.data() + i * width);
  std::vector<float> centroids(cells * dimension);
  for (std::size_t c = 0; c < cells; ++c)
    std::copy_n(rows.floats(sample[sample.size() * c / cells], 1), dimension, centroids.data() + c * dimension);
  std::vector<std::uint32_t> nearest(sample.size());
  for (int round = 0; round < kRounds && !stop.stop_requested(); ++round) {
    assign(bytes.data(), sample.size(), {centroids, dimension, width}, kernels, nearest.data());
    std::vector<float> sums(centroids.size());
    std::vector<std::size_t> counts(cells);
    for (std::size_t i = 0; i < sample.size(); ++i) {
      const float* const values = rows.floats(sample[i], 1);
      float* const sum = sums.data() + nearest[i] * dimension;
      for (std::size_t d = 0; d < dimension; ++d) sum[d] += values[d];
      ++counts[nearest[i]];
    }
    for (std::size_t c = 0; c < cells; ++c) {
      if (counts[c] == 0) continue;  // stays where it was
      normalise(std::span(sums).subspan(c * dimension, dimension));
      std::copy_n(sums.begin() + static_cast<std::ptrdiff_t>(c * dimension), dimension,
                  centroids.begin() + static_cast<std::ptrdiff_t>(c * dimension));
    }
  }
  return centroids;
}

}  // namespace

Partition::Partition(const TemplateRows& rows, const Kernels& kernels, std::size_t cells, const std::stop_token& stop)
    : dimension_(rows.dimension()),
      code_bytes_(rows.first_words() * sizeof(std::uint64_t)),
      centroids_(centroids_of(rows, kernels, cells, stop)),
      begins_(cells + 1),
      rows_(rows.size()),
      blocks_(cells) {
  std::vector<std::uint32_t> cell_of(rows.size());
  const ByteCentroids centroids(centroids_, dimension_, rows.row_bytes());
  for (std::size_t from = 0; from < rows.size() && !stop.stop_requested(); from += kRowsOfChunk) {
    const std::size_t count = std::min(kRowsOfChunk, rows.size() - from);
    assign(rows.bytes(from, count), count, centroids, kernels, cell_of.data() + from);
  }
  for (const std::uint32_t cell : cell_of) ++begins_[cell + 1];
  std::size_t filled = 0;
  for (std::size_t c = 0; c < cells; ++c) {
    blocks_[c] = filled;
    filled += (begins_[c + 1] + kRowsOfBlock - 1) / kRowsOfBlock * kRowsOfBlock;
  }
  std::partial_sum(begins_.begin(), begins_.end(), begins_.begin());
  first_.resize(filled * code_bytes_);
  scales_.resize(filled);
  std::vector<std::size_t> next(begins_.begin(), begins_.end() - 1);
  for (std::size_t row = 0; row < rows.size(); ++row) {
    const std::size_t cell = cell_of[row];
    const std::size_t in_cell = next[cell]++ - begins_[cell], at = blocks_[cell] + in_cell;
    rows_[begins_[cell] + in_cell] = static_cast<std::uint32_t>(row);
    scales_[at] = *rows.first_scale(row);
    const std::uint8_t* const from = rows.first(row / kRowsOfBlock * kRowsOfBlock) + place_in_block(row % kRowsOfBlock);
    std::uint8_t* const to =
        first_.data() + at / kRowsOfBlock * kRowsOfBlock * code_bytes_ + place_in_block(at % kRowsOfBlock);
    for (std::size_t b = 0; b < code_bytes_; ++b) to[b * kRowsOfBlock] = from[b * kRowsOfBlock];
  }
}

Cell Partition::cell(std::size_t number) const {
  return {.first = first_.data() + blocks_[number] * code_bytes_,
          .scales = scales_.data() + blocks_[number],
          .rows = rows_.data() + begins_[number],
          .count = begins_[number + 1] - begins_[number]};
}

std::vector<std::uint32_t> Partition::nearest(std::span<const float> probe, const Kernels& kernels) const {
  std::vector<float> like(cells());
  kernels.products(centroids_.data(), dimension_, cells(), probe.data(), dimension_, like.data());
  std::vector<std::uint32_t> order(cells());
  std::iota(order.begin(), order.end(), 0U);
  std::ranges::sort(order,
                    [&](std::uint32_t a, std::uint32_t b) { return like[a] != like[b] ? like[a] > like[b] : a < b; });
  return order;
}

}  // namespace vultus::gallery
