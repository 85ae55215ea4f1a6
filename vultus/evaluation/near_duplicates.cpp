#include <vultus/evaluation/near_duplicates.hpp>

#include <algorithm>
#include <bit>
#include <charconv>
#include <tuple>
#include <unordered_map>

#include <fmt/format.h>

namespace vultus::evaluation {

Result<std::vector<std::optional<std::uint64_t>>> picture_hashes(const Table& samples, const std::string& column) {
  constexpr std::size_t kDigits = 16;
  VULTUS_TRY(const std::size_t at, samples.column(column));
  std::vector<std::optional<std::uint64_t>> all;
  for (std::size_t row = 0; row < samples.rows(); ++row) {
    const std::string& text = samples.at(row, at);
    if (text.empty()) {
      all.emplace_back();
      continue;
    }
    std::uint64_t hash = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), hash, 16);
    if (text.size() != kDigits || error != std::errc() || end != text.data() + text.size())
      return fail(ErrorCode::corrupt_data,
                  fmt::format("{}: line {}, column \"{}\": \"{}\" is not 16 hexadecimal digits", samples.source(),
                              samples.line(row), column, text));
    all.emplace_back(hash);
  }
  return all;
}

Result<std::vector<RowPair>> near_rows(std::span<const std::optional<std::uint64_t>> hashes, int distance) {
  constexpr int kBits = 64;
  if (distance < 0 || distance > 16)
    return fail(ErrorCode::invalid_argument, fmt::format("distance of picture hashes {}: 0 to 16 bits", distance));
  std::vector<RowPair> pairs;
  const int stretches = distance + 1;
  for (int s = 0; s < stretches; ++s) {
    const int from = kBits * s / stretches;
    const int to = kBits * (s + 1) / stretches;
    const std::uint64_t mask = (to - from >= kBits ? ~std::uint64_t{0} : (std::uint64_t{1} << (to - from)) - 1) << from;
    std::unordered_map<std::uint64_t, std::vector<std::size_t>> meeting;
    for (std::size_t row = 0; row < hashes.size(); ++row) {
      if (!hashes[row]) continue;
      std::vector<std::size_t>& there = meeting[*hashes[row] & mask];
      for (const std::size_t other : there)
        if (const int bits = std::popcount(*hashes[row] ^ *hashes[other]); bits <= distance)
          pairs.push_back({other, row, bits});
      there.push_back(row);
    }
  }
  std::sort(pairs.begin(), pairs.end(), [](const RowPair& a, const RowPair& b) {
    return std::tie(a.first, a.second) < std::tie(b.first, b.second);
  });
  pairs.erase(std::unique(pairs.begin(), pairs.end()), pairs.end());
  return pairs;
}

}  // namespace vultus::evaluation
