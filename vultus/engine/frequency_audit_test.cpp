// The frequency audit from files to the page, with networks that are no networks: a recogniser that sees nothing but
// coarse blocks must rest on low frequencies.
#include <cmath>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <vultus/engine/fake_faces.hpp>
#include <vultus/engine/frequency_audit.hpp>
#include <vultus/evaluation/bootstrap.hpp>
#include <vultus/face/fake_network.hpp>
#include <vultus/media/encode.hpp>
#include <vultus/media/file.hpp>
#include <vultus/media/test_folder.hpp>

namespace vultus::engine {
namespace {

using face::test::Outputs;

constexpr int kAuditWidth = 320;
constexpr int kAuditHeight = 240;

/// Means of 12 x 16 blocks of the crop less middle grey: nothing finer than about six cycles comes through.
Outputs coarse_blocks(runtime::Network& network, std::size_t dimension) {
  const auto bytes = network.input();
  const auto batch = static_cast<std::size_t>(network.batch());
  const auto side = static_cast<std::size_t>(network.width());
  const std::size_t each = bytes.size() / batch;
  std::vector<float> values(dimension * batch, 1.0F);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const std::size_t pixel = i % each / 3;
    const std::size_t block = pixel / side * 12 / side * 16 + pixel % side * 16 / side;
    values[i / each * dimension + block] += static_cast<float>(bytes[i]) - 128.0F;
  }
  return {{"embedding", values}};
}

class CoarseBackend final : public runtime::Backend {
 public:
  [[nodiscard]] Result<std::unique_ptr<runtime::Network>> load(const runtime::ModelManifest& model,
                                                               const std::filesystem::path&,
                                                               const runtime::LoadOptions& options) const override {
    face::test::Answer answer;
    if (model.decoder == "rfb") answer = test::one_detection;
    if (model.decoder == "ibug68") answer = test::points_of_a_face;
    if (model.decoder == "mesh468") answer = [](runtime::Network&) { return Outputs{{"flag", {5}}}; };
    if (model.decoder == "embedding")
      answer = [n = static_cast<std::size_t>(model.parameters.at("dimension"))](runtime::Network& network) {
        return coarse_blocks(network, n);
      };
    if (!answer) return fail(ErrorCode::unsupported, "decoder " + model.decoder);
    const int width = options.width > 0 ? options.width : model.input.width();
    const int height = options.height > 0 ? options.height : model.input.height();
    return std::make_unique<face::test::FakeNetwork>(model.input, width, height, answer);
  }
  [[nodiscard]] std::string description() const override { return "fake"; }
};

/// 13 people with two pictures each: ten of group a, two of b, one without a value; one name of the list has none.
class FrequencyAuditOfFiles : public ::testing::Test {
 protected:
  void SetUp() override {
    const std::filesystem::path sources = std::filesystem::path(VULTUS_SOURCE_DIR) / "models";
    const std::filesystem::path presets = models() / "presets";
    std::filesystem::create_directories(presets);
    std::filesystem::copy(sources / "presets" / "default.json", presets);
    std::ofstream(models() / "weights") << "abc";
    // SHA-256 of the three bytes "abc": FIPS 180-2, appendix B.1.
    const char* sum = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    for (const char* name : {"fr_detect", "fr_landmark", "mp_face_mesh", "mobilefacenet192"}) {
      std::ifstream in(sources / (std::string(name) + ".json"));
      nlohmann::json manifest = nlohmann::json::parse(in);
      manifest["source"] = {{"registry", "local"}};
      manifest["files"] = nlohmann::json::array({{{"path", "weights"}, {"sha256", sum}, {"bytes", 3}}});
      std::ofstream(models() / (std::string(name) + ".json")) << manifest;
    }
    std::ofstream csv(plan_.attributes);
    csv << "subject,group\n";
    for (int p = 0; p < 13; ++p) {
      const std::string name = "person" + std::to_string(p);
      std::filesystem::create_directories(std::filesystem::path(plan_.folder) / name);
      for (int k = 0; k < 2; ++k)
        media::write_file_atomically(
            plan_.folder + "/" + name + "/" + std::to_string(k) + ".jpg",
            media::encode_jpeg(noise(10 * static_cast<std::uint64_t>(p) + static_cast<std::uint64_t>(k)).view())
                .value())
            .value();
      csv << name << (p < 10 ? ",<a>\n" : p < 12 ? ",b\n" : ",\n");
    }
    csv << "nobody,b\n";
  }
  [[nodiscard]] std::filesystem::path models() const { return std::filesystem::path(folder_.path()) / "models"; }

