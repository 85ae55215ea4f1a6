// Faces of which the owner has said that they do not show a person: a probe that resembles one of them more than
// anything enrolled of that person is not taken for him. Private to this room.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <unordered_map>
#include <vector>

#include <vultus/core/embedding.hpp>
#include <vultus/core/result.hpp>
#include <vultus/gallery/search_index.hpp>

namespace vultus::gallery {

/// Thread-safe: a search takes what is there at its beginning.
class Negatives {
 public:
  using BySubject = std::unordered_map<SubjectId, std::vector<Embedding>>;
  using Hits = std::vector<std::vector<SearchHit>>;
  using Search = std::function<Result<Hits>(std::span<const Embedding>, const SearchOptions&)>;

  void set(BySubject samples);
  [[nodiscard]] bool empty() const { return get()->empty(); }

  /// Searches with `search`, leaves out the subjects that a negative sample speaks against, and searches further so
  /// that as many answers are there as without them (up to SearchOptions::kMaxTopK candidates are looked at).
  /// @error as search
  [[nodiscard]] Result<Hits> search(std::span<const Embedding> probes, const SearchOptions& options,
                                    const Search& search) const;

 private:
  [[nodiscard]] std::shared_ptr<const BySubject> get() const;
  mutable std::mutex lock_;
  std::shared_ptr<const BySubject> samples_ = std::make_shared<const BySubject>();
};

}  // namespace vultus::gallery
