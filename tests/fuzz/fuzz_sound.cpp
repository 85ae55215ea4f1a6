// The sound of video files: the demuxers and decoders are not ours, what is made of their answers is.
#include <vultus/media/sound_reader.hpp>

#include <cmath>

#include "fuzz_file.hpp"
#include "fuzz_target.hpp"

namespace {

using vultus::ErrorCode;
using vultus::fuzz::require;
using namespace vultus::media;  // NOLINT(google-build-using-namespace): the room under test

constexpr std::size_t kPiece = 4'096;
constexpr int kMostPieces = 8;

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto path = vultus::fuzz::folder() / "sound";
  vultus::fuzz::write(path, {reinterpret_cast<const char*>(data), size});
  auto opened = SoundReader::open(path.string());
  if (!opened) {
    require(!opened.error().message.empty() && opened.error().code != ErrorCode::internal, "bytes are never our fault");
    return 0;
  }
  if (!*opened) return 0;
  SoundReader reader = **std::move(opened);
  require(reader.info().tracks > 0 && reader.info().channels > 0, "there is sound");
  const SoundFormat format{.rate = 16'000, .channels = size % 2 == 0 ? 1 : 2};
  require(static_cast<bool>(reader.start(format, vultus::Seconds(0))), "the format is within its range");
  SoundBlock block;
  for (int i = 0; i < kMostPieces; ++i) {
    const auto got = reader.next(kPiece, block);
    if (!got || *got == 0) break;
    require(*got <= kPiece && block.size() == static_cast<std::size_t>(format.channels), "no more than was asked for");
    for (const auto& channel : block) {
      require(channel.size() == *got, "channels are of one length");
      for (const float sample : channel) require(std::isfinite(sample) && std::abs(sample) <= 1, "samples are samples");
    }
  }
  return 0;
}
