// An engine on networks that are no networks: it needs no models. For the tests of this room.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include <vultus/engine/fake_faces.hpp>
#include <vultus/face/fake_network.hpp>
#include <vultus/runtime/network.hpp>

namespace vultus::engine::test {

/// Templates that only depend on the pixels.
inline face::test::Outputs template_of_pixels(runtime::Network& network, std::size_t dimension) {
  std::vector<float> values(dimension * static_cast<std::size_t>(network.batch()), 1);
  const auto bytes = network.input();
  const std::size_t each = bytes.size() / static_cast<std::size_t>(network.batch());
  for (std::size_t i = 0; i < bytes.size(); ++i)
    values[i / each * dimension + i % dimension] += static_cast<float>(bytes[i]);
  return {{"embedding", values}};
}

/// Answers by what its manifest says the network is for.
class Answers final : public runtime::Backend {
 public:
  [[nodiscard]] Result<std::unique_ptr<runtime::Network>> load(const runtime::ModelManifest& model,
                                                               const std::filesystem::path&,
                                                               const runtime::LoadOptions& options) const override {
    face::test::Answer answer;
    if (model.decoder == "rfb") answer = one_detection;
    if (model.decoder == "ibug68") answer = points_of_a_face;
    if (model.decoder == "mesh468") answer = [](runtime::Network&) { return face::test::Outputs{{"flag", {5}}}; };
    if (model.decoder == "embedding")
      answer = [n = static_cast<std::size_t>(model.parameters.at("dimension"))](runtime::Network& network) {
        return template_of_pixels(network, n);
      };
    if (!answer) return fail(ErrorCode::unsupported, "decoder " + model.decoder);
    ++loaded_;
    const int width = options.width > 0 ? options.width : model.input.width();
    const int height = options.height > 0 ? options.height : model.input.height();
    return std::make_unique<face::test::FakeNetwork>(model.input, width, height, answer);
  }
  [[nodiscard]] std::string description() const override { return "fake"; }
  [[nodiscard]] int loaded() const { return loaded_; }

 private:
  mutable std::atomic<int> loaded_ = 0;
};

/// Makes a folder of manifests with the default preset, whose networks are files of three bytes.
inline void write_fake_models(const std::filesystem::path& models) {
  using nlohmann::json;
  const std::filesystem::path sources = std::filesystem::path(VULTUS_SOURCE_DIR) / "models";
  // SHA-256 of the three bytes "abc": FIPS 180-2, appendix B.1.
  const std::string sum = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
  std::filesystem::create_directories(models / "presets");
  std::filesystem::copy(sources / "presets" / "default.json", models / "presets");
  std::ofstream(models / "weights") << "abc";
  for (const char* name : {"fr_detect", "fr_landmark", "mp_face_mesh", "mobilefacenet192"}) {
    std::ifstream in(sources / (std::string(name) + ".json"));
    json manifest = json::parse(in);
    manifest["source"] = {{"registry", "local"}};
    manifest["files"] = json::array({{{"path", "weights"}, {"sha256", sum}, {"bytes", 3}}});
    std::ofstream(models / (std::string(name) + ".json")) << manifest;
  }
}

}  // namespace vultus::engine::test
