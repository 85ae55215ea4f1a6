#include <vultus/media/picture.hpp>

#include <algorithm>
#include <cstdio>
#include <optional>

#include <vultus/media/codec.hpp>
#include <vultus/media/decode_process.hpp>

namespace vultus::media {
namespace {

std::string megapixels(std::int64_t pixels) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.1f", static_cast<double>(pixels) / 1e6);
  return text.data();
}

Status check_options(const DecodeOptions& options) {
  const auto refuse = [](const std::string& field, auto value, const char* limit) {
    return fail(ErrorCode::invalid_argument,
                "DecodeOptions: " + field + " = " + std::to_string(value) + ", must be " + limit);
  };
  if (options.limits.max_pixels < 1) return refuse("max_pixels", options.limits.max_pixels, "at least 1");
  if (options.limits.max_bytes < 1) return refuse("max_bytes", options.limits.max_bytes, "at least 1");
  if (options.wanted_side < 0) return refuse("wanted_side", options.wanted_side, "at least 0");
  return {};
}

Status check_bytes(std::size_t bytes, const DecodeLimits& limits) {
  if (bytes <= limits.max_bytes) return {};
  return fail(ErrorCode::resource_limit,
              std::to_string(bytes) + " bytes, the limit is " + std::to_string(limits.max_bytes));
}

Status check_pixels(const StoredHeader& header, const DecodeLimits& limits) {
  const std::int64_t pixels = std::int64_t{header.width} * header.height;
  if (pixels <= limits.max_pixels) return {};
  // Tenths of a megapixel are for people; where they would hide the difference the pixels themselves are told.
  const bool tenths_differ = megapixels(pixels) != megapixels(limits.max_pixels);
  const std::string size = std::to_string(header.width) + "x" + std::to_string(header.height) + " = ";
  return fail(
      ErrorCode::resource_limit,
      size + (tenths_differ ? megapixels(pixels) + " megapixels, the limit is " + megapixels(limits.max_pixels)
                            : std::to_string(pixels) + " pixels, the limit is " + std::to_string(limits.max_pixels)));
}

bool lies_on_its_side(int orientation) { return orientation >= 5; }

/// The strongest reduction that keeps the longer side at `wanted` pixels.
int reduction_for(const StoredHeader& header, int wanted) {
  if (wanted <= 0) return 1;
  const int longer = std::max(header.width, header.height);
  for (const int reduction : {8, 4, 2})
    if ((longer + reduction - 1) / reduction >= wanted) return reduction;
  return 1;
}

Result<StoredHeader> header_of(PictureFormat format, Bytes bytes, JpegReader& jpeg) {
  switch (format) {
    case PictureFormat::jpeg: return jpeg.header(bytes);
    case PictureFormat::png: return png_header(bytes);
    case PictureFormat::webp: return webp_header(bytes);
    case PictureFormat::bmp: return bmp_header(bytes);
    case PictureFormat::pnm: return pnm_header(bytes);
    case PictureFormat::tiff: return tiff_header(bytes);
    case PictureFormat::gif: return gif_header(bytes);
    case PictureFormat::heic:
    case PictureFormat::avif: return heif_header(format, bytes);
  }
  return fail(ErrorCode::internal, "picture format without a decoder");
}

}  // namespace

Result<PictureInfo> probe_picture(std::span<const std::uint8_t> bytes) {
  return guarded("picture header", [&]() -> Result<PictureInfo> {
    VULTUS_TRY(const PictureFormat format, recognise(bytes));
    JpegReader jpeg;
    VULTUS_TRY(const StoredHeader stored, header_of(format, bytes, jpeg));
    PictureInfo info{format, stored.width, stored.height, stored.orientation};
    if (lies_on_its_side(stored.orientation)) std::swap(info.width, info.height);
    return info;
  });
}

struct Decoder::Workspace {
  JpegReader jpeg;
  Image stored;                       // a picture that has yet to be turned upright
  std::vector<std::uint8_t> scratch;  // rows with transparency
  std::vector<std::uint8_t> file;
  std::optional<DecodeProcess> process;  // decodes instead

