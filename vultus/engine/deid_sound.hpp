// The sound of a video on its way into a copy without faces. Internal to the room.
#pragma once

#include <optional>
#include <stop_token>
#include <string>

#include <vultus/engine/deid.hpp>
#include <vultus/media/sound_reader.hpp>
#include <vultus/media/video_writer.hpp>
#include <vultus/protect/mcadams.hpp>

namespace vultus::engine {

/// Reads, changes and writes a second or so at a time. Thread-compatible.
class CopiedSound {
 public:
  /// @param treatment  voice or keep
  /// @param voice      for voice
  /// @return nothing where the file has no sound
  /// @error as media::SoundReader::open() and protect::McAdamsVoice::start()
  static Result<std::optional<CopiedSound>> open(const std::string& input, SoundTreatment treatment,
                                                 const protect::McAdamsOptions& voice,
                                                 const std::stop_token& stop = {});

  /// What the copy must be opened with.
  [[nodiscard]] const media::SoundFormat& format() const { return format_; }
  /// @param first_frame  time of the first frame on the clock of the file, where it is known
  Status start(std::optional<Seconds> first_frame);
  /// Writes the sound up to a time of the copy; of a changed voice all but the last 20 ms.
  Status write_until(Seconds end, media::VideoWriter& into);
  /// Writes the rest up to the end of the copy; what comes later is left out.
  Status finish(Seconds end, media::VideoWriter& into);
  /// After finish().
  [[nodiscard]] DeidSound report() const;

 private:
  CopiedSound(media::SoundReader reader, media::SoundFormat format, std::optional<protect::McAdamsVoice> voice)
      : reader_(std::move(reader)), format_(format), voice_(std::move(voice)) {}

  media::SoundReader reader_;
  media::SoundFormat format_;
  std::optional<protect::McAdamsVoice> voice_;
  std::int64_t taken_ = 0;  ///< samples
  bool ended_ = false;
};

}  // namespace vultus::engine
