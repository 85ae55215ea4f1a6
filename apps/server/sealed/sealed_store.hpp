// Sealed galleries of a server: files that it can search and not read (docs/sealed.md). Each lies as NAME.vsg, mode
// 0600, in a folder of the data folder, and is replaced as a whole.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <vector>

#include <vultus/core/result.hpp>
#include <vultus/gallery/utc_time.hpp>
#include <vultus/sealed/format.hpp>
#include <vultus/sealed/search.hpp>

#include <apps/server/options.hpp>

namespace vultus::server {

/// What a server can tell of a sealed gallery: no names, no templates.
struct SealedFacts {
  std::string name;
  std::string etag;  ///< with its quotes; of the bytes
  sealed::KeyKind kind;
  std::string key;    ///< id of the public key
  std::string model;  ///< empty = not told
  std::string id;
  sealed::Layout layout;
  std::int64_t rows = 0;
  std::int64_t packs = 0;
  std::size_t bytes = 0;  ///< of its file
  UtcTime stored{};
};

/// A sealed gallery that is ready for searches. Thread-safe, as its searcher is.
struct OpenSealed {
  SealedFacts facts;
  sealed::Searcher searcher;
};
/// Keeps it in memory. Short-lived: of one request.
using SealedLease = std::shared_ptr<OpenSealed>;

/// Thread-safe.
class SealedStore {
 public:
  /// Looks at the head of every file; what a writer that was killed has left is removed.
  /// @param folder  private to its owner, and of this process alone
  /// @error resource_limit  the folder cannot be read
  static Result<std::unique_ptr<SealedStore>> open(std::filesystem::path folder, const SealedLimits& limits);

  [[nodiscard]] std::vector<std::string> names() const;  ///< sorted
  /// @error not_found  no such gallery; corrupt_data  its file is damaged
  [[nodiscard]] Result<SealedFacts> find(const std::string& name) const;
  /// The gallery, read and made ready where it is not yet.
  /// @error as find(); resource_limit  it cannot be read; cancelled
  /// @cost the first time one pass over all ciphertexts, 0.4 s for 26 MB
  Result<SealedLease> use(const std::string& name, const std::stop_token& stop);

  /// Looks through the bytes of a gallery, all of its ciphertexts too. Nothing is kept.
  /// @error corrupt_data, unsupported  not a gallery that can be kept here: the message says why; cancelled
  [[nodiscard]] Result<SealedLease> looked_through(const std::string& name, sealed::ByteView bytes,
                                                   const std::stop_token& stop) const;
  /// Keeps a gallery, in the place of the one of this name if there is one. It is on the disk when this returns.
  /// @param name      is_collection_name()
  /// @param sound     looked_through() of `bytes`
  /// @error resource_limit  it cannot be written: what was there is as it was
  Status put(const std::string& name, sealed::ByteView bytes, const SealedLease& sound);
  /// @error not_found; resource_limit  the file cannot be removed
  Status remove(const std::string& name);
  /// Held by those who look first and change then, so that what they saw is still so.
  [[nodiscard]] std::mutex& changing() { return changing_; }

  [[nodiscard]] std::size_t count() const;
  [[nodiscard]] std::size_t open_count() const;
  [[nodiscard]] const SealedLimits& limits() const { return limits_; }

 private:
  struct Slot {
    explicit Slot(Result<SealedFacts> told) : facts(std::move(told)) {}
    Result<SealedFacts> facts;  ///< or why there are none
    std::mutex opening;
    SealedLease open;
    std::uint64_t used = 0;
  };
  SealedStore(std::filesystem::path folder, const SealedLimits& limits) : folder_(std::move(folder)), limits_(limits) {}
  [[nodiscard]] std::filesystem::path path_of(const std::string& name) const;
  void keep_open(Slot& slot, const SealedLease& lease);

  std::filesystem::path folder_;
  SealedLimits limits_;
  std::mutex changing_;
  mutable std::mutex lock_;  ///< of what follows, and of Slot::open and used; never held while something is read
  std::map<std::string, std::shared_ptr<Slot>> slots_;
  std::uint64_t uses_ = 0;
};

}  // namespace vultus::server
