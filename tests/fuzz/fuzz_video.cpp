// Video containers through FFmpeg, as the command line opens files: the demuxers and decoders are not ours, what may be
// opened and what is made of the answers is.
#include <vultus/media/video.hpp>

#include "fuzz_file.hpp"
#include "fuzz_target.hpp"

namespace {

using vultus::ErrorCode;
using vultus::fuzz::require;
using namespace vultus::media;  // NOLINT(google-build-using-namespace): the room under test

constexpr std::int64_t kMaxPixels = 1 << 16;
constexpr int kMaxFrames = 8;

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto path = vultus::fuzz::folder() / "video";
  vultus::fuzz::write(path, {reinterpret_cast<const char*>(data), size});
  VideoOptions options;
  options.limits.max_pixels = kMaxPixels;
  options.patience = std::chrono::milliseconds(2000);
  auto reader = VideoReader::open(path.string(), options);
  if (!reader) {
    require(!reader.error().message.empty() && reader.error().code != ErrorCode::internal, "bytes are never our fault");
    return 0;
  }
  require(!reader->info().live, "a file is not live");
  VideoFrame frame;
  std::optional<vultus::Timestamp> last;
  for (int i = 0; i < kMaxFrames; ++i) {
    const auto more = reader->next(frame);
    if (!more || !*more) break;
    require(frame.image.width() == reader->info().width && frame.image.height() == reader->info().height,
            "every frame has the size that was told");
    require(std::int64_t{frame.image.width()} * frame.image.height() <= kMaxPixels, "the limit holds");
    require(!last || frame.time.ticks > last->ticks, "times rise");
    last = frame.time;
    require(frame.number == i, "frames are counted");
  }
  return 0;
}
