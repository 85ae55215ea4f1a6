// Keys and planted templates for the tests of this room.
#pragma once

#include <cmath>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include <vultus/sealed/gallery.hpp>
#include <vultus/sealed/keys.hpp>

namespace vultus::sealed {

/// One key of a scheme for the whole program, of 1,024 bits to be quick.
inline const SecretKey& test_key(Scheme scheme = Scheme::paillier, int s = 1) {
  static std::vector<std::pair<KeyKind, SecretKey>> made;
  made.reserve(8);
  for (const auto& [kind, key] : made)
    if (kind.scheme == scheme && kind.s == s) return key;
  const KeyKind kind{.scheme = scheme, .bits = 1024, .s = s};
  return made.emplace_back(kind, generate_key(kind).value()).second;
}

/// Unit vectors of normal values, named "row 0" and so on.
inline std::vector<NamedTemplate> planted(std::size_t count, int dimension, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::normal_distribution<float> normal;
  std::vector<NamedTemplate> rows;
  for (std::size_t i = 0; i < count; ++i) {
    NamedTemplate row{.name = "row " + std::to_string(i), .values = {}};
    double square = 0;
    for (int d = 0; d < dimension; ++d) {
      row.values.push_back(normal(random));
      square += static_cast<double>(row.values.back()) * row.values.back();
    }
    for (float& value : row.values) value = static_cast<float>(value / std::sqrt(square));
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace vultus::sealed
