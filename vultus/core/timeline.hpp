// The Timeline: everything that was seen in some sources, on one clock. Analysers read and write its channels.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <variant>
#include <vector>

#include <vultus/core/clock.hpp>
#include <vultus/core/face.hpp>
#include <vultus/core/ids.hpp>
#include <vultus/core/result.hpp>

namespace vultus {

/// A picture, video or camera that was read, or that could not be.
struct Source {
  SourceId id;
  std::string path;  ///< as the user named it
  int width = 0;     ///< upright pixels; 0 where unreadable
  int height = 0;
  Clock clock;                 ///< a picture has one frame at tick 0
  std::optional<Error> error;  ///< why nothing was read
  bool operator==(const Source&) const = default;
};

/// Where numbers come from: printed with every reported figure.
enum class DataKind : std::uint8_t { user, public_data, planted };

struct Evidence {
  EvidenceId id;
  std::string producer;  ///< program and version
  std::string model;     ///< model id, empty where none was used
  std::string model_sha256;
  std::string backend;      ///< device and precision that really ran, e.g. "OpenVINO CPU bf16"
  std::string protocol;     ///< e.g. "open-set identification, FMR 1e-4"
  std::string data_sha256;  ///< of the gallery or data set, empty where none
  DataKind data = DataKind::user;
  bool operator==(const Evidence&) const = default;
};

/// A kind of reading: what it is called, its unit, and where it comes from.
struct Channel {
  ChannelId id;      ///< e.g. "identity.similarity"
  std::string unit;  ///< "cosine", "name", "1/min" ...; never empty
  EvidenceId evidence;
  bool operator==(const Channel&) const = default;
};

/// A frame of a moving picture that was looked at, whether it showed a face or not.
struct SourceFrame {
  SourceId source;
  Timestamp time;
  bool damaged = false;  ///< pixels are missing or made up
  bool cut = false;      ///< a scene cut lies between the frame before and this one
  bool operator==(const SourceFrame&) const = default;
};

/// One person followed through one source. In a picture every face is a track of one observation.
struct Track {
  TrackId id;
  SourceId source;
  bool operator==(const Track&) const = default;
};

/// A face of a track at a moment.
struct Observation {
  TrackId track;
  Timestamp time;
  FaceObservation face;
  bool operator==(const Observation&) const = default;
};

/// A number, a text, or values in a row (points as x, y, z; a distribution over labels). Nothing = not measured.
using ReadingValue = std::variant<std::monostate, double, std::string, std::vector<float>>;

/// A value of a channel for a track at a moment. Not measured = no value and a reason.
struct Reading {
  ChannelId channel;
  TrackId track;
  Timestamp time;
  ReadingValue value;
  std::string reason;  ///< why there is no value; empty otherwise
  bool operator==(const Reading&) const = default;
};

/// A uniformly sampled signal of a source, or of one track of it.
struct Signal {
  ChannelId channel;
  SourceId source;
  std::optional<TrackId> track;
  double rate = 0;   ///< samples per second, > 0
  double start = 0;  ///< seconds on the Timeline
  std::vector<double> samples;
  bool operator==(const Signal&) const = default;
};

/// A stretch or an instant with a label, from a person or a method.
struct Annotation {
  ChannelId channel;
  SourceId source;
  std::optional<TrackId> track;
  double from = 0;  ///< seconds
  double to = 0;    ///< seconds, >= from; equal = an instant
  std::string label;
  std::string annotator;
  std::optional<Score> confidence;
  bool operator==(const Annotation&) const = default;
};

/// Receives what is seen, in the order it is seen. A Timeline in memory is one sink, its file another.
class TimelineSink {
 public:
  virtual ~TimelineSink() = default;
  virtual Status add(const Source& source) = 0;            ///< errors: those of Timeline::add or of the sink
  virtual Status add(const Evidence& evidence) = 0;        ///< how something was measured
  virtual Status add(const Channel& channel) = 0;          ///< after its evidence
  virtual Status add(const SourceFrame& frame) = 0;        ///< after its source, frames in order of time
  virtual Status add(const Track& track) = 0;              ///< after its source
  virtual Status add(const Observation& observation) = 0;  ///< after its track
  virtual Status add(const Reading& reading) = 0;          ///< after its channel and track
  virtual Status add(const Signal& signal) = 0;            ///< after its channel and source
  virtual Status add(const Annotation& annotation) = 0;    ///< after its channel and source
  bool operator==(const TimelineSink&) const = default;
};

/// A Timeline in memory. Thread-compatible.
class Timeline : public TimelineSink {
 public:
  /// Each add checks what it refers to, so that a Timeline never points at nothing.
  /// @error invalid_argument  an id given twice, or a source, track, channel or evidence that was not added before
  Status add(const Source& source) override;
  Status add(const Evidence& evidence) override;
  Status add(const Channel& channel) override;
  Status add(const SourceFrame& frame) override;
  Status add(const Track& track) override;
  Status add(const Observation& observation) override;
  Status add(const Reading& reading) override;
  Status add(const Signal& signal) override;
  Status add(const Annotation& annotation) override;

  [[nodiscard]] const std::vector<Source>& sources() const { return sources_; }
  [[nodiscard]] const std::vector<Evidence>& evidence() const { return evidence_; }
  [[nodiscard]] const std::vector<Channel>& channels() const { return channels_; }
  [[nodiscard]] const std::vector<SourceFrame>& frames() const { return frames_; }
  [[nodiscard]] const std::vector<Track>& tracks() const { return tracks_; }
  [[nodiscard]] const std::vector<Observation>& observations() const { return observations_; }
  [[nodiscard]] const std::vector<Reading>& readings() const { return readings_; }
  [[nodiscard]] const std::vector<Signal>& signals() const { return signals_; }
  [[nodiscard]] const std::vector<Annotation>& annotations() const { return annotations_; }

  /// @return the source, or null
  [[nodiscard]] const Source* find(SourceId id) const;
  /// @return the track, or null
  [[nodiscard]] const Track* find(TrackId id) const;
  /// @return the first reading of a channel for a track, or null
  [[nodiscard]] const Reading* reading(const ChannelId& channel, TrackId track) const;

  bool operator==(const Timeline&) const = default;

 private:
  std::vector<Source> sources_;
  std::vector<Evidence> evidence_;
  std::vector<Channel> channels_;
  std::vector<SourceFrame> frames_;
  std::vector<Track> tracks_;
  std::vector<Observation> observations_;
  std::vector<Reading> readings_;
  std::vector<Signal> signals_;
  std::vector<Annotation> annotations_;
  // Positions by id: a folder of photos has as many tracks as faces.
  std::unordered_map<SourceId, std::size_t> source_at_;
  std::unordered_map<TrackId, std::size_t> track_at_;
  std::unordered_map<TrackId, std::vector<std::size_t>> readings_of_;
};

}  // namespace vultus
