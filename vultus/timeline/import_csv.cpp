#include <vultus/timeline/import_csv.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <istream>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include <vultus/timeline/foreign_columns.hpp>
#include <vultus/timeline/import_tracks.hpp>

namespace vultus {
namespace {

using timeline::ForeignChannel;
using timeline::ForeignColumns;

/// A line without its end, nothing at the end of the stream.
Result<std::optional<std::string>> line_of(std::istream& from, std::int64_t number) {
  std::string line;
  for (int c = from.get(); c != std::istream::traits_type::eof(); c = from.get()) {
    if (c == '\n') {
      if (!line.empty() && line.back() == '\r') line.pop_back();
      return std::optional(std::move(line));
    }
    if (line.size() >= ImportCsvOptions::kMaxLineBytes)
      return fail(ErrorCode::resource_limit, "line " + std::to_string(number) + ": more than " +
                                                 std::to_string(ImportCsvOptions::kMaxLineBytes) + " bytes");
    line += static_cast<char>(c);
  }
  if (line.empty()) return std::optional<std::string>();
  return std::optional(std::move(line));
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

/// Fields of a line; those in quotes may hold commas.
std::vector<std::string> fields_of(std::string_view line) {
  std::vector<std::string> fields;
  bool quoted = false;
  std::string field;
  for (const char c : line) {
    if (c == '"') {
      quoted = !quoted;
    } else if (c == ',' && !quoted) {
      fields.emplace_back(trimmed(field));
      field.clear();
    } else {
      field += c;
    }
  }
  fields.emplace_back(trimmed(field));
  return fields;
}

std::optional<double> number_in(const std::string& field) {
  double number = 0;
  const auto read = std::from_chars(field.data(), field.data() + field.size(), number);
  if (read.ec != std::errc() || read.ptr != field.data() + field.size() || !std::isfinite(number)) return std::nullopt;
  // What a float cannot hold would become infinite on the way.
  if (std::abs(number) > 1e30) return std::nullopt;
  return number;
}

/// A time of the day's form, "MM:SS" or "HH:MM:SS", as seconds.
std::optional<double> clock_in(const std::string& field) {
  double seconds = 0;
  std::size_t begin = 0;
  for (int part = 0; part < 3; ++part) {
    const std::size_t colon = field.find(':', begin);
    const auto number = number_in(field.substr(begin, colon == std::string::npos ? colon : colon - begin));
    if (!number || *number < 0) return std::nullopt;
    seconds = 60 * seconds + *number;
    if (colon == std::string::npos) return part > 0 ? std::optional(seconds) : std::nullopt;
    begin = colon + 1;
  }
  return std::nullopt;
}

/// Whether py-feat read it as a picture: it says so nowhere else.
bool names_a_picture(std::string_view input) {
  std::string ending(input.substr(std::min(input.rfind('.'), input.size())));
  std::ranges::transform(ending, ending.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; });
  constexpr std::array<std::string_view, 9> kEndings{".jpg", ".jpeg", ".png", ".bmp", ".webp",
                                                     ".tif", ".tiff", ".gif", ".ppm"};
  return std::ranges::find(kEndings, ending) != kEndings.end();
}

/// A picture or video while its rows come.
struct ImportedSource {
  SourceId id;
  bool picture = false;
  Timestamp time{-1};
  std::optional<double> frame;  // as the table numbers it
  double counted = 0;           // the number that an export would give the last frame
  bool misnumbered = false;     // the frame has another number than that
  std::map<std::string, TrackId> tracks;
  std::set<std::string> seen;  // of the frame
  timeline::BoxFollower follower;
};

class CsvImport {
 public:
  CsvImport(const ImportCsvOptions& options, TimelineSink& to, ForeignColumns columns,
            std::span<const std::string> names)
      : options_(&options), to_(&to), columns_(std::move(columns)), names_(names) {}

  Status begin();
  Status row(const std::vector<std::string>& fields);
  Result<ImportedCsv> finish();

