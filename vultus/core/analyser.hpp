// What every analyser is: it looks at frames with followed faces, reads channels of them and writes others.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <vultus/core/face.hpp>
#include <vultus/core/ids.hpp>
#include <vultus/core/image.hpp>
#include <vultus/core/result.hpp>
#include <vultus/core/timeline.hpp>
#include <vultus/core/units.hpp>

namespace vultus {

/// A channel as its analyser declares it.
struct ChannelDeclaration {
  ChannelId id;  ///< dotted lower case, e.g. "au.12.intensity"
  /// "rad", "mm", "px", "0..5", "probability", "1/min" ...; never empty. Of values in a row the names of the elements
  /// follow in brackets, over and over for points: "px (x, y)", "probability (angry, happy, sad)". Tables name their
  /// columns by them.
  std::string unit;
  std::string meaning;  ///< one sentence for people
};

/// What is known of an analyser before it runs: the catalogue shows it, the engine orders by it.
struct AnalyserInfo {
  std::string id;                          ///< one lower-case word, e.g. "blink": what --channels takes
  std::string help;                        ///< one sentence for people
  std::vector<ChannelId> reads;            ///< channels of other analysers that must be there before it looks
  std::vector<ChannelDeclaration> writes;  ///< no two analysers write the same channel
  Evidence evidence;                       ///< of everything that it writes; its id is given by the engine
};

/// What was read of one face in one frame, by channel. Not measured = no value and a reason.
class FaceReadings {
 public:
  struct Entry {
    ReadingValue value;
    std::string reason;  ///< why there is no value; empty otherwise
    bool operator==(const Entry&) const = default;
  };

  /// Replaces what the channel held, as absent() does.
  void write(ChannelId channel, ReadingValue value) {
    entries_.insert_or_assign(std::move(channel), Entry{std::move(value), {}});
  }
  /// Not measured, and why.
  void absent(ChannelId channel, std::string reason) {
    entries_.insert_or_assign(std::move(channel), Entry{{}, std::move(reason)});
  }

  /// @return the number, or null where it was not measured
  [[nodiscard]] const double* number(const ChannelId& channel) const { return get<double>(channel); }
  /// @return the text, or null where it was not measured
  [[nodiscard]] const std::string* text(const ChannelId& channel) const { return get<std::string>(channel); }
  /// @return the values, or null where they were not measured
  [[nodiscard]] const std::vector<float>* values(const ChannelId& channel) const {
    return get<std::vector<float>>(channel);
  }
  [[nodiscard]] const std::map<ChannelId, Entry>& entries() const { return entries_; }
  bool operator==(const FaceReadings&) const = default;

 private:
  template <class Value>
  [[nodiscard]] const Value* get(const ChannelId& channel) const {
    const auto found = entries_.find(channel);
    return found == entries_.end() ? nullptr : std::get_if<Value>(&found->second.value);
  }

  std::map<ChannelId, Entry> entries_;
};

/// A confirmed face of a track in a frame.
struct AnalysedFace {
  TrackId track;
  FaceObservation face;
  FaceReadings readings;  ///< of the analysers before; each adds its own
};

/// A frame with its faces. The picture is that of the source, upright.
struct AnalysedFrame {
  Timestamp time;
  Seconds seconds{0};  ///< the same moment, since the start of the source
  ImageView picture;   ///< rgb8
  bool cut = false;    ///< a scene cut lies between the frame before and this one
  std::vector<AnalysedFace> faces;
};

/// One analyser on one source. Thread-compatible: every source has its own. It answers the same whether frames come
/// singly or many at a time.
class Analyser {
 public:
  virtual ~Analyser() = default;
  Analyser(const Analyser&) = delete;
  Analyser& operator=(const Analyser&) = delete;
  Analyser(Analyser&&) = delete;
  Analyser& operator=(Analyser&&) = delete;

  [[nodiscard]] virtual const AnalyserInfo& info() const = 0;
  /// Before the first frame. @param source  its size and clock
  virtual Status begin(const Source& source) = 0;
  /// Writes what it declared, or says why not, for every face of the frames; frames come in order of time, each once.
  /// A face it can say nothing about is no error. @error internal  the backend failed: the run stops
  virtual Status look(std::span<AnalysedFrame> frames) = 0;
  /// A track has ended: what is known only now (events, rates) goes to `sink`. Its frames were all looked at.
  virtual Status end(TrackId track, TimelineSink& sink) = 0;
  /// The source has ended; every track has before.
  virtual Status end(TimelineSink& sink) = 0;

 protected:
  Analyser() = default;
};

}  // namespace vultus
