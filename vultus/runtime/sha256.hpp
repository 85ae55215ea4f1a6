// SHA-256 of bytes and files, as lower-case hexadecimal text.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>

#include <vultus/core/result.hpp>

namespace vultus::runtime {

/// @return 64 lower-case hexadecimal digits
[[nodiscard]] std::string sha256(std::span<const std::uint8_t> bytes);

/// Reads the file in blocks: memory does not grow with its size.
/// @error not_found  no such file; resource_limit  it cannot be read
[[nodiscard]] Result<std::string> sha256_of_file(const std::filesystem::path& path);

}  // namespace vultus::runtime
