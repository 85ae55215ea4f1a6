// Where each collection lies: a file of the data folder, or a server that the administrator named.
#pragma once

#include <cstdint>
#include <filesystem>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include <vultus/core/result.hpp>

#include <apps/server/options.hpp>
#include <apps/server/state/state.hpp>

namespace vultus::server {

struct Place {
  enum class Kind : std::uint8_t { file, server };
  Kind kind = Kind::file;
  std::filesystem::path path;  ///< or the URL of a database, or a configuration of shards
  bool known = false;          ///< the file is there, or somebody made or named the one on a server
};

/// The URL of a collection among all that lie on one server: its name stands in the place of {collection}; without that
/// word in the URL, each collection has a schema of its own in that database.
/// @error invalid_argument  a name too long for a schema
[[nodiscard]] Result<std::string> url_of_collection(const std::string& all, const std::string& name);
/// @error invalid_argument  a URL that cannot have the name of a schema added to it
[[nodiscard]] Status check_url_for_all(const std::string& all);

/// Thread-safe.
class Places {
 public:
  /// @param state  must outlive the object
  Places(std::filesystem::path folder, State& state, const CollectionOptions& options)
      : folder_(std::move(folder)), state_(state), named_(options.databases), all_(options.database_for_all) {}

  /// @param name  is_collection_name()
  [[nodiscard]] Result<Place> find(const std::string& name) const;
  /// All that are known, sorted.
  [[nodiscard]] Result<std::vector<std::string>> names() const;
  /// Writes down that one was made where its place alone does not tell. @param when  seconds since 1970
  Status note_made(const std::string& name, const Place& place, std::int64_t when);
  /// Removes all files of a collection, the keys of its templates first.
  /// @error unsupported  it lies on a server
  Status remove(const std::string& name);

 private:
  [[nodiscard]] Result<bool> is_noted(const std::string& name) const;
  mutable std::mutex lock_;
  mutable std::set<std::string> noted_;  ///< those that are known to be noted; a note is never taken back
  std::filesystem::path folder_;
  State& state_;
  std::map<std::string, std::string> named_;
  std::string all_;
};

}  // namespace vultus::server