 private:
  std::optional<double> at(const std::vector<std::string>& fields, std::ptrdiff_t column) const {
    return column < 0 ? std::nullopt : number_in(fields[static_cast<std::size_t>(column)]);
  }
  [[nodiscard]] std::string text_at(const std::vector<std::string>& fields, std::ptrdiff_t column) const {
    return column < 0 ? std::string() : fields[static_cast<std::size_t>(column)];
  }
  /// What the row is about. @param size  its fields, empty = nothing tells the size
  Result<ImportedSource*> source_of(const std::string& input, const std::vector<std::string>& size);
  /// Seconds since the start of the source, where the row tells them.
  [[nodiscard]] std::optional<double> seconds_of(const std::vector<std::string>& fields) const;
  /// The moment of a row: rising with the frame number, the same within it.
  Status move_to(const std::vector<std::string>& fields, ImportedSource& source);
  Result<TrackId> track_of(const std::vector<std::string>& fields, const RectF& box, ImportedSource& source);
  [[nodiscard]] FaceObservation face_of(const std::vector<std::string>& fields) const;
  Status readings(const std::vector<std::string>& fields, TrackId track, Timestamp time);
  Status failed_row(const std::vector<std::string>& fields, TrackId track, Timestamp time);
  /// A reading of a channel that only some tables need.
  Status tell(const char* channel, const std::string& unit, Reading reading);

