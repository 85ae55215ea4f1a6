#include <vultus/face/embedder.hpp>

#include <string>

namespace vultus::face {

ModelId fused_model(std::span<const ModelId> templates) {
  std::string name;
  for (const ModelId& id : templates) name += (name.empty() ? "" : ",") + id.text();
  return ModelId(name);
}

Result<Embedder> Embedder::load(std::span<const EmbedderPart> parts) {
  if (parts.empty()) return fail(ErrorCode::invalid_argument, "an embedder needs at least one network");
  std::vector<EmbeddingNet> nets;
  std::vector<ModelId> ids;
  nets.reserve(parts.size());
  ids.reserve(parts.size());
  int dimension = 0;
  for (const EmbedderPart& part : parts) {
    VULTUS_TRY(EmbeddingNet net, EmbeddingNet::load(part.model, part.mirror));
    ids.push_back(net.model());
    dimension += net.dimension();
    nets.push_back(std::move(net));
  }
  return Embedder(std::move(nets), fused_model(ids), dimension);
}

Result<Embedder> Embedder::load(const runtime::ModelHandle& model, Mirror mirror) {
  const EmbedderPart part{.model = model, .mirror = mirror};
  return load(std::span(&part, 1));
}

template <class Face>
Result<Embedding> Embedder::fused(const Face& embed_with) {
  if (nets_.size() == 1) return embed_with(nets_.front());
  std::vector<float> values;
  values.reserve(static_cast<std::size_t>(dimension_));
  for (EmbeddingNet& net : nets_) {
    VULTUS_TRY(const Embedding one, embed_with(net));
    values.insert(values.end(), one.values().begin(), one.values().end());
  }
  // n unit vectors in a row have the length sqrt(n), so each is scaled by 1 / sqrt(n).
  return Embedding::normalised(id_, std::move(values));
}

Result<Embedding> Embedder::embed(ImageView picture, const FaceObservation& face) {
  return fused([&](EmbeddingNet& net) { return net.embed(picture, face); });
}

Result<Embedding> Embedder::embed(ImageView picture, const Keypoints& keypoints) {
  return fused([&](EmbeddingNet& net) { return net.embed(picture, keypoints); });
}

Result<Embedding> Embedder::embed_aligned(ImageView aligned) {
  return fused([&](EmbeddingNet& net) { return net.embed_aligned(aligned); });
}

}  // namespace vultus::face
