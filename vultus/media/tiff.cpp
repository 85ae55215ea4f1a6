// TIFF through libtiff: the first picture of the file, every layout that libtiff turns into 8-bit RGBA.
#include <algorithm>
#include <cstdarg>
#include <cstdio>
#include <cstring>
#include <memory>

#include <tiffio.h>

#include <vultus/media/codec.hpp>

namespace vultus::media {
namespace {

/// Memory that libtiff may take in one piece for the lists of a directory.
constexpr tmsize_t kDirectoryMemory = 16 << 20;

struct OptionsDelete {
  void operator()(TIFFOpenOptions* options) const { TIFFOpenOptionsFree(options); }
};
struct TiffDelete {
  void operator()(TIFF* tiff) const { TIFFClose(tiff); }
};

std::string text_of(const char* format, va_list values) {
  std::array<char, 256> text{};
  std::vsnprintf(text.data(), text.size(), format, values);
  return text.data();
}

/// The bytes as libtiff reads them, and the first thing it says.
struct TiffSource {
  Bytes bytes;
  std::size_t at = 0;
  std::string complaint;
  std::unique_ptr<TIFF, TiffDelete> tiff;

  bool open(Bytes file, tmsize_t single_allocation);
  [[nodiscard]] Error failure() const;
};

tmsize_t on_read(thandle_t handle, void* into, tmsize_t size) {
  auto& source = *static_cast<TiffSource*>(handle);
  const std::size_t given = std::min(static_cast<std::size_t>(size), source.bytes.size() - source.at);
  if (given > 0) std::memcpy(into, source.bytes.data() + source.at, given);
  source.at += given;
  return static_cast<tmsize_t>(given);
}

toff_t on_seek(thandle_t handle, toff_t offset, int whence) {
  auto& source = *static_cast<TiffSource*>(handle);
  const toff_t base = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? source.at : source.bytes.size();
  // Beyond the end nothing can be read; libtiff asks with sizes from the file.
  source.at = static_cast<std::size_t>(std::min<toff_t>(base + offset, source.bytes.size()));
  return base + offset;
}

int on_error(TIFF*, void* user, const char*, const char* format, va_list values) {
  auto& source = *static_cast<TiffSource*>(user);
  if (source.complaint.empty()) source.complaint = text_of(format, values);
  return 1;
}

/// libtiff gives on where a JPEG inside a TIFF is damaged, and fills with grey what is missing.
int on_warning(TIFF*, void* user, const char* module, const char* format, va_list values) {
  auto& source = *static_cast<TiffSource*>(user);
  if (source.complaint.empty() && module != nullptr && std::strncmp(module, "JPEGLib", 7) == 0)
    source.complaint = text_of(format, values);
  return 1;
}

bool TiffSource::open(Bytes file, tmsize_t single_allocation) {
  bytes = file;
  const std::unique_ptr<TIFFOpenOptions, OptionsDelete> options(TIFFOpenOptionsAlloc());
  if (options == nullptr) return false;
  TIFFOpenOptionsSetMaxSingleMemAlloc(options.get(), single_allocation);
  TIFFOpenOptionsSetErrorHandlerExtR(options.get(), on_error, this);
  TIFFOpenOptionsSetWarningHandlerExtR(options.get(), on_warning, this);
  const auto no_write = [](thandle_t, void*, tmsize_t) -> tmsize_t { return 0; };
  const auto close = [](thandle_t) { return 0; };
  const auto size = [](thandle_t handle) -> toff_t { return static_cast<TiffSource*>(handle)->bytes.size(); };
  // The bytes count as a mapped file. Reading by calls is what libtiff 4.5.0 of Debian does wrong: it refuses whole
  // tiles whose size is no multiple of 1024 bytes.
  const auto map = [](thandle_t handle, void** base, toff_t* length) {
    const Bytes all = static_cast<TiffSource*>(handle)->bytes;
    *base = const_cast<std::uint8_t*>(all.data());  // NOLINT(cppcoreguidelines-pro-type-const-cast): opened for reading
    *length = all.size();
    return 1;
  };
  const auto unmap = [](thandle_t, void*, toff_t) {};
  tiff.reset(TIFFClientOpenExt("TIFF", "r", this, on_read, no_write, on_seek, close, size, map, unmap, options.get()));
  return tiff != nullptr;
}

Error TiffSource::failure() const {
  const bool too_large = complaint.find("emory") != std::string::npos;
  const std::string what = complaint.empty() ? "damaged or cut off" : complaint;
  if (too_large) return fail(ErrorCode::resource_limit, "TIFF: " + what);
  return damaged(PictureFormat::tiff, "damaged or cut off (" + what + ")");
}

/// Photos of cameras in their makers' formats are TIFF files too, but their first picture is a preview or raw values.
Status check_not_raw(TIFF* tiff) {
  const void* value = nullptr;
  std::uint32_t kind = 0;
  if (TIFFGetField(tiff, TIFFTAG_DNGVERSION, &value) == 1)
    return not_read(PictureFormat::tiff, "a camera's raw file (DNG) is not read");
  TIFFGetFieldDefaulted(tiff, TIFFTAG_SUBFILETYPE, &kind);
  if ((kind & FILETYPE_REDUCEDIMAGE) != 0)
    return not_read(PictureFormat::tiff, "its first picture is only a preview, as in a camera's raw file");
  return {};
}

Result<StoredHeader> header_of(TIFF* tiff) {
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  std::uint16_t orientation = 1;
  TIFFGetField(tiff, TIFFTAG_IMAGEWIDTH, &width);
  TIFFGetField(tiff, TIFFTAG_IMAGELENGTH, &height);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_ORIENTATION, &orientation);
  const bool sensible = orientation >= 1 && orientation <= 8;
  return checked_header(width, height, sensible ? orientation : 1);
}

enum class Alpha : std::uint8_t { none, straight, multiplied };

/// What the fourth byte of libtiff's RGBA means. It multiplies colours with their alpha, but leaves grey as it is, and
/// it takes a channel that nobody described for alpha.
Alpha alpha_of(TIFF* tiff, const TIFFRGBAImage& image) {
  std::uint16_t count = 0;
  const std::uint16_t* kinds = nullptr;
  if (TIFFGetField(tiff, TIFFTAG_EXTRASAMPLES, &count, &kinds) != 1 || count == 0) return Alpha::none;
  if (kinds[0] == EXTRASAMPLE_UNSPECIFIED || image.alpha == 0) return Alpha::none;
  const bool grey = image.photometric == PHOTOMETRIC_MINISBLACK || image.photometric == PHOTOMETRIC_MINISWHITE;
  return grey && kinds[0] == EXTRASAMPLE_UNASSALPHA ? Alpha::straight : Alpha::multiplied;
}

void row_to_rgb(const std::uint32_t* from, int width, Alpha alpha, std::uint8_t* to) {
  for (int x = 0; x < width; ++x, ++from, to += 3) {
    const std::array<std::uint8_t, 4> rgba{
        static_cast<std::uint8_t>(TIFFGetR(*from)), static_cast<std::uint8_t>(TIFFGetG(*from)),
        static_cast<std::uint8_t>(TIFFGetB(*from)), static_cast<std::uint8_t>(TIFFGetA(*from))};
    if (alpha == Alpha::straight) {
      blend_over_white(rgba.data(), 1, to);
      continue;
    }
    const int white = alpha == Alpha::none ? 0 : 255 - rgba[3];
    for (std::size_t c = 0; c < 3; ++c) to[c] = static_cast<std::uint8_t>(std::min(255, rgba[c] + white));
  }
}

/// libtiff's reader of pixels; ended whatever happens.
struct RgbaReader {
  TIFFRGBAImage image{};
  bool begun = false;
  RgbaReader() = default;
  RgbaReader(const RgbaReader&) = delete;
  RgbaReader& operator=(const RgbaReader&) = delete;
  RgbaReader(RgbaReader&&) = delete;
  RgbaReader& operator=(RgbaReader&&) = delete;
  ~RgbaReader() {
    if (begun) TIFFRGBAImageEnd(&image);
  }
};

}  // namespace

