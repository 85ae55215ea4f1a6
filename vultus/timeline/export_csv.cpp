#include <array>
#include <charconv>
#include <map>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>

#include <vultus/timeline/export.hpp>

namespace vultus {
namespace {

/// The shortest text that reads back as the same number.
template <class Number>
std::string exact(Number number) {
  std::array<char, 64> buffer{};
  const auto done = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number);
  return {buffer.data(), done.ptr};
}

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

/// What is known of a track at a moment.
struct Moment {
  const Observation* seen = nullptr;
  std::map<std::size_t, const Reading*> readings;  // by the position of their channel
};

std::string cell(const Reading& reading) {
  if (const auto* number = std::get_if<double>(&reading.value)) return exact(*number);
  if (const auto* text = std::get_if<std::string>(&reading.value)) return field(*text);
  return {};
}

/// The moments of each track, tracks in the order in which they came.
std::map<std::pair<std::size_t, std::int64_t>, Moment> moments_of(const Timeline& timeline) {
  std::map<TrackId, std::size_t> track_at;
  for (const Track& track : timeline.tracks()) track_at.emplace(track.id, track_at.size());
  std::map<ChannelId, std::size_t> channel_at;
  for (const Channel& channel : timeline.channels()) channel_at.emplace(channel.id, channel_at.size());
  std::map<std::pair<std::size_t, std::int64_t>, Moment> moments;
  for (const Observation& seen : timeline.observations())
    moments[{track_at.at(seen.track), seen.time.ticks}].seen = &seen;
  for (const Reading& reading : timeline.readings())
    moments[{track_at.at(reading.track), reading.time.ticks}].readings[channel_at.at(reading.channel)] = &reading;
  return moments;
}

}  // namespace

Status write_csv(const Timeline& timeline, std::ostream& to) {
  to << "source,track,seconds,x,y,width,height,detection";
  for (const Channel& channel : timeline.channels()) to << ',' << field(channel.id.text());
  to << "\r\n";
  for (const auto& [where, moment] : moments_of(timeline)) {
    const Track& track = timeline.tracks()[where.first];
    const Source& source = *timeline.find(track.source);
    to << field(source.path) << ',' << track.id.number() << ','
       << exact(source.clock.seconds(Timestamp{where.second}).value());
    if (moment.seen != nullptr) {
      const FaceObservation& face = moment.seen->face;
      for (const float number : {face.box.x, face.box.y, face.box.width, face.box.height, face.detection.value()})
        to << ',' << exact(number);
    } else {
      to << ",,,,,";
    }
    for (std::size_t channel = 0; channel < timeline.channels().size(); ++channel) {
      const auto at = moment.readings.find(channel);
      to << ',' << (at == moment.readings.end() ? std::string() : cell(*at->second));
    }
    to << "\r\n";
  }
  to.flush();
  if (!to) return fail(ErrorCode::resource_limit, "the CSV of a timeline could not be written to the end");
  return {};
}

}  // namespace vultus
