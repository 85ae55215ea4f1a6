// A Timeline file from moment to moment, however long it is: memory for one moment only.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <vultus/core/face.hpp>
#include <vultus/core/result.hpp>
#include <vultus/core/timeline.hpp>

namespace vultus {

/// What was read of a channel, see TimelineScan::channels().
struct MomentReading {
  std::size_t channel = 0;  ///< position in channels()
  ReadingValue value;
  std::string reason;  ///< why there is no value
};

/// A track at a moment.
struct MomentOfTrack {
  std::size_t track = 0;                ///< position in tracks()
  std::optional<FaceObservation> face;  ///< empty: something was read, but no face was seen
  std::vector<MomentReading> readings;  ///< in the order of their arrival
};

/// Everything of one source at one moment.
struct Moment {
  std::size_t source = 0;  ///< position in sources()
  Timestamp time;
  std::optional<SourceFrame> frame;   ///< where frames were recorded
  std::vector<MomentOfTrack> tracks;  ///< in the order of their positions; empty: a frame without a face
};

/// What the readings of a channel look like.
struct ChannelForm {
  std::size_t width = 0;  ///< of the longest row of values; 0: none was read
  bool numbers = false;   ///< single ones were read
  bool texts = false;
  bool operator==(const ChannelForm&) const = default;
};

/// Goes through a file once, in order of time. Move-only; thread-compatible. A file that is still being written is seen
/// as it was when the scan began.
class TimelineScan {
 public:
  /// @error as read_timeline
  static Result<TimelineScan> open(const std::filesystem::path& path);
  TimelineScan(TimelineScan&&) noexcept;
  TimelineScan& operator=(TimelineScan&&) noexcept;
  ~TimelineScan();

  [[nodiscard]] const std::vector<Source>& sources() const;
  [[nodiscard]] const std::vector<Evidence>& evidence() const;
  [[nodiscard]] const std::vector<Channel>& channels() const;
  [[nodiscard]] const std::vector<Track>& tracks() const;

  [[nodiscard]] const std::vector<Annotation>& annotations() const;  ///< few beside the readings

  /// Of each channel: a look at every reading.
  [[nodiscard]] Result<std::vector<ChannelForm>> forms();

  /// @return false at the end
  /// @error corrupt_data  damaged  @error unsupported  rows out of order of time, as no recording of Vultus has them:
  ///                      read_timeline takes them all the same
  Result<bool> next(Moment& into);

 private:
  class Impl;
  explicit TimelineScan(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/// Names for the elements of a row of values: by the names in the unit's brackets ("px (x, y)" gives 0.x, 0.y, 1.x ...;
/// as many values as names give the names alone), else x, y or x, y, z where the id of the channel ends in the number
/// of points (landmarks.68), else numbers from 0.
[[nodiscard]] std::vector<std::string> element_names(const Channel& channel, std::size_t count);

}  // namespace vultus
