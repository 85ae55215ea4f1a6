#include <vultus/postgres/values.hpp>

#include <bit>
#include <charconv>
#include <concepts>
#include <limits>
#include <stdexcept>
#include <utility>

#include <libpq-fe.h>

namespace vultus::postgres {
namespace {

// Object ids of the built-in types. @source src/include/catalog/pg_type.dat of PostgreSQL; they never change.
constexpr unsigned int kBool = 16;
constexpr unsigned int kBytea = 17;
constexpr unsigned int kInt8 = 20;
constexpr unsigned int kInt2 = 21;
constexpr unsigned int kInt4 = 23;
constexpr unsigned int kText = 25;
constexpr unsigned int kFloat4 = 700;
constexpr unsigned int kFloat8 = 701;
constexpr unsigned int kTextArray = 1009;
constexpr unsigned int kInt8Array = 1016;

constexpr unsigned int kTimestamptz = 1184;

constexpr std::int64_t kEpoch = 946'684'800;  // 2000-01-01 in seconds since 1970
constexpr std::int64_t kMicroseconds = 1'000'000;

template <std::unsigned_integral T>
void append(std::string& to, T value) {
  for (int shift = static_cast<int>(sizeof(T)) * 8 - 8; shift >= 0; shift -= 8)
    to += static_cast<char>(static_cast<unsigned char>(value >> shift & 0xFFU));
}

template <std::unsigned_integral T>
T read(std::span<const std::byte> bytes) {
  T value = 0;
  for (const std::byte b : bytes) value = static_cast<T>(value << 8 | std::to_integer<T>(b));
  return value;
}

std::string big_endian(std::int64_t value) {
  std::string bytes;
  append(bytes, static_cast<std::uint64_t>(value));
  return bytes;
}

/// One dimension, no NULL, lower bound 1. @source array_send in src/backend/utils/adt/arrayfuncs.c
std::string array_of(unsigned int element, std::size_t count) {
  std::string bytes;
  append(bytes, std::uint32_t{count > 0 ? 1U : 0U});
  append(bytes, std::uint32_t{0});
  append(bytes, std::uint32_t{element});
  if (count == 0) return bytes;
  append(bytes, static_cast<std::uint32_t>(count));
  append(bytes, std::uint32_t{1});
  return bytes;
}

void append_sized(std::string& to, std::string_view value) {
  append(to, static_cast<std::uint32_t>(value.size()));
  to += value;
}

std::string_view text_of(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace

Parameters& Parameters::put(unsigned int type, std::optional<std::string> bytes) {
  types_.push_back(type);
  bytes_.push_back(std::move(bytes));
  return *this;
}

Parameters& Parameters::add(std::nullptr_t) { return put(0, std::nullopt); }
Parameters& Parameters::add(std::int64_t value) { return put(kInt8, big_endian(value)); }
Parameters& Parameters::add(double value) {
  return put(kFloat8, big_endian(static_cast<std::int64_t>(std::bit_cast<std::uint64_t>(value))));
}
Parameters& Parameters::add(std::string_view text) { return put(kText, std::string(text)); }
Parameters& Parameters::add_time(std::int64_t seconds) {
  return put(kTimestamptz, big_endian((seconds - kEpoch) * kMicroseconds));
}
Parameters& Parameters::add(std::span<const std::byte> bytes) { return put(kBytea, std::string(text_of(bytes))); }

Parameters& Parameters::add(std::span<const std::int64_t> values) {
  std::string bytes = array_of(kInt8, values.size());
  for (const std::int64_t v : values) append_sized(bytes, big_endian(v));
  return put(kInt8Array, std::move(bytes));
}

Parameters& Parameters::add(std::span<const std::string> texts) {
  std::string bytes = array_of(kText, texts.size());
  for (const std::string& t : texts) append_sized(bytes, t);
  return put(kTextArray, std::move(bytes));
}

Parameters::View Parameters::view() const {
  View view;
  view.types = types_;
  for (const auto& one : bytes_) {
    view.values.push_back(one ? one->data() : nullptr);
    view.lengths.push_back(one ? static_cast<int>(one->size()) : 0);
    view.formats.push_back(kBinaryFormat);
  }
  return view;
}

Answer::Answer(Answer&& other) noexcept : result_(std::exchange(other.result_, nullptr)) {}

Answer& Answer::operator=(Answer&& other) noexcept {
  std::swap(result_, other.result_);
  return *this;
}

Answer::~Answer() { PQclear(result_); }

std::size_t Answer::rows() const { return static_cast<std::size_t>(PQntuples(result_)); }

std::int64_t Answer::changed() const {
  const std::string_view text = PQcmdTuples(result_);
  std::int64_t count = 0;
  std::from_chars(text.data(), text.data() + text.size(), count);
  return count;
}

std::string Answer::command() const { return PQcmdStatus(result_); }

bool Answer::is_null(std::size_t row, int column) const {
  return PQgetisnull(result_, static_cast<int>(row), column) != 0;
}

std::span<const std::byte> Answer::raw(std::size_t row, int column) const {
  const char* value = PQgetvalue(result_, static_cast<int>(row), column);
  const int length = PQgetlength(result_, static_cast<int>(row), column);
  return {reinterpret_cast<const std::byte*>(value), static_cast<std::size_t>(length)};
}

std::int64_t Answer::integer(std::size_t row, int column) const {
  if (is_null(row, column)) return 0;
  const auto bytes = raw(row, column);
  switch (PQftype(result_, column)) {
    case kBool: return bytes.size() == 1 ? std::to_integer<std::int64_t>(bytes[0]) : 0;
    case kInt2: return static_cast<std::int16_t>(read<std::uint16_t>(bytes));
    case kInt4: return static_cast<std::int32_t>(read<std::uint32_t>(bytes));
    case kInt8: return static_cast<std::int64_t>(read<std::uint64_t>(bytes));
    default: throw std::logic_error("column " + std::to_string(column) + " of an answer is no integer");
  }
}

double Answer::real(std::size_t row, int column) const {
  if (is_null(row, column)) return 0;
  const auto bytes = raw(row, column);
  switch (PQftype(result_, column)) {
    case kFloat4: return double{std::bit_cast<float>(read<std::uint32_t>(bytes))};
    case kFloat8: return std::bit_cast<double>(read<std::uint64_t>(bytes));
    default: throw std::logic_error("column " + std::to_string(column) + " of an answer is no real number");
  }
}

std::optional<std::int64_t> Answer::seconds(std::size_t row, int column) const {
  if (is_null(row, column)) return std::nullopt;
  if (PQftype(result_, column) != kTimestamptz)
    throw std::logic_error("column " + std::to_string(column) + " of an answer is no time");
  const auto since = static_cast<std::int64_t>(read<std::uint64_t>(raw(row, column)));
  const bool infinite =
      since == std::numeric_limits<std::int64_t>::max() || since == std::numeric_limits<std::int64_t>::min();
  if (infinite || since % kMicroseconds != 0) return std::nullopt;
  return since / kMicroseconds + kEpoch;
}

std::string Answer::text(std::size_t row, int column) const { return std::string(text_of(raw(row, column))); }

std::span<const std::byte> Answer::bytes(std::size_t row, int column) const { return raw(row, column); }

std::optional<double> Answer::optional_real(std::size_t row, int column) const {
  if (is_null(row, column)) return std::nullopt;
  return real(row, column);
}

std::optional<std::string> Answer::optional_text(std::size_t row, int column) const {
  if (is_null(row, column)) return std::nullopt;
  return text(row, column);
}

// Signature, flags, length of the extension. @source "Binary Format" on the page COPY of PostgreSQL's manual
CopyRows::CopyRows() : buffer_("PGCOPY\n\377\r\n\0", 11) {
  append(buffer_, std::uint32_t{0});
  append(buffer_, std::uint32_t{0});
}

void CopyRows::row(int columns) { append(buffer_, static_cast<std::uint16_t>(columns)); }
void CopyRows::add(std::nullptr_t) { append(buffer_, ~std::uint32_t{0}); }
void CopyRows::add(std::int64_t value) { append_sized(buffer_, big_endian(value)); }
void CopyRows::add(double value) {
  append_sized(buffer_, big_endian(static_cast<std::int64_t>(std::bit_cast<std::uint64_t>(value))));
}
void CopyRows::add(std::string_view text) { append_sized(buffer_, text); }
void CopyRows::add(std::span<const std::byte> bytes) { append_sized(buffer_, text_of(bytes)); }

void CopyRows::add_time(std::int64_t seconds) { add((seconds - kEpoch) * kMicroseconds); }

void CopyRows::add_int(std::int32_t value) {
  append(buffer_, std::uint32_t{4});
  append(buffer_, static_cast<std::uint32_t>(value));
}

void CopyRows::add_half(std::span<const float> values) {
  append(buffer_, static_cast<std::uint32_t>(4 + 2 * values.size()));
  append(buffer_, static_cast<std::uint16_t>(values.size()));
  append(buffer_, std::uint16_t{0});
  for (const float v : values) append(buffer_, half_of(v));
}

std::string CopyRows::take() { return std::exchange(buffer_, {}); }
void CopyRows::end() { append(buffer_, std::uint16_t{0xFFFF}); }

std::uint16_t half_of(float value) {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  const auto sign = static_cast<std::uint16_t>(bits >> 16 & 0x8000U);
  const std::uint32_t magnitude = bits & 0x7FFFFFFFU;
  if (magnitude > 0x7F800000U) return static_cast<std::uint16_t>(sign | 0x7E00U);   // not a number
  if (magnitude >= 0x477FF000U) return static_cast<std::uint16_t>(sign | 0x7C00U);  // rounds to 65536 and beyond
  if (magnitude >= 0x38800000U) {                                                   // a normal half: 2^-14 and beyond
    const std::uint32_t odd = magnitude >> 13 & 1U;
    return static_cast<std::uint16_t>(sign | ((magnitude - 0x38000000U + 0xFFFU + odd) >> 13));
  }
  if (magnitude < 0x33000000U) return sign;  // below half of the least half
  // A subnormal half counts units of 2^-24.
  const std::uint32_t shift = 126U - (magnitude >> 23);
  const std::uint32_t mantissa = (magnitude & 0x7FFFFFU) | 0x800000U;
  const std::uint32_t kept = mantissa >> shift;
  const std::uint32_t rest = mantissa & ((1U << shift) - 1);
  const std::uint32_t middle = 1U << (shift - 1);
  const bool up = rest > middle || (rest == middle && (kept & 1U) != 0);
  return static_cast<std::uint16_t>(sign | (kept + (up ? 1 : 0)));
}

}  // namespace vultus::postgres
