#include <vultus/media/video_writer.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <utility>

#include <vultus/media/ffmpeg.hpp>
#include <vultus/media/sound_encoder.hpp>
#include <vultus/media/video_source.hpp>

namespace vultus::media {
namespace {

constexpr int kMaxSide = 16'384;
// Fine enough for every usual frame rate, and coarse enough for MPEG-4, whose limit is 65,535.
constexpr int kTicksPerSecond = 48'000;

}  // namespace

class VideoWriter::Impl {
 public:
  Impl(std::string path, int width, int height)
      : path_(std::move(path)), part_(path_ + ".part"), width_(width & ~1), height_(height & ~1) {}
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  Impl(Impl&&) = delete;
  Impl& operator=(Impl&&) = delete;
  ~Impl() {
    if (file_ != nullptr && file_->pb != nullptr) avio_closep(&file_->pb);
    avformat_free_context(file_);
    std::error_code ignored;
    if (!finished_) std::filesystem::remove(part_, ignored);
  }

  Status begin(const VideoWriterOptions& options);
  Status add(ImageView frame, Seconds at);
  Status add_sound(std::span<const std::vector<float>> channels);
  Status finish();

 private:
  Status open_encoder(const VideoWriterOptions& options);
  Status check(int code) { return code < 0 ? Status(ffmpeg_error(code, path_)) : Status(); }
  /// Hands the encoder's packets to the file. @param frame  null = no more will come
  Status encode(const AVFrame* frame);
  Status write(AVPacket& packet) { return check(av_interleaved_write_frame(file_, &packet)); }