Result<StoredHeader> tiff_header(Bytes bytes) {
  TiffSource source;
  if (!source.open(bytes, kDirectoryMemory)) return source.failure();
  VULTUS_CHECK(check_not_raw(source.tiff.get()));
  return header_of(source.tiff.get());
}

Status decode_tiff(Bytes bytes, const StoredHeader& header, Image& into, std::vector<std::uint8_t>& scratch) {
  // A strip or tile may hold the whole picture: up to five channels of two bytes.
  const std::size_t pixels = static_cast<std::size_t>(header.width) * static_cast<std::size_t>(header.height);
  TiffSource source;
  if (!source.open(bytes, std::max(kDirectoryMemory, static_cast<tmsize_t>(pixels * 10)))) return source.failure();
  TIFF* const tiff = source.tiff.get();
  std::array<char, 1024> reason{};
  RgbaReader reader;
  if (TIFFRGBAImageOK(tiff, reason.data()) == 0) return not_read(PictureFormat::tiff, reason.data());
  constexpr int kStopAtErrors = 1;
  if (TIFFRGBAImageBegin(&reader.image, tiff, kStopAtErrors, reason.data()) == 0) {
    if (source.complaint.empty()) source.complaint = reason.data();
    return source.failure();
  }
  reader.begun = true;
  reader.image.orientation = ORIENTATION_TOPLEFT;  // pixels as stored: they are turned by turn_upright()
  reader.image.req_orientation = ORIENTATION_TOPLEFT;
  source.complaint.clear();
  scratch.resize(pixels * sizeof(std::uint32_t));
  auto* const raster = reinterpret_cast<std::uint32_t*>(scratch.data());
  const int done = TIFFRGBAImageGet(&reader.image, raster, static_cast<std::uint32_t>(header.width),
                                    static_cast<std::uint32_t>(header.height));
  if (done == 0 || !source.complaint.empty()) return source.failure();
  const Alpha alpha = alpha_of(tiff, reader.image);
  for (int y = 0; y < header.height; ++y)
    row_to_rgb(raster + std::ptrdiff_t{y} * header.width, header.width, alpha, into.row(y));
  return {};
}

}  // namespace vultus::media
