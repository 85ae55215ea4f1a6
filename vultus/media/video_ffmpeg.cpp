// Video files, cameras and streams through FFmpeg.
#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cmath>
#include <utility>

#include <sys/stat.h>
#include <unistd.h>

#include <vultus/media/ffmpeg.hpp>
#include <vultus/media/frame_converter.hpp>
#include <vultus/media/video_address.hpp>
#include <vultus/media/video_pipe.hpp>
#include <vultus/media/video_source.hpp>

namespace vultus::media {
namespace {

using std::chrono::steady_clock;

// A stream may fall this many packets short in a row before it counts as ended.
constexpr int kPatienceOfPackets = 1000;
constexpr std::int64_t kMostTicks = std::int64_t{1} << 60;  // beyond it, a time is no time
constexpr double kLongestGap = 86'400;                      // seconds between two frames; more is a damaged time
// Frames that damage lasts where no key frame ends it: pictures that are refreshed piece by piece.
constexpr int kDamageLasts = 250;
constexpr double kHighestRate = 1000;  // frames per second
constexpr int kUnknownRate = 25;       // what FFmpeg takes a stream without times to have

/// Frames per second; 0/1 if unknown. Streams without times may tell the ticks of their clock instead.
AVRational believable_rate(AVFormatContext* file, AVStream* stream) {
  for (const AVRational rate :
       {stream->avg_frame_rate, stream->r_frame_rate, av_guess_frame_rate(file, stream, nullptr)})
    if (rate.num > 0 && rate.den > 0 && av_q2d(rate) <= kHighestRate) return rate;
  return {0, 1};
}

/// An open file as FFmpeg reads it.
int read_file(void* file, std::uint8_t* into, int size) {
  const ssize_t got = ::read(*static_cast<const int*>(file), into, static_cast<std::size_t>(size));
  return got > 0 ? static_cast<int>(got) : got == 0 ? AVERROR_EOF : AVERROR(errno);
}

std::int64_t seek_file(void* file, std::int64_t to, int from) {
  const int number = *static_cast<const int*>(file);
  if ((from & AVSEEK_SIZE) != 0) {
    struct stat about {};
    return ::fstat(number, &about) == 0 ? about.st_size : AVERROR(errno);
  }
  return ::lseek(number, to, from & ~AVSEEK_FORCE);
}

/// Is standard input a whole file, in which a format may go back and forth?
bool input_is_whole_file() {
  struct stat about {};
  return ::fstat(STDIN_FILENO, &about) == 0 && S_ISREG(about.st_mode) && ::lseek(STDIN_FILENO, 0, SEEK_CUR) == 0;
}

class FfmpegSource final : public VideoReader::Source {
 public:
  FfmpegSource(const std::string& name, const VideoOptions& options, std::stop_token stop)
      : options_(options), stop_(std::move(stop)) {
    info.name = without_secrets(name);
  }
  ~FfmpegSource() override {
    avformat_close_input(&file_);
    if (bytes_ != nullptr) av_freep(static_cast<void*>(&bytes_->buffer));
    avio_context_free(&bytes_);
  }
  FfmpegSource(const FfmpegSource&) = delete;
  FfmpegSource& operator=(const FfmpegSource&) = delete;
  FfmpegSource(FfmpegSource&&) = delete;
  FfmpegSource& operator=(FfmpegSource&&) = delete;

  Status begin(const std::string& name);
  Status begin(int open_file);
  Result<bool> next(VideoFrame& into) override;

