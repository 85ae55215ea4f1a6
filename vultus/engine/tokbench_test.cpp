// Results and annotations of TokBench: read strictly, recomputed by rule; the published tables where the data is.
#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include <vultus/core/test_folder.hpp>
#include <vultus/engine/tokbench.hpp>
#include <vultus/engine/tokenizer_score.hpp>

namespace vultus::engine {
namespace {

constexpr const char* kTwoWords = R"({"vq": {"256": {"results": {"accuracy": "50.00%", "ned": "75.00%"}, "details": {
 "a.jpg": {"results": [{"gt": "STOP", "pred": "STOP", "ratio": 0.025, "accuracy": 1, "ned": 1.0},
                       {"gt": "ab", "pred": "aB", "ratio": 0.035, "accuracy": 0, "ned": 0.5}]}}}}})";

TEST(Tokbench, RecomputesWordsAndSeesWhatDisagrees) {
  const TestFolder folder;
  std::ofstream(folder.path() / "own.json") << kTwoWords;
  const auto got = run_tokbench(folder.path().string()).value();
  ASSERT_EQ(got.size(), 1U);
  EXPECT_EQ(got[0].protocol, "tokbench-2, text, 256");
  EXPECT_EQ(got[0].sets[0].words, 2);
  EXPECT_EQ(got[0].sets[0].disagreeing, 0);
  EXPECT_EQ(got[0].sets[0].as_published, true);
  EXPECT_DOUBLE_EQ(got[0].ned.mean, .75);
  EXPECT_FALSE(got[0].ned.mean_of_buckets) << "no word of .04 or more";
  std::string wrong = kTwoWords;
  wrong.replace(wrong.find("\"accuracy\": 0"), 13, "\"accuracy\": 1");
  std::ofstream(folder.path() / "own.json") << wrong;
  EXPECT_EQ(run_tokbench(folder.path().string()).value()[0].sets[0].disagreeing, 1);
  std::string untold = kTwoWords;
  untold.replace(untold.find("\"results\": {\"acc"), 9, "\"unknown\"");
  std::ofstream(folder.path() / "own.json") << untold;
  EXPECT_FALSE(run_tokbench(folder.path().string()).value()[0].sets[0].as_published) << "nothing was published";
}

TEST(Tokbench, NamesThePlaceThatIsBroken) {
  const auto message = [](const char* json) { return parse_tokbench_results(json, "r.json").error().message; };
  EXPECT_EQ(message("{"), "r.json: not JSON");
  EXPECT_EQ(message("[]"), "r.json: needs an object of tokenizers");
  EXPECT_EQ(message(R"({"vq": {"x": {"details": {}}}})"), "r.json: vq, x: needs a number as setting");
  EXPECT_EQ(message(R"({"vq": {"256": {}}})"), "r.json: vq, 256: needs an object \"details\"");
  EXPECT_EQ(message(R"({"vq": {"256": {"details": {"a": {"results": [{"gt": "x"}]}}}}})"),
            "r.json: vq, 256: a: needs a text \"pred\"");
  EXPECT_FALSE(run_tokbench("/nowhere"));
}

TEST(FaceAnnotations, AreReadInTheOrderOfTheTemplate) {
  const auto got = parse_face_annotations(R"([{"image_name": "a/b.jpg", "img_width": 640, "img_height": 480, "faces": [
 {"kps": [[1, 2], [3, 4], [5, 6], [7, 8], [9, 10]], "box": [10, 20, 40, 80], "ratio": 0.09375, "gt": "x"}]}])",
                                          "f.json")
                       .value();
  ASSERT_EQ(got.size(), 1U);
  EXPECT_EQ(got[0].faces[0].box, (RectF{10, 20, 30, 60}));
  EXPECT_EQ(got[0].faces[0].keypoints[4], (Point2f{9, 10}));
  EXPECT_DOUBLE_EQ(got[0].faces[0].ratio, .09375);
}

TEST(FaceAnnotations, RefuseWhatIsNone) {
  const auto bad = [](const char* json) { return !parse_face_annotations(json, "f.json"); };
  EXPECT_TRUE(bad("{}"));
  EXPECT_TRUE(bad(R"([{"image_name": "../b.jpg", "img_width": 6, "img_height": 4, "faces": []}])"))
      << "leaves the folder";
  EXPECT_TRUE(bad(R"([{"image_name": "/b.jpg", "img_width": 6, "img_height": 4, "faces": []}])"));
  EXPECT_TRUE(bad(R"([{"image_name": "b.jpg", "img_width": 0, "img_height": 4, "faces": []}])"));
  EXPECT_TRUE(
      bad(R"([{"image_name": "b.jpg", "img_width": 6, "img_height": 4, "faces": [{"ratio": 1, "box": [1, 2, 3]}]}])"));
  EXPECT_TRUE(bad(R"([{"image_name": "b.jpg", "img_width": 6, "img_height": 4,
 "faces": [{"ratio": 1, "box": [1, 2, 3, 1e300], "kps": [[1, 2], [3, 4], [5, 6], [7, 8], [9, 10]]}]}])"));
  EXPECT_TRUE(parse_face_annotations("[]", "f.json"));
}

TEST(FaceAnnotations, OutsideOfTheirPictureAreThoseOfAnother) {
  const auto message = [](const std::string& box) {
    const auto got = parse_face_annotations(
        R"([{"image_name": "b.jpg", "img_width": 60, "img_height": 40, "faces": [{"ratio": 1, "box": )" + box +
            R"(, "kps": [[1, 2], [3, 4], [5, 6], [7, 8], [9, 10]]}]}])",
        "f.json");
    return got ? std::string() : got.error().message;
  };
  EXPECT_EQ(message("[-5, -5, 10, 10]"), "") << "faces at the edge are cut";
  EXPECT_EQ(message("[50, 30, 70, 45]"), "");
  for (const char* box : {"[60, 10, 80, 30]", "[10, 40, 30, 60]", "[-20, 0, 0, 20]", "[0, -20, 20, 0]",
                          "[30, 10, 20, 30]", "[10, 30, 20, 30]"})
    EXPECT_EQ(message(box), "f.json: picture 1, face 1: nothing of it is within the 60 x 40 pixels of b.jpg") << box;
}

