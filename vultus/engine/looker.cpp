#include <vultus/engine/looker.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <functional>
#include <span>
#include <utility>

#include <vultus/engine/face_picture.hpp>
#include <vultus/face/prominence.hpp>
#include <vultus/runtime/sha256.hpp>

namespace vultus::engine {
namespace {

// A face narrower than this in the reduced picture is read again in a larger one: the template's crop shows 112 pixels,
// of which the box fills most.
constexpr float kEnoughForTemplate = 112;

/// Takes an observation from the pixels it was made on to the pixels of the file.
void rescale(FaceObservation& face, float factor) {
  const auto grow = [factor](Point2f& p) { p.x *= factor, p.y *= factor; };
  face.box = {face.box.x * factor, face.box.y * factor, face.box.width * factor, face.box.height * factor};
  for (Point2f& p : face.keypoints) grow(p);
  if (face.landmarks)
    for (Point2f& p : face.landmarks->points) grow(p);
  if (face.quality && face.quality->inter_eye_px) *face.quality->inter_eye_px *= factor;
}

/// Time since it was made or last asked.
class StopWatch {
 public:
  double lap() {
    const auto now = std::chrono::steady_clock::now();
    return std::chrono::duration<double>(now - std::exchange(last_, now)).count();
  }

 private:
  std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
};

float narrowest(const std::vector<face::ScoredBox>& boxes) {
  float least = 1e9F;
  for (const face::ScoredBox& b : boxes) least = std::min(least, std::min(b.box.width, b.box.height));
  return least;
}

Result<std::vector<std::byte>> thumbnail_of(ImageView picture, const RectF& box, ThumbnailKind kind) {
  VULTUS_TRY(const auto jpeg,
             kind == ThumbnailKind::page ? face_picture(picture, box) : detailed_face_picture(picture, box));
  const std::span<const std::byte> bytes = std::as_bytes(std::span(jpeg));
  return std::vector<std::byte>(bytes.begin(), bytes.end());
}

/// The longer side to ask the decoder for: what the detector's last look can use.
int wanted_side(const face::DetectionReach& reach) {
  return reach.tiles ? 0 : std::max(reach.coarse_side, reach.fine_side);
}

}  // namespace

Result<std::vector<SeenFace>> Looker::describe(ImageView picture, const std::vector<face::ScoredBox>& boxes,
                                               float scale, float reduction, const LookOptions& options,
                                               StageSeconds& stages) {
  const Depth depth = options.depth;
  StopWatch watch;
  std::vector<face::ScoredBox> scaled = boxes;
  for (face::ScoredBox& b : scaled) b = face::scaled(b, scale);
  VULTUS_TRY(auto faces, finder_.describe(picture, scaled));
  std::vector<SeenFace> seen;
  seen.reserve(faces.size());
  for (FaceObservation& face : faces) seen.push_back({.face = std::move(face)});
  stages.describe += watch.lap();
  face::sort_by_prominence(seen, picture.width, picture.height, &SeenFace::face);
  const std::size_t wanted = depth == Depth::detect       ? 0
                             : depth == Depth::embed_main ? std::min<std::size_t>(1, seen.size())
                                                          : seen.size();
  for (std::size_t i = 0; i < wanted; ++i) {
    VULTUS_TRY(auto embedding, embedder_.embed(picture, seen[i].face));
    seen[i].embedding = std::move(embedding);
    if (options.thumbnails) {
      VULTUS_TRY(seen[i].thumbnail, thumbnail_of(picture, seen[i].face.box, options.thumbnail_kind));
    }
  }
  stages.embed += watch.lap();
  if (options.quality) {
    const std::size_t judged = depth == Depth::embed_main ? wanted : seen.size();
    for (std::size_t i = 0; i < judged; ++i) {
      VULTUS_TRY(seen[i].quality, face::assess(picture, seen[i].face, {.reduction = reduction}));
      seen[i].face.pose = seen[i].quality->pose;
    }
    stages.quality += watch.lap();
  }
  if (options.liveness) {
    const std::size_t judged = depth == Depth::embed_main ? wanted : seen.size();
    if (judged > 0) VULTUS_CHECK(prepare(options));
    VULTUS_CHECK(judge(picture, std::span(seen).first(judged)));
    stages.liveness += watch.lap();
  }
  return seen;
}

Status Looker::prepare(const LookOptions& options) {
  if (!options.liveness || (liveness_ && liveness_->policy() == *options.liveness)) return {};
  if (!liveness_models_) return fail(ErrorCode::internal, "liveness: no networks were given");
  VULTUS_TRY(liveness_, liveness::PassiveLiveness::load(liveness_models_, *options.liveness));
  return {};
}

Status Looker::judge(ImageView picture, std::span<SeenFace> faces) {
  for (SeenFace& face : faces) {
    VULTUS_TRY(face.liveness, liveness_->judge(picture, face.face.box));
  }
  return {};
}

Result<std::vector<SeenFace>> Looker::look(ImageView picture, const LookOptions& options) {
  VULTUS_TRY(const auto boxes, finder_.detect(picture));
  StageSeconds stages;
  return describe(picture, boxes, 1, 1, options, stages);
}

Status Looker::read_and_look(const media::Input& input, const LookOptions& options, SeenPicture& seen) {
  StopWatch watch;
  VULTUS_CHECK(media::read_input_into(input, options.limits.max_bytes, bytes_));
  if (options.hash) {
    seen.sha256 = runtime::sha256(bytes_);
    seen.left_alone = options.leave_alone && options.leave_alone(input, seen.sha256);
    if (seen.left_alone) return {};
  }
  seen.stages.decode = watch.lap();
  return look_at_bytes(bytes_, options, seen);
}

Status Looker::look_at_bytes(std::span<const std::uint8_t> file, const LookOptions& options, SeenPicture& seen) {
  StopWatch watch;
  const media::DecodeOptions reduced{.limits = options.limits, .wanted_side = wanted_side(reach_)};
  VULTUS_CHECK(decoder_.decode(file, reduced, picture_).with_context(seen.path));
  seen.width = picture_.full_width;
  seen.height = picture_.full_height;
  seen.stages.decode += watch.lap();
  VULTUS_TRY(const auto boxes, finder_.detect(picture_.image.view(), static_cast<float>(picture_.reduction)));
  seen.stages.detect = watch.lap();
  float scale = 1;
  const int first = picture_.reduction;
  if (const float least = narrowest(boxes); !boxes.empty() && first > 1 && least < kEnoughForTemplate) {
    const auto longer = static_cast<float>(std::max(picture_.image.width(), picture_.image.height()));
    const media::DecodeOptions larger{.limits = options.limits,
                                      .wanted_side = static_cast<int>(longer * kEnoughForTemplate / least)};
    VULTUS_CHECK(decoder_.decode(file, larger, picture_).with_context(seen.path));
    scale = static_cast<float>(first) / static_cast<float>(picture_.reduction);
    seen.stages.decode += watch.lap();
  }
  VULTUS_TRY(seen.faces, describe(picture_.image.view(), boxes, scale, static_cast<float>(picture_.reduction), options,
                                  seen.stages));
  if (picture_.reduction > 1)
    for (SeenFace& face : seen.faces) rescale(face.face, static_cast<float>(picture_.reduction));
  return {};
}

SeenPicture Looker::look(const media::Input& input, const LookOptions& options) {
  SeenPicture seen;
  seen.path = input.path;
  if (const Status done = read_and_look(input, options, seen); !done)
    seen = {.path = input.path, .error = done.error()};
  return seen;
}

SeenPicture Looker::look(std::span<const std::uint8_t> file, const std::string& name, const LookOptions& options) {
  SeenPicture seen;
  seen.path = name;
  if (options.hash) seen.sha256 = runtime::sha256(file);
  if (const Status done = look_at_bytes(file, options, seen); !done) seen = {.path = name, .error = done.error()};
  return seen;
}

}  // namespace vultus::engine
