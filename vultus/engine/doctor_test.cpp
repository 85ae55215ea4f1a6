#include <vultus/engine/doctor.hpp>

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <vultus/media/test_folder.hpp>
#include <vultus/runtime/sha256.hpp>

namespace vultus::engine {
namespace {

using runtime::InferenceFacts;
using runtime::MachineFacts;
using runtime::Precision;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

const Finding& find(const std::vector<Finding>& findings, const std::string& area, const std::string& subject = {}) {
  for (const Finding& finding : findings)
    if (finding.area == area && (subject.empty() || finding.subject == subject)) return finding;
  throw std::runtime_error("no finding of " + area);
}

MachineFacts modern() {
  MachineFacts machine;
  machine.architecture = "x86_64";
  machine.processor = "A processor";
  machine.features = {{"AVX2", true, ""}, {"AVX-512 BF16", true, ""}, {"AMX BF16", false, ""}};
  machine.processors = 8;
  machine.memory = 16'000'000'000;
  return machine;
}

InferenceFacts library(std::vector<std::string> can) {
  return {.version = "1.2.3", .device = "A processor", .can = std::move(can), .limited_by = {}};
}

TEST(Doctor, SaysWhyAnArithmeticIsChosen) {
  const auto bf16 = examine_machine(modern(), library({"FP32", "BF16"}), Precision::automatic);
  EXPECT_THAT(find(bf16, "inference", "precision").text,
              HasSubstr("bf16: the processor has instructions for it (AVX-512 BF16)"));
  const auto asked = examine_machine(modern(), library({"FP32", "BF16"}), Precision::f32);
  EXPECT_EQ(find(asked, "inference", "precision").text, "f32, as asked for");
  const auto old = examine_machine(modern(), library({"FP32"}), Precision::automatic);
  EXPECT_EQ(find(old, "inference", "precision").text, "f32: this processor has no instructions for bf16");
  EXPECT_FALSE(first_problem(old));
}

TEST(Doctor, WhatWasAskedForAndIsNotThereIsAProblem) {
  const auto findings = examine_machine(modern(), library({"FP32"}), Precision::bf16);
  EXPECT_EQ(first_problem(findings), ErrorCode::unsupported);
  EXPECT_THAT(find(findings, "inference", "precision").fix, HasSubstr("--precision f32"));
}

TEST(Doctor, AnInferenceLibraryThatDoesNotLoadIsAProblemWithTheCommandThatMendsIt) {
  const auto findings =
      examine_machine(modern(), fail(ErrorCode::internal, "OpenVINO: no plug-in"), Precision::automatic);
  EXPECT_EQ(first_problem(findings), ErrorCode::internal);
  EXPECT_THAT(find(findings, "inference").fix, HasSubstr("tools/setup runtime"));
  EXPECT_EQ(find(findings, "processor").health, Health::fine) << "the rest is examined all the same";
}

TEST(Doctor, AContainersLimitsAreToldWithTheOptionsThatFitThem) {
  MachineFacts machine = modern();
  machine.quota = 2.5;
  machine.memory_limit = 500'000'000;
  const auto findings = examine_machine(machine, library({"FP32"}), Precision::automatic);
  EXPECT_EQ(find(findings, "threads").health, Health::note);
  EXPECT_THAT(find(findings, "threads").fix, HasSubstr("--threads 2"));
  EXPECT_EQ(find(findings, "memory").health, Health::note);
  EXPECT_FALSE(first_problem(findings));
}

TEST(Doctor, AProcessorWithoutAvx2IsNoProblemButANote) {
  MachineFacts machine = modern();
  machine.features = {{"SSE4.2", true, ""}, {"AVX2", false, ""}};
  EXPECT_EQ(find(examine_machine(machine, library({"FP32"}), Precision::automatic), "processor").health, Health::note);
}

TEST(Doctor, InstructionsThatAreHeldBackFromOutsideAreNamed) {
  InferenceFacts facts = library({"FP32"});
  facts.limited_by = "ONEDNN_MAX_CPU_ISA=SSE41";
  const Finding found = find(examine_machine(modern(), facts, Precision::automatic), "inference", "OpenVINO");
  EXPECT_EQ(found.health, Health::note);
  EXPECT_EQ(found.fix, "unset ONEDNN_MAX_CPU_ISA");
  EXPECT_THAT(find(examine_machine(modern(), facts, Precision::automatic), "inference", "precision").text,
              HasSubstr("f32: ONEDNN_MAX_CPU_ISA=SSE41"));
}

class DoctorFolder : public ::testing::Test {
 protected:
  [[nodiscard]] runtime::ModelManifest model(const std::string& sum) const {
    runtime::ModelManifest made;
    made.id = ModelId("net");
    made.task = "face detection";
    made.source = {
        .registry = runtime::Registry::npm, .package = "p", .version = "1", .archive_sha256 = {}, .archive_bytes = 1};
    made.files = {{.path = "net.onnx", .offset = 0, .end = {}, .sha256 = sum, .bytes = 3}};
    made.licence = {.package = "MIT", .weights = "not stated", .commercial = runtime::Commercial::not_stated};
    return made;
  }
  void put(const runtime::ModelManifest& of, const std::string& bytes) const {
    const auto path = runtime::ModelStore(folder_.path()).path_of(of, of.files.front());
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path) << bytes;
  }
  [[nodiscard]] std::size_t files() const {
    return static_cast<std::size_t>(std::distance(std::filesystem::recursive_directory_iterator(folder_.path()),
                                                  std::filesystem::recursive_directory_iterator()));
  }
  media::testing::TestFolder folder_;
  // SHA-256 of the three bytes "abc": FIPS 180-2, appendix B.1.
  const std::string abc_ = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
};

TEST_F(DoctorFolder, AModelIsMissingAlteredOrThere) {
  const runtime::ModelStore store(folder_.path());
  const auto net = model(abc_);
  const Finding missing = examine_model(net, store, true);
  EXPECT_EQ(missing.health, Health::problem);
  EXPECT_EQ(missing.code, ErrorCode::not_found);
  EXPECT_EQ(missing.fix, "vultus models fetch net");
  EXPECT_EQ(examine_model(net, store, false).health, Health::note) << "the main job does without it";
  put(net, "abd");
  const Finding altered = examine_model(net, store, true);
  EXPECT_EQ(altered.code, ErrorCode::corrupt_data);
  EXPECT_EQ(altered.fix, "vultus models fetch net");
  put(net, "abc");
  const Finding there = examine_model(net, store, true);
  EXPECT_EQ(there.health, Health::fine);
  EXPECT_THAT(there.text, HasSubstr("MIT, commercial use: not stated"));
  EXPECT_THAT(there.text, Not(HasSubstr("your own")));
}

TEST_F(DoctorFolder, AModelIsYourOwnWhereItLiesInYourFolder) {
  const runtime::ModelStore store(folder_.path());
  auto net = model(abc_);
  put(net, "abc");
  net.folder = "/home/ada/models";
  EXPECT_THAT(examine_model(net, store, false, "/home/ada/models").text, HasSubstr("your own "));
  EXPECT_THAT(examine_model(net, store, false, "/home/bo/models").text, Not(HasSubstr("your own ")));
}

TEST_F(DoctorFolder, TheWriteTestsLeaveNothingBehind) {
  EXPECT_EQ(examine_cache(folder_.path()).health, Health::fine);
  const Finding gallery = examine_gallery(folder_.path());
  EXPECT_EQ(gallery.health, Health::fine) << gallery.text;
  EXPECT_EQ(files(), 0U);
}

TEST_F(DoctorFolder, ACacheThatIsNotThereYetIsTriedWhereItWouldBeMade) {
  EXPECT_EQ(examine_cache(std::filesystem::path(folder_.path()) / "a" / "b").health, Health::fine);
  EXPECT_EQ(files(), 0U);
}

TEST(DoctorPlaces, AFolderThatCannotBeWrittenIsANoteForTheCacheAndAProblemForGalleries) {
  // Nobody, root included, makes folders in /proc.
  const Finding cache = examine_cache("/proc/sys");
  EXPECT_EQ(cache.health, Health::note);
  EXPECT_THAT(cache.fix, HasSubstr("VULTUS_CACHE"));
  EXPECT_THAT(examine_cache("/proc/sys/none/cache").fix, Not(HasSubstr("chown \"$USER\" '/proc/sys'")));
  const Finding gallery = examine_gallery("/proc/sys");
  EXPECT_EQ(gallery.health, Health::problem);
  EXPECT_EQ(gallery.code, ErrorCode::resource_limit);
}

std::error_code because(std::errc cause) { return std::make_error_code(cause); }

TEST_F(DoctorFolder, WhoMayNotWriteIsToldToOwnTheCacheFolderAndNeverOneAroundIt) {
  const std::string cache = folder_ / "a/it's";
  const std::string word = "'" + folder_ / "a/it'\\''s" + "'";
  for (const std::errc cause : {std::errc::permission_denied, std::errc::operation_not_permitted})
    EXPECT_THAT(cache_fix(cache, because(cause)),
                StartsWith("sudo mkdir -p " + word + " && sudo chown \"$USER\" " + word + " "));
  std::filesystem::create_directories(cache);
  EXPECT_THAT(cache_fix(cache, because(std::errc::permission_denied)),
              StartsWith("sudo chown \"$USER\" " + word + " "));
  std::ofstream(cache + "/of somebody else") << "x";
  EXPECT_THAT(cache_fix(cache, because(std::errc::permission_denied)), Not(HasSubstr("sudo")));
  std::filesystem::create_directories(cache + "/models");
  EXPECT_THAT(cache_fix(cache, because(std::errc::permission_denied)), HasSubstr("sudo chown \"$USER\" " + word));
  EXPECT_THAT(cache_fix("/", because(std::errc::permission_denied)), Not(HasSubstr("sudo")));
}

TEST(DoctorPlaces, AFullOrReadOnlyDiskIsNoMatterOfOwners) {
  for (const std::errc cause :
       {std::errc::no_space_on_device, std::errc::read_only_file_system, std::errc::not_a_directory}) {
    const std::string fix = cache_fix("/nowhere/cache", because(cause));
    EXPECT_THAT(fix, HasSubstr("VULTUS_CACHE"));
    EXPECT_THAT(fix, Not(HasSubstr("sudo")));
  }
  EXPECT_THAT(cache_fix("/nowhere/cache", because(std::errc::no_space_on_device)), HasSubstr("free some room"));
}

TEST(DoctorPlaces, ThePresetThatIsNotKnownAndTheFolderThatIsNotThereAreFindings) {
  const auto findings = examine({.models = "/nowhere", .cache = std::filesystem::temp_directory_path()});
  EXPECT_EQ(first_problem(findings), ErrorCode::not_found);
  const auto unknown = examine({.models = VULTUS_SOURCE_DIR "/models",
                                .cache = std::filesystem::temp_directory_path(),
                                .preset = "no such preset"});
  EXPECT_EQ(first_problem(unknown), ErrorCode::not_found);
}

/// A network whose output is what it is told.
class FakeNetwork final : public runtime::Network {
 public:
  explicit FakeNetwork(std::vector<float> values) : values_(std::move(values)) {}
  [[nodiscard]] int batch() const override { return 1; }
  [[nodiscard]] int width() const override { return 2; }
  [[nodiscard]] int height() const override { return 2; }
  [[nodiscard]] int channels() const override { return 3; }
  [[nodiscard]] std::span<std::uint8_t> input() override { return input_; }
  Status run() override { return {}; }
  [[nodiscard]] Result<std::span<const float>> output(std::string_view) const override { return std::span(values_); }

