// Pictures that are damaged, cut off, huge, or no pictures at all.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include <vultus/media/picture.hpp>
#include <vultus/media/test_allocations.hpp>
#include <vultus/media/test_containers.hpp>

namespace vultus::media {
namespace {

using testing::bytes_of;
using testing::File;
using ::testing::HasSubstr;

struct Sample {
  const char* name;
  File file;
};

/// One small picture of every kind that is read.
std::vector<Sample> samples() {
  const Image image = testing::gradient(40, 30);
  const File rgba(40 * 30 * 4, 77);
  const File exif = testing::exif_of(6);
  return {{"jpeg", testing::jpeg_of(image, {.exif = exif})},
          {"progressive jpeg", testing::jpeg_of(image, {.progressive = true})},
          {"grey jpeg", testing::jpeg_of(image, {.grey = true, .restart_rows = 1})},
          {"png", testing::png_of(image, {.exif = exif})},
          {"interlaced png", testing::png_of(image, {.interlaced = true})},
          {"png with alpha", testing::png_of(testing::RawPng{.width = 40, .height = 30, .colour_type = 6},
                                             [&](int) { return File(160, 77); })},
          {"lossy webp", testing::webp_with_exif(testing::webp_of(image, false), 40, 30, exif)},
          {"lossless webp", testing::webp_of(image, true)},
          {"webp with alpha", testing::webp_of_rgba(rgba, 40, 30)},
          {"animated webp", testing::animated_webp_of({{testing::webp_of(image, false), 40, 30, 2, 4},
                                                       {testing::webp_of_rgba(rgba, 40, 30), 40, 30}},
                                                      44, 36)},
          {"cmyk jpeg", testing::jpeg_of(image, {.cmyk = true})},
          {"tiff", testing::tiff_of(image, {.orientation = 6})},
          {"tiff of tiles", testing::tiff_of(image, {.compression = 8, .tile = 16, .big_endian = true})},
          {"jpeg in tiff", testing::tiff_of(image, {.compression = 7})},
          {"gif", testing::gif_of({"RGB", "KYW", "gRG"}, {.interlaced = true, .frames = 2})},
          {"heic", testing::heif_of(testing::gradient(64, 64), {.orientation = 6})},
          {"avif", testing::heif_of(testing::gradient(64, 64), {.av1 = true})},
          {"bmp", testing::bmp_of(image)},
          {"ppm", testing::ppm_of(image)},
          {"ppm as text", bytes_of("P3\n# three numbers a pixel\n2 1 9\n0 1 2 3 4 5")},
          {"pgm as text", bytes_of("P2 3 1 7 1 2 3")},
          {"pbm as text", bytes_of("P1 4 2 1011 0110")},
          {"pbm", bytes_of("P4 9 2\n\xff\x80\x11\x80")}};
}

TEST(HostilePicture, CutOffAtAnyByteIsAnErrorAndNeverHalfAPicture) {
  Decoder decoder;
  Picture picture;
  for (const Sample& sample : samples()) {
    ASSERT_TRUE(decoder.decode(sample.file, {}, picture)) << sample.name;
    for (std::size_t size = 0; size < sample.file.size(); ++size) {
      const File cut(sample.file.begin(), sample.file.begin() + static_cast<std::ptrdiff_t>(size));
      const Status status = decoder.decode(cut, {}, picture);
      ASSERT_FALSE(status) << sample.name << " cut to " << size << " of " << sample.file.size() << " bytes";
      ASSERT_EQ(status.error().code, ErrorCode::corrupt_data) << sample.name << ": " << status.error().message;
    }
  }
}

TEST(HostilePicture, ATruncatedJpegSaysSo) {
  File file = testing::jpeg_of(testing::gradient(200, 200));
  file.resize(file.size() / 2);
  const Error error = decode_picture(file).error();
  EXPECT_EQ(error.code, ErrorCode::corrupt_data);
  EXPECT_THAT(error.message, HasSubstr("JPEG: cut off: its " + std::to_string(file.size()) + " bytes end"));
  EXPECT_THAT(error.message, HasSubstr("of 200)"));
}

TEST(HostilePicture, StrayBytesBetweenSegmentsDoNotHarmAJpeg) {
  File file = testing::jpeg_of(testing::gradient(40, 30));
  const Picture want = decode_picture(file).value();
  file.insert(file.end() - 2, {0x12, 0x34, 0x56});  // before the end marker
  const Result<Picture> picture = decode_picture(file);
  ASSERT_TRUE(picture) << picture.error().message;
  EXPECT_EQ(*picture, want);
  file.insert(file.end(), 1000, 0x77);  // what phones append behind it
  EXPECT_TRUE(decode_picture(file));
}

TEST(HostilePicture, ThatIsEmptySaysZeroBytes) {
  const Error error = decode_picture(File{}).error();
  EXPECT_EQ(error.code, ErrorCode::corrupt_data);
  EXPECT_EQ(error.message, "0 bytes: an empty file is not a picture");
  EXPECT_EQ(probe_picture(File{}).error().code, ErrorCode::corrupt_data);
}

TEST(HostilePicture, ThatIsTextSaysHowItStarts) {
  EXPECT_EQ(decode_picture(bytes_of("Hello, world, I am no photo")).error(),
            (Error{ErrorCode::corrupt_data, "not a picture: starts with \"Hello, world, I \""}));
  EXPECT_EQ(decode_picture(File{0, 1, 0xfe, 0xff}).error().message, "not a picture: starts with bytes 00 01 fe ff");
  EXPECT_EQ(decode_picture(bytes_of("BMW builds cars, not bitmaps")).error().code, ErrorCode::corrupt_data);
  EXPECT_EQ(decode_picture(bytes_of("P5Q")).error().code, ErrorCode::corrupt_data);
}

TEST(HostilePicture, OfAFormatThatIsNotReadNamesIt) {
  const std::vector<std::pair<std::string, std::string>> files{{std::string("II*\0\x10\0\0\0CR\x02\0", 12), "CR2"},
                                                               {std::string("\0\0\0\x18"
                                                                            "ftypisom\0\0\0\0",
                                                                            16),
                                                                "MP4"},
                                                               {std::string("\0\0\0\x0cJXL \r\n\x87\n", 12), "JPEG XL"},
                                                               {"%PDF-1.7", "PDF"},
                                                               {"P7\nWIDTH 1\n", "PAM"},
                                                               {"<svg xmlns=", "SVG"}};
  for (const auto& [content, name] : files) {
    const Error error = decode_picture(bytes_of(content)).error();
    EXPECT_EQ(error.code, ErrorCode::unsupported) << name;
    EXPECT_THAT(error.message, HasSubstr(name));
  }
}

/// Puts other sides into the frame header of a JPEG.
File jpeg_that_claims(int width, int height) {
  File file = testing::jpeg_of(testing::gradient(16, 16));
  for (std::size_t i = 0; i + 8 < file.size(); ++i)
    if (file[i] == 0xff && file[i + 1] == 0xc0) {
      file[i + 5] = static_cast<std::uint8_t>(height >> 8);
      file[i + 6] = static_cast<std::uint8_t>(height);
      file[i + 7] = static_cast<std::uint8_t>(width >> 8);
      file[i + 8] = static_cast<std::uint8_t>(width);
      return file;
    }
  return {};
}

File png_that_claims(std::uint32_t width, std::uint32_t height) {
  File file = testing::png_of(testing::gradient(16, 16));
  for (std::size_t i = 0; i < 4; ++i) {
    file[16 + i] = static_cast<std::uint8_t>(width >> (24 - 8 * i));
    file[20 + i] = static_cast<std::uint8_t>(height >> (24 - 8 * i));
  }
  return file;
}

TEST(HostilePicture, AboveTheLimitIsRefusedBeforeMemoryIsAskedFor) {
  const File jpeg = jpeg_that_claims(12000, 9000);
  const File png = png_that_claims(12000, 9000);
  const File webp = testing::webp_with_exif(testing::webp_of(testing::gradient(8, 8), true), 12000, 9000, {});
  const std::string header = "P5 12000 9000 255\n";
  const File bmp = [] {
    File file = testing::bmp_of(testing::gradient(8, 8));
    file[18] = 0xe0, file[19] = 0x2e;  // 12000
    file[22] = 0x28, file[23] = 0x23;  // 9000
    return file;
  }();
  for (const File& file : {jpeg, png, webp, bytes_of(header), bmp}) {
    testing::AllocationCount count;
    const Error error = decode_picture(file).error();
    EXPECT_LT(count.largest(), 100'000U) << error.message;
    EXPECT_FALSE(error.message.empty());
  }
  for (const File& file : {jpeg, png}) {
    const Error error = decode_picture(file).error();
    EXPECT_EQ(error.code, ErrorCode::resource_limit);
    EXPECT_EQ(error.message, "12000x9000 = 108.0 megapixels, the limit is 80.0");
  }
  EXPECT_EQ(decode_picture(bytes_of(header)).error(),
            (Error{ErrorCode::resource_limit, "12000x9000 = 108.0 megapixels, the limit is 80.0"}));
  // BMP has no compression: its bytes would have to be there, and this is told first.
  EXPECT_THAT(decode_picture(bmp).error().message, HasSubstr("its header tells of 324000054"));
}

TEST(HostilePicture, JustAboveALimitTellsPixels) {
  const File file = testing::ppm_of(testing::gradient(11, 10));
  EXPECT_TRUE(decode_picture(file, {.limits = {.max_pixels = 110}}));
  EXPECT_EQ(decode_picture(file, {.limits = {.max_pixels = 109}}).error().message,
            "11x10 = 110 pixels, the limit is 109");
  EXPECT_EQ(decode_picture(file, {.limits = {.max_bytes = 20}}).error().message,
            std::to_string(file.size()) + " bytes, the limit is 20");
}

TEST(HostilePicture, WithImpossibleSidesIsRefused) {
  EXPECT_EQ(decode_picture(png_that_claims(100'000, 1)).error(),
            (Error{ErrorCode::resource_limit, "100000x1 pixels, the limit is 65535 a side"}));
  EXPECT_EQ(decode_picture(png_that_claims(0xFFFFFFFF, 0xFFFFFFFF)).error().code, ErrorCode::resource_limit);
  EXPECT_EQ(decode_picture(png_that_claims(0, 5)).error().code, ErrorCode::corrupt_data);
  EXPECT_EQ(decode_picture(jpeg_that_claims(0, 5)).error().code, ErrorCode::corrupt_data);
  EXPECT_EQ(decode_picture(bytes_of("P5 0 1 255\n")).error().code, ErrorCode::corrupt_data);
  for (const std::string kind : {"P1", "P2", "P3", "P4", "P5", "P6"}) {
    EXPECT_EQ(decode_picture(bytes_of(kind + " 0099999999999999999999 1 255\n")).error(),
              (Error{ErrorCode::resource_limit, "99999999999999999999x1 pixels, the limit is 65535 a side"}));
    EXPECT_EQ(decode_picture(bytes_of(kind + " 3 2147483649 255\n")).error().message,
              "3x2147483649 pixels, the limit is 65535 a side");
    EXPECT_EQ(decode_picture(bytes_of(kind + " 65535 65535 255\n")).error(),
              (Error{ErrorCode::resource_limit, "65535x65535 = 4294.8 megapixels, the limit is 80.0"}));
  }
  EXPECT_EQ(decode_picture(bytes_of("P5 1 " + std::string(1000, '7') + " 255\n")).error().message,
            "1x" + std::string(24, '7') + "... (1000 digits) pixels, the limit is 65535 a side");
  EXPECT_EQ(decode_picture(jpeg_that_claims(65535, 65535)).error(),
            (Error{ErrorCode::resource_limit, "65535x65535 pixels, the limit is 65500 a side"}));
  EXPECT_EQ(decode_picture(bytes_of("P5 1 1 0\n.")).error().code, ErrorCode::corrupt_data);
  EXPECT_EQ(decode_picture(bytes_of("P5 1 1 65536\n..")).error().code, ErrorCode::corrupt_data);
}

TEST(HostilePicture, WithSidesAndTooFewBytesIsRefusedBeforeMemoryIsAskedFor) {
  for (const std::string header : {"P1 8000 8000\n1", "P2 8000 8000 255\n1 2", "P3 8000 8000 255\n1 2 3",
                                   "P4 8000 8000\n1", "P5 8000 8000 255\n1", "P6 8000 8000 255\n1"}) {
    testing::AllocationCount count;
    const Error error = decode_picture(bytes_of(header)).error();
    EXPECT_LT(count.largest(), 100'000U) << header;
    EXPECT_EQ(error.code, ErrorCode::corrupt_data) << error.message;
    EXPECT_THAT(error.message, HasSubstr("cut off")) << header;
  }
}

TEST(HostilePicture, AsTextNamesWhatIsNoLevel) {
  const auto message = [](const std::string& file) { return decode_picture(bytes_of(file)).error().message; };
  EXPECT_EQ(message("P2 2 2 255 1 2 3 x"), "PBM/PGM/PPM: byte 17, after 3 of 4 numbers, is not the begin of a number");
  EXPECT_EQ(message("P2 2 2 255 1 222 3   "), "PBM/PGM/PPM: cut off: it ends after 3 of 4 numbers");
  EXPECT_EQ(message("P3 1 1 255 1 2 256"), "PBM/PGM/PPM: a level of 256, the most is 255");
  EXPECT_EQ(message("P2 1 1 255 -1"), "PBM/PGM/PPM: byte 11, after 0 of 1 numbers, is not the begin of a number");
  EXPECT_EQ(message("P2 1 1 65535 99999999999999999999"),
            "PBM/PGM/PPM: a level of 99999999999999999999, the most is 65535");
  EXPECT_EQ(message("P1 2 1 12"), "PBM/PGM/PPM: a level of 2, the most is 1");
}

TEST(HostilePicture, OfAnAnimationStaysOnItsCanvas) {
  const Image image = testing::gradient(40, 30);
  const auto animated = [&](int left, int top, int width, int height) {
    return decode_picture(
        testing::animated_webp_of({{testing::webp_of(image, true), width, height, left, top}}, 44, 36));
  };
  EXPECT_TRUE(animated(4, 6, 40, 30));
  EXPECT_THAT(animated(6, 6, 40, 30).error().message, HasSubstr("outside the canvas"));
  EXPECT_THAT(animated(4, 8, 40, 30).error().message, HasSubstr("outside the canvas"));
  EXPECT_EQ(animated(0, 0, 41, 30).error().code, ErrorCode::corrupt_data) << "the pixels are 40 wide";
  EXPECT_EQ(decode_picture(testing::animated_webp_of({}, 44, 36)).error().message,
            "WebP: an animation without a picture");
}

TEST(HostilePicture, ThatIsAPngWithAWrongChecksumIsDamaged) {
  File file = testing::png_of(testing::gradient(40, 30));
  file[29] ^= 1U;  // checksum of the header
  EXPECT_EQ(decode_picture(file).error().code, ErrorCode::corrupt_data);
}

TEST(HostilePicture, WithThousandsOfScansIsRefused) {
  // The last scan of a progressive JPEG, with its tables, again and again: allowed, and each a pass over all pixels.
  const File file = testing::jpeg_of(testing::gradient(16, 16), {.progressive = true, .grey = true});
  std::vector<std::size_t> scans;
  for (std::size_t i = 0; i + 1 < file.size(); ++i)
    if (file[i] == 0xff && file[i + 1] == 0xda) scans.push_back(i);
  ASSERT_EQ(scans.size(), 2U);
  const auto at = [&](std::size_t i) { return file.begin() + static_cast<std::ptrdiff_t>(i); };
  const auto with_repeats = [&](int count) {
    File longer(file.begin(), file.end() - 2);
    for (int i = 0; i < count; ++i) longer.insert(longer.end(), at(scans[1]), file.end() - 2);
    longer.insert(longer.end(), file.end() - 2, file.end());
    return longer;
  };
  EXPECT_TRUE(decode_picture(with_repeats(50)));
  EXPECT_EQ(decode_picture(with_repeats(2000)).error(),
            (Error{ErrorCode::resource_limit, "JPEG: more than 100 progressive scans"}));
}

TEST(HostilePicture, OfAnyBytesNeverCrashes) {
  std::mt19937 random(20260);  // a fixed seed, so that a failure can be found again
  const auto below = [&](std::size_t n) { return static_cast<std::size_t>(random()) % n; };
  const DecodeOptions small{.limits = {.max_pixels = 1'000'000}, .wanted_side = 16};
  Decoder decoder;
  Picture picture;
  int good = 0, bad = 0;
  for (const Sample& sample : samples()) {
    for (int round = 0; round < 600; ++round) {
      File file = sample.file;
      // Half of the changes hit the header, where they do most.
      const std::size_t changes = 1 + below(6);
      for (std::size_t i = 0; i < changes; ++i)
        file[below(round % 2 == 0 ? std::min<std::size_t>(file.size(), 64) : file.size())] =
            static_cast<std::uint8_t>(random());
      if (round % 7 == 0) file.resize(below(file.size()));
      if (round % 11 == 0 && !file.empty()) {
        const std::size_t from = below(file.size());
        const File piece(file.begin() + static_cast<std::ptrdiff_t>(from), file.end());
        file.insert(file.end(), piece.begin(), piece.end());
      }
      const Status status = decoder.decode(file, small, picture);
      if (status) {
        ++good;
        ASSERT_EQ(picture.image.format(), PixelFormat::rgb8);
        ASSERT_LE(std::int64_t{picture.full_width} * picture.full_height, small.limits.max_pixels);
      } else {
        ++bad;
        ASSERT_FALSE(status.error().message.empty());
        ASSERT_NE(status.error().code, ErrorCode::internal) << sample.name << ": " << status.error().message;
      }
    }
  }
  EXPECT_GT(good, 100) << "the changes must leave some pictures readable, or they test headers only";
  EXPECT_GT(bad, 1000);
}

}  // namespace
}  // namespace vultus::media
