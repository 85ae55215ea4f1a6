#include <vultus/engine/own_model.hpp>

#include <cmath>
#include <limits>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vultus/face/detector.hpp>
#include <vultus/face/embedder.hpp>
#include <vultus/runtime/network.hpp>
#include <vultus/runtime/sha256.hpp>
#include <vultus/runtime/test_onnx.hpp>
#include <vultus/runtime/test_packages.hpp>

namespace vultus::engine {
namespace {

using runtime::test::field;
using ::testing::HasSubstr;

constexpr const char* kRow = R"({"id": "mine", "decoder": "embedding", "outputs": {"embedding": "embedding"},
  "input": {"shape": [1, 3, 112, 112], "layout": "NCHW", "colour": "bgr", "mean": [100, 100, 100], "scale": [50, 50, 50]}})";

Result<OwnModel> made(const std::string& onnx, const std::string& row = kRow) {
  return own_model(row, "row.json", {reinterpret_cast<const std::uint8_t*>(onnx.data()), onnx.size()});
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  return text.replace(text.find(from), from.size(), to);
}

/// Two values: the mean of the first channel that the network sees plus half of the second, and the mean of the third.
const std::string kEmbedder = runtime::test::onnx_embedder(2, {1, 0.5F, 0, 0, 0, 1});

class OwnNetwork : public ::testing::Test {
 protected:
  [[nodiscard]] Result<OwnTrial> tried(const std::string& onnx, const std::string& row = kRow) const {
    const auto model = made(onnx, row);
    if (!model) return model.error();
    runtime::test::write_file(file_, onnx);
    return try_own_model(model->manifest, file_);
  }
  runtime::test::TemporaryFolder folder_;
  std::filesystem::path file_ = folder_.path() / "own.onnx";
};

TEST(OwnModel, ARowIsMadeWholeByWhatTheFileSays) {
  const auto model = made(kEmbedder);
  ASSERT_TRUE(model) << model.error().message;
  const runtime::ModelManifest& manifest = model->manifest;
  const std::string sum = runtime::sha256({reinterpret_cast<const std::uint8_t*>(kEmbedder.data()), kEmbedder.size()});
  EXPECT_EQ(manifest.files.front().sha256, sum);
  EXPECT_EQ(manifest.files.front().path, "mine-" + sum.substr(0, 16) + ".onnx");
  EXPECT_EQ(manifest.files.front().bytes, static_cast<std::int64_t>(kEmbedder.size()));
  EXPECT_EQ(manifest.source.registry, runtime::Registry::local);
  EXPECT_EQ(manifest.task, "face embedding");
  EXPECT_EQ(manifest.licence.commercial, runtime::Commercial::not_stated);
  EXPECT_EQ(with_dimension(*model, 2)->manifest.parameters.at("dimension"), 2);
  EXPECT_EQ(runtime::parse_manifest(model->json, "again").value(), manifest) << "what is written can be read";
}

TEST(OwnModel, ALyingRowCannotNameAnotherFileOrPackage) {
  const auto model =
      made(kEmbedder,
           replaced(kRow, "\"decoder\"",
                    R"("source": {"registry": "npm", "package": "x"}, "files": [{"path": "/etc/passwd"}], "decoder")"));
  ASSERT_TRUE(model) << model.error().message;
  EXPECT_EQ(model->manifest.source.registry, runtime::Registry::local);
  EXPECT_EQ(model->manifest.files.front().path.find("mine-"), 0U);
}

TEST(OwnModel, RowsThatMakeNoSenseAreRefusedByName) {
  EXPECT_EQ(made(kEmbedder, "{").error().message, "row.json: not a JSON object");
  EXPECT_THAT(made(kEmbedder, replaced(kRow, "embedding", "dlib_descriptor")).error().message, HasSubstr("decoder"));
  EXPECT_THAT(made(kEmbedder, replaced(kRow, "mine", "../mine")).error().message, HasSubstr("\"id\""));
  EXPECT_THAT(made(kEmbedder, replaced(kRow, "112, 112", "160, 160")).error().message, HasSubstr("160x160"));
  EXPECT_THAT(made(kEmbedder, replaced(kRow, "{\"embedding\"", "{\"vector\"")).error().message,
              HasSubstr("\"embedding\""));
  EXPECT_THAT(made(kEmbedder, replaced(kRow, "[50, 50, 50]", "[50, 0, 50]")).error().message, HasSubstr("scale"));
  EXPECT_EQ(made(kEmbedder, replaced(kRow, "\"id\"", R"("format": "tflite", "id")")).error().code,
            ErrorCode::unsupported);
}

