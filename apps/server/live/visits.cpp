#include <apps/server/live/visits.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace vultus::server {
namespace {

constexpr std::array<std::string_view, 3> kKindNames{"known", "unknown", "lost"};
constexpr std::size_t kMostVisitors = 10'000;

std::optional<double> similarity_of(const std::optional<Candidate>& told) {
  return told ? std::optional(double{told->similarity.value()}) : std::nullopt;
}

bool is_nameable(const std::optional<liveness::Reading>& read) {
  return !read || read->decision() == liveness::Decision::live;
}

std::optional<LivenessTold> told_of(const std::optional<liveness::Reading>& read) {
  if (!read) return std::nullopt;
  return LivenessTold{.score = read->live,
                      .decision = std::string(liveness::name_of(read->decision())),
                      .reason = std::string(liveness::name_of(read->reason))};
}

}  // namespace

std::string_view name_of(EventKind kind) { return kKindNames.at(static_cast<std::size_t>(kind)); }

std::optional<EventKind> event_kind_from(std::string_view name) {
  const auto* const at = std::ranges::find(kKindNames, name);
  if (at == kKindNames.end()) return std::nullopt;
  return static_cast<EventKind>(at - kKindNames.begin());
}

bool Visits::counts(const RectF& box, int width, int height, std::string& zone) const {
  if (std::min(box.width, box.height) < static_cast<float>(rules_.minimum_face_px)) return false;
  if (rules_.zones.empty()) return true;
  const Point2f centre{box.centre().x / static_cast<float>(width), box.centre().y / static_cast<float>(height)};
  const auto at = std::ranges::find_if(rules_.zones, [&](const Zone& one) { return one.holds(centre); });
  if (at == rules_.zones.end()) return false;
  zone = at->name;
  return true;
}

bool Visits::visit(SubjectId subject, double now_s) {
  const auto [at, is_new] = last_seen_.try_emplace(subject, now_s);
  const bool begins = is_new || now_s - at->second > rules_.once_per_visit_s;
  at->second = now_s;
  if (last_seen_.size() > kMostVisitors)
    std::erase_if(last_seen_, [&](const auto& one) { return now_s - one.second > rules_.once_per_visit_s; });
  return begins;
}

std::vector<Happening> Visits::see(std::span<const engine::FollowedFace> faces, int width, int height, double now_s,
                                   const LivenessOf& live) {
  std::vector<Happening> happened;
  for (const engine::FollowedFace& face : faces) {
    std::string zone;
    if (!counts(face.face.box, width, height, zone)) continue;
    Seen& track = tracks_.try_emplace(face.track, Seen{.first = now_s}).first->second;
    track.box = face.face.box;
    track.zone = zone;
    Happening told{.track = face.track, .zone = zone, .box = track.box};
    const auto read = live ? live(face.track) : std::nullopt;
    told.live = told_of(read);
    const bool may_be_named = is_nameable(read);
    if (may_be_named) told.similarity = similarity_of(face.decision.told());
    if (face.enough && may_be_named) told.threshold = track.threshold = double{face.decision.at.threshold.value()};
    if (face.enough && may_be_named && face.decision.match) {
      const Candidate& person = *face.decision.match;
      const bool begins = visit(person.subject, now_s);
      const bool other = !track.person || track.person->subject != person.subject;
      track.person = person;
      if (!other || !begins) continue;
      track.told_known = true;
      told.kind = EventKind::known;
      told.subject = person.subject;
      told.name = person.name;
      happened.push_back(std::move(told));
    } else if ((face.enough || !may_be_named) && !track.person && !track.told_unknown &&
               now_s - track.first >= kUnknownAfter) {
      track.told_unknown = true;
      happened.push_back(std::move(told));
    }
  }
  return happened;
}

std::vector<Happening> Visits::ended(std::span<const engine::TrackSummary> tracks, double now_s,
                                     const LivenessOf& live) {
  std::vector<Happening> happened;
  for (const engine::TrackSummary& summary : tracks) {
    const auto node = tracks_.extract(summary.track);
    if (node.empty()) continue;  // it never was where it counts
    const Seen& track = node.mapped();
    Happening told{.track = summary.track,
                   .threshold = track.threshold,
                   .zone = track.zone,
                   .box = track.box,
                   .picture = summary.thumbnail};
    const auto read = live ? live(summary.track) : std::nullopt;
    told.live = told_of(read);
    if (is_nameable(read)) told.similarity = similarity_of(summary.decision.told());
    if (track.person) {
      // The visit lasts to its last moment: from here the time until the next one counts.
      static_cast<void>(visit(track.person->subject, now_s));
      if (!track.told_known) continue;
      told.kind = EventKind::lost;
      told.subject = track.person->subject;
      told.name = track.person->name;
      told.similarity = double{track.person->similarity.value()};
    } else if (track.told_unknown) {
      continue;
    }
    happened.push_back(std::move(told));
  }
  return happened;
}

}  // namespace vultus::server
