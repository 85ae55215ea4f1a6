#pragma once

#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace vultus::bench {

/// A number of the command line of a benchmark; the program ends with 2 and says which word is none from `smallest` on.
inline int whole_number(const char* name, std::string_view text, int smallest = 1) {
  int value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure == std::errc() && end == text.data() + text.size() && value >= smallest) return value;
  std::fprintf(stderr, "%s must be a whole number from %d on, not \"%.*s\"\n", name, smallest,
               static_cast<int>(text.size()), text.data());
  std::exit(2);
}

}  // namespace vultus::bench
