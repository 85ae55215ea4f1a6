// Protocol files: read strictly, refused when they leak, measured when they do not.
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include <vultus/core/test_folder.hpp>
#include <vultus/engine/protocol_file.hpp>
#include <vultus/engine/table_file.hpp>

namespace vultus::engine {
namespace {

constexpr const char* kProtocolText = R"({"schema": 1, "name": "moods", "samples": "samples.csv", "keys": ["subject"],
 "label": "mood", "clip": "clip", "split": {"kind": "leave-one-out", "key": "subject"},
 "predictions": "predictions.csv", "task": {"kind": "classification", "truth": "mood", "groups": "subject", "draws": 200}})";

void write(const std::filesystem::path& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

/// Three subjects with 12 samples each; every third prediction is wrong.
void make_files(const std::filesystem::path& folder, const std::string& protocol) {
  std::string samples = "file,subject,mood,clip\n";
  std::string predictions = "file,predicted\n";
  for (int i = 0; i < 36; ++i) {
    const std::string name = "f" + std::to_string(i) + ".jpg";
    const std::string mood = i % 2 == 0 ? "calm" : "glad";
    samples += name + ",s" + std::to_string(i / 12) + "," + mood + ",c" + std::to_string(i) + "\n";
    predictions += name + "," + (i % 3 == 0 ? (i % 2 == 0 ? "glad" : "calm") : mood) + "\n";
  }
  write(folder / "samples.csv", samples);
  write(folder / "predictions.csv", predictions);
  write(folder / "protocol.json", protocol);
}

TEST(ProtocolFile, MeasuresTheTestedSamplesWithEvidence) {
  const TestFolder folder;
  make_files(folder.path(), kProtocolText);
  const ProtocolRun run = run_protocol((folder.path() / "protocol.json").string(), true).value();
  EXPECT_FALSE(run.leakage.refused());
  EXPECT_EQ(run.split.folds.size(), 3U);
  ASSERT_FALSE(run.figures.empty());
  EXPECT_EQ(run.figures[0].name, "accuracy");
  EXPECT_NEAR(run.figures[0].value, 24.0 / 36, 1e-12);
  EXPECT_EQ(run.figures[0].groups, 3);
  EXPECT_EQ(run.figures[0].data_sha256, run.samples_sha256);
  EXPECT_NE(run.figures[0].protocol.find("moods: leave one subject out"), std::string::npos);
  EXPECT_TRUE(run_protocol((folder.path() / "protocol.json").string(), false).value().figures.empty());
}

TEST(ProtocolFile, MeasuresNothingWhereTheSplitLeaks) {
  const TestFolder folder;
  make_files(folder.path(), kProtocolText);
  std::ofstream(folder.path() / "samples.csv", std::ios::app) << "f36.jpg,s2,calm,c0\n";  // a window of s0's clip
  const ProtocolRun run = run_protocol((folder.path() / "protocol.json").string(), true).value();
  EXPECT_TRUE(run.leakage.refused());
  EXPECT_TRUE(run.figures.empty());
}

TEST(ProtocolFile, NamesAMissingAndASecondPrediction) {
  const TestFolder folder;
  make_files(folder.path(), kProtocolText);
  const std::string path = (folder.path() / "protocol.json").string();
  std::ofstream(folder.path() / "predictions.csv", std::ios::app) << "f3.jpg,calm\n";
  EXPECT_NE(run_protocol(path, true).error().message.find("line 38: a second prediction for \"f3.jpg\""),
            std::string::npos);
  write(folder.path() / "predictions.csv", "file,predicted\nf0.jpg,calm\n");
  EXPECT_NE(run_protocol(path, true).error().message.find("no prediction for \"f1.jpg\", which s0 tests"),
            std::string::npos);
}

TEST(ProtocolFile, RefusesTyposInsteadOfLeavingOutACheck) {
  const std::string text = kProtocolText;
  EXPECT_EQ(parse_protocol(R"({"schema": 1, "name": "x", "samples": "s.csv", "key": ["subject"],
 "split": {"kind": "official", "key": "part"}})",
                           "p.json")
                .error()
                .message,
            "p.json: unknown name \"key\"");
  EXPECT_FALSE(parse_protocol(
      R"({"schema": 1, "name": "x", "samples": "s.csv", "split": {"kind": "random", "key": "a"}})", "p"));
  EXPECT_FALSE(parse_protocol(R"({"schema": 2, "name": "x"})", "p"));
  EXPECT_FALSE(parse_protocol("[]", "p"));
  EXPECT_FALSE(parse_protocol(R"({"schema": 1, "name": "x", "samples": "s.csv", "chosen_on": ["tset"],
 "split": {"kind": "official", "key": "part"}})",
                              "p"));
  EXPECT_TRUE(parse_protocol(text, "p"));
}

TEST(TableFile, ReadsTheSameTableFromCsvAndJson) {
  const auto csv = parse_table("file,n\na.jpg,1.5\n\"b,c\",\n", "t").value();
  const auto json = parse_table(R"([{"file": "a.jpg", "n": 1.5}, {"n": null, "file": "b,c"}])", "t").value();
  ASSERT_EQ(csv.rows(), 2U);
  for (std::size_t row = 0; row < 2; ++row)
    for (std::size_t column = 0; column < 2; ++column) EXPECT_EQ(csv.at(row, column), json.at(row, column));
  EXPECT_EQ(parse_table(R"([{"a": 1}, {"b": 2}])", "t").error().message, "t: entry 2 has no \"a\"");
  EXPECT_EQ(parse_table(R"([{"a": [1]}])", "t").error().message,
            "t: entry 1: \"a\" is neither text, number, true, false nor null");
  EXPECT_EQ(parse_table("[1]", "t").error().message, "t: entry 1 is not an object");
  EXPECT_FALSE(parse_table("", "t"));
  EXPECT_FALSE(parse_table("a,b\n1\n", "t"));
  EXPECT_FALSE(parse_table("[", "t"));
}

}  // namespace
}  // namespace vultus::engine