TEST(PairedFiles, NamesWhatOneFolderLacks) {
  const TestFolder a, b;
  std::ofstream(a.path() / "1.png") << "x";
  std::ofstream(a.path() / "2.png") << "x";
  std::ofstream(b.path() / "1.png") << "x";
  const auto message = paired_files(a.path().string(), b.path().string()).error().message;
  EXPECT_NE(message.find("lacks 1 of the other folder's files: 2.png"), std::string::npos) << message;
  std::ofstream(b.path() / "2.png") << "x";
  EXPECT_EQ(paired_files(a.path().string(), b.path().string()).value().size(), 2U);
  std::ofstream(b.path() / "3.png") << "x";
  EXPECT_FALSE(paired_files(a.path().string(), b.path().string()));
  EXPECT_FALSE(paired_files(a.path().string(), "/nowhere"));
}

TEST(Tokbench, RecomputesThePublishedTables) {
  const char* named = std::getenv("VULTUS_SHARED");
  const std::filesystem::path folder =
      (named != nullptr ? std::filesystem::path(named) : std::filesystem::path(VULTUS_SOURCE_DIR) / ".." / "shared") /
      "data" / "tokbench";
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "no ../shared/data/tokbench (set VULTUS_SHARED)";
  const auto results = run_tokbench(folder.string()).value();
  ASSERT_EQ(results.size(), 1U);
  const TokbenchResult& got = results[0];
  // Table of the tokenizer methods, section 3: words, accuracy %, 1-NED %, words below .02; by name.
  struct Known {
    const char* name;
    std::int64_t words;
    double accuracy, ned;
    std::int64_t below;
  };
  const std::array<Known, 5> known{{{"cord", 1880, 0, 3.30, 1749},
                                    {"ic13", 882, 5.67, 17.08, 277},
                                    {"ic15", 1347, 0, 2.22, 1173},
                                    {"sroie", 6258, 0, 1.59, 6212},
                                    {"tt", 1168, .34, 6.35, 525}}};
  ASSERT_EQ(got.sets.size(), known.size());
  for (std::size_t i = 0; i < got.sets.size(); ++i) {
    EXPECT_EQ(got.sets[i].name, known.at(i).name);
    EXPECT_EQ(got.sets[i].words, known.at(i).words);
    EXPECT_NEAR(got.sets[i].accuracy * 100, known.at(i).accuracy, .005);
    EXPECT_NEAR(got.sets[i].ned * 100, known.at(i).ned, .005);
    EXPECT_EQ(got.sets[i].outside, known.at(i).below);
    EXPECT_EQ(got.sets[i].disagreeing, 0);
    EXPECT_EQ(got.sets[i].as_published, true);
  }
  EXPECT_EQ(got.accuracy.items, 11535U);
  EXPECT_EQ(got.accuracy.outside, 9936U);
  EXPECT_NEAR(got.accuracy.mean * 100, .468140, 5e-7);
  EXPECT_NEAR(got.ned.mean * 100, 3.609148, 5e-7);
  const std::array<std::size_t, 3> items{755, 346, 498};
  const std::array<double, 3> accuracy{.264901, 0, 10.441767};
  const std::array<double, 3> ned{5.546126, 8.128441, 31.532686};
  for (std::size_t b = 0; b < 3; ++b) {
    EXPECT_EQ(got.ned.buckets[b].items, items.at(b));
    EXPECT_NEAR(got.accuracy.buckets[b].mean.value() * 100, accuracy.at(b), 5e-7);
    EXPECT_NEAR(got.ned.buckets[b].mean.value() * 100, ned.at(b), 5e-7);
  }
  EXPECT_NEAR(got.accuracy.mean_of_buckets.value() * 100, 3.568889, 5e-7);
  EXPECT_NEAR(got.ned.mean_of_buckets.value() * 100, 15.069085, 5e-7);
}

TEST(Tokbench, ReadsAnnotatedWords) {
  const auto parse = [](const std::string& words) {
    return parse_text_annotations(
        R"([{"image_name": "a.png", "img_width": 10, "img_height": 8, "words": )" + words + "}]", "own.json");
  };
  const auto flat = parse(R"([{"gt": "Ab", "ratio": 0.1, "quad": [1, 2, 5, 2, 5, 4, 1, 4]}])").value();
  ASSERT_EQ(flat.size(), 1U);
  EXPECT_EQ(flat[0].words[0].truth, "Ab");
  EXPECT_EQ(flat[0].words[0].quad[2], (Point2f{5, 4}));
  EXPECT_TRUE(parse(R"([{"gt": "", "ratio": 0, "quad": [[1, 2], [5, 2], [5, 4], [1, 4]]}])"));
  for (const char* wrong : {"{}", R"([{"gt": "a", "ratio": 0.1}])", R"([{"gt": "a", "ratio": 0.1, "quad": [1, 2]}])",
                            R"([{"gt": 3, "ratio": 0.1, "quad": [1, 2, 5, 2, 5, 4, 1, 4]}])",
                            R"([{"gt": "a", "ratio": 0.1, "quad": [11, 2, 15, 2, 15, 4, 11, 4]}])"})
    EXPECT_EQ(parse(wrong).error().code, ErrorCode::corrupt_data) << wrong;
}

}  // namespace
}  // namespace vultus::engine
