// Bytes that must not reach the disk or a core dump: pages that are locked, guarded and wiped. Private to this room.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include <vultus/core/result.hpp>

namespace vultus::gallery {

inline constexpr std::size_t kKeyBytes = 32;
using KeyView = std::span<const std::uint8_t, kKeyBytes>;

/// How much is asked of the memory of a key.
enum class Guarding : std::uint8_t {
  full,   ///< locked, or an error; while any is held the process leaves no core dump
  light,  ///< for keys that lie open on the disk: locked where that can be, and core dumps as they were
};

/// Memory from sodium_malloc: between guard pages, wiped when it goes. Move-only; thread-compatible.
class Secret {
 public:
  /// @error resource_limit  the memory cannot be had, or not be locked (ulimit -l)
  [[nodiscard]] static Result<Secret> of_size(std::size_t size, Guarding guarding = Guarding::full);
  /// `size` random bytes.
  [[nodiscard]] static Result<Secret> random(std::size_t size = kKeyBytes, Guarding guarding = Guarding::full);
  [[nodiscard]] static Result<Secret> copy_of(std::span<const std::uint8_t> bytes);

  [[nodiscard]] std::span<const std::uint8_t> bytes() const { return {memory_.get(), size_}; }
  [[nodiscard]] std::span<std::uint8_t> writable() { return {memory_.get(), size_}; }
  /// The 32 bytes of the key number `index`.
  [[nodiscard]] KeyView key(std::size_t index = 0) const {
    return bytes().subspan(index * kKeyBytes).first<kKeyBytes>();
  }

 private:
  struct Free {
    Guarding guarding = Guarding::full;
    void operator()(std::uint8_t* memory) const;
  };
  Secret(std::uint8_t* memory, std::size_t size, Guarding guarding) : memory_(memory, Free{guarding}), size_(size) {}
  std::unique_ptr<std::uint8_t, Free> memory_;
  std::size_t size_ = 0;
};

/// Overwrites bytes in a way that the compiler does not remove.
void wipe(std::span<std::uint8_t> bytes);

/// Makes libsodium ready. Any number of times, from any thread.
/// @error internal  it cannot be made ready
[[nodiscard]] Status start_sodium();

}  // namespace vultus::gallery
