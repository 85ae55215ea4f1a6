// Values on their way to and from a server, in PostgreSQL's binary form: big-endian, no text in between.
// Private to the rooms that keep their rows in PostgreSQL; not installed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

struct pg_result;

namespace vultus::postgres {

/// What libpq calls the binary form.
inline constexpr int kBinaryFormat = 1;

/// The parameters of one statement, $1 first. Values are copied.
class Parameters {
 public:
  Parameters& add(std::nullptr_t);
  Parameters& add(std::int64_t value);
  Parameters& add(double value);
  Parameters& add(std::string_view text);                 ///< UTF-8 without a zero byte
  Parameters& add_time(std::int64_t seconds);             ///< timestamptz, from seconds since 1970
  Parameters& add(std::span<const std::byte> bytes);      ///< bytea
  Parameters& add(std::span<const std::int64_t> values);  ///< bigint[]
  Parameters& add(std::span<const std::string> texts);    ///< text[]
  template <class T>
  Parameters& add(const std::optional<T>& value) {
    return value ? add(*value) : add(nullptr);
  }

  [[nodiscard]] std::size_t size() const { return types_.size(); }

  /// What libpq wants. The pointers are valid until the next add.
  struct View {
    std::vector<const char*> values;
    std::vector<int> lengths;
    std::vector<int> formats;
    std::span<const unsigned int> types;
  };
  [[nodiscard]] View view() const;

 private:
  Parameters& put(unsigned int type, std::optional<std::string> bytes);
  std::vector<unsigned int> types_;  // object ids of PostgreSQL's types
  std::vector<std::optional<std::string>> bytes_;
};

/// The rows that a statement answered. Move-only. Rows and columns count from 0; asking for a type that the column does
/// not have throws std::logic_error, because the statement is ours.
class Answer {
 public:
  explicit Answer(pg_result* result) : result_(result) {}
  Answer(Answer&& other) noexcept;
  Answer& operator=(Answer&& other) noexcept;
  ~Answer();

  [[nodiscard]] std::size_t rows() const;
  [[nodiscard]] bool empty() const { return rows() == 0; }
  /// Rows that the statement changed.
  [[nodiscard]] std::int64_t changed() const;
  /// What the server says it did, e.g. "COMMIT", "INSERT 0 1".
  [[nodiscard]] std::string command() const;

  [[nodiscard]] bool is_null(std::size_t row, int column) const;
  [[nodiscard]] std::int64_t integer(std::size_t row, int column) const;  ///< any integer type or boolean; NULL is 0
  [[nodiscard]] double real(std::size_t row, int column) const;           ///< float4 or float8; NULL is 0
  /// Of a timestamptz: whole seconds since 1970; nothing for NULL, infinity and parts of a second.
  [[nodiscard]] std::optional<std::int64_t> seconds(std::size_t row, int column) const;
  [[nodiscard]] std::string text(std::size_t row, int column) const;                  ///< NULL is empty
  [[nodiscard]] std::span<const std::byte> bytes(std::size_t row, int column) const;  ///< valid while this lives
  [[nodiscard]] std::optional<double> optional_real(std::size_t row, int column) const;
  [[nodiscard]] std::optional<std::string> optional_text(std::size_t row, int column) const;

 private:
  [[nodiscard]] std::span<const std::byte> raw(std::size_t row, int column) const;
  pg_result* result_ = nullptr;
};

/// Rows for COPY ... FROM STDIN (FORMAT binary), built in memory.
class CopyRows {
 public:
  CopyRows();
  /// Begins a row of so many columns.
  void row(int columns);
  void add(std::nullptr_t);
  void add(std::int64_t value);         ///< bigint
  void add_int(std::int32_t value);     ///< integer
  void add_time(std::int64_t seconds);  ///< timestamptz, from seconds since 1970
  void add(double value);
  void add(std::string_view text);
  void add(std::span<const std::byte> bytes);
  /// A halfvec of pgvector: every value rounded to the nearest 16-bit float.
  void add_half(std::span<const float> values);
  template <class T>
  void add(const std::optional<T>& value) {
    value ? add(*value) : add(nullptr);
  }
  /// What was built since the last call, for sending.
  [[nodiscard]] std::string take();
  [[nodiscard]] std::size_t bytes() const { return buffer_.size(); }
  /// The mark behind the last row.
  void end();

 private:
  std::string buffer_;
};

/// A float32 rounded to the nearest IEEE 754 half, ties to even; beyond its range infinity.
[[nodiscard]] std::uint16_t half_of(float value);

}  // namespace vultus::postgres
