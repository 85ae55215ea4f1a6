// The discrete Fourier transform of small squares. Internal to the room.
#pragma once

#include <complex>
#include <cstddef>
#include <vector>

namespace vultus::audit {

/// Transforms a square in place: X[v, u] = sum x[y, x] exp(-2 pi i (u x + v y) / side), or its inverse with + and the
/// factor 1 / side^2.
/// @param values  side x side, row by row
/// @param sign    -1 forward, +1 inverse
/// @cost O(side^2 * sum of the prime factors of side)
void fourier_2d(std::vector<std::complex<double>>& values, std::size_t side, int sign);

}  // namespace vultus::audit
