// The tables of a gallery in a PostgreSQL database. Private to this room.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include <vultus/core/result.hpp>
#include <vultus/gallery/store/store.hpp>
#include <vultus/postgres/connection.hpp>

namespace vultus::gallery {

/// The schema of the database that holds a gallery, unless the session's setting vultus.schema names another: a URL
/// with options=-cvultus.schema%3DNAME does.
inline constexpr std::string_view kSchema = "vultus";
inline constexpr std::size_t kMaxSchemaName = 63;  ///< bytes of an identifier of PostgreSQL
/// NOTIFY sends the number of each write transaction to the channel <schema>_changes, as far as it fits.
inline constexpr std::string_view kChannelEnding = "_changes";

// Keys of meta that only this store knows.
inline constexpr std::string_view kMetaSchema = "schema";          // version of the tables
inline constexpr std::string_view kMetaSearchable = "searchable";  // absent, "halfvec" or "hnsw"

/// Ids of a shard begin at its number times this: 16 bits for shards, 47 for rows.
inline constexpr std::int64_t kIdsOfShard = std::int64_t{1} << 47;
inline constexpr std::int64_t kMaxShard = (std::int64_t{1} << 16) - 1;

/// steps[i] makes version i + 1 out of version i.
[[nodiscard]] std::span<const std::string_view> postgres_steps();

/// Lets names of tables mean those of the gallery's schema in this session, and that schema alone.
/// @return its name; it need not be there
/// @error invalid_argument  the setting is no name that a gallery's schema may have
[[nodiscard]] Result<std::string> use_schema(postgres::Connection& connection);

/// The version of the gallery in the session's schema; 0 = there is none.
/// @error corrupt_data  the schema is there, but no gallery
[[nodiscard]] Result<int> schema_version(postgres::Connection& connection);

/// Takes the steps from version `from`, inside the caller's transaction.
[[nodiscard]] Status take_steps(postgres::Connection& connection, std::span<const std::string_view> steps, int from);

/// Brings an older gallery up to date, in a transaction of its own; several processes may try at once.
/// @error unsupported  a version that these steps do not know
[[nodiscard]] Status migrate(postgres::Connection& connection, std::span<const std::string_view> steps);

/// Keeps other processes from making or migrating the gallery until the end of the transaction.
[[nodiscard]] Status lock_schema(postgres::Connection& connection);

// ---- The searchable mode: what plain SQL clients search

/// Where pgvector lies; installs it where it is missing.
/// @error unsupported     the server has no pgvector of version 0.7 or newer
/// @error resource_limit  this user may not install it
[[nodiscard]] Result<std::string> vector_schema(postgres::Connection& connection);
/// The table of vectors.
[[nodiscard]] Status make_vectors(postgres::Connection& connection);
/// The HNSW index over the vectors of a model.
[[nodiscard]] Status make_vector_index(postgres::Connection& connection, const ModelRow& model);
/// The view `searchable`, for the model that is searched.
[[nodiscard]] Status make_view(postgres::Connection& connection, const ModelRow& model);

}  // namespace vultus::gallery
