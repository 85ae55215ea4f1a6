#include <vultus/face/embedder.hpp>

#include <cmath>
#include <cstddef>
#include <cstring>
#include <string>
#include <vector>

#include <vultus/face/align.hpp>
#include <vultus/media/transform.hpp>

namespace vultus::face {

ModelId template_model(const ModelId& network, Mirror mirror) {
  return mirror == Mirror::average ? ModelId(network.text() + "+mirror") : network;
}

Result<Embedder> Embedder::load(const runtime::ModelHandle& model, Mirror mirror) {
  const std::string& id = model.manifest.id.text();
  if (model.manifest.decoder != "embedding")
    return fail(ErrorCode::invalid_argument,
                "model " + id + " has decoder " + model.manifest.decoder + ", an embedder needs embedding");
  VULTUS_TRY(auto network, model.load());
  if (network->width() != kTemplateSide || network->height() != kTemplateSide || network->channels() != 3)
    return fail(ErrorCode::unsupported, "model " + id + " takes " + std::to_string(network->width()) + "x" +
                                            std::to_string(network->height()) +
                                            " pixels, embedders of 112x112 colour pixels are supported");
  VULTUS_TRY(const auto values, network->output("embedding"));
  const auto dimension = static_cast<int>(values.size()) / network->batch();
  if (dimension < 1 || values.size() % static_cast<std::size_t>(network->batch()) != 0)
    return fail(ErrorCode::corrupt_data, "model " + id + " gives " + std::to_string(values.size()) +
                                             " values for a batch of " + std::to_string(network->batch()));
  return Embedder(std::move(network), template_model(model.manifest.id, mirror), mirror, dimension);
}

MutableImageView Embedder::slot(int index) {
  const std::size_t bytes = std::size_t{3} * kTemplateSide * kTemplateSide;
  return {network_->input().data() + static_cast<std::size_t>(index) * bytes, kTemplateSide, kTemplateSide,
          std::ptrdiff_t{3} * kTemplateSide, PixelFormat::rgb8};
}

Result<Embedding> Embedder::embed(ImageView picture, const Keypoints& keypoints) {
  VULTUS_TRY(const Similarity to_crop, alignment(keypoints));
  VULTUS_CHECK(media::warp_into(picture, to_crop, slot(0)));
  return finish();
}

Result<Embedding> Embedder::embed_aligned(ImageView aligned) {
  if (aligned.empty() || aligned.width != kTemplateSide || aligned.height != kTemplateSide ||
      aligned.format != PixelFormat::rgb8)
    return fail(ErrorCode::invalid_argument, "embed: the crop must be 112x112 colour pixels, it is " +
                                                 std::to_string(aligned.width) + "x" + std::to_string(aligned.height));
  const MutableImageView into = slot(0);
  for (int y = 0; y < kTemplateSide; ++y) std::memcpy(into.row(y), aligned.row(y), std::size_t{3} * kTemplateSide);
  return finish();
}

Status Embedder::collect(std::vector<float>& sum, int slots) {
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

Result<Embedding> Embedder::finish() {
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
    std::vector<std::uint8_t> copy(seen.data, seen.data + std::size_t{3} * kTemplateSide * kTemplateSide);
    media::mirror_into({copy.data(), kTemplateSide, kTemplateSide, face.stride, PixelFormat::rgb8}, face);
    VULTUS_CHECK(collect(sum, 1));
  }
  return Embedding::normalised(id_, std::move(sum));
}

}  // namespace vultus::face
