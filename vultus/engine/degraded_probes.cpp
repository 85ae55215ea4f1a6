#include <vultus/engine/degraded_probes.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <mutex>
#include <thread>
#include <utility>

#include <vultus/engine/first_error.hpp>
#include <vultus/engine/picture_decoder.hpp>
#include <vultus/media/degrade.hpp>

namespace vultus::engine {
namespace {

// Blur as a share of the distance of the eyes; eyes so many pixels apart; quality; covered share of the face's box.
constexpr std::array kBlur{0.02, 0.04, 0.06, 0.08, 0.12, 0.16};
constexpr std::array kEyes{32.0, 24.0, 16.0, 12.0, 8.0, 6.0};
constexpr std::array kQualities{50.0, 30.0, 20.0, 10.0, 5.0, 2.0};
constexpr std::array kCovered{0.1, 0.2, 0.3, 0.4, 0.5, 0.6};

double eye_distance(const FaceObservation& face) {
  const Point2f right = face.keypoints[0];
  const Point2f left = face.keypoints[1];
  return std::hypot(double{left.x} - double{right.x}, double{left.y} - double{right.y});
}

}  // namespace

std::span<const double> levels_of(Degradation kind) {
  switch (kind) {
    case Degradation::blur: return kBlur;
    case Degradation::size: return kEyes;
    case Degradation::jpeg: return kQualities;
    case Degradation::occlusion: return kCovered;
  }
  return {};
}

Result<Image> degraded(ImageView picture, const FaceObservation& face, Degradation kind, double level) {
  switch (kind) {
    case Degradation::blur: return media::blurred(picture, std::max(1e-3, level * eye_distance(face)));
    case Degradation::size: return media::shrunk(picture, std::min(1.0, level / std::max(1.0, eye_distance(face))));
    case Degradation::jpeg: return media::compressed(picture, static_cast<int>(level));
    case Degradation::occlusion: {
      // From the chin upwards, as a mask or a scarf would.
      const auto height = static_cast<float>(level) * face.box.height;
      return media::covered(picture, {face.box.x, face.box.bottom() - height, face.box.width, height});
    }
  }
  return fail(ErrorCode::internal, "a degradation without a name");
}

Result<std::vector<std::vector<std::optional<Embedding>>>> embed_degraded(
    const Engine& engine, std::span<const ProbePicture> pictures, std::span<const DegradedLevel> levels,
    const std::function<void(std::size_t)>& progress, const std::stop_token& stop) {
  std::vector<std::vector<std::optional<Embedding>>> templates(levels.size());
  for (auto& of_level : templates) of_level.resize(pictures.size());
  FirstError failed;
  std::atomic<std::size_t> next = 0;
  std::mutex telling;
  std::size_t done = 0;
  const auto work = [&]() -> Status {
    VULTUS_TRY(Looker looker, engine.make_looker());
    VULTUS_TRY(media::Decoder decoder, make_decoder(engine));
    media::Picture picture;
    // A picture is decoded once for all its levels.
    for (std::size_t i = next++; i < pictures.size(); i = next++) {
      VULTUS_CHECK(decoder.read(pictures[i].path, {}, picture));
      for (std::size_t k = 0; k < levels.size(); ++k) {
        if (stop.stop_requested() || failed.stopped()) return {};
        VULTUS_TRY(const Image worse,
                   degraded(picture.image.view(), pictures[i].face, levels[k].kind, levels[k].level));
        VULTUS_TRY(auto faces, looker.look(worse.view(), {.depth = Depth::embed_main}));
        if (!faces.empty()) templates[k][i] = std::move(faces.front().embedding);
        const std::lock_guard lock(telling);
        progress(++done);
      }
    }
    return {};
  };
  {
    const std::size_t workers = std::min(pictures.size(), static_cast<std::size_t>(engine.threads()));
    std::vector<std::jthread> threads;
    threads.reserve(workers);
    for (std::size_t w = 0; w < workers; ++w)
      threads.emplace_back([&] {
        if (const Status worked = guarded("worker", work); !worked) failed.keep(worked.error());
      });
  }
  if (failed.error()) return *failed.error();
  if (stop.stop_requested()) return fail(ErrorCode::cancelled, "stopped while looking at degraded pictures");
  return templates;
}

}  // namespace vultus::engine
