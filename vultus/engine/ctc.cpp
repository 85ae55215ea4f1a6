#include <vultus/engine/ctc.hpp>

#include <algorithm>
#include <cstddef>

namespace vultus::engine {

std::string ctc_text(std::span<const float> scores, const std::vector<std::string>& alphabet) {
  std::string text;
  const std::size_t signs = alphabet.size();
  std::size_t before = 0;
  for (std::size_t step = 0; signs > 0 && (step + 1) * signs <= scores.size(); ++step) {
    const auto row = scores.subspan(step * signs, signs);
    const auto sign = static_cast<std::size_t>(std::ranges::max_element(row) - row.begin());
    if (sign != 0 && sign != before) text += alphabet[sign];
    before = sign;
  }
  return text;
}

}  // namespace vultus::engine
