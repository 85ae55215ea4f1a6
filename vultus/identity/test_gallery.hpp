// Galleries whose faults are planted. Tests only.
#pragma once

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include <vultus/core/test_folder.hpp>
#include <vultus/identity/gallery_health.hpp>
#include <vultus/identity/test_planted.hpp>

namespace vultus::identity {

inline constexpr std::size_t kDimension = 128;
inline constexpr double kNoise =
    0.5;  // faces of one person have a cosine of 1 / (1 + 0.25) = 0.8, with a deviation near 0.03

using Folder = TestFolder;

/// Directions of people, and faces around them.
class People {
 public:
  explicit People(std::uint64_t seed) : random_(seed) {}
  std::vector<float> direction() {
    std::vector<float> values(kDimension);
    for (float& v : values) v = normal_(random_) / std::sqrt(static_cast<float>(kDimension));
    return values;
  }
  Embedding face(const std::vector<float>& middle) {
    std::vector<float> values = direction();
    for (std::size_t t = 0; t < kDimension; ++t) values[t] = middle[t] + static_cast<float>(kNoise) * values[t];
    return unit(std::move(values));
  }
  /// Another person whose direction has this cosine to the one given, both of unit length.
  std::vector<float> relative(const std::vector<float>& of, float cosine) {
    const Embedding first = unit(of);
    std::vector<float> other = direction();
    const float along = inner_product(first.values(), other);
    double length = 0;
    for (std::size_t t = 0; t < kDimension; ++t) {
      other[t] -= along * first.values()[t];
      length += double{other[t]} * double{other[t]};
    }
    const auto across = static_cast<float>(std::sqrt(1 - double{cosine} * double{cosine}) / std::sqrt(length));
    for (std::size_t t = 0; t < kDimension; ++t) other[t] = cosine * first.values()[t] + across * other[t];
    return other;
  }

 private:
  std::mt19937_64 random_;
  std::normal_distribution<float> normal_;
};

using Faces = std::vector<NewFace>;

/// Person p is called "p000", "p001", ...
inline std::string name(std::size_t p) {
  const std::string number = std::to_string(p);
  return "p" + std::string(3 - std::min<std::size_t>(3, number.size()), '0') + number;
}

inline Faces people(People& made, std::size_t count, std::size_t faces) {
  Faces all;
  for (std::size_t p = 0; p < count; ++p) {
    const auto middle = made.direction();
    for (std::size_t f = 0; f < faces; ++f)
      all.push_back({.subject = name(p), .embedding = made.face(middle), .details = {}, .thumbnail = {}});
  }
  return all;
}

inline Gallery gallery_of(const std::filesystem::path& path, const Faces& faces) {
  auto gallery = Gallery::open({.path = path,
                                .access = GalleryAccess::create_or_open,
                                .model = GalleryModel{.id = ModelId("planted"),
                                                      .dimension = static_cast<int>(kDimension),
                                                      .sha256 = {},
                                                      .preset = {}},
                                .now = nullptr})
                     .value();
  EXPECT_TRUE(gallery.enrol(faces));
  return gallery;
}

/// Strangers have cosines with a deviation of 1 / sqrt(128) = 0.09: 0.5 lies at 5.7 of them, which a pair exceeds with
/// a probability of 8e-9.
inline HealthOptions options() {
  HealthOptions made;
  made.limits.match = Cosine(0.5F);
  made.limits.conflict = Cosine(0.55F);
  made.limits.weak_conflict = Cosine(0.5F);
  made.threads = 2;
  made.references = 100;
  made.recall_probes = 50;
  return made;
}

inline std::vector<HealthFinding> of(const HealthReport& report, HealthCode code) {
  std::vector<HealthFinding> found;
  for (const HealthFinding& one : report.findings)
    if (one.code == code) found.push_back(one);
  return found;
}

inline std::size_t conflicts(const HealthReport& report) {
  return static_cast<std::size_t>(
      std::ranges::count_if(report.findings, [](const HealthFinding& one) { return one.code <= HealthCode::lonely; }));
}

}  // namespace vultus::identity
