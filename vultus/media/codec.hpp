// What the decoders of the formats have in common. Internal to the room.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <vultus/core/image.hpp>
#include <vultus/core/result.hpp>
#include <vultus/media/picture.hpp>

namespace vultus::media {

using Bytes = std::span<const std::uint8_t>;

/// A picture's header, as stored: before it is turned upright.
struct StoredHeader {
  int width = 0;
  int height = 0;
  int orientation = 1;  ///< EXIF, [1, 8]
};

/// Recognises a picture by its first bytes.
/// @error corrupt_data  nothing that is known
/// @error unsupported   known, but not read
Result<PictureFormat> recognise(Bytes bytes);

/// A header with sides that an Image can have.
/// @error corrupt_data    a side below 1
/// @error resource_limit  a side above Image::kMaxSide
Result<StoredHeader> checked_header(std::int64_t width, std::int64_t height, int orientation);

/// An error of damaged bytes: "<format>: <what>".
Error damaged(PictureFormat format, const std::string& what);
/// An error of a variant that is not read: "<format>: <what>".
Error not_read(PictureFormat format, const std::string& what);

/// JPEG through libjpeg-turbo; keeps the library's handle. Thread-compatible.
class JpegReader {
 public:
  JpegReader();
  ~JpegReader();
  JpegReader(const JpegReader&) = delete;
  JpegReader& operator=(const JpegReader&) = delete;
  JpegReader(JpegReader&&) = delete;
  JpegReader& operator=(JpegReader&&) = delete;

  /// Reads the header; the bytes must stay until decode() is done.
  Result<StoredHeader> header(Bytes bytes);
  /// Decodes what header() began.
  /// @param reduction  1, 2, 4 or 8
  Status decode(int reduction, Image& into);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Header and pixels of the other formats. `into` becomes rgb8 of the header's size; `scratch` is memory that is kept.
Result<StoredHeader> png_header(Bytes bytes);
Status decode_png(Bytes bytes, const StoredHeader& header, Image& into, std::vector<std::uint8_t>& scratch);
Result<StoredHeader> webp_header(Bytes bytes);
Status decode_webp(Bytes bytes, const StoredHeader& header, Image& into, std::vector<std::uint8_t>& scratch);
Result<StoredHeader> bmp_header(Bytes bytes);
Status decode_bmp(Bytes bytes, const StoredHeader& header, Image& into);
Result<StoredHeader> pnm_header(Bytes bytes);
/// Are the bytes there that the header tells of? Asked after the limits and before memory for the pixels.
Status check_pnm_bytes(Bytes bytes);
Status decode_pnm(Bytes bytes, Image& into);
Result<StoredHeader> tiff_header(Bytes bytes);
Status decode_tiff(Bytes bytes, const StoredHeader& header, Image& into, std::vector<std::uint8_t>& scratch);
Result<StoredHeader> gif_header(Bytes bytes);
Status decode_gif(Bytes bytes, const StoredHeader& header, Image& into, std::vector<std::uint8_t>& scratch);
/// Is there a second picture in it? A damaged one has none.
[[nodiscard]] bool gif_is_animated(Bytes bytes);
/// @param format  heic or avif, for messages
Result<StoredHeader> heif_header(PictureFormat format, Bytes bytes);
Status decode_heif(PictureFormat format, Bytes bytes, const StoredHeader& header, Image& into);

/// One row of RGBA, not premultiplied, over white.
void blend_over_white(const std::uint8_t* rgba, int pixels, std::uint8_t* rgb);

/// The orientation in an EXIF block.
/// @param tiff  the block without the "Exif\0\0" before it
/// @return [1, 8]; 1 where there is none or it makes no sense: a photo is not refused for its metadata
int exif_orientation(Bytes tiff);

/// Turns a stored picture upright.
/// @param orientation  EXIF, [1, 8]
/// @param upright      becomes stored turned; another object than `stored`
Status turn_upright(const Image& stored, int orientation, Image& upright);

}  // namespace vultus::media
