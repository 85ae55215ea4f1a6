// Lines of files from outside, which may have no line end for gigabytes. Private to this room.
#pragma once

#include <cstddef>
#include <istream>
#include <string>

namespace vultus::gallery {

/// Reads one line without its LF.
/// @param limit  of a longer line the first limit + 1 bytes are given, and the rest is passed over
/// @return false at the end of the file
inline bool next_line(std::istream& in, std::string& line, std::size_t limit) {
  line.clear();
  std::streambuf& bytes = *in.rdbuf();
  int c = bytes.sbumpc();
  if (c == std::char_traits<char>::eof()) return false;
  for (; c != std::char_traits<char>::eof() && c != '\n'; c = bytes.sbumpc())
    if (line.size() <= limit) line += static_cast<char>(c);
  return true;
}

}  // namespace vultus::gallery
