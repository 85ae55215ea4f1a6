#include <apps/server/faces/looker_pool.hpp>

#include <string>
#include <utility>

namespace vultus::server {

Result<std::unique_ptr<LookerPool>> LookerPool::make(const engine::Engine& engine, const FaceLimits& limits) {
  constexpr int kMostLookers = 256;
  if (limits.lookers < 0 || limits.lookers > kMostLookers)
    return fail(ErrorCode::invalid_argument,
                "lookers " + std::to_string(limits.lookers) + ": allowed are 0 to " + std::to_string(kMostLookers));
  const int count = limits.lookers > 0 ? limits.lookers : engine.threads();
  std::unique_ptr<LookerPool> pool(new LookerPool(limits));
  for (int i = 0; i < count; ++i) {
    VULTUS_TRY(engine::Looker looker, engine.make_looker());
    pool->free_.push_back(std::make_unique<engine::Looker>(std::move(looker)));
  }
  pool->size_ = pool->free_.size();
  return pool;
}

Result<LookerPool::Loan> LookerPool::borrow(const std::stop_token& stop) {
  std::unique_lock lock(lock_);
  if (free_.empty()) {
    if (waiting_ >= limits_.max_waiting)
      return fail(ErrorCode::resource_limit, "all " + std::to_string(size_) + " workers are busy and " +
                                                 std::to_string(waiting_) +
                                                 " requests wait for them, which is the limit");
    ++waiting_;
    const bool got = returned_.wait_for(lock, stop, limits_.max_wait, [this] { return !free_.empty(); });
    --waiting_;
    if (!got && stop.stop_requested()) return fail(ErrorCode::cancelled, "the server stops");
    if (!got)
      return fail(ErrorCode::resource_limit,
                  "all workers were busy for " + std::to_string(limits_.max_wait.count()) + " ms");
  }
  std::unique_ptr<engine::Looker> looker = std::move(free_.back());
  free_.pop_back();
  return Loan(*this, std::move(looker));
}

void LookerPool::give_back(std::unique_ptr<engine::Looker> looker) {
  {
    const std::scoped_lock lock(lock_);
    free_.push_back(std::move(looker));
  }
  returned_.notify_one();
}

std::size_t LookerPool::waiting() const {
  const std::scoped_lock lock(lock_);
  return waiting_;
}

std::size_t LookerPool::busy() const {
  const std::scoped_lock lock(lock_);
  return size_ - free_.size();
}

}  // namespace vultus::server
