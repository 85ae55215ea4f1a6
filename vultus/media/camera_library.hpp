// FFmpeg's reader of cameras, loaded when the first camera is opened.
#pragma once

#include <vultus/core/result.hpp>

struct AVInputFormat;

namespace vultus::media {

/// The reader of cameras of Video4Linux. libavdevice brings some fifty libraries of screens and sound cards with it,
/// which doubled the time in which every program started; so it is loaded here, once, and kept. Errors: unsupported,
/// with the reason, where the library is missing or has no such reader. Any thread.
Result<const AVInputFormat*> camera_format();

}  // namespace vultus::media
