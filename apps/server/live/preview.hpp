// The picture of a camera with boxes and names, for those who look at it now.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include <vultus/core/image.hpp>
#include <vultus/engine/follower.hpp>

#include <apps/server/http/message.hpp>
#include <apps/server/live/seats.hpp>

namespace vultus::server {

/// Thread-safe. Viewers that take too little lose pictures; none holds a thread or makes the camera wait.
class Preview {
 public:
  static constexpr std::size_t kMostViewers = 8;
  static constexpr int kMostWidth = 1280;
  static constexpr const char* kBoundary = "vultus-frame";
  using Clock = std::chrono::steady_clock;

  ~Preview() { close(); }
  /// Whether a picture is worth its making: ten a second where somebody looks, else one.
  [[nodiscard]] bool wants(Clock::time_point now) const;
  /// Draws the faces over the frame, which is changed, and shows it.
  /// @error as media::draw_marks, media::encode_jpeg
  Status show(Image& frame, const std::vector<engine::FollowedFace>& faces, Clock::time_point now);
  [[nodiscard]] std::optional<std::string> latest() const;  ///< JPEG
  /// The camera gives no pictures any more: an old one is not shown as if it were new.
  void clear();

  /// A place among the viewers. Null = all are taken.
  [[nodiscard]] Seat take_seat() { return seats_.take(); }
  /// @param allowed  asked every few seconds; where it is false the stream ends
  void add_viewer(std::shared_ptr<StreamWriter> writer, Seat seat, std::function<bool()> allowed);
  [[nodiscard]] std::size_t viewers() const;
  void close();  ///< ends all streams

 private:
  struct Viewer {
    std::shared_ptr<StreamWriter> writer;
    Seat seat;
    std::function<bool()> allowed;
    Clock::time_point asked;
  };
  mutable std::mutex lock_;
  std::shared_ptr<const std::string> latest_;
  Clock::time_point shown_{};
  std::vector<Viewer> viewers_;
  Seats seats_{kMostViewers};
};

}  // namespace vultus::server
