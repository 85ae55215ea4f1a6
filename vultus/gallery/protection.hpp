// What a gallery tells about encryption, forgetting and retention.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <vultus/core/ids.hpp>
#include <vultus/gallery/utc_time.hpp>

namespace vultus {

/// What a new gallery is made as.
enum class GalleryEncryption : std::uint8_t {
  none,
  sealed,  ///< names, texts, templates and thumbnails under keys of their subjects
};

/// What a change of keys renews.
enum class RenewKeys : std::uint8_t {
  master,  ///< the key that the user holds; fast
  all,     ///< also the gallery's and all subjects' keys: every row is written again
};

/// What was looked for after a subject was forgotten, byte by byte: in the file of the gallery, its write-ahead log and
/// the snapshot of its index. The keyring and files of other programs are not searched, and of rows on a server
/// nothing.
struct ForgetSearch {
  std::string what;        ///< "name", "template of face 7", ...
  std::int64_t bytes = 0;  ///< how many of it were looked for
  std::int64_t found = 0;  ///< places where they still are
  bool operator==(const ForgetSearch&) const = default;
};

/// Where the keyring lies that had the key of a forgotten subject: what decides which copies from before still open.
enum class KeyringIn : std::uint8_t {
  none,              ///< the gallery is not encrypted
  file,              ///< no copy of the gallery holds the key
  gallery_database,  ///< copies of the gallery's database that were made before hold it
  other_database,    ///< copies of that database hold it
};

/// The proof that a subject was forgotten.
struct ForgetProof {
  SubjectId subject;
  std::int64_t faces = 0;
  UtcTime at{};
  std::string pseudonym;        ///< under which the audit log knows the subject; empty where there is no log
  std::string key_fingerprint;  ///< of the key that was destroyed; empty for a gallery that is not encrypted
  std::string keyring;          ///< where that key lay; empty for a gallery that is not encrypted
  KeyringIn keyring_in = KeyringIn::none;
  std::int64_t undo_steps = 0;     ///< that held rows of the subject, and were taken away
  std::vector<std::string> files;  ///< that were searched
  std::vector<ForgetSearch> searched;
  /// The rows lie on a server, whose dead rows and log of its own keep old bytes for a while: only those that are
  /// sealed under a key that is gone are unreadable there.
  bool on_server = false;
  bool log_emptied = false;  ///< false: another process was reading, and old bytes may stay until it closes the gallery
  [[nodiscard]] bool clean() const {
    for (const ForgetSearch& one : searched)
      if (one.found > 0) return false;
    return log_emptied || (on_server && !key_fingerprint.empty());
  }
};

/// What is past the time until which it may be kept.
struct Expired {
  std::vector<SubjectId> subjects;
  std::vector<FaceId> faces;  ///< of other subjects
  bool operator==(const Expired&) const = default;
};

/// Whether everybody may be exported at once.
enum class BulkExport : std::uint8_t { refused, allowed };

/// What expire() does with it.
enum class ExpiryRun : std::uint8_t { look, remove };

}  // namespace vultus
