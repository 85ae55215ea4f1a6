#include <vultus/media/test_containers.hpp>

#include <algorithm>
#include <cstring>
#include <stdexcept>

#include <gif_lib.h>
#include <libheif/heif.h>
#include <tiffio.h>

// x265 keeps some memory of every picture that it encodes until the program ends. The tests alone encode with it.
// NOLINTNEXTLINE(bugprone-reserved-identifier,readability-identifier-naming): the name is that of the leak detector
extern "C" const char* __lsan_default_suppressions() { return "leak:libx265"; }

namespace vultus::media::testing {
namespace {

void require(bool good, const char* what) {
  if (!good) throw std::runtime_error(what);
}

/// A file in memory that libtiff writes.
struct Memory {
  File bytes;
  std::size_t at = 0;
};

tmsize_t read_memory(thandle_t handle, void* into, tmsize_t size) {
  auto& memory = *static_cast<Memory*>(handle);
  const auto given = std::min(static_cast<std::size_t>(size), memory.bytes.size() - memory.at);
  std::memcpy(into, memory.bytes.data() + memory.at, given);
  memory.at += given;
  return static_cast<tmsize_t>(given);
}

tmsize_t write_memory(thandle_t handle, void* from, tmsize_t size) {
  auto& memory = *static_cast<Memory*>(handle);
  const auto end = memory.at + static_cast<std::size_t>(size);
  if (memory.bytes.size() < end) memory.bytes.resize(end);
  std::memcpy(memory.bytes.data() + memory.at, from, static_cast<std::size_t>(size));
  memory.at = end;
  return size;
}

toff_t seek_memory(thandle_t handle, toff_t offset, int whence) {
  auto& memory = *static_cast<Memory*>(handle);
  const std::size_t base = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? memory.at : memory.bytes.size();
  memory.at = base + static_cast<std::size_t>(offset);
  if (memory.bytes.size() < memory.at) memory.bytes.resize(memory.at);
  return memory.at;
}

void set_fields(TIFF* tiff, const TiffOptions& options) {
  TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, options.width);
  TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, options.height);
  TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, options.bits);
  TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, options.samples);
  TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, options.photometric);
  TIFFSetField(tiff, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG);
  TIFFSetField(tiff, TIFFTAG_ORIENTATION, options.orientation);
  TIFFSetField(tiff, TIFFTAG_COMPRESSION, options.compression);
  const auto kind = static_cast<std::uint16_t>(options.extra_kind);
  if (options.extra_kind >= 0) TIFFSetField(tiff, TIFFTAG_EXTRASAMPLES, 1, &kind);
  if (options.preview) TIFFSetField(tiff, TIFFTAG_SUBFILETYPE, FILETYPE_REDUCEDIMAGE);
  const std::array<std::uint8_t, 4> version{1, 4, 0, 0};
  if (options.raw) TIFFSetField(tiff, TIFFTAG_DNGVERSION, version.data());
  if (options.tile > 0) {
    TIFFSetField(tiff, TIFFTAG_TILEWIDTH, options.tile);
    TIFFSetField(tiff, TIFFTAG_TILELENGTH, options.tile);
  } else {
    TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP, 16);
  }
}

void write_tile(TIFF* tiff, const TiffOptions& options, const std::function<File(int y)>& row, int left, int top) {
  const auto pixel = static_cast<std::size_t>(options.samples * options.bits / 8);
  const auto side = static_cast<std::size_t>(options.tile);
  File tile(side * side * pixel);
  for (int y = 0; y < options.tile && top + y < options.height; ++y) {
    const File line = row(top + y);
    const std::size_t from = static_cast<std::size_t>(left) * pixel;
    std::memcpy(tile.data() + static_cast<std::size_t>(y) * side * pixel, line.data() + from,
                std::min(side * pixel, line.size() - from));
  }
  require(TIFFWriteTile(tiff, tile.data(), static_cast<std::uint32_t>(left), static_cast<std::uint32_t>(top), 0, 0) > 0,
          "TIFF tile");
}

int write_gif(GifFileType* gif, const GifByteType* from, int size) {
  auto& file = *static_cast<File*>(gif->UserData);
  file.insert(file.end(), from, from + size);
  return size;
}

constexpr std::string_view kLetters = "RGBWKYgg";  // a table of colours has a power of two of them

/// The order in which the rows of an interlaced picture are written.
std::vector<std::size_t> gif_order(std::size_t rows, bool interlaced) {
  std::vector<std::size_t> order;
  if (!interlaced)
    for (std::size_t y = 0; y < rows; ++y) order.push_back(y);
  for (const auto& [first, step] : {std::pair<std::size_t, std::size_t>{0, 8}, {4, 8}, {2, 4}, {1, 2}})
    for (std::size_t y = first; interlaced && y < rows; y += step) order.push_back(y);
  return order;
}

heif_error write_heif(heif_context*, const void* data, std::size_t size, void* user) {
  auto& file = *static_cast<File*>(user);
  const auto* const bytes = static_cast<const std::uint8_t*>(data);
  file.insert(file.end(), bytes, bytes + size);
  return {heif_error_Ok, heif_suberror_Unspecified, ""};
}

void check(const heif_error& error) { require(error.code == heif_error_Ok, error.message); }