TEST_F(OwnNetwork, MakesTheTemplatesThatItsWeightsSay) {
  const auto model = made(kEmbedder).value();
  runtime::test::write_file(file_, kEmbedder);
  const std::shared_ptr<const runtime::Backend> backend =
      runtime::make_openvino_backend({.precision = runtime::Precision::f32}).value();
  auto embedder = face::Embedder::load({backend, model.manifest, file_}, face::Mirror::no).value();
  Image picture = Image::create(112, 112, PixelFormat::rgb8).value();
  for (int y = 0; y < 112; ++y)
    for (int x = 0; x < 112; ++x) {
      std::uint8_t* const pixel = picture.row(y) + x * 3;
      pixel[0] = 250, pixel[1] = 200, pixel[2] = 150;  // red, green, blue
    }
  // Blue, green, red in units of 50 from 100: 1, 2, 3. The values: 1 + 0.5 * 2 = 2 and 3; of unit length / sqrt(13).
  const Embedding e = embedder.embed_aligned(picture.view()).value();
  EXPECT_EQ(e.model(), ModelId("mine"));
  EXPECT_NEAR(e.values()[0], 2 / std::sqrt(13), 1e-5);
  EXPECT_NEAR(e.values()[1], 3 / std::sqrt(13), 1e-5);
  const auto trial = try_own_model(model.manifest, file_);
  ASSERT_TRUE(trial) << trial.error().message;
  EXPECT_EQ(trial->dimension, 2);
}

/// A network of 128 x 128 pixels that gives fixed outputs whatever it sees: one face at stride 32, anchor 10, which is
/// the first of cell 5 = row 1, column 1: at (32, 32), reaching 1 stride to the left and top and 2 to the right and
/// bottom.
std::string fixed_detector() {
  using namespace runtime::test;  // NOLINT(google-build-using-namespace): its words make the graph readable
  std::string graph =
      field(1, onnx_node("GlobalAveragePool", {"x"}, {"pooled"})) +
      field(1, onnx_node("Conv", {"pooled", "nought"}, {"zero4"}) + field(5, onnx_ints("kernel_shape", {1, 1}))) +
      field(1, onnx_node("Reshape", {"zero4", "one"}, {"zero"})) +
      field(5, onnx_floats("nought", {1, 3, 1, 1}, {0, 0, 0})) + field(5, onnx_integers("one", {1})) +
      field(11, onnx_value("x", {1, 3, 128, 128}));
  for (const std::uint64_t stride : {8U, 16U, 32U}) {
    const std::uint64_t anchors = (128 / stride) * (128 / stride) * 2;
    for (const auto& [kind, numbers] : {std::pair<std::string, std::uint64_t>{"score", 1}, {"bbox", 4}, {"kps", 10}}) {
      std::vector<float> values(anchors * numbers);
      if (stride == 32 && kind == "score") values[10] = 0.75F;
      if (stride == 32 && kind == "bbox") values[40] = 1, values[41] = 1, values[42] = 2, values[43] = 2;
      if (stride == 32 && kind == "kps") values[102] = 1;
      const std::string name = kind + "_" + std::to_string(stride);
      graph += field(1, onnx_node("Add", {"zero", "c_" + name}, {name})) +
               field(5, onnx_floats("c_" + name, {anchors, numbers}, values)) +
               field(12, onnx_value(name, {anchors, numbers}));
    }
  }
  return onnx_model(graph);
}

constexpr const char* kDetectorRow = R"({"id": "eyes", "decoder": "scrfd",
  "outputs": {"scores_8": "score_8", "scores_16": "score_16", "scores_32": "score_32",
              "boxes_8": "bbox_8", "boxes_16": "bbox_16", "boxes_32": "bbox_32",
              "points_8": "kps_8", "points_16": "kps_16", "points_32": "kps_32"},
  "input": {"shape": [1, 3, 128, 128], "layout": "NCHW", "colour": "rgb", "mean": [127.5, 127.5, 127.5],
            "scale": [128, 128, 128]}})";

