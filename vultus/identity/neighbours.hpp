// The most similar rows of each row of a matrix. Internal to the room.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <stop_token>
#include <vector>

#include <vultus/core/result.hpp>

namespace vultus::identity {

struct Neighbour {
  std::uint32_t row = 0;
  float similarity = 0;
  bool operator==(const Neighbour&) const = default;
};

struct NeighbourOptions {
  float floor = 0;        ///< smaller similarities are left out
  std::size_t most = 64;  ///< neighbours of one row, at least 1
  int threads = 1;
  /// Asked for pairs at or above the floor; false = no neighbours. Called by all threads.
  std::function<bool(std::uint32_t, std::uint32_t)> allowed;
};

/// Inner products of all rows with all others, block by block; of each row the largest are kept.
/// @param rows       n * dimension values
/// @return of each row its neighbours, most similar first, of equals the lower row first
/// @error cancelled  stop was requested
/// @cost n^2 * dimension multiplications, memory n * (dimension + most)
[[nodiscard]] Result<std::vector<std::vector<Neighbour>>> nearest_rows(std::span<const float> rows,
                                                                       std::size_t dimension,
                                                                       const NeighbourOptions& options,
                                                                       const std::stop_token& stop);

/// Makes the relation hold both ways: a row that is near another one's, whose own list had no room for it, gets it too.
void make_mutual(std::vector<std::vector<Neighbour>>& near);

}  // namespace vultus::identity
