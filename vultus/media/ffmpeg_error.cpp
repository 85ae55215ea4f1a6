// What FFmpeg says, in our words.
#include <array>
#include <cerrno>
#include <mutex>

#include <vultus/media/ffmpeg.hpp>
#include <vultus/media/video_source.hpp>

namespace vultus::media {
namespace {

ErrorCode code_of(int error) {
  switch (error) {
    case AVERROR(ENOENT):
    case AVERROR(ENODEV):
    case AVERROR(ECONNREFUSED):
    case AVERROR(EHOSTUNREACH):
    case AVERROR_HTTP_NOT_FOUND: return ErrorCode::not_found;
    case AVERROR(EACCES):
    case AVERROR(EPERM):
    case AVERROR(ENOMEM):
    case AVERROR(EBUSY):
    case AVERROR(ENOSPC):
    case AVERROR(EDQUOT):
    case AVERROR(EFBIG):
    case AVERROR(EROFS):
    case AVERROR(EMFILE):
    case AVERROR(ENFILE):
    case AVERROR(ETIMEDOUT): return ErrorCode::resource_limit;
    case AVERROR_DECODER_NOT_FOUND:
    case AVERROR_DEMUXER_NOT_FOUND:
    case AVERROR_PROTOCOL_NOT_FOUND: return ErrorCode::unsupported;
    default: return ErrorCode::corrupt_data;
  }
}

}  // namespace

void silence_ffmpeg() {
  static std::once_flag once;
  std::call_once(once, [] { av_log_set_level(AV_LOG_QUIET); });
}

Error ffmpeg_error(int code, const std::string& what) {
  std::array<char, AV_ERROR_MAX_STRING_SIZE> reason{};
  av_strerror(code, reason.data(), reason.size());
  return fail(code_of(code), what + ": " + reason.data());
}

}  // namespace vultus::media
