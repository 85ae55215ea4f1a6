#include <vultus/media/sound_encoder.hpp>

#include <algorithm>
#include <cmath>

#include <vultus/media/video_source.hpp>

namespace vultus::media {
namespace {

constexpr int kMostBitsOfAChannel = 96'000;  // a second, of AAC: where its losses are not heard
constexpr int kBitsOfASample = 4;            // the same for lower rates

std::int16_t whole_number(float sample) {
  return static_cast<std::int16_t>(std::lround(std::clamp(sample, -1.0F, 1.0F) * 32'767.0F));
}

}  // namespace

Status SoundEncoder::check(int code) const { return code < 0 ? Status(ffmpeg_error(code, name_)) : Status(); }

Status SoundEncoder::begin(AVFormatContext& file, const SoundFormat& format, AVCodecID id, const std::string& name) {
  name_ = name;
  format_ = format;
  const AVCodec* codec = avcodec_find_encoder(id);
  if (codec == nullptr)
    return fail(ErrorCode::unsupported,
                name_ + ": this FFmpeg has no encoder for its sound (" + std::string(avcodec_get_name(id)) + ")");
  stream_ = avformat_new_stream(&file, nullptr);
  encoder_.reset(avcodec_alloc_context3(codec));
  if (stream_ == nullptr || !encoder_ || !frame_ || !packet_)
    return fail(ErrorCode::resource_limit, name_ + ": no memory");
  encoder_->sample_rate = format.rate;
  encoder_->sample_fmt = id == AV_CODEC_ID_FLAC ? AV_SAMPLE_FMT_S16 : AV_SAMPLE_FMT_FLTP;
  encoder_->bit_rate = std::int64_t{std::min(kMostBitsOfAChannel, kBitsOfASample * format.rate)} * format.channels;
  encoder_->time_base = stream_->time_base = {1, format.rate};
  encoder_->thread_count = 1;
  av_channel_layout_default(&encoder_->ch_layout, format.channels);
  if ((file.oformat->flags & AVFMT_GLOBALHEADER) != 0) encoder_->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
  VULTUS_CHECK(check(avcodec_open2(encoder_.get(), codec, nullptr)));
  if (encoder_->frame_size > 0) frame_size_ = static_cast<std::size_t>(encoder_->frame_size);
  waiting_.assign(static_cast<std::size_t>(format.channels), {});
  return check(avcodec_parameters_from_context(stream_->codecpar, encoder_.get()));
}

Status SoundEncoder::add(std::span<const std::vector<float>> channels, const Sink& sink) {
  if (channels.size() != waiting_.size())
    return fail(ErrorCode::invalid_argument, name_ + ": sound of " + std::to_string(channels.size()) +
                                                 " channels in a video of " + std::to_string(waiting_.size()));
  for (std::size_t c = 0; c < channels.size(); ++c) {
    if (channels[c].size() != channels[0].size())
      return fail(ErrorCode::invalid_argument, name_ + ": channels of different lengths");
    if (!std::ranges::all_of(channels[c], [](float v) { return std::isfinite(v); }))
      return fail(ErrorCode::invalid_argument, name_ + ": a sample that is not finite");
  }
  for (std::size_t c = 0; c < channels.size(); ++c)
    waiting_[c].insert(waiting_[c].end(), channels[c].begin(), channels[c].end());
  std::size_t from = 0;
  for (; waiting_[0].size() - from >= frame_size_; from += frame_size_) VULTUS_CHECK(encode(from, frame_size_, sink));
  for (auto& channel : waiting_) channel.erase(channel.begin(), channel.begin() + static_cast<std::ptrdiff_t>(from));
  return {};
}

Status SoundEncoder::encode(std::size_t from, std::size_t samples, const Sink& sink) {
  av_frame_unref(frame_.get());
  frame_->format = encoder_->sample_fmt;
  frame_->sample_rate = format_.rate;
  frame_->nb_samples = static_cast<int>(samples);
  VULTUS_CHECK(check(av_channel_layout_copy(&frame_->ch_layout, &encoder_->ch_layout)));
  VULTUS_CHECK(check(av_frame_get_buffer(frame_.get(), 0)));
  for (std::size_t c = 0; c < waiting_.size(); ++c)
    for (std::size_t i = 0; i < samples; ++i) {
      const float sample = waiting_[c][from + i];
      if (encoder_->sample_fmt == AV_SAMPLE_FMT_S16)
        reinterpret_cast<std::int16_t*>(frame_->data[0])[i * waiting_.size() + c] = whole_number(sample);
      else
        reinterpret_cast<float*>(frame_->extended_data[c])[i] = std::clamp(sample, -1.0F, 1.0F);
    }
  frame_->pts = samples_;
  samples_ += static_cast<std::int64_t>(samples);
  VULTUS_CHECK(check(avcodec_send_frame(encoder_.get(), frame_.get())));
  return take_packets(sink);
}

Status SoundEncoder::take_packets(const Sink& sink) {
  for (;;) {
    const int code = avcodec_receive_packet(encoder_.get(), packet_.get());
    if (code == AVERROR(EAGAIN) || code == AVERROR_EOF) return {};
    VULTUS_CHECK(check(code));
    av_packet_rescale_ts(packet_.get(), encoder_->time_base, stream_->time_base);
    packet_->stream_index = stream_->index;
    VULTUS_CHECK(sink(*packet_));
  }
}

Status SoundEncoder::finish(const Sink& sink) {
  if (!waiting_[0].empty()) VULTUS_CHECK(encode(0, waiting_[0].size(), sink));
  for (auto& channel : waiting_) channel.clear();
  VULTUS_CHECK(check(avcodec_send_frame(encoder_.get(), nullptr)));
  return take_packets(sink);
}

}  // namespace vultus::media
