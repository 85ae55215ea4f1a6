// Looking through what protects a gallery: its keyring and the chain of its audit log. Private to this room.
#pragma once

#include <vultus/core/result.hpp>
#include <vultus/gallery/audit/audit_log.hpp>
#include <vultus/gallery/guard.hpp>
#include <vultus/gallery/records.hpp>
#include <vultus/gallery/store/store.hpp>

namespace vultus::gallery {

/// Adds what an open keyring and the log say. Inside a transaction, or where nobody writes.
/// @param keys  of the gallery
[[nodiscard]] Status check_keyring_and_log(Store& store, const Keyring& keys, const AuditLog& log, GalleryCheck& found);

/// The same of a plain gallery, whose keyring is opened here. One that is missing or locked is told as a note: copies
/// of a gallery have none, and the log says so itself when it goes on.
[[nodiscard]] Status check_plain_protection(Store& store, const GalleryOptions& options, const ShardKeys& shard,
                                            GalleryCheck& found);

}  // namespace vultus::gallery
