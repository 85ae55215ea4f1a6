#include <vultus/gallery/index/kernels.hpp>

#include <algorithm>
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

/// One look at blocks of rows, by tables for whole bytes. @param tables  [bytes][256]
void first_look_by_bytes(const std::uint8_t* blocks, std::size_t bytes, const std::int16_t* scales, std::size_t count,
                         const std::uint8_t* tables, FirstLook& look, ReadSoon& soon) {
  for (std::size_t r = 0; r < count; r += kRowsOfBlock) {
    for (std::size_t i = 0; i < soon.lines; ++i, soon.at += kCacheLine) __builtin_prefetch(soon.at);
    const std::uint8_t* const block = blocks + r * bytes;
    std::array<std::uint16_t, kRowsOfBlock> sums{};
    for (std::size_t b = 0; b < bytes; ++b)
      for (std::size_t place = 0; place < kRowsOfBlock; ++place)
        sums[place] = static_cast<std::uint16_t>(sums[place] + tables[b * 256 + block[b * kRowsOfBlock + place]]);
    for (std::size_t i = 0; i < std::min(kRowsOfBlock, count - r); ++i) {
      const std::uint16_t sum = sums[place_in_block(i)];
      // Sixteen bits, as wide registers compute.
      const auto least =
          static_cast<std::int16_t>(look.from + static_cast<std::int16_t>(scales[r + i] * look.slope >> 16));
      look.rows[look.found] = static_cast<std::uint16_t>(r + i);
      look.sums[look.found] = sum;
      look.found += sum > least ? 1 : 0;
    }
  }
}

void first_look(const std::uint8_t* blocks, std::size_t bytes, const std::int16_t* scales, std::size_t count,
                FirstLook* looks, std::size_t look_count, ReadSoon soon) {
  constexpr std::size_t kMostBytes = 32;
  std::array<std::uint8_t, kMostBytes * 256> tables;
  for (FirstLook& look : std::span(looks, look_count)) {
    for (std::size_t b = 0; b < bytes; ++b) {
      const std::uint8_t* const low = look.tables + b * 2 * kTableCopies * kTableEntries;
      const std::uint8_t* const high = low + kTableCopies * kTableEntries;
      for (std::size_t byte = 0; byte < 256; ++byte)
        tables[b * 256 + byte] = static_cast<std::uint8_t>(low[byte % kTableEntries] + high[byte / kTableEntries]);
    }
    look.found = 0;
    first_look_by_bytes(blocks, bytes, scales, count, tables.data(), look, soon);
    soon.lines = 0;  // all of them were asked for
  }
}

void add_rest(const std::uint64_t* const* chunks, unsigned chunk_shift, std::size_t words, const std::uint64_t* planes,
              std::int32_t offset, EstimatedRow* rows, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t in_chunk = rows[i].row & ((1U << chunk_shift) - 1U);
    const std::uint64_t* const row = chunks[rows[i].row >> chunk_shift] + in_chunk * (words + 1);
    std::int32_t sum = 0;
    for (std::size_t w = 0; w < words; ++w)
      sum += 2 * sum_of_word(row[w], planes + w, words) - kMostLevel * std::popcount(row[w]);
    const auto scale = std::bit_cast<RestScale>(row[words]);
    rows[i].estimate = rows[i].estimate * scale.first + static_cast<float>(sum + offset) * scale.rest;
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

constexpr Kernels kPortable{"portable", products, byte_products, first_look, add_rest, may_reach};

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
