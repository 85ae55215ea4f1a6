// Formats by their first bytes.
#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include <vultus/media/codec.hpp>

namespace vultus::media {
namespace {

using std::string_view_literals::operator""sv;  // NOLINT(misc-unused-using-decls): clang-tidy 14 does not see literals

std::string_view text_of(Bytes bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

/// Formats that are recognised so that the message can name them.
struct Unread {
  std::size_t offset;
  std::string_view magic;
  std::string_view name;
};

constexpr std::array kUnread{
    Unread{0, "II*\0\x10\0\0\0CR"sv, "a camera's raw file (CR2)"},
    Unread{4, "ftypcrx"sv, "a camera's raw file (CR3)"},
    Unread{0, "FUJIFILMCCD-RAW"sv, "a camera's raw file (RAF)"},
    Unread{4, "ftyp"sv, "MP4 or QuickTime video"},
    Unread{0, "\0\0\0\x0cJXL \r\n\x87\n"sv, "JPEG XL"},
    Unread{0, "\xff\x0a"sv, "JPEG XL"},
    Unread{0, "\0\0\0\x0cjP  \r\n\x87\n"sv, "JPEG 2000"},
    Unread{0, "\xff\x4f\xff\x51"sv, "JPEG 2000"},
    Unread{0, "8BPS"sv, "Photoshop"},
    Unread{0, "%PDF-"sv, "PDF"},
    Unread{0, "<svg"sv, "SVG"},
    Unread{0, "\x1a\x45\xdf\xa3"sv, "Matroska or WebM video"},
    Unread{0, "v/1\x01"sv, "OpenEXR"},
    Unread{0, "#?RADIANCE"sv, "Radiance HDR"},
    Unread{0, "\0\0\x01\0"sv, "ICO"},
    Unread{0, "P7"sv, "PAM"},
};

bool has_at(std::string_view text, std::size_t offset, std::string_view magic) {
  return text.size() >= offset + magic.size() && text.substr(offset, magic.size()) == magic;
}

/// Netpbm's magic is two letters, which text may begin with too: white space or a comment must follow.
bool is_netpbm(std::string_view text) {
  return text.size() >= 3 && text[0] == 'P' && text[1] >= '1' && text[1] <= '7' &&
         " \t\n\v\f\r#"sv.find(text[2]) != std::string_view::npos;
}

/// "BM" alone may begin a text too: the size of the second header must be one that exists.
bool is_bmp(std::string_view text) {
  constexpr std::array<unsigned char, 8> kHeaderSizes{12, 16, 40, 52, 56, 64, 108, 124};
  return has_at(text, 0, "BM"sv) && text.size() >= 18 &&
         std::ranges::count(kHeaderSizes, static_cast<unsigned char>(text[14])) == 1 && has_at(text, 15, "\0\0\0"sv);
}

bool is_tiff(std::string_view text) {
  constexpr std::array kMagics{"II*\0"sv, "MM\0*"sv, "II+\0"sv, "MM\0+"sv};  // the latter two are BigTIFF
  return std::ranges::any_of(kMagics, [&](std::string_view magic) { return text.starts_with(magic); });
}

/// HEIC and AVIF are one container, told apart by the brands of its first box: the leading one, and where that only
/// says "pictures" those behind it.
std::optional<PictureFormat> heif_format(std::string_view text) {
  constexpr std::size_t kBrands = 16;  // size, "ftyp", leading brand, its version
  if (!has_at(text, 4, "ftyp"sv) || text.size() < kBrands) return std::nullopt;
  const std::string_view leading = text.substr(8, 4);
  if (leading.starts_with("hei"sv) || leading.starts_with("hev"sv)) return PictureFormat::heic;
  if (leading == "avif"sv || leading == "avis"sv) return PictureFormat::avif;
  if (leading != "mif1"sv && leading != "msf1"sv) return std::nullopt;
  const std::size_t end = std::min<std::size_t>(static_cast<unsigned char>(text[3]), text.size());
  for (std::size_t at = kBrands; at + 4 <= end; at += 4)
    if (text.substr(at, 4) == "avif"sv) return PictureFormat::avif;
  return PictureFormat::heic;
}

/// The first bytes for people: as text where they are text, otherwise as hexadecimal numbers.
std::string beginning_of(Bytes bytes) {
  constexpr std::size_t kShown = 16;
  const Bytes shown = bytes.first(std::min(kShown, bytes.size()));
  const auto printable = [](std::uint8_t byte) { return byte >= 0x20 && byte < 0x7f; };
  const auto blank = [](std::uint8_t byte) { return byte == '\n' || byte == '\r' || byte == '\t'; };
  std::string out;
  if (std::ranges::all_of(shown, [&](std::uint8_t byte) { return printable(byte) || blank(byte); })) {
    for (const std::uint8_t byte : shown) out += printable(byte) ? static_cast<char>(byte) : ' ';
    return '"' + out + '"';
  }
  constexpr std::string_view kDigits = "0123456789abcdef";
  for (const std::uint8_t byte : shown) {
    if (!out.empty()) out += ' ';
    out += kDigits[byte >> 4U];
    out += kDigits[byte & 15U];
  }
  return "bytes " + out;
}

}  // namespace

std::string_view name_of(PictureFormat format) noexcept {
  switch (format) {
    case PictureFormat::jpeg: return "JPEG";
    case PictureFormat::png: return "PNG";
    case PictureFormat::webp: return "WebP";
    case PictureFormat::bmp: return "BMP";
    case PictureFormat::pnm: return "PBM/PGM/PPM";
    case PictureFormat::tiff: return "TIFF";
    case PictureFormat::gif: return "GIF";
    case PictureFormat::heic: return "HEIC";
    case PictureFormat::avif: return "AVIF";
  }
  return "picture";
}

Result<PictureFormat> recognise(Bytes bytes) {
  if (bytes.empty()) return fail(ErrorCode::corrupt_data, "0 bytes: an empty file is not a picture");
  const std::string_view text = text_of(bytes);
  if (has_at(text, 0, "\xff\xd8\xff"sv)) return PictureFormat::jpeg;
  if (has_at(text, 0, "\x89PNG\r\n\x1a\n"sv)) return PictureFormat::png;
  if (has_at(text, 0, "RIFF"sv) && has_at(text, 8, "WEBP"sv)) return PictureFormat::webp;
  if (is_bmp(text)) return PictureFormat::bmp;
  if (is_netpbm(text) && text[1] != '7') return PictureFormat::pnm;
  if (text.starts_with("GIF87a"sv) || text.starts_with("GIF89a"sv)) return PictureFormat::gif;
  if (has_at(text, 4, "ftyp"sv) && text.size() < 16)
    return fail(ErrorCode::corrupt_data, "cut off: its " + std::to_string(text.size()) + " bytes end in the first box");
  if (const auto format = heif_format(text)) return *format;
  for (const Unread& format : kUnread)
    if (has_at(text, format.offset, format.magic) && (format.magic[0] != 'P' || is_netpbm(text)))
      return fail(
          ErrorCode::unsupported,
          std::string(format.name) + " is not read; JPEG, PNG, WebP, TIFF, GIF, HEIC, AVIF, BMP, PBM, PGM and PPM are");
  if (is_tiff(text)) return PictureFormat::tiff;
  return fail(ErrorCode::corrupt_data, "not a picture: starts with " + beginning_of(bytes));
}

Result<StoredHeader> checked_header(std::int64_t width, std::int64_t height, int orientation) {
  const std::string size = std::to_string(width) + "x" + std::to_string(height) + " pixels";
  if (width < 1 || height < 1) return fail(ErrorCode::corrupt_data, size + ": each side must be at least 1");
  if (width > Image::kMaxSide || height > Image::kMaxSide)
    return fail(ErrorCode::resource_limit, size + ", the limit is " + std::to_string(Image::kMaxSide) + " a side");
  return StoredHeader{static_cast<int>(width), static_cast<int>(height), orientation};
}

Error damaged(PictureFormat format, const std::string& what) {
  return fail(ErrorCode::corrupt_data, std::string(name_of(format)) + ": " + what);
}

Error not_read(PictureFormat format, const std::string& what) {
  return fail(ErrorCode::unsupported, std::string(name_of(format)) + ": " + what);
}

}  // namespace vultus::media
