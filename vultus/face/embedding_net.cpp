#include <vultus/face/embedding_net.hpp>

#include <cmath>
#include <cstddef>
#include <cstring>
#include <string>
#include <vector>

#include <vultus/face/align.hpp>
#include <vultus/face/dlib_chip.hpp>
#include <vultus/face/dlib_descriptor.hpp>
#include <vultus/face/landmarks.hpp>
#include <vultus/media/transform.hpp>

namespace vultus::face {

ModelId template_model(const ModelId& network, Mirror mirror) {
  return mirror == Mirror::average ? ModelId(network.text() + "+mirror") : network;
}

Result<EmbeddingNet> EmbeddingNet::load(const runtime::ModelHandle& model, Mirror mirror) {
  const std::string& id = model.manifest.id.text();
  const bool dlib = model.manifest.decoder == kDlibDecoder;
  if (!dlib && model.manifest.decoder != "embedding")
    return fail(ErrorCode::invalid_argument, "model " + id + " has decoder " + model.manifest.decoder +
                                                 ", an embedder needs embedding or " + std::string(kDlibDecoder));
  VULTUS_TRY(auto network, model.load());
  const int side = dlib ? kDlibChipSide : kTemplateSide;
  if (network->width() != side || network->height() != side || network->channels() != 3)
    return fail(ErrorCode::unsupported, "model " + id + " takes " + std::to_string(network->width()) + "x" +
                                            std::to_string(network->height()) + " pixels, embedders of " +
                                            std::to_string(side) + "x" + std::to_string(side) +
                                            " colour pixels are supported");
  VULTUS_TRY(const auto values, network->output("embedding"));
  const auto dimension = static_cast<int>(values.size()) / network->batch();
  if (dimension < 1 || values.size() % static_cast<std::size_t>(network->batch()) != 0)
    return fail(ErrorCode::corrupt_data, "model " + id + " gives " + std::to_string(values.size()) +
                                             " values for a batch of " + std::to_string(network->batch()));
  return EmbeddingNet(std::move(network), template_model(model.manifest.id, mirror), mirror,
                      dlib ? Crop::dlib : Crop::arcface, dimension);
}

MutableImageView EmbeddingNet::slot(int index) {
  const auto bytes = std::size_t{3} * static_cast<std::size_t>(side()) * static_cast<std::size_t>(side());
  return {network_->input().data() + static_cast<std::size_t>(index) * bytes, side(), side(),
          std::ptrdiff_t{3} * side(), PixelFormat::rgb8};
}

Result<Embedding> EmbeddingNet::embed(ImageView picture, const FaceObservation& face) {
  if (crop_ == Crop::arcface) return embed(picture, face.keypoints);
  if (!face.landmarks) return fail(ErrorCode::invalid_argument, "embed: dlib's chips need landmarks");
  VULTUS_TRY(const auto points, chip_points_of(*face.landmarks));
  VULTUS_TRY(const ChipPlace place, chip_place(points));
  VULTUS_CHECK(cut_chip(picture, place, slot(0)));
  return finish();
}

Result<Embedding> EmbeddingNet::embed(ImageView picture, const Keypoints& keypoints) {
  if (crop_ != Crop::arcface)
    return fail(ErrorCode::invalid_argument, "embed: dlib's chips need landmarks, five keypoints are not enough");
  VULTUS_TRY(const Similarity to_crop, alignment(keypoints));
  VULTUS_CHECK(media::warp_into(picture, to_crop, slot(0)));
  return finish();
}

Result<Embedding> EmbeddingNet::embed_aligned(ImageView aligned) {
  if (aligned.empty() || aligned.width != side() || aligned.height != side() || aligned.format != PixelFormat::rgb8)
    return fail(ErrorCode::invalid_argument, "embed: the crop must be " + std::to_string(side()) + "x" +
                                                 std::to_string(side()) + " colour pixels, it is " +
                                                 std::to_string(aligned.width) + "x" + std::to_string(aligned.height));
  const MutableImageView into = slot(0);
  for (int y = 0; y < side(); ++y)
    std::memcpy(into.row(y), aligned.row(y), std::size_t{3} * static_cast<std::size_t>(side()));
  return finish();
}

Status EmbeddingNet::collect(std::vector<float>& sum, int slots) {
  VULTUS_CHECK(network_->run());
  VULTUS_TRY(const auto values, network_->output("embedding"));
  const auto n = static_cast<std::size_t>(dimension_);
  for (int s = 0; s < slots; ++s) {
    const float* one = &values[static_cast<std::size_t>(s) * n];
    double square = 0;
    for (std::size_t i = 0; i < n; ++i) square += double{one[i]} * one[i];
    if (!(square > 0) || !std::isfinite(square))
      return fail(ErrorCode::internal, "the embedding network gave a vector without direction");
    const auto scale = static_cast<float>(1 / std::sqrt(square));
    for (std::size_t i = 0; i < n; ++i) sum[i] += one[i] * scale;
  }
  return {};
}

Result<Embedding> EmbeddingNet::finish() {
  const MutableImageView face = slot(0);
  const ImageView seen{face.data, face.width, face.height, face.stride, face.format};
  std::vector<float> sum(static_cast<std::size_t>(dimension_));
  if (mirror_ == Mirror::no) {
    VULTUS_CHECK(collect(sum, 1));
  } else if (network_->batch() >= 2) {
    media::mirror_into(seen, slot(1));
    VULTUS_CHECK(collect(sum, 2));
  } else {
    VULTUS_CHECK(collect(sum, 1));
    const std::vector<std::uint8_t> copy(seen.data, seen.data + face.stride * side());
    media::mirror_into({copy.data(), side(), side(), face.stride, PixelFormat::rgb8}, face);
    VULTUS_CHECK(collect(sum, 1));
  }
  return Embedding::normalised(id_, std::move(sum));
}

}  // namespace vultus::face
