#include <apps/server/sealed/turn.hpp>

#include <string>

namespace vultus::server {

Result<Turn::Taken> Turn::take(std::chrono::milliseconds at_most, const std::stop_token& stop) {
  std::unique_lock lock(lock_);
  if (taken_) {
    if (waiting_ >= kMostWaiting)
      return fail(ErrorCode::resource_limit,
                  "one such request is at work and " + std::to_string(waiting_) + " wait for it, which is the limit");
    ++waiting_;
    const bool got = ended_.wait_for(lock, stop, at_most, [this] { return !taken_; });
    --waiting_;
    if (!got && stop.stop_requested()) return fail(ErrorCode::cancelled, "the server stops");
    if (!got)
      return fail(ErrorCode::resource_limit,
                  "another such request was at work for " + std::to_string(at_most.count()) + " ms");
  }
  taken_ = true;
  return Taken(*this);
}

void Turn::end() {
  {
    const std::scoped_lock lock(lock_);
    taken_ = false;
  }
  ended_.notify_one();
}

}  // namespace vultus::server
