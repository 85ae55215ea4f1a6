// Whole files in and out of memory: nothing hangs on a pipe, nothing is left half written.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <vultus/core/result.hpp>

namespace vultus::media {

/// Reads a regular file. Pipes, devices and folders are refused by name, so that no read can wait for ever.
/// @param path       as the user named it; symbolic links are followed
/// @param max_bytes  the largest file that is read
/// @return the bytes; an empty file gives no bytes and no error
/// @error not_found         no such file, or symbolic links that lead in a circle
/// @error invalid_argument  a folder, pipe, socket or device
/// @error resource_limit    permission denied, larger than max_bytes, or the device failed
/// @thread immutable, no state
[[nodiscard]] Result<std::vector<std::uint8_t>> read_file(const std::string& path, std::size_t max_bytes);

/// The same into memory that is kept from call to call.
/// @param into  overwritten; keeps its capacity
[[nodiscard]] Status read_file_into(const std::string& path, std::size_t max_bytes, std::vector<std::uint8_t>& into);

/// Is there a standard input that something could come from?
/// @error invalid_argument  it is a terminal, or closed
[[nodiscard]] Status standard_input_can_be_read();

/// Reads standard input to its end: the input that users call "-".
/// @param max_bytes  more is refused
/// @error invalid_argument  standard input is a terminal or closed: nobody would ever send a picture
/// @error resource_limit    more than max_bytes, or the read failed
/// @thread one at a time: there is one standard input
[[nodiscard]] Result<std::vector<std::uint8_t>> read_standard_input(std::size_t max_bytes);

/// Replaces a file as a whole: a reader sees the old bytes or the new ones, also after a crash or a power cut.
/// A temporary file in the same folder is written, synchronised and renamed; on failure it is removed and the old file
/// stays. A symbolic link is followed and its target replaced. Permissions of an existing file are kept.
/// @param path  folder must exist
/// @error not_found         the folder does not exist
/// @error invalid_argument  the path names a folder, pipe or device
/// @error resource_limit    disk full, quota, read-only folder, permission
/// @thread immutable, no state; of two writers at once the later rename stays
[[nodiscard]] Status write_file_atomically(const std::string& path, std::span<const std::uint8_t> bytes);
[[nodiscard]] Status write_file_atomically(const std::string& path, std::string_view text);  ///< for text

}  // namespace vultus::media
