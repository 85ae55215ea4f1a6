#include <vultus/engine/deid.hpp>

#include <algorithm>
#include <filesystem>
#include <utility>

#include <fmt/format.h>

#include <vultus/engine/deid_attack.hpp>
#include <vultus/engine/deid_sound.hpp>
#include <vultus/engine/enrol.hpp>
#include <vultus/engine/follow_video.hpp>
#include <vultus/engine/picture_decoder.hpp>
#include <vultus/face/mesh.hpp>
#include <vultus/media/encode.hpp>
#include <vultus/media/file.hpp>
#include <vultus/media/picture.hpp>
#include <vultus/media/video.hpp>
#include <vultus/media/video_writer.hpp>
#include <vultus/protect/replace.hpp>

namespace vultus::engine {
namespace {

/// Small letters, with the dot.
std::string ending_of(const std::string& path) {
  std::string ending = std::filesystem::path(path).extension().string();
  std::ranges::transform(ending, ending.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return ending;
}

using protect::HideMethod;

/// What the first pass over a video found.
struct VideoPlan {
  std::vector<Seconds> times;
  std::vector<std::int64_t> cuts;
  std::vector<protect::SeenBox> boxes;
  SeenFaces seen;
  std::map<TrackId, TrackSummary> tracks;
  media::VideoInfo info;
};

/// The second pass.
struct VideoRun {
  const VideoPlan& plan;
  DeidFile& file;
  std::set<std::pair<std::int64_t, TrackId>> views;  ///< that are attacked
  std::map<TrackId, HiddenTrack> tracks;
};

Result<VideoPlan> walk(const Engine& engine, const std::string& input, const DeidOptions& options,
                       const std::stop_token& stop) {
  VideoPlan plan;
  FollowOptions follow{.gallery = options.gallery, .at = std::nullopt};
  if (options.gallery != nullptr) follow.at = options.at;
  // A face that was found once is hidden: what turns out to be none loses some pixels, a face that is told late its
  // privacy.
  follow.tracker.confirm_after = 1;
  FollowReceivers receivers;
  receivers.opened = [&](const media::VideoInfo& info) -> Status {
    // The second time other frames come, in which nobody has looked for faces.
    if (info.live) return fail(ErrorCode::invalid_argument, info.name + ": a camera or stream cannot be read twice");
    plan.info = info;
    return {};
  };
  receivers.frame = [&](FollowedFrame& frame) -> Status {
    const auto number = static_cast<std::int64_t>(plan.times.size());
    plan.times.push_back(frame.time);
    if (frame.cut) plan.cuts.push_back(number);
    for (FollowedFace& face : frame.faces) {
      plan.boxes.push_back({.frame = number, .track = face.track, .box = face.face.box});
      plan.seen.emplace(std::pair(number, face.track), std::move(face.face));
    }
    return {};
  };
  receivers.track = [&](TrackSummary& track) -> Status {
    plan.tracks.emplace(track.track, track);
    return {};
  };
  VULTUS_TRY(const FollowedVideo followed,
             follow_video(engine, input, {.limits = options.limits, .isolation = engine.isolation()}, follow, receivers,
                          stop));
  static_cast<void>(followed);
  return plan;
}

/// When the last frame ends: it is shown as long as the one before it.
Seconds end_of(const std::vector<Seconds>& times) {
  constexpr double kOnlyFrame = 1.0 / 25;
  const std::size_t count = times.size();
  const double step = count > 1 ? times[count - 1].value() - times[count - 2].value() : kOnlyFrame;
  return Seconds(times.back().value() + step);
}

}  // namespace

class Deidentifier::Impl {
 public:
  Impl(const Engine& engine, DeidOptions options, FaceParts parts, media::Decoder decoder)
      : engine_(&engine),
        options_(std::move(options)),
        parts_(std::move(parts)),
        decoder_(std::move(decoder)),
        attacker_(parts_, options_.gallery, options_.at) {}

  Status prepare() {
    if (options_.method == HideMethod::mesh) {
      VULTUS_TRY(const runtime::ModelHandle handle, engine_->model(ModelId("mp_face_mesh")));
      VULTUS_TRY(face::MeshNet net, face::MeshNet::load(handle));
      mesh_.emplace(std::move(net));
    }
    if (options_.method == HideMethod::synthetic) {
      VULTUS_TRY(face3d::FaceModel head, face3d::procedural_head());
      head_.emplace(std::move(head));
    }
    return attacker_.adapt(decoder_, [this](Image& picture, const FaceObservation& face) -> Status {
      VULTUS_TRY(const bool done, hide(picture, face, options_.seed));
      static_cast<void>(done);
      return {};
    });
  }

