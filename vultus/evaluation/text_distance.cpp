#include <vultus/evaluation/text_distance.hpp>

#include <algorithm>
#include <numeric>
#include <vector>

#include <vultus/core/utf8.hpp>

namespace vultus::evaluation {
namespace {

std::size_t distance_of(const std::u32string& a, const std::u32string& b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, replaced});
    }
  }
  return row.back();
}

}  // namespace

std::size_t levenshtein(std::string_view a, std::string_view b) {
  return distance_of(characters_of(a), characters_of(b));
}

std::optional<std::string> nearest_text(std::string_view written, std::span<const std::string> texts,
                                        std::size_t fewer_than) {
  const std::string* nearest = nullptr;
  for (const std::string& text : texts)
    if (const std::size_t distance = levenshtein(written, text); distance < fewer_than)
      fewer_than = distance, nearest = &text;
  return nearest == nullptr ? std::nullopt : std::optional(*nearest);
}

double text_similarity(std::string_view truth, std::string_view read) {
  const std::u32string a = characters_of(truth);
  const std::u32string b = characters_of(read);
  const std::size_t longer = std::max(a.size(), b.size());
  if (longer == 0) return 1;
  return 1 - static_cast<double>(distance_of(a, b)) / static_cast<double>(longer);
}

}  // namespace vultus::evaluation
