// Long work that a request starts and others look after. Jobs live in memory: a restart forgets them.
#pragma once

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

/// What a job can tell while it works.
using TellProgress = std::function<void(double share)>;
using JobWork = std::function<Result<Json>(const TellProgress& tell, const std::stop_token& stop)>;

/// Thread-safe. Works on one job at a time; the end of the board asks it to stop and waits for it.
class JobBoard {
 public:
  static constexpr std::size_t kMostWaiting = 32;
  static constexpr std::size_t kMostKept = 1000;

  explicit JobBoard(WallClock now);
  ~JobBoard();
  JobBoard(const JobBoard&) = delete;
  JobBoard& operator=(const JobBoard&) = delete;

  /// @return the job as it waits
  /// @error resource_limit  too many wait
  Result<Job> add(std::string kind, std::string collection, JobWork work,
                  std::shared_ptr<const ScratchFile> file = nullptr);
  [[nodiscard]] std::optional<Job> find(const std::string& id) const;
  [[nodiscard]] std::vector<Job> list() const;  ///< newest first
  /// Asks a job to stop; one that has ended stays as it is. @return nothing if there is none
  std::optional<Job> cancel(const std::string& id);
  /// Drops the jobs of a collection that have ended and keep a file, with it: what they tell of people is gone.
  void forget_files(const std::string& collection);
  [[nodiscard]] std::size_t running() const;

 private:
  struct Entry {
    Job job;
    JobWork work;
    std::stop_source stop;
    std::uint64_t number = 0;
  };
  void work_through(const std::stop_token& stop);
  void end(Entry& entry, const Result<Json>& outcome);
  void forget_oldest();

  WallClock now_;
  mutable std::mutex lock_;
  std::condition_variable_any added_;
  std::map<std::string, std::shared_ptr<Entry>> jobs_;
  std::deque<std::shared_ptr<Entry>> waiting_;
  std::shared_ptr<Entry> running_;
  std::uint64_t made_ = 0;
  std::jthread worker_;  // last: it uses all others
};

}  // namespace vultus::server