TEST_F(OwnNetwork, OfTheScrfdFamilyFindsTheFaceThatItsWeightsSay) {
  const std::string onnx = fixed_detector();
  const auto trial = tried(onnx, kDetectorRow);
  ASSERT_TRUE(trial) << trial.error().message;
  EXPECT_EQ(trial->dimension, 0);
  const std::shared_ptr<const runtime::Backend> backend =
      runtime::make_openvino_backend({.precision = runtime::Precision::f32}).value();
  auto detector = face::Detector::load({backend, made(onnx, kDetectorRow)->manifest, file_},
                                       {.reach = {.coarse_side = 128, .fine_side = 0}})
                      .value();
  // A picture of 256 x 256 is seen at half its size: the box from (0, 0) to (96, 96) is twice as large there.
  const auto faces = detector.detect(Image::create(256, 256, PixelFormat::rgb8).value().view()).value();
  ASSERT_EQ(faces.size(), 1U);
  EXPECT_EQ(faces[0].box, (RectF{0, 0, 192, 192}));
  EXPECT_EQ(faces[0].score, Score(0.75F));
  EXPECT_EQ((*faces[0].eyes)[1], (Point2f{128, 64}));  // (32 + 1 * 32, 32) there
}

TEST_F(OwnNetwork, HostileFilesAreErrorsThatSayWhy) {
  using namespace runtime::test;  // NOLINT(google-build-using-namespace): its words make the graphs readable
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const auto graph = [](const std::string& more, const std::vector<std::uint64_t>& input = {1, 3, 112, 112}) {
    return onnx_model(more + field(11, onnx_value("x", input)) + field(12, onnx_value("embedding", {1, 2})));
  };
  struct Case {
    const char* what;
    std::string onnx;
    const char* says;
  };
  const std::vector<Case> cases{
      {"not ONNX", "I am a text file", "not an ONNX model"},
      {"empty", "", "not an ONNX model"},
      {"cut off", kEmbedder.substr(0, kEmbedder.size() / 2), "not an ONNX model"},
      {"giant tensor", graph(field(5, number(1, 1U << 30U) + number(1, 1U << 30U) + number(2, 1) + field(8, "w"))),
       "claims more values"},
      {"outside its folder", graph(field(5, onnx_external("w", "../../etc/passwd"))), "../../etc/passwd"},
      {"an operator that nobody knows", graph(field(1, onnx_node("Teleport", {"x"}, {"embedding"}))), "Teleport"},
      {"wrong rank", graph(field(1, onnx_node("Flatten", {"x"}, {"embedding"})), {1, 3, 112}), "input shape"},
      {"no numbers", onnx_embedder(2, {nan, 0, 0, 0, 0, 1}), "no numbers"},
      {"no direction", onnx_embedder(2, {0, 0, 0, 0, 0, 0}), "without direction"},
      {"two inputs",
       graph(field(1, onnx_node("Add", {"x", "z"}, {"embedding"})) + field(11, onnx_value("z", {1, 3, 112, 112}))),
       "inputs, 1 is wanted"}};
  for (const Case& c : cases) {
    const auto trial = tried(c.onnx);
    ASSERT_FALSE(trial) << c.what;
    EXPECT_THAT(trial.error().message, HasSubstr(c.says)) << c.what;
  }
  EXPECT_THAT(
      tried(kEmbedder, replaced(kRow, R"({"embedding": "embedding"})", R"({"embedding": "nothing"})")).error().message,
      HasSubstr("no tensor nothing"));
  EXPECT_THAT(tried(replaced(kEmbedder, "Flatten", "Flatteh")).error().message, HasSubstr("Flatteh"));
}

TEST_F(OwnNetwork, ThatSaysTheSameOfEveryPictureIsNoEmbedder) {
  using namespace runtime::test;  // NOLINT(google-build-using-namespace): its words make the graph readable
  const std::string onnx = onnx_model(
      field(1, onnx_node("GlobalAveragePool", {"x"}, {"pooled"})) +
      field(1, onnx_node("Conv", {"pooled", "w", "b"}, {"wide"}) + field(5, onnx_ints("kernel_shape", {1, 1}))) +
      field(1, onnx_node("Flatten", {"wide"}, {"embedding"})) +
      field(5, onnx_floats("w", {2, 3, 1, 1}, {0, 0, 0, 0, 0, 0})) + field(5, onnx_floats("b", {2}, {3, 4})) +
      field(11, onnx_value("x", {1, 3, 112, 112})) + field(12, onnx_value("embedding", {1, 2})));
  EXPECT_THAT(tried(onnx).error().message, HasSubstr("the same template for every picture"));
}

}  // namespace
}  // namespace vultus::engine