  Result<DeidFile> picture(const std::string& input, const std::string& output) {
    VULTUS_CHECK(check_picture_copy(output));
    media::Picture original;
    VULTUS_CHECK(decoder_.read(input, {.limits = options_.limits}, original));
    VULTUS_TRY(const auto faces, parts_.finder.find(original.image.view()));
    DeidFile file{.input = input, .output = output, .faces = static_cast<std::int64_t>(faces.size()), .attack = {}};
    Image hidden = original.image;
    std::vector<OriginalFace> taken;
    for (const FaceObservation& face : faces) {
      VULTUS_TRY(OriginalFace seen, attacker_.look(original.image.view(), face));
      if (!is_hidden(seen.who ? std::optional(seen.who->name) : std::nullopt)) continue;
      // Another person for each face of a picture.
      VULTUS_TRY(const bool done, hide(hidden, face, options_.seed + taken.size()));
      file.greyed += done ? 0 : 1;
      taken.push_back(std::move(seen));
    }
    file.hidden = static_cast<std::int64_t>(taken.size());
    file.frames_hidden = taken.empty() ? 0 : 1;
    VULTUS_CHECK(write(output, hidden.view()));
    // What is attacked is what was written.
    media::Picture written;
    VULTUS_CHECK(decoder_.read(output, {.limits = options_.limits}, written));
    VULTUS_TRY(const auto found, parts_.finder.find(written.image.view()));
    if (taken.empty()) return file;
    VULTUS_TRY(const auto copy, attacker_.copy_of(original.image.view()));
    for (const OriginalFace& face : taken) {
      VULTUS_TRY(const DeidAttack one, attacker_.attack(face, copy, written.image.view(), found));
      file.attack.add(one);
    }
    return file;
  }

  Result<DeidFile> video(const std::string& input, const std::string& output, const std::stop_token& stop) {
    VULTUS_TRY(const VideoPlan plan, walk(*engine_, input, options_, stop));
    DeidFile file{
        .input = input, .output = output, .faces = static_cast<std::int64_t>(plan.tracks.size()), .attack = {}};
    file.frames = static_cast<std::int64_t>(plan.times.size());
    std::set<TrackId> hidden;
    for (const auto& [id, track] : plan.tracks)
      if (is_hidden(track.decision.match ? std::optional(track.decision.match->name) : std::nullopt)) hidden.insert(id);
    file.hidden = static_cast<std::int64_t>(hidden.size());
    std::vector<protect::SeenBox> boxes;
    std::ranges::copy_if(plan.boxes, std::back_inserter(boxes),
                         [&](const auto& box) { return hidden.contains(box.track); });
    VULTUS_TRY(const auto frames, protect::plan_boxes(plan.times, plan.cuts, boxes, options_.plan));
    VULTUS_TRY(auto reader,
               media::VideoReader::open(input, {.limits = options_.limits, .isolation = engine_->isolation()}, stop));
    VULTUS_TRY(auto sound, open_sound(input, plan.info, file, stop));
    const media::VideoWriterOptions written{.quality = 20,
                                            .sound = sound ? std::optional(sound->format()) : std::nullopt};
    VULTUS_TRY(auto writer, media::VideoWriter::open(output, plan.info.width, plan.info.height, written));
    media::VideoFrame frame;
    VideoRun run{
        .plan = plan, .file = file, .views = attacked_views(plan.seen, Reidentifier::kMostViews), .tracks = {}};
    for (std::size_t number = 0; number < frames.size(); ++number) {
      if (stop.stop_requested()) return fail(ErrorCode::cancelled, "stopped while hiding faces");
      VULTUS_TRY(const bool more, reader.next(frame));
      if (!more) break;
      if (sound && number == 0) VULTUS_CHECK(sound->start(frame.file_time));
      if (sound) VULTUS_CHECK(sound->write_until(plan.times[number], writer));
      VULTUS_CHECK(hide_frame(frame.image, static_cast<std::int64_t>(number), frames[number], run));
      VULTUS_CHECK(writer.add(frame.image.view(), plan.times[number]));
    }
    if (sound) {
      VULTUS_CHECK(sound->finish(end_of(plan.times), writer));
      file.sound = sound->report();
    }
    VULTUS_CHECK(writer.finish());
    for (const auto& [id, track] : run.tracks) {
      VULTUS_TRY(const DeidAttack one, attacker_.judge(track));
      file.attack.add(one);
    }
    return file;
  }