  const ImportCsvOptions* options_;
  TimelineSink* to_;
  ForeignColumns columns_;
  std::span<const std::string> names_;
  ImportedCsv done_;
  std::map<std::string, ImportedSource> sources_;  // by input
  std::set<std::string> told_;                     // channels of tell()
};

// Tables whose times have few digits, or are 0 throughout, give many frames one time: those lie this far apart.
constexpr std::int64_t kTicksPerSecond = 1'000'000'000;

Status CsvImport::begin() {
  done_.kind = columns_.kind;
  done_.columns = static_cast<std::int64_t>(names_.size());
  done_.ignored = columns_.ignored;
  if (columns_.input < 0) VULTUS_CHECK(source_of("", {}));
  VULTUS_CHECK(to_->add(
      Evidence{.id = EvidenceId(1),
               .producer = columns_.kind == ForeignTable::openface ? "OpenFace, imported" : "py-feat, imported",
               .model = "",
               .model_sha256 = "",
               .backend = "",
               .protocol = "table written by another program",
               .data_sha256 = ""}));
  for (const ForeignChannel& channel : columns_.channels)
    VULTUS_CHECK(to_->add(Channel{channel.id, channel.unit, EvidenceId(1)}));
  return {};
}

Result<ImportedCsv> CsvImport::finish() {
  if (sources_.empty()) VULTUS_CHECK(source_of("", {}));
  return done_;
}

Result<ImportedSource*> CsvImport::source_of(const std::string& input, const std::vector<std::string>& size) {
  if (const auto found = sources_.find(input); found != sources_.end()) return &found->second;
  if (sources_.size() >= ImportCsvOptions::kMaxSources)
    return fail(ErrorCode::resource_limit,
                "more than " + std::to_string(ImportCsvOptions::kMaxSources) + " different inputs");
  ImportedSource& source = sources_[input];
  source.id = SourceId(++done_.sources);
  source.picture = columns_.kind == ForeignTable::openface ? columns_.frame < 0 : names_a_picture(input);
  const auto pixels = [&](std::ptrdiff_t column) {
    constexpr double kMostPixels = 1e6;
    const double number = size.empty() ? 0 : at(size, column).value_or(0);
    return number >= 1 && number <= kMostPixels ? static_cast<int>(std::lround(number)) : 0;
  };
  VULTUS_CHECK(to_->add(Source{.id = source.id,
                               .path = input.empty() ? options_->name : input,
                               .width = pixels(columns_.width),
                               .height = pixels(columns_.height),
                               .clock = source.picture ? Clock() : Clock{.numerator = kTicksPerSecond},
                               .error = std::nullopt}));
  return &source;
}

std::optional<double> CsvImport::seconds_of(const std::vector<std::string>& fields) const {
  const auto frame = at(fields, columns_.frame);
  const auto counted = frame ? std::optional(*frame / options_->frame_rate) : std::nullopt;
  if (columns_.timestamp < 0) return counted;
  if (const auto seconds = at(fields, columns_.timestamp)) return seconds;
  constexpr double kWithin = 0.999;  // of a second
  if (const auto second = clock_in(text_at(fields, columns_.timestamp)))
    return std::clamp(counted.value_or(*second), *second, *second + kWithin);
  return std::nullopt;
}

Status CsvImport::move_to(const std::vector<std::string>& fields, ImportedSource& source) {
  source.misnumbered = false;
  if (source.picture) {
    if (source.time.ticks == 0) return {};
    source.time = {0};
    return to_->add(SourceFrame{.source = source.id, .time = source.time});
  }
  const auto frame = at(fields, columns_.frame);
  if (source.frame && frame && *frame == *source.frame) return {};
  std::int64_t ticks = source.time.ticks + 1;
  constexpr double kMostSeconds = 1e9;
  if (const auto seconds = seconds_of(fields); seconds && *seconds >= 0 && *seconds < kMostSeconds)
    ticks = std::max<std::int64_t>(ticks, std::llround(*seconds * kTicksPerSecond));
  source.misnumbered = frame && *frame == std::floor(*frame) && *frame != source.counted + 1;
  source.counted = source.misnumbered ? *frame : source.counted + 1;
  source.frame = frame;
  source.time = {ticks};
  source.seen.clear();
  source.follower.next_frame();
  return to_->add(SourceFrame{.source = source.id, .time = source.time});
}

Status CsvImport::tell(const char* channel, const std::string& unit, Reading reading) {
  if (told_.insert(channel).second) VULTUS_CHECK(to_->add(Channel{ChannelId(channel), unit, EvidenceId(1)}));
  reading.channel = ChannelId(channel);
  return to_->add(reading);
}

Result<TrackId> CsvImport::track_of(const std::vector<std::string>& fields, const RectF& box, ImportedSource& source) {
  const bool openface = columns_.kind == ForeignTable::openface;
  std::string name = text_at(fields, columns_.face_id);
  if (name.empty() || name == "nan") name = openface ? "0" : "";
  if (name.empty()) {
    const auto followed = source.follower.follow(box);
    name = "\n" + std::to_string(followed ? *followed : source.follower.begin(box));
  } else if (source.seen.contains(name)) {
    if (openface && columns_.face_id >= 0)
      return fail(ErrorCode::corrupt_data,
                  names_[static_cast<std::size_t>(columns_.face_id)] + " " + name + " comes twice in one frame");
    int further = 2;
    while (source.seen.contains(name + "\n" + std::to_string(further))) ++further;
    name += "\n" + std::to_string(further);
  }
  source.seen.insert(name);
  if (const auto found = source.tracks.find(name); found != source.tracks.end()) return found->second;
  if (static_cast<std::size_t>(done_.tracks) >= ImportCsvOptions::kMaxFaces)
    return fail(ErrorCode::resource_limit, "more than " + std::to_string(ImportCsvOptions::kMaxFaces) + " faces");
  const TrackId track(++done_.tracks);
  VULTUS_CHECK(to_->add(Track{track, source.id}));
  const auto order = static_cast<double>(source.tracks.size());
  source.tracks.emplace(name, track);
  if (const auto id = at(fields, columns_.face_id); openface && id && *id != order)
    VULTUS_CHECK(tell("openface.face_id", "number", {ChannelId(), track, source.time, *id, {}}));
  return track;
}

FaceObservation CsvImport::face_of(const std::vector<std::string>& fields) const {
  FaceObservation face;
  face.detection = Score(static_cast<float>(std::clamp(at(fields, columns_.confidence).value_or(0), 0.0, 1.0)));
  const auto point = [&](std::size_t i) -> std::optional<Point2f> {
    const auto x = at(fields, columns_.x[i]), y = at(fields, columns_.y[i]);
    if (!x || !y) return std::nullopt;
    return Point2f{static_cast<float>(*x), static_cast<float>(*y)};
  };
  std::array<Point2f, 68> points{};
  bool all = true;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const auto found = point(i);
    all = all && found.has_value();
    points[i] = found.value_or(Point2f{});
  }
  if (all) {
    const auto mean = [&](std::size_t from, std::size_t to) {
      Point2f sum{};
      for (std::size_t i = from; i < to; ++i) sum.x += points[i].x, sum.y += points[i].y;
      const auto count = static_cast<float>(to - from);
      return Point2f{sum.x / count, sum.y / count};
    };
    face.keypoints = {mean(36, 42), mean(42, 48), points[30], points[48], points[54]};
    const auto [left, right] = std::ranges::minmax(points, {}, &Point2f::x);
    const auto [top, bottom] = std::ranges::minmax(points, {}, &Point2f::y);
    face.box = {left.x, top.y, right.x - left.x, bottom.y - top.y};
  }
  std::array<std::optional<double>, 4> box;
  for (std::size_t i = 0; i < box.size(); ++i) box[i] = at(fields, columns_.box[i]);
  if (std::ranges::all_of(box, [](const auto& side) { return side.has_value(); }))
    face.box = {static_cast<float>(*box[0]), static_cast<float>(*box[1]), static_cast<float>(*box[2]),
                static_cast<float>(*box[3])};
  return face;
}

Status CsvImport::readings(const std::vector<std::string>& fields, TrackId track, Timestamp time) {
  for (const ForeignChannel& channel : columns_.channels) {
    Reading reading{channel.id, track, time, {}, {}};
    std::vector<float> values;
    for (const std::size_t column : channel.columns) {
      const auto number = number_in(fields[column]);
      if (!number) {
        reading.reason = "no number in the table";
        ++done_.unread;
        break;
      }
      values.push_back(static_cast<float>(*number));
      if (!channel.in_a_row) reading.value = *number;
    }
    if (channel.in_a_row && reading.reason.empty()) reading.value = std::move(values);
    VULTUS_CHECK(to_->add(reading));
  }
  return {};
}

Status CsvImport::failed_row(const std::vector<std::string>& fields, TrackId track, Timestamp time) {
  std::string unit = "as OpenFace writes it (confidence";
  std::vector<float> values{static_cast<float>(at(fields, columns_.confidence).value_or(0))};
  bool whole = true;
  for (const ForeignChannel& channel : columns_.channels)
    for (const std::size_t column : channel.columns) {
      unit += ", " + names_[column];
      const auto number = number_in(fields[column]);
      whole = whole && number.has_value();
      values.push_back(static_cast<float>(number.value_or(0)));
    }
  Reading reading{ChannelId(), track, time, {}, {}};
  if (whole) {
    reading.value = std::move(values);
  } else {
    reading.reason = "no number in the table";
    ++done_.unread;
  }
  return tell("openface.failed_row", unit + ")", std::move(reading));
}

Status CsvImport::row(const std::vector<std::string>& fields) {
  ++done_.rows;
  VULTUS_TRY(ImportedSource* const source, source_of(text_at(fields, columns_.input), fields));
  VULTUS_CHECK(move_to(fields, *source));
  const bool openface = columns_.kind == ForeignTable::openface;
  const auto success = at(fields, columns_.success);
  const bool failed = columns_.success >= 0 && !(success && *success != 0);
  // py-feat writes a row without numbers, or of score 0, for a frame without a face.
  if (!openface && (failed || (columns_.confidence >= 0 && !(at(fields, columns_.confidence).value_or(0) > 0))))
    return {};
  const FaceObservation face = face_of(fields);
  VULTUS_TRY(const TrackId track, track_of(fields, face.box, *source));
  const Timestamp time = source->time;
  if (openface && source->misnumbered)
    VULTUS_CHECK(tell("openface.frame", "number", {ChannelId(), track, time, source->counted, {}}));
  if (failed) return failed_row(fields, track, time);
  ++done_.faces;
  VULTUS_CHECK(to_->add(Observation{.track = track, .time = time, .face = face}));
  return readings(fields, track, time);
}

}  // namespace

