// What all files of this room have in common: beginning, sum, passphrase. Private to it.
#pragma once

#include <vultus/sealed/byte_stream.hpp>
#include <vultus/sealed/format.hpp>

namespace vultus::sealed {

[[nodiscard]] ByteWriter begin_file(FileKind kind);
/// What stands behind the first bytes of a file, whose sum is not looked at.
/// @error corrupt_data  not a file of this kind; unsupported
[[nodiscard]] Result<ByteReader> open_beginning(ByteView bytes, FileKind kind);
/// With the sum at its end.
[[nodiscard]] Bytes end_file(ByteWriter file);
/// What stands between beginning and sum.
/// @error corrupt_data  not a file of this kind (the message says of which one), or the sum is another; unsupported
[[nodiscard]] Result<ByteReader> open_file(ByteView bytes, FileKind kind);

/// The file of a secret key around `body`.
[[nodiscard]] Result<Bytes> seal_secret(ByteView body, const std::string& passphrase, const GuessCost& cost);
[[nodiscard]] Result<Bytes> open_secret(ByteView bytes, const std::function<Result<std::string>()>& ask);

}  // namespace vultus::sealed
