// Planted templates: directions on the sphere that are known, and faces around them. Tests only.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <random>
#include <span>
#include <vector>

#include <vultus/core/embedding.hpp>

namespace vultus::identity {

inline Embedding unit(std::vector<float> values) {
  return Embedding::normalised(ModelId("planted"), std::move(values)).value();
}

/// A direction in the plane.
inline Embedding at_degrees(double degrees) {
  const double angle = degrees * 3.14159265358979323846 / 180;
  return unit({static_cast<float>(std::cos(angle)), static_cast<float>(std::sin(angle))});
}

struct Planted {
  std::vector<Embedding> templates;
  std::vector<std::uint32_t> person_of;
  std::vector<std::uint32_t> picture_of;
};

/// Each person is a random direction, each face that direction plus noise of so much of its length. Two faces of one
/// person have a cosine near 1 / (1 + noise^2), of two persons near 0.
inline Planted planted(std::size_t persons, std::size_t faces, std::size_t dimension, double noise,
                       std::uint64_t seed) {
  std::mt19937_64 engine(seed);
  std::normal_distribution<float> normal;
  const auto draw = [&] {
    std::vector<float> values(dimension);
    for (float& v : values) v = normal(engine) / std::sqrt(static_cast<float>(dimension));
    return values;
  };
  Planted made;
  for (std::uint32_t p = 0; p < persons; ++p) {
    const std::vector<float> middle = draw();
    for (std::size_t f = 0; f < faces; ++f) {
      std::vector<float> face = draw();
      for (std::size_t t = 0; t < dimension; ++t) face[t] = middle[t] + static_cast<float>(noise) * face[t];
      made.templates.push_back(unit(std::move(face)));
      made.person_of.push_back(p);
      made.picture_of.push_back(static_cast<std::uint32_t>(made.picture_of.size()));
    }
  }
  return made;
}

}  // namespace vultus::identity
