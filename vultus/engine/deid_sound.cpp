#include <vultus/engine/deid_sound.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace vultus::engine {
namespace {

// The method was published at this rate; at a higher one the same alpha would move formants farther.
constexpr int kVoiceRate = 16'000;
constexpr int kKeptRate = 48'000;
constexpr int kKeptChannels = 2;
constexpr std::int64_t kPiece = 8'192;  // samples

}  // namespace

Result<std::optional<CopiedSound>> CopiedSound::open(const std::string& input, SoundTreatment treatment,
                                                     const protect::McAdamsOptions& voice,
                                                     const std::stop_token& stop) {
  VULTUS_TRY(auto reader, media::SoundReader::open(input, stop));
  if (!reader) return std::optional<CopiedSound>();
  media::SoundFormat format;
  std::optional<protect::McAdamsVoice> changed;
  if (treatment == SoundTreatment::voice) {
    format = {.rate = media::sound_rate_for(reader->info().rate, kVoiceRate), .channels = 1};
    VULTUS_TRY(changed, protect::McAdamsVoice::start(format.rate, voice));
  } else {
    format = {.rate = media::sound_rate_for(reader->info().rate, kKeptRate),
              .channels = std::min(reader->info().channels, kKeptChannels)};
  }
  return std::optional(CopiedSound(*std::move(reader), format, std::move(changed)));
}

Status CopiedSound::start(std::optional<Seconds> first_frame) { return reader_.start(format_, first_frame); }

Status CopiedSound::write_until(Seconds end, media::VideoWriter& into) {
  const std::int64_t wanted = std::llround(end.value() * format_.rate);
  media::SoundBlock block;
  while (!ended_ && taken_ < wanted) {
    const std::int64_t most = std::min(kPiece, wanted - taken_);
    VULTUS_TRY(const std::size_t got, reader_.next(static_cast<std::size_t>(most), block));
    ended_ = static_cast<std::int64_t>(got) < most;
    taken_ += static_cast<std::int64_t>(got);
    if (voice_) {
      VULTUS_TRY(block[0], voice_->add(block[0]));
    }
    VULTUS_CHECK(into.add_sound(block));
  }
  return {};
}

Status CopiedSound::finish(Seconds end, media::VideoWriter& into) {
  VULTUS_CHECK(write_until(end, into));
  if (!voice_) return {};
  return into.add_sound(std::array{voice_->finish()});
}

DeidSound CopiedSound::report() const {
  const media::SoundInfo& info = reader_.info();
  const media::SoundCounts& counts = reader_.counts();
  return {.outcome = voice_ ? SoundOutcome::voice : SoundOutcome::kept,
          .tracks = info.tracks,
          .rate = format_.rate,
          .channels = format_.channels,
          .seconds = static_cast<double>(taken_) / format_.rate,
          .silent_seconds = static_cast<double>(counts.filled) / format_.rate,
          .damaged_packets = counts.damaged_packets};
}

}  // namespace vultus::engine
