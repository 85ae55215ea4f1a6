// From a face to a template: the vector that recognition compares, made by one network or by several.
#pragma once

#include <span>
#include <vector>

#include <vultus/core/embedding.hpp>
#include <vultus/core/face.hpp>
#include <vultus/core/image.hpp>
#include <vultus/core/result.hpp>
#include <vultus/face/embedding_net.hpp>
#include <vultus/runtime/network.hpp>

namespace vultus::face {

/// A network of an embedder, and how it is used.
struct EmbedderPart {
  runtime::ModelHandle model;
  Mirror mirror = Mirror::no;
};

/// What templates of several networks are bound to, e.g. "mobilefacenet192+mirror,fr_feature+mirror". Their order
/// counts.
[[nodiscard]] ModelId fused_model(std::span<const ModelId> templates);

/// Makes templates. With several networks a template is the unit vectors of all of them one behind the other, scaled to
/// unit length: the cosine of two such templates is the mean of the networks' cosines, each with the same weight.
/// Thread-compatible: each worker loads its own.
class Embedder {
 public:
  /// @param parts  at least one
  /// @error invalid_argument  no part, or as for EmbeddingNet::load(); corrupt_data  from the backend
  static Result<Embedder> load(std::span<const EmbedderPart> parts);
  static Result<Embedder> load(const runtime::ModelHandle& model, Mirror mirror);  ///< of one network

  /// The id that the templates carry.
  [[nodiscard]] const ModelId& model() const { return id_; }
  [[nodiscard]] int dimension() const { return dimension_; }
  /// The side of the crops of the first network, pixels.
  [[nodiscard]] int side() const { return nets_.front().side(); }
  /// Aligns the face straight into the networks' inputs and embeds it.
  /// @param picture  rgb8, upright
  /// @param face     its keypoints; for dlib's chips its landmarks
  /// @error as EmbeddingNet::embed()
  Result<Embedding> embed(ImageView picture, const FaceObservation& face);
  /// The same by keypoints alone.
  Result<Embedding> embed(ImageView picture, const Keypoints& keypoints);
  /// Embeds a crop that is aligned already.
  /// @param aligned  rgb8, side() x side()
  /// @error invalid_argument  another size or format, also for one of several networks; internal  the backend failed
  Result<Embedding> embed_aligned(ImageView aligned);

 private:
  Embedder(std::vector<EmbeddingNet> nets, ModelId id, int dimension)
      : nets_(std::move(nets)), id_(std::move(id)), dimension_(dimension) {}
  template <class Face>
  Result<Embedding> fused(const Face& embed_with);

  std::vector<EmbeddingNet> nets_;
  ModelId id_;
  int dimension_;
};

}  // namespace vultus::face
