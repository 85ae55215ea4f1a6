#include <vultus/face/detector.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <iterator>
#include <string>

#include <vultus/face/blaze_decoder.hpp>
#include <vultus/face/scrfd_decoder.hpp>
#include <vultus/media/transform.hpp>

namespace vultus::face {
namespace {

// Compiled sizes that are kept: photos of one camera have two, a mixed folder has many.
constexpr std::size_t kMaxSizes = 24;
// From this side on, in its own pixels, a look sees every face (docs/detection.md: 99 % at 12, 100 % at 16) ...
constexpr float kSeenForSure = 16;
// ... with at least this score: 0.94 was the least of the large faces in the sample photos, 0.11 the most of the rest.
constexpr Score kHint{0.3F};
constexpr std::uint8_t kPadding = 127;  // the mean of the network: says nothing
constexpr std::uint8_t kBlack = 0;      // what BlazeFace and SCRFD were trained with
constexpr std::array kScrfdStrides{8, 16, 32};

/// The cells of a BlazeFace network: parameters anchors_stride_4, _8, _16 and _32 say how many anchors a cell has.
std::vector<BlazeGrid> grids_of(const runtime::ModelHandle& model) {
  std::vector<BlazeGrid> grids;
  for (const int stride : {4, 8, 16, 32}) {
    const double anchors = model.parameter("anchors_stride_" + std::to_string(stride), 0);
    if (anchors >= 1 && anchors <= 16) grids.push_back({stride, static_cast<int>(anchors)});
  }
  return grids;
}

/// SCRFD: every stride has scores and boxes, and all have points or none.
Status check_scrfd(const runtime::ModelManifest& manifest) {
  const auto has = [&](const char* kind, int stride) {
    return manifest.outputs.contains(kind + std::to_string(stride));
  };
  for (const int stride : kScrfdStrides)
    if (!has("scores_", stride) || !has("boxes_", stride) || has("points_", stride) != has("points_", 8))
      return fail(
          ErrorCode::invalid_argument,
          "model " + manifest.id.text() +
              ": decoder scrfd needs the outputs scores_N and boxes_N for N = 8, 16, 32, and points_N for all or "
              "none of them");
  const bool square = manifest.input.width() == manifest.input.height() && manifest.input.width() >= 128;
  if (!manifest.input.resizable && !square)
    return fail(ErrorCode::invalid_argument, "model " + manifest.id.text() + " sees " +
                                                 std::to_string(manifest.input.width()) + "x" +
                                                 std::to_string(manifest.input.height()) +
                                                 " pixels: an input of one size must be a square of at least 128");
  return {};
}

/// A fault of the manifest, not of a picture: named by its file and field.
Error told_by(const runtime::ModelManifest& manifest, const std::string& what) {
  const Error error = fail(ErrorCode::corrupt_data, what);
  return manifest.origin.empty() ? error : error.with_context(manifest.origin);
}

}  // namespace

Result<Detector> Detector::load(runtime::ModelHandle model, const DetectorOptions& options) {
  if (!(options.threshold >= Score(0.05F) && options.threshold < Score(1)))
    return fail(ErrorCode::invalid_argument,
                "detector threshold " + std::to_string(options.threshold.value()) + ": allowed are 0.05 to below 1");
  if (!(options.overlap > 0 && options.overlap <= 1))
    return fail(ErrorCode::invalid_argument,
                "detector overlap " + std::to_string(options.overlap) + ": allowed is above 0 to 1");
  if (options.reach.coarse_side < 64 || options.reach.coarse_side > 4096 || options.reach.fine_side < 0 ||
      options.reach.fine_side > 4096)
    return fail(ErrorCode::invalid_argument, "detector sides " + std::to_string(options.reach.coarse_side) + " and " +
                                                 std::to_string(options.reach.fine_side) +
                                                 ": allowed are 64 to 4096 pixels");
  const std::string& decoder = model.manifest.decoder;
  if (decoder != "rfb" && decoder != "blazeface" && decoder != "scrfd")
    return fail(ErrorCode::invalid_argument, "model " + model.manifest.id.text() + " has decoder " + decoder +
                                                 ", a detector needs rfb, blazeface or scrfd");
  const Family family = decoder == "rfb" ? Family::rfb : decoder == "scrfd" ? Family::scrfd : Family::blazeface;
  if (family == Family::scrfd) VULTUS_CHECK(check_scrfd(model.manifest));
  if (family == Family::rfb && !model.manifest.input.resizable)
    return told_by(model.manifest, "model " + model.manifest.id.text() +
                                       R"(: "resizable" is not true, decoder rfb looks at pictures of any size)");
  if (family == Family::blazeface && grids_of(model).empty())
    return fail(ErrorCode::invalid_argument,
                "model " + model.manifest.id.text() + " has no parameter such as anchors_stride_4, 1 to 16");
  Detector detector(std::move(model), options, family);
  int width = detector.model_.manifest.input.width(), height = width;
  if (!detector.is_square()) {
    const DetectionPass usual = plan_detection(4 * options.reach.coarse_side, 3 * options.reach.coarse_side,
                                               {.coarse_side = options.reach.coarse_side, .fine_side = 0})
                                    .front();
    width = usual.input_width, height = usual.input_height;
  }
  VULTUS_TRY(const Sized* const sized, detector.network_for(width, height));
  VULTUS_CHECK(detector.check_sizes(*sized));
  return detector;
}

Result<Detector::Sized*> Detector::network_for(int width, int height) {
  const auto key = std::pair(width, height);
  if (const auto at = networks_.find(key); at != networks_.end()) return &at->second;
  if (networks_.size() >= kMaxSizes) networks_.clear();
  Sized sized;
  VULTUS_TRY(sized.network, model_.load({.width = width, .height = height}));
  if (family_ == Family::blazeface) sized.blaze_anchors = blaze_anchors(width, grids_of(model_));
  if (family_ == Family::rfb) sized.anchors = rfb_anchors(width, height);
  return &networks_.emplace(key, std::move(sized)).first->second;
}

int Detector::anchors_a_cell() const { return static_cast<int>(std::clamp(model_.parameter("anchors", 2), 1.0, 16.0)); }

Status Detector::check_levels(const Sized& sized) const {
  for (const int stride : kScrfdStrides) {
    const std::string name = std::to_string(stride);
    VULTUS_TRY(const auto scores, sized.network->output("scores_" + name));
    VULTUS_TRY(const auto boxes, sized.network->output("boxes_" + name));
    std::span<const float> points;
    if (model_.manifest.outputs.contains("points_" + name)) {
      VULTUS_TRY(points, sized.network->output("points_" + name));
    }
    const std::size_t anchors =
        scrfd_anchors(sized.network->width(), sized.network->height(), stride, anchors_a_cell());
    if (scores.size() != anchors || boxes.size() != 4 * anchors || (!points.empty() && points.size() != 10 * anchors))
      return told_by(model_.manifest, "model " + model_.manifest.id.text() + " gives " + std::to_string(scores.size()) +
                                          " scores and " + std::to_string(boxes.size()) + " distances at stride " +
                                          name + ", " + std::to_string(anchors) +
                                          R"( anchors are wanted (fields "outputs" and "parameters"))");
  }
  return {};
}

Status Detector::check_sizes(const Sized& sized) const {
  if (family_ == Family::scrfd) return check_levels(sized);
  const bool blaze = family_ == Family::blazeface;
  VULTUS_TRY(const auto scores, sized.network->output("scores"));
  VULTUS_TRY(const auto regressions, sized.network->output("regressions"));
  const std::size_t anchors = blaze ? sized.blaze_anchors.size() : sized.anchors.size();
  const std::size_t each = blaze ? 1 : 2, numbers = blaze ? 16 : 4;
  if (scores.size() == each * anchors && regressions.size() == numbers * anchors) return {};
  return told_by(model_.manifest, "model " + model_.manifest.id.text() + " gives " +
                                      std::to_string(scores.size() / each) + " scores for " + std::to_string(anchors) +
                                      R"( anchors (fields "outputs" and "parameters"))");
}

Result<std::vector<ScoredBox>> Detector::decode_levels(const Sized& sized, Score threshold) const {
  const int width = sized.network->width(), height = sized.network->height();
  std::vector<ScoredBox> found;
  for (const int stride : kScrfdStrides) {
    const std::string name = std::to_string(stride);
    ScrfdLevel level{.stride = stride, .scores = {}, .boxes = {}, .points = {}};
    VULTUS_TRY(level.scores, sized.network->output("scores_" + name));
    VULTUS_TRY(level.boxes, sized.network->output("boxes_" + name));
    if (model_.manifest.outputs.contains("points_" + name)) {
      VULTUS_TRY(level.points, sized.network->output("points_" + name));
    }
    const auto boxes = decode_scrfd(level, width, height, anchors_a_cell(), threshold);
    found.insert(found.end(), boxes.begin(), boxes.end());
  }
  return found;
}

Result<std::vector<ScoredBox>> Detector::decode(const Sized& sized, Score threshold) const {
  VULTUS_CHECK(check_sizes(sized));
  if (family_ == Family::scrfd) return decode_levels(sized, threshold);
  VULTUS_TRY(const auto scores, sized.network->output("scores"));
  VULTUS_TRY(const auto regressions, sized.network->output("regressions"));
  return family_ == Family::blazeface ? decode_blaze(scores, regressions, sized.blaze_anchors, threshold)
                                      : decode_rfb(scores, regressions, sized.anchors, threshold);
}

std::vector<DetectionPass> Detector::passes_for(ImageView picture, float reduction) const {
  DetectionReach reach = options_.reach;
  reach.ignore_below /= reduction;
  return is_square() ? plan_square_detection(picture.width, picture.height, model_.manifest.input.width(), reach)
                     : plan_detection(picture.width, picture.height, reach);
}

Status Detector::run(ImageView picture, const DetectionPass& pass, Score threshold, std::vector<ScoredBox>& found) {
  VULTUS_TRY(Sized * sized, network_for(pass.input_width, pass.input_height));
  const std::span<std::uint8_t> input = sized->network->input();
  const int width =
      std::min(pass.input_width, std::max(1, static_cast<int>(std::lround(pass.region.width * pass.scale))));
  const int height =
      std::min(pass.input_height, std::max(1, static_cast<int>(std::lround(pass.region.height * pass.scale))));
  const std::ptrdiff_t stride = std::ptrdiff_t{3} * pass.input_width;
  if (width < pass.input_width || height < pass.input_height)
    std::memset(input.data(), family_ == Family::rfb ? kPadding : kBlack, input.size());
  VULTUS_CHECK(media::resize_into(picture, pass.region, {input.data(), width, height, stride, PixelFormat::rgb8}));
  VULTUS_CHECK(sized->network->run());
  VULTUS_TRY(const auto decoded, decode(*sized, threshold));
  const float sx = pass.region.width / static_cast<float>(width), sy = pass.region.height / static_cast<float>(height);
  for (const ScoredBox& b : decoded) {
    ScoredBox face = b;
    face.box = {pass.region.x + b.box.x * sx, pass.region.y + b.box.y * sy, b.box.width * sx, b.box.height * sy};
    if (face.eyes)
      for (Point2f& eye : *face.eyes) eye = {pass.region.x + eye.x * sx, pass.region.y + eye.y * sy};
    const Point2f centre = face.box.centre();  // the padding holds no faces
    if (centre.x <= pass.region.right() && centre.y <= pass.region.bottom()) found.push_back(face);
  }
  return {};
}

Result<std::vector<ScoredBox>> Detector::detect(ImageView picture, float reduction, Look how) {
  if (picture.empty() || picture.format != PixelFormat::rgb8)
    return fail(ErrorCode::invalid_argument, "detect: needs a colour picture");
  std::vector<DetectionPass> passes = passes_for(picture, reduction);
  if (how == Look::quick) passes.resize(1);
  std::vector<ScoredBox> hints, found;
  VULTUS_CHECK(run(picture, passes.front(), std::min(kHint, options_.threshold), hints));
  std::ranges::copy_if(hints, std::back_inserter(found),
                       [&](const ScoredBox& hint) { return hint.score >= options_.threshold; });
  for (std::size_t i = 1; i < passes.size(); ++i) VULTUS_CHECK(run(picture, passes[i], options_.threshold, found));
  found = suppress_overlaps(std::move(found), options_.overlap);
  for (ScoredBox& face : found) {
    const float seen_side = std::min(face.box.width, face.box.height) * passes.front().scale;
    face.confirmed = seen_side < kSeenForSure || std::ranges::any_of(hints, [&](const ScoredBox& hint) {
                       return intersection_over_union(hint.box, face.box) > options_.overlap;
                     });
  }
  return found;
}

}  // namespace vultus::face
