// One camera at work: opened, followed, its events told; opened again when it breaks off.
#pragma once

#include <atomic>
#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>

#include <vultus/engine/engine.hpp>
#include <vultus/liveness/camera_thresholds.hpp>

#include <apps/server/collections/collections.hpp>
#include <apps/server/live/camera_settings.hpp>
#include <apps/server/live/live_counters.hpp>
#include <apps/server/live/preview.hpp>
#include <apps/server/live/visits.hpp>

namespace vultus::server {

struct OutboundRules;

/// How long a camera that fails is left alone: doubled each time, with a random part so that many do not come back at
/// one moment.
struct BackOff {
  std::chrono::milliseconds first{1'000};
  std::chrono::milliseconds longest{60'000};
  /// @param failures  in a row, from 1  @param random  [0, 1)
  /// @return from half of the step to all of it
  [[nodiscard]] std::chrono::milliseconds wait(int failures, double random) const;
};

/// What all cameras share. Outlives them.
struct CameraSurroundings {
  const engine::Engine* engine = nullptr;
  Collections* collections = nullptr;
  const OutboundRules* outbound = nullptr;
  std::filesystem::path folder;  ///< of files that stand for cameras; empty = none
  LiveCounters* counters = nullptr;
  /// Writes an event down. On the thread of the camera.
  std::function<Status(const CameraSettings&, Collection&, Happening)> record;
  const liveness::CameraThresholds* thresholds = nullptr;  ///< by the name of the camera; null = none
  BackOff back_off;
  std::chrono::milliseconds patience{10'000};  ///< how long a source may say nothing
};

struct CameraStatus {
  enum class State : std::uint8_t { running, connecting, waiting, stopped };
  State state = State::stopped;
  std::string error;  ///< of the last attempt; empty = none
  std::optional<double> frames_per_second;
};
[[nodiscard]] std::string_view name_of(CameraStatus::State state);

/// Thread-safe. Its own thread decodes, looks and tells; a source that is live has a reader thread beside it, and one
/// on the network a relay.
class Camera {
 public:
  Camera(CameraSettings settings, const CameraSurroundings& around);
  ~Camera();  ///< within a second, whatever the source does
  Camera(const Camera&) = delete;
  Camera& operator=(const Camera&) = delete;

  void start();
  void ask_to_stop() { thread_.request_stop(); }
  void end();  ///< waits for the thread, which was asked to stop
  [[nodiscard]] const CameraSettings& settings() const { return settings_; }
  [[nodiscard]] CameraStatus status() const;
  [[nodiscard]] Preview& preview() { return preview_; }

 private:
  class Watch;
  void work(const std::stop_token& stop);
  Result<bool> watch(const std::stop_token& stop);
  /// By which policy its faces must be live.
  [[nodiscard]] liveness::Policy live_policy() const;
  void tell(CameraStatus::State state, std::string error);
  [[nodiscard]] double now_s() const;

  CameraSettings settings_;
  const CameraSurroundings& around_;
  Preview preview_;
  Visits visits_;
  std::chrono::steady_clock::time_point made_ = std::chrono::steady_clock::now();
  mutable std::mutex lock_;
  CameraStatus status_;
  bool had_frames_ = false;  // since it was opened
  std::jthread thread_;      // last: it uses the others
};

}  // namespace vultus::server
