#include <algorithm>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <vultus/timeline/export.hpp>
#include <vultus/timeline/moments.hpp>
#include <vultus/timeline/scan.hpp>

namespace vultus {
namespace {

/// A field of RFC 4180: quoted where it holds a comma, a quote or a line break.
std::string field(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

/// A row for each track and moment; a channel has one column, or one for each element of its rows of values.
class CsvTable {
 public:
  CsvTable(std::ostream& to, const std::vector<Source>& sources, const std::vector<Channel>& channels,
           const std::vector<Track>& tracks, std::vector<ChannelForm> forms)
      : to_(&to), sources_(&sources), channels_(&channels), tracks_(&tracks), forms_(std::move(forms)) {}

  void header() {
    *to_ << "source,track,seconds,x,y,width,height,detection";
    for (std::size_t c = 0; c < channels_->size(); ++c) {
      const Channel& channel = (*channels_)[c];
      if (forms_[c].width == 0) *to_ << ',' << field(channel.id.text());
      for (const std::string& name : element_names(channel, forms_[c].width))
        *to_ << ',' << field(channel.id.text() + "." + name);
    }
    *to_ << "\r\n";
  }

  void rows(const Moment& moment) {
    const Source& source = (*sources_)[moment.source];
    for (const MomentOfTrack& track : moment.tracks) {
      *to_ << field(source.path) << ',' << (*tracks_)[track.track].id.number() << ','
           << timeline::exact(source.clock.seconds(moment.time).value());
      if (track.face) {
        const FaceObservation& face = *track.face;
        for (const float number : {face.box.x, face.box.y, face.box.width, face.box.height, face.detection.value()})
          *to_ << ',' << timeline::exact(number);
      } else {
        *to_ << ",,,,,";
      }
      cells_.assign(channels_->size(), nullptr);
      for (const MomentReading& reading : track.readings) cells_[reading.channel] = &reading.value;
      for (std::size_t c = 0; c < cells_.size(); ++c) channel(cells_[c], forms_[c].width);
      *to_ << "\r\n";
    }
  }

 private:
  void channel(const ReadingValue* value, std::size_t width) {
    const auto* values = value == nullptr ? nullptr : std::get_if<std::vector<float>>(value);
    if (width == 0) *to_ << ',' << (value == nullptr ? std::string() : cell(*value));
    for (std::size_t i = 0; i < width; ++i) {
      *to_ << ',';
      if (values != nullptr && i < values->size()) *to_ << timeline::exact((*values)[i]);
      // A channel of rows that once held a single value shows it in its first column.
      if (values == nullptr && value != nullptr && i == 0) *to_ << cell(*value);
    }
  }
  static std::string cell(const ReadingValue& value) {
    if (const auto* number = std::get_if<double>(&value)) return timeline::exact(*number);
    if (const auto* text = std::get_if<std::string>(&value)) return field(*text);
    return {};
  }

  std::ostream* to_;
  const std::vector<Source>* sources_;
  const std::vector<Channel>* channels_;
  const std::vector<Track>* tracks_;
  std::vector<ChannelForm> forms_;
  std::vector<const ReadingValue*> cells_;
};

Status finish_csv(std::ostream& to) {
  to.flush();
  if (!to) return fail(ErrorCode::resource_limit, "the CSV of a timeline could not be written to the end");
  return {};
}

}  // namespace

Status write_csv(const Timeline& whole, std::ostream& to) {
  CsvTable table(to, whole.sources(), whole.channels(), whole.tracks(), timeline::forms_of(whole));
  table.header();
  for (const auto& [where, moment] : timeline::moments_of(whole)) table.rows(moment);
  return finish_csv(to);
}

Status write_csv(const std::filesystem::path& file, std::ostream& to) {
  VULTUS_TRY(TimelineScan scan, TimelineScan::open(file));
  VULTUS_TRY(auto forms, scan.forms());
  CsvTable table(to, scan.sources(), scan.channels(), scan.tracks(), std::move(forms));
  table.header();
  Moment moment;
  for (;;) {
    VULTUS_TRY(const bool more, scan.next(moment));
    if (!more) return finish_csv(to);
    table.rows(moment);
    if (!to) return finish_csv(to);
  }
}

}  // namespace vultus
