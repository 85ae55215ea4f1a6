// What the parts of doctor share. Internal to the room.
#pragma once

#include <filesystem>
#include <string>
#include <utility>

#include <vultus/engine/doctor.hpp>

namespace vultus::engine {

inline Finding problem(std::string area, std::string subject, const Error& error, std::string fix) {
  return {.area = std::move(area),
          .subject = std::move(subject),
          .health = Health::problem,
          .text = error.message,
          .fix = std::move(fix),
          .code = error.code,
          .facts = {}};
}

/// A path as one word of a shell.
inline std::string shell_word(const std::filesystem::path& path) {
  std::string text = "'";
  for (const char c : path.string()) text += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return text + "'";
}

}  // namespace vultus::engine