  static Image noise(std::uint64_t seed) {
    Image image = Image::create(kAuditWidth, kAuditHeight, PixelFormat::rgb8).value();
    evaluation::Random random(seed + 1);
    for (int y = 0; y < kAuditHeight; ++y)
      for (int x = 0; x < 3 * kAuditWidth; ++x) image.row(y)[x] = static_cast<std::uint8_t>(28 + random.below(200));
    return image;
  }
  [[nodiscard]] Engine engine() const {
    return Engine::load({.models = models(),
                         .cache = folder_.path(),
                         .threads = 2,
                         .backend = std::make_shared<CoarseBackend>()})
        .value();
  }

  media::testing::TestFolder folder_;
  FrequencyAuditPlan plan_{.folder = folder_ / "faces",
                           .attributes = folder_ / "attributes.csv",
                           .columns = {},
                           .bands = 7,
                           .options = {.permutations = 200, .bootstrap = {.draws = 100}}};
};

TEST_F(FrequencyAuditOfFiles, ARecogniserOfCoarseBlocksRestsOnLowFrequencies) {
  std::size_t last = 0;
  const auto run = run_frequency_audit(engine(), plan_, [&](std::size_t done, std::size_t all) {
                     EXPECT_EQ(done, ++last);
                     EXPECT_EQ(all, 26U);
                   }).value();
  EXPECT_EQ(run.pictures, 26);
  EXPECT_EQ(run.persons, 13);
  EXPECT_EQ(run.without_face, 0);
  EXPECT_EQ(run.not_listed, 1);
  ASSERT_EQ(run.bands.size(), 7U);
  EXPECT_DOUBLE_EQ(run.bands[1].from, 8);
  ASSERT_EQ(run.attributes.size(), 1U);
  EXPECT_EQ(run.attributes[0].persons_left_out, 1);
  ASSERT_EQ(run.attributes[0].kinds.size(), 3U);
  const FrequencyKind& self = run.attributes[0].kinds[2];
  ASSERT_TRUE(self.audit);
  const audit::FrequencyProfile& a = self.audit->groups[0];
  EXPECT_EQ(a.units, 10);
  EXPECT_EQ(a.most_important, 0U) << "0 to 8 cycles";
  for (std::size_t b = 3; b < 7; ++b) EXPECT_GT(a.bands[0].value, 10 * a.bands[b].value) << b;
  EXPECT_FALSE(self.audit->groups[1].measurable);
  EXPECT_TRUE(self.audit->comparisons.empty());
}

TEST_F(FrequencyAuditOfFiles, SaysWhyThereAreNoPairs) {
  plan_.pictures = 1;
  const auto run = run_frequency_audit(engine(), plan_, {}).value();
  EXPECT_EQ(run.pictures, 13);
  EXPECT_EQ(run.not_looked_at, 13);
  EXPECT_FALSE(run.attributes[0].kinds[0].audit);
  EXPECT_EQ(run.attributes[0].kinds[0].reason, "no person in a group has two pictures with a face");
}

TEST_F(FrequencyAuditOfFiles, ThePageWarnsOfSmallGroupsInWords) {
  const Engine loaded = engine();
  const std::string page = frequency_audit_page(run_frequency_audit(loaded, plan_, {}).value(), loaded).value();
  EXPECT_NE(page.find("Warning: &quot;b&quot; has 2 people, 10 are needed."), std::string::npos);
  EXPECT_NE(page.find("has only 10 people"), std::string::npos);
  EXPECT_NE(page.find("This says nothing about a difference, in either direction."), std::string::npos);
  EXPECT_NE(page.find("&lt;a&gt;"), std::string::npos);
  EXPECT_EQ(page.find("<a>"), std::string::npos);
}

TEST_F(FrequencyAuditOfFiles, RefusesWhatItCannotDoAndStops) {
  const Engine loaded = engine();
  const auto message = [&](const FrequencyAuditPlan& plan) {
    return run_frequency_audit(loaded, plan, {}).error().message;
  };
  FrequencyAuditPlan wrong = plan_;
  wrong.bands = 57;
  EXPECT_EQ(message(wrong), "frequency bands: 57 bands of pictures of 112 pixels: 2 to 56");
  wrong = plan_;
  wrong.pictures = 0;
  EXPECT_EQ(message(wrong), "0 pictures of a person: 1 to 100");
  wrong = plan_;
  wrong.columns = {"race"};
  EXPECT_NE(message(wrong).find("no column \"race\""), std::string::npos);
  std::ofstream(plan_.folder + "/person3/0.jpg") << "no picture";
  EXPECT_NE(message(plan_).find("person3/0.jpg"), std::string::npos);
  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ(run_frequency_audit(loaded, plan_, {}, stop.get_token()).error().code, ErrorCode::cancelled);
}

}  // namespace
}  // namespace vultus::engine
