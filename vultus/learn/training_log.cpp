#include <vultus/learn/training_log.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <set>

#include <fcntl.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

namespace vultus::learn {
namespace {

using LogJson = nlohmann::ordered_json;
constexpr double kPlotWidth = 460, kPlotHeight = 150;

std::string short_number(double value) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.5g", value);
  return text.data();
}

std::string escaped(std::string_view text) {
  std::string safe;
  for (const char c : text) c == '<' ? safe += "&lt;" : c == '&' ? safe += "&amp;" : safe += c;
  return safe;
}

/// One curve with its lowest, highest and last value.
std::string plot_of(const std::string& name, const std::vector<EpochRecord>& records) {
  std::vector<std::pair<int, double>> points;
  for (const EpochRecord& record : records)
    if (const auto at = record.numbers.find(name); at != record.numbers.end() && std::isfinite(at->second))
      points.emplace_back(record.epoch, at->second);
  if (points.empty()) return {};
  const auto [low, high] = std::ranges::minmax_element(points, {}, &std::pair<int, double>::second);
  const double span = std::max(high->second - low->second, 1e-12), last = std::max(points.back().first - 1, 1);
  std::string line;
  for (const auto& [epoch, value] : points)
    line += short_number(kPlotWidth * (epoch - 1) / last) + "," +
            short_number(kPlotHeight * (1 - (value - low->second) / span)) + " ";
  return "<figure><figcaption>" + escaped(name) + ": " + short_number(points.back().second) + " (" +
         short_number(low->second) + " to " + short_number(high->second) +
         ")</figcaption><svg viewBox=\"-5 -5 470 160\" role=\"img\"><polyline points=\"" + line +
         "\"/></svg></figure>\n";
}

}  // namespace

std::string log_line(const EpochRecord& record) {
  LogJson line{{"epoch", record.epoch}};
  for (const auto& [name, value] : record.numbers)
    line[name] = std::isfinite(value) ? LogJson(value) : LogJson(nullptr);
  return line.dump() + "\n";
}

Result<std::vector<EpochRecord>> read_log(std::string_view text) {
  std::vector<EpochRecord> records;
  for (std::size_t line = 1; !text.empty(); ++line) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) break;  // it was being written
    const LogJson in = LogJson::parse(text.substr(0, end), nullptr, false);
    text.remove_prefix(end + 1);
    if (!in.is_object() || !in.contains("epoch") || !in["epoch"].is_number_integer())
      return fail(ErrorCode::corrupt_data, "log line " + std::to_string(line) + " is no epoch");
    EpochRecord record{.epoch = in["epoch"].get<int>(), .numbers = {}};
    for (const auto& [name, value] : in.items())
      if (name != "epoch" && value.is_number()) record.numbers[name] = value.get<double>();
    records.push_back(std::move(record));
  }
  return records;
}

std::string log_page(std::string_view title, const std::vector<EpochRecord>& records, bool running) {
  std::set<std::string> names;
  for (const EpochRecord& record : records)
    for (const auto& [name, value] : record.numbers) names.insert(name);
  std::string page = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\">";
  if (running) page += "<meta http-equiv=\"refresh\" content=\"5\">";
  page += "<title>" + escaped(title) +
          "</title><style>body{font:15px sans-serif;margin:2em;color:#222}"
          "figure{display:inline-block;width:30em;margin:0 2em 2em 0}svg{width:100%;border:1px solid #ccc}"
          "polyline{fill:none;stroke:#06c;stroke-width:2}</style><h1>" +
          escaped(title) + "</h1><p>" + std::to_string(records.size()) + " epochs, " + (running ? "running" : "ended") +
          ".</p>\n";
  for (const std::string& name : names) page += plot_of(name, records);
  return page + "</html>\n";
}

Status replace_file(const std::filesystem::path& path, std::string_view bytes) {
  const std::string passing = path.string() + ".partial";
  const auto stop = [&](const char* what) {
    Error error = fail(ErrorCode::resource_limit, path.string() + " cannot be " + what + ": " + std::strerror(errno));
    ::unlink(passing.c_str());
    return error;
  };
  const int file = ::open(passing.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (file < 0) return stop("made");
  while (!bytes.empty()) {
    const ssize_t done = ::write(file, bytes.data(), bytes.size());
    if (done <= 0) break;
    bytes.remove_prefix(static_cast<std::size_t>(done));
  }
  const bool kept = bytes.empty() && ::fsync(file) == 0;
  if (::close(file) != 0 || !kept) return stop("written");
  if (::rename(passing.c_str(), path.c_str()) != 0) return stop("replaced");
  return {};
}

}  // namespace vultus::learn
