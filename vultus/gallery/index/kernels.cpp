#include <vultus/gallery/index/kernels.hpp>

#include <array>
#include <bit>
#include <span>

#include <vultus/core/embedding.hpp>

namespace vultus::gallery {
namespace {

void products(const float* rows, std::size_t stride, std::size_t count, const float* probe, std::size_t dimension,
              float* out) {
  for (std::size_t r = 0; r < count; ++r)
    out[r] = inner_product(std::span(rows + r * stride, dimension), std::span(probe, dimension));
}

void byte_products(const std::uint8_t* rows, std::size_t stride, std::size_t count, const std::int8_t* probes,
                   std::size_t probe_count, std::int32_t* out) {
  for (std::size_t p = 0; p < probe_count; ++p)
    for (std::size_t r = 0; r < count; ++r) {
      std::int32_t sum = 0;
      for (std::size_t d = 0; d < stride; ++d) sum += int{rows[r * stride + d]} * int{probes[p * stride + d]};
      out[p * count + r] = sum;
    }
}

std::int32_t sum_of_word(std::uint64_t bits, const std::uint64_t* planes, std::size_t words) {
  std::int32_t sum = 0;
  for (std::size_t plane = 0; plane < kProbeBits; ++plane) sum += std::popcount(bits & planes[plane * words]) << plane;
  return sum;
}

void bit_sums(const std::uint64_t* blocks, std::size_t words, std::size_t block_count, const std::uint64_t* planes,
              std::int32_t* out) {
  for (std::size_t b = 0; b < block_count; ++b)
    for (std::size_t r = 0; r < kRowsOfBlock; ++r) {
      std::int32_t sum = 0;
      for (std::size_t w = 0; w < words; ++w)
        sum += sum_of_word(blocks[(b * words + w) * kRowsOfBlock + r], planes + w, words);
      out[b * kRowsOfBlock + r] = sum;
    }
}

void add_rest(const std::uint64_t* const* chunks, unsigned chunk_shift, std::size_t words, const std::uint64_t* planes,
              std::int32_t offset, EstimatedRow* rows, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t in_chunk = rows[i].row & ((1U << chunk_shift) - 1U);
    const std::uint64_t* const row = chunks[rows[i].row >> chunk_shift] + in_chunk * (words + 1);
    std::int32_t sum = 0;
    for (std::size_t w = 0; w < words; ++w) sum += sum_of_word(row[w], planes + w, words);
    const auto scale = std::bit_cast<RestScale>(row[words]);
    rows[i].estimate += static_cast<float>(2 * sum + scale.base + offset) * scale.factor;
  }
}

std::size_t may_reach(const std::int32_t* sums, const float* scales, const float* errors, std::size_t count,
                      const ByteProbe& probe, float floor, std::uint32_t* rows) {
  std::size_t found = 0;
  for (std::size_t r = 0; r < count; ++r) {
    const float product = static_cast<float>(sums[r] - probe.zero) * probe.scale * scales[r];
    const float most = product + errors[r] + (1 + errors[r]) * probe.error + probe.slack;
    if (most >= floor) rows[found++] = static_cast<std::uint32_t>(r);
  }
  return found;
}

std::size_t above(const std::int32_t* sums, const std::int16_t* base, const float* factors, std::size_t count,
                  std::int32_t offset, float threshold, std::uint32_t first, EstimatedRow* rows) {
  std::size_t found = 0;
  for (std::size_t r = 0; r < count; ++r) {
    const float estimate = static_cast<float>(2 * sums[r] + base[r] + offset) * factors[r];
    if (estimate > threshold) rows[found++] = {estimate, first + static_cast<std::uint32_t>(r)};
  }
  return found;
}

constexpr Kernels kPortable{"portable", products, byte_products, bit_sums, add_rest, may_reach, above};

}  // namespace

const Kernels& portable_kernels() { return kPortable; }

const Kernels& best_kernels() {
  static const Kernels& best = []() -> const Kernels& {
    for (const Kernels* kernels : {avx512_kernels(), avx2_kernels(), neon_kernels()})
      if (kernels != nullptr) return *kernels;
    return portable_kernels();
  }();
  return best;
}

}  // namespace vultus::gallery