  Status decode(Bytes bytes, const DecodeOptions& options, Picture& into);
  Status decode_stored(PictureFormat format, Bytes bytes, const StoredHeader& header, int reduction, Image& into);
};

Decoder::Decoder() : workspace_(std::make_unique<Workspace>()) {}
Result<Decoder> Decoder::isolated(const Isolation& isolation) {
  Decoder decoder;
  VULTUS_CHECK(decoder.workspace_->process.emplace(isolation).start());
  return decoder;
}

Decoder::~Decoder() = default;
Decoder::Decoder(Decoder&& other) noexcept = default;
Decoder& Decoder::operator=(Decoder&& other) noexcept = default;

Status Decoder::Workspace::decode_stored(PictureFormat format, Bytes bytes, const StoredHeader& header, int reduction,
                                         Image& into) {
  const auto smaller = [&](int side) { return (side + reduction - 1) / reduction; };
  if (format == PictureFormat::pnm) VULTUS_CHECK(check_pnm_bytes(bytes));
  VULTUS_CHECK(into.reshape(smaller(header.width), smaller(header.height), PixelFormat::rgb8));
  switch (format) {
    case PictureFormat::jpeg: return jpeg.decode(reduction, into);
    case PictureFormat::png: return decode_png(bytes, header, into, scratch);
    case PictureFormat::webp: return decode_webp(bytes, header, into, scratch);
    case PictureFormat::bmp: return decode_bmp(bytes, header, into);
    case PictureFormat::pnm: return decode_pnm(bytes, into);
    case PictureFormat::tiff: return decode_tiff(bytes, header, into, scratch);
    case PictureFormat::gif: return decode_gif(bytes, header, into, scratch);
    case PictureFormat::heic:
    case PictureFormat::avif: return decode_heif(format, bytes, header, into);
  }
  return fail(ErrorCode::internal, "picture format without a decoder");
}

Status Decoder::Workspace::decode(Bytes bytes, const DecodeOptions& options, Picture& into) {
  VULTUS_CHECK(check_options(options));
  VULTUS_CHECK(check_bytes(bytes.size(), options.limits));
  if (process) return process->decode(bytes, options, into);
  VULTUS_TRY(into.format, recognise(bytes));
  VULTUS_TRY(const StoredHeader header, header_of(into.format, bytes, jpeg));
  VULTUS_CHECK(check_pixels(header, options.limits));
  into.reduction = into.format == PictureFormat::jpeg ? reduction_for(header, options.wanted_side) : 1;
  into.full_width = header.width;
  into.full_height = header.height;
  if (lies_on_its_side(header.orientation)) std::swap(into.full_width, into.full_height);
  if (header.orientation == 1) return decode_stored(into.format, bytes, header, into.reduction, into.image);
  VULTUS_CHECK(decode_stored(into.format, bytes, header, into.reduction, stored));
  return turn_upright(stored, header.orientation, into.image);
}

Status Decoder::decode(std::span<const std::uint8_t> bytes, const DecodeOptions& options, Picture& into) {
  return guarded("picture", [&]() -> Status { return workspace_->decode(bytes, options, into); });
}

Status Decoder::read(const std::string& path, const DecodeOptions& options, Picture& into) {
  VULTUS_CHECK(check_options(options));
  VULTUS_CHECK(read_file_into(path, options.limits.max_bytes, workspace_->file));
  return decode(workspace_->file, options, into).with_context(path);
}

Result<Picture> decode_picture(std::span<const std::uint8_t> bytes, const DecodeOptions& options) {
  Decoder decoder;
  Picture picture;
  VULTUS_CHECK(decoder.decode(bytes, options, picture));
  return picture;
}

Result<Picture> read_picture(const std::string& path, const DecodeOptions& options) {
  Decoder decoder;
  Picture picture;
  VULTUS_CHECK(decoder.read(path, options, picture));
  return picture;
}

}  // namespace vultus::media
