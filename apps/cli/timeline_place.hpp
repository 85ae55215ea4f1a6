// Where a Timeline file is made, perhaps in the place of another.
#pragma once

#include <string>

#include <vultus/core/result.hpp>

namespace vultus::cli {

/// A recording is not thrown away without being asked to, and nothing that is no Timeline is ever removed. The one that
/// is replaced stays beside the new one, as "<path>.old", until the new one is kept; where it is not, the old one comes
/// back. Move-only, thread-compatible.
class TimelinePlace {
 public:
  TimelinePlace() = default;
  /// Makes room. What is left where the making of a Timeline was interrupted, before anything was in it, is no
  /// recording.
  /// @error invalid_argument  a Timeline is there and `force` is not set; corrupt_data  what is there is no Timeline;
  ///        resource_limit  it cannot be moved
  static Result<TimelinePlace> make(const std::string& path, bool force);
  TimelinePlace(TimelinePlace&& other) noexcept;
  TimelinePlace& operator=(TimelinePlace&& other) noexcept;
  TimelinePlace(const TimelinePlace&) = delete;
  TimelinePlace& operator=(const TimelinePlace&) = delete;
  /// Brings the old one back where the new one was not kept. What writes the new one must be gone by then.
  ~TimelinePlace();

  /// The new one is whole: the old one goes.
  void keep();

 private:
  std::string path_;  // empty: nothing was moved
};

}  // namespace vultus::cli
