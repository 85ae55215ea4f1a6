// PBM, PGM and PPM: as text (P1, P2, P3) and as bytes (P4, P5, P6). Read here and not by stb_image, which fills pixels
// that are cut off with whatever lay in memory and ignores the grey level that means white.
#include <algorithm>
#include <string_view>

#include <vultus/media/codec.hpp>

namespace vultus::media {
namespace {

/// A number as it stands in the file. Its digits are kept: what is too large for `value` is told as it was written.
struct PnmNumber {
  std::int64_t value = -1;  // -1 = there is none; stops growing at kHuge
  std::string_view digits{};
  static constexpr std::int64_t kHuge = std::int64_t{1} << 40U;

  [[nodiscard]] bool is_there() const { return value >= 0; }
  /// For messages: a hostile file may write a number of megabytes.
  [[nodiscard]] std::string text() const {
    constexpr std::size_t kShown = 24;
    std::string_view rest = digits;
    while (rest.size() > 1 && rest.front() == '0') rest.remove_prefix(1);
    if (rest.size() <= kShown) return std::string(rest);
    return std::string(rest.substr(0, kShown)) + "... (" + std::to_string(rest.size()) + " digits)";
  }
};

struct PnmHeader {
  std::int64_t width = 0;
  std::int64_t height = 0;
  std::int64_t white = 1;  // 1 to 65535
  int channels = 1;
  bool bits = false;  // PBM: no grey levels, and 1 is black
  bool text = false;
  std::size_t pixels_at = 0;

