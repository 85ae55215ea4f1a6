#include <vultus/media/test_pictures.hpp>

#include <csetjmp>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include <jpeglib.h>
#include <png.h>
#include <webp/encode.h>

namespace vultus::media::testing {
namespace {

void put_little(File& file, std::uint32_t value, int count) {
  for (int i = 0; i < count; ++i) file.push_back(static_cast<std::uint8_t>(value >> (8U * static_cast<unsigned>(i))));
}

void append(File& file, const File& more) { file.insert(file.end(), more.begin(), more.end()); }

}  // namespace

Rgb colour_of(char letter) {
  switch (letter) {
    case 'R': return {255, 0, 0};
    case 'G': return {0, 255, 0};
    case 'B': return {0, 0, 255};
    case 'W': return {255, 255, 255};
    case 'Y': return {255, 255, 0};
    case 'g': return {128, 128, 128};
    default: return {0, 0, 0};
  }
}

Image blocks(const std::vector<std::string>& rows, int block) {
  const int width = static_cast<int>(rows[0].size()) * block;
  const int height = static_cast<int>(rows.size()) * block;
  Image image = Image::create(width, height, PixelFormat::rgb8).value();
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x) {
      const Rgb rgb = colour_of(rows[static_cast<std::size_t>(y / block)][static_cast<std::size_t>(x / block)]);
      std::memcpy(image.row(y) + x * 3, rgb.data(), 3);
    }
  return image;
}

Image gradient(int width, int height) {
  Image image = Image::create(width, height, PixelFormat::rgb8).value();
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x) {
      std::uint8_t* const p = image.row(y) + x * 3;
      p[0] = static_cast<std::uint8_t>(x * 255 / width);
      p[1] = static_cast<std::uint8_t>(y * 255 / height);
      p[2] = static_cast<std::uint8_t>((x / 4 + y / 4) % 2 * 60 + 90);
    }
  return image;
}

File jpeg_of(const Image& image, const JpegOptions& options) {
  jpeg_compress_struct codec{};
  jpeg_error_mgr errors{};
  codec.err = jpeg_std_error(&errors);
  jpeg_create_compress(&codec);
  unsigned char* memory = nullptr;
  unsigned long size = 0;
  jpeg_mem_dest(&codec, &memory, &size);
  codec.image_width = static_cast<JDIMENSION>(image.width());
  codec.image_height = static_cast<JDIMENSION>(image.height());
  codec.input_components = options.cmyk ? 4 : options.grey ? 1 : 3;
  codec.in_color_space = options.cmyk ? JCS_CMYK : options.grey ? JCS_GRAYSCALE : JCS_RGB;
  jpeg_set_defaults(&codec);
  jpeg_set_quality(&codec, options.quality, TRUE);
  if (options.cmyk && options.ycck) jpeg_set_colorspace(&codec, JCS_YCCK);
  if (options.cmyk) codec.write_Adobe_marker = static_cast<boolean>(options.adobe);
  codec.restart_in_rows = options.restart_rows;
  constexpr std::array<jpeg_scan_info, 2> kGreyScans{{{1, {0}, 0, 0, 0, 0}, {1, {0}, 1, 63, 0, 0}}};
  if (options.progressive) jpeg_simple_progression(&codec);
  if (options.progressive && options.grey) {
    codec.scan_info = kGreyScans.data();
    codec.num_scans = static_cast<int>(kGreyScans.size());
  }
  jpeg_start_compress(&codec, TRUE);
  if (!options.exif.empty()) {
    File block = bytes_of(std::string("Exif\0\0", 6));
    append(block, options.exif);
    jpeg_write_marker(&codec, JPEG_APP0 + 1, block.data(), static_cast<unsigned>(block.size()));
  }
  File row(static_cast<std::size_t>(image.width()) * 4);
  for (int y = 0; y < image.height(); ++y) {
    for (int x = 0; x < image.width(); ++x)
      for (int c = 0; c < codec.input_components; ++c)
        row[static_cast<std::size_t>(x) * static_cast<std::size_t>(codec.input_components) +
            static_cast<std::size_t>(c)] = image.row(y)[x * 3 + c % 3];
    JSAMPROW pointer = row.data();
    jpeg_write_scanlines(&codec, &pointer, 1);
  }
  jpeg_finish_compress(&codec);
  jpeg_destroy_compress(&codec);
  File file(memory, memory + size);
  std::free(memory);
  return file;
}

