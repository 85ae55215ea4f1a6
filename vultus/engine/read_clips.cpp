#include <vultus/engine/read_clips.hpp>

#include <algorithm>
#include <cmath>
#include <deque>

#include <fmt/format.h>

#include <vultus/expression/label_space.hpp>
#include <vultus/face/align.hpp>
#include <vultus/face/finder.hpp>
#include <vultus/face/prominence.hpp>
#include <vultus/learn/token_budget.hpp>
#include <vultus/media/transform.hpp>
#include <vultus/media/video.hpp>

namespace vultus::engine {
namespace {

/// The frames of a stretch and when they were, oldest first.
struct Stretch {
  std::deque<std::pair<double, Image>> frames;
};

/// The aligned crop of the most prominent face; nothing where there is none.
Result<std::optional<Image>> crop_of(face::FaceFinder& finder, ImageView frame, int side) {
  VULTUS_TRY(const auto faces, finder.find(frame));
  if (faces.empty()) return std::optional<Image>();
  const FaceObservation& face = face::most_prominent(faces, frame.width, frame.height);
  VULTUS_TRY(const Similarity to_crop, face::alignment(face.keypoints, side));
  VULTUS_TRY(Image crop, Image::create(side, side, PixelFormat::rgb8));
  VULTUS_CHECK(media::warp_into(frame, to_crop, crop.mutable_view()));
  return std::optional(std::move(crop));
}

Result<ReadClip> read_stretch(runtime::Network& network, const Stretch& stretch) {
  auto into = network.input();
  for (const auto& [time, crop] : stretch.frames) {
    const std::size_t bytes = static_cast<std::size_t>(crop.stride()) * static_cast<std::size_t>(crop.height());
    std::ranges::copy(std::span(crop.row(0), bytes), into.begin());
    into = into.subspan(bytes);
  }
  VULTUS_CHECK(network.run());
  VULTUS_TRY(const auto probabilities, network.output("probabilities"));
  VULTUS_TRY(const auto mask, network.output("mask"));
  if (probabilities.size() != expression::kExpressions)
    return fail(ErrorCode::corrupt_data, fmt::format("the network of clips gives {} probabilities, {} are wanted",
                                                     probabilities.size(), expression::kExpressions));
  ReadClip clip;
  clip.begin = stretch.frames.front().first, clip.end = stretch.frames.back().first;
  clip.probabilities.assign(probabilities.begin(), probabilities.end());
  clip.best = static_cast<std::size_t>(std::ranges::max_element(clip.probabilities) - clip.probabilities.begin());
  constexpr std::size_t kDepth = 2;  // frames of a step, as AdaTosk is trained
  VULTUS_TRY(clip.mask, learn::step_means(mask, stretch.frames.size() / kDepth));
  VULTUS_TRY(const auto peak, learn::peak_interval(clip.mask));
  clip.peak_begin = stretch.frames[peak.first * kDepth].first;
  clip.peak_end = stretch.frames[peak.last * kDepth + kDepth - 1].first;
  return clip;
}

}  // namespace

Result<std::size_t> read_clips(const Engine& engine, const std::string& name, const ClipOptions& options,
                               const std::function<Status(const ReadClip&)>& receive, const std::stop_token& stop) {
  if (!(options.rate > 0 && options.rate <= 1000))
    return fail(ErrorCode::invalid_argument,
                fmt::format("a rate of {} frames a second is outside (0, 1000]", options.rate));
  VULTUS_TRY(const runtime::ModelHandle model, engine.model(options.model));
  if (model.manifest.decoder != "expression_dynamic")
    return fail(ErrorCode::invalid_argument, fmt::format("model {} has decoder {}, expression_dynamic is needed",
                                                         options.model.text(), model.manifest.decoder));
  VULTUS_TRY(const auto network, model.load());
  const auto length = static_cast<std::size_t>(network->batch());
  if (length < 2 || length % 2 != 0 || network->width() != network->height() || network->channels() != 3)
    return fail(ErrorCode::invalid_argument,
                fmt::format("model {} does not read an even number of square frames", options.model.text()));
  VULTUS_TRY(auto finder, engine.make_finder());
  VULTUS_TRY(auto video,
             media::VideoReader::open(name, {.limits = options.limits, .isolation = engine.isolation()}, stop));
  Stretch stretch;
  media::VideoFrame frame;
  double next = 0;
  std::size_t read = 0;
  while (true) {
    if (stop.stop_requested()) return fail(ErrorCode::cancelled, name + ": stopped");
    VULTUS_TRY(const bool more, video.next(frame));
    if (!more) return read;
    const double time = video.info().clock.seconds(frame.time).value();
    if (time + 1e-9 < next) continue;
    next = std::max(next, time - 1 / options.rate) + 1 / options.rate;
    VULTUS_TRY(auto crop, crop_of(finder, frame.image.view(), network->width()));
    if (!crop) {
      stretch.frames.clear();
      continue;
    }
    stretch.frames.emplace_back(time, *std::move(crop));
    if (stretch.frames.size() < length) continue;
    VULTUS_TRY(const ReadClip clip, read_stretch(*network, stretch));
    VULTUS_CHECK(receive(clip));
    ++read;
    stretch.frames.erase(stretch.frames.begin(), stretch.frames.begin() + static_cast<std::ptrdiff_t>(length / 2));
  }
}

}  // namespace vultus::engine
