// Where each collection lies: a file of the data folder, or a server that the administrator named.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include <vultus/core/result.hpp>

#include <apps/server/data/server_database.hpp>
#include <apps/server/options.hpp>

namespace vultus::server {

struct Place {
  enum class Kind : std::uint8_t { file, server };
  Kind kind = Kind::file;
  std::filesystem::path path;  ///< or the URL of a database, or a configuration of shards
  bool known = false;          ///< the file is there, or somebody made or named the one on a server
};

/// Thread-safe.
class Places {
 public:
  /// @param database  must outlive the object
  Places(std::filesystem::path folder, ServerDatabase& database, const CollectionOptions& options)
      : folder_(std::move(folder)), database_(database), named_(options.databases), all_(options.database_for_all) {}

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
  std::filesystem::path folder_;
  ServerDatabase& database_;
  std::map<std::string, std::string> named_;
  std::string all_;
};

}  // namespace vultus::server
