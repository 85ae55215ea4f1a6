// Networks that are no networks: they see one face wherever they look. For the tests of this room.
#pragma once

#include <cmath>
#include <cstddef>
#include <vector>

#include <vultus/face/fake_network.hpp>
#include <vultus/face/rfb_decoder.hpp>

namespace vultus::engine::test {

/// A detector that finds one face of 64 pixels near the middle of whatever it is shown.
inline face::test::Outputs one_detection(runtime::Network& network) {
  const auto anchors = face::rfb_anchors(network.width(), network.height());
  std::vector<float> scores(2 * anchors.size());
  std::size_t middle = 0;
  const auto far = [&](std::size_t i) {
    return std::abs(anchors[i].x - static_cast<float>(network.width()) / 2) +
           std::abs(anchors[i].y - static_cast<float>(network.height()) / 2) + std::abs(anchors[i].size - 64) * 100;
  };
  for (std::size_t i = 0; i < anchors.size(); ++i)
    if (far(i) < far(middle)) middle = i;
  scores[2 * middle + 1] = 0.99F;
  return {{"scores", scores}, {"regressions", std::vector<float>(4 * anchors.size())}};
}

/// Landmarks all in one place, but for the eyes left and right of it.
inline face::test::Outputs points_of_a_face(runtime::Network&) {
  std::vector<float> points(136, 0.5F);
  for (std::size_t i = 36; i < 42; ++i) points[2 * i] = 0.25F;
  for (std::size_t i = 42; i < 48; ++i) points[2 * i] = 0.75F;
  return {{"points", points}};
}

}  // namespace vultus::engine::test
