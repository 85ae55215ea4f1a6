// Long work that a request starts and others look after. Jobs live in memory: a restart forgets them.
#pragma once

#include <array>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include <vultus/core/result.hpp>
#include <vultus/gallery/utc_time.hpp>

#include <apps/server/data/scratch_file.hpp>
#include <apps/server/openapi/json_schema.hpp>
#include <apps/server/options.hpp>

namespace vultus::server {

struct Job {
  enum class State : std::uint8_t { waiting, running, done, failed, cancelled };
  std::string id;
  std::string kind;        ///< "calibration", "track"
  std::string collection;  ///< callers who do not see it do not see the job
  State state = State::waiting;
  std::optional<double> progress;  ///< [0, 1]; empty = not known
  UtcTime created{};
  std::optional<UtcTime> ended;
  Json result;  ///< of a job that is done
  std::optional<Error> error;
  std::shared_ptr<const ScratchFile> file;  ///< that the job fills; null = none
};
[[nodiscard]] std::string_view name_of(Job::State state);

/// A part of the result that others may have before the end.
struct JobPart {
  std::string name;  ///< "track", "step"
  Json data;
};

/// What a job can tell while it works. Any thread.
struct TellProgress {
  std::function<void(double share)> share;  ///< [0, 1]
  std::function<void(JobPart)> part;
  void operator()(double done) const { share(done); }
};
using JobWork = std::function<Result<Json>(const TellProgress& tell, const std::stop_token& stop)>;

/// What the result of a job tells.
enum class JobTells : std::uint8_t {
  people,   ///< names, or pictures of somebody: dropped where a person is forgotten
  numbers,  ///< nothing of anybody
};

/// Thread-safe. Works on one job of each lane at a time; the end of the board asks them to stop and waits for them.
class JobBoard {
 public:
  /// Which jobs wait for each other.
  enum class Lane : std::uint8_t {
    long_work,       ///< a video of hours, a calibration
    somebody_waits,  ///< seconds, before a person who waits for the answer
  };
  static constexpr std::size_t kMostWaiting = 32;  ///< in each lane
  static constexpr std::size_t kMostKept = 1000;
  static constexpr std::size_t kMostParts = 10'000;  ///< of a job; what comes behind them is in its result alone

  explicit JobBoard(WallClock now);
  ~JobBoard();
  JobBoard(const JobBoard&) = delete;
  JobBoard& operator=(const JobBoard&) = delete;

  /// @return the job as it waits
  /// @error resource_limit  too many wait
  Result<Job> add(std::string kind, std::string collection, JobWork work,
                  std::shared_ptr<const ScratchFile> file = nullptr, Lane lane = Lane::long_work,
                  JobTells tells = JobTells::people);
  [[nodiscard]] std::optional<Job> find(const std::string& id) const;
  /// The parts of a job behind the first so many; empty where there is no such job.
  [[nodiscard]] std::vector<JobPart> parts(const std::string& id, std::size_t behind, std::size_t most) const;
  [[nodiscard]] std::vector<Job> list() const;  ///< newest first
  /// Asks a job to stop; one that has ended stays as it is. @return nothing if there is none
  std::optional<Job> cancel(const std::string& id);
  /// Drops what jobs of a collection tell of people: those that have ended are gone, with their files; one that runs is
  /// stopped and ends as cancelled, without a result. One that waits has looked at nobody yet, and stays.
  void forget(const std::string& collection);
  [[nodiscard]] std::size_t running() const;

 private:
  struct Entry {
    Job job;
    std::vector<JobPart> parts;
    Lane lane = Lane::long_work;
    JobWork work;
    JobTells tells = JobTells::people;
    bool forgotten = false;  ///< somebody whom it may have told
    std::stop_source stop;
    std::uint64_t number = 0;
  };
  struct Queue {
    std::deque<std::shared_ptr<Entry>> waiting;
    std::shared_ptr<Entry> running;
  };
  static constexpr std::size_t kLanes = 2;
  [[nodiscard]] Queue& queue_of(Lane lane) { return queues_.at(static_cast<std::size_t>(lane)); }
  void work_through(const std::stop_token& stop, Lane lane);
  void end(Entry& entry, const Result<Json>& outcome);
  void forget_oldest();

  WallClock now_;
  mutable std::mutex lock_;
  std::condition_variable_any added_;
  std::map<std::string, std::shared_ptr<Entry>> jobs_;
  std::array<Queue, kLanes> queues_;
  std::uint64_t made_ = 0;
  std::array<std::jthread, kLanes> workers_;  // last: they use all others
};

}  // namespace vultus::server
