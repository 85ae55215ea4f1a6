// A map whose copies are cheap, for what changes while others read. Internal to the room.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <utility>
#include <vector>

namespace vultus::gallery {

/// Values of keys, in sorted runs that are never changed: a copy shares them. New entries make a new run, and runs of
/// about equal size become one, so that there are about log(entries) of them. A key may have many values.
template <class Value>
class SortedRuns {
 public:
  struct Entry {
    std::int64_t key;
    Value value;
  };

  /// @cost about log(entries) moves of each entry in the long run
  /// @throws std::bad_alloc  before anything is changed
  void add(std::vector<Entry> entries) {
    if (entries.empty()) return;
    std::ranges::stable_sort(entries, {}, &Entry::key);
    auto runs = runs_;
    while (!runs.empty() && runs.back()->size() < kGrowth * entries.size()) {
      std::vector<Entry> merged;
      merged.reserve(runs.back()->size() + entries.size());
      std::ranges::merge(*runs.back(), entries, std::back_inserter(merged), {}, &Entry::key, &Entry::key);
      entries = std::move(merged);
      runs.pop_back();
    }
    runs.push_back(std::make_shared<const std::vector<Entry>>(std::move(entries)));
    runs_.swap(runs);
  }

  /// Calls take(value) for every value of a key, the latest first, until it answers true.
  /// @return true if it did
  template <class Take>
  bool any(std::int64_t key, const Take& take) const {
    for (auto run = runs_.rbegin(); run != runs_.rend(); ++run) {
      auto at = std::ranges::upper_bound(**run, key, {}, &Entry::key);
      while (at != (*run)->begin() && std::prev(at)->key == key)
        if (take((--at)->value)) return true;
    }
    return false;
  }

  /// Calls take(entry) for every entry, in the order of keys within each run.
  template <class Take>
  void each(const Take& take) const {
    for (const auto& run : runs_)
      for (const Entry& entry : *run) take(entry);
  }

 private:
  static constexpr std::size_t kGrowth = 2;
  std::vector<std::shared_ptr<const std::vector<Entry>>> runs_;  // older and larger first
};

}  // namespace vultus::gallery
