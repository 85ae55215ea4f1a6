// The compact protocol of Thrift, as far as the metadata of Parquet needs it. Private to this room.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace vultus::timeline {

/// Writes one struct into bytes. Fields of a struct come in rising order.
/// @source Apache Thrift, thrift-compact-protocol.md
class ThriftCompact {
 public:
  void whole32(int field, std::int32_t value) { begin(field, Kind::whole32), varint(zigzag(value)); }
  void whole64(int field, std::int64_t value) { begin(field, Kind::whole64), varint(zigzag(value)); }
  void text(int field, std::string_view value) { begin(field, Kind::binary), bare_text(value); }

  void begin_struct(int field) { begin(field, Kind::structure), last_.push_back(0); }
  void end_struct() { bytes_ += '\0', last_.pop_back(); }

  void begin_structs(int field, std::size_t count) { begin(field, Kind::list_of), list(Kind::structure, count); }
  /// One element of begin_structs(), closed by end_struct().
  void element() { last_.push_back(0); }
  void whole32s(int field, const std::vector<std::int32_t>& values) {
    begin(field, Kind::list_of), list(Kind::whole32, values.size());
    for (const std::int32_t value : values) varint(zigzag(value));
  }
  void texts(int field, const std::vector<std::string>& values) {
    begin(field, Kind::list_of), list(Kind::binary, values.size());
    for (const std::string& value : values) bare_text(value);
  }

  /// The struct, closed.
  std::string done() && { return std::move(bytes_) + '\0'; }

 private:
  /// Types of the compact protocol.
  enum class Kind : std::uint8_t { whole32 = 5, whole64 = 6, binary = 8, list_of = 9, structure = 12 };
  static std::uint64_t zigzag(std::int64_t value) {
    return (static_cast<std::uint64_t>(value) << 1U) ^ (value < 0 ? ~std::uint64_t{0} : 0);
  }
  void varint(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7U) bytes_ += static_cast<char>((value & 0x7FU) | 0x80U);
    bytes_ += static_cast<char>(value);
  }
  void begin(int field, Kind kind) {  // Parquet's fields lie less than 16 apart
    bytes_ += static_cast<char>((static_cast<unsigned>(field - last_.back()) << 4U) | static_cast<unsigned>(kind));
    last_.back() = field;
  }
  void list(Kind kind, std::size_t count) {
    if (count < 15) {
      bytes_ += static_cast<char>((count << 4U) | static_cast<unsigned>(kind));
    } else {
      bytes_ += static_cast<char>(0xF0U | static_cast<unsigned>(kind));
      varint(count);
    }
  }
  void bare_text(std::string_view value) { varint(value.size()), bytes_.append(value); }

  std::string bytes_;
  std::vector<int> last_{0};  // number of the field before, of every struct that is open
};

}  // namespace vultus::timeline
