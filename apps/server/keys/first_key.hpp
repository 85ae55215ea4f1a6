// The first key of the administrator.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include <vultus/core/result.hpp>

#include <apps/server/keys/key_store.hpp>

namespace vultus::server {

struct FirstKeyPlace {
  std::function<void(const std::string& key)> show;  ///< on a terminal; empty = into `file`
  std::filesystem::path file;                        ///< made; only its owner may read it
};

/// Makes a key with the scope admin for all collections where none is valid: at the first start, and where all have
/// ended.
/// @return true where one was made
/// @error invalid_argument  the file is there already, with something else in it than what a start that was killed left
/// @error resource_limit    it cannot be written. No key is made in both cases.
[[nodiscard]] Result<bool> ensure_admin_key(KeyStore& keys, const FirstKeyPlace& place);

}  // namespace vultus::server
