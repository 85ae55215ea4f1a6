// Every set of instructions against plain loops written anew, and all sets against each other.
#include <vultus/gallery/index/codes.hpp>
#include <vultus/gallery/index/kernels.hpp>

#include <bit>
#include <cctype>
#include <cmath>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include <vultus/core/embedding.hpp>

namespace vultus::gallery {
namespace {

std::vector<const Kernels*> all_kernels() {
  std::vector<const Kernels*> all{&portable_kernels()};
  for (const Kernels* kernels : {avx2_kernels(), avx512_kernels(), neon_kernels()})
    if (kernels != nullptr) all.push_back(kernels);
  return all;
}

class KernelsOf : public ::testing::TestWithParam<const Kernels*> {
 protected:
  std::mt19937 random_{11};
  template <class T>
  std::vector<T> numbers(std::size_t count, int from, int to) {
    std::uniform_int_distribution<int> any(from, to);
    std::vector<T> all(count);
    for (T& one : all) one = static_cast<T>(any(random_));
    return all;
  }
  std::vector<float> floats(std::size_t count) {
    std::normal_distribution<float> normal;
    std::vector<float> all(count);
    for (float& one : all) one = normal(random_);
    return all;
  }
  std::vector<std::uint64_t> words(std::size_t count) {
    std::mt19937_64 random(random_());
    std::vector<std::uint64_t> all(count);
    for (std::uint64_t& one : all) one = random();
    return all;
  }
  /// Those of tables that are split are sums, one more than an entry at most.
  std::vector<LookEntries> entries(std::size_t bytes, bool extreme) {
    std::vector<LookEntries> all(2 * bytes);
    for (std::size_t t = 0; t < all.size(); ++t) {
      if (!is_split(t, bytes)) {
        const auto whole = numbers<std::uint8_t>(kTableEntries, extreme ? kMostEntry : 0, kMostEntry);
        std::ranges::copy(whole, all[t].of.begin());
        continue;
      }
      constexpr int kMost = (kMostEntry + 1) / 2;
      const auto low = numbers<std::uint8_t>(4, extreme ? kMost : 0, kMost);
      const auto high = numbers<std::uint8_t>(4, extreme ? kMost : 0, kMost);
      std::ranges::copy(low, all[t].low.begin());
      std::ranges::copy(high, all[t].high.begin());
      for (std::size_t n = 0; n < kTableEntries; ++n)
        all[t].of[n] = static_cast<std::uint8_t>(low[n % 4] + high[n / 4]);
    }
    return all;
  }
};

TEST_P(KernelsOf, ProductsAreThoseOfInnerProductBitForBit) {
  for (const std::size_t dimension : {1U, 2U, 15U, 16U, 17U, 128U, 192U, 511U, 512U, 704U})
    for (const std::size_t count : {1U, 2U, 3U, 4U, 5U, 16U, 19U}) {
      const std::size_t stride = dimension + 3;
      const auto rows = floats(count * stride);
      const auto probe = floats(dimension);
      std::vector<float> out(count);
      GetParam()->products(rows.data(), stride, count, probe.data(), dimension, out.data());
      for (std::size_t r = 0; r < count; ++r)
        EXPECT_EQ(out[r], inner_product(std::span(rows).subspan(r * stride, dimension), probe))
            << dimension << " values, row " << r;
    }
}

TEST_P(KernelsOf, ByteProductsAreExactAlsoAtTheEndsOfTheRange) {
  for (const std::size_t stride : {64U, 192U, 512U})
    for (const std::size_t count : {1U, 3U, 4U, 9U})
      for (std::size_t probes = 1; probes <= kProbesAtOnce; ++probes)
        for (const bool extreme : {false, true}) {
          auto rows = numbers<std::uint8_t>(count * stride, 0, 255);
          auto of = numbers<std::int8_t>(probes * stride, -127, 127);
          if (extreme) {
            std::ranges::fill(rows, std::uint8_t{255});
            std::ranges::fill(of, std::int8_t{-127});
          }
          std::vector<std::int32_t> out(probes * count);
          GetParam()->byte_products(rows.data(), stride, count, of.data(), probes, out.data());
          for (std::size_t p = 0; p < probes; ++p)
            for (std::size_t r = 0; r < count; ++r) {
              std::int64_t sum = 0;
              for (std::size_t d = 0; d < stride; ++d)
                sum += std::int64_t{rows[r * stride + d]} * std::int64_t{of[p * stride + d]};
              EXPECT_EQ(out[p * count + r], sum);
            }
        }
}

/// What a look finds, and in what.
struct Look {
  std::vector<LookTable> tables, wide;
  std::vector<std::uint16_t> rows, sums;
  FirstLook look;
  Look(const std::vector<LookEntries>& entries, std::size_t room, std::int16_t from, std::int16_t slope)
      : tables(tables_of_four(entries)),
        wide(tables_of_six(entries)),
        rows(room + kSpareRows),
        sums(room + kSpareRows),
        look{.tables = tables.front().entries.data(),
             .wide = wide.front().entries.data(),
             .from = from,
             .slope = slope,
             .rows = rows.data(),
             .sums = sums.data(),
             .found = 0} {}
};

TEST_P(KernelsOf, ALookFindsTheRowsWhoseSumsAreHighInOrder) {
  for (const std::size_t bytes : {8U, 16U, 24U, 32U})
    for (const std::size_t count : {1U, 63U, 64U, 65U, 128U, 200U, 512U})
      for (const bool extreme : {false, true}) {
        // Codes row by row, as a reader would write them down; then in blocks.
        const std::size_t filled = (count + kRowsOfBlock - 1) / kRowsOfBlock * kRowsOfBlock;
        const auto codes = numbers<std::uint8_t>(filled * bytes, 0, 255);
        std::vector<std::uint8_t> blocks(filled * bytes);
        for (std::size_t r = 0; r < filled; ++r)
          for (std::size_t b = 0; b < bytes; ++b)
            blocks[(r / kRowsOfBlock * bytes + b) * kRowsOfBlock + place_in_block(r % kRowsOfBlock)] =
                codes[r * bytes + b];
        const auto scales = numbers<std::int16_t>(filled, 1, INT16_MAX);
        std::vector<Look> looks;
        std::vector<std::vector<LookEntries>> tables;
        for (std::size_t l = 0; l < kLooksAtOnce; ++l) {
          tables.push_back(entries(bytes, extreme));
          const int middle = static_cast<int>(bytes) * 15;
          looks.emplace_back(tables.back(), count,
                             extreme ? std::int16_t{-1} : numbers<std::int16_t>(1, middle - 30, middle + 30)[0],
                             numbers<std::int16_t>(1, -150, 150)[0]);
        }
        for (std::size_t some = 1; some <= kLooksAtOnce; ++some) {
          std::vector<FirstLook> told;
          for (std::size_t l = 0; l < some; ++l) told.push_back(looks[l].look);
          GetParam()->first_look(blocks.data(), bytes, scales.data(), count, told.data(), some, {});
          for (std::size_t l = 0; l < some; ++l) {
            std::vector<std::pair<std::size_t, int>> want, got;
            for (std::size_t r = 0; r < count; ++r) {
              int sum = 0;
              for (std::size_t b = 0; b < bytes; ++b) {
                sum += tables[l][2 * b].of[codes[r * bytes + b] % 16];
                sum += tables[l][2 * b + 1].of[codes[r * bytes + b] / 16];
              }
              // Rounded down, also below zero.
              const double share = std::floor(int{scales[r]} * int{told[l].slope} / 65536.0);
              if (sum > told[l].from + share) want.emplace_back(r, sum);
            }
            for (std::size_t i = 0; i < told[l].found; ++i) got.emplace_back(told[l].rows[i], told[l].sums[i]);
            EXPECT_EQ(got, want) << bytes << " bytes, " << count << " rows, look " << l << " of " << some;
          }
        }
      }
}

TEST_P(KernelsOf, TheRestIsAddedInTheRowsOwnUnits) {
  constexpr unsigned kShift = 3;  // eight rows in a chunk
  for (const std::size_t count_of_words : {4U, 12U})
    for (const std::size_t count : {1U, 3U, 4U, 6U, 40U}) {
      const std::size_t width = count_of_words + 1;
      std::vector<std::vector<std::uint64_t>> chunks;
      std::vector<const std::uint64_t*> begins;
      for (std::size_t c = 0; c < 8; ++c) {
        chunks.push_back(words(width << kShift));
        for (std::size_t r = 0; r < 8; ++r)
          chunks.back()[r * width + count_of_words] =
              std::bit_cast<std::uint64_t>(RestScale{.first = static_cast<float>(r + 1), .rest = 0.5F});
      }
      begins.reserve(chunks.size());
      for (const auto& chunk : chunks) begins.push_back(chunk.data());
      const auto planes = words(kProbeBits * count_of_words);
      std::vector<EstimatedRow> rows;
      for (const auto row : numbers<std::uint32_t>(count, 0, 63)) rows.push_back({.estimate = 10, .row = row});
      GetParam()->add_rest(begins.data(), kShift, count_of_words, planes.data(), 7, rows.data(), count);
      for (const EstimatedRow& one : rows) {
        std::int32_t sum = 0;
        const std::uint64_t* const row = chunks[one.row / 8].data() + one.row % 8 * width;
        for (std::size_t w = 0; w < count_of_words; ++w)
          for (std::size_t bit = 0; bit < 64; ++bit) {
            if ((row[w] >> bit & 1U) == 0) continue;
            std::int32_t level = 0;
            for (std::size_t p = 0; p < kProbeBits; ++p)
              level += static_cast<std::int32_t>(planes[p * count_of_words + w] >> bit & 1U) << p;
            sum += 2 * level - 15;
          }
        EXPECT_EQ(one.estimate, 10 * static_cast<float>(one.row % 8 + 1) + static_cast<float>(sum + 7) * 0.5F);
      }
    }
}

TEST_P(KernelsOf, AgreeWithThePortableOnes) {
  const Kernels& plain = portable_kernels();
  for (const std::size_t count : {1U, 7U, 8U, 16U, 33U, 512U}) {
    const auto sums = numbers<std::int32_t>(count, 0, 4000);
    const auto factors = floats(count);
    auto errors = floats(count);
    for (float& error : errors) error = std::abs(error) * 0.01F;
    std::vector<std::uint32_t> rows(count), want_rows(count);
    const ByteProbe probe{.zero = 1000, .scale = 0.001F, .error = 0.01F, .slack = 1e-5F};
    const std::size_t near =
        GetParam()->may_reach(sums.data(), factors.data(), errors.data(), count, probe, 0.5F, rows.data());
    ASSERT_EQ(near, plain.may_reach(sums.data(), factors.data(), errors.data(), count, probe, 0.5F, want_rows.data()));
    rows.resize(near), want_rows.resize(near);
    EXPECT_EQ(rows, want_rows);
  }
}

INSTANTIATE_TEST_SUITE_P(EveryInstructionSet, KernelsOf, ::testing::ValuesIn(all_kernels()), [](const auto& kernels) {
  std::string name = kernels.param->name;
  std::erase_if(name, [](char c) { return std::isalnum(static_cast<unsigned char>(c)) == 0; });
  return name;
});

}  // namespace
}  // namespace vultus::gallery
