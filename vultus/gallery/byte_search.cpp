#include <vultus/gallery/byte_search.hpp>

#include <algorithm>
#include <cstring>

namespace vultus::gallery {
namespace {

std::uint32_t start_of(const std::byte* at) {
  std::uint32_t start = 0;
  std::memcpy(&start, at, sizeof start);
  return start;
}

std::size_t two_bytes(const std::byte* at) {
  return std::to_integer<std::size_t>(at[0]) | std::to_integer<std::size_t>(at[1]) << 8U;
}

}  // namespace

void ByteSearch::add(std::string what, std::span<const std::byte> pattern) {
  if (pattern.size() < kMinPattern) return;
  pattern = pattern.first(std::min(pattern.size(), kMaxPattern));
  by_start_[start_of(pattern.data())].push_back(patterns_.size());
  may_start_[two_bytes(pattern.data())] = true;
  patterns_.emplace_back(pattern.begin(), pattern.end());
  results_.push_back({.what = std::move(what), .bytes = static_cast<std::int64_t>(pattern.size())});
}

/// Counts the patterns that begin in `bytes` and end behind its first `known` bytes, which were looked at before.
void ByteSearch::look(std::span<const std::byte> bytes, std::size_t known) {
  for (std::size_t i = 0; i + kMinPattern <= bytes.size(); ++i) {
    if (!may_start_[two_bytes(bytes.data() + i)]) continue;
    const auto at = by_start_.find(start_of(bytes.data() + i));
    if (at == by_start_.end()) continue;
    for (const std::size_t which : at->second) {
      const std::vector<std::byte>& pattern = patterns_[which];
      if (i + pattern.size() > bytes.size() || i + pattern.size() <= known) continue;
      if (std::equal(pattern.begin(), pattern.end(), bytes.begin() + static_cast<std::ptrdiff_t>(i)))
        ++results_[which].found;
    }
  }
}

void ByteSearch::take(std::span<const std::byte> bytes) {
  if (patterns_.empty()) return;
  const std::size_t known = rest_.size();
  rest_.insert(rest_.end(), bytes.begin(), bytes.end());
  look(rest_, known);
  const std::size_t keep = std::min(rest_.size(), kMaxPattern - 1);
  rest_.erase(rest_.begin(), rest_.end() - static_cast<std::ptrdiff_t>(keep));
}

void ByteSearch::begin_again() {
  next_file();
  for (ForgetSearch& one : results_) one.found = 0;
}

}  // namespace vultus::gallery
