#include <vultus/engine/enrol.hpp>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>

namespace vultus::engine {
namespace {

constexpr std::size_t kMaxBatch = 10'000;

std::string duplicate_of(FaceId face) { return "duplicate_of:" + std::to_string(face.number()); }

/// Collects faces into transactions and reports each step when its face is on the disk, in the order of the inputs.
class Batch {
 public:
  Batch(EnrolTarget& into, std::size_t size, const std::function<void(const EnrolStep&)>& receive)
      : into_(into), size_(size), receive_(receive) {}

  void skip(EnrolStep step) { steps_.emplace_back(std::move(step), std::nullopt); }
  void known(EnrolStep step) { steps_.emplace_back(std::move(step), std::nullopt); }
  Status add(EnrolStep step, NewFace face) {
    steps_.emplace_back(std::move(step), faces_.size());
    faces_.push_back(std::move(face));
    return faces_.size() >= size_ ? flush() : Status();
  }
  /// The faces of the gallery that resemble a new one most. Faces that wait for their transaction count too: if one of
  /// them comes near, it is written first.
  /// @param near  similarity from which a face matters
  Result<Rivals> rivals(const NewFace& face, Cosine near) {
    VULTUS_TRY(const Gallery* const gallery, into_.gallery());
    for (const NewFace& waiting : faces_) {
      VULTUS_TRY(const Cosine similar, similarity(waiting.embedding, face.embedding));
      if (similar < near) continue;
      VULTUS_CHECK(flush());
      break;
    }
    // Two subjects are enough: the best of all others is the first or the second.
    VULTUS_TRY(auto candidates, gallery->search(face.embedding, {.top_k = 2}));
    Rivals found;
    for (Candidate& candidate : candidates) {
      auto& place = candidate.name == face.subject ? found.own : found.other;
      if (!place) place = std::move(candidate);
    }
    return found;
  }
  /// Does a face come from the file with this SHA-256?
  [[nodiscard]] bool holds(FaceId face, const std::string& sha256) const {
    const Gallery* const gallery = into_.opened();
    if (gallery == nullptr) return false;
    const auto faces = gallery->faces_of_source(sha256);
    return faces && std::ranges::find(*faces, face, &EnrolledFace::id) != faces->end();
  }
  Result<std::int64_t> subjects() {
    VULTUS_TRY(const Gallery* const gallery, into_.gallery());
    return gallery->info().subjects;
  }
  Status flush() {
    if (!faces_.empty()) {
      VULTUS_TRY(Gallery* const gallery, into_.gallery());
      VULTUS_TRY(const auto outcomes, gallery->enrol(faces_));
      for (auto& [step, face] : steps_) {
        if (!face) continue;
        step.face = outcomes[*face].face;
        if (!outcomes[*face].already_there) continue;
        step.kind = EnrolStep::Kind::already_there;
        step.reason = duplicate_of(step.face);
      }
    }
    for (const auto& [step, face] : steps_) {
      switch (step.kind) {
        case EnrolStep::Kind::enrolled: ++report_.enrolled; break;
        case EnrolStep::Kind::already_there: ++report_.already_there; break;
        case EnrolStep::Kind::skipped: ++report_.skipped; break;
      }
      receive_(step);
    }
    faces_.clear();
    steps_.clear();
    return {};
  }
  [[nodiscard]] const EnrolReport& report() const { return report_; }

