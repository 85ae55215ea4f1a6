#include <vultus/engine/landmark_benchmark.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <span>
#include <utility>
#include <vector>

#include <vultus/engine/landmark_files.hpp>
#include <vultus/engine/ordered_work.hpp>
#include <vultus/engine/picture_decoder.hpp>
#include <vultus/media/picture.hpp>

namespace vultus::engine {
namespace {

constexpr float kLeastOverlap = 0.2F;  // marks reach from chin to brows, boxes of detectors often higher
constexpr std::size_t kJawPoints = 17;

struct MarkWorker {
  face::FaceFinder finder;
  media::Decoder decoder;
  media::Picture picture;
};

/// Of one face; nothing where it was missed.
struct MarkErrors {
  double all = 0, inner = 0;
};

RectF box_of_marks(std::span<const Point2f> points) {
  const auto [x0, x1] = std::ranges::minmax(points, {}, &Point2f::x);
  const auto [y0, y1] = std::ranges::minmax(points, {}, &Point2f::y);
  return {x0.x, y0.y, x1.x - x0.x, y1.y - y0.y};
}

double apart(Point2f a, Point2f b) { return std::hypot(double{a.x} - b.x, double{a.y} - b.y); }

Result<std::optional<MarkErrors>> errors_at(MarkWorker& worker, const MarkedFace& marked) {
  VULTUS_CHECK(worker.decoder.read(marked.picture, {}, worker.picture));
  VULTUS_TRY(const auto faces, worker.finder.find(worker.picture.image.view()));
  const RectF box = box_of_marks(marked.points);
  const FaceObservation* best = nullptr;
  float overlap = kLeastOverlap;
  for (const FaceObservation& face : faces)
    if (const float here = intersection_over_union(face.box, box); here >= overlap) overlap = here, best = &face;
  if (best == nullptr || !best->landmarks || best->landmarks->scheme != LandmarkScheme::ibug68)
    return std::optional<MarkErrors>();
  const double eyes = apart(marked.points[36], marked.points[45]);
  if (!(eyes > 0)) return fail(ErrorCode::corrupt_data, marked.picture + ": the outer eye corners are one point");
  MarkErrors errors;
  for (std::size_t i = 0; i < marked.points.size(); ++i) {
    const double error = apart(best->landmarks->points[i], marked.points[i]) / eyes;
    errors.all += error / static_cast<double>(marked.points.size());
    if (i >= kJawPoints) errors.inner += error / static_cast<double>(marked.points.size() - kJawPoints);
  }
  return std::optional(errors);
}

}  // namespace

Result<LandmarkBenchmark> run_landmark_benchmark(const Engine& engine, const LandmarkBenchmarkOptions& options,
                                                 const std::function<void(std::size_t, std::size_t)>& progress,
                                                 const std::stop_token& stop) {
  VULTUS_TRY(const auto marked, read_marked_faces(options.marks));
  const auto start = std::chrono::steady_clock::now();
  using Found = Result<std::optional<MarkErrors>>;
  std::vector<double> all, inner;
  LandmarkBenchmark run;
  VULTUS_CHECK(in_order<Found>(
      marked.size(), engine.threads(),
      [&]() -> Result<MarkWorker> {
        VULTUS_TRY(face::FaceFinder finder, engine.make_finder());
        VULTUS_TRY(media::Decoder decoder, make_decoder(engine));
        return MarkWorker{std::move(finder), std::move(decoder), {}};
      },
      [&](MarkWorker& worker, std::size_t i) -> Found { return errors_at(worker, marked[i]); },
      [&](Found found) -> Status {
        if (!found) return found.error();
        if (*found) all.push_back((*found)->all), inner.push_back((*found)->inner);
        if (progress) progress(++run.faces, marked.size());
        return {};
      },
      stop));
  run.faces = marked.size();
  run.missed = marked.size() - all.size();
  run.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  if (all.empty()) return fail(ErrorCode::invalid_argument, options.marks + ": none of its faces was found");
  const auto mean = [](const std::vector<double>& values) {
    double sum = 0;
    for (const double value : values) sum += value;
    return sum / static_cast<double>(values.size());
  };
  run.mean = mean(all), run.inner_mean = mean(inner);
  const auto failed = std::ranges::count_if(all, [&](double error) { return error > options.failure_above; });
  run.failed = static_cast<double>(static_cast<std::size_t>(failed) + run.missed) / static_cast<double>(run.faces);
  if (all.size() >= 2) {
    VULTUS_TRY(run.mean_interval,
               evaluation::bootstrap_groups(all.size(), options.bootstrap,
                                            [&](evaluation::GroupWeights weights) -> std::optional<double> {
                                              double sum = 0, count = 0;
                                              for (std::size_t i = 0; i < all.size(); ++i)
                                                sum += weights[i] * all[i], count += weights[i];
                                              return count > 0 ? std::optional(sum / count) : std::nullopt;
                                            }));
  }
  std::ranges::sort(all);
  run.median = evaluation::quantile(all, 0.5);
  return run;
}

}  // namespace vultus::engine
