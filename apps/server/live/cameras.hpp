// All cameras of a server: kept in server.db, each at work on its own.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include <apps/server/live/camera.hpp>
#include <apps/server/live/camera_store.hpp>

namespace vultus::server {

/// Thread-safe.
class Cameras {
 public:
  /// @param most  that may be there
  Cameras(CameraStore store, CameraSurroundings around, std::size_t most)
      : store_(store), around_(std::move(around)), most_(most) {}
  ~Cameras() { stop(); }
  Cameras(const Cameras&) = delete;
  Cameras& operator=(const Cameras&) = delete;

  Status load();  ///< those of the database; none works yet
  void start();   ///< those that are enabled
  void stop();    ///< all, within a second

  [[nodiscard]] std::vector<std::shared_ptr<Camera>> list() const;
  [[nodiscard]] std::shared_ptr<Camera> find(const std::string& id) const;  ///< null = no such
  [[nodiscard]] std::size_t most() const { return most_; }

  /// Whether a source may be opened, as far as that can be told without opening it.
  /// @error invalid_argument  no source, or not allowed; not_found  no such file
  [[nodiscard]] Status check_source(const std::string& source) const;
  /// @error resource_limit  so many cameras are there
  Result<std::shared_ptr<Camera>> add(CameraSettings settings);  ///< makes the id
  /// Takes the place of the camera of the same id, which starts again. @error not_found
  Result<std::shared_ptr<Camera>> change(CameraSettings settings);
  Status remove(const std::string& id);  ///< @error not_found

 private:
  std::shared_ptr<Camera> put(CameraSettings settings);

  CameraStore store_;
  CameraSurroundings around_;
  std::size_t most_;
  std::mutex changing_;  // one change after the other; held while a camera ends
  mutable std::mutex lock_;
  bool working_ = false;
  std::map<std::string, std::shared_ptr<Camera>> cameras_;
};

}  // namespace vultus::server
