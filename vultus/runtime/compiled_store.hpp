// Compiled networks kept between runs: reading and optimising a model file again would be a third of the start-up.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace vultus::runtime {

/// A folder of compiled networks, each with a checksum. Losing it costs time only, so nothing here is an error.
/// Thread-safe; processes may share the folder.
class CompiledStore {
 public:
  /// @param folder  made when the first network is kept; empty = nothing is kept
  explicit CompiledStore(std::filesystem::path folder) : folder_(std::move(folder)) {}

  [[nodiscard]] bool in_use() const { return !folder_.empty(); }
  /// @param model  names the file, for people; a plain name
  /// @param key    everything that the compiled network depends on
  /// @return what was kept under this key; nothing where there is none or its checksum does not match
  [[nodiscard]] std::optional<std::vector<std::uint8_t>> read(std::string_view model, std::string_view key) const;
  /// Keeps one, whole or not at all. Of more than `kMostKept` networks the oldest are removed.
  void keep(std::string_view model, std::string_view key, std::span<const std::uint8_t> bytes) const;

  static constexpr std::size_t kMostKept = 64;  ///< a few presets, each with some picture sizes

 private:
  [[nodiscard]] std::filesystem::path place(std::string_view model, std::string_view key) const;
  void remove_oldest() const;

  std::filesystem::path folder_;
};

}  // namespace vultus::runtime
