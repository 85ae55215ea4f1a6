#include <atomic>
#include <thread>

#include <gtest/gtest.h>

#include <apps/server/jobs/job_board.hpp>

namespace vultus::server {
namespace {

WallClock system_clock_of_tests() {
  return [] { return std::chrono::system_clock::now(); };
}

Job ended(const JobBoard& board, const std::string& id) {
  for (;;) {
    Job job = board.find(id).value();
    if (job.ended) return job;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

TEST(JobBoards, WorkOneByOneAndKeepWhatCameOfIt) {
  JobBoard board(system_clock_of_tests());
  const Job good = board
                       .add("a", "staff",
                            [](const TellProgress& tell, const std::stop_token&) -> Result<Json> {
                              tell(0.5);
                              return Json{{"x", 1}};
                            })
                       .value();
  const Job bad = board
                      .add("b", "staff",
                           [](const TellProgress&, const std::stop_token&) -> Result<Json> {
                             return fail(ErrorCode::invalid_argument, "too few");
                           })
                      .value();
  EXPECT_EQ(ended(board, good.id).state, Job::State::done);
  EXPECT_EQ(ended(board, good.id).result, (Json{{"x", 1}}));
  EXPECT_EQ(ended(board, bad.id).state, Job::State::failed);
  EXPECT_EQ(ended(board, bad.id).error->message, "too few");
  EXPECT_EQ(board.list().front().id, bad.id) << "newest first";
  EXPECT_FALSE(board.find("none"));
}

TEST(JobBoards, HandOutWhatIsThereBeforeTheEnd) {
  JobBoard board(system_clock_of_tests());
  std::atomic<bool> seen = false;
  const Job job = board
                      .add("track", "staff",
                           [&](const TellProgress& tell, const std::stop_token&) -> Result<Json> {
                             for (int i = 0; i < 3; ++i) tell.part({"track", {{"track", i}}});
                             while (!seen) std::this_thread::yield();
                             return Json{{"tracks", 3}};
                           })
                      .value();
  while (board.parts(job.id, 0, 10).size() < 3) std::this_thread::yield();
  const auto behind = board.parts(job.id, 1, 1);
  ASSERT_EQ(behind.size(), 1U);
  EXPECT_EQ(behind[0].name, "track");
  EXPECT_EQ(behind[0].data, (Json{{"track", 1}}));
  EXPECT_TRUE(board.parts(job.id, 3, 10).empty());
  EXPECT_TRUE(board.parts("none", 0, 10).empty());
  seen = true;
  EXPECT_EQ(ended(board, job.id).state, Job::State::done);
  EXPECT_EQ(board.parts(job.id, 0, 10).size(), 3U) << "who comes late gets them, too";
}

TEST(JobBoards, LetNobodyWaitForTheWorkOfHours) {
  JobBoard board(system_clock_of_tests());
  const JobWork until_stopped = [](const TellProgress&, const std::stop_token& stop) -> Result<Json> {
    while (!stop.stop_requested()) std::this_thread::yield();
    return fail(ErrorCode::cancelled, "stopped");
  };
  const Job hours = board.add("track", "staff", until_stopped).value();
  const Job seconds = board
                          .add(
                              "liveness", "staff",
                              [](const TellProgress&, const std::stop_token&) -> Result<Json> {
                                return Json{{"x", 1}};
                              },
                              nullptr, JobBoard::Lane::somebody_waits)
                          .value();
  EXPECT_EQ(ended(board, seconds.id).state, Job::State::done);
  EXPECT_FALSE(board.find(hours.id)->ended);
  board.cancel(hours.id);
  EXPECT_EQ(ended(board, hours.id).state, Job::State::cancelled);
}

TEST(JobBoards, CancelWhatRunsAndWhatWaits) {
  JobBoard board(system_clock_of_tests());
  const JobWork until_stopped = [](const TellProgress&, const std::stop_token& stop) -> Result<Json> {
    while (!stop.stop_requested()) std::this_thread::yield();
    return fail(ErrorCode::cancelled, "stopped");
  };
  const Job runs = board.add("a", "staff", until_stopped).value();
  const Job waits = board.add("b", "staff", until_stopped).value();
  EXPECT_EQ(board.cancel(waits.id)->state, Job::State::cancelled);
  board.cancel(runs.id);
  EXPECT_EQ(ended(board, runs.id).state, Job::State::cancelled);
}

TEST(JobBoards, ForgetWhatTheyTellOfPeople) {
  JobBoard board(system_clock_of_tests());
  const JobWork names = [](const TellProgress& tell, const std::stop_token&) -> Result<Json> {
    tell.part({"track", {{"subject", "Ada"}}});
    return Json{{"subject", "Ada"}};
  };
  const auto lane = JobBoard::Lane::long_work;
  const Job told = board.add("track", "staff", names).value();
  const Job counted = board.add("calibration", "staff", names, nullptr, lane, JobTells::numbers).value();
  const Job elsewhere = board.add("track", "guests", names).value();
  EXPECT_EQ(ended(board, elsewhere.id).state, Job::State::done);
  board.forget("staff");
  EXPECT_FALSE(board.find(told.id));
  EXPECT_TRUE(board.find(counted.id));
  EXPECT_TRUE(board.find(elsewhere.id));
}

TEST(JobBoards, DropWhatIsBeingFoundOutWhileSomebodyIsForgotten) {
  JobBoard board(system_clock_of_tests());
  std::atomic<bool> forgotten = false;
  const JobWork names = [&](const TellProgress& tell, const std::stop_token& stop) -> Result<Json> {
    tell.part({"track", {{"subject", "Ada"}}});
    while (!forgotten) std::this_thread::yield();
    tell.part({"track", {{"subject", "Ada"}}});
    EXPECT_TRUE(stop.stop_requested()) << "there is no use in going on";
    return Json{{"subject", "Ada"}};
  };
  const Job runs = board.add("track", "staff", names).value();
  const Job waits = board.add("track", "staff", names).value();
  while (board.parts(runs.id, 0, 1).empty()) std::this_thread::yield();
  board.forget("staff");
  EXPECT_TRUE(board.parts(runs.id, 0, 10).empty());
  EXPECT_EQ(board.find(waits.id)->state, Job::State::waiting) << "it has looked at nobody yet";
  board.cancel(waits.id);
  forgotten = true;
  const Job job = ended(board, runs.id);
  EXPECT_EQ(job.state, Job::State::cancelled);
  EXPECT_TRUE(job.result.is_null());
  EXPECT_EQ(job.error->code, ErrorCode::cancelled);
  EXPECT_TRUE(board.parts(runs.id, 0, 10).empty());
}

TEST(JobBoards, TakeNoMoreThanTheyCanHoldAndStopWithTheirEnd) {
  std::atomic<bool> stopped = false;
  {
    JobBoard board(system_clock_of_tests());
    const JobWork work = [&](const TellProgress&, const std::stop_token& stop) -> Result<Json> {
      while (!stop.stop_requested()) std::this_thread::yield();
      stopped = true;
      return fail(ErrorCode::cancelled, "stopped");
    };
    const Job first = board.add("a", "staff", work).value();
    while (board.find(first.id)->state == Job::State::waiting) std::this_thread::yield();
    for (std::size_t i = 0; i < JobBoard::kMostWaiting; ++i) ASSERT_TRUE(board.add("a", "staff", work));
    EXPECT_EQ(board.add("a", "staff", work).error().code, ErrorCode::resource_limit);
  }
  EXPECT_TRUE(stopped);
}

}  // namespace
}  // namespace vultus::server
