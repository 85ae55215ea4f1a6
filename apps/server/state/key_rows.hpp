// Keys as rows of server.db.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

#include <apps/server/state/state.hpp>
#include <vultus/sqlite/database.hpp>

namespace vultus::server {

/// @error corrupt_data  a row that is no key
[[nodiscard]] Status each_key(sqlite::Database& database, const std::function<void(KeyRow)>& take);
[[nodiscard]] Status insert_key(sqlite::Database& database, const ApiKey& key, const Digest& hash);
[[nodiscard]] Status set_revoked(sqlite::Database& database, std::string_view id, UtcTime at);
/// Adds to what was used on the same day, and begins anew on a later one.
[[nodiscard]] Status add_used(sqlite::Database& database, const UsedKey& used);

/// "[...]" of the collections that a key sees, and back.
/// @error corrupt_data  no list of names
[[nodiscard]] std::optional<std::string> names_text(const std::optional<std::vector<std::string>>& names);
[[nodiscard]] Result<std::vector<std::string>> names_from(const std::string& text);

}  // namespace vultus::server
