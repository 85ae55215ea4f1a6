// What a command reads is not overwritten by what it writes.
#pragma once

#include <cstdint>
#include <filesystem>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <vultus/core/result.hpp>
#include <vultus/media/inputs.hpp>

namespace vultus::cli {

/// The files that a command reads, known by device and number: "./a.jpg", a link and "a.jpg" are one.
/// Thread-compatible.
class Originals {
 public:
  Originals() = default;
  /// Names of nothing that lies in a file ("-", a camera, an address) are left out.
  explicit Originals(std::span<const std::string> names);
  explicit Originals(std::span<const media::Input> inputs);

  /// One more; a name of nothing that lies in a file is left out, as is an empty one.
  void add(const std::string& name);
  /// What a name of moving pictures stands for: a file, or all pictures and videos of the folder that is meant.
  void add_video(const std::string& name);
  /// Every picture and video in a folder and in the folders in it.
  void add_pictures(const std::filesystem::path& folder);

  [[nodiscard]] bool contains(const std::filesystem::path& path) const;
  /// @param output  empty = nothing is written
  /// @param option  that names the output
  /// @error invalid_argument  the output is an original: writing would replace it
  [[nodiscard]] Status spare(const std::filesystem::path& output, std::string_view option = "-o") const;

 private:
  void add_if_named(const std::string& path);
  std::set<std::pair<std::uint64_t, std::uint64_t>> files_;
};

/// Can a file be written there that is made at the end of long work? Asked before it.
/// @param file    empty = nothing is written
/// @param option  that names it
/// @error not_found  its folder is not there  @error invalid_argument  it is a folder
[[nodiscard]] Status has_place(const std::filesystem::path& file, std::string_view option);

}  // namespace vultus::cli
