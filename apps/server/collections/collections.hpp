// The galleries of a server, by name: opened when they are needed, closed when they have been idle and others are.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include <vultus/gallery/gallery.hpp>

#include <apps/server/collections/places.hpp>
#include <apps/server/options.hpp>

namespace vultus::server {

/// An open collection. Thread-safe, as its gallery is.
class Collection {
 public:
  Collection(std::string name, Gallery gallery) : name_(std::move(name)), gallery_(std::move(gallery)) {}
  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] Gallery& gallery() { return gallery_; }
  /// Held by those who look first and change then, so that what they saw is still so.
  [[nodiscard]] std::mutex& changing() { return changing_; }

 private:
  std::string name_;
  Gallery gallery_;
  std::mutex changing_;
};

/// Keeps a collection open. Short-lived: of one request or job.
using CollectionLease = std::shared_ptr<Collection>;

struct NewCollection {
  std::string name;
  std::optional<bool> encrypted;  ///< empty = CollectionOptions::encrypt_new
  AuditLevel audit = AuditLevel::all;
};

/// Thread-safe.
class Collections {
 public:
  /// @param model  of new collections
  /// @param state  must outlive the object
  Collections(const std::filesystem::path& folder, State& state, CollectionOptions options, GalleryModel model,
              WallClock now);

  /// The collection of a name, with what other processes have changed up to CollectionOptions::refresh_every ago.
  /// @error not_found  no such collection; else why it does not open
  Result<CollectionLease> use(const std::string& name);
  /// @error invalid_argument  a name that is none, or taken; encrypted and the server has no key
  Result<CollectionLease> create(const NewCollection& wanted);
  /// use(), or create() where it is not there.
  Result<CollectionLease> use_or_create(const NewCollection& wanted);
  /// Removes a collection with everything in it, when those who use it are done.
  /// @error not_found  no such collection; unsupported  it lies on a server; resource_limit  in use for seconds
  Status remove(const std::string& name);
  /// Sorted.
  [[nodiscard]] Result<std::vector<std::string>> names() const { return places_.names(); }
  [[nodiscard]] std::size_t open_count() const;
  /// Closes what nobody uses.
  void close_idle();

 private:
  using SteadyTime = std::chrono::steady_clock::time_point;
  struct Slot {
    std::mutex lock;  ///< held while it is opened, brought up to date, or removed
    CollectionLease open;
    SteadyTime used{};
    SteadyTime fresh{};
  };
  std::shared_ptr<Slot> slot(const std::string& name);
  [[nodiscard]] GalleryOptions gallery_options(const Place& place, GalleryAccess access) const;
  void close_least_used(std::size_t keep);

  CollectionOptions options_;
  AskNode ask_node_;  ///< one for all collections: they share its connections
  GalleryModel model_;
  WallClock now_;
  Places places_;
  mutable std::mutex lock_;  ///< of slots_ alone; never waits for a slot
  std::map<std::string, std::shared_ptr<Slot>> slots_;
};

}  // namespace vultus::server
