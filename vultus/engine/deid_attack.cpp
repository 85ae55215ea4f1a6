#include <vultus/engine/deid_attack.hpp>

#include <algorithm>
#include <utility>

#include <vultus/media/encode.hpp>

namespace vultus::engine {
namespace {

constexpr float kSamePlace = .3F;
constexpr int kAttackerQuality = 75;  // of JPEG: the attacker has a copy of the original, not its pixels

// Of a view that says next to nothing: it counts, but hardly.
constexpr double kLeastViewWeight = .01;

}  // namespace

std::set<std::pair<std::int64_t, TrackId>> attacked_views(const SeenFaces& seen, std::size_t most) {
  std::map<TrackId, std::vector<std::int64_t>> frames;
  for (const auto& [at, face] : seen) frames[at.second].push_back(at.first);
  std::set<std::pair<std::int64_t, TrackId>> views;
  for (const auto& [track, of_track] : frames) {
    const std::size_t taken = std::min(most, of_track.size());
    for (std::size_t i = 0; i < taken; ++i) views.emplace(of_track[i * of_track.size() / taken], track);
  }
  return views;
}

void DeidAttack::add(const DeidAttack& other) {
  faces += other.faces, views += other.views, before += other.before, found += other.found;
  after += other.after, after_mean += other.after_mean, after_any += other.after_any;
  if (other.adapted) adapted = adapted.value_or(0) + *other.adapted;
}

Result<OriginalFace> Reidentifier::look(ImageView original, const FaceObservation& face) {
  VULTUS_TRY(Embedding embedding, parts_->embedder.embed(original, face));
  OriginalFace seen{.face = face, .embedding = std::move(embedding), .who = {}};
  if (gallery_ == nullptr) return seen;
  VULTUS_TRY(const auto candidates, gallery_->search(seen.embedding, {.top_k = 1}));
  if (!candidates.empty() && candidates.front().similarity >= at_.threshold) seen.who = candidates.front();
  return seen;
}

Result<std::optional<Image>> Reidentifier::copy_of(ImageView original) const {
  if (gallery_ != nullptr) return std::optional<Image>();
  VULTUS_TRY(const auto bytes, media::encode_jpeg(original, {.quality = kAttackerQuality}));
  VULTUS_TRY(media::Picture again, media::decode_picture(bytes));
  return std::optional(std::move(again.image));
}

Status Reidentifier::adapt(media::Decoder& decoder, const HideOne& hide) {
  if (gallery_ == nullptr) return {};
  std::string after;
  media::Picture picture;
  for (;;) {
    VULTUS_TRY(const auto subjects, gallery_->subjects({.after = after, .limit = 1000}));
    for (const Subject& subject : subjects) {
      VULTUS_TRY(const auto faces, gallery_->faces(subject.id));
      for (const EnrolledFace& enrolled : faces) {
        if (adapted_.size() >= kMostPictures) return {};
        VULTUS_TRY(const auto thumbnail, gallery_->thumbnail(enrolled.id));
        if (!thumbnail || thumbnail->format != ThumbnailFormat::jpeg) continue;
        const auto* bytes = reinterpret_cast<const std::uint8_t*>(thumbnail->bytes.data());
        // A picture that is damaged spoils the measurement by one face; nobody's faces stay visible for it.
        if (!decoder.decode({bytes, thumbnail->bytes.size()}, {}, picture)) continue;
        VULTUS_TRY(const auto found, parts_->finder.find(picture.image.view()));
        if (found.empty()) continue;
        const auto& main =
            *std::ranges::max_element(found, {}, [](const FaceObservation& one) { return one.box.area(); });
        VULTUS_CHECK(hide(picture.image, main));
        VULTUS_TRY(Embedding hidden, parts_->embedder.embed(picture.image.view(), main));
        adapted_.emplace_back(subject.name, std::move(hidden));
      }
    }
    if (subjects.size() < 1000) return {};
    after = subjects.back().name;
  }
}

Result<bool> Reidentifier::is_reidentified(const Embedding& original, const Embedding& probe,
                                           const std::optional<Candidate>& who) const {
  if (gallery_ == nullptr) {
    VULTUS_TRY(const Cosine similar, similarity(original, probe));
    return similar >= at_.threshold;
  }
  if (!who) return false;
  VULTUS_TRY(const auto candidates, gallery_->search(probe, {.top_k = 1}));
  return !candidates.empty() && candidates.front().similarity >= at_.threshold &&
         candidates.front().subject == who->subject;
}

Result<DeidAttack> Reidentifier::attack(const OriginalFace& original, const std::optional<Image>& copy,
                                        ImageView hidden, const std::vector<FaceObservation>& found) {
  DeidAttack result{.faces = 1, .views = 1, .adapted = {}};
  const auto& [face, truth, who] = original;
  if (!copy) {
    result.before = who ? 1 : 0;
  } else {
    VULTUS_TRY(const Embedding own, parts_->embedder.embed(copy->view(), face));
    VULTUS_TRY(const bool same, is_reidentified(truth, own, who));
    result.before = same ? 1 : 0;
  }
  // Where the face was, and where the detector believes one to be now.
  VULTUS_TRY(const Embedding there, parts_->embedder.embed(hidden, face));
  VULTUS_TRY(bool known, is_reidentified(truth, there, who));
  for (const FaceObservation& one : found) {
    if (intersection_over_union(one.box, face.box) < kSamePlace) continue;
    result.found = 1;
    VULTUS_TRY(const Embedding seen, parts_->embedder.embed(hidden, one));
    VULTUS_TRY(const bool again, is_reidentified(truth, seen, who));
    known = known || again;
  }
  result.after = result.after_mean = result.after_any = known ? 1 : 0;
  if (!adapted_.empty()) {
    std::string nearest;
    Cosine best{-2};
    for (const auto& [subject, enrolled] : adapted_) {
      VULTUS_TRY(const Cosine similar, similarity(enrolled, there));
      if (similar > best) best = similar, nearest = subject;
    }
    result.adapted = who && nearest == who->name ? 1 : 0;
  }
  return result;
}

Status Reidentifier::gather(HiddenTrack& track, const FaceObservation& face, ImageView hidden) {
  VULTUS_TRY(Embedding view, parts_->embedder.embed(hidden, face));
  VULTUS_TRY(const bool same, track.mean.add(view, std::max(identity::evidence_weight(face), kLeastViewWeight), {}));
  static_cast<void>(same);
  track.views.push_back(std::move(view));
  return {};
}

Result<DeidAttack> Reidentifier::judge(const HiddenTrack& track) const {
  DeidAttack result = track.best;
  if (!track.original || !track.mean.mean()) return result;
  const auto& [face, truth, who] = *track.original;
  result.views = static_cast<std::int64_t>(track.views.size());
  VULTUS_TRY(const bool by_mean, is_reidentified(truth, *track.mean.mean(), who));
  result.after_mean = by_mean ? 1 : 0;
  for (const Embedding& view : track.views) {
    if (result.after_any > 0) break;
    VULTUS_TRY(const bool known, is_reidentified(truth, view, who));
    result.after_any = known ? 1 : 0;
  }
  return result;
}

}  // namespace vultus::engine
