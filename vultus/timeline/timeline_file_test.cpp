#include <vultus/timeline/timeline_file.hpp>

#include <array>
#include <csignal>
#include <fstream>
#include <limits>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <vultus/timeline/test_timeline.hpp>

namespace vultus {
namespace {

using ::testing::HasSubstr;
using timeline::testing::Folder;
using timeline::testing::RandomTimeline;
using timeline::testing::replay;

TimelineWriter writer(const std::filesystem::path& path, TimelineFileMode mode = TimelineFileMode::create) {
  auto made = TimelineWriter::open({.path = path, .mode = mode});
  EXPECT_TRUE(made) << (made ? "" : made.error().message);
  return *std::move(made);
}

void add_base(TimelineSink& to) {
  ASSERT_TRUE(to.add(Source{.id = SourceId(1), .path = "clip.mp4"}));
  ASSERT_TRUE(to.add(Evidence{.id = EvidenceId(1), .producer = "test"}));
  ASSERT_TRUE(to.add(Channel{ChannelId("pulse"), "1/min", EvidenceId(1)}));
  ASSERT_TRUE(to.add(Track{TrackId(1), SourceId(1)}));
}

Reading pulse(std::int64_t ticks) { return {ChannelId("pulse"), TrackId(1), {ticks}, 60.5, ""}; }

/// Points as they are written for every face of every frame.
Reading points(std::int64_t ticks) {
  std::vector<float> values(136);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<float>(ticks) + 0.25F * static_cast<float>(i);
  return {ChannelId("pulse"), TrackId(1), {ticks}, std::move(values), ""};
}

void run_sql(const std::filesystem::path& path, const char* sql) {
  sqlite3* file = nullptr;
  ASSERT_EQ(sqlite3_open(path.c_str(), &file), SQLITE_OK);
  EXPECT_EQ(sqlite3_exec(file, sql, nullptr, nullptr, nullptr), SQLITE_OK) << sqlite3_errmsg(file);
  sqlite3_close(file);
}

TEST(TimelineFile, GivesBackTheTimelineThatWasWritten) {
  const Folder folder;
  for (unsigned seed = 1; seed <= 8; ++seed) {
    const Timeline made = RandomTimeline(seed).make();
    const auto path = folder / std::to_string(seed);
    {
      TimelineWriter to = writer(path);
      ASSERT_TRUE(replay(made, to));
      ASSERT_TRUE(to.commit());
    }
    const auto read = read_timeline(path);
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_TRUE(*read == made) << "seed " << seed;
  }
}

TEST(TimelineFile, AnEmptyOneIsAnEmptyTimeline) {
  const Folder folder;
  { writer(folder / "t"); }
  EXPECT_TRUE(read_timeline(folder / "t").value() == Timeline());
}

TEST(TimelineFile, CanBeContinued) {
  const Folder folder;
  Timeline whole;
  add_base(whole);
  {
    TimelineWriter to = writer(folder / "t");
    add_base(to);
  }
  for (std::int64_t i = 0; i < 3; ++i) {
    TimelineWriter to = writer(folder / "t", TimelineFileMode::append);
    ASSERT_TRUE(to.add(pulse(i)));
    ASSERT_TRUE(whole.add(pulse(i)));
    EXPECT_FALSE(to.add(Track{TrackId(1), SourceId(1)})) << "what the file holds is known";
  }
  EXPECT_TRUE(read_timeline(folder / "t").value() == whole);
  EXPECT_EQ(TimelineWriter::open({.path = folder / "t"}).error().message, (folder / "t").string() + ": exists already");
}

TEST(TimelineFile, IsReadWhileItIsWrittenUpToTheLastCommit) {
  const Folder folder;
  TimelineWriter to = writer(folder / "t");
  add_base(to);
  ASSERT_TRUE(to.commit());
  ASSERT_TRUE(to.add(pulse(1)));
  EXPECT_TRUE(read_timeline(folder / "t").value().readings().empty());
  ASSERT_TRUE(to.commit());
  EXPECT_EQ(read_timeline(folder / "t").value().readings().size(), 1U);
}

TEST(TimelineFile, CommitsByCountAndByAge) {
  const Folder folder;
  std::chrono::steady_clock::time_point now{};
  auto opened = TimelineWriter::open(
      {.path = folder / "t", .rows_per_commit = 7, .commit_after = std::chrono::seconds(10), .now = [&now] {
         return now;
       }});
  ASSERT_TRUE(opened);
  add_base(*opened);  // 4 rows
  const auto on_disk = [&] { return read_timeline(folder / "t").value().readings().size(); };
  ASSERT_TRUE(opened->add(pulse(1)) && opened->add(pulse(2)));
  EXPECT_EQ(on_disk(), 0U);
  ASSERT_TRUE(opened->add(pulse(3)));  // the seventh
  EXPECT_EQ(on_disk(), 3U);
  ASSERT_TRUE(opened->add(pulse(4)));
  now += std::chrono::seconds(9);
  ASSERT_TRUE(opened->add(pulse(5)));
  EXPECT_EQ(on_disk(), 3U);
  now += std::chrono::seconds(1);
  ASSERT_TRUE(opened->add(pulse(6)));
  EXPECT_EQ(on_disk(), 6U);
}

TEST(TimelineFile, NeverPointsAtNothing) {
  const Folder folder;
  TimelineWriter to = writer(folder / "t");
  add_base(to);
  const auto refused = [](const Status& status) {
    return !status && status.error().code == ErrorCode::invalid_argument;
  };
  EXPECT_TRUE(refused(to.add(Source{.id = SourceId(1)})));
  EXPECT_TRUE(refused(to.add(Evidence{.id = EvidenceId(1)})));
  EXPECT_TRUE(refused(to.add(Channel{ChannelId("pulse"), "1/min", EvidenceId(1)})));
  EXPECT_TRUE(refused(to.add(Channel{ChannelId("x"), "", EvidenceId(1)})));
  EXPECT_TRUE(refused(to.add(Channel{ChannelId("x"), "u", EvidenceId(2)})));
  EXPECT_TRUE(refused(to.add(Track{TrackId(1), SourceId(1)})));
  EXPECT_TRUE(refused(to.add(Track{TrackId(2), SourceId(2)})));
  EXPECT_TRUE(refused(to.add(Observation{.track = TrackId(2), .time = {}, .face = {}})));
  EXPECT_TRUE(refused(to.add(Reading{ChannelId("x"), TrackId(1), {}, 1.0, ""})));
  EXPECT_TRUE(refused(to.add(Reading{ChannelId("pulse"), TrackId(2), {}, 1.0, ""})));
  EXPECT_TRUE(refused(to.add(Signal{.channel = ChannelId("pulse"), .source = SourceId(2), .track = {}, .rate = 1})));
  EXPECT_TRUE(refused(to.add(Signal{.channel = ChannelId("pulse"), .source = SourceId(1), .track = {}, .rate = 0})));
  EXPECT_TRUE(refused(to.add(Annotation{.channel = ChannelId("pulse"), .source = SourceId(1), .track = TrackId(3)})));
  EXPECT_TRUE(refused(
      to.add(Annotation{.channel = ChannelId("pulse"), .source = SourceId(1), .track = {}, .from = 2, .to = 1})));
  const Status unknown = to.add(Track{TrackId(2), SourceId(2)});
  EXPECT_THAT(unknown.error().message, HasSubstr("track 2 of source 2"));
  ASSERT_TRUE(to.add(pulse(1))) << "and the writer goes on";
  ASSERT_TRUE(to.commit());
  Timeline wanted;
  add_base(wanted);
  ASSERT_TRUE(wanted.add(pulse(1)));
  EXPECT_TRUE(read_timeline(folder / "t").value() == wanted);
}

TEST(TimelineFile, RefusesNumbersThatAreNone) {
  const Folder folder;
  TimelineWriter to = writer(folder / "t");
  add_base(to);
  constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  EXPECT_FALSE(to.add(Reading{ChannelId("pulse"), TrackId(1), {}, kNan, ""}));
  EXPECT_FALSE(to.add(Signal{.channel = ChannelId("pulse"),
                             .source = SourceId(1),
                             .track = {},
                             .rate = 1,
                             .start = 0,
                             .samples = {1, kInfinity}}));
  Observation seen{.track = TrackId(1), .time = {}, .face = {}};
  seen.face.pose = HeadPose{Radians(0), Radians(std::numeric_limits<float>::quiet_NaN()), Radians(0)};
  EXPECT_FALSE(to.add(seen));
  EXPECT_FALSE(to.add(Annotation{
      .channel = ChannelId("pulse"), .source = SourceId(1), .track = {}, .from = 0, .to = kInfinity, .label = "x"}));
  seen.face.pose.reset();
  seen.face.landmarks = Landmarks{LandmarkScheme::ibug68, std::vector<Point2f>(67)};
  EXPECT_EQ(to.add(seen).error(),
            (Error{ErrorCode::invalid_argument, "timeline: observation with 67 landmarks, 68 are wanted"}));
  ASSERT_TRUE(to.commit());
  EXPECT_TRUE(read_timeline(folder / "t").value().signals().empty());
}

TEST(TimelineFile, RefusesRowsOfValuesThatAreNone) {
  const Folder folder;
  TimelineWriter to = writer(folder / "t");
  add_base(to);
  const auto row = [](std::vector<float> values) {
    return Reading{ChannelId("pulse"), TrackId(1), {}, std::move(values), ""};
  };
  EXPECT_EQ(to.add(row({})).error().code, ErrorCode::invalid_argument);
  EXPECT_FALSE(to.add(row({1, std::numeric_limits<float>::quiet_NaN()})));
  EXPECT_FALSE(to.add(row(std::vector<float>(TimelineWriter::kMaxValues + 1))));
  EXPECT_FALSE(to.add(SourceFrame{.source = SourceId(2), .time = {}}));
  ASSERT_TRUE(to.add(row({1, -2.5F})));
  ASSERT_TRUE(to.commit());
  ASSERT_EQ(read_timeline(folder / "t").value().readings().size(), 1U);
}

/// The tables that version 1 had otherwise than the ones after it, as its writer made them.
constexpr const char* kBackToVersion1 =
    "DROP TABLE frames; ALTER TABLE readings RENAME TO newer;"
    "CREATE TABLE readings(\n  n INTEGER PRIMARY KEY,\n  channel INTEGER NOT NULL REFERENCES channels(n),\n"
    "  track INTEGER NOT NULL REFERENCES tracks(id),\n  ticks INTEGER NOT NULL,\n  value ANY,\n"
    "  reason TEXT NOT NULL\n) STRICT;"
    "INSERT INTO readings SELECT * FROM newer; DROP TABLE newer; PRAGMA user_version=1";

TEST(TimelineFile, OfVersion1IsReadAsItIsAndContinuedAsVersion2) {
  const Folder folder;
  Timeline whole;
  add_base(whole);
  ASSERT_TRUE(whole.add(pulse(1)));
  {
    TimelineWriter to = writer(folder / "t");
    add_base(to);
    ASSERT_TRUE(to.add(pulse(1)));
  }
  run_sql(folder / "t", kBackToVersion1);
  const auto old = read_timeline(folder / "t");
  ASSERT_TRUE(old) << old.error().message;
  EXPECT_TRUE(*old == whole) << "reading changes nothing";
  {
    TimelineWriter to = writer(folder / "t", TimelineFileMode::append);
    ASSERT_TRUE(to.add(points(2)));
    ASSERT_TRUE(to.add(SourceFrame{.source = SourceId(1), .time = {2}, .damaged = true, .cut = false}));
  }
  ASSERT_TRUE(whole.add(points(2)));
  ASSERT_TRUE(whole.add(SourceFrame{.source = SourceId(1), .time = {2}, .damaged = true, .cut = false}));
  EXPECT_TRUE(read_timeline(folder / "t").value() == whole);
}

TEST(TimelineFile, OfAKilledRecordingHoldsEveryCommit) {
  const Folder folder;
  std::mt19937 random(3);
  for (int round = 0; round < 8; ++round) {
    const auto path = folder / std::to_string(round);
    std::array<int, 2> ends{};
    ASSERT_EQ(pipe(ends.data()), 0);
    const pid_t child = fork();
    if (child == 0) {
      TimelineWriter to = writer(path);
      add_base(to);
      for (std::int64_t i = 0;; ++i) {
        if (!to.add(i % 2 == 0 ? pulse(i) : points(i))) _exit(1);
        if (i % 5 == 4) {
          if (!to.commit() || ::write(ends[1], "c", 1) != 1) _exit(1);
        }
      }
    }
    ::close(ends[1]);
    char first = 0;
    ASSERT_EQ(::read(ends[0], &first, 1), 1);
    std::this_thread::sleep_for(std::chrono::microseconds(std::uniform_int_distribution<int>(0, 20'000)(random)));
    ::kill(child, SIGKILL);
    std::size_t commits = 1;
    for (char c = 0; ::read(ends[0], &c, 1) == 1;) ++commits;
    ::close(ends[0]);
    waitpid(child, nullptr, 0);
    const auto read = read_timeline(path);
    ASSERT_TRUE(read) << read.error().message;
    ASSERT_GE(read->readings().size(), commits * 5);
    ASSERT_EQ(read->readings().size() % 5, 0U) << "a commit is whole or not there";
    for (std::size_t i = 0; i < read->readings().size(); ++i)
      ASSERT_EQ(read->readings()[i],
                i % 2 == 0 ? pulse(static_cast<std::int64_t>(i)) : points(static_cast<std::int64_t>(i)));
  }
}

TEST(TimelineFile, OnAFullDiskKeepsItsCommitsAndStaysBroken) {
  const Folder folder;
  const auto path = folder / "t";
  const pid_t child = fork();
  if (child == 0) {
    TimelineWriter to =
        TimelineWriter::open({.path = path, .rows_per_commit = 500, .commit_after = std::chrono::hours(1)}).value();
    add_base(to);
    if (!to.commit()) _exit(1);
    std::signal(SIGXFSZ, SIG_IGN);
    const rlimit little{200'000, 200'000};
    if (setrlimit(RLIMIT_FSIZE, &little) != 0) _exit(2);
    Status last;
    for (std::int64_t i = 0; last && i < 100'000; ++i) last = to.add(pulse(i));
    if (last || last.error().code != ErrorCode::resource_limit) _exit(3);
    if (to.add(pulse(0)) || to.commit()) _exit(4);
    _exit(0);
  }
  int status = -1;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0) << "exit status " << WEXITSTATUS(status);
  const auto read = read_timeline(path);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_GT(read->readings().size(), 0U);
  EXPECT_EQ(read->readings().size() % 500, 0U) << "whole commits";
}

TEST(TimelineHead, IsThatOfOursWhateverBecameOfTheRest) {
  const Folder folder;
  const auto path = folder / "t.vultus";
  {
    TimelineWriter to = writer(path);
    add_base(to);
  }
  for (const std::uintmax_t bytes : {std::filesystem::file_size(path) / 2, std::uintmax_t{72}, std::uintmax_t{71}}) {
    std::filesystem::resize_file(path, bytes);
    EXPECT_EQ(has_timeline_head(path), bytes >= 72) << bytes;
  }
  run_sql(folder / "other.sqlite", "PRAGMA application_id=7; CREATE TABLE t(a)");
  for (const char* none : {"other.sqlite", "nothing", "."}) EXPECT_FALSE(has_timeline_head(folder / none)) << none;
}

TEST(NoTimeline, IsToldApart) {
  const Folder folder;
  EXPECT_EQ(read_timeline(folder / "missing").error().code, ErrorCode::not_found);
  EXPECT_EQ(read_timeline("/dev/null").error().code, ErrorCode::invalid_argument);
  std::ofstream(folder / "text") << std::string(3000, 'x');
  EXPECT_EQ(read_timeline(folder / "text").error().code, ErrorCode::corrupt_data);
  EXPECT_EQ(TimelineWriter::open({.path = folder / "text", .mode = TimelineFileMode::append}).error().code,
            ErrorCode::corrupt_data);
  EXPECT_EQ(TimelineWriter::open({.path = folder / "no" / "t"}).error().code, ErrorCode::not_found);
  EXPECT_EQ(TimelineWriter::open({.path = folder / "t", .rows_per_commit = 0}).error().code,
            ErrorCode::invalid_argument);
  { writer(folder / "t"); }
  run_sql(folder / "t", "PRAGMA user_version=7");
  EXPECT_EQ(
      read_timeline(folder / "t").error(),
      (Error{ErrorCode::unsupported, (folder / "t").string() + ": timeline version 7, this program knows 1 to 2"}));
}

TEST(DamagedRows, AreCorruptData) {
  const Folder folder;
  for (const char* sql :
       {"UPDATE sources SET error_code='bad luck'", "PRAGMA foreign_keys=OFF; DELETE FROM sources",
        "UPDATE observations SET keypoints=x'0011'", "UPDATE observations SET landmarks=x'001122'",
        "UPDATE observations SET landmarks=zeroblob(8) WHERE landmarks IS NOT NULL",
        "UPDATE observations SET landmark_scheme='mesh9'", "UPDATE readings SET value=zeroblob(400004) WHERE n=1",
        "UPDATE signal_blocks SET samples=x'01'", "UPDATE signal_blocks SET signal=99",
        "PRAGMA ignore_check_constraints=ON; UPDATE readings SET value=x'010203'",
        "PRAGMA foreign_keys=OFF; UPDATE frames SET source=4711", "UPDATE readings SET channel=77",
        "UPDATE sources SET width=99999999999"}) {
    const auto path = folder / "t";
    std::filesystem::remove(path);
    {
      TimelineWriter to = writer(path);
      ASSERT_TRUE(replay(RandomTimeline(5).make(), to));
    }
    ASSERT_TRUE(read_timeline(path));
    run_sql(path, sql);
    const auto read = read_timeline(path);
    ASSERT_FALSE(read) << sql;
    EXPECT_EQ(read.error().code, ErrorCode::corrupt_data) << sql;
  }
}

TEST(DamagedFile, GivesAnErrorOrATimelineButNeverACrash) {
  const Folder folder(Folder::On::memory);
  {
    TimelineWriter to = writer(folder / "sound");
    add_base(to);
    Observation seen{.track = TrackId(1), .time = {}, .face = {}};
    seen.face.landmarks = Landmarks{LandmarkScheme::ibug68, std::vector<Point2f>(68)};
    for (std::int64_t i = 0; i < 60; ++i) {
      ASSERT_TRUE(to.add(pulse(i)));
      ASSERT_TRUE(to.add(points(i)));
      ASSERT_TRUE(to.add(SourceFrame{.source = SourceId(1), .time = {i}}));
      ASSERT_TRUE(to.add(seen));
    }
    ASSERT_TRUE(to.add(Signal{.channel = ChannelId("pulse"),
                              .source = SourceId(1),
                              .track = {},
                              .rate = 30,
                              .start = 0,
                              .samples = std::vector<double>(3000, 1.5)}));
  }
  std::ifstream in(folder / "sound", std::ios::binary);
  const std::string sound{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  std::mt19937 random(12);
  const auto any = [&](std::size_t below) { return std::uniform_int_distribution<std::size_t>(0, below - 1)(random); };
  int errors = 0, timelines = 0;
  for (int i = 0; i < 1000; ++i) {
    std::string bytes = sound;
    if (i % 8 == 0) {
      bytes.resize(any(bytes.size()));
    } else {
      for (std::size_t n = 1 + any(6); n > 0; --n)
        bytes[any(2) == 0 ? any(bytes.size()) : any(bytes.size() / 4096) * 4096 + any(160)] =
            static_cast<char>(any(256));
    }
    for (const char* suffix : {"-wal", "-shm"}) std::filesystem::remove((folder / "t").string() + suffix);
    std::ofstream(folder / "t", std::ios::binary | std::ios::trunc) << bytes;
    ++(read_timeline(folder / "t") ? timelines : errors);
  }
  EXPECT_GT(errors, 200);
  EXPECT_GT(timelines, 50);
}

}  // namespace
}  // namespace vultus
