// HEIC and AVIF through libheif: the primary picture of the file. Its boxes irot, imir and clap are applied by libheif;
// the EXIF orientation is not, because the standard (ISO/IEC 23008-12, annex A) gives the boxes alone that meaning.
#include <algorithm>
#include <memory>

#include <libheif/heif.h>

#include <vultus/media/codec.hpp>

namespace vultus::media {
namespace {

struct HeifDelete {
  void operator()(heif_context* context) const { heif_context_free(context); }
  void operator()(heif_image_handle* handle) const { heif_image_handle_release(handle); }
  void operator()(heif_image* image) const { heif_image_release(image); }
  void operator()(heif_decoding_options* options) const { heif_decoding_options_free(options); }
};
template <class T>
using HeifPtr = std::unique_ptr<T, HeifDelete>;

Error failure(PictureFormat format, const heif_error& error) {
  const std::string what = error.message == nullptr ? "damaged" : error.message;
  const std::string text = std::string(name_of(format)) + ": " + what;
  if (error.subcode == heif_suberror_Security_limit_exceeded || error.code == heif_error_Memory_allocation_error)
    return fail(ErrorCode::resource_limit, text);
  switch (error.code) {
    case heif_error_Unsupported_filetype:
    case heif_error_Unsupported_feature: return fail(ErrorCode::unsupported, text);
    default: return damaged(format, "damaged or cut off (" + what + ")");
  }
}

/// The primary picture and what it belongs to; the context must live as long as the handle.
struct HeifSource {
  HeifPtr<heif_context> context;
  HeifPtr<heif_image_handle> handle;
  Status open(PictureFormat format, Bytes bytes);
};

Status HeifSource::open(PictureFormat format, Bytes bytes) {
  context.reset(heif_context_alloc());
  if (context == nullptr) return fail(ErrorCode::resource_limit, std::string(name_of(format)) + ": out of memory");
  heif_context_set_max_decoding_threads(context.get(), 0);  // tiles in this thread: workers run beside each other
  const heif_error read =
      heif_context_read_from_memory_without_copy(context.get(), bytes.data(), bytes.size(), nullptr);
  if (read.code != heif_error_Ok) return failure(format, read);
  heif_image_handle* found = nullptr;
  const heif_error primary = heif_context_get_primary_image_handle(context.get(), &found);
  handle.reset(found);
  if (primary.code != heif_error_Ok) return failure(format, primary);
  return {};
}

/// Colours that were multiplied with their alpha, over white.
void add_white(const std::uint8_t* rgba, int pixels, std::uint8_t* rgb) {
  for (int i = 0; i < pixels; ++i, rgba += 4, rgb += 3)
    for (int c = 0; c < 3; ++c) rgb[c] = static_cast<std::uint8_t>(std::min(255, rgba[c] + 255 - rgba[3]));
}

}  // namespace

Result<StoredHeader> heif_header(PictureFormat format, Bytes bytes) {
  HeifSource source;
  VULTUS_CHECK(source.open(format, bytes));
  return checked_header(heif_image_handle_get_width(source.handle.get()),
                        heif_image_handle_get_height(source.handle.get()), 1);
}

Status decode_heif(PictureFormat format, Bytes bytes, const StoredHeader& header, Image& into) {
  HeifSource source;
  VULTUS_CHECK(source.open(format, bytes));
  const bool transparent = heif_image_handle_has_alpha_channel(source.handle.get()) != 0;
  const bool multiplied = heif_image_handle_is_premultiplied_alpha(source.handle.get()) != 0;
  const HeifPtr<heif_decoding_options> options(heif_decoding_options_alloc());
  if (options == nullptr) return fail(ErrorCode::resource_limit, std::string(name_of(format)) + ": out of memory");
  options->convert_hdr_to_8bit = 1;
  options->strict_decoding = 1;
  // Of the two AV1 decoders that libheif may use, dav1d prints what it thinks of damaged files.
  if (format == PictureFormat::avif) options->decoder_id = "aom";
  heif_image* decoded = nullptr;
  const heif_error done =
      heif_decode_image(source.handle.get(), &decoded, heif_colorspace_RGB,
                        transparent ? heif_chroma_interleaved_RGBA : heif_chroma_interleaved_RGB, options.get());
  const HeifPtr<heif_image> image(decoded);
  if (done.code != heif_error_Ok) return failure(format, done);
  if (heif_image_get_width(decoded, heif_channel_interleaved) != header.width ||
      heif_image_get_height(decoded, heif_channel_interleaved) != header.height)
    return damaged(format, "the pixels differ in size from the header");
  int stride = 0;
  const std::uint8_t* const pixels = heif_image_get_plane_readonly(decoded, heif_channel_interleaved, &stride);
  if (pixels == nullptr) return damaged(format, "no pixels");
  for (int y = 0; y < header.height; ++y) {
    const std::uint8_t* const row = pixels + static_cast<std::ptrdiff_t>(stride) * y;
    if (!transparent)
      std::copy_n(row, into.stride(), into.row(y));
    else if (multiplied)
      add_white(row, header.width, into.row(y));
    else
      blend_over_white(row, header.width, into.row(y));
  }
  return {};
}

}  // namespace vultus::media
