// Reading what dlib's serialisation wrote: whole numbers, reals, texts and blocks of floats. Not installed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <vultus/core/result.hpp>

namespace vultus::runtime {

/// Walks over bytes and remembers the first thing that was wrong; after that every value is 0 or empty. A file is read
/// top to bottom, then asked once. Counts are checked against the bytes that are left before anything is allocated.
/// Thread-compatible; the bytes must outlive it.
/// @source format: dlib 19.24, dlib/serialize.h (Boost Software License); read, not copied
class DlibStream {
 public:
  DlibStream(std::span<const std::uint8_t> bytes, std::string_view origin) : bytes_(bytes), origin_(origin) {}

  [[nodiscard]] bool good() const { return !error_; }
  [[nodiscard]] Error error() const { return *error_; }
  [[nodiscard]] std::size_t left() const { return bytes_.size() - at_; }
  [[nodiscard]] std::size_t position() const { return at_; }

  /// Remembers a corrupt_data error with the place in the file, unless there is one already.
  void refuse(const std::string& what);

  /// A number in [least, most]; `what` names it in the message.
  std::int64_t whole(std::string_view what, std::int64_t least, std::int64_t most);
  /// A finite real: 64-bit mantissa and binary exponent.
  double real(std::string_view what);
  /// '1' or '0'.
  bool flag(std::string_view what);
  /// At most 64 bytes.
  std::string text(std::string_view what);
  /// The count of a list, each of whose elements takes at least `least_bytes` bytes.
  std::size_t count(std::string_view what, std::size_t least_bytes);
  /// A block of finite floats: four sizes, then little-endian numbers.
  std::vector<float> tensor(std::string_view what);
  /// A block as tensor(), whose numbers do not matter.
  void skip_tensor(std::string_view what);
  /// Four sizes without numbers.
  void skip_alias(std::string_view what);

 private:
  std::size_t tensor_size(std::string_view what);
  std::optional<std::int64_t> number();

  std::span<const std::uint8_t> bytes_;
  std::string origin_;
  std::size_t at_ = 0;
  std::optional<Error> error_;
};

}  // namespace vultus::runtime
