// Faces of people with two pictures each, as attacks need them.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <vultus/core/face.hpp>
#include <vultus/core/image.hpp>
#include <vultus/core/result.hpp>
#include <vultus/engine/engine.hpp>

namespace vultus::learning {

/// A person: one picture that is attacked, one that is enrolled.
struct AttackPerson {
  std::string name;
  Image attacked, enrolled;
  FaceObservation face, enrolled_face;
};

/// People with two pictures in folders of their own, drawn by a seed.
/// @param most      at most so many
/// @param left_out  gets how many drawn people have a picture without a face
/// @error not_found  no such folder, or fewer than 2 people
[[nodiscard]] Result<std::vector<AttackPerson>> attack_people(const std::filesystem::path& folder, std::size_t most,
                                                              std::uint64_t seed, face::FaceFinder& finder,
                                                              std::size_t& left_out);

/// The main face of a picture. @return nothing where none is found
[[nodiscard]] Result<std::optional<FaceObservation>> attack_face_of(face::FaceFinder& finder, ImageView picture);

}  // namespace vultus::learning
