#include <vultus/engine/unit_benchmark.hpp>

#include <cmath>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vultus/core/test_folder.hpp>
#include <vultus/timeline/timeline_file.hpp>

namespace vultus::engine {
namespace {

using ::testing::HasSubstr;

TEST(UnitCodes, AreReadAsDisfaAndBp4dWriteThem) {
  const auto disfa = parse_unit_codes("1,0\n2,3\n3,5\n", "SN001_au12.txt");
  ASSERT_TRUE(disfa) << disfa.error().message;
  EXPECT_EQ(*disfa, (UnitCodes{{12, {{1, 0}, {2, 3}, {3, 5}}}}));
  EXPECT_EQ(parse_unit_codes("7,2\n8,9\n", "F001_T1_AU06.csv").value(), (UnitCodes{{6, {{7, 2}}}})) << "9: not coded";
  const auto occurrence = parse_unit_codes("0,1,2,12\n17,0,1,9\n18,1,9,1\n", "F001_T1.csv");
  ASSERT_TRUE(occurrence) << occurrence.error().message;
  EXPECT_EQ(*occurrence, (UnitCodes{{1, {{17, 0}, {18, 1}}}, {2, {{17, 1}}}, {12, {{18, 1}}}}));
  EXPECT_EQ(parse_unit_codes("frame,AU01,AU12_r\n1,2.5,\n", "own.csv").value(), (UnitCodes{{1, {{1, 2.5}}}}));
}

TEST(UnitCodes, ThatAreAmissAreToldByTheirLine) {
  const auto high = parse_unit_codes("1,0\n2,6\n", "SN001_au12.txt");
  ASSERT_FALSE(high);
  EXPECT_THAT(high.error().message, HasSubstr("line 2"));
  EXPECT_FALSE(parse_unit_codes("1,0\n", "codes.txt")) << "of which unit?";
  EXPECT_FALSE(parse_unit_codes("frame,AU01\nx,1\n", "own.csv"));
  EXPECT_FALSE(parse_unit_codes("frame,AU01\n1,1,1\n", "own.csv"));
  EXPECT_FALSE(parse_unit_codes("", "own.csv"));
}

/// How frames are recorded.
struct Recorded {
  Clock clock{.numerator = 25};
  std::int64_t ticks = 1;     ///< between frames
  std::int64_t every = 1;     ///< only so manieth of the 40
  std::int64_t missing = -1;  ///< one that is not there
};

/// A recording of 40 frames: a bystander who is seen in half of them, and the person, whose unit 12 goes up and down.
void record(const std::filesystem::path& path, double slope, const Recorded& how = {}) {
  auto to = TimelineWriter::open({.path = path});
  ASSERT_TRUE(to) << to.error().message;
  Source source;
  source.id = SourceId(1), source.path = "clip.mp4", source.clock = how.clock;
  Evidence evidence;
  evidence.id = EvidenceId(1), evidence.producer = "test", evidence.data = DataKind::planted;
  ASSERT_TRUE(to->add(source) && to->add(evidence));
  ASSERT_TRUE(to->add(Channel{ChannelId("au.12.intensity"), "0..5", EvidenceId(1)}));
  for (std::int64_t i = 0; i < 40; ++i) {
    if (i % how.every != 0 || i == how.missing) continue;
    const Timestamp time{i * how.ticks};
    SourceFrame frame;
    frame.source = SourceId(1), frame.time = time;
    ASSERT_TRUE(to->add(frame));
    if (i == 0) {
      ASSERT_TRUE(to->add(Track{TrackId(1), SourceId(1)}));
      ASSERT_TRUE(to->add(Track{TrackId(2), SourceId(1)}));
    }
    for (const std::int64_t track : {1, 2}) {
      if (track == 1 && i % 2 == 1) continue;
      Observation seen;
      seen.track = TrackId(track), seen.time = time;
      ASSERT_TRUE(to->add(seen));
      const double truth = static_cast<double>(i % 6);
      ASSERT_TRUE(to->add(
          Reading{ChannelId("au.12.intensity"), TrackId(track), time, track == 2 ? slope * truth : 5 - truth, ""}));
    }
  }
}

TEST(UnitBenchmark, FindsThePersonAndTheFramesOfTheCodes) {
  const TestFolder folder;
  std::string samples = "subject,timeline,labels\n", codes = "frame,AU04,AU12\n";
  for (int frame = 1; frame <= 40; ++frame)
    codes += std::to_string(frame) + ",1," + std::to_string((frame - 1) % 6) + "\n";
  std::ofstream(folder / "codes.csv") << codes;
  for (const char* name : {"a", "b", "c", "d"}) {
    record(folder / (std::string(name) + ".vultus"), 0.5);
    samples += std::string(name) + "," + name + ".vultus,codes.csv\n";
  }
  std::ofstream(folder / "samples.csv") << samples;
  UnitBenchmarkOptions options;
  options.samples = folder / "samples.csv";
  options.protocol.folds = 2;
  const auto run = run_unit_benchmark(options);
  ASSERT_TRUE(run) << run.error().message;
  EXPECT_EQ(run->recordings, 4U);
  EXPECT_TRUE(run->planted) << "planted data is said to be planted";
  ASSERT_EQ(run->rows.size(), 1U);
  EXPECT_EQ(run->rows[0].unit, 12);
  EXPECT_EQ(run->rows[0].scores.frames, 160U);
  // Readings are half the codes: ICC(3,1) = 2 s / (1 + s^2) for a slope s.
  EXPECT_NEAR(run->rows[0].scores.as_said.icc->value, 0.8, 1e-9);
  EXPECT_NEAR(run->rows[0].scores.as_said.pearson->value, 1, 1e-9);
  EXPECT_NEAR(run->rows[0].scores.fitted.icc->value, 1, 1e-9);
  ASSERT_EQ(run->left_out.size(), 1U);
  EXPECT_THAT(run->left_out[0], HasSubstr("AU4")) << "coded, but not read";
}

/// Four people, recorded alike, whose readings are half their codes.
Result<UnitBenchmark> run_on(const TestFolder& folder, const Recorded& how) {
  std::string samples = "subject,timeline,labels\n", codes = "frame,AU12\n";
  for (int frame = 1; frame <= 40; ++frame)
    codes += std::to_string(frame) + "," + std::to_string((frame - 1) % 6) + "\n";
  std::ofstream(folder / "codes.csv") << codes;
  for (const char* name : {"a", "b", "c", "d"}) {
    record(folder / (std::string(name) + ".vultus"), 0.5, how);
    samples += std::string(name) + "," + name + ".vultus,codes.csv\n";
  }
  std::ofstream(folder / "samples.csv") << samples;
  UnitBenchmarkOptions options;
  options.samples = folder / "samples.csv";
  options.protocol.folds = 2;
  return run_unit_benchmark(options);
}

TEST(UnitBenchmark, ComparesTheFramesOfTheSourceWhereItsClockCountsThem) {
  const TestFolder thin, torn;
  const auto every = run_on(thin, {.every = 3});
  ASSERT_TRUE(every) << every.error().message;
  EXPECT_EQ(every->rows.at(0).scores.frames, 4U * 14U);
  EXPECT_NEAR(every->rows.at(0).scores.as_said.pearson->value, 1, 1e-9);
  const auto gap = run_on(torn, {.missing = 7});
  ASSERT_TRUE(gap) << gap.error().message;
  EXPECT_NEAR(gap->rows.at(0).scores.as_said.pearson->value, 1, 1e-9);
}

TEST(UnitBenchmark, RefusesFramesThatNothingNumbers) {
  const Clock fine{.numerator = 12800};
  const TestFolder whole, torn, thin, two;
  EXPECT_TRUE(run_on(whole, {.clock = fine, .ticks = 512}));
  EXPECT_THAT(run_on(torn, {.clock = fine, .ticks = 512, .missing = 7}).error().message,
              HasSubstr("frames are missing"));
  EXPECT_THAT(run_on(thin, {.clock = fine, .ticks = 512, .every = 2}).error().message,
              HasSubstr("20 frames, and the codes go on to frame 40"));
  ASSERT_TRUE(run_on(two, {}));
  {
    auto to = TimelineWriter::open({.path = two / "b.vultus", .mode = TimelineFileMode::append});
    ASSERT_TRUE(to) << to.error().message;
    Source second;
    second.id = SourceId(2), second.path = "other.mp4";
    ASSERT_TRUE(to->add(second));
  }
  UnitBenchmarkOptions options;
  options.samples = two / "samples.csv";
  options.protocol.folds = 2;
  EXPECT_THAT(run_unit_benchmark(options).error().message, HasSubstr("2 sources"));
}

TEST(UnitBenchmark, SaysWhatIsMissing) {
  const TestFolder folder;
  std::ofstream(folder / "samples.csv") << "subject,timeline,labels\na,none.vultus,none.csv\n";
  UnitBenchmarkOptions options;
  options.samples = folder / "samples.csv";
  const auto run = run_unit_benchmark(options);
  ASSERT_FALSE(run);
  EXPECT_THAT(run.error().message, HasSubstr("none.csv"));
}

}  // namespace
}  // namespace vultus::engine
