#include <vultus/face/tracker.hpp>

#include <algorithm>
#include <string>
#include <utility>

#include <vultus/core/assignment.hpp>

namespace vultus::face {
namespace {

constexpr float kMostWeight = 3;
// A pairing is worth what its cost falls short of this: more than any cost can be, so that as many as possible pair.
constexpr double kWorth = 8;
static_assert(kWorth > 1 + 2 * double{kMostWeight}, "faces may be as unlike as 1 - (-1) = 2");

}  // namespace

Status validate(const TrackerOptions& options) {
  const auto refuse = [](const char* field, auto value, const char* limit) {
    return fail(ErrorCode::invalid_argument,
                std::string("TrackerOptions: ") + field + " = " + std::to_string(value) + ", must be " + limit);
  };
  if (!(options.min_overlap >= 0 && options.min_overlap < 1))
    return refuse("min_overlap", options.min_overlap, "at least 0 and below 1");
  if (!(options.appearance_weight >= 0 && options.appearance_weight <= kMostWeight))
    return refuse("appearance_weight", options.appearance_weight, "from 0 to 3");
  if (options.confirm_after < 1) return refuse("confirm_after", options.confirm_after, "at least 1");
  if (!(options.keep_lost.value() > 0)) return refuse("keep_lost", options.keep_lost.value(), "above 0");
  return {};
}

/// What plain overlap leaves open.
struct Tracker::Doubt {
  std::vector<std::size_t> detections;
  std::vector<std::size_t> tracks;
  std::vector<bool> contested;  // of each detection in the list: more than one track overlaps it
};

void Tracker::predict(Seconds now) {
  const Seconds step(std::max(0.0, now.value() - now_.value()));
  for (Track& track : tracks_) track.motion.predict(step);
  now_ = Seconds(std::max(now.value(), now_.value()));
}

Joined Tracker::join(Track& track, const RectF& box, Seconds now, bool ambiguous) const {
  if (track.placed)
    track.motion.correct(box);
  else
    track.motion = BoxMotion(box);
  track.placed = true;
  track.seen = now;
  track.missed = 0;
  ++track.hits;
  return {.track = track.id, .confirmed = track.hits >= options_.confirm_after, .ambiguous = ambiguous};
}

Status Tracker::resolve(Seconds now, std::span<const RectF> detections, const Appearance& appearance,
                        const Doubt& doubt, std::vector<std::optional<Joined>>& joined) {
  std::vector<AssignmentEdge> edges;
  std::vector<std::optional<Embedding>> looks(doubt.detections.size());
  const bool anybody_known =
      std::ranges::any_of(doubt.tracks, [&](std::size_t t) { return tracks_[t].appearance.has_value(); });
  for (std::size_t d = 0; d < doubt.detections.size(); ++d) {
    if (appearance && anybody_known) {
      VULTUS_TRY(looks[d], appearance(doubt.detections[d]));
    }
    for (std::size_t t = 0; t < doubt.tracks.size(); ++t) {
      const Track& track = tracks_[doubt.tracks[t]];
      const float overlap =
          track.placed ? intersection_over_union(track.motion.box(), detections[doubt.detections[d]]) : 0;
      std::optional<Cosine> alike;
      if (looks[d] && track.appearance) {
        VULTUS_TRY(alike, similarity(*looks[d], *track.appearance));
      }
      const bool near = overlap >= options_.min_overlap && (!alike || *alike >= options_.other_face);
      if (!near && !(alike && *alike >= options_.same_face)) continue;
      // Without a look at both faces the pair costs as much as two that are barely alike.
      const double unlike = 1.0 - double{alike.value_or(options_.other_face).value()};
      edges.push_back({d, t, kWorth - (1.0 - double{overlap}) - double{options_.appearance_weight} * unlike});
    }
  }
  VULTUS_TRY(const auto chosen, best_assignment(doubt.detections.size(), edges));
  for (std::size_t d = 0; d < chosen.size(); ++d)
    if (chosen[d])
      joined[doubt.detections[d]] = join(tracks_[doubt.tracks[*chosen[d]]], detections[doubt.detections[d]], now,
                                         doubt.contested[d] && !looks[d]);
  return {};
}

Result<std::vector<std::optional<Joined>>> Tracker::update(Seconds now, std::span<const RectF> detections,
                                                           const Appearance& appearance) {
  VULTUS_CHECK(validate(options_));
  predict(now);
  for (Track& track : tracks_) ++track.missed;
  std::vector<std::optional<Joined>> joined(detections.size());
  // One detection and one track that overlap each other and nobody else: no doubt, and no look at the face.
  std::vector<std::vector<std::size_t>> near(detections.size());
  std::vector<int> rivals(tracks_.size(), 0);
  for (std::size_t d = 0; d < detections.size(); ++d)
    for (std::size_t t = 0; t < tracks_.size(); ++t)
      if (tracks_[t].placed &&
          intersection_over_union(tracks_[t].motion.box(), detections[d]) >= options_.min_overlap) {
        near[d].push_back(t);
        ++rivals[t];
      }
  Doubt doubt;
  std::vector<bool> taken(tracks_.size(), false);
  for (std::size_t d = 0; d < detections.size(); ++d) {
    // A face that was away may have come back as somebody else: that is looked at too.
    if (near[d].size() == 1 && rivals[near[d][0]] == 1 && tracks_[near[d][0]].missed == 1) {
      taken[near[d][0]] = true;
      joined[d] = join(tracks_[near[d][0]], detections[d], now, false);
    } else {
      doubt.detections.push_back(d);
      doubt.contested.push_back(near[d].size() > 1 || (near[d].size() == 1 && rivals[near[d][0]] > 1));
    }
  }
  for (std::size_t t = 0; t < tracks_.size(); ++t)
    if (!taken[t]) doubt.tracks.push_back(t);
  if (!doubt.detections.empty() && !doubt.tracks.empty())
    VULTUS_CHECK(resolve(now, detections, appearance, doubt, joined));
  for (std::size_t d = 0; d < detections.size(); ++d) {
    if (joined[d] || tracks_.size() >= options_.max_tracks) continue;
    tracks_.push_back({.id = TrackId(next_++), .motion = BoxMotion(detections[d]), .seen = now, .hits = 1});
    joined[d] = Joined{.track = tracks_.back().id, .is_new = true, .confirmed = options_.confirm_after <= 1};
  }
  end_lost(now);
  return joined;
}

void Tracker::end_lost(Seconds now) {
  const auto lost = [&](const Track& track) {
    if (track.missed == 0) return false;
    // What was never confirmed does not wait: it was noise, or its next detections start anew.
    return track.hits < options_.confirm_after || now.value() - track.seen.value() > options_.keep_lost.value();
  };
  for (const Track& track : tracks_)
    if (lost(track)) ended_.push_back(track.id);
  std::erase_if(tracks_, lost);
}

void Tracker::steer(TrackId track, const RectF& box) {
  for (Track& t : tracks_)
    if (t.id == track && t.placed) t.motion.correct(box);
}

void Tracker::cut() {
  for (Track& track : tracks_) {
    track.placed = false;
    track.motion.rest();
  }
}

void Tracker::remember(TrackId track, const Embedding& embedding) {
  for (Track& t : tracks_)
    if (t.id == track) t.appearance = embedding;
}

Result<std::optional<TrackId>> Tracker::reunite(TrackId young, const Embedding& embedding) {
  const auto now = std::ranges::find(tracks_, young, &Track::id);
  if (now == tracks_.end()) return std::optional<TrackId>();
  Track* best = nullptr;
  Cosine most = options_.same_face;
  for (Track& lost : tracks_) {
    if (lost.missed == 0 || !lost.appearance || lost.id == young) continue;
    VULTUS_TRY(const Cosine alike, similarity(embedding, *lost.appearance));
    if (alike >= most) most = alike, best = &lost;
  }
  if (best == nullptr) return std::optional<TrackId>();
  best->motion = now->motion;
  best->seen = now->seen;
  best->missed = now->missed;
  best->placed = now->placed;
  best->hits += now->hits;
  const TrackId id = best->id;
  tracks_.erase(now);
  return std::optional(id);
}

std::vector<LiveTrack> Tracker::live() const {
  std::vector<LiveTrack> live;
  live.reserve(tracks_.size());
  for (const Track& track : tracks_)
    live.push_back({.id = track.id,
                    .box = track.motion.box(),
                    .confirmed = track.hits >= options_.confirm_after,
                    .missed = track.missed});
  return live;
}

std::vector<TrackId> Tracker::take_ended() { return std::exchange(ended_, {}); }

}  // namespace vultus::face
