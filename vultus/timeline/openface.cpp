#include <vultus/timeline/openface.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <fstream>
#include <optional>
#include <ostream>
#include <sstream>
#include <utility>

#include <vultus/timeline/frame_number.hpp>

namespace vultus {
namespace {

const char* first_columns(OpenFaceTable table) {
  return table == OpenFaceTable::video ? "frame,face_id,timestamp,confidence,success" : "face,confidence";
}

double area(const MomentOfTrack& track) {
  return track.face ? double{track.face->box.width} * double{track.face->box.height} : -1;
}

/// The value of a column, where it was measured.
std::optional<double> value_of(const ReadingValue* value, std::ptrdiff_t element) {
  if (value == nullptr) return std::nullopt;
  if (element < 0) {
    const auto* number = std::get_if<double>(value);
    return number == nullptr ? std::nullopt : std::optional(*number);
  }
  const auto* values = std::get_if<std::vector<float>>(value);
  if (values == nullptr || static_cast<std::size_t>(element) >= values->size()) return std::nullopt;
  return double{(*values)[static_cast<std::size_t>(element)]};
}

const ReadingValue* reading_of(const MomentOfTrack& track, std::ptrdiff_t channel) {
  if (channel < 0) return nullptr;
  const auto at = std::ranges::find(track.readings, static_cast<std::size_t>(channel), &MomentReading::channel);
  return at == track.readings.end() ? nullptr : &at->value;
}

/// How an imported table numbers a face or frame.
std::optional<std::int64_t> number_told(const MomentOfTrack& track, std::ptrdiff_t channel) {
  constexpr double kHighest = 1e15;
  const auto number = value_of(reading_of(track, channel), -1);
  if (!number || !(std::abs(*number) <= kHighest)) return std::nullopt;
  return std::llround(*number);
}

}  // namespace

OpenFaceWriter::OpenFaceWriter(std::ostream& to, const std::vector<Channel>& channels, const OpenFaceOptions& options)
    : to_(&to), channels_(&channels), options_(options) {
  make_columns(options.groups);
  find_imported();
  line_ = first_columns(options_.table);
  for (const Column& column : columns_) line_ += ',' + column.name;
  *to_ << line_ << '\n';
}

void OpenFaceWriter::find_imported() {
  const auto channel = [&](const char* name) {
    const auto at = std::ranges::find(*channels_, ChannelId(name), &Channel::id);
    return at == channels_->end() ? std::ptrdiff_t{-1} : at - channels_->begin();
  };
  face_id_at_ = channel("openface.face_id");
  frame_at_ = channel("openface.frame");
  failed_at_ = channel("openface.failed_row");
  if (failed_at_ < 0) return;
  // "as OpenFace writes it (confidence, gaze_0_x, ...)": its elements are named.
  std::istringstream unit((*channels_)[static_cast<std::size_t>(failed_at_)].unit);
  std::string name;
  std::getline(unit, name, '(');
  std::map<std::string, std::ptrdiff_t> elements;
  for (std::ptrdiff_t element = 0; std::getline(unit >> std::ws, name, ','); ++element) {
    if (name.ends_with(')')) name.pop_back();
    elements.emplace(name, element);
  }
  for (Column& column : columns_)
    if (const auto at = elements.find(column.name); at != elements.end()) column.failed = at->second;
}

const std::vector<float>* OpenFaceWriter::failed_row_of(const MomentOfTrack& track) const {
  if (track.face) return nullptr;
  const ReadingValue* const value = reading_of(track, failed_at_);
  const auto* const values = value == nullptr ? nullptr : std::get_if<std::vector<float>>(value);
  return values == nullptr || values->empty() ? nullptr : values;
}

std::string openface_header(const OpenFaceOptions& options) {
  std::ostringstream text;
  const std::vector<Channel> none;
  const OpenFaceWriter writer(text, none, options);
  std::string line = text.str();
  line.pop_back();
  return line;
}

void OpenFaceWriter::number(double value, int precision) {
  // A float of 1e38 has 39 digits before the point.
  std::array<char, 400> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), std::isfinite(value) ? value : 0.0,
                                 std::chars_format::fixed, precision);
  line_.append(text.data(), end.ptr);
}

