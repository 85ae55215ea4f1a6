// Looking at pictures that callers send: an engine for all requests, and a bounded number of workers.
#pragma once

#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include <vultus/engine/engine.hpp>

#include <apps/server/faces/looker_pool.hpp>
#include <apps/server/options.hpp>

namespace vultus::server {

struct LookWanted {
  engine::Depth depth = engine::Depth::embed_all;
  bool quality = false;
  std::optional<liveness::Policy> liveness = {};  ///< whether each face is live, by this policy
  bool for_enrolment = false;  ///< with hash and a thumbnail from which another model can make a template
};

/// Thread-safe.
class FaceService {
 public:
  /// @error as LookerPool::make
  static Result<std::unique_ptr<FaceService>> make(std::shared_ptr<const engine::Engine> engine,
                                                   const FaceLimits& limits);

  /// Looks at the bytes of a picture, within the limits.
  /// @param name  for messages
  /// @return what was seen; a picture that cannot be read says so in SeenPicture::error
  /// @error resource_limit  too busy; cancelled  stop was requested
  Result<engine::SeenPicture> look(std::string_view bytes, const std::string& name, const LookWanted& wanted,
                                   const std::stop_token& stop = {});

  /// A worker for work that looks at no picture and takes as long: encrypted searches. It is free when the loan ends.
  /// @error as look()
  Result<LookerPool::Loan> borrow_worker(const std::stop_token& stop) { return pool_->borrow(stop); }

  [[nodiscard]] const engine::Engine& engine() const { return *engine_; }
  [[nodiscard]] const FaceLimits& limits() const { return limits_; }
  [[nodiscard]] const LookerPool& pool() const { return *pool_; }

 private:
  FaceService(std::shared_ptr<const engine::Engine> engine, const FaceLimits& limits, std::unique_ptr<LookerPool> pool)
      : engine_(std::move(engine)), limits_(limits), pool_(std::move(pool)) {}
  std::shared_ptr<const engine::Engine> engine_;
  FaceLimits limits_;
  std::unique_ptr<LookerPool> pool_;
};

}  // namespace vultus::server
