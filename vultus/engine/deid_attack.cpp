#include <vultus/engine/deid_attack.hpp>

#include <algorithm>
#include <utility>

#include <vultus/media/encode.hpp>

namespace vultus::engine {
namespace {

constexpr float kSamePlace = .3F;
constexpr int kAttackerQuality = 75;  // of JPEG: the attacker has a copy of the original, not its pixels

}  // namespace

void DeidAttack::add(const DeidAttack& other) {
  faces += other.faces, before += other.before, after += other.after, found += other.found;
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
  DeidAttack result{.faces = 1, .adapted = {}};
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
  result.after = known ? 1 : 0;
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

}  // namespace vultus::engine
