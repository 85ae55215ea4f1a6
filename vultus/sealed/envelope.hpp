// What all files of this room have in common: beginning, sum, passphrase. Private to it.
#pragma once

#include <vultus/sealed/byte_stream.hpp>
#include <vultus/sealed/format.hpp>

namespace vultus::sealed {

enum class FileKind : std::uint8_t { public_key = 1, secret_key = 2, gallery = 3, probe = 4, result = 5 };

[[nodiscard]] ByteWriter begin_file(FileKind kind);
/// With the sum at its end.
[[nodiscard]] Bytes end_file(ByteWriter file);
/// What stands between beginning and sum.
/// @error corrupt_data  not a file of this kind (the message says of which one), or the sum is another; unsupported
[[nodiscard]] Result<ByteReader> open_file(ByteView bytes, FileKind kind);

/// The file of a secret key around `body`.
[[nodiscard]] Result<Bytes> seal_secret(ByteView body, const std::string& passphrase, const GuessCost& cost);
[[nodiscard]] Result<Bytes> open_secret(ByteView bytes, const std::function<Result<std::string>()>& ask);

}  // namespace vultus::sealed
