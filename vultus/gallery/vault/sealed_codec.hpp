// The codec of encrypted galleries: every personal value lies under the key of its subject. Private to this room.
#pragma once

#include <functional>
#include <memory>

#include <vultus/gallery/codec.hpp>
#include <vultus/gallery/vault/keyring.hpp>

namespace vultus::gallery {

/// The value of meta 'encryption' of encrypted galleries.
inline constexpr std::string_view kSealedEncryption = "sealed-1";

/// @param keyring  must outlive the codec; used under the caller's lock only
/// @param now      the time that is written beside new and destroyed keys
[[nodiscard]] Result<std::unique_ptr<Codec>> sealed_codec(Keyring& keyring, std::function<UtcTime()> now);

}  // namespace vultus::gallery
