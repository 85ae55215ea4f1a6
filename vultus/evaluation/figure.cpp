#include <vultus/evaluation/figure.hpp>

#include <algorithm>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace vultus::evaluation {

std::string text_of(const Figure& figure, int digits) {
  const int places = std::clamp(digits, 0, 17);
  std::string line = fmt::format("{} {:.{}f}", figure.name, figure.value, places);
  std::vector<std::string> details;
  if (figure.interval) {
    line += fmt::format(" [{:.{}f}, {:.{}f}]", figure.interval->low, places, figure.interval->high, places);
    details.push_back(fmt::format("{:g} %", figure.interval->level * 100));
  }
  const std::string groups = figure.groups > 0 ? fmt::format("{} {}", figure.groups, figure.group_kind) : "";
  if (figure.draws > 0 && !groups.empty())
    details.push_back(fmt::format("{} draws over {}", figure.draws, groups));
  else if (!groups.empty())
    details.push_back(groups);
  if (figure.samples > 0) details.push_back(fmt::format("{} samples", figure.samples));
  if (figure.baseline) details.push_back(fmt::format("baseline {:.{}f}", *figure.baseline, places));
  if (figure.ceiling) details.push_back(fmt::format("ceiling {:.{}f}", *figure.ceiling, places));
  if (!details.empty()) line += fmt::format(" ({})", fmt::join(details, ", "));
  return line;
}

}  // namespace vultus::evaluation
