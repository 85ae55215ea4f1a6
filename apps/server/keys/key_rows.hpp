// Keys as rows of server.db.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

#include <apps/server/data/server_secret.hpp>
#include <apps/server/keys/api_key.hpp>
#include <vultus/sqlite/database.hpp>

namespace vultus::server {

/// A key and what it has used.
struct KeyRow {
  ApiKey key;
  Digest hash{};
  std::int64_t day = 0;  ///< since 1970
  std::int64_t requests = 0;
};

/// @error corrupt_data  a row that is no key
[[nodiscard]] Status each_key(sqlite::Database& database, const std::function<void(KeyRow)>& take);
[[nodiscard]] Status insert_key(sqlite::Database& database, const ApiKey& key, const Digest& hash);
[[nodiscard]] Status set_revoked(sqlite::Database& database, std::string_view id, UtcTime at);
[[nodiscard]] Status delete_key(sqlite::Database& database, std::string_view id);
[[nodiscard]] Status set_used(sqlite::Database& database, const KeyRow& row);

}  // namespace vultus::server
