#include <vultus/engine/follower.hpp>

#include <algorithm>
#include <chrono>
#include <utility>

#include <vultus/engine/enrol.hpp>
#include <vultus/engine/face_picture.hpp>
#include <vultus/identity/decide.hpp>
#include <vultus/identity/scale.hpp>

namespace vultus::engine {
namespace {

// A view must be so much better before the picture of a track is made again.
constexpr double kBetter = 1.15;
// A template in doubt needs some evidence in it to settle anything.
constexpr double kLeastWeight = 0.05;
constexpr float kSurelyTheSame = 0.5F;

/// Adds the time since it was made to a sum.
class Timing {
 public:
  explicit Timing(double& sum) : sum_(sum) {}
  ~Timing() { sum_ += std::chrono::duration<double>(std::chrono::steady_clock::now() - begin_).count(); }
  Timing(const Timing&) = delete;
  Timing& operator=(const Timing&) = delete;
  Timing(Timing&&) = delete;
  Timing& operator=(Timing&&) = delete;

 private:
  double& sum_;
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

bool overlaps(const RectF& box, const std::vector<FaceObservation>& faces) {
  return std::ranges::any_of(
      faces, [&](const FaceObservation& face) { return intersection_over_union(face.box, box) > 0.3F; });
}

}  // namespace

Result<Follower> Follower::start(const Engine& engine, const FollowOptions& options) {
  if (options.gallery != nullptr) {
    if (!options.at) return fail(ErrorCode::invalid_argument, "a gallery needs a threshold");
    VULTUS_CHECK(require_model(engine, *options.gallery));
  }
  if (!(options.detect_every.value() >= 0) || !(options.search_every >= options.detect_every))
    return fail(ErrorCode::invalid_argument, "detect_every " + std::to_string(options.detect_every.value()) +
                                                 " and search_every " + std::to_string(options.search_every.value()) +
                                                 ": must be 0 or more and rise");
  VULTUS_TRY(FaceParts parts, engine.make_parts());
  FollowOptions chosen = options;
  // Who is the same person is a question to the model in use: among the few people of a video, one wrong pair in 1,000
  // is rare enough.
  constexpr double kFmrInOneVideo = 1e-3;
  if (const auto same = engine.operating_point(kFmrInOneVideo);
      same && options.tracker.same_face == face::TrackerOptions().same_face)
    chosen.tracker.same_face = same->threshold;
  return Follower(std::move(parts), chosen, engine.preset().detection.reach.coarse_side);
}

Result<Embedding> Follower::embed(ImageView frame, const FaceObservation& face) {
  const Timing timing(counts_.seconds.embed);
  ++counts_.templates;
  return parts_.embedder.embed(frame, face);
}

/// The faces of a frame by the detector; a quick look adds those too small for it, found again by their landmarks.
Result<std::vector<FaceObservation>> Follower::find(ImageView frame, Seconds now, bool thorough) {
  std::vector<face::ScoredBox> boxes;
  {
    const Timing timing(counts_.seconds.detect);
    ++(thorough ? counts_.thorough_looks : counts_.quick_looks);
    VULTUS_TRY(boxes, parts_.finder.detect(frame, 1, thorough ? face::Look::thorough : face::Look::quick));
  }
  detected_ = now;
  if (thorough) searched_ = now;
  const Timing timing(counts_.seconds.describe);
  // A face that is being followed was judged before, and is judged again at the next thorough look.
  for (const face::LiveTrack& track : tracker_.live())
    for (face::ScoredBox& box : boxes)
      box.known = box.known || (!thorough && track.confirmed && track.missed == 0 &&
                                intersection_over_union(track.box, box.box) > kSurelyTheSame);
  VULTUS_TRY(auto faces, parts_.finder.describe(frame, boxes));
  if (thorough) return faces;
  const auto coarse = static_cast<float>(coarse_side_);
  for (const face::LiveTrack& track : tracker_.live()) {
    const auto person = people_.find(track.id);
    if (!track.confirmed || track.missed > 1 || person == people_.end()) continue;
    constexpr float kSeenByQuickLook = 24;  // pixels of the coarse input
    const float scale = coarse / static_cast<float>(std::max({frame.width, frame.height, coarse_side_}));
    if (track.box.width * scale >= kSeenByQuickLook || overlaps(track.box, faces)) continue;
    VULTUS_TRY(auto again, parts_.finder.follow(frame, person->second.last, track.box));
    if (again && !overlaps(again->box, faces)) faces.push_back(*std::move(again));
  }
  return faces;
}

Status Follower::detect(ImageView frame, Seconds now, bool thorough, std::vector<FollowedFace>& seen) {
  tracker_.predict(now);
  VULTUS_TRY(const auto faces, find(frame, now, thorough));
  std::vector<RectF> boxes;
  boxes.reserve(faces.size());
  for (const FaceObservation& face : faces) boxes.push_back(face.box);
  std::vector<std::optional<Embedding>> made(faces.size());
  const auto appearance = [&](std::size_t d) -> Result<std::optional<Embedding>> {
    if (pixels_ == Pixels::damaged || identity::evidence_weight(faces[d]) < kLeastWeight)
      return std::optional<Embedding>();
    VULTUS_TRY(made[d], embed(frame, faces[d]));
    return made[d];
  };
  VULTUS_TRY(const auto joined, tracker_.update(now, boxes, appearance));
  for (std::size_t d = 0; d < faces.size(); ++d) {
    if (!joined[d]) continue;
    auto [at, is_new] = people_.try_emplace(joined[d]->track);
    if (is_new) {
      at->second.evidence = identity::TrackEvidence(options_.evidence);
      at->second.summary.track = joined[d]->track;
      at->second.summary.from = now;
      if (options_.at) at->second.summary.decision.at = *options_.at;
    }
    at->second.last = faces[d];
    TrackId track = joined[d]->track;
    if (joined[d]->confirmed && !at->second.confirmed) {
      VULTUS_TRY(track, welcome(frame, now, track, made[d]));
      if (options_.tell_young && !is_new) settled_.push_back({.young = joined[d]->track, .as = track});
    }
    Person& person = people_.at(track);
    person.last = faces[d];
    ++person.detections;
    person.confirmed = joined[d]->confirmed;
    person.doubtful = person.doubtful || joined[d]->ambiguous;
    VULTUS_CHECK(recognise(frame, now, person, made[d]));
    VULTUS_CHECK(note(frame, now, person));
    tell(track, person, true, seen);
  }
  return {};
}

void Follower::tell(TrackId track, const Person& person, bool detected, std::vector<FollowedFace>& seen) const {
  if (!person.confirmed && !options_.tell_young) return;
  seen.push_back({.track = track,
                  .face = person.last,
                  .detected = detected,
                  .enough = person.summary.enough,
                  .decision = person.summary.decision,
                  .confirmed = person.confirmed});
}

Result<TrackId> Follower::welcome(ImageView frame, Seconds now, TrackId track, std::optional<Embedding>& made) {
  Person& young = people_.at(track);
  if (!made) {
    if (pixels_ == Pixels::damaged || identity::evidence_weight(young.last) < options_.evidence.least_weight)
      return track;
    VULTUS_TRY(made, embed(frame, young.last));
  }
  VULTUS_TRY(const auto old, tracker_.reunite(track, *made));
  if (!old) return track;
  // What the young one saw before it was confirmed belongs to the old one.
  const std::int64_t frames = young.summary.frames;
  people_.erase(track);
  people_.at(*old).summary.frames += frames;
  people_.at(*old).summary.to = now;
  return *old;
}

Status Follower::follow(ImageView frame, Seconds now, std::vector<FollowedFace>& seen) {
  tracker_.predict(now);
  for (const face::LiveTrack& track : tracker_.live()) {
    const auto at = people_.find(track.id);
    if (track.missed > 0 || at == people_.end()) continue;
    Person& person = at->second;
    std::optional<FaceObservation> face;
    {
      const Timing timing(counts_.seconds.describe);
      VULTUS_TRY(face, parts_.finder.follow(frame, person.last, track.box));
    }
    if (!face) continue;
    ++counts_.followed;
    tracker_.steer(track.id, face->box);
    person.last = *std::move(face);
    VULTUS_CHECK(recognise(frame, now, person, std::nullopt));
    VULTUS_CHECK(note(frame, now, person));
    tell(track.id, person, false, seen);
  }
  return {};
}

/// Makes a template where it can change the answer, or takes one that was made to settle a doubt.
Status Follower::recognise(ImageView frame, Seconds now, Person& person, const std::optional<Embedding>& made) {
  if (pixels_ == Pixels::damaged) return {};
  const double weight = identity::evidence_weight(person.last);
  const bool wanted = person.confirmed &&
                      (person.evidence.wants(weight, now, options_.at) || (person.doubtful && weight >= kLeastWeight));
  if (!made && !wanted) return {};
  std::optional<Embedding> embedding = made;
  if (!embedding) {
    VULTUS_TRY(embedding, embed(frame, person.last));
  }
  person.doubtful = false;
  VULTUS_CHECK(person.evidence.add(*embedding, std::max(weight, kLeastWeight), now));
  tracker_.remember(person.summary.track, *person.evidence.mean());
  return decide(person);
}

Status Follower::decide(Person& person) {
  TrackSummary& summary = person.summary;
  summary.templates = person.evidence.templates();
  summary.weight = person.evidence.weight();
  summary.enough = person.evidence.enough();
  if (options_.gallery == nullptr) return {};
  const SearchOptions search{.top_k = identity::kCandidatesForProbability, .subjects = options_.only};
  VULTUS_TRY(auto candidates, options_.gallery->search(*person.evidence.mean(), search));
  const std::int64_t people = options_.only ? std::ssize(*options_.only) : options_.gallery->info().subjects;
  identity::add_probabilities(candidates, *options_.at, people);
  summary.decision = identity::decide(candidates, *options_.at);
  person.evidence.decided(summary.decision.best ? std::optional(summary.decision.best->similarity) : std::nullopt);
  if (!summary.enough) summary.decision.match.reset();
  return {};
}

/// Keeps what the summary tells: when the face was seen, and its best picture.
Status Follower::note(ImageView frame, Seconds now, Person& person) const {
  TrackSummary& summary = person.summary;
  summary.to = now;
  ++summary.frames;
  return person.confirmed ? keep_best(frame, now, person) : Status();
}

Status Follower::keep_best(ImageView frame, Seconds now, Person& person) const {
  TrackSummary& summary = person.summary;
  const double value = identity::evidence_weight(person.last) + 0.001 * double{person.last.detection.value()};
  // The first view is kept whatever it is: a track has one.
  const bool worth_it = pixels_ == Pixels::whole ? value >= kBetter * person.best_value : person.best_value == 0;
  if (!worth_it) return {};
  person.best_value = pixels_ == Pixels::whole ? value : 1e-6;
  summary.best_time = now;
  summary.best = person.last;
  if (!options_.thumbnails) return {};
  VULTUS_TRY(summary.thumbnail, face_picture(frame, person.last.box));
  return {};
}

Result<std::vector<FollowedFace>> Follower::look(ImageView frame, Seconds now, Pixels pixels) {
  if (frame.empty() || frame.format != PixelFormat::rgb8)
    return fail(ErrorCode::invalid_argument, "a frame without colour pixels");
  ++counts_.frames;
  pixels_ = pixels;
  const bool cut = cut_.saw(frame);
  if (cut) {
    ++counts_.cuts;
    tracker_.cut();
  }
  const auto due = [&](const std::optional<Seconds>& last, Seconds every) {
    return !last || cut || now.value() - last->value() >= every.value() - 1e-6;
  };
  std::vector<FollowedFace> seen;
  if (due(detected_, options_.detect_every)) {
    VULTUS_CHECK(detect(frame, now, due(searched_, options_.search_every), seen));
  } else {
    VULTUS_CHECK(follow(frame, now, seen));
  }
  for (const TrackId id : tracker_.take_ended()) {
    auto node = people_.extract(id);
    if (!node.empty() && node.mapped().confirmed)
      ended_.push_back(std::move(node.mapped().summary));
    else if (options_.tell_young)
      settled_.push_back({.young = id, .as = std::nullopt});
  }
  std::ranges::sort(seen, {}, &FollowedFace::track);
  return seen;
}

Status Follower::confirm_what_was_seen(std::span<const SeenFrame> frames) {
  const std::int64_t looks = counts_.thorough_looks + counts_.quick_looks;
  if (looks >= options_.tracker.confirm_after) return {};
  for (auto& [id, person] : people_) {
    if (person.confirmed || person.detections != looks) continue;
    person.confirmed = true;
    if (options_.tell_young) settled_.push_back({.young = id, .as = id});
    for (const SeenFrame& seen : frames) {
      const auto face = std::ranges::find(seen.faces, id, &FollowedFace::track);
      if (face == seen.faces.end()) continue;
      person.last = face->face;
      pixels_ = seen.pixels;
      // There will be no better views: each that helps is taken, however close they follow each other.
      const double weight = identity::evidence_weight(person.last);
      if (pixels_ == Pixels::whole && weight >= options_.evidence.least_weight && !person.evidence.enough()) {
        VULTUS_TRY(const Embedding made, embed(seen.frame, person.last));
        VULTUS_CHECK(recognise(seen.frame, seen.time, person, made));
      }
      VULTUS_CHECK(keep_best(seen.frame, seen.time, person));
    }
  }
  return {};
}

std::vector<TrackSummary> Follower::take_ended() { return std::exchange(ended_, {}); }

std::vector<TrackSummary> Follower::finish() {
  for (auto& [id, person] : people_)
    if (person.confirmed) ended_.push_back(std::move(person.summary));
  people_.clear();
  return take_ended();
}

}  // namespace vultus::engine
