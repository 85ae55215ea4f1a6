// The moments of a Timeline in memory, for the exports. Private to this room.
#pragma once

#include <array>
#include <charconv>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <vultus/core/timeline.hpp>
#include <vultus/timeline/scan.hpp>

namespace vultus::timeline {

/// Whatever the order of its rows: by source, time and track.
[[nodiscard]] std::map<std::pair<std::size_t, std::int64_t>, Moment> moments_of(const Timeline& timeline);

/// As TimelineScan::forms() of a file.
[[nodiscard]] std::vector<ChannelForm> forms_of(const Timeline& timeline);

/// The shortest text that reads back as the same number.
template <class Number>
[[nodiscard]] std::string exact(Number number) {
  std::array<char, 64> buffer{};
  const auto done = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number);
  return {buffer.data(), done.ptr};
}

}  // namespace vultus::timeline
