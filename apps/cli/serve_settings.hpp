// What `vultus serve` may be told, and what follows from it.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <CLI/App.hpp>

#include <vultus/liveness/camera_thresholds.hpp>

#include <apps/cli/gallery_keys.hpp>
#include <apps/cli/settings.hpp>
#include <apps/server/http/listener.hpp>
#include <apps/server/live/live_options.hpp>
#include <apps/server/service.hpp>

namespace vultus::cli {

struct ServeSettings {
  EngineSettings engine;
  KeySettings keys;
  std::string data;
  std::string listen = "127.0.0.1:8000";
  std::string deepface;
  std::string admin_key_file;
  std::string certificate, key;
  bool self_signed = false;
  bool plain_http = false;
  std::vector<std::string> hosts;
  std::vector<std::string> origins;
  std::string database, state;
  std::vector<std::string> collections;  ///< NAME=GALLERY
  bool encrypt = false;
  bool quiet = false;
  bool decode_here = false;
  std::string camera_folder;
  std::vector<std::string> allow_targets;
  std::size_t max_cameras = 16;
  server::SealedLimits sealed;
  std::string target_ca;
  std::string liveness_cameras;
  std::string mqtt;
  std::string mqtt_password_file;
};

void add_serve_options(CLI::App& command, ServeSettings& settings);

/// Where and how to listen. @param option  that named the address, for the message
/// @error invalid_argument  before anything is made or loaded
Result<server::ListenerOptions> listener_options(const ServeSettings& settings, const std::string& listen,
                                                 const std::string& option);

/// Collections that lie on servers of their own, by name.
/// @error invalid_argument  before anything is made or loaded
Result<std::map<std::string, std::string>> named_collections(const ServeSettings& settings);

/// Cameras, webhooks and the broker. @error invalid_argument, not_found  before anything is made or loaded
Result<std::shared_ptr<const server::LiveOptions>> live_options(const ServeSettings& settings);

/// Thresholds of liveness by the name of a camera. @error as liveness::parse_camera_thresholds
Result<liveness::CameraThresholds> camera_thresholds(const ServeSettings& settings);

}  // namespace vultus::cli