File png_of(const RawPng& layout, const std::function<File(int y)>& row) {
  File file;
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, nullptr, nullptr);
  png_infop info = png_create_info_struct(png);
  png_set_write_fn(
      png, &file,
      [](png_structp writer, png_bytep data, std::size_t size) {
        File& into = *static_cast<File*>(png_get_io_ptr(writer));
        into.insert(into.end(), data, data + size);
      },
      [](png_structp) {});
  png_set_IHDR(png, info, static_cast<png_uint_32>(layout.width), static_cast<png_uint_32>(layout.height),
               layout.bit_depth, layout.colour_type, layout.interlaced ? PNG_INTERLACE_ADAM7 : PNG_INTERLACE_NONE,
               PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  std::vector<png_color> palette;
  for (const Rgb& rgb : layout.palette) palette.push_back({rgb[0], rgb[1], rgb[2]});
  if (!palette.empty()) png_set_PLTE(png, info, palette.data(), static_cast<int>(palette.size()));
  if (!layout.palette_alpha.empty())
    png_set_tRNS(png, info, layout.palette_alpha.data(), static_cast<int>(layout.palette_alpha.size()), nullptr);
  png_write_info(png, info);
  std::vector<File> rows;
  std::vector<png_bytep> pointers;
  for (int y = 0; y < layout.height; ++y) rows.push_back(row(y));
  for (File& r : rows) pointers.push_back(r.data());
  png_write_image(png, pointers.data());
  png_write_end(png, info);
  png_destroy_write_struct(&png, &info);
  return file;
}

File png_of(const Image& image, const PngOptions& options) {
  File file = png_of(RawPng{.width = image.width(), .height = image.height(), .interlaced = options.interlaced},
                     [&](int y) { return File(image.row(y), image.row(y) + image.stride()); });
  if (options.exif.empty()) return file;
  // The chunk goes behind IHDR, which ends at byte 33: length, name, data, checksum of name and data.
  File chunk = bytes_of("eXIf");
  append(chunk, options.exif);
  std::uint32_t crc = 0xFFFFFFFFU;
  for (const std::uint8_t byte : chunk) {
    crc ^= byte;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1U) ^ ((crc & 1U) != 0 ? 0xEDB88320U : 0U);
  }
  crc = ~crc;
  const auto length = static_cast<std::uint8_t>(options.exif.size());
  chunk.insert(chunk.begin(), {0, 0, 0, length});
  for (int shift = 24; shift >= 0; shift -= 8) chunk.push_back(static_cast<std::uint8_t>(crc >> shift));
  file.insert(file.begin() + 33, chunk.begin(), chunk.end());
  return file;
}

File webp_of(const Image& image, bool lossless) {
  std::uint8_t* memory = nullptr;
  const int stride = static_cast<int>(image.stride());
  const std::size_t size = lossless
                               ? WebPEncodeLosslessRGB(image.row(0), image.width(), image.height(), stride, &memory)
                               : WebPEncodeRGB(image.row(0), image.width(), image.height(), stride, 95, &memory);
  File file(memory, memory + size);
  WebPFree(memory);
  return file;
}

File webp_of_rgba(const File& rgba, int width, int height) {
  std::uint8_t* memory = nullptr;
  const std::size_t size = WebPEncodeLosslessRGBA(rgba.data(), width, height, width * 4, &memory);
  File file(memory, memory + size);
  WebPFree(memory);
  return file;
}

