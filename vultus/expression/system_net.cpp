#include <vultus/expression/system_net.hpp>

#include <cmath>
#include <string>

#include <vultus/face/align.hpp>
#include <vultus/face/network_input.hpp>

namespace vultus::expression {

Result<SystemNet> SystemNet::load(const runtime::ModelHandle& model) {
  VULTUS_TRY(const System* const system,
             system_of_decoder(model.manifest.decoder).with_context("model " + model.manifest.id.text()));
  VULTUS_TRY(auto network, model.load());
  return SystemNet(system, std::move(network));
}

Status SystemNet::show(ImageView picture, const FaceObservation& face) {
  if (system_->sees == Sees::grey_box) return face::rectangle_into(picture, face.box, *network_);
  if (system_->sees == Sees::picture)
    return face::rectangle_into(picture, {0, 0, static_cast<float>(picture.width), static_cast<float>(picture.height)},
                                *network_);
  VULTUS_TRY(const Similarity to_crop, face::alignment(face.keypoints, network_->width()));
  for (int slot = 0; slot < network_->batch(); ++slot)
    VULTUS_CHECK(face::aligned_into(picture, to_crop, *network_, slot,
                                    slot % 2 == 1 ? face::Shown::mirrored : face::Shown::as_it_is));
  return {};
}

Result<Reading> SystemNet::read(ImageView picture, const FaceObservation& face) {
  VULTUS_CHECK(show(picture, face));
  VULTUS_CHECK(network_->run());
  const auto looks = static_cast<std::size_t>(network_->batch());
  return system_->read([&](std::string_view name, std::size_t count) -> Result<std::vector<double>> {
    VULTUS_TRY(const auto values, network_->output(name));
    if (values.size() != count * looks)
      return fail(ErrorCode::corrupt_data, "output " + std::string(name) + " of the expression network has " +
                                               std::to_string(values.size()) + " values, " +
                                               std::to_string(count * looks) + " are wanted");
    std::vector<double> mean(count);
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (!std::isfinite(values[i]))
        return fail(ErrorCode::internal, "output " + std::string(name) + " of the expression network holds no number");
      mean[i % count] += double{values[i]} / static_cast<double>(looks);
    }
    return mean;
  });
}

}  // namespace vultus::expression