Result<ImportedCsv> import_csv(std::istream& from, const ImportCsvOptions& options, TimelineSink& to) {
  constexpr double kMostFrames = 1000;
  if (!(options.frame_rate > 0 && options.frame_rate <= kMostFrames))
    return fail(ErrorCode::invalid_argument,
                "frame_rate of " + std::to_string(options.frame_rate) + ", more than 0 and at most 1000 is allowed");
  const auto here = [&](const Error& error) { return error.with_context(options.name); };
  auto header = line_of(from, 1);
  if (!header) return here(header.error());
  if (!*header) return here(fail(ErrorCode::corrupt_data, "empty"));
  if ((*header)->starts_with("\xEF\xBB\xBF")) (*header)->erase(0, 3);
  const std::vector<std::string> names = fields_of(**header);
  if (names.size() > ImportCsvOptions::kMaxColumns)
    return here(fail(ErrorCode::resource_limit, std::to_string(names.size()) + " columns, the limit is " +
                                                    std::to_string(ImportCsvOptions::kMaxColumns)));
  auto columns = timeline::foreign_columns(names);
  if (!columns) return here(columns.error());
  CsvImport import(options, to, *std::move(columns), names);
  VULTUS_CHECK(import.begin());
  for (std::int64_t number = 2;; ++number) {
    const auto line = line_of(from, number);
    if (!line) return here(line.error());
    if (!*line) return import.finish();
    if (trimmed(**line).empty()) continue;
    const std::vector<std::string> fields = fields_of(**line);
    if (fields.size() != names.size())
      return here(fail(ErrorCode::corrupt_data, "line " + std::to_string(number) + ": " +
                                                    std::to_string(fields.size()) + " fields, the header has " +
                                                    std::to_string(names.size())));
    VULTUS_CHECK(import.row(fields).with_context("line " + std::to_string(number)).with_context(options.name));
  }
}

}  // namespace vultus
