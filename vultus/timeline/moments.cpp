#include <vultus/timeline/moments.hpp>

#include <algorithm>
#include <unordered_map>
#include <variant>

namespace vultus::timeline {

std::map<std::pair<std::size_t, std::int64_t>, Moment> moments_of(const Timeline& timeline) {
  std::unordered_map<SourceId, std::size_t> source_at;
  for (const Source& source : timeline.sources()) source_at.emplace(source.id, source_at.size());
  std::unordered_map<TrackId, std::size_t> track_at;
  for (const Track& track : timeline.tracks()) track_at.emplace(track.id, track_at.size());
  std::unordered_map<ChannelId, std::size_t> channel_at;
  for (const Channel& channel : timeline.channels()) channel_at.emplace(channel.id, channel_at.size());
  std::map<std::pair<std::size_t, std::int64_t>, Moment> moments;
  const auto at = [&](TrackId id, Timestamp time) -> MomentOfTrack& {
    const std::size_t track = track_at.at(id), source = source_at.at(timeline.tracks()[track].source);
    Moment& moment = moments[{source, time.ticks}];
    moment.source = source;
    moment.time = time;
    auto place = std::ranges::lower_bound(moment.tracks, track, {}, &MomentOfTrack::track);
    if (place == moment.tracks.end() || place->track != track)
      place = moment.tracks.insert(place, {.track = track, .face = {}, .readings = {}});
    return *place;
  };
  for (const Observation& seen : timeline.observations()) at(seen.track, seen.time).face = seen.face;
  for (const Reading& reading : timeline.readings())
    at(reading.track, reading.time).readings.push_back({channel_at.at(reading.channel), reading.value, reading.reason});
  return moments;
}

std::vector<ChannelForm> forms_of(const Timeline& timeline) {
  std::unordered_map<ChannelId, std::size_t> channel_at;
  for (const Channel& channel : timeline.channels()) channel_at.emplace(channel.id, channel_at.size());
  std::vector<ChannelForm> forms(timeline.channels().size());
  for (const Reading& reading : timeline.readings()) {
    ChannelForm& form = forms[channel_at.at(reading.channel)];
    if (const auto* values = std::get_if<std::vector<float>>(&reading.value))
      form.width = std::max(form.width, values->size());
    else if (std::holds_alternative<double>(reading.value))
      form.numbers = true;
    else if (std::holds_alternative<std::string>(reading.value))
      form.texts = true;
  }
  return forms;
}

}  // namespace vultus::timeline
