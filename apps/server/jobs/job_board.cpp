#include <apps/server/jobs/job_board.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <span>
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

JobBoard::JobBoard(WallClock now) : now_(std::move(now)) {
  for (std::size_t i = 0; i < kLanes; ++i)
    workers_.at(i) = std::jthread([this, i](const std::stop_token& stop) { work_through(stop, static_cast<Lane>(i)); });
}

JobBoard::~JobBoard() {
  for (std::jthread& worker : workers_) worker.request_stop();
  const std::scoped_lock lock(lock_);
  for (const Queue& queue : queues_)
    if (queue.running != nullptr) queue.running->stop.request_stop();
}

Result<Job> JobBoard::add(std::string kind, std::string collection, JobWork work,
                          std::shared_ptr<const ScratchFile> file, Lane lane, JobTells tells) {
  const std::scoped_lock lock(lock_);
  Queue& queue = queue_of(lane);
  if (queue.waiting.size() >= kMostWaiting)
    return fail(ErrorCode::resource_limit, std::to_string(queue.waiting.size()) + " jobs wait already");
  forget_oldest();
  auto entry = std::make_shared<Entry>();
  entry->job = {
      .id = random_hex(), .kind = std::move(kind), .collection = std::move(collection), .created = whole_seconds(now_)};
  entry->job.file = std::move(file);
  entry->lane = lane;
  entry->tells = tells;
  entry->work = std::move(work);
  entry->number = ++made_;
  jobs_.emplace(entry->job.id, entry);
  queue.waiting.push_back(entry);
  added_.notify_all();
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

void JobBoard::forget(const std::string& collection) {
  const std::scoped_lock lock(lock_);
  const auto tells_of = [&](const Entry& entry) {
    return entry.job.collection == collection && entry.tells == JobTells::people;
  };
  std::erase_if(jobs_, [&](const auto& one) { return tells_of(*one.second) && has_ended(one.second->job); });
  for (const Queue& queue : queues_)
    if (queue.running != nullptr && tells_of(*queue.running)) {
      queue.running->forgotten = true;
      queue.running->parts.clear();
      queue.running->stop.request_stop();
    }
}

std::optional<Job> JobBoard::find(const std::string& id) const {
  const std::scoped_lock lock(lock_);
  const auto at = jobs_.find(id);
  return at == jobs_.end() ? std::nullopt : std::optional(at->second->job);
}

std::vector<JobPart> JobBoard::parts(const std::string& id, std::size_t behind, std::size_t most) const {
  const std::scoped_lock lock(lock_);
  const auto at = jobs_.find(id);
  if (at == jobs_.end() || behind >= at->second->parts.size()) return {};
  const auto rest = std::span(at->second->parts).subspan(behind);
  const auto taken = rest.first(std::min(most, rest.size()));
  return {taken.begin(), taken.end()};
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
    std::erase(queue_of(entry.lane).waiting, at->second);
    entry.job.state = Job::State::cancelled;
    entry.job.ended = whole_seconds(now_);
    entry.work = nullptr;
  }
  return entry.job;
}

std::size_t JobBoard::running() const {
  const std::scoped_lock lock(lock_);
  return static_cast<std::size_t>(
      std::ranges::count_if(queues_, [](const Queue& queue) { return queue.running != nullptr; }));
}

void JobBoard::end(Entry& entry, const Result<Json>& outcome) {
  const std::scoped_lock lock(lock_);
  Job& job = entry.job;
  job.ended = whole_seconds(now_);
  if (entry.forgotten) {
    job.state = Job::State::cancelled;
    job.error = fail(ErrorCode::cancelled, "somebody of the collection was removed meanwhile: start it again");
    job.file.reset();
  } else if (outcome) {
    job.state = Job::State::done;
    job.progress = 1;
    job.result = *outcome;
  } else {
    job.state = outcome.error().code == ErrorCode::cancelled ? Job::State::cancelled : Job::State::failed;
    job.error = outcome.error();
  }
  entry.work = nullptr;
  queue_of(entry.lane).running = nullptr;
}

void JobBoard::work_through(const std::stop_token& stop, Lane lane) {
  Queue& queue = queue_of(lane);
  for (;;) {
    std::shared_ptr<Entry> entry;
    {
      std::unique_lock lock(lock_);
      if (!added_.wait(lock, stop, [&queue] { return !queue.waiting.empty(); }) || stop.stop_requested()) return;
      entry = std::move(queue.waiting.front());
      queue.waiting.pop_front();
      entry->job.state = Job::State::running;
      queue.running = entry;
    }
    const TellProgress tell{.share =
                                [&](double share) {
                                  const std::scoped_lock lock(lock_);
                                  entry->job.progress = std::clamp(share, 0.0, 1.0);
                                },
                            .part =
                                [&](JobPart part) {
                                  const std::scoped_lock lock(lock_);
                                  if (!entry->forgotten && entry->parts.size() < kMostParts)
                                    entry->parts.push_back(std::move(part));
                                }};
    end(*entry, guarded("job", [&] { return entry->work(tell, entry->stop.get_token()); }));
  }
}

}  // namespace vultus::server
