// PGM and PPM, the binary forms P5 and P6. Read here and not by stb_image, which fills pixels that are cut off with
// whatever lay in memory and ignores the grey level that means white.
#include <algorithm>
#include <string_view>

#include <vultus/media/codec.hpp>

namespace vultus::media {
namespace {

struct PnmHeader {
  std::int64_t width = 0;
  std::int64_t height = 0;
  std::int64_t white = 0;  // 1 to 65535
  int channels = 1;
  std::size_t pixels_at = 0;
};

bool is_space(std::uint8_t byte) { return byte == ' ' || (byte >= '\t' && byte <= '\r'); }

/// The numbers of the header: white space and comments before each.
class Numbers {
 public:
  explicit Numbers(Bytes bytes) : bytes_(bytes) {}
  /// @return the number, or -1 where there is none
  std::int64_t next() {
    skip();
    if (at_ == bytes_.size() || !is_digit()) return -1;
    std::int64_t number = 0;
    // Stops growing where no picture can be: the number stays too large without overflow.
    for (; at_ < bytes_.size() && is_digit(); ++at_) number = std::min<std::int64_t>(number * 10 + digit(), 1 << 30);
    return number;
  }
  /// The single white space that ends the header.
  bool ends() { return at_ < bytes_.size() && is_space(bytes_[at_++]); }
  [[nodiscard]] std::size_t position() const { return at_; }

 private:
  [[nodiscard]] bool is_digit() const { return bytes_[at_] >= '0' && bytes_[at_] <= '9'; }
  [[nodiscard]] std::int64_t digit() const { return bytes_[at_] - '0'; }
  void skip() {
    while (at_ < bytes_.size() && (is_space(bytes_[at_]) || bytes_[at_] == '#')) {
      if (bytes_[at_] == '#')
        while (at_ < bytes_.size() && bytes_[at_] != '\n' && bytes_[at_] != '\r') ++at_;
      else
        ++at_;
    }
  }
  Bytes bytes_;
  std::size_t at_ = 2;  // behind the two letters of the magic
};

Result<PnmHeader> read_header(Bytes bytes) {
  PnmHeader header{.channels = bytes[1] == '6' ? 3 : 1};
  Numbers numbers(bytes);
  header.width = numbers.next();
  header.height = numbers.next();
  header.white = numbers.next();
  if (header.width < 0 || header.height < 0 || header.white < 0 || !numbers.ends())
    return damaged(PictureFormat::pnm, "its header is not width, height and the grey level of white");
  if (header.white < 1 || header.white > 65535)
    return damaged(PictureFormat::pnm, "white is " + std::to_string(header.white) + ", must be 1 to 65535");
  header.pixels_at = numbers.position();
  return header;
}

}  // namespace

Result<StoredHeader> pnm_header(Bytes bytes) {
  VULTUS_TRY(const PnmHeader header, read_header(bytes));
  VULTUS_TRY(const StoredHeader checked, checked_header(header.width, header.height, 1));
  const std::int64_t sample = header.white > 255 ? 2 : 1;
  const std::int64_t needed = header.width * header.height * header.channels * sample;
  const auto given = static_cast<std::int64_t>(bytes.size() - header.pixels_at);
  if (needed > given)
    return damaged(PictureFormat::pnm, "cut off: " + std::to_string(given) + " bytes of pixels, its header tells of " +
                                           std::to_string(needed));
  return checked;
}

Status decode_pnm(Bytes bytes, const StoredHeader& stored, Image& into) {
  VULTUS_TRY(const PnmHeader header, read_header(bytes));
  const std::uint8_t* from = bytes.data() + header.pixels_at;
  const auto white = static_cast<std::uint32_t>(header.white);
  const bool wide = white > 255;
  const auto next = [&]() -> std::uint8_t {
    std::uint32_t value = *from++;
    if (wide) value = (value << 8U) | *from++;
    return static_cast<std::uint8_t>((std::min(value, white) * 255 + white / 2) / white);
  };
  for (int y = 0; y < stored.height; ++y) {
    std::uint8_t* to = into.row(y);
    for (int x = 0; x < stored.width; ++x, to += 3) {
      to[0] = next();
      to[1] = header.channels == 3 ? next() : to[0];
      to[2] = header.channels == 3 ? next() : to[0];
    }
  }
  return {};
}

}  // namespace vultus::media