void OpenFaceWriter::row(double seconds, const MomentOfTrack* track, std::int64_t face_id) {
  const bool seen = track != nullptr && track->face.has_value();
  const std::vector<float>* const failed = track == nullptr ? nullptr : failed_row_of(*track);
  const double sure = seen ? double{track->face->detection.value()} : failed != nullptr ? double{failed->front()} : 0;
  const double confidence = std::clamp(sure, 0.0, 1.0);
  line_.clear();
  if (options_.table == OpenFaceTable::video) {
    line_ += std::to_string(frame_) + ',' + std::to_string(face_id) + ',';
    number(options_.times == OpenFaceTimes::seconds ? seconds : 0, 3);
    line_ += ',';
    number(confidence, 2);
    line_ += seen ? ",1" : ",0";
  } else {
    line_ += std::to_string(face_id) + ',';
    number(confidence, 3);
  }
  values_.assign(channels_->size(), nullptr);
  if (seen)
    for (const MomentReading& reading : track->readings) values_[reading.channel] = &reading.value;
  std::vector<double>& last = last_of_face_[face_id];
  last.resize(columns_.size());
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    Column& column = columns_[i];
    line_ += ',';
    if (failed != nullptr) {
      const auto told = static_cast<std::size_t>(column.failed);
      const double value = column.failed >= 0 && told < failed->size() ? double{(*failed)[told]} : 0;
      column.measured = column.measured || value != 0;
      number(value, column.precision);
      continue;
    }
    const auto value =
        column.channel < 0 ? std::nullopt : value_of(values_[static_cast<std::size_t>(column.channel)], column.element);
    column.measured = column.measured || value.has_value();
    // As OpenFace, whose pose is 0 only until a first face has been fitted.
    if (seen || !column.pose) last[i] = value.value_or(0);
    number(last[i], column.precision);
  }
  line_ += '\n';
  *to_ << line_;
  ++written_.rows;
  written_.rows_with_face += seen ? 1 : 0;
}

void OpenFaceWriter::add(const Moment& moment, double seconds, std::optional<std::int64_t> frame) {
  frame_ = frame.value_or(frame_ + 1);
  for (const MomentOfTrack& track : moment.tracks)
    if (const auto told = number_told(track, frame_at_)) frame_ = *told;
  const auto seen = [](const MomentOfTrack& track) { return track.face.has_value(); };
  if (options_.who == OpenFaceWho::one && options_.table == OpenFaceTable::video) {
    auto at = std::ranges::find_if(moment.tracks, [&](const MomentOfTrack& track) {
      return seen(track) && static_cast<std::ptrdiff_t>(track.track) == one_;
    });
    if (at == moment.tracks.end()) {
      at = std::ranges::max_element(moment.tracks, {}, area);
      if (at != moment.tracks.end() && !seen(*at)) at = moment.tracks.end();
      if (at != moment.tracks.end()) one_ = static_cast<std::ptrdiff_t>(at->track);
    }
    if (at == moment.tracks.end())
      at = std::ranges::find_if(moment.tracks, [&](const auto& track) { return failed_row_of(track) != nullptr; });
    row(seconds, at == moment.tracks.end() ? nullptr : &*at, 0);
    return;
  }
  bool any = false;
  for (const MomentOfTrack& track : moment.tracks) {
    if (!seen(track) && failed_row_of(track) == nullptr) continue;
    any = true;
    if (track.track >= face_ids_.size()) face_ids_.resize(track.track + 1, -1);
    std::int64_t& id = face_ids_[track.track];
    if (id < 0) id = number_told(track, face_id_at_).value_or(faces_), ++faces_;
    row(seconds, &track, id);
  }
  if (!any && options_.table == OpenFaceTable::video) row(seconds, nullptr, 0);
}

