#include <string>

#include <dlfcn.h>

extern "C" {
#include <libavdevice/version.h>
#include <libavformat/avformat.h>
#include <libavutil/macros.h>
}

#include <vultus/media/camera_library.hpp>

namespace vultus::media {
namespace {

// The library of the headers that this is built with: it must fit the libavformat of the program.
constexpr const char* kLibrary = "libavdevice.so." AV_STRINGIFY(LIBAVDEVICE_VERSION_MAJOR);

/// Why cameras cannot be read; empty = they can.
std::string load() {
  void* library = ::dlopen(kLibrary, RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) return std::string("the library of cameras does not load: ") + ::dlerror();
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): dlsym() knows no other way
  auto* register_all = reinterpret_cast<void (*)()>(::dlsym(library, "avdevice_register_all"));
  if (register_all == nullptr) return std::string(kLibrary) + " has no avdevice_register_all";
  register_all();
  return {};
}

}  // namespace

Result<const AVInputFormat*> camera_format() {
  static const std::string kLacking = load();
  if (!kLacking.empty()) return fail(ErrorCode::unsupported, kLacking);
  const AVInputFormat* format = av_find_input_format("v4l2");
  if (format == nullptr) return fail(ErrorCode::unsupported, "this FFmpeg has no cameras (v4l2)");
  return format;
}

}  // namespace vultus::media
