// The shipped networks as trunks: on faces of the sample photos they say what the runtime says, and are written back.
#include <algorithm>
#include <fstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <tests/golden/models.hpp>
#include <tests/golden/samples.hpp>
#include <vultus/core/test_folder.hpp>
#include <vultus/learn/training/trunk.hpp>

namespace vultus::learn {
namespace {

using runtime::ModelHandle;

/// The middle of a portrait, as large as the network wants it: [height][width][channels]. Where the network sees
/// brightness these are the green pixels.
std::vector<std::uint8_t> face_bytes(const std::string& name, const runtime::InputSpec& spec) {
  const Image photo = golden::sample(name).value();
  const int side = std::min(photo.width(), photo.height()) * 7 / 10;
  const int left = (photo.width() - side) / 2, top = (photo.height() - side) / 3;
  std::vector<std::uint8_t> bytes;
  for (int y = 0; y < spec.height(); ++y)
    for (int x = 0; x < spec.width(); ++x)
      for (int c = 0; c < spec.channels(); ++c)
        bytes.push_back(photo.view().row(
            top + y * side / spec.height())[3 * (left + x * side / spec.width()) + (spec.channels() == 1 ? 1 : c)]);
  return bytes;
}

torch::Tensor tensor_of(const std::vector<std::uint8_t>& bytes, const runtime::InputSpec& spec) {
  const std::vector<float> values(bytes.begin(), bytes.end());
  return torch::tensor(values).view({1, spec.height(), spec.width(), spec.channels()}).permute({0, 3, 1, 2});
}

/// What a network says about one picture; where it takes several the others are black.
std::vector<float> said(const ModelHandle& model, const std::vector<std::uint8_t>& bytes, const std::string& output) {
  const auto network = model.load().value();
  std::ranges::fill(network->input(), std::uint8_t{0});
  std::ranges::copy(bytes, network->input().begin());
  network->run().value();
  const auto values = network->output(output).value();
  return {values.begin(), values.begin() + static_cast<std::ptrdiff_t>(values.size()) / network->batch()};
}

torch::Tensor unit(const torch::Tensor& row) { return row.view(-1) / row.norm(); }

class ShippedTrunks : public ::testing::TestWithParam<const char*> {};

TEST_P(ShippedTrunks, SayWhatTheRuntimeSaysOnFaces) {
  const torch::NoGradGuard no_gradients;
  const ModelHandle model = golden::model(GetParam()).value();
  const auto trunk = read_trunk(model.manifest, model.file).value();
  for (const char* name : {golden::kPortraits[0], golden::kPortraits[1], golden::kPortraits[5]}) {
    const auto bytes = face_bytes(name, model.manifest.input);
    const auto answers = trunk->forward(trunk->scaled(tensor_of(bytes, model.manifest.input)));
    for (std::size_t i = 0; const auto& [output, tensor] : model.manifest.outputs) {
      const torch::Tensor runtime = unit(torch::tensor(said(model, bytes, output)));
      ASSERT_EQ(answers[i].numel(), runtime.numel());
      EXPECT_LT((unit(answers[i++]) - runtime).norm().item<double>(), 1e-4) << name << " " << output;
    }
  }
}

TEST_P(ShippedTrunks, AreWrittenBack) {
  const torch::NoGradGuard no_gradients;
  const ModelHandle model = golden::model(GetParam()).value();
  const auto trunk = read_trunk(model.manifest, model.file).value();
  const TestFolder folder;
  ModelHandle written = model;
  written.file = folder.path() / "written.onnx";
  std::ofstream(written.file, std::ios::binary) << trunk->onnx().value();
  written.manifest.format = runtime::Format::onnx;
  written.manifest.id = ModelId(model.manifest.id.text() + "-written");
  written.manifest.input.shape[0] = 1;
  for (auto& [output, tensor] : written.manifest.outputs) tensor = output;
  const auto bytes = face_bytes(golden::kPortraits[0], model.manifest.input);
  for (const auto& [output, tensor] : model.manifest.outputs)
    EXPECT_LT((unit(torch::tensor(said(written, bytes, output))) - unit(torch::tensor(said(model, bytes, output))))
                  .norm()
                  .item<double>(),
              1e-4)
        << output;
}

INSTANTIATE_TEST_SUITE_P(Models, ShippedTrunks,
                         ::testing::Values("mobilefacenet192", "fr_feature", "dlib_resnet", "human_emotion",
                                           "human_faceres", "fr_liveness", "face_antispoof_dtn"),
                         [](const auto& one) { return std::string(one.param); });

TEST(BatchesOfTrunks, MayBeOthersThanThoseOfTheirFiles) {
  const torch::NoGradGuard no_gradients;
  const ModelHandle model = golden::model("mobilefacenet192").value();
  const auto trunk = read_trunk(model.manifest, model.file).value();
  std::vector<torch::Tensor> faces;
  for (const char* name : {golden::kPortraits[0], golden::kPortraits[1], golden::kPortraits[5]})
    faces.push_back(tensor_of(face_bytes(name, model.manifest.input), model.manifest.input));
  const torch::Tensor all = trunk->forward(trunk->scaled(torch::cat(faces))).front();
  ASSERT_EQ(all.size(0), 3);
  for (std::int64_t i = 0; i < 3; ++i)
    EXPECT_TRUE(torch::allclose(all[i], trunk->forward(trunk->scaled(faces[static_cast<std::size_t>(i)])).front()[0],
                                1e-4, 1e-4));
}

}  // namespace
}  // namespace vultus::learn
