#include <algorithm>
#include <cmath>
#include <vector>

#include <fmt/format.h>

#include <apps/cli/progress.hpp>
#include <apps/cli/terminal_text.hpp>

namespace vultus::cli {
namespace {

constexpr std::chrono::seconds kWindow{15};
constexpr double kLeastSeconds = 0.5;
constexpr int kBarColumns = 24;

std::string bar(double share, bool unicode) {
  const int full = std::clamp(static_cast<int>(std::floor(share * kBarColumns)), 0, kBarColumns);
  std::string drawn = unicode ? "" : "[";
  for (int i = 0; i < kBarColumns; ++i) drawn += i < full ? (unicode ? "█" : "#") : (unicode ? "░" : "-");
  return unicode ? drawn : drawn + "]";
}

std::string rate_text(double per_second) {
  if (per_second >= 100) return fmt::format("{:.0f}/s", per_second);
  if (per_second >= 1) return fmt::format("{:.1f}/s", per_second);
  return fmt::format("{:.1f}/min", per_second * 60);
}

}  // namespace

std::string duration_text(double seconds) {
  // The limit keeps the conversion defined for forecasts that make no sense.
  const auto whole = static_cast<long long>(std::clamp(std::ceil(seconds), 0.0, 1e9));
  if (whole < 60) return fmt::format("{} s", whole);
  if (whole < 3600) return fmt::format("{} min {:02} s", whole / 60, whole % 60);
  return fmt::format("{} h {:02} min", whole / 3600, whole % 3600 / 60);
}

std::string progress_text(const ProgressState& state, int columns, bool unicode) {
  std::vector<std::string> parts;
  if (!state.label.empty()) parts.push_back(state.label);
  if (state.total > 0) {
    const double share = std::min(1.0, static_cast<double>(state.done) / static_cast<double>(state.total));
    parts.push_back(bar(share, unicode));
    parts.push_back(fmt::format("{}/{}", state.done, state.total));
    parts.push_back(fmt::format("{:.0f} %", std::floor(share * 100)));
  } else {
    parts.push_back(fmt::format("{}", state.done));
  }
  if (state.per_second && *state.per_second > 0) {
    parts.push_back(rate_text(*state.per_second));
    if (state.total > state.done)
      parts.push_back(duration_text(static_cast<double>(state.total - state.done) / *state.per_second) + " left");
  }
  std::string line;
  for (const std::string& part : parts) {
    std::string longer = line;
    if (!line.empty()) longer += "  ";
    longer += part;
    if (columns_of(longer) > columns) break;
    line = longer;
  }
  return line;
}

void RateMeter::count(std::size_t done, TimePoint now) {
  samples_.push_back({now, done});
  while (samples_.size() > 2 && now - samples_[1].at >= kWindow) samples_.pop_front();
}

std::optional<double> RateMeter::per_second() const {
  if (samples_.size() < 2) return std::nullopt;
  const double seconds = std::chrono::duration<double>(samples_.back().at - samples_.front().at).count();
  const std::size_t moved = samples_.back().done - samples_.front().done;
  if (seconds < kLeastSeconds || moved == 0) return std::nullopt;
  return static_cast<double>(moved) / seconds;
}

}  // namespace vultus::cli
