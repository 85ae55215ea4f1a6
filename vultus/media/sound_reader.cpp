#include <vultus/media/sound_reader.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <utility>

extern "C" {
#include <libavutil/opt.h>
}

#include <vultus/media/ffmpeg.hpp>
#include <vultus/media/video.hpp>
#include <vultus/media/video_source.hpp>

namespace vultus::media {
namespace {

using std::chrono::steady_clock;

constexpr int kMostSoundChannels = 8;
constexpr int kLeastSoundRate = 1'000, kMostSoundRate = 384'000;  // of a file, samples a second
constexpr int kMostFrameSamples = 1 << 20;                        // of one packet; FLAC has 65,535
constexpr double kInStep = .01;       // seconds that samples may stand beside their time before they are moved
constexpr double kDoubtfulGap = 10;   // seconds: a longer one is believed when a second packet says so, too
constexpr double kMostSeconds = 1e9;  // a time beyond is no time
constexpr int kPatienceOfSoundPackets = 1000;
constexpr std::chrono::seconds kSoundPatience{15};
// ISO/IEC 14496-3, table 1.18, from 8,000 to 48,000.
constexpr std::array kSoundRates{8'000, 11'025, 12'000, 16'000, 22'050, 24'000, 32'000, 44'100, 48'000};

/// What swresample was set up for.
struct SoundShape {
  int rate = 0, channels = 0, sample_format = -1;
  std::uint64_t mask = 0;
  bool operator==(const SoundShape&) const = default;
};

SoundShape shape_of(const AVFrame& frame) {
  return {.rate = frame.sample_rate,
          .channels = frame.ch_layout.nb_channels,
          .sample_format = frame.format,
          .mask = frame.ch_layout.order == AV_CHANNEL_ORDER_NATIVE ? frame.ch_layout.u.mask : 0};
}

bool makes_sense(const AVFrame& frame) {
  return frame.nb_samples > 0 && frame.nb_samples <= kMostFrameSamples && frame.sample_rate >= kLeastSoundRate &&
         frame.sample_rate <= kMostSoundRate && frame.ch_layout.nb_channels >= 1 &&
         frame.ch_layout.nb_channels <= kMostSoundChannels;
}

}  // namespace

int sound_rate_for(int stored, int most) {
  for (const int rate : kSoundRates)
    if (rate >= std::min(stored, most)) return std::min(rate, most);
  return std::min(kSoundRates.back(), most);
}

class SoundReader::Impl {
 public:
  Impl(std::string path, std::stop_token stop) : path_(std::move(path)), stop_(std::move(stop)) {}
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  Impl(Impl&&) = delete;
  Impl& operator=(Impl&&) = delete;
  ~Impl() { avformat_close_input(&file_); }

  Result<bool> begin();
  Status start(const SoundFormat& format, std::optional<Seconds> begin);
  Result<std::size_t> next(std::size_t most, SoundBlock& into);

  SoundInfo info;
  SoundCounts counts;

 private:
  static int interrupted(void* self) {
    const auto* reader = static_cast<const Impl*>(self);
    return reader->stop_.stop_requested() || steady_clock::now() > reader->deadline_ ? 1 : 0;
  }
  Status check(int code) const { return code < 0 ? Status(ffmpeg_error(code, path_)) : Status(); }
  [[nodiscard]] Error stopped() const { return fail(ErrorCode::cancelled, path_ + ": stopped"); }
  Status open_decoder();
  Status decode();
  Status feed();
  Status take_frame();
  /// Where the frame begins, in samples of the output; where the last one ended unless the file says so.
  std::int64_t beginning_of(const AVFrame& frame, std::int64_t here);
  [[nodiscard]] std::int64_t position() const;
  Status make_resampler();
  Status convert();
  Status drain();
  Status take_converted(std::size_t before, int got);
  /// Hands over what is waiting. @return how many samples
  std::size_t hand_over(std::size_t most, SoundBlock& into);
  std::int64_t samples(double seconds) const { return std::llround(seconds * format_.rate); }

