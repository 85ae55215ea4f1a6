#include <vultus/timeline/import_csv.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <istream>
#include <map>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include <vultus/timeline/foreign_columns.hpp>

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

class CsvImport {
 public:
  CsvImport(const ImportCsvOptions& options, TimelineSink& to, ForeignColumns columns)
      : options_(&options), to_(&to), columns_(std::move(columns)) {}

  Status begin(std::size_t columns);
  Status row(const std::vector<std::string>& fields);
  [[nodiscard]] const ImportedCsv& done() const { return done_; }

 private:
  std::optional<double> at(const std::vector<std::string>& fields, std::ptrdiff_t column) const {
    return column < 0 ? std::nullopt : number_in(fields[static_cast<std::size_t>(column)]);
  }
  /// The moment of a row: rising with the frame number, the same within it.
  Result<Timestamp> moment_of(const std::vector<std::string>& fields);
  Result<TrackId> track_of(double face_id);
  [[nodiscard]] FaceObservation face_of(const std::vector<std::string>& fields) const;
  Status readings(const std::vector<std::string>& fields, TrackId track, Timestamp time);

  const ImportCsvOptions* options_;
  TimelineSink* to_;
  ForeignColumns columns_;
  ImportedCsv done_;
  std::optional<double> frame_;
  Timestamp time_{-1};
  std::map<double, TrackId> tracks_;
};

constexpr std::int64_t kTicksPerSecond = 1'000'000;

Status CsvImport::begin(std::size_t columns) {
  done_.kind = columns_.kind;
  done_.columns = static_cast<std::int64_t>(columns);
  done_.ignored = done_.columns - columns_.used;
  VULTUS_CHECK(to_->add(Source{.id = SourceId(1),
                               .path = options_->name,
                               .width = 0,
                               .height = 0,
                               .clock = {.numerator = kTicksPerSecond},
                               .error = std::nullopt}));
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

Result<Timestamp> CsvImport::moment_of(const std::vector<std::string>& fields) {
  const auto frame = at(fields, columns_.frame);
  if (frame_ && frame && *frame == *frame_) return time_;
  // The faces of one picture.
  if (columns_.kind == ForeignTable::openface && columns_.frame < 0 && time_.ticks >= 0) return time_;
  // Pictures in a row have no times, and times with few digits repeat: time goes on all the same.
  std::int64_t ticks = time_.ticks + 1;
  const auto seconds = at(fields, columns_.timestamp);
  constexpr double kMostSeconds = 1e9;
  if (seconds && *seconds >= 0 && *seconds < kMostSeconds)
    ticks = std::max<std::int64_t>(ticks, std::llround(*seconds * kTicksPerSecond));
  else if (columns_.timestamp < 0 && frame && *frame >= 0 && *frame < kMostSeconds)
    ticks = std::max<std::int64_t>(ticks, std::llround(*frame / options_->frame_rate * kTicksPerSecond));
  frame_ = frame;
  time_ = {ticks};
  VULTUS_CHECK(to_->add(SourceFrame{.source = SourceId(1), .time = time_}));
  return time_;
}

Result<TrackId> CsvImport::track_of(double face_id) {
  const auto at = tracks_.find(face_id);
  if (at != tracks_.end()) return at->second;
  if (tracks_.size() >= ImportCsvOptions::kMaxFaces)
    return fail(ErrorCode::resource_limit,
                "more than " + std::to_string(ImportCsvOptions::kMaxFaces) + " different face ids");
  const TrackId track(static_cast<std::int64_t>(tracks_.size()) + 1);
  VULTUS_CHECK(to_->add(Track{track, SourceId(1)}));
  tracks_.emplace(face_id, track);
  ++done_.tracks;
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

Status CsvImport::row(const std::vector<std::string>& fields) {
  ++done_.rows;
  VULTUS_TRY(const Timestamp time, moment_of(fields));
  const auto success = at(fields, columns_.success);
  // py-feat writes a row without numbers for a frame without a face.
  const bool seen = columns_.success >= 0 ? success && *success != 0
                                          : columns_.confidence < 0 || at(fields, columns_.confidence).has_value();
  if (!seen) return {};
  VULTUS_TRY(const TrackId track, track_of(at(fields, columns_.face_id).value_or(0)));
  ++done_.faces;
  VULTUS_CHECK(to_->add(Observation{.track = track, .time = time, .face = face_of(fields)}));
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
  CsvImport import(options, to, *std::move(columns));
  VULTUS_CHECK(import.begin(names.size()));
  for (std::int64_t number = 2;; ++number) {
    const auto line = line_of(from, number);
    if (!line) return here(line.error());
    if (!*line) return import.done();
    if (trimmed(**line).empty()) continue;
    const std::vector<std::string> fields = fields_of(**line);
    if (fields.size() != names.size())
      return here(fail(ErrorCode::corrupt_data, "line " + std::to_string(number) + ": " +
                                                    std::to_string(fields.size()) + " fields, the header has " +
                                                    std::to_string(names.size())));
    VULTUS_CHECK(import.row(fields));
  }
}

}  // namespace vultus