  [[nodiscard]] std::int64_t samples() const { return width * height * channels; }
  /// The fewest bytes that hold the pixels. As text: a digit each, and a space between the numbers of PGM and PPM.
  [[nodiscard]] std::int64_t least_bytes() const {
    if (text) return bits ? samples() : 2 * samples() - 1;
    return bits ? (width + 7) / 8 * height : samples() * (white > 255 ? 2 : 1);
  }
};

bool is_space(std::uint8_t byte) { return byte == ' ' || (byte >= '\t' && byte <= '\r'); }

/// The numbers of a file: white space and comments before each.
class Numbers {
 public:
  Numbers(Bytes bytes, std::size_t at) : bytes_(bytes), at_(at) {}
  PnmNumber next() {
    skip();
    if (at_ == bytes_.size() || !is_digit()) return {};
    const std::size_t from = at_;
    std::int64_t value = 0;
    for (; at_ < bytes_.size() && is_digit(); ++at_) value = std::min(value * 10 + digit(), PnmNumber::kHuge);
    return {value, {reinterpret_cast<const char*>(bytes_.data()) + from, at_ - from}};
  }
  /// A number of one digit: those of a bitmap may stand without spaces. @return -1 where there is none
  int next_digit() {
    skip();
    if (at_ == bytes_.size() || !is_digit()) return -1;
    const auto value = static_cast<int>(digit());
    ++at_;
    return value;
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
  std::size_t at_;
};

Result<PnmHeader> read_header(Bytes bytes) {
  constexpr std::size_t kMagic = 2;
  const char kind = static_cast<char>(bytes[1]);
  PnmHeader header{.channels = kind == '3' || kind == '6' ? 3 : 1,
                   .bits = kind == '1' || kind == '4',
                   .text = kind == '1' || kind == '2' || kind == '3'};
  Numbers numbers(bytes, kMagic);
  const PnmNumber width = numbers.next(), height = numbers.next();
  const PnmNumber white = header.bits ? PnmNumber{1, "1"} : numbers.next();
  if (!width.is_there() || !height.is_there() || !white.is_there() || !numbers.ends())
    return damaged(PictureFormat::pnm, header.bits ? "its header is not width and height"
                                                   : "its header is not width, height and the grey level of white");
  if (std::max(width.value, height.value) > Image::kMaxSide)
    return fail(ErrorCode::resource_limit, width.text() + "x" + height.text() + " pixels, the limit is " +
                                               std::to_string(Image::kMaxSide) + " a side");
  if (white.value < 1 || white.value > 65535)
    return damaged(PictureFormat::pnm, "white is " + white.text() + ", must be 1 to 65535");
  header.width = width.value;
  header.height = height.value;
  header.white = white.value;
  header.pixels_at = numbers.position();
  return header;
}

std::uint8_t level_of(std::int64_t value, std::int64_t white) {
  return static_cast<std::uint8_t>((std::min(value, white) * 255 + white / 2) / white);
}

/// Asks `next` for each level, row by row. @param next  a Result<std::uint8_t>
template <class Next>
Status fill(const PnmHeader& header, Image& into, const Next& next) {
  for (int y = 0; y < into.height(); ++y) {
    std::uint8_t* to = into.row(y);
    for (int x = 0; x < into.width(); ++x, to += 3)
      for (int c = 0; c < 3; ++c) {
        if (c >= header.channels) {
          to[c] = to[0];
          continue;
        }
        VULTUS_TRY(to[c], next());
      }
  }
  return {};
}

Status decode_text(const PnmHeader& header, Bytes bytes, Image& into) {
  Numbers numbers(bytes, header.pixels_at);
  std::int64_t count = 0;
  const auto missing = [&]() -> Error {
    const std::string where = std::to_string(count) + " of " + std::to_string(header.samples()) + " numbers";
    if (numbers.position() == bytes.size()) return damaged(PictureFormat::pnm, "cut off: it ends after " + where);
    return damaged(PictureFormat::pnm, "byte " + std::to_string(numbers.position()) + ", after " + where +
                                           ", is not the begin of a number");
  };
  const auto beyond = [](const std::string& value, const std::string& most) {
    return damaged(PictureFormat::pnm, "a level of " + value + ", the most is " + most);
  };
  return fill(header, into, [&]() -> Result<std::uint8_t> {
    if (header.bits) {
      const int bit = numbers.next_digit();
      if (bit < 0) return missing();
      if (bit > 1) return beyond(std::to_string(bit), "1");
      ++count;
      return std::uint8_t{bit == 1 ? std::uint8_t{0} : std::uint8_t{255}};
    }
    const PnmNumber level = numbers.next();
    if (!level.is_there()) return missing();
    if (level.value > header.white) return beyond(level.text(), std::to_string(header.white));
    ++count;
    return level_of(level.value, header.white);
  });
}

void decode_bits(const std::uint8_t* from, Image& into) {
  for (int y = 0; y < into.height(); ++y) {
    std::uint8_t* to = into.row(y);
    for (int x = 0; x < into.width(); ++x, to += 3) {
      const bool black = ((from[x / 8] >> (7 - x % 8)) & 1) != 0;
      to[0] = to[1] = to[2] = black ? 0 : 255;
    }
    from += (into.width() + 7) / 8;
  }
}

}  // namespace

Result<StoredHeader> pnm_header(Bytes bytes) {
  VULTUS_TRY(const PnmHeader header, read_header(bytes));
  return checked_header(header.width, header.height, 1);
}

Status check_pnm_bytes(Bytes bytes) {
  VULTUS_TRY(const PnmHeader header, read_header(bytes));
  const auto given = static_cast<std::int64_t>(bytes.size() - header.pixels_at);
  if (header.least_bytes() <= given) return {};
  return damaged(PictureFormat::pnm, "cut off: " + std::to_string(given) + " bytes of pixels, its header tells of " +
                                         (header.text ? "at least " : "") + std::to_string(header.least_bytes()));
}

Status decode_pnm(Bytes bytes, Image& into) {
  VULTUS_TRY(const PnmHeader header, read_header(bytes));
  if (header.text) return decode_text(header, bytes, into);
  const std::uint8_t* from = bytes.data() + header.pixels_at;
  if (header.bits) {
    decode_bits(from, into);
    return {};
  }
  const bool wide = header.white > 255;
  return fill(header, into, [&]() -> Result<std::uint8_t> {
    std::int64_t value = *from++;
    if (wide) value = (value << 8U) | *from++;
    return level_of(value, header.white);
  });
}

}  // namespace vultus::media
