// Bytes of a file one after the other. Private to this room.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <vultus/core/result.hpp>

namespace vultus::sealed {

class ByteWriter {
 public:
  void number(std::uint64_t value, int bytes) {
    for (int i = 0; i < bytes; ++i) bytes_.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
  }
  void raw(std::span<const std::uint8_t> bytes) { bytes_.insert(bytes_.end(), bytes.begin(), bytes.end()); }
  /// With its length before it.
  void block(std::span<const std::uint8_t> bytes) { number(bytes.size(), 8), raw(bytes); }
  void text(std::string_view text) { block({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}); }
  [[nodiscard]] std::vector<std::uint8_t>& bytes() { return bytes_; }

 private:
  std::vector<std::uint8_t> bytes_;
};

/// Never reads beyond its bytes, and allocates nothing.
class ByteReader {
 public:
  explicit ByteReader(std::span<const std::uint8_t> bytes) : rest_(bytes) {}
  [[nodiscard]] Result<std::span<const std::uint8_t>> raw(std::uint64_t count, std::string_view what) {
    if (count > rest_.size())
      return fail(ErrorCode::corrupt_data, std::string(what) + " should have " + std::to_string(count) +
                                               " bytes, the file has " + std::to_string(rest_.size()) + " more");
    const auto got = rest_.first(static_cast<std::size_t>(count));
    rest_ = rest_.subspan(static_cast<std::size_t>(count));
    return got;
  }
  [[nodiscard]] Result<std::uint64_t> number(int bytes, std::string_view what) {
    VULTUS_TRY(const auto got, raw(static_cast<std::uint64_t>(bytes), what));
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < got.size(); ++i) value |= std::uint64_t{got[i]} << (8 * i);
    return value;
  }
  /// @param limit  bytes
  [[nodiscard]] Result<std::span<const std::uint8_t>> block(std::uint64_t limit, std::string_view what) {
    VULTUS_TRY(const std::uint64_t size, number(8, what));
    if (size > limit)
      return fail(ErrorCode::corrupt_data,
                  std::string(what) + " has " + std::to_string(size) + " bytes, the limit is " + std::to_string(limit));
    return raw(size, what);
  }
  [[nodiscard]] Result<std::string> text(std::uint64_t limit, std::string_view what) {
    VULTUS_TRY(const auto got, block(limit, what));
    return std::string(got.begin(), got.end());
  }
  [[nodiscard]] std::size_t left() const { return rest_.size(); }

 private:
  std::span<const std::uint8_t> rest_;
};

}  // namespace vultus::sealed