 private:
  static int interrupted(void* self) {
    const auto* source = static_cast<const FfmpegSource*>(self);
    return source->gave_up_ || source->stop_.stop_requested() || steady_clock::now() > source->deadline_ ? 1 : 0;
  }
  static int read_pipe(void* self, std::uint8_t* into, int size);
  void wait_from_now() { deadline_ = steady_clock::now() + options_.patience; }
  [[nodiscard]] Error waited_in_vain() const {
    if (stop_.stop_requested()) return fail(ErrorCode::cancelled, info.name + ": stopped");
    return fail(ErrorCode::resource_limit,
                info.name + ": silent for " + std::to_string(options_.patience.count()) + " ms, which is the limit");
  }
  Status begin(const VideoAddress& address);
  Status open_file(const VideoAddress& address);
  /// @param from  what `read` and `seek` are called with
  Status read_through(void* from, int (*read)(void*, std::uint8_t*, int),
                      std::int64_t (*seek)(void*, std::int64_t, int));
  [[nodiscard]] bool waited(int code) const { return code == AVERROR_EXIT || gave_up_; }
  /// @return the decoder of the stream that was chosen
  Result<const AVCodec*> choose_stream();
  Status measure();
  Status open_decoder(const AVCodec* codec);
  /// @return a packet of the stream was fed, or the end was told to the decoder
  Status feed();
  Timestamp time_of(const AVFrame& frame);
  [[nodiscard]] std::optional<Seconds> file_time_of(const AVFrame& frame) const;
  bool is_damaged(const AVFrame& frame);