File webp_with_exif(const File& simple, int width, int height, const File& exif) {
  File file = bytes_of("RIFF    WEBPVP8X");
  put_little(file, 10, 4);
  put_little(file, 8, 4);  // flags: EXIF
  put_little(file, static_cast<std::uint32_t>(width - 1), 3);
  put_little(file, static_cast<std::uint32_t>(height - 1), 3);
  file.insert(file.end(), simple.begin() + 12, simple.end());
  append(file, bytes_of("EXIF"));
  put_little(file, static_cast<std::uint32_t>(exif.size()), 4);
  append(file, exif);
  if (exif.size() % 2 != 0) file.push_back(0);
  File size;
  put_little(size, static_cast<std::uint32_t>(file.size() - 8), 4);
  std::copy(size.begin(), size.end(), file.begin() + 4);
  return file;
}

File animated_webp_of(const std::vector<WebpFrame>& frames, int width, int height) {
  File file = bytes_of("RIFF    WEBPVP8X");
  const auto put = [&](int value, int count) { put_little(file, static_cast<std::uint32_t>(value), count); };
  put(10, 4);
  put(0x12, 4);  // flags: animation, transparency
  put(width - 1, 3);
  put(height - 1, 3);
  append(file, bytes_of("ANIM"));
  put(6, 4);
  put(0x00ff00ff, 4);  // a background that nobody shows
  put(0, 2);
  for (const WebpFrame& frame : frames) {
    // Behind the head of the file; an extended one has a chunk VP8X first.
    const bool extended = std::equal(frame.simple.begin() + 12, frame.simple.begin() + 16, "VP8X");
    const File chunks(frame.simple.begin() + (extended ? 30 : 12), frame.simple.end());
    append(file, bytes_of("ANMF"));
    put(static_cast<int>(chunks.size()) + 16, 4);
    for (const int value : {frame.left / 2, frame.top / 2, frame.width - 1, frame.height - 1, 100}) put(value, 3);
    put(0, 1);
    append(file, chunks);
  }
  File size;
  put_little(size, static_cast<std::uint32_t>(file.size() - 8), 4);
  std::copy(size.begin(), size.end(), file.begin() + 4);
  return file;
}

File bmp_of(const Image& image) {
  const int stride = (image.width() * 3 + 3) / 4 * 4;
  File file = bytes_of("BM");
  put_little(file, static_cast<std::uint32_t>(54 + stride * image.height()), 4);
  put_little(file, 0, 4);
  put_little(file, 54, 4);
  put_little(file, 40, 4);
  put_little(file, static_cast<std::uint32_t>(image.width()), 4);
  put_little(file, static_cast<std::uint32_t>(image.height()), 4);
  put_little(file, 1, 2);
  put_little(file, 24, 2);
  file.resize(54);
  for (int y = image.height() - 1; y >= 0; --y) {
    for (int x = 0; x < image.width(); ++x)
      for (int c = 2; c >= 0; --c) file.push_back(image.row(y)[x * 3 + c]);
    file.resize(file.size() + static_cast<std::size_t>(stride - image.width() * 3));
  }
  return file;
}

File ppm_of(const Image& image) {
  File file = bytes_of("P6\n" + std::to_string(image.width()) + " " + std::to_string(image.height()) + "\n255\n");
  for (int y = 0; y < image.height(); ++y) file.insert(file.end(), image.row(y), image.row(y) + image.stride());
  return file;
}

File exif_of(int orientation, bool big_endian) {
  // Byte order, 42, first directory at 8; one entry: tag 0x0112, SHORT, one value; no further directory.
  const auto value = static_cast<std::uint8_t>(orientation);
  if (big_endian) return {'M', 'M', 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, value, 0, 0, 0, 0, 0, 0};
  return {'I', 'I', 42, 0, 8, 0, 0, 0, 1, 0, 0x12, 0x01, 3, 0, 1, 0, 0, 0, value, 0, 0, 0, 0, 0, 0, 0};
}

File bytes_of(const std::string& text) { return {text.begin(), text.end()}; }

Rgb pixel(const Image& image, int x, int y) {
  const std::uint8_t* const p = image.row(y) + x * 3;
  return {p[0], p[1], p[2]};
}

}  // namespace vultus::media::testing
