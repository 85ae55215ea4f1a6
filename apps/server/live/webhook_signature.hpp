// How the receiver of a webhook knows that a message is ours: the scheme of Standard Webhooks.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace vultus::server {

/// "whsec_" and 24 random bytes in base64.
[[nodiscard]] std::string make_webhook_secret();
/// Whether a text is such a secret: 24 to 64 bytes.
[[nodiscard]] bool is_webhook_secret(std::string_view text);

/// "v1," and the HMAC-SHA256 of "<id>.<timestamp>.<body>" in base64.
/// @param secret     see make_webhook_secret()
/// @param timestamp  seconds since 1970
/// @return nothing where the secret is none
/// @source Standard Webhooks specification 1.0, "Signature scheme"
[[nodiscard]] std::optional<std::string> webhook_signature(std::string_view secret, std::string_view id,
                                                           std::int64_t timestamp, std::string_view body);

}  // namespace vultus::server
