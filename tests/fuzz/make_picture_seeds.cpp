// Writes one small picture of every kind that is read: the seeds from which libFuzzer starts.
#include <cstdio>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include <vultus/media/test_containers.hpp>

int main(int count, char** arguments) {
  using namespace vultus::media::testing;  // NOLINT(google-build-using-namespace): a list of its functions
  if (count != 2) return std::fprintf(stderr, "usage: make_picture_seeds FOLDER\n"), 2;
  const vultus::Image image = gradient(11, 9);
  const File exif = exif_of(6);
  const std::vector<std::pair<std::string, File>> seeds{
      {"baseline.jpg", jpeg_of(image, {.quality = 80, .exif = exif})},
      {"progressive.jpg", jpeg_of(image, {.quality = 80, .progressive = true})},
      {"grey_restart.jpg", jpeg_of(image, {.quality = 80, .grey = true, .restart_rows = 1})},
      {"cmyk.jpg", jpeg_of(image, {.quality = 80, .cmyk = true})},
      {"rgb_exif.png", png_of(image, {.exif = exif})},
      {"interlaced.png", png_of(image, {.interlaced = true})},
      {"palette_alpha.png", png_of(RawPng{.width = 3,
                                          .height = 2,
                                          .bit_depth = 2,
                                          .colour_type = 3,
                                          .palette = {{255, 0, 0}, {0, 255, 0}, {0, 0, 0}},
                                          .palette_alpha = {255, 255, 127}},
                                   [](int) { return File{0b00011000}; })},
      {"rgba16_interlaced.png",
       png_of(RawPng{.width = 3, .height = 3, .bit_depth = 16, .colour_type = 6, .interlaced = true},
              [](int y) { return File(24, static_cast<std::uint8_t>(y * 90)); })},
      {"lossy_exif.webp", webp_with_exif(webp_of(image, false), 11, 9, exif)},
      {"lossless.webp", webp_of(image, true)},
      {"alpha.webp", webp_of_rgba(File(11 * 9 * 4, 77), 11, 9)},
      {"animated.webp",
       animated_webp_of({{webp_of(image, false), 11, 9, 2, 2}, {webp_of_rgba(File(11 * 9 * 4, 77), 11, 9), 11, 9}}, 14,
                        12)},
      {"ycck.jpg", jpeg_of(image, {.quality = 80, .cmyk = true, .ycck = true})},
      {"plain_cmyk.jpg", jpeg_of(image, {.quality = 80, .cmyk = true, .adobe = false})},
      {"turned.tif", tiff_of(image, {.orientation = 6})},
      {"deflate_tiles.tif", tiff_of(image, {.compression = 8, .tile = 16, .big_endian = true})},
      {"lzw.big.tif", tiff_of(image, {.compression = 5, .big = true})},
      {"jpeg.tif", tiff_of(image, {.compression = 7})},
      {"frames.gif", gif_of({"RGB", "KYW", "gRG"}, {.canvas_width = 5, .canvas_height = 4, .left = 1, .frames = 2})},
      {"interlaced.gif", gif_of({"RGB", "KYW", "gRG"}, {.transparent = 1, .interlaced = true})},
      {"turned.heic", heif_of(gradient(16, 16), {.quality = 30, .orientation = 6, .exif_orientation = 6})},
      {"alpha.avif", heif_of(gradient(16, 16), {.av1 = true, .quality = 30, .alpha = true})},
      {"rgb.bmp", bmp_of(image)},
      {"rgb.ppm", ppm_of(image)},
      {"text.pbm", bytes_of("P1\n4 2\n1011 0110\n")},
      {"text.pgm", bytes_of("P2\n# grey\n3 2\n15\n0 3 6\n9 12 15\n")},
      {"text.ppm", bytes_of("P3 2 1 255\n255 0 0  0 10 20\n")},
      {"bits.pbm", bytes_of("P4 9 2\n\xff\x80\x11\x80")},
      {"grey16.pgm", bytes_of("P5 # two bytes a sample\n2 1 1023\n\x02\x01\x03\xff")}};
  for (const auto& [name, file] : seeds)
    std::ofstream(std::string(arguments[1]) + "/" + name, std::ios::binary)
        .write(reinterpret_cast<const char*>(file.data()), static_cast<std::streamsize>(file.size()));
  return 0;
}
