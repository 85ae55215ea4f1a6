// Files of numbers as they lie in memory: base.f32, subjects.i32 ...
#pragma once

#include <cstddef>
#include <fstream>
#include <ios>
#include <string>
#include <vector>

namespace vultus::bench {

/// All numbers of a file; none where there is no such file.
template <class Number>
std::vector<Number> read_numbers(const std::string& path) {
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  if (!file) return {};
  std::vector<Number> all(static_cast<std::size_t>(file.tellg()) / sizeof(Number));
  file.seekg(0);
  file.read(reinterpret_cast<char*>(all.data()), static_cast<std::streamsize>(all.size() * sizeof(Number)));
  return all;
}

}  // namespace vultus::bench
