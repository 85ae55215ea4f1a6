#include <vultus/body/point_detector.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <string>
#include <utility>

#include <vultus/body/region.hpp>

namespace vultus::body {
namespace {

constexpr float kMergeOverlap = 0.3F;
constexpr std::array kPalmStrides{8, 16, 16, 16};
constexpr std::array kPersonStrides{8, 16, 32, 32, 32};
constexpr std::size_t kPalmPoints = 7;

PointedBox mean_of(const std::vector<PointedBox>& crowd) {
  PointedBox mean{{}, crowd.front().score, std::vector<Point2f>(crowd.front().points.size())};
  float total = 0;
  for (const PointedBox& one : crowd) {
    const float w = one.score.value();
    total += w;
    mean.box.x += w * one.box.x, mean.box.y += w * one.box.y;
    mean.box.width += w * one.box.width, mean.box.height += w * one.box.height;
    for (std::size_t i = 0; i < mean.points.size(); ++i)
      mean.points[i].x += w * one.points[i].x, mean.points[i].y += w * one.points[i].y;
  }
  mean.box = {mean.box.x / total, mean.box.y / total, mean.box.width / total, mean.box.height / total};
  for (Point2f& p : mean.points) p = {p.x / total, p.y / total};
  return mean;
}

}  // namespace

std::vector<Point2f> point_anchors(int side, std::span<const int> strides) {
  std::vector<Point2f> anchors;
  for (std::size_t at = 0; at < strides.size();) {
    std::size_t end = at;
    while (end < strides.size() && strides[end] == strides[at]) ++end;
    const int cells = (side + strides[at] - 1) / strides[at];
    const float step = static_cast<float>(side) / static_cast<float>(cells);
    for (int y = 0; y < cells; ++y)
      for (int x = 0; x < cells; ++x)
        anchors.insert(anchors.end(), 2 * (end - at),
                       {(static_cast<float>(x) + 0.5F) * step, (static_cast<float>(y) + 0.5F) * step});
    at = end;
  }
  return anchors;
}

std::vector<PointedBox> decode_points(std::span<const float> logits, std::span<const float> regressions,
                                      std::span<const Point2f> anchors, std::size_t points, Score threshold) {
  std::vector<PointedBox> boxes;
  const std::size_t numbers = 4 + 2 * points;
  for (std::size_t i = 0; i < anchors.size(); ++i) {
    const float score = 1 / (1 + std::exp(-logits[i]));
    if (!(score >= threshold.value())) continue;
    const auto r = regressions.subspan(i * numbers, numbers);
    if (!std::ranges::all_of(r, [](float v) { return std::isfinite(v); }) || !(r[2] > 0 && r[3] > 0)) continue;
    const Point2f a = anchors[i];
    PointedBox box{{r[0] + a.x - r[2] / 2, r[1] + a.y - r[3] / 2, r[2], r[3]}, Score(score), {}};
    for (std::size_t p = 4; p < numbers; p += 2) box.points.push_back({r[p] + a.x, r[p + 1] + a.y});
    boxes.push_back(std::move(box));
  }
  return boxes;
}

std::vector<PointedBox> merge_points(std::vector<PointedBox> boxes, float overlap) {
  std::ranges::stable_sort(boxes, std::ranges::greater{}, [](const PointedBox& b) { return b.score.value(); });
  std::vector<PointedBox> merged;
  while (!boxes.empty()) {
    const RectF best = boxes.front().box;
    std::vector<PointedBox> crowd{std::move(boxes.front())};
    std::vector<PointedBox> others;
    for (PointedBox& box : std::span(boxes).subspan(1))
      (intersection_over_union(best, box.box) > overlap ? crowd : others).push_back(std::move(box));
    merged.push_back(mean_of(crowd));
    boxes = std::move(others);
  }
  return merged;
}

PointDetector::PointDetector(std::unique_ptr<runtime::Network> network, std::size_t points)
    : network_(std::move(network)), points_(points) {
  anchors_ = points == kPalmPoints ? point_anchors(network_->width(), kPalmStrides)
                                   : point_anchors(network_->width(), kPersonStrides);
}

Result<PointDetector> PointDetector::load(const runtime::ModelHandle& model) {
  if (model.manifest.decoder != "ssd_points")
    return fail(ErrorCode::invalid_argument, "model " + model.manifest.id.text() + " has decoder " +
                                                 model.manifest.decoder + ", this detector needs ssd_points");
  VULTUS_TRY(auto network, model.load());
  PointDetector detector(std::move(network), static_cast<std::size_t>(model.parameter("points", kPalmPoints)));
  // Known before the first run: a manifest that does not fit is no fault of a picture.
  VULTUS_CHECK(detector.check_sizes().with_context(model.manifest.origin.empty() ? "model " + model.manifest.id.text()
                                                                                 : model.manifest.origin));
  return detector;
}

Status PointDetector::check_sizes() const {
  VULTUS_TRY(const auto logits, network_->output("scores"));
  VULTUS_TRY(const auto regressions, network_->output("regressions"));
  if (logits.size() == anchors_.size() && regressions.size() == anchors_.size() * (4 + 2 * points_)) return {};
  return fail(ErrorCode::corrupt_data, "the detector gives " + std::to_string(logits.size()) + " scores and " +
                                           std::to_string(regressions.size()) + " numbers, " +
                                           std::to_string(anchors_.size()) +
                                           R"( boxes are wanted (fields "outputs" and "points"))");
}

Result<std::vector<PointedBox>> PointDetector::find(ImageView picture, Score threshold) {
  if (picture.empty()) return fail(ErrorCode::invalid_argument, "body: the picture is empty");
  VULTUS_TRY(const Similarity back,
             run_on(*network_, picture, letterbox(picture.width, picture.height, network_->width())));
  VULTUS_CHECK(check_sizes());
  VULTUS_TRY(const auto logits, network_->output("scores"));
  VULTUS_TRY(const auto regressions, network_->output("regressions"));
  auto boxes = merge_points(decode_points(logits, regressions, anchors_, points_, threshold), kMergeOverlap);
  const auto scale = static_cast<float>(back.scale());
  for (PointedBox& box : boxes) {
    const Point2f corner = back.apply({box.box.x, box.box.y});
    box.box = {corner.x, corner.y, box.box.width * scale, box.box.height * scale};
    for (Point2f& p : box.points) p = back.apply(p);
  }
  return boxes;
}

}  // namespace vultus::body