heif_image* heif_pixels(const Image& image, const HeifOptions& options) {
  heif_image* pixels = nullptr;
  const heif_chroma chroma = options.bits > 8 ? heif_chroma_interleaved_RRGGBB_LE
                             : options.alpha  ? heif_chroma_interleaved_RGBA
                                              : heif_chroma_interleaved_RGB;
  check(heif_image_create(image.width(), image.height(), heif_colorspace_RGB, chroma, &pixels));
  check(heif_image_add_plane(pixels, heif_channel_interleaved, image.width(), image.height(), options.bits));
  int stride = 0;
  std::uint8_t* const to = heif_image_get_plane(pixels, heif_channel_interleaved, &stride);
  for (int y = 0; y < image.height(); ++y) {
    std::uint8_t* out = to + std::ptrdiff_t{y} * stride;
    for (int x = 0; x < image.width(); ++x) {
      for (int c = 0; c < 3; ++c) {
        const int value = image.row(y)[x * 3 + c];
        const int deep = value * 1023 / 255;
        *out++ = static_cast<std::uint8_t>(options.bits > 8 ? deep : value);
        if (options.bits > 8) *out++ = static_cast<std::uint8_t>(deep >> 8);
      }
      if (options.alpha) *out++ = 51;
    }
  }
  return pixels;
}

}  // namespace

File tiff_of(const TiffOptions& options, const std::function<File(int y)>& row) {
  Memory memory;
  const std::string mode = std::string("w") + (options.big_endian ? "b" : "l") + (options.big ? "8" : "4");
  TIFF* const tiff = TIFFClientOpen(
      "made", mode.c_str(), &memory, read_memory, write_memory, seek_memory, [](thandle_t) { return 0; },
      [](thandle_t handle) -> toff_t { return static_cast<Memory*>(handle)->bytes.size(); }, nullptr, nullptr);
  require(tiff != nullptr, "TIFF");
  set_fields(tiff, options);
  for (int top = 0; options.tile > 0 && top < options.height; top += options.tile)
    for (int left = 0; left < options.width; left += options.tile) write_tile(tiff, options, row, left, top);
  for (int y = 0; options.tile == 0 && y < options.height; ++y) {
    File line = row(y);
    require(TIFFWriteScanline(tiff, line.data(), static_cast<std::uint32_t>(y), 0) == 1, "TIFF row");
  }
  TIFFClose(tiff);
  return memory.bytes;
}

File tiff_of(const Image& image, TiffOptions options) {
  options.width = image.width();
  options.height = image.height();
  return tiff_of(options, [&](int y) { return File(image.row(y), image.row(y) + image.stride()); });
}

File gif_of(const std::vector<std::string>& letters, const GifOptions& options) {
  File file;
  int code = 0;
  GifFileType* const gif = EGifOpen(&file, write_gif, &code);
  require(gif != nullptr, "GIF");
  std::vector<GifColorType> colours;
  for (const char letter : kLetters) {
    const Rgb rgb = colour_of(letter);
    colours.push_back({rgb[0], rgb[1], rgb[2]});
  }
  const int width = static_cast<int>(letters[0].size());
  const int height = static_cast<int>(letters.size());
  ColorMapObject* const map = GifMakeMapObject(static_cast<int>(colours.size()), colours.data());
  EGifSetGifVersion(gif, true);
  EGifPutScreenDesc(gif, std::max(options.canvas_width, 0) == 0 ? width : options.canvas_width,
                    options.canvas_height == 0 ? height : options.canvas_height, 3, 0, map);
  GraphicsControlBlock control{
      .DisposalMode = 0, .UserInputFlag = false, .DelayTime = 10, .TransparentColor = options.transparent};
  std::array<GifByteType, 4> block{};
  EGifGCBToExtension(&control, block.data());
  EGifPutExtension(gif, GRAPHICS_EXT_FUNC_CODE, 4, block.data());
  EGifPutImageDesc(gif, options.left, options.top, width, height, options.interlaced, nullptr);
  for (const std::size_t y : gif_order(letters.size(), options.interlaced)) {
    File row;
    for (const char letter : letters[y]) row.push_back(static_cast<std::uint8_t>(kLetters.find(letter)));
    require(EGifPutLine(gif, row.data(), width) == GIF_OK, "GIF row");
  }
  for (int i = 1; i < options.frames; ++i) {
    File white{3};
    EGifPutImageDesc(gif, 0, 0, 1, 1, false, nullptr);
    EGifPutLine(gif, white.data(), 1);
  }
  GifFreeMapObject(map);
  require(EGifCloseFile(gif, &code) == GIF_OK, "GIF end");
  return file;
}

File heif_of(const Image& image, const HeifOptions& options) {
  heif_context* const context = heif_context_alloc();
  heif_encoder* encoder = nullptr;
  check(heif_context_get_encoder_for_format(context, options.av1 ? heif_compression_AV1 : heif_compression_HEVC,
                                            &encoder));
  check(heif_encoder_set_lossy_quality(encoder, options.quality));
  heif_image* const pixels = heif_pixels(image, options);
  heif_encoding_options* const how = heif_encoding_options_alloc();
  how->image_orientation = static_cast<heif_orientation>(options.orientation);
  heif_image_handle* handle = nullptr;
  check(heif_context_encode_image(context, pixels, encoder, how, &handle));
  const File exif = exif_of(options.exif_orientation);
  if (options.exif_orientation > 0)
    check(heif_context_add_exif_metadata(context, handle, exif.data(), static_cast<int>(exif.size())));
  File file;
  heif_writer writer{1, write_heif};
  check(heif_context_write(context, &writer, &file));
  heif_image_handle_release(handle);
  heif_encoding_options_free(how);
  heif_image_release(pixels);
  heif_encoder_release(encoder);
  heif_context_free(context);
  return file;
}

}  // namespace vultus::media::testing
