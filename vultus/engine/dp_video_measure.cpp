#include <vultus/engine/dp_video_measure.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>

#include <vultus/physio/skin.hpp>

namespace vultus::engine {
namespace {

constexpr std::size_t kMostSamples = 24;
constexpr float kSameFacePlace = .3F;

/// Which frames a recogniser looks at: evenly among those with a face.
std::vector<bool> sampled_of(const std::vector<std::optional<FaceObservation>>& faces) {
  std::vector<std::size_t> with_face;
  for (std::size_t i = 0; i < faces.size(); ++i)
    if (faces[i]) with_face.push_back(i);
  std::vector<bool> sampled(faces.size(), false);
  const std::size_t count = std::min(with_face.size(), kMostSamples + 1);
  for (std::size_t i = 0; i < count; ++i) sampled[with_face[i * with_face.size() / count]] = true;
  return sampled;
}

physio::HeartRate not_measured(std::string reason) {
  return {.rate = std::nullopt, .reason = std::move(reason), .snr = {}};
}

/// @param measured  frames whose skin was seen; the others hold the colour before them
Result<physio::HeartRate> pulse_of(const std::vector<physio::SkinColour>& trace, std::size_t measured,
                                   std::size_t frames, double rate) {
  if (measured == 0 || measured < frames * 9 / 10) return not_measured("skin is seen in fewer than nine of ten frames");
  if (rate <= 2 * physio::Band{}.high) return not_measured("the video has too few frames a second");
  const auto signal = physio::pos_pulse(trace, rate);
  if (!signal) return not_measured(signal.error().message);
  return physio::heart_rate(*signal, rate);
}

}  // namespace

DpVideoMeter::DpVideoMeter(FaceParts parts, DpExpressionMeter expression,
                           std::vector<std::optional<FaceObservation>> faces, double rate, const OperatingPoint& at)
    : parts_(std::move(parts)),
      expression_(std::move(expression)),
      faces_(std::move(faces)),
      sampled_(sampled_of(faces_)),
      rate_(rate),
      at_(at) {}

Result<DpVideoMeter> DpVideoMeter::start(const Engine& engine, std::vector<std::optional<FaceObservation>> faces,
                                         double rate, const DpVideoOptions& options) {
  VULTUS_TRY(FaceParts parts, engine.make_parts());
  VULTUS_TRY(DpExpressionMeter expression, DpExpressionMeter::start(engine, options.expression));
  return DpVideoMeter(std::move(parts), std::move(expression), std::move(faces), rate, options.at);
}

Status DpVideoMeter::add(ImageView original, ImageView released) {
  width_ = released.width, height_ = released.height;
  const auto length = static_cast<std::size_t>(width_) * 3;
  mean_.resize(length * static_cast<std::size_t>(height_), 0.0);
  std::int64_t squares = 0;
  for (int y = 0; y < height_; ++y)
    for (std::size_t i = 0; i < length; ++i) {
      const int one = released.row(y)[i], difference = one - original.row(y)[i];
      squares += std::int64_t{difference} * difference;
      mean_[static_cast<std::size_t>(y) * length + i] += one;
    }
  squares_ += static_cast<double>(squares), values_ += static_cast<double>(mean_.size());
  const std::size_t number = number_++;
  if (!skin_before_.empty()) {  // an even trace: what is not seen stays as it was
    skin_before_.push_back(skin_before_.back());
    skin_after_.push_back(skin_after_.back());
  }
  if (number >= faces_.size() || !faces_[number]) return {};
  VULTUS_CHECK(look_at_skin(original, released, *faces_[number]));
  VULTUS_CHECK(expression_.add(original, released, *faces_[number], parts_.finder));
  return sampled_[number] ? recognise(original, released, *faces_[number]) : Status();
}

Status DpVideoMeter::look_at_skin(ImageView original, ImageView released, const FaceObservation& face) {
  if (!face.landmarks || face.landmarks->scheme != LandmarkScheme::ibug68) return {};
  VULTUS_TRY(const auto before, physio::skin_colour(original, *face.landmarks));
  VULTUS_TRY(const auto after, physio::skin_colour(released, *face.landmarks));
  if (!before || !after) return {};
  if (skin_before_.empty()) skin_before_.emplace_back(), skin_after_.emplace_back();
  skin_before_.back() = *before, skin_after_.back() = *after;
  ++skin_frames_;
  return {};
}

Status DpVideoMeter::recognise(ImageView original, ImageView released, const FaceObservation& face) {
  VULTUS_TRY(Embedding own, parts_.embedder.embed(original, face));
  if (!reference_) {
    reference_ = std::move(own);
    return {};
  }
  VULTUS_TRY(const Cosine before, similarity(*reference_, own));
  VULTUS_TRY(const Embedding there, parts_.embedder.embed(released, face));
  VULTUS_TRY(Cosine after, similarity(*reference_, there));
  VULTUS_TRY(const auto found, parts_.finder.find(released));
  bool is_found = false;
  for (const FaceObservation& one : found) {
    if (intersection_over_union(one.box, face.box) < kSameFacePlace) continue;
    is_found = true;
    VULTUS_TRY(const Embedding seen, parts_.embedder.embed(released, one));
    VULTUS_TRY(const Cosine again, similarity(*reference_, seen));
    after = std::max(after, again);
  }
  ++identity_.samples;
  identity_.before += before >= at_.threshold ? 1 : 0;
  identity_.after += after >= at_.threshold ? 1 : 0;
  identity_.found += is_found ? 1 : 0;
  identity_.similarity_before += before.value();
  identity_.similarity_after += after.value();
  return {};
}

Status DpVideoMeter::recognise_mean() {
  if (!reference_ || number_ == 0) return {};
  VULTUS_TRY(Image image, Image::create(width_, height_, PixelFormat::rgb8));
  const auto length = static_cast<std::size_t>(width_) * 3;
  for (int y = 0; y < height_; ++y)
    for (std::size_t i = 0; i < length; ++i)
      image.row(y)[i] = static_cast<std::uint8_t>(
          std::lround(mean_[static_cast<std::size_t>(y) * length + i] / static_cast<double>(number_)));
  Keypoints middle{};
  float seen = 0;
  for (const auto& face : faces_) {
    if (!face) continue;
    for (std::size_t i = 0; i < middle.size(); ++i)
      middle[i].x += face->keypoints[i].x, middle[i].y += face->keypoints[i].y;
    ++seen;
  }
  for (Point2f& p : middle) p.x /= seen, p.y /= seen;
  const auto there = parts_.embedder.embed(image.view(), middle);
  if (!there) return {};  // an embedder that needs all landmarks: a mean has none
  VULTUS_TRY(const Cosine similar, similarity(*reference_, *there));
  identity_.similarity_of_mean = similar.value();
  return {};
}

Status DpVideoMeter::finish(DpVideoReport& report) {
  report.psnr_db = 10 * std::log10(255.0 * 255.0 * values_ / std::max(squares_, 1e-9));
  report.skin_frames = static_cast<std::int64_t>(skin_frames_);
  VULTUS_TRY(report.pulse_before, pulse_of(skin_before_, skin_frames_, number_, rate_));
  VULTUS_TRY(report.pulse_after, pulse_of(skin_after_, skin_frames_, number_, rate_));
  report.expression = expression_.finish();
  if (identity_.samples > 0) {
    VULTUS_CHECK(recognise_mean());
    identity_.similarity_before /= identity_.samples;
    identity_.similarity_after /= identity_.samples;
  }
  report.identity = identity_;
  return {};
}

}  // namespace vultus::engine
