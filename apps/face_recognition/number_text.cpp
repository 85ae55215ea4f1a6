#include <apps/face_recognition/number_text.hpp>

#include <array>
#include <charconv>
#include <cmath>

namespace vultus::compat {

std::string number_text(double value) {
  // Python changes to an exponent below 1e-4 and from 1e16 on.
  const double size = std::abs(value);
  const bool plain = value == 0 || (size >= 1e-4 && size < 1e16);
  std::array<char, 64> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value,
                                 plain ? std::chars_format::fixed : std::chars_format::scientific);
  std::string result(text.data(), end.ptr);
  if (plain && result.find('.') == std::string::npos) result += ".0";
  return result;
}

}  // namespace vultus::compat
