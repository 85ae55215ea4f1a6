// The last thing of somebody else, of things that come subject by subject. Not installed.
#pragma once

#include <optional>
#include <string>
#include <utility>

namespace vultus::learn {

/// What the swapped face of a planted seam is taken from: of the same person it would be no attack. Thread-compatible.
template <class T>
class LastOfOthers {
 public:
  /// @return the last thing that was kept of another subject; null = none yet
  [[nodiscard]] const T* than(const std::string& subject) const {
    const std::optional<T>& found = last_ && subject_ == subject ? before_ : last_;
    return found ? &*found : nullptr;
  }
  void keep(T thing, const std::string& subject) {
    if (last_ && subject_ != subject) before_ = std::move(last_);
    last_ = std::move(thing), subject_ = subject;
  }

 private:
  std::optional<T> last_, before_;  // `before_` is of another subject than `last_`
  std::string subject_;             // of `last_`
};

}  // namespace vultus::learn
