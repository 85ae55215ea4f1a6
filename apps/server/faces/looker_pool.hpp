// The workers of the server: as many pictures are looked at side by side as there are lookers; the others wait for a
// while, and not too many of them.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <stop_token>
#include <vector>

#include <vultus/engine/engine.hpp>

#include <apps/server/options.hpp>

namespace vultus::server {

/// Thread-safe.
class LookerPool {
 public:
  /// A looker for one thread at a time; goes back when the loan ends.
  class Loan {
   public:
    Loan(LookerPool& pool, std::unique_ptr<engine::Looker> looker) : pool_(&pool), looker_(std::move(looker)) {}
    Loan(Loan&&) noexcept = default;
    Loan& operator=(Loan&&) = delete;
    ~Loan() {
      if (looker_ != nullptr) pool_->give_back(std::move(looker_));
    }
    [[nodiscard]] engine::Looker& operator*() { return *looker_; }

   private:
    LookerPool* pool_;
    std::unique_ptr<engine::Looker> looker_;
  };

  /// @error as Engine::make_looker; invalid_argument  limits outside their range
  /// @cost compiles the networks of every looker
  static Result<std::unique_ptr<LookerPool>> make(const engine::Engine& engine, const FaceLimits& limits);

  /// Waits for a looker.
  /// @error resource_limit  too many wait already, or it took too long; cancelled  stop was requested
  Result<Loan> borrow(const std::stop_token& stop);

  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] std::size_t waiting() const;
  [[nodiscard]] std::size_t busy() const;

 private:
  explicit LookerPool(const FaceLimits& limits) : limits_(limits) {}
  void give_back(std::unique_ptr<engine::Looker> looker);

  FaceLimits limits_;
  std::size_t size_ = 0;
  mutable std::mutex lock_;
  std::condition_variable_any returned_;
  std::vector<std::unique_ptr<engine::Looker>> free_;
  std::size_t waiting_ = 0;
};

}  // namespace vultus::server
