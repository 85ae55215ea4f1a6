#include <apps/server/live/event_hub.hpp>

#include <algorithm>
#include <iterator>
#include <utility>

namespace vultus::server {
namespace {

constexpr std::size_t kEventsAtOnce = 100;
/// A listener for whom so much waits is left alone until it has taken it.
constexpr std::size_t kBehind = std::size_t{256} << 10U;
constexpr std::chrono::milliseconds kLookAgain{500};  // for those who were behind

}  // namespace

void EventHub::start() {
  thread_ = std::jthread([this](const std::stop_token& stop) { work(stop); });
}

void EventHub::stop() {
  if (!thread_.joinable()) return;
  thread_.request_stop();
  thread_.join();
}

void EventHub::wake() {
  {
    const std::scoped_lock lock(lock_);
    news_ = true;
  }
  woken_.notify_all();
}

void EventHub::add(Listener listener) {
  {
    const std::scoped_lock lock(lock_);
    arrived_.push_back(std::move(listener));
    news_ = true;
  }
  woken_.notify_all();
}

bool EventHub::serve(Listener& listener, std::int64_t newest, bool heartbeat) {
  if (heartbeat) {
    if (!listener.allowed()) {
      listener.stream->writer().close();
      return false;
    }
    if (!listener.stream->send_heartbeat()) return false;
  }
  while (listener.last < newest && listener.stream->writer().waiting() < kBehind) {
    ++reads_;
    const auto events = events_.behind(listener.filter, listener.last, kEventsAtOnce);
    if (!events) return true;
    for (const LiveEvent& event : *events) {
      const auto sent = listener.stream->send({.id = std::to_string(event.id),
                                               .name = std::string(name_of(event.what.kind)),
                                               .data = event_json(event).dump(-1, ' ', false),
                                               .retry = {}});
      if (!sent || !*sent) return false;
      listener.last = event.id;
    }
    // What it does not want need not be read past again.
    if (events->size() < kEventsAtOnce) listener.last = std::max(listener.last, newest);
  }
  return true;
}

void EventHub::work(const std::stop_token& stop) {
  auto beaten = std::chrono::steady_clock::now();
  std::int64_t newest = 0;
  bool unread = false;  // the store has failed: it is asked again
  while (!stop.stop_requested()) {
    bool news = false;
    {
      std::unique_lock lock(lock_);
      woken_.wait_for(lock, stop, kLookAgain, [this] { return news_; });
      news = std::exchange(news_, false);
      std::move(arrived_.begin(), arrived_.end(), std::back_inserter(listeners_));
      arrived_.clear();
    }
    if ((news || unread) && !listeners_.empty()) {
      // Read before the events, so that none with a smaller number comes later.
      const auto read = events_.newest();
      if (read) newest = *read;
      unread = !read;
    }
    const auto now = std::chrono::steady_clock::now();
    const bool heartbeat = now - beaten >= kHeartbeatEvery;
    if (heartbeat) beaten = now;
    std::erase_if(listeners_, [&](Listener& one) { return !serve(one, newest, heartbeat); });
  }
  for (const Listener& one : listeners_) one.stream->writer().close();
  listeners_.clear();
}

}  // namespace vultus::server
