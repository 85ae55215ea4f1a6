// Looking for bytes in files: the proof that something is gone. Private to this room.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include <vultus/gallery/protection.hpp>

namespace vultus::gallery {

/// Searches a stream of bytes for many patterns at once. Of a long pattern its first kMaxPattern bytes are looked for.
class ByteSearch {
 public:
  static constexpr std::size_t kMinPattern = 4;  ///< shorter ones are everywhere
  static constexpr std::size_t kMaxPattern = 64;

  /// Nothing happens for a pattern that is too short.
  void add(std::string what, std::span<const std::byte> pattern);
  void add(std::string what, std::string_view pattern) { add(std::move(what), std::as_bytes(std::span(pattern))); }

  /// The next bytes of a file; a pattern across two calls is found.
  void take(std::span<const std::byte> bytes);
  /// The next bytes belong to another file.
  void next_file() { rest_.clear(); }

  /// Begins again with the same patterns: nothing was found yet.
  void begin_again();

  [[nodiscard]] const std::vector<ForgetSearch>& results() const { return results_; }

 private:
  void look(std::span<const std::byte> bytes, std::size_t from_end);

  std::vector<std::vector<std::byte>> patterns_;
  std::unordered_map<std::uint32_t, std::vector<std::size_t>> by_start_;
  std::vector<bool> may_start_ = std::vector<bool>(1 << 16);  // by the first two bytes
  std::vector<ForgetSearch> results_;
  std::vector<std::byte> rest_;
};

}  // namespace vultus::gallery
