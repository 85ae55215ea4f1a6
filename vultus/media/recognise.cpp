// Formats by their first bytes.
#include <algorithm>
#include <array>
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
    Unread{0, "GIF87a"sv, "GIF"},
    Unread{0, "GIF89a"sv, "GIF"},
    Unread{0, "II*\0"sv, "TIFF (or a camera's raw file)"},
    Unread{0, "MM\0*"sv, "TIFF (or a camera's raw file)"},
    Unread{0, "II+\0"sv, "BigTIFF"},
    Unread{0, "MM\0+"sv, "BigTIFF"},
    Unread{4, "ftyphei"sv, "HEIC"},
    Unread{4, "ftyphev"sv, "HEIC"},
    Unread{4, "ftypmif1"sv, "HEIF"},
    Unread{4, "ftypmsf1"sv, "HEIF"},
    Unread{4, "ftypavi"sv, "AVIF"},
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
    Unread{0, "P1"sv, "PBM bitmap"},
    Unread{0, "P2"sv, "PGM in text form"},
    Unread{0, "P3"sv, "PPM in text form"},
    Unread{0, "P4"sv, "PBM bitmap"},
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
    case PictureFormat::pnm: return "PGM/PPM";
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
  if (is_netpbm(text) && (text[1] == '5' || text[1] == '6')) return PictureFormat::pnm;
  for (const Unread& format : kUnread)
    if (has_at(text, format.offset, format.magic) && (format.magic[0] != 'P' || is_netpbm(text)))
      return fail(ErrorCode::unsupported,
                  std::string(format.name) + " is not read; JPEG, PNG, WebP, BMP, PGM and PPM are");
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
