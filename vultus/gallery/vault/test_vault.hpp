// Keys and files for the tests of the vault.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include <vultus/gallery/key_source.hpp>
#include <vultus/gallery/vault/sealing.hpp>

namespace vultus::gallery::testing {

/// 80, 81, ... 9f.
inline KeyView counting_key() {
  static const auto kKey = [] {
    std::array<std::uint8_t, kKeyBytes> key{};
    for (std::size_t i = 0; i < key.size(); ++i) key[i] = static_cast<std::uint8_t>(0x80 + i);
    return key;
  }();
  return kKey;
}

/// 00, 01, ... 0f.
inline GalleryId counting_id() {
  GalleryId id{};
  for (std::size_t i = 0; i < id.size(); ++i) id[i] = static_cast<std::uint8_t>(i);
  return id;
}

/// Cheap, for tests alone.
inline constexpr PassphraseCost kCheap{.passes = 1, .memory_bytes = 8192};

inline KeySource passphrase(const std::string& text) {
  return KeySource::from_passphrase([text]() -> Result<std::string> { return text; });
}

inline std::string bytes_of(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

/// @param mode  of a new file
inline void write_bytes(const std::filesystem::path& path, const std::string& bytes,
                        std::filesystem::perms mode = std::filesystem::perms::owner_read |
                                                      std::filesystem::perms::owner_write) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
  std::filesystem::permissions(path, mode);
}

}  // namespace vultus::gallery::testing
