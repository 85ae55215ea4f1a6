#include <vultus/face/dlib_descriptor.hpp>

#include <cstddef>
#include <string>

#include <vultus/media/transform.hpp>

namespace vultus::face {

Result<DlibDescriber> DlibDescriber::load(const runtime::ModelHandle& model) {
  const std::string& id = model.manifest.id.text();
  if (model.manifest.decoder != kDlibDecoder)
    return fail(ErrorCode::invalid_argument, "model " + id + " has decoder " + model.manifest.decoder +
                                                 ", a descriptor needs " + std::string(kDlibDecoder));
  VULTUS_TRY(auto network, model.load());
  if (network->width() != kDlibChipSide || network->height() != kDlibChipSide || network->channels() != 3 ||
      network->batch() != 1)
    return fail(ErrorCode::unsupported, "model " + id + " takes " + std::to_string(network->batch()) + " pictures of " +
                                            std::to_string(network->width()) + "x" + std::to_string(network->height()) +
                                            " pixels, descriptors of one 150x150 colour chip are supported");
  VULTUS_TRY(const auto values, network->output("embedding"));
  const auto dimension = static_cast<int>(values.size());
  return DlibDescriber(std::move(network), dimension);
}

Result<std::vector<float>> DlibDescriber::describe(ImageView picture, const ChipPlace& place, ChipSide side) {
  const MutableImageView chip{network_->input().data(), kDlibChipSide, kDlibChipSide, std::ptrdiff_t{3} * kDlibChipSide,
                              PixelFormat::rgb8};
  VULTUS_CHECK(cut_chip(picture, place, chip));
  if (side == ChipSide::mirrored) {
    const std::vector<std::uint8_t> copy(chip.data, chip.data + chip.stride * chip.height);
    media::mirror_into({copy.data(), chip.width, chip.height, chip.stride, chip.format}, chip);
  }
  VULTUS_CHECK(network_->run());
  VULTUS_TRY(const auto values, network_->output("embedding"));
  return std::vector<float>(values.begin(), values.end());
}

}  // namespace vultus::face
