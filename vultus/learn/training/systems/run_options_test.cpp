// Runs of whole systems on files of seconds: what a checkpoint belongs to, what is tested on, what begins anew.
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stop_token>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/torch.h>

#include <vultus/core/test_folder.hpp>
#include <vultus/learn/half.hpp>
#include <vultus/learn/tensor_file.hpp>
#include <vultus/learn/training/systems/run_options.hpp>
#include <vultus/learn/training/systems/sample_file.hpp>
#include <vultus/learn/training/systems/train_foundation.hpp>
#include <vultus/learn/training/systems/train_scene.hpp>

namespace vultus::learn {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr std::int64_t kMaps = 16, kMapNumbers = 16 * 4 * 4;

/// Maps of two classes, 1 and 2 in turns, of two samples a person.
void plant_face_maps(const fs::path& path, float level, const char* planted, std::int64_t first_person = 0) {
  auto file = TensorFileWriter::create(path,
                                       {{"map", TensorType::f16, {kMaps, 1, kMapNumbers}},
                                        {"label", TensorType::i64, {kMaps}},
                                        {"person", TensorType::i64, {kMaps}}},
                                       {{"planted", planted}})
                  .value();
  std::vector<std::uint16_t> map;
  std::vector<std::int64_t> label, person;
  for (std::int64_t i = 0; i < kMaps; ++i) {
    for (std::int64_t k = 0; k < kMapNumbers; ++k) map.push_back(half_of(k % 2 == i % 2 ? level : 0));
    label.push_back(1 + i % 2), person.push_back(first_person + i / 2);
  }
  file.write("map", 0, std::as_bytes(std::span(map))).value();
  file.write("label", 0, std::as_bytes(std::span(label))).value();
  file.write("person", 0, std::as_bytes(std::span(person))).value();
  file.finish().value();
}

DfnRun maps_run(const TestFolder& folder) {
  DfnRun run;
  run.data = folder / "maps.safetensors", run.folder = folder / "run";
  run.epochs = 1, run.batch = 4, run.maps = {{"map", 16, 4, 1}}, run.classes = 2, run.rank = 2;
  return run;
}

TEST(SystemCheckpoints, BelongToTheSplitTheDataAndEveryOption) {
  const TestFolder folder;
  plant_face_maps(folder / "maps.safetensors", 1, "true");
  plant_face_maps(folder / "others.safetensors", 0.5F, "false", 100);
  const auto first = train_dfn(maps_run(folder));
  ASSERT_TRUE(first) << first.error().message;
  EXPECT_THAT(first->persons, ElementsAre(6, 6, 7, 7));
  EXPECT_TRUE(train_dfn(maps_run(folder))) << "the same run goes on";
  const auto refused = [&](const auto& change) {
    DfnRun run = maps_run(folder);
    change(run);
    const auto scores = train_dfn(run);
    return scores ? std::string("accepted") : scores.error().message;
  };
  const auto another = HasSubstr("checkpoint of another configuration");
  EXPECT_THAT(refused([](DfnRun& run) { run.test_share = 0.5; }), another);
  EXPECT_THAT(refused([&](DfnRun& run) { run.tested = folder / "others.safetensors"; }), another);
  EXPECT_THAT(refused([&](DfnRun& run) { run.data = folder / "others.safetensors"; }), another);
  EXPECT_THAT(refused([](DfnRun& run) { run.batch = 8; }), another);
  EXPECT_THAT(refused([](DfnRun& run) { run.learning_rate = 1e-8; }), another);
  EXPECT_THAT(refused([](DfnRun& run) { run.dropout = 0.1; }), another);
  EXPECT_THAT(refused([](DfnRun& run) { run.column = "person", run.first = 0, run.classes = 8; }),
              HasSubstr("checkpoint of another"));
  // A file in another place is the same file.
  fs::rename(folder / "maps.safetensors", folder / "moved.safetensors");
  EXPECT_EQ(refused([&](DfnRun& run) { run.data = folder / "moved.safetensors"; }), "accepted");
}

TEST(SystemRunsOnMaps, ArePlantedWhereWhatTheyLearntWas) {
  const TestFolder folder;
  plant_face_maps(folder / "maps.safetensors", 1, "true");
  plant_face_maps(folder / "others.safetensors", 0.5F, "false", 100);
  DfnRun run = maps_run(folder);
  run.tested = folder / "others.safetensors";
  EXPECT_TRUE(train_dfn(run).value().planted);
}

TEST(SystemRunsOnMaps, TellTheirSplitAndWhatDecidedThem) {
  const TestFolder folder;
  plant_face_maps(folder / "maps.safetensors", 1, "true");
  const RunScores first = train_dfn(maps_run(folder)).value();
  EXPECT_EQ(first.split_sha256.size(), 64U);
  EXPECT_THAT(first.options, HasSubstr("\nrank 2"));
  EXPECT_THAT(first.options, HasSubstr("\ntest_share 0.25"));
  DfnRun run = maps_run(folder);
  run.folder = folder / "half", run.test_share = 0.5;
  EXPECT_NE(train_dfn(run).value().split_sha256, first.split_sha256);
}

TEST(SystemRunsOnMaps, RefusePersonsAndSamplesOfBothFiles) {
  const TestFolder folder;
  plant_face_maps(folder / "maps.safetensors", 1, "true");
  plant_face_maps(folder / "persons.safetensors", 0.5F, "true", 7);
  plant_face_maps(folder / "samples.safetensors", 1, "true", 100);
  DfnRun run = maps_run(folder);
  run.tested = folder / "persons.safetensors";
  EXPECT_THAT(train_dfn(run).error().message, HasSubstr("person 7 is trained on"));
  run.tested = folder / "samples.safetensors";
  EXPECT_THAT(train_dfn(run).error().message, HasSubstr("sample 0 of what is tested on is sample 0"));
}

TEST(Splits, KeepEveryPersonOnOneSide) {
  const auto column = [](std::vector<std::int64_t> numbers) { return torch::tensor(numbers); };
  const torch::Tensor persons = column({0, 1, 2, 0, 1, 2, 3, 3});
  EXPECT_THAT(last_persons(persons, 8, 0.25).value().tested, ElementsAre(6, 7));
  const HeldOut more = last_persons(persons, 8, 0.4).value();
  EXPECT_THAT(more.tested, ElementsAre(2, 5, 6, 7));
  EXPECT_THAT(more.trained, ElementsAre(0, 1, 3, 4));
  EXPECT_THAT(last_persons({}, 8, 0.25).value().tested, ElementsAre(6, 7));
  EXPECT_THAT(last_persons(column({5, 5, 5, 5}), 4, 0.5).error().message, HasSubstr("of 1 persons"));
  EXPECT_NE(split_sum(more), split_sum(last_persons(persons, 8, 0.25).value()));
}

TEST(Splits, ShareNothingBetweenTwoFiles) {
  const auto samples = [](std::vector<std::int64_t> numbers) { return torch::tensor(numbers).view({-1, 2}); };
  const torch::Tensor one = samples({1, 2, 3, 4}), other = samples({5, 6, 7, 8}), same = samples({5, 6, 3, 4});
  const auto persons = [](std::vector<std::int64_t> numbers) { return torch::tensor(numbers); };
  EXPECT_TRUE(check_nothing_shared({one, {}, ""}, {other, {}, ""}));
  EXPECT_THAT(check_nothing_shared({one, {}, ""}, {same, {}, ""}).error().message,
              HasSubstr("sample 1 of what is tested on is sample 1 of what is trained on"));
  EXPECT_TRUE(check_nothing_shared({one, persons({1, 2}), ""}, {other, persons({3, 4}), ""}));
  EXPECT_THAT(check_nothing_shared({one, persons({1, 2}), ""}, {other, persons({3, 2}), ""}).error().message,
              HasSubstr("person 2 is trained on and, in sample 1, tested on"));
  // Planted persons of another seed are others, whatever their numbers are.
  EXPECT_TRUE(check_nothing_shared({one, persons({1, 2}), "seed 1"}, {other, persons({1, 2}), "seed 2"}));
  EXPECT_FALSE(check_nothing_shared({one, persons({1, 2}), "seed 1"}, {other, persons({1, 2}), "seed 1"}));
}

TEST(SceneRuns, RefusePicturesThatCouldNotBeMeasuredBehindTheTraining) {
  constexpr std::int64_t kScenes = 4, kOddSide = 66;
  const TestFolder folder;
  auto file = TensorFileWriter::create(folder / "scenes.safetensors",
                                       {{"pictures", TensorType::u8, {kScenes, kOddSide, kOddSide, 3}},
                                        {"emotion", TensorType::i64, {kScenes}},
                                        {"brightness", TensorType::f32, {kScenes}},
                                        {"colourfulness", TensorType::f32, {kScenes}}},
                                       {})
                  .value();
  const std::vector<std::uint8_t> pixels(std::size_t{kScenes * kOddSide * kOddSide * 3});
  const std::vector<std::int64_t> emotion{0, 1, 0, 1};
  const std::vector<float> grey(kScenes);
  file.write("pictures", 0, std::as_bytes(std::span(pixels))).value();
  file.write("emotion", 0, std::as_bytes(std::span(emotion))).value();
  file.write("brightness", 0, std::as_bytes(std::span(grey))).value();
  file.write("colourfulness", 0, std::as_bytes(std::span(grey))).value();
  file.finish().value();
  SceneRun run;
  run.data = folder / "scenes.safetensors", run.folder = folder / "run";
  run.told = [](const EpochRecord&) { ADD_FAILURE() << "it was trained"; };
  EXPECT_THAT(train_scene(run).error().message, HasSubstr("multiple of 16 pixels"));
}

TEST(RunIdentities, TellNumbersThatDifferByLittle) {
  EXPECT_NE(RunIdentity("x").add("rate", 1e-8).text(), RunIdentity("x").add("rate", 2e-8).text());
  EXPECT_NE(RunIdentity("x").add("a", 1).text(), RunIdentity("x").add("b", 1).text());
}

TEST(LearntClasses, AreThoseThatAreTrainedOn) {
  const auto column = [](std::vector<std::int64_t> labels) { return torch::tensor(labels); };
  EXPECT_EQ(learnt_classes("mood", column({0, 2, 1}), column({1, 2})).value(), 3);
  const auto beyond = learnt_classes("mood", column({0, 1, 1}), column({1, 2}));
  ASSERT_FALSE(beyond);
  EXPECT_THAT(beyond.error().message, HasSubstr("label 2 of mood is tested on"));
}

constexpr std::int64_t kFaces = 12, kFaceSide = 32;

/// Faces of six persons: of one level each, with one unit.
void plant_small_faces(const fs::path& path) {
  auto file = TensorFileWriter::create(path,
                                       {{"pictures", TensorType::u8, {kFaces, kFaceSide, kFaceSide, 3}},
                                        {"expression", TensorType::i64, {kFaces}},
                                        {"person", TensorType::i64, {kFaces}},
                                        {"levels", TensorType::i64, {kFaces, 1}}},
                                       {{"planted", "true"}})
                  .value();
  std::vector<std::uint8_t> pixels;
  std::vector<std::int64_t> expression, person, levels;
  for (std::int64_t i = 0; i < kFaces; ++i) {
    pixels.insert(pixels.end(), std::size_t{kFaceSide * kFaceSide * 3}, static_cast<std::uint8_t>(20 * i));
    expression.push_back(i % 2), person.push_back(i / 2), levels.push_back(i % 6);
  }
  file.write("pictures", 0, std::as_bytes(std::span(pixels))).value();
  file.write("expression", 0, std::as_bytes(std::span(expression))).value();
  file.write("person", 0, std::as_bytes(std::span(person))).value();
  file.write("levels", 0, std::as_bytes(std::span(levels))).value();
  file.finish().value();
}

FoundationRun faces_run(const TestFolder& folder, const char* name) {
  FoundationRun run;
  run.data = folder / "faces.safetensors", run.folder = folder / name;
  run.epochs = 1, run.adapt_epochs = 1, run.batch = 4, run.units = {12};
  for (int level = 0; level < 6; ++level) run.unit_captions.push_back("level " + std::to_string(level));
  run.face_caption = [](std::size_t expression, std::span<const int>) -> Result<std::string> {
    return "shows " + std::to_string(expression);
  };
  return run;
}

std::string bytes_in_file(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

TEST(FoundationRuns, StoppedBeforeTheAdapterEndAsOneThatWasNot) {
  const TestFolder folder;
  plant_small_faces(folder / "faces.safetensors");
  const auto whole = train_foundation(faces_run(folder, "whole"));
  ASSERT_TRUE(whole) << whole.error().message;
  EXPECT_THAT(whole->persons, ElementsAre(0, 0, 3, 3));
  FoundationRun run = faces_run(folder, "parts");
  std::stop_source stop;
  run.stop = stop.get_token(), run.told = [&](const EpochRecord&) { stop.request_stop(); };
  EXPECT_EQ(train_foundation(run).error().code, ErrorCode::cancelled);
  const auto resumed = train_foundation(faces_run(folder, "parts"));
  ASSERT_TRUE(resumed) << resumed.error().message;
  EXPECT_TRUE(bytes_in_file(folder / "parts/network.onnx") == bytes_in_file(folder / "whole/network.onnx"));
}

TEST(FoundationRuns, RefuseAnAdapterWithoutEpochsBeforeTheTrunkIsLearnt) {
  const TestFolder folder;
  plant_small_faces(folder / "faces.safetensors");
  FoundationRun run = faces_run(folder, "run");
  run.adapt_epochs = 0, run.told = [](const EpochRecord&) { ADD_FAILURE() << "the trunk was trained"; };
  EXPECT_THAT(train_foundation(run).error().message, HasSubstr("epochs of the adapter"));
}

TEST(FoundationRuns, AreTestedOnAFoldAndRefuseAnythingElse) {
  const TestFolder folder;
  FoundationRun run = faces_run(folder, "run");
  run.tested = folder / "others.safetensors";
  EXPECT_THAT(train_foundation(run).error().message, HasSubstr("tested on a fold of the persons"));
}

}  // namespace
}  // namespace vultus::learn
