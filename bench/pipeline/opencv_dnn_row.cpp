#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <utility>
#include <vector>

#include <opencv2/core.hpp>
#include <opencv2/dnn.hpp>

#include <vultus/face/align.hpp>
#include <vultus/face/finder.hpp>
#include <vultus/face/landmarks.hpp>
#include <vultus/face/rfb_decoder.hpp>
#include <vultus/media/picture.hpp>
#include <vultus/media/transform.hpp>
#include <vultus/runtime/catalogue.hpp>
#include <vultus/runtime/store.hpp>

#include "row.hpp"

namespace vultus::bench {
namespace {

constexpr int kDetectWidth = 320, kDetectHeight = 240, kLandmarkSide = 64, kLandmarks = 68;
constexpr float kDetectThreshold = 0.6F, kOverlap = 0.3F;

/// A network with its input in memory: bytes are put into it as planes of (v - mean) / scale.
class DnnNet {
 public:
  DnnNet(const std::string& file, int channels, int height, int width, float mean, float scale,
         std::vector<cv::String> outputs)
      : net_(cv::dnn::readNetFromONNX(file)), outputs_(std::move(outputs)), mean_(mean), scale_(1 / scale) {
    net_.setPreferableBackend(cv::dnn::DNN_BACKEND_OPENCV);
    const std::array<int, 4> shape{1, channels, height, width};
    input_.create(4, shape.data(), CV_32F);
    pixels_ = *Image::create(width, height, channels == 1 ? PixelFormat::gray8 : PixelFormat::rgb8);
  }
  MutableImageView pixels() { return pixels_.mutable_view(); }
  const std::vector<cv::Mat>& run() {
    const ImageView in = pixels_.view();
    const auto channels = static_cast<std::size_t>(channels_of(in.format));
    const std::size_t plane = static_cast<std::size_t>(in.width) * static_cast<std::size_t>(in.height);
    auto* to = input_.ptr<float>();
    for (std::size_t i = 0; i < plane; ++i)
      for (std::size_t c = 0; c < channels; ++c)
        to[c * plane + i] = (static_cast<float>(in.data[i * channels + c]) - mean_) * scale_;
    net_.setInput(input_);
    net_.forward(results_, outputs_);
    return results_;
  }

 private:
  cv::dnn::Net net_;
  std::vector<cv::String> outputs_;
  std::vector<cv::Mat> results_;
  cv::Mat input_;
  Image pixels_;
  float mean_, scale_;
};

class OpenCvWorker final : public Worker {
 public:
  OpenCvWorker(const std::string& detector, const std::string& landmarks, const std::string& embedder, ModelId model)
      : detector_(detector, 3, kDetectHeight, kDetectWidth, 127, 128, {"scores", "boxes"}),
        landmarks_(landmarks, 1, kLandmarkSide, kLandmarkSide, 0, 256, {"output"}),
        embedder_(embedder, 3, face::kTemplateSide, face::kTemplateSide, 127, 128, {"output"}),
        model_(std::move(model)) {}

  Result<std::optional<Embedding>> look(const std::string& path, engine::StageSeconds& stages) override {
    auto last = std::chrono::steady_clock::now();
    const auto lap = [&last](double& stage) {
      const auto now = std::chrono::steady_clock::now();
      stage += std::chrono::duration<double>(now - std::exchange(last, now)).count();
    };
    VULTUS_CHECK(decoder_.read(path, {}, picture_));
    const ImageView view = picture_.image.view();
    lap(stages.decode);
    VULTUS_TRY(const auto box, detect(view));
    lap(stages.detect);
    if (!box) return std::optional<Embedding>();
    VULTUS_TRY(const Keypoints keypoints, find_keypoints(view, *box));
    lap(stages.describe);
    VULTUS_TRY(const Similarity to_crop, face::alignment(keypoints));
    VULTUS_CHECK(media::warp_into(view, to_crop, embedder_.pixels()));
    const cv::Mat& out = embedder_.run()[0];
    VULTUS_TRY(auto embedding,
               Embedding::normalised(model_, std::vector<float>(out.ptr<float>(), out.ptr<float>() + out.total())));
    lap(stages.embed);
    return std::optional(std::move(embedding));
  }