 private:
  EnrolTarget& into_;
  std::size_t size_;
  const std::function<void(const EnrolStep&)>& receive_;
  std::vector<NewFace> faces_;
  std::vector<std::pair<EnrolStep, std::optional<std::size_t>>> steps_;
  EnrolReport report_;
};

NewFace new_face(const SeenPicture& seen, const std::string& subject) {
  const SeenFace& main = seen.faces.front();
  NewFace face{.subject = subject, .embedding = *main.embedding};
  face.details.detection = main.face.detection;
  if (main.face.quality) face.details.inter_eye_px = main.face.quality->inter_eye_px;
  if (main.quality) face.details.quality = Score(main.quality->unified / 100);
  face.details.source = seen.path;
  face.details.source_sha256 = seen.sha256;
  face.details.box = main.face.box;
  if (main.thumbnail) face.thumbnail = Thumbnail{.format = ThumbnailFormat::jpeg, .bytes = *main.thumbnail};
  return face;
}

EnrolStep skipped(EnrolStep step, Refusal why) {
  step.kind = EnrolStep::Kind::skipped;
  step.reason = std::move(why.reason);
  step.error = std::move(why.error);
  return step;
}

Result<std::optional<Refusal>> refuse_by_gallery(const Engine& engine, Batch& batch, const NewFace& face,
                                                 const std::string& path, const EnrolGate& gate) {
  VULTUS_TRY(const std::int64_t subjects, batch.subjects());
  VULTUS_TRY(const Cosine conflict, conflict_threshold(engine, gate, subjects));
  VULTUS_TRY(const Rivals rivals, batch.rivals(face, std::min(conflict, gate.duplicate)));
  // The very face of the very file is no copy but the same enrolment once more: the gallery knows it.
  if (rivals.own && !face.details.source_sha256.empty() && batch.holds(rivals.own->face, face.details.source_sha256))
    return std::optional<Refusal>();
  return refuse_rivals(path, face.subject, rivals, gate, conflict);
}

/// A face that was looked at: into the batch, or told why not.
Status pass_gate(const Engine& engine, Batch& batch, const SeenPicture& seen, EnrolStep step,
                 const EnrolOptions& options) {
  if (auto no = refuse_picture(seen, options.gate, options.largest, options.force)) {
    batch.skip(skipped(std::move(step), *std::move(no)));
    return {};
  }
  NewFace face = new_face(seen, step.subject);
  if (!options.force) {
    VULTUS_TRY(const auto no, refuse_by_gallery(engine, batch, face, seen.path, options.gate));
    if (no) {
      batch.skip(skipped(std::move(step), *no));
      return {};
    }
  }
  return batch.add(std::move(step), std::move(face));
}

Status check_batch(const EnrolOptions& options) {
  if (options.batch >= 1 && options.batch <= kMaxBatch) return {};
  return fail(ErrorCode::invalid_argument,
              "batch " + std::to_string(options.batch) + ": allowed are 1 to " + std::to_string(kMaxBatch));
}

/// Were these bytes enrolled for this subject before?
std::optional<FaceId> enrolled_before(const Gallery* gallery, const std::string& sha256, const std::string& subject) {
  if (gallery == nullptr) return std::nullopt;
  const auto faces = gallery->faces_of_source(sha256);
  if (!faces) return std::nullopt;  // the gallery will say so when it is written
  for (const EnrolledFace& face : *faces) {
    const auto owner = gallery->subject(face.subject);
    if (owner && owner->name == subject) return face.id;
  }
  return std::nullopt;
}

}  // namespace

GalleryModel gallery_model(const Engine& engine) {
  return {.id = engine.preset().template_model(),
          .dimension = engine.dimension(),
          .sha256 = engine.template_sha256(),
          .preset = engine.preset().id};
}

Status require_model(const Engine& engine, const Gallery& gallery) {
  const GalleryInfo info = gallery.info();
  if (info.model.id == engine.preset().template_model()) return {};
  return fail(ErrorCode::model_mismatch,
              info.path + ": its templates are of model " + info.model.id.text() +
                  (info.model.preset.empty() ? std::string() : " (preset " + info.model.preset + ")") + ", preset " +
                  engine.preset().id + " makes templates of model " + engine.preset().template_model().text());
}

Result<Gallery*> EnrolTarget::gallery() {
  if (Gallery* const there = opened()) return there;
  VULTUS_TRY(made_, make_());
  gallery_ = &*made_;
  return opened();
}

Result<EnrolReport> enrol_pictures(const Engine& engine, Gallery& gallery, std::span<const EnrolInput> inputs,
                                   const EnrolOptions& options, const std::function<void(const EnrolStep&)>& receive,
                                   const std::stop_token& stop) {
  EnrolTarget into(gallery);
  return enrol_pictures(engine, into, inputs, options, receive, stop);
}

Result<EnrolReport> enrol_pictures(const Engine& engine, EnrolTarget& into, std::span<const EnrolInput> inputs,
                                   const EnrolOptions& options, const std::function<void(const EnrolStep&)>& receive,
                                   const std::stop_token& stop) {
  VULTUS_CHECK(check_batch(options));
  if (const Gallery* const there = into.opened()) VULTUS_CHECK(require_model(engine, *there));
  std::vector<media::Input> pictures;
  pictures.reserve(inputs.size());
  for (const EnrolInput& in : inputs) pictures.push_back(in.input);
  LookOptions look{.depth = Depth::embed_main,
                   .limits = options.limits,
                   .hash = true,
                   .leave_alone = {},
                   .thumbnails = options.thumbnails,
                   .thumbnail_kind = ThumbnailKind::re_embed,
                   .quality = true};
  look.leave_alone = [&](const media::Input& input, const std::string& sha256) {
    return enrolled_before(into.opened(), sha256, inputs[static_cast<std::size_t>(&input - pictures.data())].subject)
        .has_value();
  };
  Batch batch(into, options.batch, receive);
  std::size_t number = 0;
  const Status looked = engine.look_at(
      pictures, look,
      [&](const SeenPicture& seen) -> Status {
        EnrolStep step{.kind = EnrolStep::Kind::enrolled,
                       .path = seen.path,
                       .subject = inputs[number++].subject,
                       .face = {},
                       .reason = {},
                       .error = {}};
        if (seen.left_alone) {
          step.kind = EnrolStep::Kind::already_there;
          step.face = enrolled_before(into.opened(), seen.sha256, step.subject).value_or(FaceId());
          step.reason = duplicate_of(step.face);
          batch.known(std::move(step));
          return {};
        }
        return pass_gate(engine, batch, seen, std::move(step), options);
      },
      stop);
  // What was looked at is kept, also when somebody stopped the rest.
  if (looked || looked.error().code == ErrorCode::cancelled) VULTUS_CHECK(batch.flush());
  if (!looked) return looked.error();
  return batch.report();
}

Result<EnrolReport> enrol_seen(const Engine& engine, Gallery& gallery, std::vector<SeenEnrolment> faces,
                               const EnrolOptions& options, const std::function<void(const EnrolStep&)>& receive,
                               const std::stop_token& stop) {
  VULTUS_CHECK(check_batch(options));
  VULTUS_CHECK(require_model(engine, gallery));
  EnrolTarget into(gallery);
  Batch batch(into, options.batch, receive);
  for (SeenEnrolment& one : faces) {
    if (stop.stop_requested()) {
      VULTUS_CHECK(batch.flush());
      return fail(ErrorCode::cancelled, "stopped while enrolling faces");
    }
    EnrolStep step{.kind = EnrolStep::Kind::enrolled,
                   .path = one.seen.path,
                   .subject = std::move(one.subject),
                   .face = {},
                   .reason = {},
                   .error = {}};
    VULTUS_CHECK(pass_gate(engine, batch, one.seen, std::move(step), options));
  }
  VULTUS_CHECK(batch.flush());
  return batch.report();
}

}  // namespace vultus::engine
