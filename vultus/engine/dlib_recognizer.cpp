#include <vultus/engine/dlib_recognizer.hpp>

#include <algorithm>
#include <cmath>
#include <functional>
#include <random>
#include <utility>

#include <vultus/face/dlib_rectangle.hpp>
#include <vultus/face/prominence.hpp>

namespace vultus::engine {
namespace {

constexpr int kMaxJitters = 1000;
// What dlib moves a chip by when it is asked for several: its size down to 97 %, its place by 2 % of a side, 3 degrees.
constexpr double kLeastScale = 0.97, kMostShift = 0.02, kMostTurn = 3 * 3.14159265358979323846 / 180;

const ModelId kDescriptor("dlib_resnet");

const ModelId& model_of(DlibPoints points) {
  static const ModelId kSmall("dlib_landmarks5"), kLarge("dlib_landmarks68");
  return points == DlibPoints::small ? kSmall : kLarge;
}

Result<std::filesystem::path> file_of(const Engine& engine, const ModelId& id, bool commercial_only) {
  VULTUS_TRY(const runtime::ModelManifest* manifest, engine.catalogue().find(id));
  if (commercial_only) VULTUS_CHECK(runtime::require_commercial(*manifest));
  return engine.store().verified(*manifest);
}

/// Equal on every machine: the distributions of the standard library are not.
class Dice {
 public:
  /// @return [least, most)
  double between(double least, double most) {
    return least + (most - least) * static_cast<double>(engine_()) / 4294967296.0;
  }

 private:
  std::mt19937 engine_{1};
};

/// The same square a little moved, enlarged and turned.
face::ChipPlace jittered(const face::ChipPlace& place, Dice& dice) {
  const double side = place.right - place.left + 1;
  const double half = (side / dice.between(kLeastScale, 1) - 1) / 2;
  const double x = (place.left + place.right) / 2 + side * dice.between(-kMostShift, kMostShift);
  const double y = (place.top + place.bottom) / 2 + side * dice.between(-kMostShift, kMostShift);
  return {x - half, y - half, x + half, y + half, place.angle + dice.between(-kMostTurn, kMostTurn)};
}

}  // namespace

Result<DlibModels> DlibModels::load(const DlibOptions& options) {
  EngineOptions of_engine{.models = options.models, .cache = options.cache, .preset = options.preset, .threads = 1};
  if (of_engine.preset.empty()) of_engine.preset = options.commercial_only ? "commercial" : "default";
  of_engine.tiles = options.tiles;
  VULTUS_TRY(Engine loaded, Engine::load(of_engine));
  auto engine = std::make_unique<Engine>(std::move(loaded));
  if (options.commercial_only)
    for (const ModelId& id : engine->preset().models()) {
      VULTUS_TRY(const runtime::ModelManifest* manifest, engine->catalogue().find(id));
      VULTUS_CHECK(runtime::require_commercial(*manifest).with_context("preset " + of_engine.preset));
    }
  auto shared = std::make_shared<Shared>();
  shared->commercial_only = options.commercial_only;
  VULTUS_TRY(auto backend, runtime::make_openvino_backend({runtime::Precision::f32, engine->store().compiled()}));
  VULTUS_TRY(const runtime::ModelManifest* manifest, engine->catalogue().find(kDescriptor));
  VULTUS_TRY(auto file, file_of(*engine, kDescriptor, options.commercial_only));
  shared->descriptor = {std::move(backend), *manifest, std::move(file)};
  return DlibModels(std::move(engine), std::move(shared));
}

Result<std::shared_ptr<const face::ShapePredictor>> DlibModels::predictor(DlibPoints points) const {
  const std::lock_guard lock(shared_->reading);
  auto& slot = shared_->predictors[points == DlibPoints::small ? 0 : 1];
  if (!slot) {
    VULTUS_TRY(const auto file, file_of(*engine_, model_of(points), shared_->commercial_only));
    VULTUS_TRY(auto read, face::ShapePredictor::load(file));
    slot = std::make_shared<const face::ShapePredictor>(std::move(read));
  }
  return slot;
}

Result<DlibRecognizer> DlibModels::make_recognizer() const {
  VULTUS_TRY(auto finder, engine_->make_finder());
  VULTUS_TRY(auto describer, face::DlibDescriber::load(shared_->descriptor));
  return DlibRecognizer(*this, std::move(finder), std::move(describer));
}

Result<std::vector<face::PixelRect>> DlibRecognizer::find(ImageView picture) {
  VULTUS_TRY(auto faces, finder_.find(picture));
  face::sort_by_prominence(faces, picture.width, picture.height);
  std::vector<face::PixelRect> found;
  found.reserve(faces.size());
  for (const FaceObservation& face : faces) found.push_back(face::dlib_rectangle(face.keypoints));
  return found;
}

Result<std::vector<Point2f>> DlibRecognizer::landmarks(ImageView picture, const face::PixelRect& face,
                                                       DlibPoints points) const {
  VULTUS_TRY(const auto predictor, models_->predictor(points));
  return predictor->find(picture, face);
}

Result<std::vector<float>> DlibRecognizer::descriptor(ImageView picture, const face::PixelRect& face, DlibPoints points,
                                                      int jitters) {
  if (jitters < 1 || jitters > kMaxJitters)
    return fail(ErrorCode::invalid_argument,
                "jitters " + std::to_string(jitters) + ": allowed are 1 to " + std::to_string(kMaxJitters));
  VULTUS_TRY(const auto found, landmarks(picture, face, points));
  VULTUS_TRY(const face::ChipPlace place, face::chip_place(found));
  if (jitters == 1) return describer_.describe(picture, place);
  Dice dice;
  std::vector<double> sum(static_cast<std::size_t>(describer_.dimension()));
  for (int i = 0; i < jitters; ++i) {
    const face::ChipPlace moved = jittered(place, dice);
    const auto side = dice.between(0, 1) < 0.5 ? face::ChipSide::mirrored : face::ChipSide::as_seen;
    VULTUS_TRY(const auto one, describer_.describe(picture, moved, side));
    for (std::size_t k = 0; k < sum.size(); ++k) sum[k] += double{one[k]} / jitters;
  }
  return std::vector<float>(sum.begin(), sum.end());
}

double euclidean_distance(std::span<const float> a, std::span<const float> b) {
  double square = 0;
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i)
    square += (double{a[i]} - b[i]) * (double{a[i]} - b[i]);
  return std::sqrt(square);
}

}  // namespace vultus::engine
