#include <vultus/runtime/dlib_stream.hpp>

#include <bit>
#include <cmath>
#include <utility>

namespace vultus::runtime {
namespace {

constexpr std::uint8_t kNegative = 0x80, kLengthBits = 0x0F;
constexpr std::int64_t kMaxText = 64;
constexpr std::int64_t kMaxTensorSide = 1 << 20;
// Exponents from here on say infinite or not a number.
constexpr std::int64_t kMaxExponent = 1100;

}  // namespace

void DlibStream::refuse(const std::string& what) {
  if (!error_)
    error_ = Error{ErrorCode::corrupt_data,
                   std::string(origin_).append(": byte ").append(std::to_string(at_)).append(": ") + what};
}

std::optional<std::int64_t> DlibStream::number() {
  // A control byte: the sign in its highest bit, the number of bytes in its lowest four. Then the bytes, lowest first.
  if (left() < 1) return std::nullopt;
  const std::uint8_t control = bytes_[at_];
  const std::size_t length = control & kLengthBits;
  if ((control & ~(kNegative | kLengthBits)) != 0 || length < 1 || length > 8 || left() < 1 + length)
    return std::nullopt;
  std::uint64_t value = 0;
  for (std::size_t i = length; i > 0; --i) value = (value << 8U) | bytes_[at_ + i];
  if (value > (1ULL << 62U)) return std::nullopt;
  at_ += 1 + length;
  const auto positive = static_cast<std::int64_t>(value);
  return (control & kNegative) != 0 ? -positive : positive;
}

std::int64_t DlibStream::whole(std::string_view what, std::int64_t least, std::int64_t most) {
  if (!good()) return 0;
  const auto value = number();
  if (!value) {
    refuse(std::string(what) + " is no whole number");
    return 0;
  }
  if (*value < least || *value > most) {
    refuse(std::string(what) + " is " + std::to_string(*value) + ", allowed are " + std::to_string(least) + " to " +
           std::to_string(most));
    return 0;
  }
  return *value;
}

double DlibStream::real(std::string_view what) {
  if (!good()) return 0;
  const auto mantissa = number();
  const auto exponent = mantissa ? number() : std::nullopt;
  if (!exponent || *exponent > kMaxExponent || *exponent < -kMaxExponent) {
    refuse(std::string(what) + " is no finite number");
    return 0;
  }
  const double value = std::ldexp(static_cast<double>(*mantissa), static_cast<int>(*exponent));
  if (!std::isfinite(value)) refuse(std::string(what) + " is no finite number");
  return good() ? value : 0;
}

bool DlibStream::flag(std::string_view what) {
  if (!good()) return false;
  if (left() < 1 || (bytes_[at_] != '0' && bytes_[at_] != '1')) {
    refuse(std::string(what) + " is neither 0 nor 1");
    return false;
  }
  return bytes_[at_++] == '1';
}

std::string DlibStream::text(std::string_view what) {
  const auto size = static_cast<std::size_t>(whole(what, 0, kMaxText));
  if (!good()) return {};
  if (left() < size) {
    refuse(std::string(what) + " is cut off");
    return {};
  }
  std::string text;
  for (const std::uint8_t byte : bytes_.subspan(at_, size)) text.push_back(static_cast<char>(byte));
  at_ += size;
  return text;
}

std::size_t DlibStream::count(std::string_view what, std::size_t least_bytes) {
  const auto most = static_cast<std::int64_t>(left() / least_bytes);
  return static_cast<std::size_t>(whole(what, 0, most));
}

std::size_t DlibStream::tensor_size(std::string_view what) {
  whole(what, 2, 2);
  std::size_t size = 1;
  for (int side = 0; side < 4; ++side) {
    const auto n = static_cast<std::size_t>(whole(what, 0, kMaxTensorSide));
    if (!good()) return 0;
    size *= n;  // cannot overflow: size is at most the bytes of the file, n at most kMaxTensorSide
    if (size > left() / sizeof(float)) {
      refuse(std::string(what) + " claims more numbers than the file holds");
      return 0;
    }
  }
  return size;
}

std::vector<float> DlibStream::tensor(std::string_view what) {
  const std::size_t size = tensor_size(what);
  std::vector<float> values(size);
  bool finite = true;
  for (float& value : values) {
    std::uint32_t bits = 0;
    for (std::size_t i = sizeof(float); i > 0; --i) bits = (bits << 8U) | bytes_[at_ + i - 1];
    value = std::bit_cast<float>(bits);
    finite = finite && std::isfinite(value);
    at_ += sizeof(float);
  }
  if (!finite) refuse(std::string(what) + " holds a number that is not finite");
  return values;
}

void DlibStream::skip_tensor(std::string_view what) { at_ += tensor_size(what) * sizeof(float); }

void DlibStream::skip_alias(std::string_view what) {
  whole(what, 1, 1);
  for (int side = 0; side < 4; ++side) whole(what, 0, kMaxTensorSide);
}

}  // namespace vultus::runtime
