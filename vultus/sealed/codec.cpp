#include <vultus/sealed/codec.hpp>

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>
#include <string>

#include <vultus/sealed/number.hpp>
#include <vultus/sealed/slots.hpp>

namespace vultus::sealed {
namespace {

constexpr std::size_t kNamedValues = 3;  ///< so many are told in an error

int bits_of(std::uint64_t value) { return static_cast<int>(std::bit_width(value)); }

/// ceil(log2 k).
int log_of(int k) { return bits_of(static_cast<std::uint64_t>(k) - 1); }

std::int64_t product_bound_of(std::int64_t a, std::int64_t b) {
  Number root;
  mpz_sqrt(root.get(), (Number(a) * Number(b)).get());
  return mpz_get_si(root.get());
}

/// "value 3 is 1.7, value 9 is -1.2, ...": the largest ones.
template <class T>
std::string largest(std::span<const T> values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const std::size_t count = std::min(kNamedValues, order.size());
  std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(count), order.end(),
                    [&](std::size_t a, std::size_t b) {
                      const auto x = std::abs(static_cast<double>(values[a]));
                      const auto y = std::abs(static_cast<double>(values[b]));
                      return x != y ? x > y : a < b;
                    });
  std::string text;
  for (std::size_t i = 0; i < count; ++i)
    text += (i > 0 ? ", " : "") + ("value " + std::to_string(order[i])) + " is " + std::to_string(values[order[i]]);
  return text;
}

}  // namespace

std::int64_t norm_bound(int scale, int dimension) {
  const double length = scale * (1 + kLengthSlack) + std::sqrt(static_cast<double>(dimension)) / 2;
  return static_cast<std::int64_t>(std::floor(length * length));
}

Result<Layout> layout_for(const PublicKey& key, int dimension, const Precision& precision) {
  if (dimension < 1 || dimension > kMaxDimension)
    return fail(ErrorCode::invalid_argument, "templates of " + std::to_string(dimension) + " values: 1 to " +
                                                 std::to_string(kMaxDimension) + " are possible");
  for (const int scale : {precision.sealed, precision.plain})
    if (scale < 1 || scale > kMaxScale)
      return fail(ErrorCode::invalid_argument,
                  "a scale of " + std::to_string(scale) + ": 1 to " + std::to_string(kMaxScale) + " is possible");
  Layout layout{.dimension = dimension,
                .precision = precision,
                .sealed_norm_bound = norm_bound(precision.sealed, dimension),
                .plain_norm_bound = norm_bound(precision.plain, dimension)};
  layout.product_bound = product_bound_of(layout.sealed_norm_bound, layout.plain_norm_bound);
  layout.slot_bits = bits_of(static_cast<std::uint64_t>(layout.product_bound)) + 1;
  const auto room = static_cast<int>(key.usable_bits()) + 1;
  int slots = room / layout.slot_bits;
  while (slots > 0 && (slots + 1) * layout.slot_bits + log_of(slots) > room) --slots;
  if (slots < 1)
    return fail(ErrorCode::invalid_argument, "messages of this key have " + std::to_string(room) +
                                                 " bits, two slots of " + std::to_string(layout.slot_bits) +
                                                 " bits do not fit: a longer key or smaller scales are wanted");
  layout.slots = slots;
  return layout;
}

Result<std::vector<std::int32_t>> quantise(std::span<const float> values, int scale) {
  double square = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!std::isfinite(values[i]))
      return fail(ErrorCode::invalid_argument, "a template holds a value that is no finite number: value " +
                                                   std::to_string(i) + " of " + std::to_string(values.size()) + " is " +
                                                   std::to_string(values[i]));
    square += static_cast<double>(values[i]) * values[i];
  }
  if (std::sqrt(square) > 1 + kLengthSlack)
    return fail(ErrorCode::invalid_argument, "a template has length " + std::to_string(std::sqrt(square)) +
                                                 ", the limit is " + std::to_string(1 + kLengthSlack) +
                                                 " (unit vectors are wanted): " + largest(values));
  std::vector<std::int32_t> whole;
  whole.reserve(values.size());
  for (const float value : values) whole.push_back(static_cast<std::int32_t>(std::lround(double{value} * scale)));
  return whole;
}

Status check_norm(std::span<const std::int32_t> values, std::int64_t norm_bound) {
  // Sums of squares of 32-bit numbers may leave 64 bits: a value that is too large alone ends the loop before.
  std::int64_t square = 0;
  for (const std::int32_t value : values) {
    square += std::int64_t{value} * value;
    if (square > norm_bound)
      return fail(ErrorCode::invalid_argument, "a vector is too long: the sum of its squares is above " +
                                                   std::to_string(norm_bound) + ", the limit; " + largest(values));
  }
  return {};
}

std::int64_t plain_product(std::span<const std::int32_t> a, std::span<const std::int32_t> b) {
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += std::int64_t{a[i]} * b[i];
  return sum;
}

Number slot_message(const Layout& layout, std::span<const std::int64_t> values, int first) {
  Number message;
  std::int64_t sum = 0;
  for (std::size_t k = values.size(); k-- > 0;) {
    mpz_mul_2exp(message.get(), message.get(), static_cast<mp_bitcnt_t>(layout.slot_bits));
    message = message + Number(values[k]);
    sum += values[k];
  }
  mpz_mul_2exp(message.get(), message.get(), static_cast<mp_bitcnt_t>(layout.slot_bits) * static_cast<unsigned>(first));
  return message + Number(sum) * power_of_two(static_cast<std::size_t>(layout.slot_bits) *
                                              static_cast<std::size_t>(layout.slots));
}

Result<std::vector<std::int64_t>> slots_of(const Layout& layout, const Number& message, int used) {
  std::vector<std::int64_t> values;
  const auto bits = static_cast<mp_bitcnt_t>(layout.slot_bits);
  const Number half = power_of_two(bits - 1);
  Number rest = message;
  std::int64_t sum = 0;
  for (int k = 0; k < layout.slots; ++k) {
    // Rounded to the nearest multiple of 2^w: what is left over is the slot with its sign.
    Number upper = rest + half;
    mpz_fdiv_q_2exp(upper.get(), upper.get(), bits);
    Number scaled;
    mpz_mul_2exp(scaled.get(), upper.get(), bits);
    const std::int64_t value = mpz_get_si((rest - scaled).get());
    rest = upper;
    sum += value;
    const std::int64_t limit = k < used ? layout.product_bound : 0;
    if (value > limit || value < -limit)
      return fail(ErrorCode::corrupt_data, "slot " + std::to_string(k) + " holds " + std::to_string(value) +
                                               ", the limit is " + std::to_string(limit) +
                                               ": a ciphertext was altered, or the key is another one");
    if (k < used) values.push_back(value);
  }
  if (rest != Number(sum))
    return fail(ErrorCode::corrupt_data,
                "the check slot does not agree with the others: a ciphertext was altered, or the key is another one");
  return values;
}

}  // namespace vultus::sealed
