// Made-up faces and a folder that goes away: for the tests of this room.
#pragma once

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include <unistd.h>

#include <vultus/core/test_folder.hpp>
#include <vultus/gallery/gallery.hpp>

namespace vultus::gallery::testing {

using Folder = TestFolder;

inline GalleryModel model_of(int dimension, const std::string& id = "planted") {
  return {.id = ModelId(id), .dimension = dimension, .sha256 = std::string(64, 'a'), .preset = "default"};
}

/// 2026-01-02T03:04:05Z, which is 1767323045 s from 1970 (date -u -d 2026-01-02T03:04:05Z +%s).
inline UtcTime fixed_time() { return UtcTime(std::chrono::seconds(1'767'323'045)); }

inline GalleryOptions options_for(const std::filesystem::path& path, int dimension) {
  return {.path = path, .access = GalleryAccess::create_or_open, .model = model_of(dimension), .now = fixed_time};
}

inline Embedding embedding(std::vector<float> values, const std::string& model = "planted") {
  return Embedding::normalised(ModelId(model), std::move(values)).value();
}

inline Embedding random_embedding(std::mt19937& random, int dimension) {
  std::normal_distribution<float> normal;
  std::vector<float> values(static_cast<std::size_t>(dimension));
  for (float& v : values) v = normal(random);
  return embedding(std::move(values));
}

inline NewFace face(const std::string& subject, Embedding of, FaceDetails details = {}) {
  return {.subject = subject, .embedding = std::move(of), .details = std::move(details)};
}

/// A SHA-256 as text: 64 times one digit.
inline std::string digest(char digit) { return std::string(64, digit); }

}  // namespace vultus::gallery::testing
