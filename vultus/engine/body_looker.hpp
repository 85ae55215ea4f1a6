// Hands and bodies with the networks of the catalogue, for those who look at pictures or frames.
#pragma once

#include <optional>
#include <vector>

#include <vultus/body/hand.hpp>
#include <vultus/body/pose.hpp>
#include <vultus/core/body.hpp>
#include <vultus/core/image.hpp>
#include <vultus/core/result.hpp>
#include <vultus/engine/engine.hpp>
#include <vultus/face/mesh.hpp>

namespace vultus::engine {

struct BodyLookOptions {
  bool light = false;  ///< the light pose network: faster, less exact
  bool faces = false;  ///< the 468 points of the faces of bodies also
};

/// What was seen in one picture.
struct SeenBodies {
  std::vector<HandObservation> hands;   ///< surest first
  std::vector<BodyObservation> bodies;  ///< surest first
  std::vector<Landmarks> faces;         ///< of bodies whose head is visible; scheme mesh468
  std::vector<WholeBody> people;        ///< as body::join_people() puts them together
};

/// Finds and follows. Thread-compatible: each worker makes its own.
class BodyLooker {
 public:
  /// @error not_found  a model that was not fetched; corrupt_data  one that is not what it should be
  static Result<BodyLooker> load(const Engine& engine, const BodyLookOptions& options = {});
  /// @param picture  rgb8, upright, not mirrored
  /// @param before   the frame before, whose hands and bodies are followed; nothing = a picture of its own
  /// @param search   look for new ones also
  /// @error internal  the backend failed
  Result<SeenBodies> look(ImageView picture, const SeenBodies* before = nullptr, bool search = true);

 private:
  BodyLooker(body::PoseFinder poses, body::HandFinder hands, std::optional<face::MeshNet> mesh)
      : poses_(std::move(poses)), hands_(std::move(hands)), mesh_(std::move(mesh)) {}
  body::PoseFinder poses_;
  body::HandFinder hands_;
  std::optional<face::MeshNet> mesh_;
};

/// Draws the skeletons of bodies and hands: left green, right orange, the middle blue.
/// @param image  rgb8; @param scale  image pixels for each pixel of what was seen
void draw_people(Image& image, const SeenBodies& seen, float scale);

}  // namespace vultus::engine