  [[nodiscard]] std::string attacker() const {
    if (options_.gallery == nullptr) return "the originals themselves, as JPEG of quality 75";
    const GalleryInfo info = options_.gallery->info();
    return fmt::format("{} faces of {} people of the gallery", info.faces, info.subjects);
  }

 private:
  /// The sound that the copy gets, if it gets any.
  Result<std::optional<CopiedSound>> open_sound(const std::string& input, const media::VideoInfo& info, DeidFile& file,
                                                const std::stop_token& stop) const {
    std::optional<CopiedSound> none;
    file.sound.tracks = info.sound_tracks;
    if (info.sound_tracks == 0) return none;
    file.sound.outcome = SoundOutcome::dropped;
    if (options_.sound == SoundTreatment::drop) return none;
    if (engine_->isolation())
      return fail(ErrorCode::unsupported,
                  input + ": its sound would be decoded in this process, and this engine decodes in one of its own");
    auto sound = CopiedSound::open(input, options_.sound, {.alpha = options_.alpha}, stop);
    if (!sound) return sound.error().with_context("sound");
    return sound;
  }

  [[nodiscard]] bool is_hidden(const std::optional<std::string>& name) const {
    const bool named = name && options_.names.contains(*name);
    switch (options_.whom) {
      case HideWhom::all: return true;
      case HideWhom::all_but: return !named;
      case HideWhom::only: return named;
    }
    return true;
  }

  /// @return false where the method could not take the face and grey is there instead
  Result<bool> hide(Image& picture, const FaceObservation& face, std::uint64_t seed) {
    const auto grey = [&]() -> Result<bool> {
      VULTUS_CHECK(protect::hide_face(picture, face.box, HideMethod::solid));
      return false;
    };
    if (options_.method == HideMethod::synthetic) {
      if (!face.landmarks) return grey();
      const auto replaced = protect::replace_face(picture, face.box, *face.landmarks, *head_, seed);
      return replaced ? Result<bool>(true) : grey();
    }
    std::optional<Landmarks> points;
    if (mesh_) {
      const face::ScoredBox box{
          .box = face.box, .score = face.detection, .eyes = face::Eyes{{face.keypoints[0], face.keypoints[1]}}};
      auto reading = mesh_->find(picture.view(), box);
      if (!reading) return grey();
      points = std::move(reading->landmarks);
    }
    VULTUS_CHECK(protect::hide_face(picture, face.box, options_.method, points));
    return true;
  }

  Status hide_frame(Image& image, std::int64_t number, const std::vector<protect::PlannedBox>& boxes, VideoRun& run) {
    const std::int64_t before = run.file.late;
    VULTUS_CHECK(hide_planned(image, number, boxes, run));
    if (options_.whom == HideWhom::all) VULTUS_CHECK(hide_late(image, boxes, run.file));
    run.file.frames_hidden += !boxes.empty() || run.file.late > before ? 1 : 0;
    return {};
  }

  /// A last look: a face that was there too shortly to become a track is hidden all the same.
  Status hide_late(Image& image, const std::vector<protect::PlannedBox>& boxes, DeidFile& file) {
    VULTUS_TRY(const auto found, parts_.finder.find(image.view()));
    for (const FaceObservation& face : found) {
      const auto is_here = [&](const protect::PlannedBox& box) {
        return intersection_over_union(protect::hidden_region(box.box), face.box) > .2F;
      };
      if (std::ranges::any_of(boxes, is_here)) continue;
      VULTUS_CHECK(protect::hide_face(image, face.box, HideMethod::solid));
      ++file.late;
    }
    return {};
  }

  Status hide_planned(Image& image, std::int64_t number, const std::vector<protect::PlannedBox>& boxes, VideoRun& run) {
    if (boxes.empty()) return {};
    std::vector<TrackId> best;
    for (const protect::PlannedBox& box : boxes)
      if (const TrackSummary& track = run.plan.tracks.at(box.track);
          track.best_time == run.plan.times[static_cast<std::size_t>(number)]) {
        VULTUS_TRY(run.tracks[box.track].original, attacker_.look(image.view(), track.best));
        best.push_back(box.track);
      }
    std::optional<Image> copy;
    if (!best.empty()) {
      VULTUS_TRY(copy, attacker_.copy_of(image.view()));
    }
    for (const protect::PlannedBox& box : boxes) {
      const auto seen = run.plan.seen.find({number, box.track});
      if (box.seen && seen != run.plan.seen.end()) {
        VULTUS_TRY(const bool done,
                   hide(image, seen->second, options_.seed + static_cast<std::uint64_t>(box.track.number())));
        run.file.greyed += done ? 0 : 1;
      } else {
        // No points are known here: blur and blocks need none, all others become grey.
        const bool simple = options_.method == HideMethod::pixelate || options_.method == HideMethod::blur;
        VULTUS_CHECK(protect::hide_face(image, box.box, simple ? options_.method : HideMethod::solid));
        ++run.file.boxes_bridged;
      }
    }
    return attack_frame(image.view(), number, boxes, best, copy, run);
  }

