// How a gallery is named, opened and listed.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include <vultus/gallery/ask_node.hpp>
#include <vultus/gallery/audit_note.hpp>
#include <vultus/gallery/key_source.hpp>
#include <vultus/gallery/protection.hpp>
#include <vultus/gallery/records.hpp>
#include <vultus/gallery/search_index.hpp>

namespace vultus {

/// What the path of a gallery names.
enum class GalleryKind : std::uint8_t { file, database, shards };
[[nodiscard]] GalleryKind gallery_kind(const std::filesystem::path& path);  ///< by its form; a file may not be there
/// The path as it may be shown: the URL of a database without its password.
[[nodiscard]] std::string gallery_name(const std::filesystem::path& path);

enum class GalleryAccess : std::uint8_t { read_only, read_write, create_or_open };

/// Whether plain SQL clients can search a gallery on a server. What they search are templates in plain.
enum class SqlSearch : std::uint8_t {
  none,   ///< templates are sealed
  exact,  ///< a column of pgvector's type halfvec
  hnsw,   ///< and an approximate index over it
};

/// When an open gallery on a server takes in what others have changed.
enum class SeeChanges : std::uint8_t {
  at_refresh,  ///< when refresh() is called, and with every change of its own
  at_once,     ///< a thread listens to the server, one for each shard
};

/// What a search does when a shard cannot be reached.
enum class PartialAnswers : std::uint8_t { refuse, allow };

struct GalleryOptions {
  /// A file; or the URL of a database of PostgreSQL, postgresql://host:port/database with user and password; or a
  /// configuration of shards (docs/postgres.md).
  std::filesystem::path path;
  GalleryAccess access = GalleryAccess::read_only;
  /// The model of the caller's templates. Needed to make a gallery; without it any existing gallery opens.
  std::optional<GalleryModel> model = std::nullopt;
  /// How long to wait while another process writes, [0, 1 h].
  std::chrono::milliseconds busy_wait{5000};
  /// The time that is written into new rows; empty = the system's clock.
  std::function<UtcTime()> now = nullptr;
  /// The file may not grow beyond so many bytes, rounded up to a page; 0 = no limit but the disk's.
  std::int64_t max_bytes = 0;
  /// From so many faces on, a snapshot of the index is kept beside the gallery, so that opening it need not read it. It
  /// is written in a thread of its own when enough has changed, where the gallery is open for writing, and closing
  /// waits for that; writing needs about as many bytes as the gallery has. 0 = neither used nor written.
  std::int64_t snapshot_from = 10'000;
  /// Where the snapshot lies; empty = `path` with ".index" behind it.
  std::filesystem::path snapshot = {};

  /// From so many faces on, cells of templates that resemble each other are made in a thread of its own, and searches
  /// that name no method look at those nearest to a probe alone (SearchMethod::cells); until then at all. What they may
  /// miss is in GalleryInfo::cells. 0 = only for a search that asks for cells, which waits for them.
  std::int64_t cells_from = 20'000'000;
  /// What a search does that names no method. With `cells` they are made whatever the number of faces.
  SearchMethod search = SearchMethod::automatic;
  /// How often a search by cells is to find the most similar template, [0.5, 1]: so many cells are looked at.
  double cells_recall = 0.99;

  /// Opens an encrypted gallery, and makes one where `encryption` asks for it. A plain gallery does not look at it.
  std::optional<KeySource> key = std::nullopt;
  /// In a gallery of shards, tried where `key` does not open one: a change of its key was interrupted.
  std::optional<KeySource> other_key = std::nullopt;
  GalleryEncryption encryption = GalleryEncryption::none;  ///< of a new gallery; one on a server follows `sql_search`
  PassphraseCost passphrase_cost = {};                     ///< of a new gallery whose key is a passphrase
  /// Where the keys of subjects lie: a file (each shard adds "." and its name), or the URL of a database. Empty: the
  /// file
  /// "<path>.keys"; for a gallery on a server its own database, in the schema vultus_keys.
  std::filesystem::path keyring = {};
  /// Who acts and why, for the audit log. Empty: the login name of the process; no purpose.
  std::string who = {};
  std::string purpose = {};
  /// Instead of both, for a program that acts for many: asked at each record, on the thread that calls the gallery.
  std::function<AuditActor()> actor = nullptr;
  std::optional<AuditLevel> audit = std::nullopt;  ///< of a new gallery; empty: all where it is encrypted, else changes
  /// On a server: how long a call may take, [1 ms, 1 h].
  std::chrono::milliseconds server_deadline{10'000};
  /// Of a new gallery on a server.
  SqlSearch sql_search = SqlSearch::none;
  SeeChanges see_changes = SeeChanges::at_refresh;  ///< of a gallery on a server
  /// In a gallery of shards.
  PartialAnswers partial = PartialAnswers::refuse;
  /// In a gallery of shards: asks the search nodes of those that are "searched_by" some. Empty: nothing can be searched
  /// there.
  AskNode ask_node = nullptr;
};

struct ListOptions {
  std::string after;        ///< only names behind this one, for paging; empty = from the beginning
  std::size_t limit = 100;  ///< at most so many, [1, kMaxLimit]
  static constexpr std::size_t kMaxLimit = 10'000;
};

}  // namespace vultus
