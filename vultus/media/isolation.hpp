// Decoding in a process of its own, for pictures of strangers: a flaw in a decoder that a hostile picture reaches is
// then a flaw of a process that can open no file, no connection and no program.
#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <string_view>

#include <vultus/core/result.hpp>

namespace vultus::media {

/// Where pictures and videos are decoded that are not decoded here.
struct Isolation {
  std::filesystem::path program;  ///< vultus-decode; see decode_program()
  std::chrono::milliseconds patience =
      std::chrono::seconds(10);  ///< for a picture or frame, [1 ms, 10 min]; then the process is ended
  std::size_t memory =
      std::size_t{2} * 1024 * 1024 * 1024;  ///< bytes of address space beyond its libraries, >= 256 MiB
  bool operator==(const Isolation&) const = default;
};

/// Where vultus-decode lies: beside the program that runs.
/// @return its path
/// @error not_found  it is not there
[[nodiscard]] Result<std::filesystem::path> decode_program();

/// What the program vultus-decode does: gives up its rights, then answers requests on its socket until the other end is
/// closed. Called once, with one thread, at the start of a process that Decoder::isolated() or VideoReader started.
/// @param memory, task  its arguments: bytes, and "pictures" or "video"
/// @return exit code of the process
[[nodiscard]] int serve_decoding(std::size_t memory, std::string_view task);

}  // namespace vultus::media
