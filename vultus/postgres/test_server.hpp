// Servers of PostgreSQL for tests, through tools/postgres.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace vultus::postgres::testing {

/// A server of its own, ended and deleted with this object, and with the process in any case.
class Server {
 public:
  /// @param options  of `tools/postgres start`, e.g. {"--tcp"}
  explicit Server(const std::vector<std::string>& options = {});
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  ~Server();

  [[nodiscard]] const std::string& url() const { return url_; }
  /// server.json and nothing else.
  [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }
  void kill();   ///< kill -9
  void stop();   ///< as a shutdown does
  void start();  ///< again, with its data
  void promote();

 private:
  std::filesystem::path folder_;
  std::string url_;
};

/// The URL of a new, empty database on the server that all tests share.
[[nodiscard]] std::string fresh_database();

/// The URL with another database of the same server.
[[nodiscard]] std::string with_database(const std::string& url, const std::string& database);

/// Runs `tools/postgres` and answers what it printed. Throws where it fails.
std::string run_tool(const std::vector<std::string>& arguments);

}  // namespace vultus::postgres::testing
