// From a face to a template: the vector that recognition compares.
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

/// A face recognition network on 112 x 112 crops. Thread-compatible: each worker loads its own.
class Embedder {
 public:
  /// @error invalid_argument  a model with another decoder; corrupt_data  from the backend
  static Result<Embedder> load(const runtime::ModelHandle& model, Mirror mirror);

  /// The id that the templates carry.
  [[nodiscard]] const ModelId& model() const { return id_; }
  [[nodiscard]] int dimension() const { return dimension_; }
  /// Aligns the face straight into the network's input and embeds it.
  /// @param picture  rgb8, upright
  /// @error invalid_argument  keypoints that decide nothing; internal  the backend failed
  Result<Embedding> embed(ImageView picture, const Keypoints& keypoints);
  /// Embeds a crop that is aligned already.
  /// @param aligned  rgb8, 112 x 112
  /// @error invalid_argument  another size or format; internal  the backend failed
  Result<Embedding> embed_aligned(ImageView aligned);

 private:
  Embedder(std::unique_ptr<runtime::Network> network, ModelId id, Mirror mirror, int dimension)
      : network_(std::move(network)), id_(std::move(id)), mirror_(mirror), dimension_(dimension) {}
  [[nodiscard]] MutableImageView slot(int index);
  Result<Embedding> finish();
  Status collect(std::vector<float>& sum, int slots);

  std::unique_ptr<runtime::Network> network_;
  ModelId id_;
  Mirror mirror_;
  int dimension_;
};

}  // namespace vultus::face
