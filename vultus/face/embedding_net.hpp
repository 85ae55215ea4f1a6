// One face recognition network: from a face to a vector.
#pragma once

#include <cstdint>
#include <memory>

#include <vultus/core/embedding.hpp>
#include <vultus/core/face.hpp>
#include <vultus/core/image.hpp>
#include <vultus/core/result.hpp>
#include <vultus/runtime/network.hpp>

namespace vultus::face {

/// Whether the mirror image of a face is embedded too and the two vectors are averaged: more accurate, twice the work.
enum class Mirror : std::uint8_t { no, average };

/// What templates of this model and mirroring are bound to, e.g. "mobilefacenet192+mirror".
[[nodiscard]] ModelId template_model(const ModelId& network, Mirror mirror);

/// A face recognition network on aligned crops: 112 x 112 by the ArcFace template, or dlib's chips of 150 x 150, as the
/// manifest's decoder says. Thread-compatible: each worker loads its own.
class EmbeddingNet {
 public:
  /// @error invalid_argument  a model with another decoder; corrupt_data  from the backend
  static Result<EmbeddingNet> load(const runtime::ModelHandle& model, Mirror mirror);

  /// The id that the templates carry.
  [[nodiscard]] const ModelId& model() const { return id_; }
  [[nodiscard]] int dimension() const { return dimension_; }
  /// The side of the crops, pixels.
  [[nodiscard]] int side() const { return network_->width(); }
  /// Aligns the face straight into the network's input and embeds it.
  /// @param picture  rgb8, upright
  /// @param face     its keypoints; for dlib's chips its landmarks
  /// @error invalid_argument  points that decide nothing, or no landmarks where they are needed; internal  the backend
  /// failed
  Result<Embedding> embed(ImageView picture, const FaceObservation& face);
  /// The same by keypoints alone.
  /// @error invalid_argument  a network for dlib's chips: those need landmarks. Else as above
  Result<Embedding> embed(ImageView picture, const Keypoints& keypoints);
  /// Embeds a crop that is aligned already.
  /// @param aligned  rgb8, side() x side()
  /// @error invalid_argument  another size or format; internal  the backend failed
  Result<Embedding> embed_aligned(ImageView aligned);

 private:
  /// How a face is cut out of its picture.
  enum class Crop : std::uint8_t { arcface, dlib };
  EmbeddingNet(std::unique_ptr<runtime::Network> network, ModelId id, Mirror mirror, Crop crop, int dimension)
      : network_(std::move(network)), id_(std::move(id)), mirror_(mirror), crop_(crop), dimension_(dimension) {}
  [[nodiscard]] MutableImageView slot(int index);
  Result<Embedding> finish();
  Status collect(std::vector<float>& sum, int slots);

  std::unique_ptr<runtime::Network> network_;
  ModelId id_;
  Mirror mirror_;
  Crop crop_;
  int dimension_;
};

}  // namespace vultus::face
