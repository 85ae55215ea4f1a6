#include <vultus/identity/track_evidence.hpp>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

namespace vultus::identity {
namespace {

constexpr float kFullSize = 40;  // pixels between the eyes from which a template gets no better (docs/video.md)
// The least similarity that templates of different people show in practice, for the bound on what one more can do.
constexpr double kMostOpposed = -0.2;

/// 1 for a face whose nose lies between its eyes, 0 for a profile.
double frontality(const Keypoints& points) {
  const auto at = [&](Keypoint k) { return points[static_cast<std::size_t>(k)]; };
  const Point2f right = at(Keypoint::right_eye), left = at(Keypoint::left_eye), nose = at(Keypoint::nose);
  const double dx = double{left.x} - right.x, dy = double{left.y} - right.y;
  const double length = dx * dx + dy * dy;
  if (length <= 0) return 0;
  // Where the nose falls on the line between the eyes: 0.5 seen from the front, 0 or 1 from the side.
  const double along = ((double{nose.x} - right.x) * dx + (double{nose.y} - right.y) * dy) / length;
  return std::clamp(1.0 - 2 * std::abs(along - 0.5), 0.0, 1.0);
}

}  // namespace

double evidence_weight(const FaceObservation& face) {
  const Point2f right = face.keypoints[static_cast<std::size_t>(Keypoint::right_eye)];
  const Point2f left = face.keypoints[static_cast<std::size_t>(Keypoint::left_eye)];
  const float eyes = std::hypot(left.x - right.x, left.y - right.y);
  // A turned head brings the eyes together too, so size is judged by the larger of both measures.
  const float size = std::max(eyes, face.box.width * 0.35F);
  return std::min(1.0, double{size} / kFullSize) * frontality(face.keypoints);
}

bool TrackEvidence::wants(double weight, Seconds now, const std::optional<OperatingPoint>& at) const {
  if (weight < options_.least_weight) return false;
  if (templates_ == 0) return true;
  const double since = now.value() - last_.value();
  if (since < options_.gap.value()) return false;
  if (since >= options_.recheck.value()) return true;
  if (!at) return false;
  if (!enough()) return true;
  if (!best_) return false;  // nobody to find
  const double similarity = double{best_->value()}, threshold = double{at->threshold.value()};
  // The sum grows by weight times a unit vector: its length by at most the weight, and by no less than the right angle.
  const double lowest = (length_ * similarity + weight * kMostOpposed) / (length_ + weight);
  const double highest = (length_ * similarity + weight) / std::hypot(length_, weight);
  return similarity >= threshold ? lowest < threshold : highest >= threshold;
}

Result<bool> TrackEvidence::add(const Embedding& embedding, double weight, Seconds now) {
  if (!(weight > 0)) return fail(ErrorCode::invalid_argument, "weight " + std::to_string(weight) + ", must be above 0");
  bool same = true;
  if (mean_) {
    VULTUS_TRY(const Cosine alike, similarity(embedding, *mean_));
    same = alike >= options_.same_person;
  }
  if (!same) *this = TrackEvidence(options_);
  const auto values = embedding.values();
  sum_.resize(values.size(), 0.0);
  double squares = 0;
  std::vector<float> mean(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    sum_[i] += weight * double{values[i]};
    squares += sum_[i] * sum_[i];
    mean[i] = static_cast<float>(sum_[i]);
  }
  length_ = std::sqrt(squares);
  VULTUS_TRY(mean_, Embedding::normalised(embedding.model(), std::move(mean)));
  weight_ += weight;
  ++templates_;
  last_ = now;
  return same;
}

}  // namespace vultus::identity
