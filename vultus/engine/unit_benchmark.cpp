#include <vultus/engine/unit_benchmark.hpp>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <filesystem>
#include <optional>
#include <set>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include <vultus/engine/table_file.hpp>
#include <vultus/media/csv.hpp>
#include <vultus/media/file.hpp>
#include <vultus/timeline/frame_number.hpp>
#include <vultus/timeline/scan.hpp>

namespace vultus::engine {
namespace fs = std::filesystem;
namespace {

constexpr double kNotCoded = 9;
constexpr double kMostFrame = 1e9, kMostUnit = 99;
constexpr std::size_t kMostCodeBytes = std::size_t{256} << 20U;

std::optional<double> code_number(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

/// The number behind the last "au" of a name: SN001_au12.txt, F001_T1_AU06.csv, AU01_r.
std::optional<int> unit_of_name(std::string name) {
  std::ranges::transform(name, name.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  const std::size_t at = name.rfind("au");
  if (at == std::string::npos) return std::nullopt;
  int unit = 0;
  const auto [end, error] = std::from_chars(name.data() + at + 2, name.data() + name.size(), unit);
  if (error != std::errc()) return std::nullopt;
  return unit;
}

/// What each column behind the first is about; nothing where it is about no unit.
std::optional<std::vector<std::optional<int>>> units_of_header(const std::vector<std::string>& fields) {
  const bool named = !code_number(fields[0]) && fields[0].starts_with("frame");
  if (!named && fields[0] != "0") return std::nullopt;
  std::vector<std::optional<int>> units{std::nullopt};
  for (std::size_t i = 1; i < fields.size(); ++i) {
    const auto number = code_number(fields[i]);
    const bool unit = number && *number >= 0 && *number <= kMostUnit;
    units.push_back(unit ? std::optional(static_cast<int>(*number)) : unit_of_name(fields[i]));
  }
  return units;
}

/// Numbers the frames of a recording as their source does.
class FrameCounter {
 public:
  explicit FrameCounter(const Clock& clock) : clock_(clock) {}
  std::int64_t next(Timestamp time) {
    ++frames_;
    if (frames_ > 1) steps_.push_back(time.ticks - last_);
    last_ = time.ticks;
    return frame_number(clock_, time).value_or(frames_);
  }
  /// Frames that were numbered one after the other, because nothing tells which of the source they are; else none.
  [[nodiscard]] std::optional<std::int64_t> counted() const {
    return frame_number(clock_, {0}) ? std::nullopt : std::optional(frames_);
  }
  /// Whether a frame is missing between two that were counted: they lie as far apart as two usual ones.
  [[nodiscard]] bool gaps() const {
    if (!counted() || steps_.empty()) return false;
    std::vector<std::int64_t> steps = steps_;
    const auto middle = steps.begin() + static_cast<std::ptrdiff_t>(steps.size() / 2);
    std::ranges::nth_element(steps, middle);
    constexpr double kNearlyTwo = 1.8;
    return static_cast<double>(std::ranges::max(steps_)) > kNearlyTwo * static_cast<double>(*middle);
  }

 private:
  Clock clock_;
  std::int64_t frames_ = 0, last_ = 0;
  std::vector<std::int64_t> steps_;
};

/// Readings of one recording: by unit and frame, of the person who is seen longest.
struct Readings {
  UnitCodes said;
  std::optional<std::int64_t> counted;  ///< frames, where the clock does not tell which of the source they are
  bool planted = false;
};

/// Units by position of the channel. @param planted  becomes true where one is said to be
Result<std::map<std::size_t, int>> unit_channels(const TimelineScan& scan, const fs::path& timeline, bool& planted) {
  std::map<std::size_t, int> unit_of_channel;
  for (std::size_t c = 0; c < scan.channels().size(); ++c) {
    const Channel& channel = scan.channels()[c];
    const std::string& id = channel.id.text();
    if (!id.starts_with("au.") || !id.ends_with(".intensity")) continue;
    if (const auto unit = code_number(std::string_view(id).substr(3, id.size() - 13)))
      unit_of_channel.emplace(c, static_cast<int>(*unit));
    for (const Evidence& evidence : scan.evidence())
      if (evidence.id == channel.evidence && evidence.data == DataKind::planted) planted = true;
  }
  if (unit_of_channel.empty())
    return fail(ErrorCode::invalid_argument, timeline.string() + ": no channel au.NN.intensity");
  return unit_of_channel;
}

Result<Readings> readings_of(const fs::path& timeline) {
  VULTUS_TRY(TimelineScan scan, TimelineScan::open(timeline));
  Readings readings;
  VULTUS_TRY(const auto unit_of_channel, unit_channels(scan, timeline, readings.planted));
  if (scan.sources().size() != 1)
    return fail(ErrorCode::invalid_argument, fmt::format("{}: {} sources; a recording that is coded has one",
                                                         timeline.string(), scan.sources().size()));
  std::map<std::size_t, std::pair<std::int64_t, UnitCodes>> of_track;
  FrameCounter counter(scan.sources().front().clock);
  for (Moment moment;;) {
    VULTUS_TRY(const bool more, scan.next(moment));
    if (!more) break;
    if (!moment.frame) continue;
    const std::int64_t frame = counter.next(moment.time);
    for (const MomentOfTrack& track : moment.tracks) {
      auto& [seen, said] = of_track[track.track];
      seen += track.face ? 1 : 0;
      for (const MomentReading& reading : track.readings)
        if (const auto unit = unit_of_channel.find(reading.channel); unit != unit_of_channel.end())
          if (const auto* value = std::get_if<double>(&reading.value)) said[unit->second][frame] = *value;
    }
  }
  if (counter.gaps())
    return fail(ErrorCode::invalid_argument,
                timeline.string() + ": frames are missing, and its clock does not tell which: the codes have no place");
  readings.counted = counter.counted();
  const auto longest = std::ranges::max_element(of_track, {}, [](const auto& one) { return one.second.first; });
  if (longest != of_track.end()) readings.said = std::move(longest->second.second);
  return readings;
}

Result<UnitCodes> codes_of_file(const fs::path& path) {
  VULTUS_TRY(const auto bytes, media::read_file(path.string(), kMostCodeBytes));
  return parse_unit_codes({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, path.filename().string())
      .with_context(path.string());
}

Result<UnitCodes> codes_at(const fs::path& path) {
  std::error_code failed;
  if (!fs::is_directory(path, failed)) return codes_of_file(path);
  UnitCodes all;
  for (const auto& entry : fs::directory_iterator(path, failed)) {
    if (!entry.is_regular_file() || !unit_of_name(entry.path().stem().string())) continue;
    VULTUS_TRY(const UnitCodes one, codes_of_file(entry.path()));
    for (const auto& [unit, frames] : one) all[unit].insert(frames.begin(), frames.end());
  }
  if (failed) return fail(ErrorCode::not_found, path.string() + ": " + failed.message());
  return all;
}

/// Codes that go far beyond the last frame of a recording are of another numbering: one of `track --every N` has an
/// N-th of the frames. A few frames more are those that a decoder leaves out at the end.
Status check_numbering(const UnitCodes& codes, const Readings& readings, const fs::path& timeline) {
  constexpr double kMore = 1.1;
  if (!readings.counted) return {};
  std::int64_t last = 0;
  for (const auto& [unit, frames] : codes)
    if (!frames.empty()) last = std::max(last, frames.rbegin()->first);
  if (static_cast<double>(last) <= kMore * static_cast<double>(*readings.counted) + 1) return {};
  return fail(ErrorCode::invalid_argument,
              fmt::format("{}: {} frames, and the codes go on to frame {}: was every frame tracked?", timeline.string(),
                          *readings.counted, last));
}

}  // namespace

Result<UnitCodes> parse_unit_codes(std::string_view text, const std::string& name) {
  media::CsvReader reader(text);
  std::vector<std::optional<int>> units;
  UnitCodes codes;
  for (;;) {
    VULTUS_TRY(const auto row, reader.next());
    if (!row) break;
    const auto amiss = [&](const std::string& what) {
      return fail(ErrorCode::corrupt_data, fmt::format("line {}: {}", row->line, what));
    };
    if (units.empty()) {
      if (auto header = units_of_header(row->fields)) {
        units = *std::move(header);
        continue;
      }
      if (const auto unit = unit_of_name(name); unit && row->fields.size() == 2)
        units = {std::nullopt, unit};
      else
        return amiss("no header of units, and the file is not named after one (au12.txt)");
    }
    const auto frame = code_number(row->fields[0]);
    if (!frame || !(*frame >= 0 && *frame <= kMostFrame) || row->fields.size() > units.size())
      return amiss("no frame, or more fields than units");
    for (std::size_t i = 1; i < row->fields.size(); ++i) {
      if (!units[i] || row->fields[i].empty()) continue;
      const auto code = code_number(row->fields[i]);
      if (code && *code == kNotCoded) continue;
      if (!code || !(*code >= 0 && *code <= 5)) return amiss("code \"" + row->fields[i] + "\": 0 to 5, or 9");
      codes[*units[i]][static_cast<std::int64_t>(*frame)] = *code;
    }
  }
  if (codes.empty()) return fail(ErrorCode::corrupt_data, name + ": holds no codes");
  return codes;
}

Result<UnitBenchmark> run_unit_benchmark(const UnitBenchmarkOptions& options) {
  VULTUS_TRY(const TableFile samples, read_table(options.samples));
  VULTUS_TRY(const std::size_t subject_column, samples.table.column("subject"));
  VULTUS_TRY(const std::size_t timeline_column, samples.table.column("timeline"));
  VULTUS_TRY(const std::size_t label_column, samples.table.column("labels"));
  VULTUS_TRY(const auto names, samples.table.names(subject_column));
  const evaluation::NumberedNames subjects = evaluation::numbered(names);
  const fs::path folder = fs::path(options.samples).parent_path();
  UnitBenchmark made{.samples_sha256 = samples.sha256};
  std::map<int, std::vector<evaluation::UnitFrame>> frames;
  std::set<int> coded;
  for (std::size_t row = 0; row < samples.table.rows(); ++row) {
    VULTUS_TRY(const UnitCodes codes, codes_at(folder / samples.table.at(row, label_column)));
    const fs::path timeline = folder / samples.table.at(row, timeline_column);
    VULTUS_TRY(const Readings readings, readings_of(timeline));
    VULTUS_CHECK(check_numbering(codes, readings, timeline));
    made.planted = made.planted || readings.planted;
    ++made.recordings;
    for (const auto& [unit, truth] : codes) {
      coded.insert(unit);
      const auto said = readings.said.find(unit);
      if (said == readings.said.end()) continue;
      for (const auto& [frame, code] : truth)
        if (const auto at = said->second.find(frame); at != said->second.end())
          frames[unit].push_back({subjects.of_row[row], code, at->second});
    }
  }
  for (const int unit : coded) {
    auto scores = evaluation::unit_protocol(frames[unit], subjects.names, options.protocol);
    if (scores)
      made.rows.push_back({unit, *std::move(scores)});
    else
      made.left_out.push_back(fmt::format("AU{}: {}", unit, scores.error().message));
  }
  if (made.rows.empty())
    return fail(ErrorCode::invalid_argument,
                options.samples + ": no unit could be scored" +
                    (made.left_out.empty() ? std::string() : ": " + made.left_out.front()));
  return made;
}

}  // namespace vultus::engine