 private:
  std::vector<float> values_;
  std::array<std::uint8_t, 12> input_{};
};

class FakeBackend final : public runtime::Backend {
 public:
  FakeBackend(std::string name, std::vector<float> values) : name_(std::move(name)), values_(std::move(values)) {}
  [[nodiscard]] Result<std::unique_ptr<runtime::Network>> load(const runtime::ModelManifest&,
                                                               const std::filesystem::path&,
                                                               const runtime::LoadOptions&) const override {
    return std::make_unique<FakeNetwork>(values_);
  }
  [[nodiscard]] std::string description() const override { return name_; }

 private:
  std::string name_;
  std::vector<float> values_;
};

runtime::ModelHandle on(const std::shared_ptr<const runtime::Backend>& backend) {
  runtime::ModelHandle handle{.backend = backend, .manifest = {}, .file = {}};
  handle.manifest.id = ModelId("net");
  handle.manifest.outputs = {{"values", "y"}};
  return handle;
}

TEST(DoctorNetwork, RunsItAndComparesWithTheExactArithmetic) {
  const FakeBackend exact("exact", {3, 4});
  const Finding found = examine_network(on(std::make_shared<FakeBackend>("coarse", std::vector<float>{4, 3})), &exact);
  EXPECT_EQ(found.health, Health::fine);
  EXPECT_THAT(found.text, HasSubstr("ran on coarse"));
  EXPECT_THAT(found.text, HasSubstr("0.9600"));  // (3 * 4 + 4 * 3) / (5 * 5)
}

TEST(DoctorNetwork, WhatIsNotANumberIsAProblem) {
  const auto broken = std::make_shared<FakeBackend>("broken", std::vector<float>{1, std::nanf("")});
  const Finding found = examine_network(on(broken), nullptr);
  EXPECT_EQ(found.health, Health::problem);
  EXPECT_EQ(found.code, ErrorCode::internal);
}

}  // namespace
}  // namespace vultus::engine
