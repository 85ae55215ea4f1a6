#include <apps/server/jobs/job_feed.hpp>

#include <iterator>
#include <utility>

namespace vultus::server {
namespace {

constexpr std::size_t kPartsAtOnce = 100;
/// A listener for whom so much waits is left alone until it has taken it.
constexpr std::size_t kFeedBehind = std::size_t{256} << 10U;
constexpr std::chrono::milliseconds kReadEvery{250};
constexpr std::chrono::seconds kFeedHeartbeat{15};
/// A smaller step is not worth an event.
constexpr double kProgressStep = 0.01;

}  // namespace

JobFeed::JobFeed(const JobBoard& board, std::function<Json(const Job&)> shown)
    : board_(board), shown_(std::move(shown)), thread_([this](const std::stop_token& stop) { work(stop); }) {}

void JobFeed::stop() {
  if (!thread_.joinable()) return;
  thread_.request_stop();
  thread_.join();
}

void JobFeed::add(Listener listener) {
  {
    const std::scoped_lock lock(lock_);
    arrived_.push_back(std::move(listener));
  }
  woken_.notify_all();
}

bool JobFeed::send(EventStream& stream, std::string id, std::string name, const Json& data) {
  const auto sent =
      stream.send({.id = std::move(id), .name = std::move(name), .data = data.dump(-1, ' ', false), .retry = {}});
  return sent && *sent;
}

bool JobFeed::send_parts(Listener& listener, bool& all) {
  while (listener.stream->writer().waiting() < kFeedBehind) {
    const auto parts = board_.parts(listener.job, listener.had, kPartsAtOnce);
    if (parts.empty()) return all = true;
    for (const JobPart& part : parts) {
      if (!send(*listener.stream, std::to_string(listener.had + 1), part.name, part.data)) return false;
      ++listener.had;
    }
  }
  return true;
}

bool JobFeed::serve(Listener& listener, bool heartbeat) {
  const auto end = [&] {
    listener.stream->writer().close();
    return false;
  };
  if (heartbeat) {
    if (!listener.allowed()) return end();
    if (!listener.stream->send_heartbeat()) return false;
  }
  // The job first: what it tells before its end is then all there.
  const auto job = board_.find(listener.job);
  if (!job) return end();
  bool all = false;
  if (!send_parts(listener, all)) return false;
  if (!all) return true;
  if (job->progress && (!listener.progress || *job->progress >= *listener.progress + kProgressStep)) {
    listener.progress = job->progress;
    if (!send(*listener.stream, {}, "progress", {{"progress", cli::number_json(*job->progress, 3)}})) return false;
  }
  if (!job->ended) return true;
  static_cast<void>(send(*listener.stream, {}, "end", shown_(*job)));
  return end();
}

void JobFeed::work(const std::stop_token& stop) {
  auto beaten = std::chrono::steady_clock::now();
  while (!stop.stop_requested()) {
    {
      std::unique_lock lock(lock_);
      // Without listeners it sleeps.
      if (listeners_.empty())
        woken_.wait(lock, stop, [this] { return !arrived_.empty(); });
      else
        woken_.wait_for(lock, stop, kReadEvery, [this] { return !arrived_.empty(); });
      std::move(arrived_.begin(), arrived_.end(), std::back_inserter(listeners_));
      arrived_.clear();
    }
    const auto now = std::chrono::steady_clock::now();
    const bool heartbeat = now - beaten >= kFeedHeartbeat;
    if (heartbeat) beaten = now;
    std::erase_if(listeners_, [&](Listener& one) { return !serve(one, heartbeat); });
  }
  for (const Listener& one : listeners_) one.stream->writer().close();
  listeners_.clear();
}

}  // namespace vultus::server
