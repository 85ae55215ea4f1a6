#include <vultus/media/frame_converter.hpp>

#include <array>
#include <cstring>
#include <string>

#include <vultus/media/codec.hpp>

namespace vultus::media {
namespace {

// swscale's vector code writes whole registers: rows that are no multiple of this go through padded memory.
constexpr int kWholeRegister = 16;

/// The matrix of a frame that does not name its own: that of high definition from 720 lines on, as players do.
int matrix_of(const AVFrame& frame) {
  switch (frame.colorspace) {
    case AVCOL_SPC_BT709: return SWS_CS_ITU709;
    case AVCOL_SPC_FCC: return SWS_CS_FCC;
    case AVCOL_SPC_SMPTE240M: return SWS_CS_SMPTE240M;
    case AVCOL_SPC_BT2020_NCL:
    case AVCOL_SPC_BT2020_CL: return SWS_CS_BT2020;
    case AVCOL_SPC_SMPTE170M:
    case AVCOL_SPC_BT470BG: return SWS_CS_ITU601;
    default: return frame.height >= 720 ? SWS_CS_ITU709 : SWS_CS_ITU601;
  }
}

/// FFmpeg's old names for full-range formats make swscale complain.
AVPixelFormat plain_format(int format, bool& full_range) {
  const auto full = [&](AVPixelFormat plain) {
    full_range = true;
    return plain;
  };
  switch (format) {
    case AV_PIX_FMT_YUVJ420P: return full(AV_PIX_FMT_YUV420P);
    case AV_PIX_FMT_YUVJ422P: return full(AV_PIX_FMT_YUV422P);
    case AV_PIX_FMT_YUVJ444P: return full(AV_PIX_FMT_YUV444P);
    case AV_PIX_FMT_YUVJ440P: return full(AV_PIX_FMT_YUV440P);
    default: return static_cast<AVPixelFormat>(format);
  }
}

int orientation_of(int rotation) { return rotation == 90 ? 6 : rotation == 180 ? 3 : rotation == 270 ? 8 : 1; }

}  // namespace

Status FrameConverter::prepare(const AVFrame& frame) {
  bool full_range = frame.color_range == AVCOL_RANGE_JPEG;
  const AVPixelFormat format = plain_format(frame.format, full_range);
  if (sws_isSupportedInput(format) == 0) return fail(ErrorCode::unsupported, "a pixel format that is not read");
  scaler_.reset(sws_getCachedContext(scaler_.release(), frame.width, frame.height, format, width_, height_,
                                     AV_PIX_FMT_RGB24, SWS_BILINEAR, nullptr, nullptr, nullptr));
  if (!scaler_) return fail(ErrorCode::resource_limit, "no memory to convert a frame");
  sws_setColorspaceDetails(scaler_.get(), sws_getCoefficients(matrix_of(frame)), full_range ? 1 : 0,
                           sws_getCoefficients(SWS_CS_DEFAULT), 1, 0, 1 << 16, 1 << 16);
  return {};
}

Status FrameConverter::convert(const AVFrame& frame, Image& into) {
  VULTUS_CHECK(prepare(frame));
  Image& upright = rotation_ == 0 ? into : stored_;
  VULTUS_CHECK(upright.reshape(width_, height_, PixelFormat::rgb8));
  const bool direct = width_ % kWholeRegister == 0;
  const int stride = direct ? width_ * 3 : ((width_ + kWholeRegister - 1) / kWholeRegister + 1) * kWholeRegister * 3;
  if (!direct) padded_.resize(static_cast<std::size_t>(stride) * static_cast<std::size_t>(height_ + 1));
  const std::array<std::uint8_t*, 4> rows{direct ? upright.row(0) : padded_.data(), nullptr, nullptr, nullptr};
  const std::array<int, 4> strides{stride, 0, 0, 0};
  if (sws_scale(scaler_.get(), frame.data, frame.linesize, 0, frame.height, rows.data(), strides.data()) != height_)
    return fail(ErrorCode::corrupt_data, "a frame that cannot be converted");
  if (!direct)
    for (int y = 0; y < height_; ++y)
      std::memcpy(upright.row(y), padded_.data() + std::ptrdiff_t{y} * stride, static_cast<std::size_t>(width_) * 3);
  return rotation_ == 0 ? Status() : turn_upright(stored_, orientation_of(rotation_), into);
}

}  // namespace vultus::media
