// Handles of FFmpeg that free themselves. Internal to the room: vendor headers stay in its sources.
#pragma once

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/avstring.h>
#include <libavutil/display.h>
#include <libavutil/imgutils.h>
#include <libswresample/swresample.h>
#include <libswscale/swscale.h>
}

#include <memory>

namespace vultus::media {

/// What a file may contain. Playlists and the like are not on the list: they name other files and servers.
inline constexpr const char* kFileFormats =
    "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpeg,mpegts,mpegvideo,flv,asf,ogg,nut,h264,hevc,m4v,mjpeg,mpjpeg,"
    "yuv4mpegpipe,ivf,gif,apng,av1,obu,dv,mxf,rm,wtv";

struct FfmpegDelete {
  void operator()(AVCodecContext* codec) const { avcodec_free_context(&codec); }
  void operator()(AVFrame* frame) const { av_frame_free(&frame); }
  void operator()(AVPacket* packet) const { av_packet_free(&packet); }
  void operator()(SwsContext* scaler) const { sws_freeContext(scaler); }
  void operator()(SwrContext* resampler) const { swr_free(&resampler); }
};
template <class T>
using FfmpegPtr = std::unique_ptr<T, FfmpegDelete>;

/// A dictionary of options for one call.
class FfmpegOptions {
 public:
  FfmpegOptions() = default;
  FfmpegOptions(const FfmpegOptions&) = delete;
  FfmpegOptions& operator=(const FfmpegOptions&) = delete;
  FfmpegOptions(FfmpegOptions&&) = delete;
  FfmpegOptions& operator=(FfmpegOptions&&) = delete;
  ~FfmpegOptions() { av_dict_free(&options_); }
  void set(const char* name, const char* value) { av_dict_set(&options_, name, value, 0); }
  AVDictionary** get() { return &options_; }

 private:
  AVDictionary* options_ = nullptr;
};

/// A library does not print: FFmpeg's own messages are switched off, once for the process.
void silence_ffmpeg();

}  // namespace vultus::media
