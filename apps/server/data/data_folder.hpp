// The folder in which a server keeps everything: of one process at a time, closed to other users.
#pragma once

#include <filesystem>

#include <vultus/core/result.hpp>

namespace vultus::server {

/// Holds the lock of the folder as long as it lives. Move-only; immutable.
class DataFolder {
 public:
  /// Makes the folder, with mode 0700, where it is not there.
  /// @error not_found         no folder to make it in
  /// @error invalid_argument  no folder; or other users may look into it: the message says what to do
  /// @error resource_limit    another process serves it, or it cannot be written
  static Result<DataFolder> open(const std::filesystem::path& path);

  DataFolder(DataFolder&& other) noexcept;
  DataFolder& operator=(DataFolder&&) = delete;
  DataFolder(const DataFolder&) = delete;
  DataFolder& operator=(const DataFolder&) = delete;
  ~DataFolder();

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  [[nodiscard]] std::filesystem::path database() const { return path_ / "server.db"; }
  [[nodiscard]] std::filesystem::path secret() const { return path_ / "server.key"; }
  [[nodiscard]] std::filesystem::path collections() const { return path_ / "collections"; }
  /// Sealed galleries, and the audit logs of what is done with them.
  [[nodiscard]] std::filesystem::path sealed() const { return path_ / "sealed"; }
  [[nodiscard]] std::filesystem::path sealed_logs() const { return path_ / "sealed" / "logs"; }
  /// The audit log of what belongs to no collection.
  [[nodiscard]] std::filesystem::path audit() const { return path_ / "audit"; }
  /// Files of jobs; none of them outlives the process.
  [[nodiscard]] std::filesystem::path scratch() const { return path_ / "scratch"; }

 private:
  DataFolder(std::filesystem::path path, int lock) : path_(std::move(path)), lock_(lock) {}
  std::filesystem::path path_;
  int lock_;
};

}  // namespace vultus::server
