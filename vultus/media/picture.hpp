// Pictures from files and bytes: JPEG, PNG, WebP, TIFF, GIF, HEIC, AVIF, BMP, PBM, PGM and PPM to upright 8-bit RGB.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <vultus/core/image.hpp>
#include <vultus/core/result.hpp>
#include <vultus/media/file.hpp>
#include <vultus/media/isolation.hpp>

namespace vultus::media {

/// What the bytes are, decided by their content and never by a file's name.
enum class PictureFormat : std::uint8_t { jpeg, png, webp, bmp, pnm, tiff, gif, heic, avif };

/// The name as people write it, e.g. "JPEG".
[[nodiscard]] std::string_view name_of(PictureFormat format) noexcept;

/// What is read at most. Checked from the header, before memory is asked for.
struct DecodeLimits {
  std::int64_t max_pixels = 80'000'000;                    ///< width * height, > 0
  std::size_t max_bytes = std::size_t{256} * 1024 * 1024;  ///< of the encoded picture, > 0
  bool operator==(const DecodeLimits&) const = default;
};

struct DecodeOptions {
  DecodeLimits limits;
  /// Pixels, >= 0. Where > 0 a JPEG may come at 1/2, 1/4 or 1/8 of its size, as long as its longer side keeps at least
  /// as many pixels: several times faster. 0 = always the full size.
  int wanted_side = 0;
  bool operator==(const DecodeOptions&) const = default;
};

/// What the header tells, without decoding pixels.
struct PictureInfo {
  PictureFormat format = PictureFormat::jpeg;
  int width = 0;   ///< upright pixels
  int height = 0;  ///< upright pixels
  /// EXIF value, [1, 8]; 1 = stored upright; from 5 on the sides are swapped. HEIC and AVIF: 1, because their pixels
  /// are turned by the boxes of the container, whatever their EXIF block says.
  int orientation = 1;
  bool operator==(const PictureInfo&) const = default;
};

/// A decoded picture: upright, RGB, transparency over white.
struct Picture {
  Image image;  ///< rgb8
  PictureFormat format = PictureFormat::jpeg;
  int full_width = 0;   ///< upright pixels of the picture in its file
  int full_height = 0;  ///< upright pixels of the picture in its file
  int reduction = 1;    ///< 1, 2, 4 or 8 pixels of the file in one of `image`

  /// Pixels of `image` per pixel of the file: 1, 1/2, 1/4 or 1/8. A box in `image` divided by it is a box in the file;
  /// exact for positions where pixel (0, 0) covers [0, 1) x [0, 1).
  [[nodiscard]] float scale() const { return 1.0F / static_cast<float>(reduction); }
  bool operator==(const Picture&) const = default;
};

/// Reads format, size and orientation from a picture's header.
/// @param bytes  a whole picture file, or at least all of its header
/// @error corrupt_data    0 bytes, no picture, or a damaged header
/// @error unsupported     a format or variant that is recognised but not read, by name (JPEG XL, camera raw ...)
/// @error resource_limit  a side above Image::kMaxSide
/// @thread immutable, no state
[[nodiscard]] Result<PictureInfo> probe_picture(std::span<const std::uint8_t> bytes);

/// Decodes pictures one after the other with the same scratch memory. Thread-compatible: one for each thread.
class Decoder {
 public:
  Decoder();
  /// One whose pictures are decoded in a process of its own, for bytes of strangers. Same answers.
  /// @error not_found  no such program; resource_limit  no process can be made; invalid_argument  outside its range
  /// @cost  some 10 ms at the start; 0.05 ms and two copies of the pixels for each picture
  [[nodiscard]] static Result<Decoder> isolated(const Isolation& isolation);
  ~Decoder();
  Decoder(Decoder&& other) noexcept;
  Decoder& operator=(Decoder&& other) noexcept;

  /// Decodes a picture from memory.
  /// A picture that is cut off or whose pixels are damaged is an error, never a half-grey picture.
  /// @param bytes  a whole file; the format is chosen by content
  /// @param into   overwritten; its memory is kept from picture to picture. Not specified after an error.
  /// @error corrupt_data      0 bytes, no picture, damaged or cut off
  /// @error unsupported       a format or variant that is recognised but not read, by name
  /// @error resource_limit    above a limit, before memory is asked for; or out of memory
  /// @error invalid_argument  options outside their range
  /// Isolated also: corrupt_data  the process did not survive the picture; resource_limit  it took too long
  /// @cost 250x250 JPEG: about 0.25 ms; no allocation of ours once the sizes have been seen
  [[nodiscard]] Status decode(std::span<const std::uint8_t> bytes, const DecodeOptions& options, Picture& into);

  /// Reads and decodes a file: the errors of read_file() and decode(), each with the path before its message.
  [[nodiscard]] Status read(const std::string& path, const DecodeOptions& options, Picture& into);

 private:
  struct Workspace;
  std::unique_ptr<Workspace> workspace_;
};

/// Decoder::decode() for a single picture.
/// @thread immutable, no state
[[nodiscard]] Result<Picture> decode_picture(std::span<const std::uint8_t> bytes, const DecodeOptions& options = {});

/// Decoder::read() for a single picture.
/// @thread immutable, no state
[[nodiscard]] Result<Picture> read_picture(const std::string& path, const DecodeOptions& options = {});

}  // namespace vultus::media
