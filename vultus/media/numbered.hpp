// Names of pictures in a row: frame%04d.png. Internal to the room.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <vultus/core/result.hpp>

namespace vultus::media {

/// A pattern's one % field: %d, %4d or %04d.
struct Numbered {
  std::string before, after;
  int width = 0;
  bool zeros = false;

  /// @param pattern  with a % in it
  /// @error not_found  what follows the % is no number
  static Result<Numbered> of(const std::string& pattern);

  [[nodiscard]] std::string name(std::int64_t number) const;
  /// The numbers whose files are there, rising.
  [[nodiscard]] std::vector<std::int64_t> there() const;

 private:
  /// Where its numbers are listed, and what stands before them there: a number may be that of a folder.
  [[nodiscard]] std::pair<std::string, std::string> folder_and_start() const;
  /// @param entry  of the folder of numbers
  [[nodiscard]] std::optional<std::int64_t> number_of(std::string_view entry, std::string_view start) const;
};

}  // namespace vultus::media
