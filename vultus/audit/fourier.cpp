#include <vultus/audit/fourier.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace vultus::audit {
namespace {

using Complex = std::complex<double>;

std::size_t least_factor(std::size_t n) {
  for (std::size_t p = 2; p * p <= n; ++p)
    if (n % p == 0) return p;
  return n;
}

/// The product of two finite numbers. The standard operator also looks after infinities, which costs a call.
Complex times(const Complex& a, const Complex& b) {
  return {a.real() * b.real() - a.imag() * b.imag(), a.real() * b.imag() + a.imag() * b.real()};
}

/// One row or column: decimation in time by the least prime factor (J. Cooley, J. Tukey, 1965).
/// @param roots  exp(sign 2 pi i k / whole); of the `n` values every whole / n-th is used
void transform(const Complex* in, std::size_t stride, std::size_t n, Complex* out, Complex* scratch,
               const std::vector<Complex>& roots) {
  if (n == 1) {
    *out = *in;
    return;
  }
  const std::size_t p = least_factor(n);
  const std::size_t m = n / p;
  // The parts are written to `scratch`, and use `out` as their own scratch memory.
  for (std::size_t r = 0; r < p; ++r) transform(in + r * stride, stride * p, m, scratch + r * m, out + r * m, roots);
  const std::size_t whole = roots.size();
  const std::size_t step = whole / n;
  for (std::size_t k = 0; k < n; ++k) {
    const std::size_t place = k % m;
    const std::size_t turn = k * step;  // < whole, as every root below is
    Complex sum = scratch[place];
    std::size_t root = 0;
    for (std::size_t r = 1; r < p; ++r) {
      root = root + turn < whole ? root + turn : root + turn - whole;
      sum += times(scratch[r * m + place], roots[root]);
    }
    out[k] = sum;
  }
}

}  // namespace

void fourier_2d(std::vector<Complex>& values, std::size_t side, int sign) {
  std::vector<Complex> roots(side);
  for (std::size_t k = 0; k < side; ++k)
    roots[k] = std::polar(1.0, sign * 2 * std::numbers::pi * static_cast<double>(k) / static_cast<double>(side));
  std::vector<Complex> line(side), scratch(side);
  for (std::size_t y = 0; y < side; ++y) {
    transform(&values[y * side], 1, side, line.data(), scratch.data(), roots);
    std::copy(line.begin(), line.end(), values.begin() + static_cast<std::ptrdiff_t>(y * side));
  }
  for (std::size_t x = 0; x < side; ++x) {
    transform(&values[x], side, side, line.data(), scratch.data(), roots);
    for (std::size_t y = 0; y < side; ++y) values[y * side + x] = line[y];
  }
  if (sign < 0) return;
  const double factor = 1 / (static_cast<double>(side) * static_cast<double>(side));
  for (Complex& value : values) value *= factor;
}

}  // namespace vultus::audit
