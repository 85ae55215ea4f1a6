#include <apps/server/testing/test_engine.hpp>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <span>
#include <stdexcept>

#include <nlohmann/json.hpp>

#include <vultus/core/test_folder.hpp>
#include <vultus/face/fake_network.hpp>
#include <vultus/face/rfb_decoder.hpp>
#include <vultus/media/encode.hpp>

namespace vultus::server::testing {
namespace {

using face::test::FakeNetwork;
using face::test::Outputs;

constexpr int kSide = 160;
constexpr std::uint8_t kNobody = 250;  // pixels from here on: no face
constexpr double kBlue = 120;          // mean from here on: two faces
constexpr float kAside = 60;           // pixels of the network from the middle

/// Mean blue of a picture with its margins.
double mean_blue(std::span<const std::uint8_t> pixels) {
  double sum = 0;
  for (std::size_t i = 2; i < pixels.size(); i += 3) sum += pixels[i];
  return sum / (static_cast<double>(pixels.size()) / 3);
}

/// One face of 64 pixels near the middle, unless the picture is white; where it is blue, one on each side of it.
Outputs fake_detection(runtime::Network& network) {
  const auto anchors = face::rfb_anchors(network.width(), network.height());
  std::vector<float> scores(2 * anchors.size());
  const auto nearest = [&](float x) {
    const auto far = [&](std::size_t i) {
      return std::abs(anchors[i].x - x) + std::abs(anchors[i].y - static_cast<float>(network.height()) / 2) +
             std::abs(anchors[i].size - 64) * 100;
    };
    std::size_t best = 0;
    for (std::size_t i = 0; i < anchors.size(); ++i)
      if (far(i) < far(best)) best = i;
    return best;
  };
  const float middle = static_cast<float>(network.width()) / 2;
  const auto pixels = network.input();
  if (std::ranges::none_of(pixels, [](std::uint8_t value) { return value >= kNobody; })) {
    const bool two = mean_blue(pixels) > kBlue;
    scores[2 * nearest(two ? middle - kAside : middle) + 1] = 0.99F;
    if (two) scores[2 * nearest(middle + kAside) + 1] = 0.98F;
  }
  return {{"scores", scores}, {"regressions", std::vector<float>(4 * anchors.size())}};
}

Outputs fake_landmarks(runtime::Network&) {
  std::vector<float> points(136, 0.5F);
  for (std::size_t i = 36; i < 42; ++i) points[2 * i] = 0.25F;
  for (std::size_t i = 42; i < 48; ++i) points[2 * i] = 0.75F;
  return {{"points", points}};
}

/// 10 at the place of the mean red, 6 at that of the mean green: the cosine of two pictures of one person with another
/// green is 100 / 136.
Outputs fake_template(runtime::Network& network, std::size_t dimension) {
  std::vector<float> values(dimension * static_cast<std::size_t>(network.batch()), 0.001F);
  const auto bytes = network.input();
  const std::size_t each = bytes.size() / static_cast<std::size_t>(network.batch());
  for (std::size_t slot = 0; slot < static_cast<std::size_t>(network.batch()); ++slot) {
    double red = 0;
    double green = 0;
    for (std::size_t i = slot * each; i + 2 < (slot + 1) * each; i += 3) red += bytes[i], green += bytes[i + 1];
    const auto place = [&](double sum) { return static_cast<std::size_t>(sum / (static_cast<double>(each) / 3) / 16); };
    values[slot * dimension + place(red)] = 10;
    values[slot * dimension + 16 + place(green)] = 6;
  }
  return {{"embedding", values}};
}

/// A picture whose mean red is at least this is one of a screen.
constexpr double kScreenRed = 200;

bool shows_a_screen(runtime::Network& network) {
  double first = 0;
  double last = 0;
  const auto pixels = network.input();
  for (std::size_t i = 0; i + 2 < pixels.size(); i += 3) first += pixels[i], last += pixels[i + 2];
  // Red comes first or last, as the network likes it; blue is below it in either case.
  return std::max(first, last) / (static_cast<double>(pixels.size()) / 3) >= kScreenRed;
}
Outputs fake_print_replay(runtime::Network& network) {
  return {{"logits", shows_a_screen(network) ? std::vector<float>{0, 8, 8} : std::vector<float>{8, 0, 0}}};
}
Outputs fake_spoof_tree(runtime::Network& network) {
  return {{"leaves", {shows_a_screen(network) ? 1.0F : 0.0F}}, {"path", {1.0F}}};
}

class FakeServerBackend final : public runtime::Backend {
 public:
  [[nodiscard]] Result<std::unique_ptr<runtime::Network>> load(const runtime::ModelManifest& model,
                                                               const std::filesystem::path&,
                                                               const runtime::LoadOptions& options) const override {
    face::test::Answer answer;
    if (model.decoder == "rfb") answer = fake_detection;
    if (model.decoder == "ibug68") answer = fake_landmarks;
    if (model.decoder == "print_replay") answer = fake_print_replay;
    if (model.decoder == "spoof_tree") answer = fake_spoof_tree;
    if (model.decoder == "mesh468") answer = [](runtime::Network&) { return Outputs{{"flag", {5}}}; };
    if (model.decoder == "embedding")
      answer = [n = static_cast<std::size_t>(model.parameters.at("dimension"))](runtime::Network& network) {
        return fake_template(network, n);
      };
    if (!answer) return fail(ErrorCode::unsupported, "decoder " + model.decoder);
    return std::make_unique<FakeNetwork>(model.input, options.width > 0 ? options.width : model.input.width(),
                                         options.height > 0 ? options.height : model.input.height(), answer);
  }
  [[nodiscard]] std::string description() const override { return "fake"; }
};

std::shared_ptr<const engine::Engine> make_fake_engine() {
  namespace fs = std::filesystem;
  // SHA-256 of the three bytes "abc": FIPS 180-2, appendix B.1.
  constexpr const char* kSum = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
  static const TestFolder kFolder;
  const fs::path sources = fs::path(VULTUS_SOURCE_DIR) / "models";
  const fs::path models = kFolder.path() / "models";
  fs::create_directories(models / "presets");
  fs::copy(sources / "presets" / "default.json", models / "presets");
  std::ofstream(models / "weights") << "abc";
  // Those of expression are there and cannot be loaded: nothing in the quick tests looks at one.
  for (const char* name : {"fr_detect", "fr_landmark", "mp_face_mesh", "mobilefacenet192", "fr_liveness",
                           "face_antispoof_dtn", "human_iris", "fr_eye", "expression_pairwise"}) {
    std::ifstream in(sources / (std::string(name) + ".json"));
    nlohmann::json manifest = nlohmann::json::parse(in);
    manifest["source"] = {{"registry", "local"}};
    manifest["files"] = nlohmann::json::array({{{"path", "weights"}, {"sha256", kSum}, {"bytes", 3}}});
    std::ofstream(models / (std::string(name) + ".json")) << manifest;
  }
  auto engine = engine::Engine::load(
      {.models = models, .cache = kFolder.path(), .threads = 2, .backend = std::make_shared<FakeServerBackend>()});
  if (!engine) throw std::runtime_error(engine.error().message);
  return std::make_shared<const engine::Engine>(*std::move(engine));
}

std::string png_of(int red, int green, int blue, int contrast) {
  Image image = Image::create(kSide, kSide, PixelFormat::rgb8).value();
  for (int y = 0; y < kSide; ++y)
    for (int x = 0; x < kSide; ++x) {
      const int more = (x / 2 + y / 2) % 2 == 0 ? contrast : -contrast;
      const auto put = [&](int channel, int value) {
        image.row(y)[3 * x + channel] = static_cast<std::uint8_t>(std::clamp(value + more, 0, 255));
      };
      put(0, red), put(1, green), put(2, blue);
    }
  const auto bytes = media::encode_png(image.view()).value();
  return {bytes.begin(), bytes.end()};
}

}  // namespace

std::shared_ptr<const engine::Engine> fake_engine() {
  static const std::shared_ptr<const engine::Engine> kEngine = make_fake_engine();
  return kEngine;
}

std::string picture_of(int red, int green) { return png_of(red, green, 60, 20); }
std::string picture_of_two(int red, int green) { return png_of(red, green, 200, 20); }
std::string picture_of_nobody() { return png_of(255, 255, 255, 0); }

}  // namespace vultus::server::testing