Result<OpenFaceWritten> OpenFaceWriter::finish() {
  to_->flush();
  if (!*to_) return fail(ErrorCode::resource_limit, "the OpenFace table could not be written to the end");
  for (const Column& column : columns_)
    if (!column.measured) written_.unmeasured.push_back(column.name);
  return written_;
}

std::string openface_details(const Source& source, const std::string& csv, const OpenFaceOptions& options,
                             const OpenFaceWritten& written) {
  std::ostringstream text;
  text.imbue(std::locale::classic());
  const OpenFaceGroups& groups = options.groups;
  const bool all = groups.none();
  text << "Input:" << source.path << "\nOutput csv:" << csv << "\nWidth:" << source.width
       << "\nHeight:" << source.height << "\nRows:" << written.rows << "\nRows with a face:" << written.rows_with_face
       << "\nGaze: " << (all || groups.gaze) << "\nAUs: " << (all || groups.action_units)
       << "\nLandmarks 2D: " << (all || groups.landmarks_2d) << "\nLandmarks 3D: " << (all || groups.landmarks_3d)
       << "\nPose: " << (all || groups.pose) << "\nShape parameters: " << (all || groups.shape) << '\n';
  for (const std::string& column : written.unmeasured) text << "unmeasured:" << column << '\n';
  return text.str();
}

namespace {

/// The table of one source, open.
struct OpenTable {
  std::filesystem::path path;
  std::ofstream file;
  OpenFaceOptions options;
  std::optional<OpenFaceWriter> writer;
};

Status close_table(std::optional<OpenTable>& table, const Source& source) {
  if (!table) return {};
  VULTUS_TRY(const OpenFaceWritten written, table->writer->finish().with_context(table->path.string()));
  std::filesystem::path details = table->path;
  details.replace_filename(table->path.stem().string() + "_of_details.txt");
  std::ofstream file(details, std::ios::binary | std::ios::trunc);
  file << openface_details(source, table->path.filename().string(), table->options, written) << std::flush;
  table.reset();
  if (!file) return fail(ErrorCode::resource_limit, details.string() + ": cannot be written");
  return {};
}

/// A picture has one moment at tick 0 of a clock that says nothing.
bool is_picture(const Source& source) { return source.clock == Clock(); }

}  // namespace

Result<std::vector<std::filesystem::path>> export_openface(const std::filesystem::path& timeline,
                                                           const OpenFaceExport& how) {
  VULTUS_TRY(TimelineScan scan, TimelineScan::open(timeline));
  std::vector<std::filesystem::path> written;
  std::optional<OpenTable> table;
  const std::vector<Source>& sources = scan.sources();
  std::size_t next = 0;  // the source whose table is to be begun next
  const auto begin_until = [&](std::size_t last) -> Status {
    for (; next <= last && next < sources.size(); ++next) {
      if (next > 0) VULTUS_CHECK(close_table(table, sources[next - 1]));
      if (sources[next].error) continue;
      VULTUS_TRY(std::filesystem::path path, how.path_of(sources[next]));
      table.emplace();
      table->options = how.options;
      if (is_picture(sources[next])) table->options.table = OpenFaceTable::image;
      if (how.times_of) table->options.times = how.times_of(sources[next]);
      table->file.open(path, std::ios::binary | std::ios::trunc);
      if (!table->file) return fail(ErrorCode::resource_limit, path.string() + ": cannot be written");
      table->path = path;
      table->writer.emplace(table->file, scan.channels(), table->options);
      written.push_back(std::move(path));
    }
    return {};
  };
  Moment moment;
  for (;;) {
    VULTUS_TRY(const bool more, scan.next(moment));
    if (!more) break;
    VULTUS_CHECK(begin_until(moment.source));
    const Clock& clock = sources[moment.source].clock;
    if (table) table->writer->add(moment, clock.seconds(moment.time).value(), frame_number(clock, moment.time));
  }
  if (!sources.empty()) {
    VULTUS_CHECK(begin_until(sources.size() - 1));
    VULTUS_CHECK(close_table(table, sources.back()));
  }
  return written;
}

}  // namespace vultus