  std::string path_, part_;
  int width_, height_;
  AVFormatContext* file_ = nullptr;
  AVStream* stream_ = nullptr;
  FfmpegPtr<AVCodecContext> encoder_;
  std::optional<SoundEncoder> sound_;
  FfmpegPtr<SwsContext> scaler_;
  FfmpegPtr<AVFrame> frame_{av_frame_alloc()};
  FfmpegPtr<AVPacket> packet_{av_packet_alloc()};
  std::int64_t last_ = -1;
  std::int64_t step_ = kTicksPerSecond / 25;
  bool finished_ = false;
};

Status VideoWriter::Impl::begin(const VideoWriterOptions& options) {
  silence_ffmpeg();
  const AVOutputFormat* format = av_guess_format(nullptr, path_.c_str(), nullptr);
  // Containers that keep the time of each frame.
  constexpr std::array<std::string_view, 4> kEndings{".mp4", ".m4v", ".mov", ".mkv"};
  if (format == nullptr || std::ranges::none_of(kEndings, [&](std::string_view e) { return path_.ends_with(e); }))
    return fail(ErrorCode::unsupported, path_ + ": a video is written as .mp4, .m4v, .mov or .mkv");
  // The container's writer opens this address again to move the index to the front.
  const std::string url = "file:" + part_;
  VULTUS_CHECK(check(avformat_alloc_output_context2(&file_, format, nullptr, url.c_str())));
  VULTUS_CHECK(open_encoder(options));
  if (options.sound)
    VULTUS_CHECK(sound_.emplace().begin(*file_, *options.sound,
                                        path_.ends_with(".mkv") ? AV_CODEC_ID_FLAC : AV_CODEC_ID_AAC, path_));
  VULTUS_CHECK(check(avio_open(&file_->pb, url.c_str(), AVIO_FLAG_WRITE)));
  FfmpegOptions written;
  written.set("movflags", "+faststart");
  VULTUS_CHECK(check(avformat_write_header(file_, written.get())));
  frame_->format = encoder_->pix_fmt;
  frame_->width = width_;
  frame_->height = height_;
  VULTUS_CHECK(check(av_frame_get_buffer(frame_.get(), 0)));
  scaler_.reset(sws_getContext(width_, height_, AV_PIX_FMT_RGB24, width_, height_, encoder_->pix_fmt, SWS_BILINEAR,
                               nullptr, nullptr, nullptr));
  return scaler_ ? Status() : Status(fail(ErrorCode::resource_limit, path_ + ": no memory"));
}

Status VideoWriter::Impl::open_encoder(const VideoWriterOptions& options) {
  const AVCodec* codec = avcodec_find_encoder_by_name("libx264");
  if (codec == nullptr) codec = avcodec_find_encoder(AV_CODEC_ID_MPEG4);
  if (codec == nullptr) return fail(ErrorCode::unsupported, path_ + ": this FFmpeg has no encoder for it");
  stream_ = avformat_new_stream(file_, nullptr);
  encoder_.reset(avcodec_alloc_context3(codec));
  if (stream_ == nullptr || !encoder_ || !frame_ || !packet_)
    return fail(ErrorCode::resource_limit, path_ + ": no memory");
  encoder_->width = width_;
  encoder_->height = height_;
  encoder_->pix_fmt = AV_PIX_FMT_YUV420P;
  encoder_->time_base = stream_->time_base = {1, kTicksPerSecond};
  encoder_->thread_count = 1;
  if ((file_->oformat->flags & AVFMT_GLOBALHEADER) != 0) encoder_->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
  FfmpegOptions chosen;
  if (codec->id == AV_CODEC_ID_H264) {
    chosen.set("crf", std::to_string(options.quality).c_str());
    chosen.set("preset", "veryfast");
  } else {
    encoder_->flags |= AV_CODEC_FLAG_QSCALE;
    encoder_->global_quality = FF_QP2LAMBDA * std::clamp(options.quality / 5, 1, 31);
  }
  VULTUS_CHECK(check(avcodec_open2(encoder_.get(), codec, chosen.get())));
  return check(avcodec_parameters_from_context(stream_->codecpar, encoder_.get()));
}

Status VideoWriter::Impl::encode(const AVFrame* frame) {
  VULTUS_CHECK(check(avcodec_send_frame(encoder_.get(), frame)));
  for (;;) {
    const int code = avcodec_receive_packet(encoder_.get(), packet_.get());
    if (code == AVERROR(EAGAIN) || code == AVERROR_EOF) return {};
    VULTUS_CHECK(check(code));
    packet_->duration = step_;
    av_packet_rescale_ts(packet_.get(), encoder_->time_base, stream_->time_base);
    packet_->stream_index = stream_->index;
    VULTUS_CHECK(write(*packet_));
  }
}

Status VideoWriter::Impl::add(ImageView frame, Seconds at) {
  if (frame.format != PixelFormat::rgb8 || (frame.width & ~1) != width_ || (frame.height & ~1) != height_)
    return fail(ErrorCode::invalid_argument, path_ + ": a frame of " + std::to_string(frame.width) + "x" +
                                                 std::to_string(frame.height) + " in a video of " +
                                                 std::to_string(width_) + "x" + std::to_string(height_));
  VULTUS_CHECK(check(av_frame_make_writable(frame_.get())));
  const std::array<const std::uint8_t*, 4> rows{frame.data, nullptr, nullptr, nullptr};
  const std::array<int, 4> strides{static_cast<int>(frame.stride), 0, 0, 0};
  sws_scale(scaler_.get(), rows.data(), strides.data(), 0, height_, frame_->data, frame_->linesize);
  const double ticks = at.value() * kTicksPerSecond;
  const std::int64_t before = last_;
  last_ = std::max(last_ + 1, std::isfinite(ticks) ? static_cast<std::int64_t>(std::llround(ticks)) : 0);
  frame_->pts = last_;
  // Without a duration the last frame would have none, and readers leave such a frame out.
  if (before >= 0) step_ = last_ - before;
  return encode(frame_.get());
}

Status VideoWriter::Impl::add_sound(std::span<const std::vector<float>> channels) {
  if (!sound_) return fail(ErrorCode::invalid_argument, path_ + ": a video without sound was asked for");
  return sound_->add(channels, [this](AVPacket& packet) { return write(packet); });
}

Status VideoWriter::Impl::finish() {
  if (finished_) return {};
  if (sound_) VULTUS_CHECK(sound_->finish([this](AVPacket& packet) { return write(packet); }));
  VULTUS_CHECK(encode(nullptr));
  VULTUS_CHECK(check(av_write_trailer(file_)));
  VULTUS_CHECK(check(avio_closep(&file_->pb)));
  std::error_code failed;
  std::filesystem::rename(part_, path_, failed);
  if (failed) return fail(ErrorCode::resource_limit, path_ + ": " + failed.message());
  finished_ = true;
  return {};
}

VideoWriter::VideoWriter(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
VideoWriter::VideoWriter(VideoWriter&&) noexcept = default;
VideoWriter& VideoWriter::operator=(VideoWriter&&) noexcept = default;
VideoWriter::~VideoWriter() = default;

Result<VideoWriter> VideoWriter::open(const std::string& path, int width, int height,
                                      const VideoWriterOptions& options) {
  if (width < 2 || height < 2 || width > kMaxSide || height > kMaxSide)
    return fail(ErrorCode::invalid_argument, path + ": a video of " + std::to_string(width) + "x" +
                                                 std::to_string(height) + ", sides must be from 2 to 16384");
  if (options.sound && (options.sound->rate < 8'000 || options.sound->rate > 48'000 || options.sound->channels < 1 ||
                        options.sound->channels > 2))
    return fail(ErrorCode::invalid_argument, path + ": sound of " + std::to_string(options.sound->rate) +
                                                 " samples a second in " + std::to_string(options.sound->channels) +
                                                 " channels; 8000 to 48000 in 1 or 2 are allowed");
  if (options.quality < 0 || options.quality > 51)
    return fail(ErrorCode::invalid_argument,
                path + ": quality " + std::to_string(options.quality) + ", must be from 0 to 51");
  auto impl = std::make_unique<Impl>(path, width, height);
  VULTUS_CHECK(impl->begin(options));
  return VideoWriter(std::move(impl));
}

Status VideoWriter::add(ImageView frame, Seconds at) { return impl_->add(frame, at); }
Status VideoWriter::add_sound(std::span<const std::vector<float>> channels) { return impl_->add_sound(channels); }
Status VideoWriter::finish() { return impl_->finish(); }

}  // namespace vultus::media
