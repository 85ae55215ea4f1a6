// What a command reads is not overwritten by what it writes.
#pragma once

#include <cstdint>
#include <filesystem>
#include <set>
#include <span>
#include <string>
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

  [[nodiscard]] bool contains(const std::filesystem::path& path) const;
  /// @error invalid_argument  the output is an original: writing would replace it
  [[nodiscard]] Status spare(const std::filesystem::path& output) const;

 private:
  void add(const std::string& name);
  std::set<std::pair<std::uint64_t, std::uint64_t>> files_;
};

}  // namespace vultus::cli
