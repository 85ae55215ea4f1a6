// What vultus-decode does.
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <vultus/media/decode_messages.hpp>
#include <vultus/media/decode_rights.hpp>
#include <vultus/media/isolated_process.hpp>
#include <vultus/media/isolation.hpp>
#include <vultus/media/picture.hpp>
#include <vultus/media/video_source.hpp>

namespace vultus::media {
namespace {

constexpr int kNoRights = 3, kNoSocket = 4;

/// The next question. @return nothing at the end
template <class Request>
std::optional<Request> heard(int& code) {
  for (;;) {
    Request request;
    const ssize_t got = ::recv(kDecodeSocket, &request, sizeof request, 0);
    if (got < 0 && errno == EINTR) continue;
    code = got == 0 ? 0 : kNoSocket;
    return got == sizeof request ? std::optional(request) : std::nullopt;
  }
}

template <class Reply>
bool say(Reply& reply, const Status& done) {
  if (!done) put_error(done.error(), reply.error);
  return ::send(kDecodeSocket, &reply, sizeof reply, MSG_NOSIGNAL) == sizeof reply;
}

/// Libraries that look for parts of themselves in files do it now. What it answers does not matter.
void wake_libraries() {
  constexpr std::array<std::uint8_t, 16> kNothing{0, 0, 0, 16, 'f', 't', 'y', 'p', 'h', 'e', 'i', 'c'};
  static_cast<void>(probe_picture(kNothing));
}

/// Ends this process with the other side, in the middle of a picture too. A signal at the death of the parent would
/// come when the thread ends that started this process, while others of the parent still ask.
void end_with_the_other_side() {
  std::thread([] {
    pollfd other{.fd = kDecodeSocket, .events = 0, .revents = 0};
    while (::poll(&other, 1, -1) < 0 && errno == EINTR) continue;
    ::_exit(0);
  }).detach();
}

/// One picture after the other.
class DecodedPictures {
 public:
  Status answer(const DecodeRequest& request, DecodeReply& reply) {
    const DecodeOptions options{.limits = {.max_pixels = request.max_pixels, .max_bytes = request.max_bytes},
                                .wanted_side = request.wanted_side};
    VULTUS_CHECK(guarded("picture", [&]() -> Status {
      bytes_.resize(request.bytes);
      return read_from_start(kDecodeInput, bytes_) ? Status() : fail(ErrorCode::internal, "the picture did not arrive");
    }));
    VULTUS_CHECK(decoder_.decode(bytes_, options, picture_));
    VULTUS_CHECK(put_pixels(kDecodeOutput, picture_.image));
    reply.width = picture_.image.width();
    reply.height = picture_.image.height();
    reply.full_width = picture_.full_width;
    reply.full_height = picture_.full_height;
    reply.reduction = picture_.reduction;
    reply.format = static_cast<std::int32_t>(picture_.format);
    return {};
  }

 private:
  Decoder decoder_;
  Picture picture_;
  std::vector<std::uint8_t> bytes_;
};

int serve_pictures() {
  DecodedPictures pictures;
  int code = 0;
  while (const auto request = heard<DecodeRequest>(code)) {
    DecodeReply reply;
    if (!say(reply, pictures.answer(*request, reply))) return kNoSocket;
  }
  return code;
}

void tell(const VideoInfo& info, VideoOpened& reply) {
  reply.width = info.width;
  reply.height = info.height;
  reply.rotation = info.rotation;
  reply.clock_numerator = info.clock.numerator;
  reply.clock_denominator = info.clock.denominator;
  reply.duration = info.duration.value_or(-1);
  reply.rate = info.rate.value_or(-1);
  reply.sound_tracks = info.sound_tracks;
  std::copy_n(info.codec.begin(), std::min(info.codec.size(), reply.codec.size() - 1), reply.codec.begin());
}

Status answer_frame(VideoReader::Source& video, VideoFrame& frame, VideoReply& reply) {
  const Result<bool> more = guarded("video", [&] { return video.next(frame); });
  reply.frames = video.counts.frames;
  reply.damaged_packets = video.counts.damaged_packets;
  reply.damaged_frames = video.counts.damaged_frames;
  reply.repaired_times = video.counts.repaired_times;
  if (!more) return more.error();
  reply.ended = *more ? 0 : 1;
  if (!*more) return {};
  VULTUS_CHECK(put_pixels(kDecodeOutput, frame.image));
  reply.width = frame.image.width();
  reply.height = frame.image.height();
  reply.time = frame.time.ticks;
  reply.number = frame.number;
  reply.has_file_time = frame.file_time ? 1 : 0;
  reply.file_time = frame.file_time.value_or(Seconds(0)).value();
  reply.damaged = frame.damaged ? 1 : 0;
  return {};
}

int serve_video() {
  int code = 0;
  const auto first = heard<VideoRequest>(code);
  if (!first) return code;
  const VideoOptions options{.limits = {.max_pixels = first->max_pixels}, .threads = first->threads};
  auto video = guarded("video", [&] { return open_ffmpeg(kDecodeInput, options); });
  VideoOpened opened;
  if (video) tell((*video)->info, opened);
  if (!say(opened, video ? Status() : Status(video.error()))) return kNoSocket;
  if (!video) return 0;
  VideoFrame frame;
  while (heard<VideoRequest>(code)) {
    VideoReply reply;
    if (!say(reply, answer_frame(**video, frame, reply))) return kNoSocket;
  }
  return code;
}

}  // namespace

int serve_decoding(std::size_t memory, std::string_view task) {
  if (task != "pictures" && task != "video") return 2;
  wake_libraries();
  if (!give_up_rights(memory)) return kNoRights;
  end_with_the_other_side();  // behind it: a thread that is born before keeps its rights
  return task == "video" ? serve_video() : serve_pictures();
}

Result<std::filesystem::path> decode_program() {
  std::error_code error;
  const std::filesystem::path self = std::filesystem::read_symlink("/proc/self/exe", error);
  if (!error) {
    std::filesystem::path beside = self.parent_path() / "vultus-decode";
    if (std::filesystem::exists(beside, error)) return beside;
  }
  return fail(ErrorCode::not_found,
              "no program vultus-decode beside " + (self.empty() ? std::string("this program") : self.string()));
}

}  // namespace vultus::media
