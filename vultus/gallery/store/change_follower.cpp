#include <vultus/gallery/store/change_follower.hpp>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <utility>

namespace vultus::gallery {
namespace {

// So long is waited for a notice before it is asked whether to stop, and after a failure.
constexpr std::chrono::milliseconds kNoticeWait{500};
constexpr std::chrono::milliseconds kRetryWait{500};

}  // namespace

ChangeFollower::ChangeFollower(PostgresOptions of, std::function<Sequence()> seen, std::function<Status()> take_in)
    : options_(std::move(of)), seen_(std::move(seen)), take_in_(std::move(take_in)) {
  options_.access = PostgresAccess::read_only;
  options_.fill = nullptr;
  thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

void ChangeFollower::run(const std::stop_token& stop) {
  std::mutex lock;
  std::condition_variable_any woken;
  while (!stop.stop_requested()) {
    // Whatever it was: what is missed now is found when the next connection asks for the number.
    static_cast<void>(guarded("follower", [&] { return follow(stop); }));
    std::unique_lock held(lock);
    woken.wait_for(held, stop, kRetryWait, [] { return false; });
  }
}

Status ChangeFollower::follow(const std::stop_token& stop) {
  VULTUS_TRY(const auto store, PostgresStore::open(options_));
  while (!stop.stop_requested()) {
    VULTUS_TRY(const bool changed, store->wait_for_change(seen_(), kNoticeWait));
    if (!changed || stop.stop_requested()) continue;
    VULTUS_CHECK(take_in_());
    // A standby that took over has told so once.
    VULTUS_TRY(const Sequence now, store->sequence());
    if (const auto told = store->changes_after(now); !told) return told.error();
  }
  return {};
}

}  // namespace vultus::gallery
