// A key as a row of either database: which columns are asked for, and what they mean.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <vultus/core/result.hpp>

#include <apps/server/keys/key_row.hpp>
#include <apps/server/state/key_rows.hpp>

namespace vultus::server {

/// All keys, with what they have used.
inline constexpr std::string_view kSelectKeys =
    "SELECT id, hash, name, scope, collections, per_second, burst, per_day, created, expires, revoked, last_used, "
    "service, day, requests FROM keys LEFT JOIN used ON key = id";

/// Reads a row of kSelectKeys.
/// @param row      has is_null, integer, text, blob, optional_text and optional_real of a column, counted from 0
/// @param damaged  makes the error of a row that is no key
/// @error what `damaged` makes
template <class Row, class Damaged>
[[nodiscard]] Result<KeyRow> key_of_columns(const Row& row, const Damaged& damaged) {
  const auto time = [&](int column) { return UtcTime(std::chrono::seconds(row.integer(column))); };
  const auto time_or_none = [&](int column) {
    return row.is_null(column) ? std::nullopt : std::optional(time(column));
  };
  KeyRow read;
  ApiKey& key = read.key;
  key.id = row.text(0);
  const auto wrong = [&](const std::string& what) { return damaged("key " + key.id + ": " + what); };
  const auto hash = row.blob(1);
  if (hash.size() != read.hash.size()) return wrong("its hash has another length");
  std::ranges::copy(hash, read.hash.begin());
  key.name = row.text(2);
  const auto scope = scope_from(row.text(3));
  if (!scope) return wrong("\"" + row.text(3) + "\" is no scope");
  key.scope = *scope;
  if (const auto names = row.optional_text(4)) {
    auto listed = names_from(*names);
    if (!listed) return wrong(listed.error().message);
    key.collections = *std::move(listed);
  }
  key.limits.per_second = row.optional_real(5);
  key.limits.burst = row.is_null(6) ? 1 : row.integer(6);
  if (!row.is_null(7)) key.limits.per_day = row.integer(7);
  key.created = time(8);
  key.expires = time_or_none(9);
  key.revoked = time_or_none(10);
  key.last_used = time_or_none(11);
  if (const auto kind = row.optional_text(12)) {
    key.service = service_from(*kind);
    if (!key.service) return wrong("\"" + *kind + "\" is no service");
  }
  read.day = row.is_null(13) ? 0 : row.integer(13);
  read.requests = row.is_null(14) ? 0 : row.integer(14);
  return read;
}

}  // namespace vultus::server
