#include <vultus/core/timeline.hpp>

#include <algorithm>

namespace vultus {
namespace {

Status refuse(const std::string& what) { return fail(ErrorCode::invalid_argument, "timeline: " + what); }

std::string text(std::int64_t number) { return std::to_string(number); }

template <class Rows, class Id>
bool holds(const Rows& rows, const Id& id) {
  return std::ranges::any_of(rows, [&](const auto& row) { return row.id == id; });
}

}  // namespace

const Source* Timeline::find(SourceId id) const {
  const auto at = source_at_.find(id);
  return at == source_at_.end() ? nullptr : &sources_[at->second];
}

const Track* Timeline::find(TrackId id) const {
  const auto at = track_at_.find(id);
  return at == track_at_.end() ? nullptr : &tracks_[at->second];
}

const Reading* Timeline::reading(const ChannelId& channel, TrackId track) const {
  const auto at = readings_of_.find(track);
  if (at == readings_of_.end()) return nullptr;
  for (const std::size_t i : at->second)
    if (readings_[i].channel == channel) return &readings_[i];
  return nullptr;
}

Status Timeline::add(const Source& source) {
  if (find(source.id) != nullptr) return refuse("source " + text(source.id.number()) + " is there already");
  source_at_[source.id] = sources_.size();
  sources_.push_back(source);
  return {};
}

Status Timeline::add(const Evidence& evidence) {
  if (holds(evidence_, evidence.id)) return refuse("evidence " + text(evidence.id.number()) + " is there already");
  evidence_.push_back(evidence);
  return {};
}

Status Timeline::add(const Channel& channel) {
  if (channel.id.empty() || channel.unit.empty())
    return refuse("channel \"" + channel.id.text() + "\" needs an id and a unit");
  if (holds(channels_, channel.id)) return refuse("channel " + channel.id.text() + " is there already");
  if (!holds(evidence_, channel.evidence))
    return refuse("channel " + channel.id.text() + " names unknown evidence " + text(channel.evidence.number()));
  channels_.push_back(channel);
  return {};
}

Status Timeline::add(const SourceFrame& frame) {
  if (find(frame.source) == nullptr) return refuse("frame of unknown source " + text(frame.source.number()));
  frames_.push_back(frame);
  return {};
}

Status Timeline::add(const Track& track) {
  if (find(track.id) != nullptr) return refuse("track " + text(track.id.number()) + " is there already");
  if (find(track.source) == nullptr)
    return refuse("track " + text(track.id.number()) + " names unknown source " + text(track.source.number()));
  track_at_[track.id] = tracks_.size();
  tracks_.push_back(track);
  return {};
}

Status Timeline::add(const Observation& observation) {
  if (find(observation.track) == nullptr)
    return refuse("observation of unknown track " + text(observation.track.number()));
  observations_.push_back(observation);
  return {};
}

Status Timeline::add(const Reading& reading) {
  if (find(reading.track) == nullptr) return refuse("reading of unknown track " + text(reading.track.number()));
  if (!holds(channels_, reading.channel)) return refuse("reading of unknown channel " + reading.channel.text());
  readings_of_[reading.track].push_back(readings_.size());
  readings_.push_back(reading);
  return {};
}

Status Timeline::add(const Signal& signal) {
  if (!(signal.rate > 0))
    return refuse("signal " + signal.channel.text() + " with rate " + std::to_string(signal.rate) +
                  ": must be above 0");
  if (find(signal.source) == nullptr) return refuse("signal of unknown source " + text(signal.source.number()));
  if (signal.track && find(*signal.track) == nullptr)
    return refuse("signal of unknown track " + text(signal.track->number()));
  if (!holds(channels_, signal.channel)) return refuse("signal of unknown channel " + signal.channel.text());
  signals_.push_back(signal);
  return {};
}

Status Timeline::add(const Annotation& annotation) {
  if (annotation.to < annotation.from) return refuse("annotation \"" + annotation.label + "\" ends before it begins");
  if (find(annotation.source) == nullptr)
    return refuse("annotation of unknown source " + text(annotation.source.number()));
  if (annotation.track && find(*annotation.track) == nullptr)
    return refuse("annotation of unknown track " + text(annotation.track->number()));
  if (!holds(channels_, annotation.channel))
    return refuse("annotation of unknown channel " + annotation.channel.text());
  annotations_.push_back(annotation);
  return {};
}

}  // namespace vultus
