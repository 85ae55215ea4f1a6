// Arrays of numpy files, bounded.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <vultus/core/result.hpp>

namespace vultus::face3d {

/// A numpy array of numbers, rows first.
struct NpyArray {
  std::vector<std::size_t> shape;
  std::vector<float> values;  ///< whatever the file's type
};

/// Reads a version 1 or 2 file of little-endian float16, float32, float64 or int32 values in C order.
/// @param max_values  more are refused before memory is taken
/// @error corrupt_data    not such a file, cut short, or with bytes behind its values
/// @error unsupported     another type of value, or Fortran order
/// @error resource_limit  more values than max_values
/// @thread safe, no state
[[nodiscard]] Result<NpyArray> read_npy(std::span<const std::uint8_t> bytes, std::size_t max_values);

}  // namespace vultus::face3d
