// PNG through libpng: every colour type, depth and interlacing to 8-bit RGB.
#include <algorithm>
#include <array>
#include <cstring>
#include <string_view>

#include <png.h>

#include <vultus/media/codec.hpp>

namespace vultus::media {
namespace {

constexpr std::size_t kSignature = 8;
constexpr std::size_t kChunkFrame = 12;  // length, name, checksum

std::uint32_t big_endian_32(Bytes bytes, std::size_t at) {
  return (std::uint32_t{bytes[at]} << 24U) | (std::uint32_t{bytes[at + 1]} << 16U) |
         (std::uint32_t{bytes[at + 2]} << 8U) | bytes[at + 3];
}

/// The orientation of the eXIf chunk, which may stand before or after the pixels.
int png_orientation(Bytes bytes) {
  std::size_t at = kSignature;
  while (bytes.size() - at >= kChunkFrame) {
    const std::size_t length = big_endian_32(bytes, at);
    if (length > bytes.size() - at - kChunkFrame) break;
    if (std::memcmp(bytes.data() + at + 4, "eXIf", 4) == 0) return exif_orientation(bytes.subspan(at + 8, length));
    at += length + kChunkFrame;
  }
  return 1;
}

/// The C side. libpng leaves a failed call with longjmp: the functions that call setjmp hold nothing that would need a
/// destructor.
struct Reader {
  png_structp png = nullptr;
  png_infop info = nullptr;
  Bytes rest;
  std::array<char, 128> message{};
  bool cut_off = false;
  int channels = 0;
  int passes = 0;

  Reader() = default;
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;
  Reader(Reader&&) = delete;
  Reader& operator=(Reader&&) = delete;
  ~Reader() { png_destroy_read_struct(&png, &info, nullptr); }

  bool open(Bytes bytes);
  bool begin(const StoredHeader& header);
  bool read_rows(const StoredHeader& header, Image& into, std::vector<std::uint8_t>& scratch);
  [[nodiscard]] Error failure() const {
    if (cut_off) return damaged(PictureFormat::png, "cut off: the file ends before the picture does");
    return damaged(PictureFormat::png, message.data());
  }
};

[[noreturn]] void on_error(png_structp png, png_const_charp text) {
  auto& reader = *static_cast<Reader*>(png_get_error_ptr(png));
  std::strncpy(reader.message.data(), text, reader.message.size() - 1);
  png_longjmp(png, 1);
}

void on_warning(png_structp, png_const_charp) {}

void on_read(png_structp png, png_bytep into, std::size_t size) {
  auto& reader = *static_cast<Reader*>(png_get_io_ptr(png));
  if (size > reader.rest.size()) {
    reader.cut_off = true;
    png_error(png, "cut off");
  }
  std::memcpy(into, reader.rest.data(), size);
  reader.rest = reader.rest.subspan(size);
}

bool Reader::open(Bytes bytes) {
  rest = bytes;
  png = png_create_read_struct(PNG_LIBPNG_VER_STRING, this, on_error, on_warning);
  if (png != nullptr) info = png_create_info_struct(png);
  return info != nullptr;
}

/// Reads up to the pixels and orders 8-bit RGB or RGBA.
bool Reader::begin(const StoredHeader& header) {
  if (setjmp(png_jmpbuf(png)) != 0) return false;
  png_set_read_fn(png, this, on_read);
  png_set_user_limits(png, Image::kMaxSide, Image::kMaxSide);
  // Colour profiles, texts and the like are not used and not unpacked: some of them are compressed, and a small file
  // may hold gigabytes. What pixels need (PLTE, tRNS) is not on this list.
  // NOLINTNEXTLINE(modernize-avoid-c-arrays): its length is that of the text.
  static constexpr png_byte kIgnored[] =
      "bKGD\0cHRM\0eXIf\0gAMA\0hIST\0iCCP\0iTXt\0oFFs\0pCAL\0pHYs\0sBIT\0sCAL\0sPLT\0sRGB\0tEXt\0tIME\0zTXt";
  png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, kIgnored, static_cast<int>(sizeof(kIgnored) / 5));
  png_read_info(png, info);
  if (png_get_image_width(png, info) != static_cast<png_uint_32>(header.width) ||
      png_get_image_height(png, info) != static_cast<png_uint_32>(header.height))
    png_error(png, "the first chunk is not the header");
  png_set_scale_16(png);
  png_set_expand(png);
  png_set_gray_to_rgb(png);
  passes = png_set_interlace_handling(png);
  png_read_update_info(png, info);
  channels = png_get_channels(png, info);
  if ((channels != 3 && channels != 4) || png_get_bit_depth(png, info) != 8) png_error(png, "unknown pixel layout");
  return true;
}

/// Opaque pixels go straight into the image; RGBA into `scratch`, one row of it or, interlaced, all of them.
bool Reader::read_rows(const StoredHeader& header, Image& into, std::vector<std::uint8_t>& scratch) {
  if (setjmp(png_jmpbuf(png)) != 0) return false;
  const std::size_t stride = static_cast<std::size_t>(header.width) * 4;
  for (int pass = 0; pass < passes; ++pass) {
    for (int y = 0; y < header.height; ++y) {
      if (channels == 3) {
        png_read_row(png, into.row(y), nullptr);
        continue;
      }
      std::uint8_t* const row = scratch.data() + (passes > 1 ? static_cast<std::size_t>(y) * stride : 0);
      png_read_row(png, row, nullptr);
      if (pass + 1 == passes) blend_over_white(row, header.width, into.row(y));
    }
  }
  png_read_end(png, nullptr);
  return true;
}

}  // namespace

Result<StoredHeader> png_header(Bytes bytes) {
  constexpr std::size_t kHeaderEnd = kSignature + kChunkFrame + 13;
  if (bytes.size() < kHeaderEnd)
    return damaged(PictureFormat::png, "cut off: " + std::to_string(bytes.size()) + " bytes are less than its header");
  if (std::memcmp(bytes.data() + kSignature + 4, "IHDR", 4) != 0)
    return damaged(PictureFormat::png, "the first chunk is not the header");
  return checked_header(big_endian_32(bytes, 16), big_endian_32(bytes, 20), png_orientation(bytes));
}

Status decode_png(Bytes bytes, const StoredHeader& header, Image& into, std::vector<std::uint8_t>& scratch) {
  Reader reader;
  if (!reader.open(bytes)) return fail(ErrorCode::resource_limit, "PNG: out of memory");
  if (!reader.begin(header)) return reader.failure();
  if (reader.channels == 4) {
    const std::size_t rows = reader.passes > 1 ? static_cast<std::size_t>(header.height) : 1;
    scratch.resize(rows * static_cast<std::size_t>(header.width) * 4);
  }
  if (!reader.read_rows(header, into, scratch)) return reader.failure();
  return {};
}

}  // namespace vultus::media
