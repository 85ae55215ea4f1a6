// Rows of a table that show nearly the same picture, by hashes that were computed where pictures may be decoded.
// Internal to the room.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <vultus/core/result.hpp>
#include <vultus/evaluation/table.hpp>

namespace vultus::evaluation {

struct RowPair {
  std::size_t first = 0;
  std::size_t second = 0;  ///< > first
  int distance = 0;        ///< bits
  bool operator==(const RowPair&) const = default;
};

/// A column of 16 hexadecimal digits; empty fields are nothing.
/// @error invalid_argument  no such column; corrupt_data  another text, by its line
[[nodiscard]] Result<std::vector<std::optional<std::uint64_t>>> picture_hashes(const Table& samples,
                                                                               const std::string& column);

/// All pairs of hashes that differ in at most `distance` bits, each once, by position.
/// If two hashes differ in d bits, at least one of d + 1 stretches of them is equal: only such pairs are compared.
/// @param distance  [0, 16]
/// @error invalid_argument  distance out of range
[[nodiscard]] Result<std::vector<RowPair>> near_rows(std::span<const std::optional<std::uint64_t>> hashes,
                                                     int distance);

}  // namespace vultus::evaluation
