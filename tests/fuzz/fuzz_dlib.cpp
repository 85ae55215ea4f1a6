// Files of dlib: networks and shape predictors.
#include <cmath>
#include <span>

#include <vultus/face/shape_predictor.hpp>
#include <vultus/runtime/dlib_net.hpp>

#include "fuzz_target.hpp"

namespace {

using vultus::ErrorCode;
using vultus::fuzz::require;

void check_network(std::span<const std::uint8_t> bytes) {
  const auto net = vultus::runtime::read_dlib_net(bytes, "fuzz");
  if (!net) {
    require(net.error().code == ErrorCode::corrupt_data && !net.error().message.empty(), "an error says something");
    return;
  }
  require(net->width > 0 && net->height > 0, "an input has pixels");
  for (const auto& layer : net->layers)
    for (const float value : layer.values) require(std::isfinite(value), "weights are finite");
}

void check_predictor(std::span<const std::uint8_t> bytes) {
  const auto predictor = vultus::face::ShapePredictor::parse(bytes, "fuzz");
  if (!predictor) {
    require(predictor.error().code == ErrorCode::corrupt_data, "bytes are never our fault");
    return;
  }
  const vultus::Image picture = vultus::Image::create(64, 48, vultus::PixelFormat::rgb8).value();
  const auto points = predictor->find(picture.view(), {4, 4, 40, 40});
  require(points && points->size() == predictor->parts(), "what was read can be used");
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  check_network({data, size});
  check_predictor({data, size});
  return 0;
}