  VideoOptions options_;
  std::stop_token stop_;
  steady_clock::time_point deadline_;
  AVFormatContext* file_ = nullptr;
  AVIOContext* bytes_ = nullptr;  // of a file that is open already, or of a pipe
  int open_file_ = -1;
  std::optional<VideoPipe> pipe_;
  bool gave_up_ = false;  // waiting for the pipe: formats may take that for the end
  int stream_ = -1;
  FfmpegPtr<AVCodecContext> decoder_;
  FfmpegPtr<AVPacket> packet_{av_packet_alloc()};
  FfmpegPtr<AVFrame> frame_{av_frame_alloc()};
  std::optional<FrameConverter> converter_;
  bool ended_ = false;
  int refused_at_end_ = 0;
  std::optional<std::int64_t> first_time_;
  std::int64_t last_time_ = -1;
  std::int64_t usual_step_ = 1;
  int damaged_for_ = 0;  // frames more that build on lost data, unless a key frame comes first
};

Status FfmpegSource::begin(const std::string& name) {
  VULTUS_TRY(const VideoAddress address, video_address(name, options_.trust));
  return begin(address);
}

Status FfmpegSource::begin(int open_file) {
  return begin(VideoAddress{.url = "", .protocols = "none", .local = true, .file = open_file});
}

Status FfmpegSource::begin(const VideoAddress& address) {
  if (!packet_ || !frame_) return fail(ErrorCode::resource_limit, info.name + ": no memory");
  silence_ffmpeg();
  info.live = address.live;
  VULTUS_CHECK(open_file(address));
  VULTUS_TRY(const AVCodec* codec, choose_stream());
  VULTUS_CHECK(measure());
  return open_decoder(codec);
}

/// The patience is with silence: what comes slowly, but comes, may take as long as it likes.
int FfmpegSource::read_pipe(void* self, std::uint8_t* into, int size) {
  auto& source = *static_cast<FfmpegSource*>(self);
  const int got = source.pipe_->read(into, size, [self] { return interrupted(self) != 0; });
  source.gave_up_ = got == AVERROR_EXIT;
  source.wait_from_now();
  return got;
}

Status FfmpegSource::read_through(void* from, int (*read)(void*, std::uint8_t*, int),
                                  std::int64_t (*seek)(void*, std::int64_t, int)) {
  constexpr int kBuffer = 1 << 16;
  auto* const buffer = static_cast<unsigned char*>(av_malloc(kBuffer));
  if (buffer != nullptr) bytes_ = avio_alloc_context(buffer, kBuffer, 0, from, read, nullptr, seek);
  if (bytes_ == nullptr) {
    av_free(buffer);
    return fail(ErrorCode::resource_limit, info.name + ": no memory");
  }
  file_->pb = bytes_;
  return {};
}

Status FfmpegSource::open_file(const VideoAddress& address) {
  file_ = avformat_alloc_context();
  if (file_ == nullptr) return fail(ErrorCode::resource_limit, info.name + ": no memory");
  open_file_ = address.file;
  if (address.pipe) {
    VULTUS_TRY(pipe_, VideoPipe::open(info.name));
    if (info.name == "-" && input_is_whole_file()) open_file_ = STDIN_FILENO;
  }
  if (open_file_ >= 0) {
    VULTUS_CHECK(read_through(&open_file_, read_file, seek_file));
  } else if (address.pipe) {
    VULTUS_CHECK(read_through(this, read_pipe, nullptr));
  }
  file_->interrupt_callback = {interrupted, this};
  FfmpegOptions options;
  options.set("protocol_whitelist", address.protocols.c_str());
  if (address.local) options.set("format_whitelist", kFileFormats);
  if (address.closed) {
    options.set("format_whitelist", (std::string("rtsp,") + kFileFormats).c_str());
    // Datagrams would go where the camera says.
    if (address.url.starts_with("rtsp")) options.set("rtsp_transport", "tcp");
    // Pictures in a row carry no times: those at which they come are true, 25 a second would be made up.
    if (address.url.starts_with("tcp")) options.set("use_wallclock_as_timestamps", "1");
  } else if (address.url.starts_with("rtsp")) {
    options.set("rtsp_flags", "prefer_tcp");
  }
  if (address.live) {
    // What is read to guess the format is late when it is shown.
    options.set("analyzeduration", "300000");
    options.set("fpsprobesize", "2");
  }
  wait_from_now();
  int code = avformat_open_input(&file_, address.url.c_str(), address.format, options.get());
  if (code < 0 && waited(code)) return waited_in_vain();
  if (code < 0 && address.format != nullptr) return camera_error(code, info.name, address.url);
  if (code < 0) return ffmpeg_error(code, info.name);
  wait_from_now();
  code = avformat_find_stream_info(file_, nullptr);
  if (waited(code)) return waited_in_vain();
  if (code < 0) return ffmpeg_error(code, info.name);
  return {};
}

Result<const AVCodec*> FfmpegSource::choose_stream() {
  const AVCodec* codec = nullptr;
  stream_ = av_find_best_stream(file_, AVMEDIA_TYPE_VIDEO, -1, -1, &codec, 0);
  if (stream_ < 0 || (file_->streams[stream_]->disposition & AV_DISPOSITION_ATTACHED_PIC) != 0)
    return fail(stream_ == AVERROR_DECODER_NOT_FOUND ? ErrorCode::unsupported : ErrorCode::corrupt_data,
                info.name + (stream_ == AVERROR_DECODER_NOT_FOUND ? ": its video codec is not there"
                                                                  : ": there is no moving picture in it"));
  for (unsigned i = 0; i < file_->nb_streams; ++i) {
    if (static_cast<int>(i) != stream_) file_->streams[i]->discard = AVDISCARD_ALL;
    info.sound_tracks += file_->streams[i]->codecpar->codec_type == AVMEDIA_TYPE_AUDIO ? 1 : 0;
  }
  return codec;
}

Status FfmpegSource::open_decoder(const AVCodec* codec) {
  const AVStream& stream = *file_->streams[stream_];
  decoder_.reset(avcodec_alloc_context3(codec));
  if (!decoder_ || avcodec_parameters_to_context(decoder_.get(), stream.codecpar) < 0)
    return fail(ErrorCode::resource_limit, info.name + ": no memory");
  decoder_->pkt_timebase = stream.time_base;
  decoder_->thread_count = options_.threads;
  // Threads that each hold a frame delay a live picture.
  decoder_->thread_type = info.live ? FF_THREAD_SLICE : FF_THREAD_FRAME | FF_THREAD_SLICE;
  decoder_->max_pixels = options_.limits.max_pixels;
  if (const int code = avcodec_open2(decoder_.get(), codec, nullptr); code < 0) return ffmpeg_error(code, info.name);
  info.codec = avcodec_get_name(codec->id);
  return {};
}

/// Size, clock and direction: what every frame will have.
Status FfmpegSource::measure() {
  const AVStream& stream = *file_->streams[stream_];
  int width = stream.codecpar->width, height = stream.codecpar->height;
  if (width < 1 || height < 1) return fail(ErrorCode::corrupt_data, info.name + ": frames without a size");
  const AVRational aspect = av_guess_sample_aspect_ratio(file_, file_->streams[stream_], nullptr);
  if (aspect.num > 0 && aspect.den > 0) {
    const double ratio = static_cast<double>(aspect.num) / aspect.den;
    if (ratio > 0.1 && ratio < 10 && std::abs(ratio - 1) > 0.02)
      width = static_cast<int>(std::clamp<std::int64_t>(std::llround(width * ratio), 1, Image::kMaxSide));
  }
  if (std::int64_t{width} * height > options_.limits.max_pixels || width > Image::kMaxSide || height > Image::kMaxSide)
    return fail(ErrorCode::resource_limit, info.name + ": frames of " + std::to_string(width) + "x" +
                                               std::to_string(height) + " pixels, the limit is " +
                                               std::to_string(options_.limits.max_pixels) + " pixels");
  if (const auto* matrix =
          reinterpret_cast<const std::int32_t*>(av_stream_get_side_data(&stream, AV_PKT_DATA_DISPLAYMATRIX, nullptr));
      matrix != nullptr) {
    // FFmpeg counts against the clock; a matrix without a rotation gives NaN.
    const double angle = -av_display_rotation_get(matrix);
    if (std::isfinite(angle)) info.rotation = static_cast<int>(((std::llround(angle / 90) % 4) + 4) % 4) * 90;
  }
  converter_.emplace(width, height, info.rotation);
  const bool on_its_side = info.rotation == 90 || info.rotation == 270;
  info.width = on_its_side ? height : width;
  info.height = on_its_side ? width : height;
  if (stream.time_base.num < 1 || stream.time_base.den < 1)
    return fail(ErrorCode::corrupt_data, info.name + ": a clock that does not run");
  info.clock = {.numerator = stream.time_base.den, .denominator = stream.time_base.num};
  const AVRational rate = believable_rate(file_, file_->streams[stream_]);
  if (rate.num > 0) info.rate = av_q2d(rate);
  usual_step_ = std::max<std::int64_t>(
      1, av_rescale_q(1, rate.num > 0 ? av_inv_q(rate) : AVRational{1, kUnknownRate}, stream.time_base));
  if (!info.live && file_->duration > 0) info.duration = static_cast<double>(file_->duration) / AV_TIME_BASE;
  return {};
}

Status FfmpegSource::feed() {
  for (int refused = 0; refused < kPatienceOfPackets; ++refused) {
    wait_from_now();
    const int code = av_read_frame(file_, packet_.get());
    if (code < 0 && waited(code)) return waited_in_vain();
    if (stop_.stop_requested()) return waited_in_vain();
    if (code == AVERROR(EAGAIN)) continue;
    if (code == AVERROR_INVALIDDATA) {
      ++counts.damaged_packets;
      damaged_for_ = kDamageLasts;
      continue;
    }
    if (code < 0) break;  // the end, or a file that is cut off
    const bool ours = packet_->stream_index == stream_;
    if (ours && (packet_->flags & AV_PKT_FLAG_CORRUPT) != 0) damaged_for_ = kDamageLasts;
    const int sent = ours ? avcodec_send_packet(decoder_.get(), packet_.get()) : 0;
    av_packet_unref(packet_.get());
    if (!ours) {
      refused = 0;
      continue;
    }
    if (sent >= 0 || sent == AVERROR(EAGAIN)) return {};
    ++counts.damaged_packets;
    damaged_for_ = kDamageLasts;
  }
  ended_ = true;
  avcodec_send_packet(decoder_.get(), nullptr);
  return {};
}

/// Times of files may be damaged, too.
std::optional<Seconds> FfmpegSource::file_time_of(const AVFrame& frame) const {
  const std::int64_t given = frame.best_effort_timestamp;
  if (given == AV_NOPTS_VALUE || std::abs(given) >= kMostTicks) return std::nullopt;
  return Seconds(static_cast<double>(given) * av_q2d(file_->streams[stream_]->time_base));
}

Timestamp FfmpegSource::time_of(const AVFrame& frame) {
  const std::int64_t given = frame.best_effort_timestamp;
  const AVRational base = file_->streams[stream_]->time_base;
  const auto longest = static_cast<std::int64_t>(kLongestGap * base.den / base.num);
  const bool believable = given != AV_NOPTS_VALUE && std::abs(given) < kMostTicks;
  if (!first_time_) {
    first_time_ = believable ? given : 0;
    last_time_ = 0;
    return {0};
  }
  const std::int64_t time = believable ? given - *first_time_ : last_time_;
  if (!believable || time <= last_time_ || time - last_time_ > longest) {
    ++counts.repaired_times;
    last_time_ += usual_step_;
  } else {
    last_time_ = time;
  }
  return {last_time_};
}

/// The decoder makes up what it has not got, and later frames build on that, until a whole key frame ends it.
bool FfmpegSource::is_damaged(const AVFrame& frame) {
  const bool itself = frame.decode_error_flags != 0 || (frame.flags & AV_FRAME_FLAG_CORRUPT) != 0;
  if (itself)
    damaged_for_ = kDamageLasts;
  else if (frame.key_frame != 0)
    damaged_for_ = 0;
  if (damaged_for_ == 0) return false;
  --damaged_for_;
  ++counts.damaged_frames;
  return true;
}

Result<bool> FfmpegSource::next(VideoFrame& into) {
  for (;;) {
    if (stop_.stop_requested()) return waited_in_vain();
    const int code = avcodec_receive_frame(decoder_.get(), frame_.get());
    if (code == AVERROR(EAGAIN) && !ended_) {
      VULTUS_CHECK(feed());
      continue;
    }
    if (code == AVERROR_EOF || code == AVERROR(EAGAIN)) break;
    if (code < 0) {
      ++counts.damaged_packets;
      // Behind the end of the file the decoder still holds frames, of which this one is damaged.
      if (!ended_)
        VULTUS_CHECK(feed());
      else if (++refused_at_end_ >= kPatienceOfPackets)
        break;
      continue;
    }
    if (const Status done = converter_->convert(*frame_, into.image); !done)
      return done.error().with_context(info.name);
    into.time = time_of(*frame_);
    into.file_time = file_time_of(*frame_);
    into.damaged = is_damaged(*frame_);
    into.number = counts.frames++;
    av_frame_unref(frame_.get());
    return true;
  }
  if (counts.frames == 0)
    return fail(ErrorCode::corrupt_data, info.name + ": no frame can be decoded (" +
                                             std::to_string(counts.damaged_packets) + " damaged packets)");
  return false;
}

}  // namespace

Result<std::unique_ptr<VideoReader::Source>> open_ffmpeg(const std::string& name, const VideoOptions& options,
                                                         std::stop_token stop) {
  auto source = std::make_unique<FfmpegSource>(name, options, std::move(stop));
  VULTUS_CHECK(source->begin(name));
  return std::unique_ptr<VideoReader::Source>(std::move(source));
}

Result<std::unique_ptr<VideoReader::Source>> open_ffmpeg(int open_file, const VideoOptions& options) {
  auto source = std::make_unique<FfmpegSource>("video", options, std::stop_token());
  VULTUS_CHECK(source->begin(open_file));
  return std::unique_ptr<VideoReader::Source>(std::move(source));
}

}  // namespace vultus::media
