// Networks of a user's own, good ones and hostile ones.
#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <tests/e2e/world.hpp>
#include <vultus/runtime/test_onnx.hpp>

namespace vultus::e2e {
namespace {

using runtime::test::field;
using ::testing::HasSubstr;

class OwnModels : public ::testing::Test {
 protected:
  void SetUp() override { world_.make_own_model(); }
  [[nodiscard]] Answer add(const std::string& onnx) const {
    return world_.vultus({"models", "add", onnx, "--manifest", "mine.json"});
  }
  [[nodiscard]] std::size_t kept() const {
    std::error_code none;
    std::size_t count = 0;
    for (std::filesystem::directory_iterator at(world_ / "own models", none), end; !none && at != end; ++at) ++count;
    return count;
  }
  World world_;
};

TEST_F(OwnModels, AnEmbedderThatNobodyMeasuredIsUsedAndNoThresholdIsInvented) {
  const Answer added = world_.vultus({"models", "add", "mine.onnx", "--manifest", "mine.json", "--json"});
  ASSERT_EQ(added.code, 0) << added.err;
  EXPECT_EQ(json_lines(added.out)[0]["dimension"], 512);
  EXPECT_EQ(kept(), 2U);
  EXPECT_THAT(world_.vultus({"models", "list"}).out, HasSubstr("mine"));

  const Answer refused = world_.vultus({"verify", "a.jpg", "b.jpg", "--embedder", "mine"});
  EXPECT_EQ(refused.code, 3);
  EXPECT_THAT(refused.err, HasSubstr("model mine has no measured threshold"));
  EXPECT_EQ(world_.vultus({"verify", "a.jpg", "b.jpg", "--embedder", "mine", "--fmr", "1e-3"}).code, 3);

  // The network is that of preset fast under another name: it must say the same.
  const Answer own = world_.vultus({"verify", "a.jpg", "b.jpg", "--embedder", "mine", "--threshold", "0.4", "--json"});
  ASSERT_EQ(own.code, 0) << own.err;
  const Answer known = world_.vultus({"verify", "a.jpg", "b.jpg", "--embedder", "fr_feature", "--json"});
  ASSERT_EQ(known.code, 0) << known.err;
  const Json mine = json_lines(own.out)[0], theirs = json_lines(known.out)[0];
  EXPECT_EQ(mine["similarity"], theirs["similarity"]);
  EXPECT_EQ(mine["fmr"], 1.0) << "at most: nobody measured it";
  EXPECT_EQ(mine["fmr_bound"], true);
  EXPECT_TRUE(mine["probability"].is_null());
  EXPECT_TRUE(theirs["fmr"].is_number());
  EXPECT_FALSE(theirs.contains("fmr_bound"));
}

TEST_F(OwnModels, AGalleryRemembersItsEmbedderAndTakesAnyDetector) {
  ASSERT_EQ(add("mine.onnx").code, 0);
  ASSERT_EQ(world_.vultus({"enroll", "own.vgal", "people", "--embedder", "mine", "-q"}).code, 0);
  const Answer refused = world_.vultus({"identify", "own.vgal", "b.jpg"});
  EXPECT_EQ(refused.code, 3);
  EXPECT_THAT(refused.err, HasSubstr("no measured threshold"));
  for (const char* detector : {"fr_detect", "mp_face_full"}) {
    const Answer named =
        world_.vultus({"identify", "own.vgal", "b.jpg", "--threshold", "0.4", "--detector", detector, "--json", "-q"});
    ASSERT_EQ(named.code, 0) << named.err;
    EXPECT_EQ(json_lines(named.out)[0]["subject"], "Ada Lovelace");
  }
  EXPECT_EQ(world_.vultus({"identify", "own.vgal", "b.jpg", "--preset", "fast"}).code, 6);
}

/// MediaPipe's detectors as somebody else wrote them down in ONNX (tools/setup test-networks): `full` is the network
/// that Vultus knows as a TensorFlow Lite file, `short` is one that no manifest of Vultus has.
TEST_F(OwnModels, DetectorsOfOthersFindTheFacesThatTheyShould) {
  const auto input = [](const char* id, int side, const char* rest) {
    const std::string n = std::to_string(side);
    return std::string(R"({"id": ")") + id + R"(", "decoder": "blazeface", "input": {"shape": [1, )" + n + ", " + n +
           R"(, 3], "layout": "NHWC", "colour": "rgb", "mean": [127.5, 127.5, 127.5],
           "scale": [127.5, 127.5, 127.5]}, )" +
           rest + "}";
  };
  world_.write("full.json", input("full", 192, R"("outputs": {"scores": "reshaped_classifier_face_4",
    "regressions": "reshaped_regressor_face_4"}, "parameters": {"anchors_stride_4": 1, "threshold": 0.3, "overlap": 0.3, "coarse_side": 192, "fine_side": 640})"));
  world_.write("short.json", input("short", 128, R"("outputs": {"scores": "classificators",
    "regressions": "regressors"}, "parameters": {"anchors_stride_8": 2, "anchors_stride_16": 6})"));
  const auto folder = cache_folder() / "tests" / "open-rppg-0.1.1";
  for (const auto& [file, row] : {std::pair("blaze_face_full.onnx", "full.json"), {"blaze_face.onnx", "short.json"}}) {
    const Answer added = world_.vultus({"models", "add", (folder / file).string(), "--manifest", row, "--json"});
    ASSERT_EQ(added.code, 0) << added.err << " (tools/setup test-networks fetches it)";
  }
  const auto faces = [&](const char* detector) {
    const Answer answer = world_.vultus(
        {"detect", "b.jpg", "photos/group.jpg", "--detector", detector, "--precision", "f32", "--json", "--quiet"});
    EXPECT_EQ(answer.code, 0) << answer.err;
    return json_lines(answer.out);
  };
  const auto known = faces("mp_face_full"), own = faces("full"), near = faces("short");
  ASSERT_EQ(known.size(), 4U);
  ASSERT_EQ(own.size(), known.size());
  for (std::size_t i = 0; i < own.size(); ++i) {
    EXPECT_NEAR(own[i]["detection"].get<double>(), known[i]["detection"].get<double>(), 0.01);
    for (int k = 0; k < 4; ++k)
      EXPECT_NEAR(own[i]["box"][k].get<double>(), known[i]["box"][k].get<double>(), 3) << own[i] << known[i];
  }
  ASSERT_FALSE(near.empty());
  EXPECT_EQ(near[0]["file"], "b.jpg");
  for (int k = 0; k < 2; ++k)  // its boxes are its own, the points on the face are those of the landmark network
    EXPECT_NEAR(near[0]["keypoints"][0][k].get<double>(), known[0]["keypoints"][0][k].get<double>(), 8);
  world_.enroll_people();
  const Answer named = world_.vultus({"identify", "people.vgal", "b.jpg", "--detector", "short", "--json", "--quiet"});
  ASSERT_EQ(named.code, 0) << named.err;
  EXPECT_EQ(json_lines(named.out)[0]["subject"], "Ada Lovelace");
}

TEST_F(OwnModels, AreExaminedByDoctor) {
  ASSERT_EQ(add("mine.onnx").code, 0);
  const auto finding = [](const Answer& answer, const std::string& area, const std::string& subject) {
    for (const Json& line : json_lines(answer.out))
      if (line["area"] == area && line["subject"] == subject) return line;
    return Json();
  };
  const Answer fine = world_.vultus({"doctor", "--json", "--embedder", "mine"});
  EXPECT_EQ(fine.code, 0) << fine.out;
  EXPECT_EQ(finding(fine, "models", "mine")["facts"]["own"], true);
  EXPECT_EQ(finding(fine, "models", "mine")["facts"]["needed"], true);
  EXPECT_EQ(finding(fine, "models", "fr_detect")["facts"]["own"], false);
  EXPECT_EQ(finding(fine, "networks", "mine")["health"], "fine") << "it has been run";

  // Altered later: a note for those who do not use it, the end for those who do.
  const std::string file = finding(fine, "models", "mine")["facts"]["path"].get<std::string>();
  world_.write(std::filesystem::relative(file, world_.folder()).string(), "altered");
  const Answer beside = world_.vultus({"doctor", "--json"});
  EXPECT_EQ(beside.code, 0) << beside.out;
  EXPECT_EQ(finding(beside, "models", "mine")["health"], "note");
  EXPECT_THAT(finding(beside, "models", "mine")["fix"].get<std::string>(), HasSubstr("vultus models remove mine"));
  EXPECT_EQ(world_.vultus({"doctor", "--embedder", "mine"}).code, 5);

  // A row that cannot be read is told; everything else is examined all the same.
  world_.write("own models/broken.json", "{");
  const Answer broken = world_.vultus({"doctor", "--json"});
  EXPECT_EQ(broken.code, 5);
  EXPECT_THAT(broken.out, HasSubstr("broken.json"));
  EXPECT_EQ(finding(broken, "networks", "fr_detect")["health"], "fine");
}

TEST_F(OwnModels, WithoutAStatedLicenceAreRefusedForCommercialUse) {
  ASSERT_EQ(add("mine.onnx").code, 0);
  const Answer answer =
      world_.vultus({"verify", "a.jpg", "b.jpg", "--commercial-only", "--embedder", "mine", "--threshold", "0.4"});
  EXPECT_EQ(answer.code, 7);
  EXPECT_THAT(answer.err, HasSubstr("model mine: commercial use is \"not stated\""));
}

TEST_F(OwnModels, HostileFilesAreRefusedAndNothingOfThemIsKept) {
  const std::string whole = read_bytes(world_ / "mine.onnx");
  world_.write("cut.onnx", whole.substr(0, whole.size() / 3));
  world_.write("text.onnx", "I am no network");
  world_.write("outside.onnx", runtime::test::onnx_model(field(5, runtime::test::onnx_external("w", "../people.csv"))));
  // Fills 64 GB with ones, should anybody run it.
  world_.write("bomb.onnx",
               runtime::test::onnx_model(field(1, runtime::test::onnx_node("ConstantOfShape", {"shape"}, {"ones"})) +
                                         field(1, runtime::test::onnx_node("ReduceSum", {"ones"}, {"sum"})) +
                                         field(1, runtime::test::onnx_node("Add", {"x", "sum"}, {"output"})) +
                                         field(5, runtime::test::onnx_integers("shape", {1 << 17, 1 << 17})) +
                                         field(11, runtime::test::onnx_value("x", {1, 3, 112, 112})) +
                                         field(12, runtime::test::onnx_value("output", {1, 3, 112, 112}))));
  struct Case {
    const char* file;
    int code;
    const char* says;
  };
  for (const Case& c : {Case{"cut.onnx", 5, "not an ONNX model"}, Case{"text.onnx", 5, "not an ONNX model"},
                        Case{"outside.onnx", 7, "../people.csv"}, Case{"nowhere.onnx", 4, "nowhere.onnx"}}) {
    const Answer answer = add(c.file);
    EXPECT_EQ(answer.code, c.code) << c.file << ": " << answer.err;
    EXPECT_THAT(answer.err, HasSubstr(c.says)) << c.file;
  }
  const Answer bomb = add("bomb.onnx");
  EXPECT_THAT(bomb.code, ::testing::AnyOf(5, 8)) << bomb.err;
  EXPECT_FALSE(bomb.err.empty());
  EXPECT_EQ(kept(), 0U);
}

TEST_F(OwnModels, AFileThatWasChangedLaterIsNotLoaded) {
  const Answer added = world_.vultus({"models", "add", "mine.onnx", "--manifest", "mine.json", "--json"});
  ASSERT_EQ(added.code, 0) << added.err;
  const std::string file = json_lines(added.out)[0]["path"].get<std::string>();
  std::string bytes = read_bytes(file);
  bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] + 1);
  world_.write(std::filesystem::relative(file, world_.folder()).string(), bytes);
  const Answer answer = world_.vultus({"verify", "a.jpg", "b.jpg", "--embedder", "mine", "--threshold", "0.4"});
  EXPECT_EQ(answer.code, 5);
  EXPECT_THAT(answer.err, HasSubstr("SHA-256"));
}

TEST_F(OwnModels, ANameThatIsTakenIsRefusedAndOnlyOwnOnesCanBeRemoved) {
  ASSERT_EQ(add("mine.onnx").code, 0);
  EXPECT_EQ(add("mine.onnx").code, 3);
  EXPECT_EQ(world_.vultus({"models", "remove", "fr_detect"}).code, 3);
  EXPECT_EQ(world_.vultus({"models", "remove", "mine"}).code, 0);
  EXPECT_EQ(kept(), 0U);
  EXPECT_EQ(add("mine.onnx").code, 0) << "and can come again";
}

}  // namespace
}  // namespace vultus::e2e