  std::string path_;
  std::stop_token stop_;
  steady_clock::time_point deadline_;
  AVFormatContext* file_ = nullptr;
  int stream_ = -1;
  FfmpegPtr<AVCodecContext> decoder_;
  FfmpegPtr<SwrContext> resampler_;
  FfmpegPtr<AVPacket> packet_{av_packet_alloc()};
  FfmpegPtr<AVFrame> frame_{av_frame_alloc()};
  SoundShape shape_;
  SoundFormat format_;
  bool started_ = false, fed_all_ = false, ended_ = false;
  bool held_ = false;  ///< frame_ is decoded and not converted
  std::optional<double> begin_;
  std::optional<std::int64_t> doubted_;  ///< where the next frame begins if a jump was no damage
  std::int64_t placed_ = 0;              ///< samples that have their place: handed over, waiting, or silence
  std::int64_t silence_ = 0;             ///< samples that come behind what is waiting
  std::int64_t skip_ = 0;                ///< samples of what is converted next that are left out
  std::int64_t decoded_ = 0;             ///< frames of the decoder
  SoundBlock waiting_;
  std::size_t handed_ = 0;  ///< samples at the beginning of waiting_ that are handed over
};

Result<bool> SoundReader::Impl::begin() {
  if (!packet_ || !frame_) return fail(ErrorCode::resource_limit, path_ + ": no memory");
  silence_ffmpeg();
  file_ = avformat_alloc_context();
  if (file_ == nullptr) return fail(ErrorCode::resource_limit, path_ + ": no memory");
  deadline_ = steady_clock::now() + kSoundPatience;
  file_->interrupt_callback = {interrupted, this};
  FfmpegOptions options;
  options.set("protocol_whitelist", "file");
  options.set("format_whitelist", kFileFormats);
  VULTUS_CHECK(check(avformat_open_input(&file_, ("file:" + path_).c_str(), nullptr, options.get())));
  VULTUS_CHECK(check(avformat_find_stream_info(file_, nullptr)));
  for (unsigned i = 0; i < file_->nb_streams; ++i) {
    file_->streams[i]->discard = AVDISCARD_ALL;
    if (file_->streams[i]->codecpar->codec_type != AVMEDIA_TYPE_AUDIO) continue;
    if (info.tracks++ == 0) stream_ = static_cast<int>(i);
  }
  if (stream_ < 0) return false;
  file_->streams[stream_]->discard = AVDISCARD_DEFAULT;
  VULTUS_CHECK(open_decoder());
  return true;
}

Status SoundReader::Impl::open_decoder() {
  const AVStream& stream = *file_->streams[stream_];
  info.codec = avcodec_get_name(stream.codecpar->codec_id);
  info.rate = stream.codecpar->sample_rate;
  info.channels = stream.codecpar->ch_layout.nb_channels;
  const AVCodec* codec = avcodec_find_decoder(stream.codecpar->codec_id);
  if (codec == nullptr)
    return fail(ErrorCode::unsupported, path_ + ": the codec of its sound is not there (" + info.codec + ")");
  if (info.rate < kLeastSoundRate || info.rate > kMostSoundRate || info.channels < 1)
    return fail(ErrorCode::corrupt_data, path_ + ": its sound has " + std::to_string(info.rate) +
                                             " samples a second in " + std::to_string(info.channels) +
                                             " channels; 1000 to 384000 are read");
  if (info.channels > kMostSoundChannels)
    return fail(ErrorCode::unsupported,
                path_ + ": its sound has " + std::to_string(info.channels) + " channels; at most 8 are read");
  if (stream.time_base.num < 1 || stream.time_base.den < 1)
    return fail(ErrorCode::corrupt_data, path_ + ": its sound has a clock that does not run");
  decoder_.reset(avcodec_alloc_context3(codec));
  if (!decoder_ || avcodec_parameters_to_context(decoder_.get(), stream.codecpar) < 0)
    return fail(ErrorCode::resource_limit, path_ + ": no memory");
  decoder_->pkt_timebase = stream.time_base;
  decoder_->thread_count = 1;
  return check(avcodec_open2(decoder_.get(), codec, nullptr));
}

Status SoundReader::Impl::start(const SoundFormat& format, std::optional<Seconds> begin) {
  if (started_) return fail(ErrorCode::invalid_argument, path_ + ": its sound is read already");
  if (format.rate < 8'000 || format.rate > 48'000 || format.channels < 1 || format.channels > 2)
    return fail(ErrorCode::invalid_argument, "SoundFormat: " + std::to_string(format.rate) + " samples a second in " +
                                                 std::to_string(format.channels) +
                                                 " channels; 8000 to 48000 in 1 or 2 are allowed");
  started_ = true;
  format_ = format;
  if (begin) begin_ = begin->value();
  waiting_.assign(static_cast<std::size_t>(format.channels), {});
  return {};
}

Status SoundReader::Impl::feed() {
  for (int refused = 0; refused < kPatienceOfSoundPackets;) {
    deadline_ = steady_clock::now() + kSoundPatience;
    if (stop_.stop_requested()) return stopped();
    const int code = av_read_frame(file_, packet_.get());
    if (code == AVERROR_EXIT && stop_.stop_requested()) return stopped();
    if (code == AVERROR(EAGAIN)) {
      ++refused;
      continue;
    }
    if (code == AVERROR_INVALIDDATA) {
      ++counts.damaged_packets, ++refused;
      continue;
    }
    if (code < 0) break;  // the end, or a file that is cut off
    const bool ours = packet_->stream_index == stream_;
    const int sent = ours ? avcodec_send_packet(decoder_.get(), packet_.get()) : 0;
    av_packet_unref(packet_.get());
    if (!ours) continue;
    if (sent >= 0 || sent == AVERROR(EAGAIN)) return {};
    ++counts.damaged_packets, ++refused;
  }
  fed_all_ = true;
  avcodec_send_packet(decoder_.get(), nullptr);
  return {};
}

/// Goes on to the next frame, or to the end.
Status SoundReader::Impl::decode() {
  for (int behind_end = 0; behind_end < kPatienceOfSoundPackets; behind_end += fed_all_ ? 1 : 0) {
    if (stop_.stop_requested()) return stopped();
    const int code = avcodec_receive_frame(decoder_.get(), frame_.get());
    if (code >= 0) return take_frame();
    if (code != AVERROR(EAGAIN) && code != AVERROR_EOF) ++counts.damaged_packets;
    if (code == AVERROR_EOF || (fed_all_ && code == AVERROR(EAGAIN))) break;
    if (!fed_all_) VULTUS_CHECK(feed());  // else the decoder may still hold sound beside what is damaged
  }
  if (decoded_ == 0 && counts.damaged_packets > 0)
    return fail(ErrorCode::corrupt_data,
                path_ + ": no sound can be decoded (" + std::to_string(counts.damaged_packets) + " damaged packets)");
  ended_ = true;
  return drain();
}

std::int64_t SoundReader::Impl::position() const {
  return placed_ - skip_ + (resampler_ ? swr_get_delay(resampler_.get(), format_.rate) : 0);
}

std::int64_t SoundReader::Impl::beginning_of(const AVFrame& frame, std::int64_t here) {
  if (frame.best_effort_timestamp == AV_NOPTS_VALUE) return here;
  const double at = static_cast<double>(frame.best_effort_timestamp) * av_q2d(file_->streams[stream_]->time_base);
  if (!begin_) begin_ = at;
  const double since = at - *begin_;
  return std::abs(since) < kMostSeconds ? samples(since) : here;
}

Status SoundReader::Impl::take_frame() {
  if (!makes_sense(*frame_)) {
    ++counts.damaged_packets;
    return {};
  }
  ++decoded_;
  if (resampler_ && shape_ != shape_of(*frame_)) VULTUS_CHECK(drain());
  const std::int64_t here = position(), begin = beginning_of(*frame_, here), off = begin - here;
  const std::int64_t length = av_rescale(frame_->nb_samples, format_.rate, frame_->sample_rate);
  const std::int64_t in_step = here <= 0 ? 0 : samples(kInStep);  // the beginning stands where it belongs
  if (off < -in_step) {  // there is sound for this time already, or it lies before the beginning
    counts.left_out += std::min(-off, length);
    if (-off >= length) return {};
    skip_ += -off;
  } else if (off > in_step) {
    if (off > samples(kDoubtfulGap) && !(doubted_ && std::abs(begin - *doubted_) <= in_step)) {
      doubted_ = begin + length;
      counts.left_out += length;
      return {};
    }
    VULTUS_CHECK(drain());
    skip_ = 0;
    silence_ = std::max<std::int64_t>(0, begin - placed_);
    placed_ += silence_;
  }
  doubted_.reset();
  held_ = true;
  return {};
}

Status SoundReader::Impl::make_resampler() {
  AVChannelLayout in{}, out{};
  // Layouts without names of their channels cannot be mixed: they are taken for the usual one.
  if (frame_->ch_layout.order == AV_CHANNEL_ORDER_NATIVE)
    in = frame_->ch_layout;  // holds no memory of its own
  else
    av_channel_layout_default(&in, frame_->ch_layout.nb_channels);
  av_channel_layout_default(&out, format_.channels);
  SwrContext* made = nullptr;
  const int code = swr_alloc_set_opts2(&made, &out, AV_SAMPLE_FMT_FLTP, format_.rate, &in,
                                       static_cast<AVSampleFormat>(frame_->format), frame_->sample_rate, 0, nullptr);
  resampler_.reset(made);
  // Mixed channels are never louder than the loudest.
  if (code >= 0) av_opt_set_double(resampler_.get(), "rematrix_maxval", 1.0, 0);
  if (code < 0 || swr_init(resampler_.get()) < 0) {
    resampler_.reset();
    return fail(ErrorCode::unsupported, path_ + ": the " + std::to_string(frame_->ch_layout.nb_channels) +
                                            " channels of its sound cannot be mixed");
  }
  shape_ = shape_of(*frame_);
  return {};
}

/// What swresample wrote behind the first `before` samples that wait.
Status SoundReader::Impl::take_converted(std::size_t before, int got) {
  VULTUS_CHECK(check(got));
  const std::size_t out = static_cast<std::size_t>(
      std::min<std::int64_t>(skip_, got));  // of them, those that are for a time that has sound
  for (std::vector<float>& channel : waiting_) {
    channel.resize(before + static_cast<std::size_t>(got));
    const auto from = channel.begin() + static_cast<std::ptrdiff_t>(before);
    channel.erase(from, from + static_cast<std::ptrdiff_t>(out));
    for (auto i = channel.begin() + static_cast<std::ptrdiff_t>(before); i != channel.end(); ++i)
      *i = std::isfinite(*i) ? std::clamp(*i, -1.0F, 1.0F) : 0;
  }
  skip_ -= static_cast<std::int64_t>(out);
  placed_ += got - static_cast<std::int64_t>(out);
  return {};
}

Status SoundReader::Impl::convert() {
  held_ = false;
  if (!resampler_) VULTUS_CHECK(make_resampler());
  const int room = swr_get_out_samples(resampler_.get(), frame_->nb_samples);
  VULTUS_CHECK(check(room));
  const std::size_t before = waiting_[0].size();
  std::array<std::uint8_t*, 2> into{};
  for (std::size_t c = 0; c < waiting_.size(); ++c) {
    waiting_[c].resize(before + static_cast<std::size_t>(room));
    into.at(c) = reinterpret_cast<std::uint8_t*>(waiting_[c].data() + before);
  }
  // Its interface is older than const.
  auto** const from = const_cast<const std::uint8_t**>(frame_->extended_data);
  const int got = swr_convert(resampler_.get(), into.data(), room, from, frame_->nb_samples);
  av_frame_unref(frame_.get());
  return take_converted(before, got);
}

/// Takes what swresample still holds, and ends it: the next frame begins anew.
Status SoundReader::Impl::drain() {
  if (!resampler_) return {};
  const int room = swr_get_out_samples(resampler_.get(), 0);
  VULTUS_CHECK(check(room));
  const std::size_t before = waiting_[0].size();
  std::array<std::uint8_t*, 2> into{};
  for (std::size_t c = 0; c < waiting_.size(); ++c) {
    waiting_[c].resize(before + static_cast<std::size_t>(room) + 1);
    into.at(c) = reinterpret_cast<std::uint8_t*>(waiting_[c].data() + before);
  }
  const int got = swr_convert(resampler_.get(), into.data(), room, nullptr, 0);
  resampler_.reset();
  return take_converted(before, got);
}

std::size_t SoundReader::Impl::hand_over(std::size_t most, SoundBlock& into) {
  const std::size_t count = std::min(most, waiting_[0].size() - handed_);
  for (std::size_t c = 0; c < waiting_.size(); ++c) {
    const auto from = waiting_[c].begin() + static_cast<std::ptrdiff_t>(handed_);
    into[c].insert(into[c].end(), from, from + static_cast<std::ptrdiff_t>(count));
  }
  handed_ += count;
  if (handed_ == waiting_[0].size()) {
    for (std::vector<float>& channel : waiting_) channel.clear();
    handed_ = 0;
  }
  return count;
}

Result<std::size_t> SoundReader::Impl::next(std::size_t most, SoundBlock& into) {
  if (!started_ || most < 1) return fail(ErrorCode::invalid_argument, path_ + ": its sound is not started");
  into.assign(waiting_.size(), {});
  while (into[0].size() < most) {
    if (hand_over(most - into[0].size(), into) > 0) continue;
    if (silence_ > 0) {
      const auto count = std::min(most - into[0].size(), static_cast<std::size_t>(silence_));
      for (std::vector<float>& channel : into) channel.resize(channel.size() + count, 0.0F);
      silence_ -= static_cast<std::int64_t>(count);
      counts.filled += static_cast<std::int64_t>(count);
    } else if (held_) {
      VULTUS_CHECK(convert());
    } else if (ended_) {
      break;
    } else {
      VULTUS_CHECK(decode());
    }
  }
  return into[0].size();
}

Result<std::optional<SoundReader>> SoundReader::open(const std::string& path, std::stop_token stop) {
  if (is_stream_name(path) || is_camera_name(path) || path == "-")
    return fail(ErrorCode::unsupported, without_secrets(path) + ": sound is read of files alone");
  auto impl = std::make_unique<Impl>(path, std::move(stop));
  VULTUS_TRY(const bool has_sound, impl->begin());
  if (!has_sound) return std::optional<SoundReader>();
  return std::optional(SoundReader(std::move(impl)));
}

SoundReader::SoundReader(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
SoundReader::SoundReader(SoundReader&&) noexcept = default;
SoundReader& SoundReader::operator=(SoundReader&&) noexcept = default;
SoundReader::~SoundReader() = default;
const SoundInfo& SoundReader::info() const { return impl_->info; }
const SoundCounts& SoundReader::counts() const { return impl_->counts; }
Status SoundReader::start(const SoundFormat& format, std::optional<Seconds> begin) {
  return impl_->start(format, begin);
}
Result<std::size_t> SoundReader::next(std::size_t most, SoundBlock& into) { return impl_->next(most, into); }

}  // namespace vultus::media
