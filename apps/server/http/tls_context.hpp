// Certificate, key and settings of TLS. Private to the listener.
#pragma once

#include <memory>

#include <boost/asio/ssl/context.hpp>

#include <apps/server/http/listener_options.hpp>

namespace vultus::server {

/// TLS 1.2 and 1.3 with forward secrecy and authenticated encryption alone, no renegotiation, no compression.
/// @error not_found         a file that cannot be read
/// @error invalid_argument  no certificate or key, a key with a passphrase, a key of another certificate, a key that
///                          belongs to another user or that others may read
/// @thread any; the context is immutable
[[nodiscard]] Result<std::shared_ptr<boost::asio::ssl::context>> load_tls_context(const TlsFiles& files);

}  // namespace vultus::server
