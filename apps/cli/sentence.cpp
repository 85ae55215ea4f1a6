#include <cmath>

#include <fmt/format.h>

#include <apps/cli/sentence.hpp>

namespace vultus::cli {

std::string counted(std::int64_t count, std::string_view singular, std::string_view plural) {
  std::string text = grouped(count) + " ";
  if (count == 1) return text.append(singular);
  return plural.empty() ? text.append(singular).append("s") : text.append(plural);
}

std::string error_rate_sentence(const OperatingPoint& at) {
  if (at.false_match_rate >= 1)  // a bound that says nothing
    return fmt::format("How often two different people are taken for one at threshold {:.3f} is not known ({}).",
                       at.threshold.value(), at.source);
  return fmt::format(
      "At threshold {:.3f} two different people are taken for one in {} {} comparisons (FMR {}{:.2g}; {}).",
      at.threshold.value(), at.rate_is_bound ? "at most" : "about", one_of(at.false_match_rate),
      at.rate_is_bound ? "at most " : "", at.false_match_rate, at.source);
}

std::string collection_sentence(const OperatingPoint& at, std::int64_t people) {
  if (people < 2 || (at.false_match_rate >= 1 && !at.fpir)) return {};
  if (at.fpir)
    return fmt::format("In a search of this gallery {} strangers got a name when it was calibrated.", one_of(*at.fpir));
  // Each comparison is a chance of its own; people who resemble each other make it smaller, several pictures larger.
  const double any = 1 - std::pow(1 - at.false_match_rate, static_cast<double>(people));
  return fmt::format("Compared with {} known people, {} {} strangers gets a name.", grouped(people),
                     at.rate_is_bound ? "at most" : "about", one_of(any));
}

std::string stale_sentence(std::string_view gallery) {
  return fmt::format("{} has grown since it was calibrated: repeat vultus calibrate.", gallery);
}

std::string cells_sentence(const SearchCells& cells) {
  return fmt::format(
      "Searched by cells: {} of {} are looked at, {:.1f} % of the faces; the most similar face was among them for "
      "{:.1f} % of {} faces of the gallery.",
      grouped(static_cast<std::int64_t>(cells.looked_at)), grouped(static_cast<std::int64_t>(cells.cells)),
      100 * cells.share, 100 * cells.recall_at_1, grouped(static_cast<std::int64_t>(cells.probes)));
}

std::string box_text(const RectF& box) {
  return fmt::format("{:.0f},{:.0f} {:.0f}x{:.0f}", box.x, box.y, box.width, box.height);
}

std::string cosine_text(Cosine similarity) { return fmt::format("{:.3f}", similarity.value()); }

std::string bytes_text(std::int64_t bytes) {
  constexpr double kThousand = 1000;
  double value = static_cast<double>(bytes);
  const char* unit = "bytes";
  for (const char* larger : {"kB", "MB", "GB", "TB"}) {
    if (value < kThousand) break;
    value /= kThousand;
    unit = larger;
  }
  return bytes < 1000 ? fmt::format("{} bytes", bytes) : fmt::format("{:.1f} {}", value, unit);
}

}  // namespace vultus::cli