  /// @param best  tracks whose best view is in this frame
  Status attack_frame(ImageView hidden, std::int64_t number, const std::vector<protect::PlannedBox>& boxes,
                      const std::vector<TrackId>& best, const std::optional<Image>& copy, VideoRun& run) {
    std::vector<FaceObservation> found;
    if (!best.empty()) {
      VULTUS_TRY(found, parts_.finder.find(hidden));
    }
    for (const protect::PlannedBox& box : boxes) {
      HiddenTrack& track = run.tracks[box.track];
      const bool is_best = std::ranges::find(best, box.track) != best.end();
      if (is_best) {
        VULTUS_TRY(track.best, attacker_.attack(*track.original, copy, hidden, found));
      }
      const auto seen = run.plan.seen.find({number, box.track});
      if (seen != run.plan.seen.end() && (is_best || run.views.contains(seen->first)))
        VULTUS_CHECK(attacker_.gather(track, seen->second, hidden));
    }
    return {};
  }

  [[nodiscard]] Status write(const std::string& path, ImageView image) const {
    VULTUS_TRY(const auto bytes, ending_of(path) == ".png"
                                     ? media::encode_png(image)
                                     : media::encode_jpeg(image, {.quality = options_.jpeg_quality}));
    return media::write_file_atomically(path, bytes);
  }

  const Engine* engine_;
  DeidOptions options_;
  FaceParts parts_;
  media::Decoder decoder_;
  Reidentifier attacker_;
  std::optional<face::MeshNet> mesh_;
  std::optional<face3d::FaceModel> head_;
};

Status check_picture_copy(const std::string& output) {
  const std::string ending = ending_of(output);
  if (ending.empty() || ending == ".png" || ending == ".jpg" || ending == ".jpeg" || ending == ".jpe") return {};
  return fail(ErrorCode::invalid_argument, output + ": pictures are written as .jpg or .png, not as " + ending);
}

Result<Deidentifier> Deidentifier::open(const Engine& engine, DeidOptions options) {
  if (options.whom != HideWhom::all && (options.gallery == nullptr || options.names.empty()))
    return fail(ErrorCode::invalid_argument, "people can be left out or chosen by the names of a gallery alone");
  if (options.jpeg_quality < 1 || options.jpeg_quality > 100)
    return fail(ErrorCode::invalid_argument,
                fmt::format("JPEG quality {}: 1 to 100 are allowed", options.jpeg_quality));
  if (!(options.alpha >= .5 && options.alpha <= 1.5))
    return fail(ErrorCode::invalid_argument, fmt::format("alpha {:g}: 0.5 to 1.5 are allowed", options.alpha));
  if (options.gallery != nullptr) {
    VULTUS_CHECK(require_model(engine, *options.gallery));
    for (const std::string& name : options.names) {
      VULTUS_TRY(const auto subject, options.gallery->find_subject(name));
      if (!subject) return fail(ErrorCode::not_found, "nobody of the gallery is called " + name);
    }
  }
  VULTUS_TRY(FaceParts parts, engine.make_parts());
  VULTUS_TRY(media::Decoder decoder, make_decoder(engine));
  auto impl = std::make_unique<Impl>(engine, std::move(options), std::move(parts), std::move(decoder));
  VULTUS_CHECK(impl->prepare());
  return Deidentifier(std::move(impl));
}

Deidentifier::Deidentifier(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Deidentifier::Deidentifier(Deidentifier&&) noexcept = default;
Deidentifier& Deidentifier::operator=(Deidentifier&&) noexcept = default;
Deidentifier::~Deidentifier() = default;

Result<DeidFile> Deidentifier::picture(const std::string& input, const std::string& output) {
  return impl_->picture(input, output);
}
Result<DeidFile> Deidentifier::video(const std::string& input, const std::string& output, const std::stop_token& stop) {
  return impl_->video(input, output, stop);
}
std::string Deidentifier::attacker() const { return impl_->attacker(); }

}  // namespace vultus::engine