 private:
  Result<std::optional<RectF>> detect(ImageView view) {
    const auto width = static_cast<float>(view.width), height = static_cast<float>(view.height);
    VULTUS_CHECK(media::resize_into(view, {0, 0, width, height}, detector_.pixels()));
    const auto& out = detector_.run();
    const auto* scores = out[0].ptr<float>();
    const auto* boxes = out[1].ptr<float>();
    std::vector<face::ScoredBox> found;
    for (std::size_t i = 0; i < out[0].total() / 2; ++i) {
      if (scores[2 * i + 1] < kDetectThreshold) continue;
      const float* b = boxes + 4 * i;
      found.push_back(
          {{b[0] * width, b[1] * height, (b[2] - b[0]) * width, (b[3] - b[1]) * height}, Score(scores[2 * i + 1])});
    }
    found = face::suppress_overlaps(std::move(found), kOverlap);
    const auto main = std::ranges::max_element(
        found, {}, [&](const face::ScoredBox& b) { return face::prominence(b.box, view.width, view.height); });
    return main == found.end() ? std::optional<RectF>() : std::optional(main->box);
  }

  Result<Keypoints> find_keypoints(ImageView view, const RectF& box) {
    const auto width = static_cast<float>(view.width), height = static_cast<float>(view.height);
    const Point2f c = box.centre();
    const float half = box.height / 2;
    const float x0 = std::floor(std::clamp(c.x - half, 0.0F, width)),
                y0 = std::floor(std::clamp(c.y - half, 0.0F, height));
    const RectF crop{x0, y0, std::ceil(std::clamp(c.x + half, 0.0F, width)) - x0,
                     std::ceil(std::clamp(c.y + half, 0.0F, height)) - y0};
    VULTUS_CHECK(media::resize_into(view, crop, landmarks_.pixels()));
    const auto* points = landmarks_.run()[0].ptr<float>();
    Landmarks found{LandmarkScheme::ibug68, {}};
    for (int i = 0; i < kLandmarks; ++i)
      found.points.push_back({crop.x + points[2 * i] * crop.width, crop.y + points[2 * i + 1] * crop.height});
    return face::keypoints_of(found);
  }

  DnnNet detector_, landmarks_, embedder_;
  ModelId model_;
  media::Decoder decoder_;
  media::Picture picture_;
};

}  // namespace

Result<Row> opencv_dnn_row(const std::string& models) {
  const std::filesystem::path folder(models);
  VULTUS_TRY(const auto catalogue, runtime::Catalogue::load(std::span(&folder, 1)));
  VULTUS_TRY(const auto cache, runtime::default_cache_folder());
  const runtime::ModelStore store(cache);
  std::array<std::string, 3> files;
  const std::array ids{"fr_detect", "fr_landmark", "fr_feature"};
  for (std::size_t i = 0; i < ids.size(); ++i) {
    VULTUS_TRY(const runtime::ModelManifest* manifest, catalogue.find(ModelId(ids[i])));
    VULTUS_TRY(const auto file, store.verified(*manifest));
    files[i] = file.string();
  }
  cv::setNumThreads(1);  // one worker thread a core, as in Vultus
  return Row{.describe = std::string("OpenCV ") + CV_VERSION + " DNN, the networks of preset fast",
             .dimension = 512,
             .model = ModelId("fr_feature"),
             .make = [files]() -> Result<std::unique_ptr<Worker>> {
               return guarded("OpenCV DNN", [&]() -> Result<std::unique_ptr<Worker>> {
                 return std::make_unique<OpenCvWorker>(files[0], files[1], files[2], ModelId("fr_feature"));
               });
             }};
}

}  // namespace vultus::bench
