// The best subjects of one probe so far. Internal to the room.
#pragma once

#include <cstddef>
#include <limits>
#include <set>
#include <unordered_map>
#include <vector>

#include <vultus/gallery/search_index.hpp>

namespace vultus::gallery {

/// Keeps the best template of each of the best subjects. A subject that was pushed out comes back if a better template
/// of it follows, so the result is that of comparing all templates first, in whatever order they come.
class BestSubjects {
 public:
  explicit BestSubjects(std::size_t limit) : limit_(limit) {}

  /// False if a template of this similarity cannot change the answer whoever it belongs to.
  [[nodiscard]] bool may_matter(float similarity) const { return similarity >= floor_; }
  /// The least similarity that may matter.
  [[nodiscard]] float floor() const { return floor_; }
  [[nodiscard]] std::size_t limit() const { return limit_; }
  [[nodiscard]] bool full() const { return hits_.size() == limit_; }

  void offer(const SearchHit& hit) {
    const auto known = of_subject_.find(hit.subject);
    if (known != of_subject_.end()) {
      if (!comes_before(hit, *known->second)) return;
      hits_.erase(known->second);
      known->second = hits_.insert(hit).first;
      raise_floor();
      return;
    }
    if (full()) {
      const auto last = std::prev(hits_.end());
      if (!comes_before(hit, *last)) return;
      of_subject_.erase(last->subject);
      hits_.erase(last);
    }
    of_subject_[hit.subject] = hits_.insert(hit).first;
    raise_floor();
  }

  [[nodiscard]] std::vector<SearchHit> answer() const { return {hits_.begin(), hits_.end()}; }

 private:
  void raise_floor() {
    if (full()) floor_ = hits_.rbegin()->similarity.value();
  }
  struct ComesBefore {
    bool operator()(const SearchHit& a, const SearchHit& b) const { return comes_before(a, b); }
  };
  using Hits = std::set<SearchHit, ComesBefore>;
  std::size_t limit_;
  float floor_ = -std::numeric_limits<float>::infinity();
  Hits hits_;
  std::unordered_map<SubjectId, Hits::const_iterator> of_subject_;
};

}  // namespace vultus::gallery
