// The way from a camera on the network to FFmpeg. Internal to the room.
//
// FFmpeg resolves names itself, follows redirects and does not check certificates. So it is given an address of this
// machine's loopback, and the connection behind that was made by Outbound: to an address that was checked.
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>

#include <vultus/core/result.hpp>

#include <apps/server/live/outbound.hpp>

namespace vultus::server {

/// Thread-safe. Carries bytes on a thread of its own until one side ends; its end stops it at once.
class StreamRelay {
 public:
  /// Connects; of a camera that speaks HTTP the request is sent and the head of its answer read.
  /// @param stop  ends the relay, also while it is opened
  /// @error those of Outbound::connect; unsupported  an answer that is no stream, a redirect
  static Result<std::unique_ptr<StreamRelay>> open(const TargetUrl& url, const OutboundRules& rules,
                                                   std::chrono::milliseconds patience, const std::stop_token& stop);
  ~StreamRelay();
  StreamRelay(const StreamRelay&) = delete;
  StreamRelay& operator=(const StreamRelay&) = delete;

  /// What media::VideoReader is given, with StreamTrust::of_caller.
  [[nodiscard]] const std::string& name() const { return name_; }
  /// Why it ended, where it knows better than FFmpeg.
  [[nodiscard]] std::optional<Error> error() const;

 private:
  class Pump;
  StreamRelay() = default;
  std::stop_source stop_;
  std::optional<std::stop_callback<std::function<void()>>> on_stop_;
  std::unique_ptr<Pump> pump_;
  std::string name_;
  std::jthread thread_;
};

}  // namespace vultus::server
