#include <apps/server/jobs/job_board.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include <apps/server/data/random_hex.hpp>

namespace vultus::server {
namespace {

UtcTime whole_seconds(const WallClock& now) { return std::chrono::floor<std::chrono::seconds>(now()); }

bool has_ended(const Job& job) { return job.state != Job::State::waiting && job.state != Job::State::running; }

}  // namespace

std::string_view name_of(Job::State state) {
  constexpr std::array<std::string_view, 5> kNames{"waiting", "running", "done", "failed", "cancelled"};
  return kNames.at(static_cast<std::size_t>(state));
}

JobBoard::JobBoard(WallClock now)
    : now_(std::move(now)), worker_([this](const std::stop_token& stop) { work_through(stop); }) {}

JobBoard::~JobBoard() {
  worker_.request_stop();
  const std::scoped_lock lock(lock_);
  if (running_ != nullptr) running_->stop.request_stop();
}

Result<Job> JobBoard::add(std::string kind, std::string collection, JobWork work,
                          std::shared_ptr<const ScratchFile> file) {
  const std::scoped_lock lock(lock_);
  if (waiting_.size() >= kMostWaiting)
    return fail(ErrorCode::resource_limit, std::to_string(waiting_.size()) + " jobs wait already");
  forget_oldest();
  auto entry = std::make_shared<Entry>();
  entry->job = {
      .id = random_hex(), .kind = std::move(kind), .collection = std::move(collection), .created = whole_seconds(now_)};
  entry->job.file = std::move(file);
  entry->work = std::move(work);
  entry->number = ++made_;
  jobs_.emplace(entry->job.id, entry);
  waiting_.push_back(entry);
  added_.notify_one();
  return entry->job;
}

void JobBoard::forget_oldest() {
  while (jobs_.size() >= kMostKept) {
    auto oldest = jobs_.end();
    for (auto at = jobs_.begin(); at != jobs_.end(); ++at)
      if (has_ended(at->second->job) && (oldest == jobs_.end() || at->second->number < oldest->second->number))
        oldest = at;
    if (oldest == jobs_.end()) return;
    jobs_.erase(oldest);
  }
}

void JobBoard::forget_files(const std::string& collection) {
  const std::scoped_lock lock(lock_);
  std::erase_if(jobs_, [&](const auto& one) {
    const Job& job = one.second->job;
    return job.collection == collection && job.file != nullptr && has_ended(job);
  });
}

std::optional<Job> JobBoard::find(const std::string& id) const {
  const std::scoped_lock lock(lock_);
  const auto at = jobs_.find(id);
  return at == jobs_.end() ? std::nullopt : std::optional(at->second->job);
}

std::vector<Job> JobBoard::list() const {
  std::vector<std::shared_ptr<Entry>> entries;
  std::vector<Job> jobs;
  const std::scoped_lock lock(lock_);
  for (const auto& [id, entry] : jobs_) entries.push_back(entry);
  std::ranges::sort(entries, std::ranges::greater(), [](const auto& entry) { return entry->number; });
  jobs.reserve(entries.size());
  for (const auto& entry : entries) jobs.push_back(entry->job);
  return jobs;
}

std::optional<Job> JobBoard::cancel(const std::string& id) {
  const std::scoped_lock lock(lock_);
  const auto at = jobs_.find(id);
  if (at == jobs_.end()) return std::nullopt;
  Entry& entry = *at->second;
  entry.stop.request_stop();
  if (entry.job.state == Job::State::waiting) {
    std::erase(waiting_, at->second);
    entry.job.state = Job::State::cancelled;
    entry.job.ended = whole_seconds(now_);
    entry.work = nullptr;
  }
  return entry.job;
}

std::size_t JobBoard::running() const {
  const std::scoped_lock lock(lock_);
  return running_ == nullptr ? 0 : 1;
}

void JobBoard::end(Entry& entry, const Result<Json>& outcome) {
  const std::scoped_lock lock(lock_);
  Job& job = entry.job;
  job.ended = whole_seconds(now_);
  if (outcome) {
    job.state = Job::State::done;
    job.progress = 1;
    job.result = *outcome;
  } else {
    job.state = outcome.error().code == ErrorCode::cancelled ? Job::State::cancelled : Job::State::failed;
    job.error = outcome.error();
  }
  entry.work = nullptr;
  running_ = nullptr;
}

void JobBoard::work_through(const std::stop_token& stop) {
  for (;;) {
    std::shared_ptr<Entry> entry;
    {
      std::unique_lock lock(lock_);
      if (!added_.wait(lock, stop, [this] { return !waiting_.empty(); }) || stop.stop_requested()) return;
      entry = std::move(waiting_.front());
      waiting_.pop_front();
      entry->job.state = Job::State::running;
      running_ = entry;
    }
    const TellProgress tell = [&](double share) {
      const std::scoped_lock lock(lock_);
      entry->job.progress = std::clamp(share, 0.0, 1.0);
    };
    end(*entry, guarded("job", [&] { return entry->work(tell, entry->stop.get_token()); }));
  }
}

}  // namespace vultus::server
