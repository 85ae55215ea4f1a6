// The secret that search nodes and their routers share.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include <vultus/core/result.hpp>

namespace vultus::server {

/// Immutable; any thread.
class NodeToken {
 public:
  static constexpr std::size_t kLeastLength = 32;
  static constexpr std::size_t kMostLength = 512;

  /// The first line of a file that only its owner may read: kLeastLength to kMostLength letters, digits and signs.
  /// @error not_found         no such file
  /// @error invalid_argument  no file name, a file that others may read, or another text; it is never shown
  static Result<NodeToken> read(const std::filesystem::path& file);

  /// What the header Authorization says.
  [[nodiscard]] std::string authorization() const { return "Bearer " + text_; }
  /// Takes as long whatever is given.
  [[nodiscard]] bool is_authorized(std::string_view authorization) const;

 private:
  explicit NodeToken(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

}  // namespace vultus::server
