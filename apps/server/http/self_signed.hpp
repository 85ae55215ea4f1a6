// A certificate that a server makes for itself, for networks without an authority.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include <apps/server/http/listener_options.hpp>

namespace vultus::server {

struct SelfSignedOptions {
  std::vector<std::string> names{"localhost", "127.0.0.1", "::1"};  ///< host names and numeric addresses, at least one
  int days = 397;                                                   ///< 1 to 3650
  std::optional<std::chrono::system_clock::time_point> from;        ///< beginning of validity; nothing = an hour ago
};

/// Writes a new key (NIST P-256, readable by its owner alone) and a certificate for it that names all `names`.
/// @param files  are both replaced in one step each, so that a reader sees whole files
/// @return SHA-256 of the certificate as browsers show it: "AB:CD:..."
/// @error invalid_argument  no name, a name that is neither host name nor address, days outside their range
/// @error resource_limit    a file that cannot be written
/// @error internal          OpenSSL fails
/// @thread any
[[nodiscard]] Result<std::string> make_self_signed(const TlsFiles& files, const SelfSignedOptions& options);

/// The same fingerprint of the first certificate in a file.
/// @error not_found         the file cannot be read
/// @error invalid_argument  it holds no certificate
/// @thread any
[[nodiscard]] Result<std::string> certificate_fingerprint(const std::string& file);

}  // namespace vultus::server
